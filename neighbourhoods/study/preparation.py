"""What pages ask of a study first, step by step, so that the wait for it can be shown and stopped.

A study works each thing out once, when it is asked for. Here it is asked beforehand: in the job that has
brought files in, or under a bar of progress on the first visit. Stopping loses nothing that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from geodata.geography import geography as geography_record
from neighbourhoods.study.study import Study

Step = tuple[str, Callable[[], object]]


def steps(study: Study, *, everything: bool = False) -> list[Step]:
    """What is worked out and in which order, in words.

    Parameters
    ----------
    everything : bool
        Figures and shared borders of every kind of area, and the coverage of every indicator; else the
        figures of the first kind, without which no page begins.
    """
    found: list[Step] = []
    if study.geographies:
        found.append(("reading the tables", study.observations))
    for geography in study.geographies if everything else study.geographies[:1]:
        plural = geography_record(geography).plural
        found.append((f"figures of {plural}", partial(study.profile, geography)))
        if everything:
            found.append((f"shared borders of {plural}", partial(study.topology, geography)))
    if everything:
        found.append(("gaps", study.coverage))
    return found


def is_prepared(study: Study, *, everything: bool = False) -> bool:
    """Whether all of it is there already."""
    if everything:
        return study.holds("coverage")
    return not study.geographies or study.holds("profile", study.geographies[0])


def prepare(
    study: Study,
    *,
    everything: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> bool:
    """Work it out; False when it was stopped before the end.

    Parameters
    ----------
    progress : callable, optional
        Called before each step with steps done, steps in all and what is being done.
    cancelled : callable, optional
        Asked before each step; True stops. What is not worked out will be when it is asked for.
    """
    wanted = steps(study, everything=everything)
    for done, (doing, work) in enumerate(wanted):
        if cancelled is not None and cancelled():
            return False
        if progress is not None:
            progress(done, len(wanted), doing)
        work()
    return True
