"""Killed half-way the old state stands; writers at the same time lose nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from geodata.data_file import ORPHAN_SECONDS
from geodata.errors import WorkspaceError
from geodata.provenance import Provenance
from geodata.store import NewDataset, Store


def cells(dataset_id: str, value: float, n_rows: int = 3) -> NewDataset:
    frame = pd.DataFrame(
        {
            "table": "crime",
            "geography": "lsoa21",
            "area_code": [f"E0101{i:04d}" for i in range(n_rows)],
            "period": "2025-12",
            "cell": "Burglary",
            "value": np.full(n_rows, value),
            "status": "",
        }
    )
    origin = Provenance("police", "street.csv", "0" * 64, "2025-12", "2026-01-01", n_rows, n_rows)
    return NewDataset(dataset_id, "cells", "lsoa21", frame, origin)


KILLED_WRITER = """
    import os, sys, time
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    import sqlalchemy as sa
    from test_store_atomicity import cells
    from geodata.store import Store
    import geodata.store

    store = Store(Path({root!r}))

    def hang(*_arguments):
        print("half-way", flush=True)
        time.sleep(120)

    {point}
    store.write([cells("cells:a", 2.0), cells("cells:b", 2.0)], settings={{"is_sample": "no"}}, clear=True)
    """
KILL_POINTS = {
    "between the files and the commit": 'sa.event.listen(store.database.engine, "commit", hang)',
    "before the files are renamed": "geodata.store.publish_files = hang",
    "after the files are renamed": "geodata.store.restart_age = hang",
    "while a file is forced to disk": "os.fsync = hang",
}


@pytest.mark.parametrize("point", KILL_POINTS)
def test_killed_writer_leaves_the_old_state_and_no_lock(tmp_path: Path, point: str) -> None:
    root = tmp_path / "workspace"
    store = Store(root)
    store.write([cells("cells:a", 1.0), cells("cells:old", 1.0)], settings={"is_sample": "yes"})
    script = textwrap.dedent(KILLED_WRITER).format(
        tests=str(Path(__file__).parent), root=str(root), point=KILL_POINTS[point]
    )
    writer = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "half-way\n"
    writer.send_signal(signal.SIGKILL)
    assert writer.wait(timeout=30) == -signal.SIGKILL

    again = Store(root)
    assert [d.id for d in again.datasets()] == ["cells:a", "cells:old"]
    assert again.cells()["value"].tolist() == [1.0] * 6
    assert again.settings() == {"is_sample": "yes"}
    assert again.version == 1

    again.write([cells("cells:b", 3.0)])  # would be refused while a lock were left behind
    assert [d.id for d in store.datasets()] == ["cells:a", "cells:b", "cells:old"]


def test_crash_inside_the_transaction_leaves_the_old_state(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write([cells("cells:a", 1.0)])

    def crash(_connection: sa.Connection) -> None:
        raise RuntimeError("the machine went away")

    sa.event.listen(store.database.engine, "commit", crash)
    with pytest.raises(RuntimeError):
        store.write([cells("cells:a", 2.0)], settings={"x": "y"})
    sa.event.remove(store.database.engine, "commit", crash)
    assert store.cells()["value"].tolist() == [1.0] * 3
    assert (store.version, store.settings()) == (1, {})
    store.write([cells("cells:a", 3.0)])
    assert store.cells()["value"].tolist() == [3.0] * 3


def test_full_disk_is_a_workspace_error_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.write([cells("cells:a", 1.0)])

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="No space left on device"):
        store.write([cells("cells:a", 2.0)])
    assert store.cells()["value"].tolist() == [1.0] * 3


def write_rounds(root: str, writer: int, n_rounds: int) -> None:
    store = Store(Path(root))
    for round_number in range(n_rounds):
        name = f"cells:{writer}:{round_number}"
        store.write([cells(name, float(writer)), cells(f"cells:{writer}:latest", float(round_number))])


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    n_rounds = 12
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_rounds, args=(str(tmp_path), w, n_rounds)) for w in range(2)]
    for process in writers:
        process.start()
    for process in writers:
        process.join(timeout=120)
    assert [process.exitcode for process in writers] == [0, 0]

    store = Store(tmp_path)
    expected = {f"cells:{w}:{n}" for w in range(2) for n in (*range(n_rounds), "latest")}
    assert {d.id for d in store.datasets()} == expected
    assert store.version == 2 * n_rounds
    for writer in range(2):
        assert store.read(f"cells:{writer}:3")["value"].tolist() == [float(writer)] * 3
        assert store.read(f"cells:{writer}:latest")["value"].tolist() == [n_rounds - 1.0] * 3


def test_reader_is_not_held_up_by_a_writer(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write([cells("cells:a", 1.0)])
    with store.database.writing("data"):  # a reader that had to wait for its end would wait for ever
        assert Store(tmp_path).cells()["value"].tolist() == [1.0] * 3


def test_threads_of_one_app_share_a_store(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def work(worker: int) -> int:
        store.write([cells(f"cells:{worker}", float(worker))])
        return len(store.read(f"cells:{worker}"))

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert list(pool.map(work, range(24))) == [3] * 24
    assert len(store.datasets()) == 24
    assert store.version == 24


def test_orphans_go_after_an_hour_and_not_before(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write([cells("cells:a", 1.0)])
    (replaced,) = (tmp_path / "data").iterdir()
    os.utime(replaced, (0, 0))
    store.write([cells("cells:a", 2.0)])
    store.write([])
    assert replaced.exists()
    old = time.time() - ORPHAN_SECONDS - 1
    os.utime(replaced, (old, old))
    store.write([])
    assert not replaced.exists()
    assert store.cells()["value"].tolist() == [2.0] * 3
