"""Each measure of an option with the best there is, the distance to it, and how many options it beats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.wish import WISHES, Wish
from neighbourhoods.measure.words import SHOWN, share_in_words
from neighbourhoods.scorecard.alternatives import Alternatives
from neighbourhoods.scorecard.trial import Trial

ROUNDING = 1e-9
PERCENT = 100.0


@dataclass(frozen=True)
class Measured:
    """One measure of one option.

    Parameters
    ----------
    wish_id, measure_id, label, unit, version : str
        The wish it is judged by; `unit` of the values here, `version` of the measure.
    value : float
    best : float
        The best among the alternatives; NaN without any.
    bound : float
        What no option can be better than; the best itself where all ways were gone through.
    distance, distance_percent : float
        From the bound, or from the best where there is no bound, in the measure's own unit and as a
        percentage of it; below nought where the option is better, which it may be when it breaks a rule.
    better_than, lower, upper : float
        Share of the alternatives that are worse, and the limits of the sampling.
    less_is_better : bool
    """

    wish_id: str
    measure_id: str
    label: str
    unit: str
    version: str
    value: float
    best: float
    bound: float
    distance: float
    distance_percent: float
    better_than: float
    lower: float
    upper: float
    less_is_better: bool

    @property
    def value_words(self) -> str:
        """ "7.1%"."""
        return SHOWN[self.measure_id].figure(self.value)

    @property
    def best_words(self) -> str:
        """ "0.3%"; the bound where nothing better is known."""
        return SHOWN[self.measure_id].figure(self.best)

    @property
    def bound_words(self) -> str:
        """ "35.3 km"; "not known" where nothing is proven."""
        return SHOWN[self.measure_id].figure(self.bound)

    @property
    def is_best(self) -> bool:
        """Whether none of the alternatives is better."""
        return self.distance <= ROUNDING * max(abs(self.value), 1.0)

    @property
    def distance_words(self) -> str:
        """ "6.8 percentage points", "12.3 km (31%)", "none"."""
        shown = SHOWN[self.measure_id]
        if np.isnan(self.distance):
            return shown.figure(float("nan"))
        if abs(self.distance) <= ROUNDING * max(abs(self.value), 1.0):
            return "none"
        if self.distance < 0:
            return f"{shown.difference(self.distance)} better"
        if shown.figure(self.distance) == shown.figure(0.0):
            return f"less than {shown.difference(10.0**-shown.decimals / shown.factor)}"
        goal = self.value - self.distance if self.less_is_better else self.value + self.distance
        has_share = shown.figure(goal) != shown.figure(0.0) and not np.isnan(self.distance_percent)
        is_percent = shown.factor == PERCENT or not has_share
        return shown.difference(self.distance) + ("" if is_percent else f" ({self.distance_percent:.0f}%)")

    def standing_words(self, among: Alternatives) -> str:
        """ "better than 96% of all 2,565 ways"; "better than about 96% (94% to 98%) of 10,000 ..."."""
        if np.isnan(self.better_than):
            return "not compared"
        if among.kind == "sampled":
            if self.better_than >= 1:
                return f"better than all of {among.words} (above {share_in_words(self.lower)})"
            limits = f"{share_in_words(self.lower)} to {share_in_words(self.upper)}"
            return f"better than about {share_in_words(self.better_than)} ({limits}) of {among.words}"
        if self.better_than >= 1:
            return f"better than {among.words}"
        if self.is_best:
            return f"as good as the best of {among.words}" if among.n > 1 else "the only way there is"
        return f"better than {share_in_words(self.better_than)} of {among.words}"


def measured(trial: Trial, among: Alternatives) -> tuple[Measured, ...]:
    """Every measure that is known of the option, in the order of the wishes."""
    wished = {one for one, _ in trial.params.wishes}
    need = "distinct" if "distinct" in wished else "alike"
    wishes = [w for w in WISHES.values() if w.measure_id != "need_index_spread" or w.id == need]
    return tuple(_measured(trial, among, w) for w in wishes if np.isfinite(trial.scores[w.measure_id]))


def _measured(trial: Trial, among: Alternatives, wish: Wish) -> Measured:
    record = MEASURES[wish.measure_id]
    value = float(trial.scores[wish.measure_id])
    best, bound = among.best(wish), among.bound(wish)
    goal = best if np.isnan(bound) else bound
    away = (value - goal) * (1.0 if wish.less_is_better else -1.0)
    standing = among.standing(wish, value)
    return Measured(
        wish.id,
        wish.measure_id,
        SHOWN[wish.measure_id].label,
        record.unit,
        record.version,
        value,
        best,
        bound,
        away,
        float("nan") if not goal else 100.0 * away / abs(goal),
        standing.better_than,
        standing.lower,
        standing.upper,
        wish.less_is_better,
    )
