"""The scorecard of an option: rules, measures among all that is possible, later years, partners, fit, moves.

Everything is worked out from one trial of the option, so that no two lines of the card can disagree. What
takes long, the alternatives, may be found beforehand and given.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from neighbourhoods.measure.fit_sensitivity import FitSensitivity, fit_sensitivity
from neighbourhoods.measure.measured import Measured, measured
from neighbourhoods.measure.single_move import SingleMoves, single_moves
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outlook.later_year import LaterYear, later_years, today
from neighbourhoods.partner.fit import PartnerFit
from neighbourhoods.scorecard.alternatives import Alternatives
from neighbourhoods.scorecard.alternatives_search import Progress, alternatives
from neighbourhoods.scorecard.checklist import rules_of
from neighbourhoods.scorecard.params import ScorecardParams
from neighbourhoods.scorecard.rule import Rule
from neighbourhoods.scorecard.trial import Trial, trial_of
from neighbourhoods.study.study import Study


@dataclass(frozen=True, eq=False)
class Scorecard:
    """How an option does.

    Parameters
    ----------
    trial : Trial
        The option and what it was held to.
    rules : tuple of Rule
    among : Alternatives
        What it is compared with.
    measures : tuple of Measured
    years : tuple of LaterYear
        Today, then each later year that can be told.
    partners : tuple of PartnerFit
    fitting : FitSensitivity or None
        None where it was not asked for.
    moves : SingleMoves
    runtime_s : float
    """

    trial: Trial
    rules: tuple[Rule, ...]
    among: Alternatives
    measures: tuple[Measured, ...]
    years: tuple[LaterYear, ...]
    partners: tuple[PartnerFit, ...]
    fitting: FitSensitivity | None
    moves: SingleMoves
    runtime_s: float

    @property
    def n_met(self) -> int:
        """Rules that are met."""
        return sum(rule.status == "met" for rule in self.rules)

    @property
    def n_judged(self) -> int:
        """Rules that are met or broken."""
        return sum(rule.status != "not known" for rule in self.rules)


def scorecard(
    study: Study, trial: Trial, among: Alternatives, fitting: FitSensitivity | None = None
) -> Scorecard:
    """The card of a trial beside what was found before."""
    began = time.perf_counter()
    compared = among.kind != "none"
    return Scorecard(
        trial,
        rules_of(trial),
        among,
        measured(trial, among),
        (today(trial), *later_years(trial)),
        tuple(study.partner_fit(trial.option, one) for one in trial.params.partner_ids),
        fitting,
        single_moves(trial, among.scores if compared else None, among.words),
        time.perf_counter() - began,
    )


def scorecard_of(
    study: Study,
    option: FootprintOption,
    params: ScorecardParams | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Scorecard:
    """Everything that can be said of one option.

    Parameters
    ----------
    progress, cancelled : callable, optional
        As for `generate`: the alternatives are what takes long.

    Raises
    ------
    InputError
        When no area is in a footprint, or the wishes need something that was not given.
    """
    began = time.perf_counter()
    trial = trial_of(study, option, params or ScorecardParams())
    among = alternatives(study, trial, progress=progress, cancelled=cancelled)
    card = scorecard(study, trial, among, fit_sensitivity(study, option))
    return replace(card, runtime_s=time.perf_counter() - began)
