"""Runs: one holder each, nothing lost when a process dies, no figure made anew, no workspace left behind."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from geodata.database import DATABASE_NAME, RUN, RUN_COUNTER
from geodata.errors import InputError, WorkspaceError
from geodata.option_table import list_options
from geodata.run_file import read_run_result, run_folder, write_run_result
from geodata.run_process import STALE_HERE_SECONDS, STALE_SECONDS, Holder, is_dead, this_process
from geodata.run_shelf import forget_runs
from geodata.run_table import (
    ask_to_cancel,
    claim_run,
    fail_run,
    finish_run,
    get_run,
    is_wanted,
    keep_best,
    list_runs,
    n_before,
    put_run,
    report_run,
    start_again,
)
from geodata.store import Store

PARAMS = {"n": 4, "tolerance": 0.05, "together": [["E05010311", "E05010312"]]}
HERE = this_process("here")
ELSEWHERE = Holder("elsewhere", 1, "another host")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "workspace")


def put(store: Store, n: int = 4, version: int = 1) -> str:
    return put_run(store, "generate", PARAMS | {"n": n}, version=version).id


def result_of(store: Store, run_id: str, n_bytes: int = 0) -> str:
    noise = np.random.default_rng(n_bytes).integers(0, 255, n_bytes).astype(np.uint8)
    return write_run_result(store.root, run_id, {"noise": noise}, {}, {})


def files_of(store: Store) -> list[str]:
    return [path.name for path in run_folder(store.root).iterdir()]


def died(store: Store, run_id: str) -> None:
    """As a process on another host leaves a run that it held when it was killed."""
    assert claim_run(store, ELSEWHERE, version=1, run_id=run_id)
    with store.database.writing(RUN_COUNTER) as connection:
        long_ago = time.time() - STALE_SECONDS - 1
        connection.execute(sa.update(RUN).where(RUN.c.id == run_id).values(heartbeat=long_ago))


# What is asked


def test_run_is_kept_as_it_was_asked(store: Store) -> None:
    run = put_run(store, "generate", PARAMS, version=7, author="Ann", form={"generate_n": 4})
    assert get_run(store, run.id) == run
    assert (run.kind, run.params, run.version, run.author) == ("generate", PARAMS, 7, "Ann")
    assert (run.form, run.state, run.is_active) == ({"generate_n": 4}, "waiting", True)


def test_unknown_run_is_refused_in_words(store: Store) -> None:
    with pytest.raises(InputError, match="no longer kept"):
        get_run(store, "0123456789ab")


def test_same_request_on_the_same_data_is_one_run_while_it_may_still_succeed(store: Store) -> None:
    first = put(store)
    assert put(store) == first
    claim_run(store, HERE, version=1)
    assert put(store) == first
    finish_run(store, first, HERE, "")
    assert put(store) == first


@pytest.mark.parametrize("other", ["params", "kind", "method", "version"])
def test_request_that_differs_in_anything_is_another_run(store: Store, other: str) -> None:
    first = put_run(store, "generate", PARAMS, version=1, method="1")
    second = put_run(
        store,
        "ensemble" if other == "kind" else "generate",
        PARAMS | {"n": 5} if other == "params" else PARAMS,
        version=2 if other == "version" else 1,
        method="2" if other == "method" else "1",
    )
    assert first.id != second.id


def test_run_that_failed_was_cancelled_or_was_lost_is_not_offered_again(store: Store) -> None:
    ids = [put(store)]
    claim_run(store, HERE, version=1)
    fail_run(store, ids[0], HERE, "Out of memory.")
    ids.append(put(store))
    ask_to_cancel(store, ids[1])
    ids.append(put(store))
    died(store, ids[2])
    ids.append(put(store))
    assert len(set(ids)) == 4


def test_runs_are_listed_newest_first_by_kind(store: Store) -> None:
    first, second = put(store, 4), put(store, 5)
    other = put_run(store, "ensemble", PARAMS, version=1).id
    assert [run.id for run in list_runs(store)] == [other, second, first]
    assert [run.id for run in list_runs(store, "generate", n_most=1)] == [second]


# Who does it


def test_runs_are_claimed_in_the_order_in_which_they_were_asked(store: Store) -> None:
    ids = [put(store, n) for n in (3, 4, 5)]
    assert [n_before(store, get_run(store, one)) for one in ids] == [0, 1, 2]
    claimed = [claim_run(store, HERE, version=1) for _ in range(4)]
    assert [run and run.id for run in claimed] == [*ids, None]


def test_named_run_is_claimed_before_its_turn_but_only_while_it_waits(store: Store) -> None:
    _, second = put(store, 3), put(store, 4)
    run = claim_run(store, HERE, version=9, run_id=second)
    assert run is not None
    assert (run.id, run.state, run.version, run.pid) == (second, "running", 9, os.getpid())
    assert claim_run(store, HERE, version=9, run_id=second) is None


def test_run_has_one_holder_however_many_claim_at_once(store: Store) -> None:
    for n in range(2, 12):
        put(store, n)
    holders = [this_process(f"worker {i}") for i in range(30)]
    with ThreadPoolExecutor(10) as pool:
        claimed = list(pool.map(lambda holder: claim_run(store, holder, version=1), holders))
    ids = [run.id for run in claimed if run is not None]
    assert len(ids) == len(set(ids)) == 10


def test_only_its_holder_writes_to_a_run(store: Store) -> None:
    run_id = put(store)
    claim_run(store, HERE, version=1)
    assert not report_run(store, run_id, ELSEWHERE, 5, 10, "counting")
    assert not is_wanted(store, run_id, ELSEWHERE)
    assert not finish_run(store, run_id, ELSEWHERE, "theirs.zip")
    assert not fail_run(store, run_id, ELSEWHERE, "theirs")
    keep_best(store, run_id, ELSEWHERE, "theirs.zip")
    assert report_run(store, run_id, HERE, 3, 10, "counting")
    run = get_run(store, run_id)
    assert (run.done, run.total, run.doing, run.state) == (3, 10, "counting", "running")
    assert (run.result_file, run.message) == ("", "")


def test_progress_and_ends_of_runs_are_no_change_of_the_data(store: Store) -> None:
    before = store.version
    run_id = put(store)
    claim_run(store, HERE, version=1)
    report_run(store, run_id, HERE, 1, 2, "counting")
    finish_run(store, run_id, HERE, "")
    forget_runs(store, n_kept=0)
    assert store.version == before


# How it ends


def test_run_that_goes_on_is_asked_to_stop_and_keeps_what_it_found(store: Store) -> None:
    run_id = put(store)
    claim_run(store, HERE, version=1)
    ask_to_cancel(store, run_id)
    assert get_run(store, run_id).state == "running"
    assert not is_wanted(store, run_id, HERE)
    assert not report_run(store, run_id, HERE, 1, 2, "counting")
    name = result_of(store, run_id)
    assert finish_run(store, run_id, HERE, name)
    assert (get_run(store, run_id).state, get_run(store, run_id).result_file) == ("cancelled", name)


def test_run_that_nobody_holds_is_cancelled_at_once(store: Store) -> None:
    waiting, lost = put(store, 3), put(store, 4)
    died(store, lost)
    for run_id in (waiting, lost):
        ask_to_cancel(store, run_id)
        assert get_run(store, run_id).state == "cancelled"
    assert claim_run(store, HERE, version=1) is None


def test_run_that_ended_stays_as_it_ended(store: Store) -> None:
    run_id = put(store)
    claim_run(store, HERE, version=1)
    finish_run(store, run_id, HERE, "")
    ask_to_cancel(store, run_id)
    assert not fail_run(store, run_id, HERE, "too late")
    assert start_again(store, run_id).state == "finished"


def test_lost_run_is_started_again_and_its_old_holder_cannot_disturb_it(store: Store) -> None:
    run_id = put(store)
    died(store, run_id)
    assert get_run(store, run_id).state == "lost"
    assert start_again(store, run_id).state == "waiting"
    assert claim_run(store, HERE, version=1).id == run_id  # type: ignore[union-attr]
    assert not finish_run(store, run_id, ELSEWHERE, "late.zip")
    assert get_run(store, run_id).state == "running"


def test_only_the_newest_best_of_a_run_is_kept(store: Store) -> None:
    run_id = put(store)
    claim_run(store, HERE, version=1)
    for n_bytes in (1, 2):
        best = result_of(store, run_id, n_bytes)
        keep_best(store, run_id, HERE, best)
        assert (get_run(store, run_id).result_file, files_of(store)) == (best, [best])
    last = result_of(store, run_id, 3)
    finish_run(store, run_id, HERE, last)
    assert (get_run(store, run_id).result_file, files_of(store)) == (last, [last])


def test_process_of_this_machine_is_dead_as_soon_as_it_has_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    now = time.time()
    assert not is_dead(child.pid, HERE.host, now)
    child.kill()
    child.wait()
    assert is_dead(child.pid, HERE.host, now)


@pytest.mark.parametrize(
    ("host", "limit"), [("another host", STALE_SECONDS), (HERE.host, STALE_HERE_SECONDS)]
)
def test_process_that_is_not_heard_of_is_dead_only_past_the_limit(host: str, limit: float) -> None:
    pid = os.getpid()
    assert [is_dead(pid, host, 1_000.0, 1_000.0 + limit + more) for more in (-1, 0, 1)] == [
        False,
        False,
        True,
    ]


# What is kept


def test_oldest_runs_that_ended_are_forgotten_with_their_files(store: Store) -> None:
    ids = [put(store, n) for n in (3, 4, 5, 6)]
    names = []
    for run_id in ids[:3]:
        claim_run(store, HERE, version=1, run_id=run_id)
        names.append(result_of(store, run_id))
        finish_run(store, run_id, HERE, names[-1])
    assert forget_runs(store, n_kept=2) == (ids[1], ids[0])
    assert [run.id for run in list_runs(store)] == [ids[3], ids[2]]
    assert files_of(store) == [names[2]]


def test_runs_that_wait_or_go_on_are_never_forgotten(store: Store) -> None:
    ids = {put(store, n) for n in (3, 4)}
    claim_run(store, HERE, version=1)
    assert forget_runs(store, n_kept=0) == ()
    assert {run.id for run in list_runs(store)} == ids


def test_results_beyond_the_room_for_them_are_forgotten_but_not_the_newest(store: Store) -> None:
    ids = [put(store, n) for n in (3, 4)]
    for run_id in ids:
        claim_run(store, HERE, version=1, run_id=run_id)
        finish_run(store, run_id, HERE, result_of(store, run_id, 50_000))
    assert forget_runs(store, bytes_kept=200_000) == ()
    assert forget_runs(store, bytes_kept=75_000) == (ids[0],)
    assert forget_runs(store, bytes_kept=10) == ()


# Files


def test_result_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    arrays = {"a.b": np.arange(6, dtype=np.int8).reshape(2, 3), "x": np.array([0.5, np.nan])}
    codes = pd.Index(["A", "B"], name="code")
    frames = {"table": pd.DataFrame({"n": [1, 2], "name": ["é", None]}, index=codes)}
    document = {"tolerance": 0.1, "names": ["é", ""], "none": None}
    name = write_run_result(tmp_path, "run", arrays, frames, document)
    read = read_run_result(tmp_path, name)
    for key, array in arrays.items():
        np.testing.assert_array_equal(read.arrays[key], array, strict=True)
    pd.testing.assert_frame_equal(read.frames["table"], frames["table"])
    assert read.document == document


def test_same_result_has_the_same_name(tmp_path: Path) -> None:
    first, second = (write_run_result(tmp_path, "run", {"a": np.arange(3)}, {}, {"b": 1}) for _ in range(2))
    assert first == second
    assert len(list(run_folder(tmp_path).iterdir())) == 1


def test_objects_that_could_run_code_are_neither_written_nor_read(tmp_path: Path) -> None:
    objects = np.array([print], dtype=object)
    with pytest.raises(ValueError, match="Object arrays"):
        write_run_result(tmp_path, "run", {"a": objects}, {}, {})
    assert list(run_folder(tmp_path).iterdir()) == []

    part, whole = BytesIO(), BytesIO()
    np.save(part, objects, allow_pickle=True)
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("arrays/a.npy", part.getvalue())
    name = f"run-{hashlib.sha256(whole.getvalue()).hexdigest()}.zip"
    (run_folder(tmp_path) / name).write_bytes(whole.getvalue())
    with pytest.raises(WorkspaceError, match="damaged"):
        read_run_result(tmp_path, name)


def test_damaged_or_missing_result_is_refused_in_words(tmp_path: Path) -> None:
    name = write_run_result(tmp_path, "run", {"a": np.arange(3)}, {}, {})
    path = run_folder(tmp_path) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="damaged"):
        read_run_result(tmp_path, name)
    path.unlink()
    with pytest.raises(WorkspaceError, match="no longer kept"):
        read_run_result(tmp_path, name)


def test_name_in_the_table_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    (tmp_path / "secret.zip").write_bytes(b"secret")
    with pytest.raises(WorkspaceError, match="no longer kept"):
        read_run_result(root, "../../secret.zip")


# Workspaces of an earlier version


FIRST_SCHEMA = """
    CREATE TABLE dataset (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, geography TEXT NOT NULL,
        file_name TEXT NOT NULL, spatial BOOLEAN NOT NULL, provenance JSON NOT NULL, extra JSON NOT NULL);
    CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE counter (key TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE footprint_option (
        row_number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL, geography TEXT NOT NULL, assignment JSON NOT NULL, footprint_names JSON NOT NULL,
        author TEXT NOT NULL, created TEXT NOT NULL, rationale TEXT NOT NULL, status TEXT NOT NULL,
        parent_id TEXT NOT NULL, seed INTEGER);
    CREATE TABLE custom_indicator (id TEXT NOT NULL PRIMARY KEY, record TEXT NOT NULL);
    INSERT INTO setting VALUES ('authority_name', 'York');
    INSERT INTO counter VALUES ('data', 17), ('options', 3);
    INSERT INTO footprint_option VALUES (1, 'abc', 'North four', 'ward', '{"E05010311": "A"}', '{}', 'Ann',
        '2026-01-01', '', 'draft', '', NULL);
    INSERT INTO custom_indicator VALUES ('own', '{}');
    PRAGMA user_version = 1;
"""


def test_workspace_of_the_first_version_opens_without_loss_and_takes_runs(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.executescript(FIRST_SCHEMA)
    connection.close()
    for _ in range(2):  # the second time it is of this version
        store = Store(tmp_path)
        assert store.settings() == {"authority_name": "York"}
        assert store.version == 17
        (option,) = list_options(store)
        assert (option["name"], option["assignment"]) == ("North four", {"E05010311": "A"})
    assert get_run(store, put(store)).state == "waiting"


def test_workspace_of_the_first_version_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.executescript(FIRST_SCHEMA)
    connection.close()
    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(lambda _: Store(tmp_path).version, range(8)))
    assert versions == [17] * 8


def test_a_request_that_rests_on_no_place_is_not_done_again_after_a_change_of_places(store: Store) -> None:
    """The versions 4 and 5 changed places alone, 3 figures too."""
    old = put_run(store, "generate", PARAMS, version=2)
    first = put_run(store, "generate", PARAMS, version=3, same_since=3)
    assert first.id != old.id
    assert put_run(store, "generate", PARAMS, version=5, same_since=3).id == first.id
    assert put_run(store, "generate", PARAMS, version=5).id != first.id
