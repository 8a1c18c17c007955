"""How many runs are kept: enough to find what a colleague asked for last month, not enough to fill a disk."""

from __future__ import annotations

import sqlalchemy as sa

from geodata.database import RUN, RUN_COUNTER
from geodata.run_file import remove_run_files, result_bytes
from geodata.run_table import list_runs
from geodata.store import Store

RUNS_KEPT = 100
BYTES_KEPT = 2_000_000_000
_ALL = 1_000_000


def drop_run(store: Store, run_id: str) -> None:
    """Forget one run and its files: one whose result can no longer be read."""
    _drop(store, [run_id])


def forget_runs(store: Store, *, n_kept: int = RUNS_KEPT, bytes_kept: int = BYTES_KEPT) -> tuple[str, ...]:
    """Drop the oldest runs that ended, with their files; the ids of those dropped.

    Parameters
    ----------
    n_kept : int
        Runs to keep.
    bytes_kept : int
        Bytes of results to keep; the newest run stays however large it is.
    """
    wanted, n_bytes = [], 0
    for place, run in enumerate(list_runs(store, n_most=_ALL)):
        n_bytes += result_bytes(store.root, run.result_file)
        if not run.is_active and (place >= n_kept or (n_bytes > bytes_kept and place > 0)):
            wanted.append(run.id)
    return _drop(store, wanted)


def _drop(store: Store, run_ids: list[str]) -> tuple[str, ...]:
    """Drop these but for any that was started again in the meantime."""
    if not run_ids:
        return ()
    mine = (RUN.c.id.in_(run_ids), RUN.c.status != "waiting")
    with store.database.writing(RUN_COUNTER) as connection:
        dropped = set(connection.execute(sa.delete(RUN).where(*mine).returning(RUN.c.id)).scalars())
    for run_id in dropped:
        remove_run_files(store.root, run_id)
    return tuple(run_id for run_id in run_ids if run_id in dropped)
