"""What a scenario costs a year: hubs by the register or a stated assumption, the bus by its business case.

A cost that nobody knows stays unknown. The mistake this prevents: a scenario that looks cheap because the
running of its hubs was never filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from geodata.errors import InputError
from geodata.layouts.venue import CANDIDATE
from neighbourhoods.outreach.case import CaseAssumption
from neighbourhoods.study.study import Study

HUB_ASSUMPTIONS: dict[str, CaseAssumption] = {
    record.id: record
    for record in (
        CaseAssumption(
            "running_gbp_year",
            "A hub a year, where the register does not say",
            "pounds",
            60_000.0,
            10_000_000.0,
            "Rooms, energy, reception. A round number to begin with; empty if it is not known.",
        ),
        CaseAssumption(
            "opening_gbp",
            "Opening a place that is not open yet, where the register does not say",
            "pounds",
            50_000.0,
            100_000_000.0,
            "Fitting out, once. Places that are open already open for nothing.",
        ),
        CaseAssumption(
            "opening_years",
            "Years over which opening is spread",
            "years",
            10.0,
            60.0,
            "Opening costs are divided by so many years, without interest.",
        ),
    )
}


@dataclass(frozen=True)
class HubCosts:
    """The assumptions as numbers; a field for each record of `HUB_ASSUMPTIONS`. NaN is not known."""

    running_gbp_year: float = HUB_ASSUMPTIONS["running_gbp_year"].first
    opening_gbp: float = HUB_ASSUMPTIONS["opening_gbp"].first
    opening_years: float = HUB_ASSUMPTIONS["opening_years"].first

    def __post_init__(self) -> None:
        for one in fields(self):
            value, record = getattr(self, one.name), HUB_ASSUMPTIONS[one.name]
            least = 1.0 if one.name == "opening_years" else 0.0
            if value < least or value > record.most:
                raise InputError(
                    f"{record.label}: {value:g} {record.unit} cannot be; give {least:g} to "
                    f"{record.most:,.10g}, or leave it empty if it is not known."
                )


def hub_costs(study: Study, hub_ids: tuple[str, ...], assumed: HubCosts) -> pd.DataFrame:
    """Pounds a year by hub: the register's where it says, else the assumption.

    Returns
    -------
    DataFrame
        By place_id: name, running_gbp, opening_gbp (once / years), gbp_year (their sum; NaN where either is
        not known), is_assumed (whether any part is an assumption).
    """
    places = study.places().loc[list(hub_ids)]
    running, opening = places["running_cost_gbp"].astype(float), places["opening_cost_gbp"].astype(float)
    is_new = (places["status"] == CANDIDATE).to_numpy()
    once = opening.fillna(assumed.opening_gbp).where(is_new, 0.0)
    frame = pd.DataFrame(
        {
            "name": places["name"].astype(str),
            "running_gbp": running.fillna(assumed.running_gbp_year),
            "opening_gbp": np.where(is_new, once / assumed.opening_years, 0.0),
            "is_assumed": running.isna().to_numpy() | (opening.isna().to_numpy() & is_new),
        },
        index=places.index,
    )
    frame["gbp_year"] = frame["running_gbp"] + frame["opening_gbp"]
    return frame
