"""A process that does runs: `python -m neighbourhoods.run.worker --workspace FOLDER [--run ID]`.

It works at low priority, so that pages stay quick, and goes on when the page or the app that asked is gone.
After its run it takes the next that waits, and stays a while with its imports and figures ready, so that a
planner who changes one wish does not wait for a start.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from geodata.errors import InputError
from geodata.run_process import Holder, idle_seconds, log_here, this_process
from geodata.run_shelf import forget_runs
from geodata.run_table import claim_run
from geodata.store import Store
from geodata.worker_table import sign_off, sign_on
from geodata.workspace import open_workspace
from neighbourhoods.run.run import RUN_KINDS, function_at
from neighbourhoods.run.work import BEAT_SECONDS, do_run
from neighbourhoods.study.study import Study

LOOK_SECONDS = 0.15
NICER = 10

_LOG = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what waits; 0 when nothing does any more, 2 when the workspace cannot be used."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    faulthandler.enable()
    os.nice(NICER)
    try:
        store = open_workspace(Path(options.workspace))
        holder = this_process(options.worker)
        work_through(store, holder, first=options.run, stay_s=idle_seconds(), log=log_here)
    except InputError:
        _LOG.exception("the worker stops")
        return 2
    return 0


def work_through(
    store: Store,
    holder: Holder,
    *,
    first: str = "",
    stay_s: float = 0.0,
    log: Callable[[Path, str], None] | None = None,
) -> int:
    """Do the run that is named and every other that waits; how many were done.

    Parameters
    ----------
    first : str
        Id of the run to take first; empty for whichever waits longest.
    stay_s : float
        Seconds to stay, ready, when nothing waits.
    log : callable, optional
        Called with the workspace folder and the id of each run before it is begun.
    """
    sign_on(store, holder)
    study = Study(store)
    n_done, ready_on, idle_since, said_at = 0, -1, time.monotonic(), time.monotonic()
    while True:
        if study.version != store.version:
            study = study.renewed()
        run = claim_run(store, holder, version=study.version, run_id=first)
        first = ""
        if run is not None:
            if log:
                log(store.root, run.id)
            _LOG.info("run %s (%s) begins on version %d of the data", run.id, run.kind, run.version)
            do_run(store, run, holder, study)
            _LOG.info("run %s ended", run.id)
            forget_runs(store)
            n_done, ready_on, idle_since = n_done + 1, study.version, time.monotonic()
            continue
        if time.monotonic() - idle_since >= stay_s:
            if sign_off(store, holder):
                return n_done
            continue
        if ready_on != study.version:
            try:
                _make_ready(study)
            except InputError:
                _LOG.exception("not made ready; a run that needs this will say so")
            ready_on = study.version
        if time.monotonic() - said_at >= BEAT_SECONDS:
            sign_on(store, holder)
            said_at = time.monotonic()
        time.sleep(LOOK_SECONDS)


def _make_ready(study: Study) -> None:
    """Load what every run needs before one comes."""
    for kind in RUN_KINDS.values():
        function_at(kind.work)
        if kind.prepare:
            function_at(kind.prepare)()
    if study.geographies:
        study.profile(study.geographies[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m neighbourhoods.run.worker", description=__doc__)
    parser.add_argument("--workspace", required=True, help="folder of the workspace")
    parser.add_argument("--run", default="", help="id of the run to do first")
    parser.add_argument("--worker", default="", help="id of this worker in the table of workers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
