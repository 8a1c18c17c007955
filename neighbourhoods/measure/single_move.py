"""What changes if one area moves: every move over a border weighed, the ones that help most first.

Repairs of what is broken come first, then fewer people outside the band, then what the planner wishes for.
Each move stands alone: after one is made, all are weighed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.measure.move import Moves
from neighbourhoods.measure.move_fault import fault_counts, moves_over_borders, people_outside
from neighbourhoods.measure.move_score import score_moves
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.measure.words import SHOWN
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.scorecard.trial import Trial

Floats = NDArray[np.float64]
N_TOLD = 10
SMALLEST_GAIN = 1e-9
ALWAYS_TOLD = ("max_deviation", "shared_border_m")
FAULT_WORDS: dict[str, tuple[str, str]] = {  # when there are fewer, when there are more; {n} is how many
    "unassigned": ("places an area that was in none", ""),
    "not_contiguous": ("joins what was apart", "leaves a piece apart"),
    "enclosed": ("one fewer inside another", "one more inside another"),
    "population": ("{n} more within the band", "{n} fewer within the band"),
    "later": ("{n} more within the band later", "{n} fewer within the band later"),
    "wards": ("one ward fewer is split", "one ward more is split"),
    "partners": ("one partner's area fewer is split", "one partner's area more is split"),
}


@dataclass(frozen=True)
class SingleMove:
    """One area moved to a footprint beside it.

    Parameters
    ----------
    area_code, area_name : str
    from_id, from_name : str
        Empty where the area was in no footprint.
    to_id, to_name : str
    people : float
    mix_change : float
        Change of the planner's mix; below nought is better.
    before, after : Mapping of str to float
        Measures.
    repairs, breaks : tuple of str
        What is broken no more, and what else breaks, in a few words.
    """

    area_code: str
    area_name: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    people: float
    mix_change: float
    before: Mapping[str, float]
    after: Mapping[str, float]
    repairs: tuple[str, ...]
    breaks: tuple[str, ...]

    @property
    def title(self) -> str:
        """ "Move Osbaldwick from B to C"."""
        if not self.from_id:
            return f"Put {self.area_name} in {self.to_name}"
        return f"Move {self.area_name} from {self.from_name} to {self.to_name}"

    def words(self, measure_ids: tuple[str, ...]) -> str:
        """What comes of it: people, repairs, each measure that changes, and what breaks."""
        changes = [
            SHOWN[one].change(self.before[one], self.after[one]) for one in measure_ids if one in SHOWN
        ]
        last = "breaks: " + ", ".join(self.breaks) if self.breaks else "nothing else breaks"
        told = [f"{self.people:,.0f} people", *self.repairs, *filter(None, changes), last]
        return "; ".join(told)

    def applied_to(self, option: FootprintOption) -> FootprintOption:
        """The option that the move makes, not saved yet."""
        return option.with_changes(id="", assignment={**option.assignment, self.area_code: self.to_id})


@dataclass(frozen=True, eq=False)
class SingleMoves:
    """The moves that help most.

    Parameters
    ----------
    best : tuple of SingleMove
        At most `N_TOLD`, best first.
    n_possible, n_helpful : int
        Moves that leave the other footprint whole, and those of them that help.
    measure_ids : tuple of str
        Measures told of each.
    scale : str
        What changes of the mix are measured by.
    """

    best: tuple[SingleMove, ...]
    n_possible: int
    n_helpful: int
    measure_ids: tuple[str, ...]
    scale: str


def single_moves(trial: Trial, among: pd.DataFrame | None = None, among_words: str = "") -> SingleMoves:
    """The ten single moves that help most.

    Parameters
    ----------
    among : DataFrame, optional
        Measures of the options that the trial is compared with: a change of a measure is a share of their
        range. Without it the range over the moves themselves.
    among_words : str
        "all 2,565 ways".
    """
    moves = moves_over_borders(trial)
    wished = tuple(WISHES[one].measure_id for one, _ in trial.params.wishes)
    told = tuple(dict.fromkeys((*ALWAYS_TOLD, *wished)))
    scale = f"the range over {among_words}" if among is not None else "the range over these moves"
    if not len(moves):
        return SingleMoves((), 0, 0, told, scale)
    scores = score_moves(trial.town, trial.index, trial.k, moves)
    faults = fault_counts(trial, moves, scores["n_enclosed"].to_numpy(dtype=np.int64))
    outside = people_outside(trial, moves)
    gain = -_mix_change(trial, scores, scores if among is None else among)
    order, n_helpful = _helpful(faults, outside, gain)
    return SingleMoves(
        tuple(_told(trial, moves, scores, faults, outside, i, -float(gain[i])) for i in order[:N_TOLD]),
        len(moves),
        n_helpful,
        told,
        scale,
    )


def _helpful(faults: pd.DataFrame, outside: Floats, gain: Floats) -> tuple[list[int], int]:
    """Moves that help, best first, and how many there are.

    A move helps when fewer things are broken after it, but not by pushing one footprint further out of the
    band to bring another in; or when nothing new is broken and fewer people are outside the band, or as many
    and the mix is better.
    """
    change = (faults.iloc[:-1] - faults.iloc[-1]).astype(int)
    more = change.sum(axis=1).to_numpy()
    more_beside_band = more - change["population"].to_numpy()
    farther = (outside[:-1] - outside[-1]).round()
    repairs = (more < 0) & ((more_beside_band < 0) | (farther <= 0))
    is_better = (farther < 0) | ((farther == 0) & (gain > SMALLEST_GAIN))
    improves = (more == 0) & (change <= 0).all(axis=1).to_numpy() & is_better
    helps = repairs | improves
    order = np.lexsort((-gain, farther, more))
    return [int(i) for i in order if helps[i]], int(helps.sum())


def _mix_change(trial: Trial, scores: pd.DataFrame, among: pd.DataFrame) -> Floats:
    """Change of the weighted mean over wishes, each in shares of a range; below nought is better."""
    change, total = np.zeros(len(scores)), sum(weight for _, weight in trial.params.wishes)
    for one, weight in trial.params.wishes:
        wish = WISHES[one]
        values = among[wish.measure_id].to_numpy(dtype=float)
        known = values[np.isfinite(values)]
        width = float(np.ptp(known)) if len(known) else 0.0
        if width > 0:
            less = 1.0 if wish.less_is_better else -1.0
            away = scores[wish.measure_id].to_numpy(dtype=float) - float(trial.scores[wish.measure_id])
            change += weight / total * less * np.nan_to_num(away) / width
    return change


def _told(
    trial: Trial,
    moves: Moves,
    scores: pd.DataFrame,
    faults: pd.DataFrame,
    outside: Floats,
    place: int,
    mix_change: float,
) -> SingleMove:
    area, before, after = (int(part[place]) for part in (moves.area, moves.before, moves.after))
    change = (faults.iloc[place] - faults.iloc[-1]).astype(int)
    repairs = [FAULT_WORDS[str(k)][0].format(n=-n) for k, n in change.items() if n < 0]
    if outside[place] < outside[-1]:
        repairs.append(f"people outside the band fall from {outside[-1]:,.0f} to {outside[place]:,.0f}")
    breaks = tuple(FAULT_WORDS[str(k)][1].format(n=n) for k, n in change.items() if n > 0)
    return SingleMove(
        trial.topology.code_list[area],
        str(trial.topology.area_names[area]),
        trial.ids[before] if before >= 0 else "",
        trial.name(before) if before >= 0 else "",
        trial.ids[after],
        trial.name(after),
        float(trial.town.people[area]),
        mix_change,
        {str(k): float(v) for k, v in trial.scores.items()},
        {str(k): float(v) for k, v in scores.iloc[place].items()},
        tuple(repairs),
        breaks,
    )
