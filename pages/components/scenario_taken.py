"""Changed hubs and the rounds worked out for them, in view as a scenario before they are saved.

The address says all of it in one word: the saved scenario that was changed, the option and the run, so that
a reload or a colleague with the link sees the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from geodata.errors import InputError
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.scenario.scenario import Scenario, new_scenario
from pages.components.loaders import run_result
from pages.components.run_view import run_now

MARK = "~"


def is_taken(choice: str) -> bool:
    """Whether a choice of scenario is one that was taken over on the page."""
    return choice.count(MARK) == 2


def taken_mark(choice: str | None, scenario: Scenario, run_id: str) -> str:
    """The word for a scenario with the hubs and rounds of a run.

    Parameters
    ----------
    choice : str, optional
        What was chosen when they were taken over: the id of a saved scenario, or another such word.
    """
    base = (choice or "").split(MARK)[0] if is_taken(choice or "") else scenario.id
    return MARK.join((base, scenario.option_id, run_id))


def taken_scenario(mark: str, saved: Mapping[str, Scenario]) -> Scenario | None:
    """The scenario that such a word stands for; None where its run is not kept, as for any old link."""
    if not is_taken(mark):
        return None
    base_id, option_id, run_id = mark.split(MARK)
    run = run_now(run_id)
    if run is None or not run.result_file:
        return None
    try:
        plan = run_result(run)
    except InputError:  # found by another version of this software: like a link to what is gone
        return None
    if not isinstance(plan, OutreachPlan):
        return None
    base = saved.get(base_id)
    if base is None:
        return new_scenario(plan.params.hub_ids, bus_plan=plan, option_id=option_id, bus_run_id=run_id)
    return base.with_rounds(plan, run_id)
