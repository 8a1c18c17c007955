"""Runs: work that takes long, asked for by a page and done by whichever process claims it.

The table is all that page and worker share, so a page may be reloaded, and a worker may die, without the
other. Only the process that holds a run may write to it: one that was given up for dead and comes back
finds that the run is no longer its own. Runs count as no change of the data, so no figure is made anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from typing import cast
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import RUN, RUN_COUNTER, WORKER
from geodata.errors import InputError
from geodata.run_file import remove_run_files
from geodata.run_process import Holder
from geodata.run_record import ENDED, Run
from geodata.store import Store

MOST_LISTED = 100


def put_run(
    store: Store,
    kind: str,
    params: Mapping[str, object],
    *,
    version: int,
    method: str = "",
    author: str = "",
    form: Mapping[str, object] | None = None,
    same_since: int | None = None,
) -> Run:
    """Ask for a run; where the same was asked on the same data, that one is given.

    Parameters
    ----------
    params : Mapping
        Plain JSON.
    version : int
        Version of the data.
    method : str
        Version of the way it is worked out: another one makes another run.
    form : Mapping, optional
        How the page's controls stood, as plain JSON.
    same_since : int, optional
        The first version from which on nothing was written that this run depends on; the version itself if
        left out.
    """
    text = json.dumps(params, sort_keys=True, allow_nan=False)
    key = hashlib.sha256("\n".join((kind, method, text)).encode()).hexdigest()
    now = time.time()
    row: dict[str, object] = {
        **dict.fromkeys(("doing", "message", "result_file", "worker_id", "host"), ""),
        **dict.fromkeys(("done", "total", "pid"), 0),
        **dict.fromkeys(("started", "ended", "heartbeat"), 0.0),
        **{"id": uuid4().hex[:12], "kind": kind, "key": key, "params": dict(params)},
        **{"form": dict(form or {}), "author": author},
        **{"status": "waiting", "wants_cancel": False, "version": version, "created": now},
    }
    with store.database.writing(RUN_COUNTER) as connection:
        first = version if same_since is None else same_since
        query = _NEWEST.where(RUN.c.key == key, RUN.c.version >= first, RUN.c.version <= version)
        for same in map(_run, connection.execute(query)):
            if same.state == "finished" or (same.is_active and not same.wants_cancel):
                return same
        connection.execute(sa.insert(RUN).values(row))
    return get_run(store, str(row["id"]))


def get_run(store: Store, run_id: str) -> Run:
    """One run by its id.

    Raises
    ------
    InputError
        When there is none of this id.
    """
    with store.database.reading() as connection:
        row = connection.execute(_NEWEST.where(RUN.c.id == run_id)).one_or_none()
    if row is None:
        raise InputError("This run is no longer kept. Start it again.")
    return _run(row)


def list_runs(store: Store, kind: str | None = None, *, n_most: int = MOST_LISTED) -> tuple[Run, ...]:
    """Runs of one kind or of all, newest first."""
    query = _NEWEST.limit(n_most) if kind is None else _NEWEST.where(RUN.c.kind == kind).limit(n_most)
    with store.database.reading() as connection:
        return tuple(map(_run, connection.execute(query)))


def n_before(store: Store, run: Run) -> int:
    """How many runs wait before this one."""
    mine = sa.select(RUN.c.row_number).where(RUN.c.id == run.id).scalar_subquery()
    query = sa.select(sa.func.count()).where(RUN.c.status == "waiting", RUN.c.row_number < mine)
    with store.database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def claim_run(store: Store, holder: Holder, *, version: int, run_id: str = "") -> Run | None:
    """Take a run that waits, the first there is or the one that is named; None when there is none.

    Parameters
    ----------
    version : int
        Version of the data it will be worked out on.
    run_id : str
        Empty for the first there is.
    """
    waiting = sa.select(RUN.c.id).where(RUN.c.status == "waiting").order_by(RUN.c.row_number)
    if run_id:
        waiting = waiting.where(RUN.c.id == run_id)
    with store.database.reading() as connection:  # who only looks does not hold up those who write
        if connection.execute(waiting.limit(1)).first() is None:
            return None
    with store.database.writing(RUN_COUNTER) as connection:
        found = connection.execute(waiting.limit(1)).scalar_one_or_none()
        if found is None:
            return None
        now = time.time()
        values: dict[str, object] = {"status": "running", "version": version, "started": now}
        values |= {"worker_id": holder.id, "pid": holder.pid, "host": holder.host, "heartbeat": now}
        connection.execute(sa.update(RUN).where(RUN.c.id == found).values(values))
    return get_run(store, str(found))


def report_run(store: Store, run_id: str, holder: Holder, done: int, total: int, doing: str) -> bool:
    """Say how far a run is, and that its process lives; whether it should go on.

    False when somebody asked to cancel it, or it is no longer held by this process.
    """
    now = time.time()
    values = {"done": done, "total": total, "doing": doing, "heartbeat": now}
    with store.database.writing(RUN_COUNTER) as connection:
        connection.execute(sa.update(WORKER).where(WORKER.c.id == holder.id).values(heartbeat=now))
        query = _held(run_id, holder).values(values).returning(RUN.c.wants_cancel)
        wants_cancel = connection.execute(query).scalar_one_or_none()
    return wants_cancel is not None and not wants_cancel


def is_wanted(store: Store, run_id: str, holder: Holder) -> bool:
    """Whether a run should go on: held by this process, and nobody asked to cancel it."""
    mine = (RUN.c.id == run_id, RUN.c.worker_id == holder.id, RUN.c.status == "running")
    with store.database.reading() as connection:
        wants_cancel = connection.execute(sa.select(RUN.c.wants_cancel).where(*mine)).scalar_one_or_none()
    return wants_cancel is not None and not wants_cancel


def keep_best(store: Store, run_id: str, holder: Holder, result_file: str) -> None:
    """Name the best result so far; earlier ones of the run are removed."""
    with store.database.writing(RUN_COUNTER) as connection:
        held = connection.execute(_held(run_id, holder).values(result_file=result_file)).rowcount
    if held:
        remove_run_files(store.root, run_id, keep=result_file)


def finish_run(store: Store, run_id: str, holder: Holder, result_file: str) -> bool:
    """Name the result of a run; one that was asked to stop is cancelled, what it found is kept.

    Returns
    -------
    bool
        False when the run is no longer held by this process, and nothing was changed.
    """
    status = sa.case((RUN.c.wants_cancel, "cancelled"), else_="finished")
    return _end(store, run_id, holder, {"status": status, "result_file": result_file})


def fail_run(store: Store, run_id: str, holder: Holder, message: str) -> bool:
    """End a run that cannot be done, with the reason; False as in `finish_run`."""
    return _end(store, run_id, holder, {"status": "failed", "message": message})


def ask_to_cancel(store: Store, run_id: str) -> None:
    """Ask the process that holds a run to stop; a run that nobody holds is cancelled at once.

    Raises
    ------
    InputError
        When there is no run of this id.
    """
    run = get_run(store, run_id)
    own = sa.update(RUN).where(RUN.c.id == run_id)
    with store.database.writing(RUN_COUNTER) as connection:
        connection.execute(own.where(RUN.c.status.not_in(ENDED)).values(wants_cancel=True))
        nobody = own.where(RUN.c.status == "waiting")
        if run.state == "lost":
            nobody = own.where(RUN.c.status == "running", RUN.c.worker_id == run.worker_id)
        connection.execute(nobody.values(status="cancelled", ended=time.time()))


def start_again(store: Store, run_id: str) -> Run:
    """Put a run that failed, was cancelled or was lost back among those that wait, under the same id.

    Raises
    ------
    InputError
        When there is no run of this id.
    """
    run = get_run(store, run_id)
    values: dict[str, object] = {"status": "waiting", "wants_cancel": False, "done": 0, "total": 0}
    values |= {"doing": "", "message": "", "worker_id": "", "started": 0.0, "ended": 0.0}
    if run.state in ("failed", "cancelled", "lost"):
        same = (RUN.c.id == run_id, RUN.c.status == run.status, RUN.c.worker_id == run.worker_id)
        with store.database.writing(RUN_COUNTER) as connection:
            connection.execute(sa.update(RUN).where(*same).values(values))
    return get_run(store, run_id)


_NEWEST = sa.select(*[RUN.c[name] for name in Run.__dataclass_fields__]).order_by(RUN.c.row_number.desc())


def _run(row: sa.Row[tuple[object, ...]]) -> Run:
    return Run(**cast(Mapping[str, object], row._mapping))  # type: ignore[arg-type]


def _held(run_id: str, holder: Holder) -> sa.Update:
    return sa.update(RUN).where(RUN.c.id == run_id, RUN.c.worker_id == holder.id, RUN.c.status == "running")


def _end(store: Store, run_id: str, holder: Holder, values: Mapping[str, object]) -> bool:
    with store.database.writing(RUN_COUNTER) as connection:
        ended = {**values, "ended": time.time(), "heartbeat": time.time()}
        is_held = connection.execute(_held(run_id, holder).values(ended)).rowcount > 0
    file_name = str(values.get("result_file", ""))
    if is_held and file_name:
        remove_run_files(store.root, run_id, keep=file_name)
    return is_held
