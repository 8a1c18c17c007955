"""What was asked of a generation and what came of it: frozen values that can be kept, cited and repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.bound.bound import EVERY_WAY, Bound
from neighbourhoods.generation.problem import MOST_OPTIONS
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.wish import DEFAULT_WISHES, WISHES, require_wishes
from neighbourhoods.need.index import Standardisation
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.row import option_of_row
from neighbourhoods.scorecard.standing import mixed, pareto_front, share_worse
from neighbourhoods.search.note import SearchNote
from neighbourhoods.travel.straight_line import WALKING_KM_H

Floats = NDArray[np.float64]
Method = Literal["auto", "enumerate", "search"]
METHODS = ("auto", "enumerate", "search")
SCORED = (
    "max_deviation",
    "shared_border_m",
    "cut_edges",
    "polsby_popper_mean",
    "population_range",
    "people_who_move",
    "need_index_spread",
    "need_index_distinctiveness",
    "people_outside_partner",
    "travel_minutes_mean",
    "max_deviation_future",
)


@dataclass(frozen=True)
class GenerationParams:
    """What is asked.

    Parameters
    ----------
    geography : str
        Kind of area the footprints are made of.
    n_min, n_max : int
        Fewest and most footprints.
    tolerance : float
        Width of the band either side of the target, as a share.
    target : float or None
        People wanted in each footprint; None for an equal share of the authority (one number of footprints
        only).
    together, apart : tuple of tuple of str
        Sets of area codes that share a footprint, and sets of which no two do.
    as_now : FootprintOption or None
        The option that people would move from.
    locked : tuple of str
        Footprint ids of `as_now` that stand as they are.
    allow_enclosed : bool
        Whether a footprint may lie wholly inside another.
    keep_whole : tuple of str
        Ids of partners' sets whose areas are each to lie in one footprint.
    not_across : tuple of str
        Ids of partners' sets whose lines no footprint may cross.
    wishes : tuple of (str, float)
        Wish ids and weights.
    need : tuple of (str, float)
        Indicator ids and weights of the need index; empty for none.
    standardisation : "z" or "rank"
        How indicators of the need index are made comparable.
    partner_id : str
        Partner's set for the wish to be in line with it; empty for none.
    future_years : int
        Years from now for the wish to be even later; 0 for none.
    km_h : float
        Speed for minutes between residents; 0 to leave travel out.
    seed : int
        Of the search; every option together involves chance only in the estimate beforehand.
    most_options : int
        Room for options; with more than that the result is not complete.
    method : "auto", "enumerate" or "search"
        Go through every way, or search for good ones; "auto" goes through every way where that is possible.
    steps : int
        Of a search; 0 for as many as suit the number of areas.
    seconds : float
        After which a search is stopped whatever its steps; 0 for never. What is found then depends on the
        machine.
    """

    geography: str
    n_min: int
    n_max: int
    tolerance: float
    target: float | None = None
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    as_now: FootprintOption | None = None
    locked: tuple[str, ...] = ()
    allow_enclosed: bool = False
    keep_whole: tuple[str, ...] = ()
    not_across: tuple[str, ...] = ()
    wishes: tuple[tuple[str, float], ...] = DEFAULT_WISHES
    need: tuple[tuple[str, float], ...] = ()
    standardisation: Standardisation = "z"
    partner_id: str = ""
    future_years: int = 0
    km_h: float = 0.0
    seed: int = 0
    most_options: int = MOST_OPTIONS
    method: Method = "auto"
    steps: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.n_min <= self.n_max:
            raise InputError(f"There can be no {self.n_min} to {self.n_max} footprints: give 1 or more.")
        if self.target is None and self.n_min != self.n_max:
            raise InputError("With a range of footprints, say how many people each should have (the target).")
        if self.target is not None and not 0 < self.target < float("inf"):
            raise InputError(f"The target must be above nought, not {self.target}.")
        if not 0 <= self.tolerance < float("inf"):
            raise InputError(f"The band must be nought or wider, not {self.tolerance}.")
        if self.method not in METHODS:
            raise InputError(f"There is no way {self.method!r} to find options, only {', '.join(METHODS)}.")
        if self.steps < 0 or not 0 <= self.seconds < float("inf"):
            raise InputError("Steps and seconds of a search must be nought or more.")
        if self.locked and self.as_now is None:
            raise InputError("Footprints can be locked from an option only: choose the option first.")
        wanted = {one for one, weight in self.wishes if weight > 0}
        if "as_now" in wanted and self.as_now is None:
            raise InputError("To have few people move, choose the option that they would move from.")
        if wanted & {"alike", "distinct"} and not self.need:
            raise InputError("To be alike or distinct in need, choose indicators for the need index.")
        if "partners" in wanted and not self.partner_id:
            raise InputError("To be in line with a partner's areas, choose the partner's areas.")
        if "future" in wanted and self.future_years <= 0:
            raise InputError("To be even in a future year, choose the year.")
        if "travel" in wanted and self.km_h <= 0:
            object.__setattr__(self, "km_h", WALKING_KM_H)
        object.__setattr__(self, "wishes", require_wishes(self.wishes))


@dataclass(frozen=True, eq=False)
class GenerationResult:
    """Every option there is, or good ones that a search found, scored.

    Parameters
    ----------
    params : GenerationParams
    area_codes : pd.Index
    people : float (n_areas,)
    target : float
        The target that was used.
    footprint : int8 or int16 (n_options, n_areas)
        Footprint of each area in each option, in a settled order.
    scores : DataFrame
        One row per option; columns as `option_score.score_options`.
    n_enclosed_left_out : int
        Options that were left out because a footprint lies inside another.
    is_complete : bool
        Whether these are all; only then is the best proven.
    seed, n_steps, n_steps_expected, runtime_s, compile_s
        How it came about.
    as_now_scores : Series or None
        Measures of `params.as_now`.
    note : SearchNote or None
        What goes with the options of a search; None when every way was gone through.
    """

    params: GenerationParams
    area_codes: pd.Index
    people: Floats
    target: float
    footprint: NDArray[np.signedinteger[Any]]
    scores: pd.DataFrame
    n_enclosed_left_out: int
    is_complete: bool
    seed: int
    n_steps: int
    n_steps_expected: float
    runtime_s: float
    compile_s: float
    as_now_scores: pd.Series | None = None
    measure_versions: Mapping[str, str] = field(
        default_factory=lambda: {one: MEASURES[one].version for one in SCORED}
    )
    note: SearchNote | None = None

    _fronts: dict[tuple[str, ...], NDArray[np.int64]] = field(default_factory=dict, repr=False)

    @property
    def n_options(self) -> int:
        """Number of ways; of a search, those it kept."""
        return len(self.footprint)

    @property
    def method(self) -> Method:
        """How the options were found: "enumerate" for every way, else "search"."""
        return "enumerate" if self.note is None else "search"

    @property
    def stopped_early(self) -> bool:
        """Whether it was cancelled, ran out of time or out of room."""
        return not self.is_complete if self.note is None else self.note.stopped_early

    @cached_property
    def measure_ids(self) -> tuple[str, ...]:
        """Measures that are known for these options."""
        return tuple(one for one in SCORED if self.scores[one].notna().any())

    @cached_property
    def mix(self) -> Floats:
        """Each option's weighted mean over the wishes, 0 the best on each.

        Of every way, 1 is the worst there is; of a search, 1 is the median of a first random sample and 0
        the best that was found for that wish alone, so that an option may lie a little below.
        """
        return self.mix_of(self.params.wishes)

    def mix_of(self, wishes: tuple[tuple[str, float], ...]) -> Floats:
        """The same for other weights."""
        if self.note is not None:
            return self.note.mix(self.scores, dict(wishes))
        records = [WISHES[one] for one, _ in wishes]
        columns = [self.values(record.measure_id) for record in records]
        return mixed(columns, [weight for _, weight in wishes], [r.less_is_better for r in records])

    @cached_property
    def ranking(self) -> NDArray[np.int64]:
        """Options by mix, best first; equals in their settled order."""
        return np.argsort(self.mix, kind="stable")

    @property
    def bounds(self) -> dict[str, Bound]:
        """By wish, what no option beats, found or not; by having gone through all where that was done."""
        if self.note is not None:
            return {one.wish_id: one for one in self.note.bounds}
        if not self.is_complete or not self.n_options:
            return {}
        return {
            one.id: Bound(one.id, float(self.values(one.measure_id)[self.best(one.id)]), EVERY_WAY)
            for one in WISHES.values()
            if one.measure_id in self.measure_ids
        }

    @property
    def bound(self) -> float:
        """No option has a smaller mix than this; NaN when none is known."""
        if self.note is not None:
            return self.note.mix_bound(dict(self.params.wishes))
        return float(self.mix.min()) if self.is_complete and self.n_options else float("nan")

    @property
    def gap(self) -> float:
        """How far the first in the ranking may be from the best there is; nought when proven best."""
        return max(float(self.mix.min()) - self.bound, 0.0) if self.n_options else float("nan")

    def values(self, measure_id: str) -> Floats:
        """One measure of every option."""
        return self.scores[measure_id].to_numpy(dtype=float)

    def best(self, wish_id: str) -> int:
        """The option that fulfils one wish best; of equals the first in the ranking."""
        record = WISHES[wish_id]
        values = self.values(record.measure_id)[self.ranking]
        return int(self.ranking[int(np.argmin(values if record.less_is_better else -values))])

    def standing(self, scores: pd.Series) -> dict[str, float]:
        """Share of all options that are worse than one with these scores, by wish."""
        return {
            wish.id: share_worse(
                self.values(wish.measure_id),
                float(scores[wish.measure_id]),
                less_is_better=wish.less_is_better,
            )
            for wish in WISHES.values()
            if wish.measure_id in self.measure_ids
        }

    def front(self, wish_ids: tuple[str, ...]) -> NDArray[np.int64]:
        """Options that none beats on all of these wishes, in order of the first."""
        if wish_ids not in self._fronts:  # kept: weights do not change it
            records = [WISHES[one] for one in wish_ids]
            self._fronts[wish_ids] = pareto_front(
                [self.values(r.measure_id) for r in records], [r.less_is_better for r in records]
            )
        return self._fronts[wish_ids]

    def option(self, number: int, name: str = "") -> FootprintOption:
        """One of the options, its footprints lettered; locked ones keep their names."""
        return option_of_row(
            self.footprint[number],
            self.area_codes,
            self.params,
            name=name or f"Generated {number + 1:,} of {self.n_options:,}",
            rationale=self.rationale(number),
            seed=self.seed,
        )

    def rationale(self, number: int) -> str:
        """How an option came about, in a sentence that goes with it."""
        place = int(np.flatnonzero(self.ranking == number)[0]) + 1
        wishes = ", ".join(f"{WISHES[one].label.lower()} {weight:g}" for one, weight in self.params.wishes)
        among = f"of all {self.n_options:,} ways" if self.is_complete else f"of {self.n_options:,} ways found"
        if self.note is not None:
            among = f"of {self.n_options:,} good ways that a search kept"
        return (
            f"Generated: number {place:,} {among} within {self.params.tolerance:.1%} of {self.target:,.0f} "
            f"people; wishes: {wishes}{self._chance()}."
        )

    def _chance(self) -> str:
        return "" if self.note is None else f"; seed {self.seed}, {self.n_steps:,} steps"
