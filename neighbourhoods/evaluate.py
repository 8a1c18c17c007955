"""One option weighed: measures by footprint, measures of the whole, and what is broken in it.

Everything is worked out from arrays over areas and shared arcs, so that it can run while a person draws.
A population that is not known is never taken for nought: its footprint's figures are NaN and it says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.adjacency import n_pieces_by_footprint, pieces
from geodata.hole import holes
from geodata.outline import bounding_radius_m, enclosed_by, half_arcs, perimeter_m, shared_border_m
from geodata.topology import Topology
from neighbourhoods import measure
from neighbourhoods.fault import find_violations
from neighbourhoods.need import NeedTable, distinctiveness, need_spread
from neighbourhoods.option import FootprintOption
from neighbourhoods.violation import Violation

Floats = NDArray[np.float64]


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
    assigned = np.flatnonzero(index >= 0)
    inside = index[assigned]

    people = np.bincount(inside, population[assigned], minlength=k).astype(np.float64)
    area_m2 = np.bincount(inside, topology.area_m2[assigned], minlength=k).astype(np.float64)
    outline_m = perimeter_m(topology, index, k, half)
    n_pieces, piece = pieces(topology, index)
    n_in = n_pieces_by_footprint(piece, n_pieces, index, k)
    compactness = measure.polsby_popper(area_m2, outline_m)
    fill = measure.reock(area_m2, bounding_radius_m(topology, index, k, half))
    footprints = pd.DataFrame(
        {
            "footprint_id": np.array(ids, dtype=object),
            "footprint_name": np.array([option.footprint_name(one) for one in ids], dtype=object),
            "population": people,
            "deviation_from_target": measure.deviation_from_target(people, target),
            "contiguous": n_in == 1,
            "holes": holes(topology, index, k, half),
            "polsby_popper": compactness,
            "reock": fill,
            "area_km2": area_m2 / 1e6,
            "perimeter_m": outline_m,
            "n_areas": np.bincount(inside, minlength=k),
        }
    )
    need_frame = _need(need, index, assigned, k)
    whole = {
        "cut_edges": measure.cut_edges(topology, index),
        "shared_border_m": shared_border_m(topology, index),
        "max_deviation": float(np.abs(measure.deviation_from_target(people, target)).max()) if k else np.nan,
        "population_range": float(people.max() - people.min()) if k else np.nan,
        "n_footprints": k,
        "n_areas": topology.n_areas,
        "n_unassigned": topology.n_areas - len(assigned),
        "polsby_popper_mean": _mean(compactness),
        "reock_mean": _mean(fill),
        "split_wards": _split_wards(ward_by_area, topology, index),
        "distinctiveness": _mean(need_frame["distinctiveness"].to_numpy()),
        "need_spread": _mean(need_frame["need_spread"].to_numpy()),
    }
    violations = find_violations(
        option,
        topology,
        ids=ids,
        index=index,
        n_pieces=n_in,
        piece=piece,
        population=population,
        people=people,
        enclosed=enclosed_by(topology, index, k, half),
        target=target,
        tolerance=tolerance,
    )
    return Evaluation(footprints, pd.Series(whole, dtype=object), violations, need_frame)


def footprint_index(
    option: FootprintOption, topology: Topology, ids: tuple[str, ...] | None = None
) -> NDArray[np.int32]:
    """Number of each area's footprint in `option.footprint_ids`; -1 where unassigned."""
    number: dict[str | None, int] = {one: i for i, one in enumerate(ids or option.footprint_ids)}
    number[None] = -1
    places = map(number.__getitem__, map(option.assignment.get, topology.code_list))
    return np.fromiter(places, dtype=np.int32, count=topology.n_areas)


def membership(index: NDArray[np.int32], n_footprints: int) -> csr_array:
    """Footprints x areas, 1 where an area is in a footprint."""
    areas = np.flatnonzero(index >= 0)
    areas = areas[np.argsort(index[areas], kind="stable")]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(index[areas], minlength=n_footprints))])
    return csr_array((np.ones(len(areas)), areas, offsets), shape=(n_footprints, len(index)))


def _need(
    need: NeedTable | None, index: NDArray[np.int32], assigned: NDArray[np.int64], k: int
) -> pd.DataFrame:
    if need is None or k == 0:
        return pd.DataFrame({"distinctiveness": [], "need_spread": []}, dtype=float)
    sums = np.asarray(membership(index, k) @ need.sums)
    squares = need.total_squares
    if len(assigned) < len(index):
        squares = need.squares[assigned].sum(axis=0)
    return pd.DataFrame(
        {"distinctiveness": distinctiveness(sums, squares), "need_spread": need_spread(sums)},
        index=pd.Index(need.indicator_ids, name="indicator_id"),
    )


def _split_wards(ward_by_area: pd.Series | None, topology: Topology, index: NDArray[np.int32]) -> float:
    if ward_by_area is None:
        return np.nan
    ward_index, _ = pd.factorize(ward_by_area.reindex(topology.area_codes))
    return measure.split_wards(index, ward_index.astype(np.int32))


def _in_order(areas: pd.DataFrame, column: str, topology: Topology) -> pd.Series:
    if areas.index is topology.area_codes or areas.index.equals(topology.area_codes):
        return areas[column]
    return areas[column].reindex(topology.area_codes)


def _mean(values: Floats) -> float:
    """Mean of what is known; NaN for nothing."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
