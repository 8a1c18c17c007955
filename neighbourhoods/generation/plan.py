"""What a generation will do, before it starts: go through every way or search, and how long that takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from neighbourhoods.generation.enumeration import estimate_steps
from neighbourhoods.generation.enumeration_kernel import MOST_AREAS
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.generation.problem import MOST_STEPS, Problem
from neighbourhoods.search.search import default_steps, seconds_of_steps

STEPS_A_SECOND = 5_000_000  # of going through every way


@dataclass(frozen=True)
class Plan:
    """What will be done.

    Parameters
    ----------
    method : "enumerate" or "search"
    n_steps : float
        Of going through every way, as estimated; of a search, as it will make.
    seconds : float
        About how long on one core, the bounds after a search left out.
    words : str
        The same in a sentence.
    """

    method: Literal["enumerate", "search"]
    n_steps: float
    seconds: float
    words: str


def plan_of(problem: Problem, params: GenerationParams) -> Plan:
    """What will be done for a problem; where every way was asked for it is that, however large."""
    n_free = len(problem.free)
    is_small = n_free <= MOST_AREAS
    expected = (
        estimate_steps(problem, params.seed) if is_small and params.method != "search" else float("inf")
    )
    if params.method == "enumerate" or (params.method == "auto" and expected <= MOST_STEPS):
        seconds = expected / STEPS_A_SECOND
        return Plan(
            "enumerate", expected, seconds, f"Every way: about {expected:,.0f} steps, {_about(seconds)}."
        )
    steps = params.steps or default_steps(n_free, len(params.wishes))
    seconds = min(seconds_of_steps(steps, n_free), params.seconds or float("inf"))
    why = ""
    if params.method == "auto":
        why = (
            f"To go through every way would take about {expected:,.0f} steps; the limit is {MOST_STEPS:,}. "
            if is_small
            else f"{n_free:,} areas are too many to go through every way (up to {MOST_AREAS}). "
        )
    return Plan(
        "search",
        float(steps),
        seconds,
        f"{why}A search for the best by your wishes: {steps:,} steps, {_about(seconds)}; then a bound on how "
        "good any option can be.",
    )


def _about(seconds: float) -> str:
    if seconds < 1.5:
        return "a second or less"
    return f"about {seconds:,.0f} seconds" if seconds < 100 else f"about {seconds / 60:,.0f} minutes"
