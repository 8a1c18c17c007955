"""What the measures of one option become when one area changes footprint, for thousands of moves at once.

Each measure is a sum over footprints or pairs of areas, so that a move changes two rows of it and no option
is scored anew. The mistake this prevents: another formula here than where whole options are scored; a test
holds the two together on every measure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from neighbourhoods.measure.move import Beside, Moves, Rows, beside_of, sums_after, sums_of
from neighbourhoods.measure.option_score import Town

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
AT_ONCE = 4_000_000  # numbers held at once for footprints that lie beside each other


def score_moves(town: Town, index: Rows, k: int, moves: Moves) -> pd.DataFrame:
    """Measures of an option after each of some moves; columns as `score_options`.

    Parameters
    ----------
    index : int (n_areas,)
        Footprint of each area from 0 to `k` - 1; -1 where unassigned.
    """
    size = max(1, AT_ONCE // ((k + 1) * (k + 1)))
    beside = beside_of(town.topology, index, k)
    stretches = range(0, max(len(moves), 1), size)
    parts = [_score(town, index, k, moves[i : i + size], beside) for i in stretches]
    return pd.concat(parts, ignore_index=True)


def _score(town: Town, index: Rows, k: int, moves: Moves, beside: Beside) -> pd.DataFrame:
    people = sums_after(town.people, sums_of(town.people, index, k), moves)
    border, n_cut = (_between(table, index, k, moves) for table in (beside.metres, beside.count))
    spread, distinct = _need(town, index, k, moves, people)
    return pd.DataFrame(
        {
            "n_footprints": np.full(len(moves), k),
            "max_deviation": np.abs(people - town.target).max(axis=1) / town.target,
            "population_range": people.max(axis=1) - people.min(axis=1),
            "shared_border_m": border,
            "cut_edges": n_cut.round().astype(np.int64),
            "polsby_popper_mean": _compactness(town, index, k, moves, beside.metres).mean(axis=1),
            "n_enclosed": _n_enclosed(index, k, moves, beside.count),
            "people_who_move": _people_who_move(town, index, k, moves),
            "need_index_spread": spread,
            "need_index_distinctiveness": distinct,
            "people_outside_partner": _outside_partner(town, index, k, moves),
            "travel_minutes_mean": _travel(town, index, k, moves, people),
            "max_deviation_future": _future(town, index, k, moves),
        }
    )


def _between(table: Floats, index: Rows, k: int, moves: Moves) -> Floats:
    """What lies between two footprints, metres or pairs of areas, after each move."""
    inside = table[:, :k]
    assigned = np.flatnonzero(index >= 0)
    own = inside[assigned, index[assigned]]
    now = (inside[assigned].sum() - own.sum()) / 2
    here = inside[moves.area]
    every, total = np.arange(len(moves)), here.sum(axis=1)
    lost = np.where(moves.before >= 0, total - here[every, moves.before], 0.0)
    return np.asarray(now - lost + total - here[every, moves.after])


def _compactness(town: Town, index: Rows, k: int, moves: Moves, metres: Floats) -> Floats:
    """Polsby-Popper of each footprint after each move (n_moves, k)."""
    assigned = np.flatnonzero(index >= 0)
    round_area = metres.sum(axis=1)
    exposed = round_area[assigned] - metres[assigned, index[assigned]]
    outline = np.tile(np.bincount(index[assigned], exposed, minlength=k), (len(moves), 1))
    here, every = metres[moves.area], np.arange(len(moves))
    held = moves.before >= 0
    gained = 2 * here[every, moves.before] - round_area[moves.area]
    outline[every[held], moves.before[held]] += gained[held]
    outline[every, moves.after] += round_area[moves.area] - 2 * here[every, moves.after]
    area_m2 = sums_after(town.topology.area_m2, sums_of(town.topology.area_m2, index, k), moves)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(outline > 0, 4 * np.pi * area_m2 / np.square(outline), 0.0)


def _n_enclosed(index: Rows, k: int, moves: Moves, count: Floats) -> Numbers:
    """Footprints that one other surrounds wholly, after each move."""
    now = np.zeros((k + 1, k + 1))
    np.add.at(now, np.where(index < 0, k, index), count)
    beside = np.tile(now, (len(moves), 1, 1))
    every, here = np.arange(len(moves)), count[moves.area]
    before = np.where(moves.before < 0, k, moves.before)
    for place, sign in ((before, -1.0), (moves.after, 1.0)):
        beside[every, place, :] += sign * here
        beside[every, :, place] += sign * here
    beside[:, np.arange(k + 1), np.arange(k + 1)] = 0.0
    is_beside = beside[:, :k] > 0
    return np.asarray((~is_beside[:, :, k] & (is_beside.sum(axis=2) == 1)).sum(axis=1))


def _people_who_move(town: Town, index: Rows, k: int, moves: Moves) -> Floats:
    if town.as_now is None:
        return np.full(len(moves), np.nan)
    n_now = int(town.as_now.max()) + 1
    held = index >= 0
    overlap = np.zeros((k, n_now))
    np.add.at(overlap, (index[held], town.as_now[held]), town.people[held])
    moved = np.empty(len(moves))
    for i, (area, before, after) in enumerate(
        zip(moves.area.tolist(), moves.before.tolist(), moves.after.tolist(), strict=True)
    ):
        now, people = int(town.as_now[area]), town.people[area]
        changed = overlap.copy()
        changed[after, now] += people
        if before >= 0:
            changed[before, now] -= people
        moved[i] = town.people.sum() - changed[linear_sum_assignment(changed, maximize=True)].sum()
    return moved


def _need(town: Town, index: Rows, k: int, moves: Moves, people: Floats) -> tuple[Floats, Floats]:
    need = town.need
    if need is None:
        nothing = np.full(len(moves), np.nan)
        return nothing, nothing
    sums = [
        np.stack([sums_after(column, sums_of(column, index, k), moves) for column in table.T], axis=2)
        for table in (need.numerator, need.denominator)
    ]
    variance = _variance(need.score(*sums), people)
    between_areas = _variance(need.area_scores[None, :], town.people[None, :])
    return np.sqrt(variance), np.clip(variance / between_areas, 0.0, 1.0)


def _variance(values: Floats, weight: Floats) -> Floats:
    """Weighted variance along the rows."""
    share = weight / weight.sum(axis=1, keepdims=True)
    middle = (share * values).sum(axis=1, keepdims=True)
    return np.asarray((share * np.square(values - middle)).sum(axis=1))


def _outside_partner(town: Town, index: Rows, k: int, moves: Moves) -> Floats:
    if town.partner is None:
        return np.full(len(moves), np.nan)
    n_labels = max(len(town.partner.labels), 1)
    known = (index >= 0) & (town.partner.row >= 0)
    held = np.zeros((k, n_labels))
    np.add.at(held, (index[known], town.partner.row[known]), town.people[known])
    most = held.max(axis=1)
    every, row = np.arange(len(moves)), town.partner.row[moves.area]
    people = np.where(row >= 0, town.people[moves.area], 0.0)
    inside = np.full(len(moves), most.sum())
    for place, sign in ((moves.before, -1.0), (moves.after, 1.0)):
        real = (place >= 0) & (moves.before != moves.after)
        changed = held[place]
        changed[every, row] += sign * people
        inside += np.where(real, changed.max(axis=1) - most[place], 0.0)
    return np.asarray(town.people.sum() - inside)


def _travel(town: Town, index: Rows, k: int, moves: Moves, people: Floats) -> Floats:
    minutes = town.travel_minutes
    if minutes is None:
        return np.full(len(moves), np.nan)
    assigned = np.flatnonzero(index >= 0)
    residents = np.zeros((len(index), k))
    residents[assigned, index[assigned]] = town.people[assigned]
    from_here = minutes @ residents
    among = np.tile((residents * from_here).sum(axis=0), (len(moves), 1))
    every, own = np.arange(len(moves)), town.people[moves.area]
    alone = np.square(own) * np.diag(minutes)[moves.area]
    held, still = moves.before >= 0, moves.before == moves.after
    there = 2 * own * from_here[moves.area, moves.before] - alone
    among[every[held], moves.before[held]] -= there[held]
    come = 2 * own * from_here[moves.area, moves.after] + alone
    among[every, moves.after] += np.where(still, there, come)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(people > 0, among / people, 0.0)
    return np.asarray(mean.sum(axis=1) / people.sum(axis=1))


def _future(town: Town, index: Rows, k: int, moves: Moves) -> Floats:
    if town.future_people is None:
        return np.full(len(moves), np.nan)
    later = sums_after(town.future_people, sums_of(town.future_people, index, k), moves)
    return np.asarray(np.abs(later - town.future_target).max(axis=1) / town.future_target)
