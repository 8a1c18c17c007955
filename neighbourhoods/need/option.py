"""The need index of one option's footprints: the areas it is made of, the weights, and other weights.

The mistake this prevents: a need index on one page that is not the one another page generates by.
"""

from __future__ import annotations

from geodata.errors import InputError
from neighbourhoods.generation.generate import need_index_of
from neighbourhoods.measure.evaluate import footprint_index, membership
from neighbourhoods.need.index import Standardisation
from neighbourhoods.need.sensitivity import CONCENTRATION, N_DRAWS, NeedSensitivity, need_sensitivity
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.portrait.distinct import SUPERSEDED
from neighbourhoods.portrait.inside import kinds_inside
from neighbourhoods.study.study import Study


def option_need(
    study: Study,
    option: FootprintOption,
    chosen: tuple[tuple[str, float], ...],
    standardisation: Standardisation = "z",
    *,
    geography: str | None = None,
    n_draws: int = N_DRAWS,
    seed: int = 1,
    concentration: float = CONCENTRATION,
) -> NeedSensitivity:
    """Footprints of an option by a need index, under the chosen weights and under others.

    Parameters
    ----------
    chosen : tuple of (indicator_id, weight)
    geography : str, optional
        Kind of area between which z-scores or ranks are taken; the option's own by default.

    Raises
    ------
    InputError
        When an indicator cannot be part of the index, or the option cannot be made of these areas.
    """
    fitted = study.in_geography(option, geography or option.geography)
    need = need_index_of(study, fitted.geography, chosen, standardisation)
    ids = fitted.footprint_ids
    index = footprint_index(fitted, study.topology(fitted.geography), ids)
    names = [option.footprint_name(one) for one in ids]
    return need_sensitivity(
        need, membership(index, len(ids)), ids, names, n_draws=n_draws, seed=seed, concentration=concentration
    )


def comparable_geographies(study: Study, option: FootprintOption) -> tuple[str, ...]:
    """Kinds of area a need index of this option can be made of, its own first: those with figures."""
    published = set(map(str, study.observations()["geography"].unique())) - set(SUPERSEDED)
    found = [option.geography]
    for geography in kinds_inside(option.geography, study.geographies):
        if geography in found or geography not in published:
            continue
        try:
            study.in_geography(option, geography)
        except InputError:  # nothing joins these areas to the option's
            continue
        found.append(geography)
    return tuple(found)
