"""One option weighed: measures by footprint, measures of the whole, and what is broken in it.

Everything is worked out from arrays over areas and shared arcs, so that it can run while a person draws.
A population that is not known is never taken for nought: its footprint's figures are NaN and it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.adjacency import pieces_in_doubt
from geodata.hole import rings
from geodata.outline import bounding_radius_m, enclosed_by, half_arcs, perimeter_m, shared_border_m
from geodata.topology import Topology
from neighbourhoods.measure import measure
from neighbourhoods.measure.fault import find_violations
from neighbourhoods.measure.violation import Violation
from neighbourhoods.need.need import NeedTable, distinctiveness, need_spread
from neighbourhoods.option.option import FootprintOption

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Measures of an option.

    Parameters
    ----------
    footprints : DataFrame
        One row per footprint: footprint_id, footprint_name, population, deviation_from_target,
        contiguous, holes, polsby_popper, reock, area_km2, perimeter_m, n_areas. Population and deviation
        are NaN where an area's population is unknown.
    option : Series
        cut_edges, shared_border_m, population_range, n_footprints, n_areas, n_unassigned,
        polsby_popper_mean, reock_mean, and NaN where not asked for: split_wards, distinctiveness,
        need_spread (means over indicators).
    violations : tuple of Violation
    need : DataFrame
        Index indicator_id; distinctiveness, need_spread. Empty without indicators.
    """

    footprints: pd.DataFrame
    option: pd.Series
    violations: tuple[Violation, ...]
    need: pd.DataFrame

    def as_json(self) -> dict[str, object]:
        """Plain lists and numbers: footprints, option, violations; null for what is not known."""
        return {
            "footprints": [
                {str(k): _plain(v) for k, v in row.items()} for row in self.footprints.to_dict("records")
            ],
            "option": {str(k): _plain(v) for k, v in self.option.items()},
            "violations": [
                {
                    "kind": v.kind,
                    "footprint_id": v.footprint_id,
                    "area_codes": list(v.area_codes),
                    "message": v.message,
                }
                for v in self.violations
            ],
        }


def evaluate_option(
    option: FootprintOption,
    areas: pd.DataFrame,
    topology: Topology,
    *,
    target: float = 50_000,
    tolerance: float = 0.10,
    ward_by_area: pd.Series | None = None,
    need: NeedTable | None = None,
) -> Evaluation:
    """Measures of an option over the areas it is made of.

    Parameters
    ----------
    option : FootprintOption
        Complete or not; unassigned areas are counted and reported.
    areas : DataFrame
        Index area_code; area_name, population. No geometry is needed: `topology` has it.
    topology : Topology
        Of the same areas.
    target : float
        People wanted in each footprint.
    tolerance : float
        A footprint is outside the band when its deviation is more than this share either way; just at it
        is inside.
    ward_by_area : pd.Series, optional
        Ward of each area, to count split wards.
    need : NeedTable, optional
        Indicators for distinctiveness and spread of need, in the topology's order.
    """
    ids = option.footprint_ids
    k = len(ids)
    index = footprint_index(option, topology, ids)
    half = half_arcs(topology, index)
    population = _in_order(areas, "population", topology).to_numpy(dtype=float)
    rows, bounds = areas_by_footprint(index, k)
    inside = index[rows]

    people = np.bincount(inside, population[rows], minlength=k).astype(np.float64)
    area_m2 = np.bincount(inside, topology.area_m2[rows], minlength=k).astype(np.float64)
    deviation = measure.deviation_from_target(people, target)
    outline_m = perimeter_m(topology, index, k, half)
    outline = rings(topology, index, k, half)
    n_pieces, piece = pieces_in_doubt(topology, index, k, outline.is_simple)
    compactness = measure.polsby_popper(area_m2, outline_m)
    fill = measure.reock(area_m2, bounding_radius_m(topology, index, k, half))
    footprints = _frame(
        {
            "footprint_id": _texts(ids),
            "footprint_name": _texts(tuple([option.footprint_name(one) for one in ids])),
            "population": people,
            "deviation_from_target": deviation,
            "contiguous": n_pieces == 1,
            "holes": outline.n_holes,
            "polsby_popper": compactness,
            "reock": fill,
            "area_km2": area_m2 / 1e6,
            "perimeter_m": outline_m,
            "n_areas": np.diff(bounds),
        }
    )
    distinct, spread = _need(need, rows, bounds)
    whole = {
        "cut_edges": measure.cut_edges(topology, index),
        "shared_border_m": shared_border_m(topology, index, half),
        "max_deviation": float(np.abs(deviation).max()) if k else np.nan,
        "population_range": float(people.max() - people.min()) if k else np.nan,
        "n_footprints": k,
        "n_areas": topology.n_areas,
        "n_unassigned": topology.n_areas - len(rows),
        "polsby_popper_mean": _mean(compactness),
        "reock_mean": _mean(fill),
        "split_wards": _split_wards(ward_by_area, topology, index),
        "distinctiveness": _mean(distinct),
        "need_spread": _mean(spread),
    }
    violations = find_violations(
        option,
        topology,
        ids=ids,
        index=index,
        rows=rows,
        bounds=bounds,
        n_pieces=n_pieces,
        piece=piece,
        population=population,
        people=people,
        enclosed=enclosed_by(topology, index, k, half),
        target=target,
        tolerance=tolerance,
    )
    figures = np.array(list(whole.values()), dtype=object)
    by_indicator = pd.DataFrame(  # one block: a column each would cost as much as the measures themselves
        np.column_stack([distinct, spread]),
        index=need.index if need is not None and k else None,
        columns=_names(("distinctiveness", "need_spread")),
    )
    return Evaluation(footprints, pd.Series(figures, _names(tuple(whole))), violations, by_indicator)


