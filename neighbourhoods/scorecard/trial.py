"""One option on trial: the arrays behind its rules, measures and single moves, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError, MissingDataError
from geodata.topology import Topology
from neighbourhoods.generation.generate import town_of
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.measure.evaluate import Evaluation, footprint_index
from neighbourhoods.measure.move import Moves
from neighbourhoods.measure.move_score import score_moves
from neighbourhoods.measure.option_score import Town
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.partner.partner import PartnerSet
from neighbourhoods.scorecard.params import ScorecardParams
from neighbourhoods.study.study import Study

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Trial:
    """An option, what it is held to, and what it is measured against.

    Parameters
    ----------
    option : FootprintOption
    params : ScorecardParams
    generation : GenerationParams
        What it would be to generate its like within the band asked for.
    evaluation : Evaluation
    town : Town
    index : int32 (n_areas,)
        Footprint of each area, numbered as `option.footprint_ids`; -1 where unassigned.
    wards : pd.Series or None
        Ward of each area; None for an option of wards, or where nothing says.
    ward_names : Mapping of str to str
    partners : tuple of PartnerSet
        Those that fit the areas.
    unfit : tuple of (str, str, str)
        Id, name and why, of partners' sets from which no line follows for these areas.
    later : tuple of (int, float (n_areas,))
        Years from now and residents by then; empty where no development sites are loaded.
    later_note : str
        How residents of later years are worked out, or why there are none.
    base_year : int
        Year of today's residents; 0 where no later year is told.
    """

    option: FootprintOption
    params: ScorecardParams
    generation: GenerationParams
    evaluation: Evaluation
    town: Town
    index: Rows
    wards: pd.Series | None
    ward_names: Mapping[str, str]
    partners: tuple[PartnerSet, ...]
    unfit: tuple[tuple[str, str, str], ...]
    later: tuple[tuple[int, Floats], ...]
    later_note: str
    base_year: int = 0

    @property
    def topology(self) -> Topology:
        """Shared arcs of the areas."""
        return self.town.topology

    @property
    def ids(self) -> tuple[str, ...]:
        """Footprints in the order of their numbers."""
        return self.option.footprint_ids

    @property
    def k(self) -> int:
        """Number of footprints."""
        return len(self.ids)

    def name(self, number: int) -> str:
        """Name of a footprint."""
        return self.option.footprint_name(self.ids[number])

    def codes(self, rows: NDArray[np.int64]) -> tuple[str, ...]:
        """Codes of areas."""
        return tuple(self.topology.code_list[row] for row in rows.tolist())

    @cached_property
    def scores(self) -> pd.Series:
        """Measures of the option by the names of `option_score.score_options`."""
        row = int(np.argmax(self.index >= 0))
        stay = np.array([self.index[row]], dtype=np.int64)
        return score_moves(self.town, self.index, self.k, Moves(np.array([row]), stay, stay)).iloc[0]

    @property
    def n_unassigned(self) -> int:
        """Areas in no footprint."""
        return int((self.index < 0).sum())


def trial_of(study: Study, option: FootprintOption, params: ScorecardParams) -> Trial:
    """An option ready to be tested.

    Raises
    ------
    InputError
        When no area of it is in a footprint, or the wishes need something that was not given.
    """
    topology = study.topology(option.geography)
    index = footprint_index(option, topology)
    if not (index >= 0).any():
        raise InputError(f"{option.name or 'The option'} has no area in a footprint yet; place some first.")
    later, note = _later(study, option.geography, params)
    partners, unfit = _partners(study, option.geography, params)
    generation = params.generation(
        option,
        params.tolerance,
        allow_enclosed=False,
        future_years=later[-1][0] if later else 0,
        partner_id=partners[0].id if partners else "",
    )
    town = town_of(study, generation)
    return Trial(
        option,
        params,
        generation,
        study.evaluate(option, town.target, params.tolerance),
        town,
        index,
        study.wards(option.geography),
        study.areas("ward")["area_name"].to_dict() if "ward" in study.geographies else {},
        partners,
        unfit,
        later,
        note,
        study.base_year(option.geography) if later else 0,
    )


def _partners(
    study: Study, geography: str, params: ScorecardParams
) -> tuple[tuple[PartnerSet, ...], tuple[tuple[str, str, str], ...]]:
    """Partners' sets fitted to the areas, and those from which no line follows."""
    fitted, unfit = [], []
    for one in params.partner_ids:
        source = study.partner_source(one)
        try:
            fitted.append(study.partner_set(one, geography))
        except InputError as fault:
            unfit.append((source.id, source.name, str(fault)))
    if unfit and not fitted and any(one == "partners" for one, _ in params.wishes):
        raise InputError(unfit[0][2])
    return tuple(fitted), tuple(unfit)


def _later(
    study: Study, geography: str, params: ScorecardParams
) -> tuple[tuple[tuple[int, Floats], ...], str]:
    """Residents in each future year and how they are worked out, or why they are not known."""
    codes = study.topology(geography).area_codes
    found = []
    try:
        for years in sorted(params.horizons):
            residents = study.population_in(geography, years).reindex(codes)
            found.append((years, residents.to_numpy(dtype=float)))
        note = study.growth_words(geography) if found else "No future year is asked for."
    except MissingDataError as fault:
        if any(one == "future" for one, _ in params.wishes):
            raise
        return (), str(fault)
    return tuple(found), note
