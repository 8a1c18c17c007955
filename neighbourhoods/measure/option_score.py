"""Many options scored at once on arrays: the same measures as `evaluate`, one value for each option.

`footprint` gives the footprint of each area (columns, in the topology's order) in each option (rows).
"""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
from numba.core import config
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geodata.compiled_code import compiled_code_folder
from geodata.topology import Topology
from neighbourhoods.measure.town import Town as Town

config.CACHE_DIR = config.CACHE_DIR or compiled_code_folder()  # type: ignore[attr-defined]

Floats = NDArray[np.float64]
Footprints = NDArray[np.int8] | NDArray[np.int16]
CELLS_AT_ONCE = 20_000_000  # footprints or areas, times options
MOST_MATCHED_BY_SETS = 12  # footprints; above it options are matched one by one


def score_options(footprint: Footprints, town: Town) -> pd.DataFrame:
    """Measures of options by their published names.

    Returns
    -------
    DataFrame
        One row per option: n_footprints, max_deviation, population_range, shared_border_m, cut_edges,
        polsby_popper_mean, n_enclosed (footprints inside another), and, NaN where not asked for,
        people_who_move, need_index_spread, need_index_distinctiveness, people_outside_partner,
        travel_minutes_mean, max_deviation_future.
    """
    k = int(footprint.max(initial=0)) + 1
    at_once = max(CELLS_AT_ONCE // max(k, footprint.shape[1], 1), 1)
    parts = [
        _score(_by_area(footprint[i : i + at_once]), town) for i in range(0, max(len(footprint), 1), at_once)
    ]
    return pd.concat(parts, ignore_index=True)


def population_by_footprint(footprint: Footprints, people: Floats) -> Floats:
    """People in each footprint of each option (n_options, most footprints); NaN beyond an option's last."""
    k = int(footprint.max(initial=0)) + 1
    sums = sum_by_footprint(_by_area(footprint), people, k).T
    return np.where(np.arange(k) < footprint.max(axis=1)[:, None] + 1, sums, np.nan)


def _by_area(footprint: Footprints) -> Footprints:
    """Areas down, options across, side by side in memory."""
    turned: Footprints = np.ascontiguousarray(footprint.T)  # type: ignore[assignment]
    return turned


@numba.njit(cache=True, nogil=True)
def sum_by_footprint(by_area: Footprints, values: Floats, k: int) -> Floats:
    """Sums of `values` (n_areas,) over each footprint of each option (k, n_options)."""
    n_areas, n_options = by_area.shape
    sums = np.zeros((k, n_options))
    for area in range(n_areas):
        for option in range(n_options):
            sums[by_area[area, option], option] += values[area]
    return sums


@numba.njit(cache=True, nogil=True)
def borders(
    by_area: Footprints,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    length_m: Floats,
    outline_m: Floats,
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_]]:
    """Cut edges and shared border of each option; whether each footprint meets exactly one other.

    To ``outline_m`` (k, n_options) the borders with other footprints are added.
    """
    k, n_options = outline_m.shape
    n_cut, border = np.zeros(n_options, dtype=np.int64), np.zeros(n_options)
    beside = np.full((k, n_options), -1, dtype=np.int64)  # -2 for more than one
    for pair in range(len(first)):
        for option in range(n_options):
            f, g = np.int64(by_area[first[pair], option]), np.int64(by_area[second[pair], option])
            if f != g:
                n_cut[option] += 1
                border[option] += length_m[pair]
                outline_m[f, option] += length_m[pair]
                outline_m[g, option] += length_m[pair]
                beside[f, option] = g if beside[f, option] == -1 or beside[f, option] == g else -2
                beside[g, option] = f if beside[g, option] == -1 or beside[g, option] == f else -2
    return n_cut, border, beside >= 0


def _score(by_area: Footprints, town: Town) -> pd.DataFrame:
    k = int(by_area.max(initial=0)) + 1
    n_footprints = by_area.max(axis=0, initial=0).astype(np.int64) + 1
    exists = np.arange(k)[:, None] < n_footprints
    people = sum_by_footprint(by_area, town.people, k)
    away = np.where(exists, np.abs(people - town.target), 0.0)
    largest = np.where(exists, people, -np.inf).max(axis=0)
    smallest = np.where(exists, people, np.inf).min(axis=0)

    outline = sum_by_footprint(by_area, outside_m(town.topology), k)
    touches_edge = outline > 0
    n_cut, border, alone = borders(by_area, *town.topology.pairs, outline)
    area_m2 = sum_by_footprint(by_area, town.topology.area_m2, k)
    with np.errstate(divide="ignore", invalid="ignore"):
        compact = np.where(exists & (outline > 0), 4 * np.pi * area_m2 / np.square(outline), 0.0)
    spread, distinct = _need(by_area, exists, people, town)
    return pd.DataFrame(
        {
            "n_footprints": n_footprints,
            "max_deviation": away.max(axis=0) / town.target,
            "population_range": largest - smallest,
            "shared_border_m": border,
            "cut_edges": n_cut,
            "polsby_popper_mean": compact.sum(axis=0) / n_footprints,
            "n_enclosed": (alone & ~touches_edge & exists).sum(axis=0),
            "people_who_move": _people_who_move(by_area, k, town),
            "need_index_spread": spread,
            "need_index_distinctiveness": distinct,
            "people_outside_partner": _outside_partner(by_area, k, town),
            "travel_minutes_mean": _travel(by_area, people, town),
            "max_deviation_future": _future(by_area, exists, town),
        }
    )


