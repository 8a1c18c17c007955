"""From an option on trial to what it is compared with: how much there is, and going through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from geodata.errors import InputError, TooLargeError
from neighbourhoods.generation import enumeration_kernel
from neighbourhoods.generation.enumeration import estimate_steps
from neighbourhoods.generation.generate import generate, problem_of
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.generation.problem import MOST_STEPS
from neighbourhoods.measure.wish import DEFAULT_WISHES, WISHES
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.sample.ensemble import EnsembleParams
from neighbourhoods.sample.ensemble_report import mixing_words
from neighbourhoods.sample.ensemble_run import run_ensemble
from neighbourhoods.scorecard.alternatives import Alternatives, AlternativesParams, no_alternatives
from neighbourhoods.scorecard.params import ScorecardParams, band_for
from neighbourhoods.scorecard.trial import Trial, trial_of
from neighbourhoods.study.study import Study

Progress = Callable[[int, int, str], None]
Keep = Callable[[Alternatives], None]
SEARCHED = ("balance", "compactness", "as_now", "alike", "partners", "travel", "future")


def alternatives_params(
    option: FootprintOption, asked: ScorecardParams, most_steps: float
) -> AlternativesParams:
    """What the alternatives depend on: the same for two options that differ in name alone."""

    def bare(one: FootprintOption) -> FootprintOption:
        return FootprintOption("", "", one.geography, dict(sorted(one.assignment.items())))

    as_now = None if asked.as_now is None else bare(asked.as_now)
    return AlternativesParams(bare(option), replace(asked, as_now=as_now, wishes=DEFAULT_WISHES), most_steps)


def find_alternatives(
    study: Study,
    params: AlternativesParams,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Keep | None = None,
) -> Alternatives:
    """The alternatives of an option, from what is asked alone; see `alternatives`."""
    trial = trial_of(study, params.option, params.asked)
    return alternatives(
        study, trial, most_steps=params.most_steps, progress=progress, cancelled=cancelled, keep=keep
    )


def is_ready() -> bool:
    """Whether this process has the search compiled already."""
    return bool(enumeration_kernel.search.signatures and enumeration_kernel.probe.signatures)


def params_for(trial: Trial) -> GenerationParams:
    """What to go through for this option: its own number of footprints, in a band that holds it."""
    band = band_for(trial.params.tolerance, float(trial.scores["max_deviation"]))
    return replace(
        trial.generation,
        tolerance=band,
        allow_enclosed=bool(trial.scores["n_enclosed"] > 0),
        method="enumerate",
    )


def steps_for(study: Study, trial: Trial) -> float:
    """How many steps it would take to go through all ways; infinite where there are too many areas."""
    if trial.n_unassigned:
        return 0.0
    try:
        return estimate_steps(problem_of(study, params_for(trial)), trial.params.seed)
    except TooLargeError:
        return float("inf")
    except InputError:  # a population is not known: said by `alternatives`
        return 0.0


def alternatives(
    study: Study,
    trial: Trial,
    *,
    most_steps: float = MOST_STEPS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Keep | None = None,
) -> Alternatives:
    """All ways to make as many footprints of the same areas, or a sample of them, or why there is neither.

    An option that is outside the band asked for stands among those in a band as wide as its own worst
    deviation, rounded up to a whole per cent.

    Parameters
    ----------
    most_steps : float
        A search of more than these is not begun; above `MOST_STEPS` none ever is.
    keep : callable, optional
        Called with a sample before the best beside it is looked for.
    """
    if trial.n_unassigned:
        left = "area is" if trial.n_unassigned == 1 else "areas are"
        return no_alternatives(
            f"{trial.n_unassigned:,} {left} in no footprint: place them to compare with all ways."
        )
    params = params_for(trial)
    steps = steps_for(study, trial)
    if steps > MOST_STEPS:
        return _sampled(study, trial, params, steps, progress, cancelled, keep)
    if steps > most_steps:
        return no_alternatives("Not compared with all ways yet.", params.tolerance, steps)
    try:
        found = generate(study, params, progress=progress, cancelled=cancelled)
    except InputError as fault:
        return no_alternatives(str(fault), params.tolerance)
    if not found.is_complete:
        return no_alternatives(
            "The search was stopped before all ways were found, so nothing is proven.", params.tolerance
        )
    return Alternatives(
        "all ways",
        found.scores,
        params.tolerance,
        is_widened=params.tolerance > trial.params.tolerance,
        note=_note(trial),
        n_steps_expected=steps,
        seed=params.seed,
        runtime_s=found.runtime_s,
    )


def _sampled(
    study: Study,
    trial: Trial,
    params: GenerationParams,
    steps: float,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    keep: Keep | None,
) -> Alternatives:
    """Options drawn by chance where there are too many to go through them all."""
    n_areas = trial.topology.n_areas
    many = f"about {steps:,.0f} steps" if np.isfinite(steps) else f"{n_areas:,} areas"
    if not trial.params.n_sampled:
        note = f"There are too many ways to go through them all ({many}), and no sample was asked for."
        return no_alternatives(note, params.tolerance, steps)
    asked = EnsembleParams(params, n_options=trial.params.n_sampled, seed=trial.params.seed)
    try:
        found = run_ensemble(study, asked, progress=progress, cancelled=cancelled)
    except InputError as fault:
        why = f"There are too many ways to go through them all ({many}), and no sample was drawn. {fault}"
        return no_alternatives(why, params.tolerance, steps)
    short = "" if found.is_complete else " It was stopped before all that were asked for were drawn."
    sample = Alternatives(
        "sampled",
        found.scores,
        params.tolerance,
        is_widened=params.tolerance > trial.params.tolerance,
        note=f"Drawn {found.distribution}. {mixing_words(found)}{short} {_note(trial)}".strip(),
        n_steps_expected=steps,
        seed=asked.seed,
        runtime_s=found.runtime_s,
    )
    if keep:
        keep(sample)
    if cancelled and cancelled():
        return sample
    return _with_best(study, sample, params, progress, cancelled)


def _with_best(
    study: Study,
    sample: Alternatives,
    params: GenerationParams,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Alternatives:
    """A sample with the best that a search finds by each wish, and what none can be better than."""
    known = [w for w in WISHES.values() if w.id in SEARCHED and len(sample.values(w.measure_id))]
    wishes = tuple((wish.id, 1.0) for wish in known)
    try:
        best = generate(
            study,
            replace(params, method="search", wishes=wishes),
            progress=progress,
            cancelled=cancelled,
        )
    except InputError:  # the search found none in its steps; the sample has some all the same
        return sample
    bounds = {one: bound for one, bound in best.bounds.items() if not bound.says_nothing}
    return replace(
        sample,
        found={w.id: float(best.values(w.measure_id)[best.best(w.id)]) for w in known if best.n_options},
        bounds={one: bound.value for one, bound in bounds.items()},
        bound_words={one: bound.how for one, bound in bounds.items()},
        runtime_s=sample.runtime_s + best.runtime_s,
    )


def _note(trial: Trial) -> str:
    """What sets the option apart from those that it is compared with, or them from what was asked."""
    said = []
    if any(v.kind == "not_contiguous" for v in trial.evaluation.violations):
        said.append("The option has a footprint in pieces; those it is compared with have none.")
    if trial.scores["n_enclosed"] > 0:
        said.append("As in the option, a footprint may lie inside another in those it is compared with.")
    return " ".join(said)
