"""How many things each single move would repair or break, counted exactly and for all moves at once.

The mistake this prevents: a move that evens out populations and leaves a footprint in two pieces.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.adjacency import pieces
from neighbourhoods.measure.articulation import n_parts_without, neighbour_pairs
from neighbourhoods.measure.move import Floats, Moves, Numbers, sums_after
from neighbourhoods.outlook.later_year import later_years, today
from neighbourhoods.scorecard.trial import Trial


def moves_over_borders(trial: Trial) -> Moves:
    """Every area beside another footprint, moved there, where what it leaves holds together and is not empty.

    An area in no footprint may join any footprint beside it. An area may leave a footprint that is in pieces
    already when there are no more pieces afterwards.
    """
    first, second = neighbour_pairs(trial.topology)
    area, beside = np.concatenate([first, second]), np.concatenate([second, first])
    before, after = trial.index[area].astype(np.int64), trial.index[beside].astype(np.int64)
    n_areas = np.bincount(trial.index[trial.index >= 0], minlength=trial.k)
    parts = n_parts_without(trial.topology, trial.index)
    is_free = (before < 0) | ((n_areas[before] > 1) & (parts[area] <= 1))
    chosen = is_free & (after >= 0) & (after != before)
    key = np.unique(area[chosen] * max(trial.k, 1) + after[chosen])
    rows, to = np.divmod(key, max(trial.k, 1))
    return Moves(rows, trial.index[rows].astype(np.int64), to)


def fault_counts(trial: Trial, moves: Moves, n_enclosed: Numbers) -> pd.DataFrame:
    """Things that would be broken after each move, by kind.

    Parameters
    ----------
    n_enclosed : int (n_moves,)
        Footprints inside another after each move.

    Returns
    -------
    DataFrame
        unassigned (areas), not_contiguous (pieces beyond the first), enclosed (footprints), population
        (footprints outside the band), later (the same in later years), wards and partners (areas split).
        One row more than moves: the last is the option as it stands.
    """
    return pd.DataFrame(
        {
            "unassigned": _with_now(trial.n_unassigned - (moves.before < 0), trial.n_unassigned),
            "not_contiguous": _pieces(trial, moves),
            "enclosed": _with_now(n_enclosed, int(trial.scores["n_enclosed"])),
            "population": _outside(trial, moves, 0),
            "later": sum(
                (_outside(trial, moves, place) for place in range(1, 1 + len(trial.later))),
                np.zeros(len(moves) + 1, dtype=np.int64),
            ),
            "wards": sum(
                (_split(trial, moves, g) for g in _wards(trial)), np.zeros(len(moves) + 1, dtype=np.int64)
            ),
            "partners": sum(
                (_split(trial, moves, partner.row) for partner in trial.partners),
                np.zeros(len(moves) + 1, dtype=np.int64),
            ),
        }
    )


def people_outside(trial: Trial, moves: Moves) -> Floats:
    """People by which footprints are under or over the band today, added up; the last as it stands."""
    year = today(trial)
    sums = np.vstack([sums_after(trial.town.people, year.people, moves), year.people])
    return np.asarray(np.abs(year.outside(sums)).sum(axis=1))


def _with_now(after: Numbers, now: int) -> Numbers:
    return np.append(after, np.int64(now)).astype(np.int64)


def _pieces(trial: Trial, moves: Moves) -> Numbers:
    """Pieces beyond the first of each footprint, added up."""
    _, piece = pieces(trial.topology, trial.index)
    now = len(np.unique(piece[trial.index >= 0])) - trial.k
    left = np.where(moves.before >= 0, n_parts_without(trial.topology, trial.index)[moves.area] - 1, 0)
    first, second = neighbour_pairs(trial.topology)
    area, beside = np.concatenate([first, second]), np.concatenate([second, first])
    met = pd.DataFrame({"area": area, "after": trial.index[beside], "piece": piece[beside]}).drop_duplicates()
    n_met = met.groupby(["area", "after"]).size()
    wanted = pd.MultiIndex.from_arrays([moves.area, moves.after])
    joined = n_met.reindex(wanted, fill_value=1).to_numpy(dtype=np.int64) - 1
    return _with_now(np.asarray(now + left - joined, dtype=np.int64), now)


def _outside(trial: Trial, moves: Moves, place: int) -> Numbers:
    """Footprints outside the band, today (place 0) or in the later year at that place."""
    year = (today(trial), *later_years(trial))[place]
    people = trial.town.people if place == 0 else trial.later[place - 1][1]
    sums = np.vstack([sums_after(people, year.people, moves), year.people])
    return np.asarray((year.outside(sums) != 0).sum(axis=1), dtype=np.int64)  # not known counts as outside


def _wards(trial: Trial) -> Iterator[Numbers]:
    if trial.wards is not None:
        yield pd.factorize(trial.wards.reindex(trial.topology.area_codes))[0].astype(np.int64)


def _split(trial: Trial, moves: Moves, group: NDArray[np.int64]) -> Numbers:
    """Groups of areas (-1 for none) that lie in two footprints or more."""
    n_groups = int(group.max(initial=-1)) + 1
    known = (group >= 0) & (trial.index >= 0)
    held = np.zeros((n_groups + 1, trial.k), dtype=np.int64)  # the last row for areas of no group
    np.add.at(held, (group[known], trial.index[known]), 1)
    is_split = (held > 0).sum(axis=1) > 1
    of_move, every = group[moves.area], np.arange(len(moves))
    after = held[of_move]
    left = moves.before >= 0
    after[every[left], moves.before[left]] -= 1
    after[every, moves.after] += 1
    will_be = (of_move >= 0) & ((after > 0).sum(axis=1) > 1)
    now = int(is_split.sum())
    return _with_now(now - is_split[of_move] + will_be, now)
