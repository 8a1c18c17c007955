"""People per home where a table of sites leaves it open: the authority's own, from the census that is loaded.

There is no constant to fall back on. The mistake this prevents: a national figure, or a guess, that nobody
chose and nobody sees in every figure of a future year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

_HOUSEHOLDS = re.compile(r"(?:^|: )total: all households$|^total_households$|^number of households", re.I)
_HOUSEHOLD_TABLES = ("ts041", "ts003", "ts054", "ts011", "ts040", "ts045", "ts052")
_IN_HOUSEHOLDS = re.compile(r"lives in a household", re.I)
_OF_SIZE = re.compile(r": (\d)(?: or more)? (?:person|people) in household$", re.I)


@dataclass(frozen=True)
class HouseholdSize:
    """An average, and how it was found.

    Parameters
    ----------
    people : float
        Per household.
    source : str
        Where it is from, with what it leaves out, as part of a sentence.
    """

    people: float
    source: str


def average_household_size(
    cells: pd.DataFrame, authority_code: str, residents: float
) -> HouseholdSize | None:
    """The authority's average household size, by the best of what is loaded; None where nothing says.

    In this order: people who live in households (TS001) over households; households by size (TS017), those
    of 8 or more counted as 8; all residents over households.

    Parameters
    ----------
    cells : DataFrame
        Stored cells: table, geography, area_code, period, cell, value.
    residents : float
        Of the authority, communal homes included; NaN where it is not known.
    """
    households, of_households = _households(cells, authority_code)
    in_households = _total(cells[cells["table"] == "ts001"], _IN_HOUSEHOLDS, authority_code)
    if in_households and households:
        return HouseholdSize(
            in_households / households,
            f"people in households ({in_households:,.0f}, TS001) over households ({households:,.0f}, "
            f"{of_households})",
        )
    by_size = _by_size(cells[cells["table"] == "ts017"], authority_code)
    if by_size is not None:
        return HouseholdSize(by_size, "households by size (TS017, 8 or more counted as 8)")
    if households and residents > 0:
        return HouseholdSize(
            residents / households,
            f"all residents ({residents:,.0f}) over households ({households:,.0f}, {of_households}): people "
            "in halls and care homes count too, so it is a little high; import TS001 or TS017 for the true "
            "one",
        )
    return None


def _households(cells: pd.DataFrame, authority_code: str) -> tuple[float, str]:
    """Households by the first census table that counts them, and its name."""
    for table in _HOUSEHOLD_TABLES:
        found = _total(cells[cells["table"] == table], _HOUSEHOLDS, authority_code)
        if found:
            return found, f"Census {table.upper()}"
    return 0.0, ""


def _total(cells: pd.DataFrame, cell: re.Pattern[str], authority_code: str) -> float:
    """One cell for the authority: as published for it, else the sum over the kind of area with most; 0 for
    none."""
    chosen = cells[[bool(cell.search(str(name))) for name in cells["cell"]]]
    if chosen.empty:
        return 0.0
    chosen = chosen[chosen["period"] == chosen["period"].max()]
    own = chosen[chosen["area_code"] == authority_code]["value"].dropna()
    if len(own):
        return float(own.iloc[0])
    areas = chosen[chosen["geography"] != "lad"]
    if areas.empty:
        return 0.0
    largest = areas["geography"].value_counts().idxmax()
    values = areas.loc[areas["geography"] == largest, "value"]
    return 0.0 if values.isna().any() else float(values.sum())


def _by_size(cells: pd.DataFrame, authority_code: str) -> float | None:
    people = households = 0.0
    for name in cells["cell"].unique():
        match = _OF_SIZE.search(str(name))
        if match is None or match.group(1) == "0":
            continue
        n_households = _total(cells, re.compile(re.escape(str(name)) + "$"), authority_code)
        people, households = people + int(match.group(1)) * n_households, households + n_households
    return people / households if households else None
