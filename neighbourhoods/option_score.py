"""Many options scored at once on arrays: the same measures as `evaluate`, one value for each option.

`footprint` gives the footprint of each area (columns, in the topology's order) in each option (rows).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.topology import Topology
from neighbourhoods.need_index import NeedIndex
from neighbourhoods.partner import PartnerSet

Floats = NDArray[np.float64]
Footprints = NDArray[np.int8]
AT_ONCE = 50_000


@dataclass(frozen=True, eq=False)
class Town:
    """What options are scored against.

    Parameters
    ----------
    topology : Topology
    people : float (n_areas,)
        In the topology's order.
    target : float
    as_now : int (n_areas,), optional
        Footprint from 0 of each area in the option that people would move from; all assigned.
    need : NeedIndex, optional
    partner : PartnerSet, optional
        The partner's areas that options are to be in line with.
    travel_minutes : float (n_areas, n_areas), optional
    future_people : float (n_areas,), optional
        Residents in a future year.
    """

    topology: Topology
    people: Floats
    target: float
    as_now: NDArray[np.int64] | None = None
    need: NeedIndex | None = None
    partner: PartnerSet | None = None
    travel_minutes: Floats | None = None
    future_people: Floats | None = None

    @property
    def future_target(self) -> float:
        """The target grown as the whole will have by the future year."""
        if self.future_people is None:
            return float("nan")
        return self.target * float(self.future_people.sum() / self.people.sum())


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
    parts = [
        _score(np.ascontiguousarray(footprint[i : i + AT_ONCE].T), town)
        for i in range(0, max(len(footprint), 1), AT_ONCE)
    ]
    return pd.concat(parts, ignore_index=True)


def population_by_footprint(footprint: Footprints, people: Floats) -> Floats:
    """People in each footprint of each option (n_options, most footprints); NaN beyond an option's last."""
    k = int(footprint.max(initial=0)) + 1
    sums = np.stack([(footprint == f) @ people for f in range(k)], axis=1)
    return np.where(np.arange(k) < footprint.max(axis=1)[:, None] + 1, sums, np.nan)


def _score(by_area: Footprints, town: Town) -> pd.DataFrame:
    n_options = by_area.shape[1]
    k = int(by_area.max(initial=0)) + 1
    n_footprints = by_area.max(axis=0).astype(np.int64) + 1
    exists = np.arange(k)[:, None] < n_footprints
    held = [by_area == f for f in range(k)]
    people = np.stack([town.people @ one for one in held])
    away = np.where(exists, np.abs(people - town.target), 0.0)
    largest = np.where(exists, people, -np.inf).max(axis=0)
    smallest = np.where(exists, people, np.inf).min(axis=0)

    first, second, length = town.topology.pairs
    n_cut, border = np.zeros(n_options, dtype=np.int64), np.zeros(n_options)
    outline = np.stack([_outside_m(town.topology) @ one for one in held])
    touches_edge = outline > 0
    beside = np.zeros((k, n_options), dtype=np.int64)
    for a, b, metres in zip(first.tolist(), second.tolist(), length.tolist(), strict=True):
        is_cut = by_area[a] != by_area[b]
        n_cut += is_cut
        border += metres * is_cut
        for f, one in enumerate(held):
            bounds = one[a] != one[b]
            outline[f] += metres * bounds
            across = np.where(one[a], by_area[b], by_area[a]).astype(np.int64)
            beside[f] |= np.where(bounds, np.int64(1) << across, 0)
    alone = (beside != 0) & ((beside & (beside - 1)) == 0)
    area_m2 = np.stack([town.topology.area_m2 @ one for one in held])
    with np.errstate(divide="ignore", invalid="ignore"):
        compact = np.where(exists & (outline > 0), 4 * np.pi * area_m2 / np.square(outline), 0.0)
    spread, distinct = _need(held, exists, people, town)
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
            "people_outside_partner": _outside_partner(held, town),
            "travel_minutes_mean": _travel(held, exists, people, town),
            "max_deviation_future": _future(held, exists, town),
        }
    )


def _outside_partner(held: list[NDArray[np.bool_]], town: Town) -> Floats:
    """Everybody but, in each footprint, those of the partner's area that most of its people live in."""
    if town.partner is None:
        return np.full(held[0].shape[1], np.nan)
    inside = np.zeros(held[0].shape[1])
    of_partner = [np.where(town.partner.row == g, town.people, 0.0) for g in range(len(town.partner.labels))]
    for one in held:
        inside += np.max([residents @ one for residents in of_partner], axis=0, initial=0.0)
    return np.asarray(town.people.sum() - inside)


def _travel(held: list[NDArray[np.bool_]], exists: NDArray[np.bool_], people: Floats, town: Town) -> Floats:
    if town.travel_minutes is None:
        return np.full(people.shape[1], np.nan)
    minutes = np.zeros(people.shape[1])
    for f, one in enumerate(held):
        residents = one * town.people[:, None]
        among = (residents * (town.travel_minutes @ residents)).sum(axis=0)
        minutes += np.divide(among, people[f], out=np.zeros_like(among), where=people[f] > 0)
    return np.asarray(minutes / np.where(exists, people, 0.0).sum(axis=0))


def _future(held: list[NDArray[np.bool_]], exists: NDArray[np.bool_], town: Town) -> Floats:
    if town.future_people is None:
        return np.full(held[0].shape[1], np.nan)
    later = np.stack([town.future_people @ one for one in held])
    away = np.where(exists, np.abs(later - town.future_target), 0.0)
    return np.asarray(away.max(axis=0) / town.future_target)


def _outside_m(topology: Topology) -> Floats:
    """Length of each area's border with the outside."""
    outer = (topology.arc_left < 0) | (topology.arc_right < 0)
    owner = np.maximum(topology.arc_left, topology.arc_right)[outer]
    return np.bincount(owner, topology.arc_length_m[outer], minlength=topology.n_areas).astype(np.float64)


def _need(
    held: list[NDArray[np.bool_]], exists: NDArray[np.bool_], people: Floats, town: Town
) -> tuple[Floats, Floats]:
    need = town.need
    if need is None:
        nothing = np.full(people.shape[1], np.nan)
        return nothing, nothing
    scores = np.stack([need.score(one.T @ need.numerator, one.T @ need.denominator) for one in held])
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
    overlap = np.zeros((by_area.shape[1], k, n_now))
    for f in range(k):
        for g in range(n_now):
            here = town.as_now == g
            overlap[:, f, g] = np.where(here, town.people, 0.0) @ (by_area == f)
    if k < n_now:
        overlap = overlap.transpose(0, 2, 1)
    return np.asarray(town.people.sum() - best_matching(np.ascontiguousarray(overlap)))


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