def footprint_index(
    option: FootprintOption, topology: Topology, ids: tuple[str, ...] | None = None
) -> NDArray[np.int32]:
    """Number of each area's footprint in `option.footprint_ids`; -1 where unassigned."""
    number: dict[str | None, int] = {one: i for i, one in enumerate(ids or option.footprint_ids)}
    number[None] = -1
    footprint_of = cast(MappingProxyType[str, str], option.assignment).copy()  # quicker to look many up in
    in_order = tuple(footprint_of) == topology.code_list
    footprints = footprint_of.values() if in_order else map(footprint_of.get, topology.code_list)
    places = map(number.__getitem__, footprints)
    return np.fromiter(places, dtype=np.int32, count=topology.n_areas)


def areas_by_footprint(index: NDArray[np.int32], n_footprints: int) -> tuple[Numbers, Numbers]:
    """Rows of assigned areas, footprint by footprint, and where each footprint begins (n_footprints + 1)."""
    order = np.argsort(index.astype(np.int16) if n_footprints < 32_768 else index, kind="stable")
    bounds = np.searchsorted(index[order], np.arange(n_footprints + 1))
    return order[bounds[0] :], bounds - bounds[0]


def membership(index: NDArray[np.int32], n_footprints: int) -> csr_array:
    """Footprints x areas, 1 where an area is in a footprint."""
    return _membership(*areas_by_footprint(index, n_footprints), len(index))


def _membership(rows: Numbers, bounds: Numbers, n_areas: int) -> csr_array:
    return csr_array((np.ones(len(rows)), rows, bounds), shape=(len(bounds) - 1, n_areas))


def _need(need: NeedTable | None, rows: Numbers, bounds: Numbers) -> tuple[Floats, Floats]:
    """Distinctiveness and spread of need by indicator; empty where there is nothing to measure."""
    if need is None or len(bounds) == 1:
        return np.empty(0), np.empty(0)
    n_areas = len(need.sums)
    sums = np.asarray(_membership(rows, bounds, n_areas) @ need.sums)
    squares = need.total_squares if len(rows) == n_areas else need.squares[rows].sum(axis=0)
    return distinctiveness(sums, squares), need_spread(sums, need.has_zero)


def _split_wards(ward_by_area: pd.Series | None, topology: Topology, index: NDArray[np.int32]) -> float:
    if ward_by_area is None:
        return np.nan
    ward_index, _ = pd.factorize(ward_by_area.reindex(topology.area_codes))
    return measure.split_wards(index, ward_index.astype(np.int32))


def _in_order(areas: pd.DataFrame, column: str, topology: Topology) -> pd.Series:
    values = pd.DataFrame.__getitem__(areas, column)  # a frame with shapes looks for them at each turn
    if areas.index is topology.area_codes or areas.index.equals(topology.area_codes):
        return values
    return values.reindex(topology.area_codes)


def _frame(columns: Mapping[str, Any], index: pd.Index | None = None) -> pd.DataFrame:
    """A frame of arrays whose labels are made once: that is most of the cost of a small one."""
    frame = pd.DataFrame(dict(enumerate(columns.values())), index=index, copy=False)
    frame.columns = _names(tuple(columns))
    return frame


@lru_cache(maxsize=8)
def _names(names: tuple[str, ...]) -> pd.Index:
    return pd.Index(names)


@lru_cache(maxsize=64)
def _texts(texts: tuple[str, ...]) -> pd.api.extensions.ExtensionArray:
    """A column of names, which stay the same while a person draws."""
    return pd.array(list(texts), dtype="str")


def _mean(values: Floats) -> float:
    """Mean of what is known; NaN for nothing."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