def _outside_partner(by_area: Footprints, k: int, town: Town) -> Floats:
    """Everybody but, in each footprint, those of the partner's area that most of its people live in."""
    if town.partner is None:
        return np.full(by_area.shape[1], np.nan)
    inside = np.zeros((k, by_area.shape[1]))
    for g in range(len(town.partner.labels)):
        residents = np.where(town.partner.row == g, town.people, 0.0)
        inside = np.maximum(inside, sum_by_footprint(by_area, residents, k))
    return np.asarray(town.people.sum() - inside.sum(axis=0))


def _travel(by_area: Footprints, people: Floats, town: Town) -> Floats:
    if town.travel_minutes is None:
        return np.full(by_area.shape[1], np.nan)
    among = travel_among(by_area, town.people, town.travel_minutes, len(people))
    minutes = np.divide(among, people, out=np.zeros_like(among), where=people > 0)
    return np.asarray(minutes.sum(axis=0) / people.sum(axis=0))


@numba.njit(cache=True, nogil=True)
def travel_among(by_area: Footprints, people: Floats, minutes: Floats, k: int) -> Floats:
    """People x people x minutes over all pairs of residents of each footprint (k, n_options)."""
    n_areas, n_options = by_area.shape
    among = np.zeros((k, n_options))
    for option in range(n_options):
        footprint = by_area[:, option].astype(np.int64)
        order = np.argsort(footprint)
        start = 0
        while start < n_areas:
            f, end = footprint[order[start]], start
            while end < n_areas and footprint[order[end]] == f:
                end += 1
            for i in order[start:end]:
                for j in order[start:end]:
                    among[f, option] += people[i] * people[j] * minutes[i, j]
            start = end
    return among


def _future(by_area: Footprints, exists: NDArray[np.bool_], town: Town) -> Floats:
    if town.future_people is None:
        return np.full(by_area.shape[1], np.nan)
    later = sum_by_footprint(by_area, town.future_people, len(exists))
    away = np.where(exists, np.abs(later - town.future_target), 0.0)
    return np.asarray(away.max(axis=0) / town.future_target)


def outside_m(topology: Topology) -> Floats:
    """Length of each area's border with the outside."""
    outer = (topology.arc_left < 0) | (topology.arc_right < 0)
    owner = np.maximum(topology.arc_left, topology.arc_right)[outer]
    return np.bincount(owner, topology.arc_length_m[outer], minlength=topology.n_areas).astype(np.float64)


def _need(
    by_area: Footprints, exists: NDArray[np.bool_], people: Floats, town: Town
) -> tuple[Floats, Floats]:
    need = town.need
    if need is None:
        nothing = np.full(people.shape[1], np.nan)
        return nothing, nothing
    sums = [
        np.stack([sum_by_footprint(by_area, column, len(exists)) for column in table.T], axis=-1)
        for table in (need.numerator, need.denominator)
    ]
    scores = need.score(*sums)
    weight = np.where(exists, people, 0.0)
    variance = _variance(np.where(exists, scores, 0.0), weight)
    between_areas = _variance(need.area_scores[:, None], town.people[:, None])
    return np.sqrt(variance), np.clip(variance / between_areas, 0.0, 1.0)


def _variance(values: Floats, weight: Floats) -> Floats:
    """Variance down the columns, weighted."""
    share = weight / weight.sum(axis=0)
    middle = (share * values).sum(axis=0)
    return np.asarray((share * np.square(values - middle)).sum(axis=0))


def _people_who_move(by_area: Footprints, k: int, town: Town) -> Floats:
    """Everybody but those whose footprint is matched with the one they are in now."""
    if town.as_now is None:
        return np.full(by_area.shape[1], np.nan)
    n_now = int(town.as_now.max()) + 1
    overlap = np.stack(
        [sum_by_footprint(by_area, np.where(town.as_now == g, town.people, 0.0), k).T for g in range(n_now)],
        axis=2,
    )
    if k < n_now:
        overlap = overlap.transpose(0, 2, 1)
    if min(k, n_now) <= MOST_MATCHED_BY_SETS:
        return np.asarray(town.people.sum() - best_matching(np.ascontiguousarray(overlap)))
    stay = [float(one[linear_sum_assignment(one, maximize=True)].sum()) for one in overlap]
    return np.asarray(town.people.sum() - np.array(stay))


@numba.njit(cache=True)
def best_matching(overlap: Floats) -> Floats:
    """Most people that can stay when footprints are matched one to one, for each option.

    A table over sets of the second side's footprints (Held and Karp, Journal of SIAM 10, 1962), which are
    the fewer: `overlap` is (n_options, rows, columns) with rows >= columns.
    """
    n_options, n_rows, n_columns = overlap.shape
    best = np.zeros(n_options)
    n_sets = 1 << n_columns
    kept = np.zeros(n_sets)
    for option in range(n_options):
        kept[:] = 0.0
        for row in range(n_rows):
            for taken in range(n_sets - 1, 0, -1):
                most = kept[taken]
                for column in range(n_columns):
                    if (taken >> column) & 1:
                        most = max(most, kept[taken ^ (1 << column)] + overlap[option, row, column])
                kept[taken] = most
        best[option] = kept[n_sets - 1]
    return best
