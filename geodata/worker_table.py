"""Which workers there are, so that no more work at once than there are cores.

A worker that has nothing to do stays a while, its imports and figures ready; one that waits takes the next
run at once. The count and the start are one transaction, so two pages that ask at once start no two.
"""

from __future__ import annotations

import time
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import RUN, RUN_COUNTER, WORKER
from geodata.run_process import Holder, is_dead, most_workers, start_worker
from geodata.run_record import Run
from geodata.store import Store


def require_worker(store: Store, run: Run | None = None) -> Holder | None:
    """See to it that somebody will take what waits; the worker that was started, if one was.

    Parameters
    ----------
    run : Run, optional
        The run in question. Without one a worker is made ready beforehand, for work that may come.
    """
    if run is None and list_workers(store):
        return None
    with store.database.writing(RUN_COUNTER) as connection:
        alive = set()
        for row in connection.execute(sa.select(WORKER)).all():
            if is_dead(row.pid, row.host, row.heartbeat):
                connection.execute(sa.delete(WORKER).where(WORKER.c.id == row.id))
            else:
                alive.add(row.id)
        busy = set(connection.execute(sa.select(RUN.c.worker_id).where(RUN.c.status == "running")).scalars())
        n_waiting = connection.execute(
            sa.select(sa.func.count()).where(RUN.c.status == "waiting")
        ).scalar_one()
        n_wanted = n_waiting if run is not None else max(n_waiting, 1)
        if len(alive - busy) >= n_wanted or len(alive) >= most_workers():
            return None
        # its row is there before it is: the next who asks counts it already
        holder = start_worker(store.root, run.id if run else "", worker_id=uuid4().hex[:12])
        values = {"id": holder.id, "pid": holder.pid, "host": holder.host, "heartbeat": time.time()}
        connection.execute(sa.insert(WORKER).values(values))
        return holder


def sign_on(store: Store, holder: Holder) -> None:
    """Say that a worker is there and lives."""
    values = {"id": holder.id, "pid": holder.pid, "host": holder.host, "heartbeat": time.time()}
    with store.database.writing(RUN_COUNTER) as connection:
        connection.execute(sa.insert(WORKER).prefix_with("OR REPLACE").values(values))


def sign_off(store: Store, holder: Holder) -> bool:
    """Take a worker's leave, unless something came to wait in the meantime; whether it may go."""
    with store.database.writing(RUN_COUNTER) as connection:
        if connection.execute(sa.select(RUN.c.id).where(RUN.c.status == "waiting").limit(1)).first():
            return False
        connection.execute(sa.delete(WORKER).where(WORKER.c.id == holder.id))
        return True


def list_workers(store: Store) -> tuple[Holder, ...]:
    """Workers that live."""
    with store.database.reading() as connection:
        rows = connection.execute(sa.select(WORKER)).all()
    return tuple(
        Holder(row.id, row.pid, row.host) for row in rows if not is_dead(row.pid, row.host, row.heartbeat)
    )
