"""One run from claim to end: the same for a worker process and for a page that answers at once.

The work itself never waits for the database. It leaves word of how far it is; a thread beside it writes
that down a few times a second, shows that the process lives, and brings back a wish to stop.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from types import TracebackType

from geodata.errors import InputError
from geodata.run_file import RUN_FOLDER, add_to_log, log_name, write_run_result
from geodata.run_process import Holder
from geodata.run_record import Run
from geodata.run_table import fail_run, finish_run, is_wanted, keep_best, report_run
from geodata.store import Store
from neighbourhoods.run.run import RunKind, function_at, run_kind
from neighbourhoods.study.study import Study

TELL_SECONDS = 0.25
BEAT_SECONDS = 2.0
KEEP_SECONDS = 2.0

_LOG = logging.getLogger(__name__)


def do_run(store: Store, run: Run, holder: Holder, study: Study) -> None:
    """Do the work of a run that `holder` has claimed, and write how it ended.

    A fault that a planner can act on ends it as failed with that message; any other with what happened and
    where the record stands. Nothing is raised but what ends the process itself.
    """
    try:
        kind = run_kind(run.kind)
        params = kind.params_from_json(run.params)
        with Pulse(store, run.id, holder) as pulse:
            result = _work(store, run, holder, study, kind, params, pulse)
            finish_run(store, run.id, holder, _write(store, run, kind, result))
    except InputError as fault:
        fail_run(store, run.id, holder, str(fault))
    except Exception as fault:  # noqa: BLE001  whatever it is, whoever waits must be told
        add_to_log(store.root, run.id, traceback.format_exc())
        fail_run(store, run.id, holder, _unexpected(run, fault))


class Pulse:
    """What a run says of itself while it is done; `progress` and `is_cancelled` are handed to the work.

    Parameters
    ----------
    store : Store
    run_id : str
    holder : Holder
        The process that does it.
    """

    def __init__(self, store: Store, run_id: str, holder: Holder) -> None:
        self._store, self._run_id, self._holder = store, run_id, holder
        self._said: tuple[int, int, str] = (0, 1, "")
        self._stop = threading.Event()
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse of {run_id}", daemon=True)

    def progress(self, done: int, total: int, doing: str) -> None:
        """How far the work is."""
        self._said = (int(done), max(int(total), 1), str(doing))

    def is_cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._cancelled.is_set()

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        written, at = self._said, time.monotonic()
        while not self._stop.wait(TELL_SECONDS):
            said, is_due = self._said, time.monotonic() - at >= BEAT_SECONDS
            try:
                if said != written or is_due:
                    goes_on = report_run(self._store, self._run_id, self._holder, *said)
                    written, at = said, time.monotonic()
                else:
                    goes_on = is_wanted(self._store, self._run_id, self._holder)
            except InputError:
                _LOG.exception("the progress of run %s could not be written; tried again", self._run_id)
                continue
            if not goes_on:
                self._cancelled.set()


def _work(
    store: Store, run: Run, holder: Holder, study: Study, kind: RunKind, params: object, pulse: Pulse
) -> object:
    work = function_at(kind.work)
    if not kind.keeps_best:
        return work(study, params, progress=pulse.progress, cancelled=pulse.is_cancelled)
    kept_at = float("-inf")

    def keep(best: object) -> None:
        """Put the best so far where it outlives this process; now and then, as writing takes time."""
        nonlocal kept_at
        if time.monotonic() - kept_at >= KEEP_SECONDS:
            keep_best(store, run.id, holder, _write(store, run, kind, best))
            kept_at = time.monotonic()

    return work(study, params, progress=pulse.progress, cancelled=pulse.is_cancelled, keep=keep)


def _write(store: Store, run: Run, kind: RunKind, result: object) -> str:
    parts = kind.result_to_parts(result)
    return write_run_result(store.root, run.id, parts.arrays, parts.frames, parts.document)


def _unexpected(run: Run, fault: Exception) -> str:
    said = traceback.format_exception_only(fault)[-1].strip()
    return (
        f"Something went wrong that is not in what you asked: {said}. Nothing that was saved is touched. "
        f"Start it again; if it fails again, send the file {RUN_FOLDER}/{log_name(run.id)} of "
        "the workspace folder to whoever runs this app."
    )
