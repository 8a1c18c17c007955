"""The bus that arguments point to: a run of it, or a saved plan."""

from __future__ import annotations

import argparse

from geodata.errors import InputError
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.study.study import Study


def add_bus(sub: argparse.ArgumentParser) -> None:
    """Add `--bus-run` and `--bus-plan`, of which one may be given."""
    bus = sub.add_mutually_exclusive_group()
    bus.add_argument("--bus-run", default="", metavar="RUN_ID", help="a finished run of the bus")
    bus.add_argument("--bus-plan", default="", metavar="ID_OR_NAME", help="a saved plan of the bus")


def read_bus(study: Study, options: argparse.Namespace) -> tuple[OutreachPlan | None, str]:
    """The bus of a saved plan, with the plan's id, or of a run; None where none is given."""
    from neighbourhoods.outreach.edit_library import find_outreach, plan_of

    if options.bus_plan:
        saved = find_outreach(study.store, study.authority_code, options.bus_plan)
        return plan_of(saved), saved.id
    return (bus_of_run(study, options.bus_run) if options.bus_run else None), ""


def bus_of_run(study: Study, run_id: str) -> OutreachPlan:
    """The plan that a finished run of the bus found; raises InputError where it is none."""
    from geodata.run_file import read_run_result
    from geodata.run_table import get_run
    from neighbourhoods.run.run import run_kind

    run = get_run(study.store, run_id)
    if run.kind != "outreach" or not run.result_file:
        raise InputError(f"The run {run_id!r} is no finished run of the bus.")
    found = run_kind(run.kind).result_from_parts(read_run_result(study.store.root, run.result_file))
    if not isinstance(found, OutreachPlan):
        raise InputError(f"The run {run_id!r} is no finished run of the bus.")
    return found
