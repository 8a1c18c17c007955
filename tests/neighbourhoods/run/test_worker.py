"""Work in a process of its own: claimed once, told of, stopped when asked, and missed when it dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from geodata import worker_table
from geodata.errors import InputError
from geodata.run_file import log_name, read_run_result, run_folder
from geodata.run_process import MOST_WORKERS, Holder, is_dead, this_process
from geodata.run_record import Run
from geodata.run_table import ask_to_cancel, claim_run, get_run, list_runs, put_run, start_again
from geodata.store import Store
from geodata.worker_table import list_workers, require_worker, sign_off, sign_on
from geodata.workspace import open_workspace
from neighbourhoods.generation.generate import generate
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.run import work as run_work
from neighbourhoods.run.run import RUN_KINDS, RunKind, run_kind
from neighbourhoods.run.work import do_run
from neighbourhoods.run.worker import NICER, work_through
from neighbourhoods.study.study import Study

HERE = this_process("here")
PATIENCE_S = 120
Work = Callable[..., "Total"]
Tell = Callable[[int, int, str], None]
Adding = Callable[..., None]


@dataclass(frozen=True)
class Sum:
    """Numbers to be added up."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Total:
    """What they come to."""

    total: int


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The embedded sample; workers that are left at the end are ended."""
    store = open_workspace(tmp_path / "workspace")
    yield store
    for holder in list_workers(store):
        if holder.pid != os.getpid():
            os.kill(holder.pid, signal.SIGKILL)


@pytest.fixture
def adding(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Makes a kind of work "sum" that is done by the function it is given."""

    def by(work: Work, *, keeps_best: bool = False) -> None:
        kind = RunKind(
            "sum", "Adding up", Sum, Total, "math:fsum", lambda _: "a sum", "1", keeps_best=keeps_best
        )
        monkeypatch.setitem(RUN_KINDS, "sum", kind)
        monkeypatch.setattr(run_work, "function_at", lambda _: work)

    return by


def put(store: Store, *numbers: int) -> Run:
    return put_run(store, "sum", {"numbers": list(numbers)}, version=store.version)


def ask(store: Store, tolerance: float, n: int = 4) -> Run:
    params = run_kind("generate").params_to_json(GenerationParams("ward", n, n, tolerance))
    return put_run(store, "generate", params, version=store.version)


def do(store: Store, run: Run, holder: Holder = HERE) -> Run:
    claimed = claim_run(store, holder, version=store.version, run_id=run.id)
    assert claimed is not None
    do_run(store, claimed, holder, Study(store))
    return get_run(store, run.id)


def result(store: Store, run: Run) -> object:
    name = get_run(store, run.id).result_file
    return run_kind(run.kind).result_from_parts(read_run_result(store.root, name))


def comes_to(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


# One run


def test_work_is_given_what_was_asked_and_its_result_is_kept(store: Store, adding: Adding) -> None:
    adding(lambda _study, params, **_: Total(sum(params.numbers)))
    run = do(store, put(store, 3, 4))
    assert (run.state, result(store, run)) == ("finished", Total(7))


def test_fault_in_what_was_asked_is_told_in_its_own_words(store: Store, adding: Adding) -> None:
    def refuse(*_: object, **__: object) -> Total:
        raise InputError("No two wards are joined. Add a link.")

    adding(refuse)
    run = do(store, put(store, 1))
    assert (run.state, run.message) == ("failed", "No two wards are joined. Add a link.")


def test_any_other_fault_says_what_happened_and_where_the_record_is(store: Store, adding: Adding) -> None:
    def stumble(*_: object, **__: object) -> Total:
        return Total(1 // 0)

    adding(stumble)
    run = do(store, put(store, 1))
    log = run_folder(store.root) / log_name(run.id)
    assert run.state == "failed"
    assert "ZeroDivisionError" in run.message
    assert f"runs/{log.name}" in run.message
    assert "return Total(1 // 0)" in log.read_text()


def test_kind_that_is_not_known_here_fails_in_words(store: Store) -> None:
    run = do(store, put_run(store, "dance", {}, version=1))
    assert run.state == "failed"
    assert "no kind of run called 'dance'" in run.message


def test_how_far_the_work_is_can_be_read_while_it_goes_on(store: Store, adding: Adding) -> None:
    run = put(store, 1)
    seen: list[Run] = []

    def report(_study: Study, _params: Sum, *, progress: Tell, **_: object) -> Total:
        progress(3, 10, "three added")
        comes_to(lambda: get_run(store, run.id).done == 3)
        seen.append(get_run(store, run.id))
        return Total(0)

    adding(report)
    do(store, run)
    assert [(one.done, one.total, one.doing, one.state) for one in seen] == [
        (3, 10, "three added", "running")
    ]


def test_progress_is_written_a_few_times_a_second_however_often_it_is_told(
    store: Store, adding: Adding, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(run_work, "report_run", lambda *said: written.append(said[3]) or True)

    def chatter(_study: Study, _params: Sum, *, progress: Tell, **_: object) -> Total:
        for done in range(1, 10_001):
            progress(done, 10_000, "adding")
        comes_to(lambda: written[-1:] == [10_000])
        return Total(0)

    adding(chatter)
    do(store, put(store, 1))
    assert len(written) < 100


def test_work_that_is_cancelled_keeps_what_it_found(store: Store, adding: Adding) -> None:
    run = put(store, 1)

    def until_stopped(_study: Study, _params: Sum, *, cancelled: Callable[[], bool], **_: object) -> Total:
        ask_to_cancel(store, run.id)
        comes_to(cancelled)
        return Total(41)

    adding(until_stopped)
    run = do(store, run)
    assert (run.state, result(store, run)) == ("cancelled", Total(41))


def test_work_stops_when_its_run_is_no_longer_its_own(store: Store, adding: Adding) -> None:
    """A worker that was given up for dead, and whose run somebody started again, must not go on."""
    run = put(store, 1)

    def taken_over(_study: Study, _params: Sum, *, cancelled: Callable[[], bool], **_: object) -> Total:
        monkey.setattr("geodata.run_record.is_dead", lambda *_: True)
        start_again(store, run.id)
        monkey.undo()
        comes_to(cancelled)
        return Total(41)

    adding(taken_over)
    with pytest.MonkeyPatch.context() as monkey:
        run = do(store, run)
    assert (run.state, run.result_file) == ("waiting", "")


def test_best_so_far_outlives_a_process_that_dies(store: Store, adding: Adding) -> None:
    def die(_study: Study, _params: Sum, *, keep: Callable[[Total], None], **_: object) -> Total:
        keep(Total(12))
        raise SystemExit  # nothing is caught on the way out

    adding(die, keeps_best=True)
    run = put(store, 1)
    with pytest.raises(SystemExit):
        do(store, run)
    assert (get_run(store, run.id).status, result(store, run)) == ("running", Total(12))


# Workers


def test_worker_does_all_that_waits_in_turn_and_leaves(store: Store, adding: Adding) -> None:
    done: list[int] = []

    def note(_study: Study, params: Sum, **_: object) -> Total:
        done.extend(params.numbers)
        return Total(0)

    adding(note)
    runs = [put(store, n) for n in (1, 2, 3)]
    assert work_through(store, HERE, first=runs[2].id) == 3
    assert done == [3, 1, 2]
    assert list_workers(store) == ()


def test_worker_that_stays_takes_what_comes_later(store: Store, adding: Adding) -> None:
    adding(lambda *_, **__: Total(5))
    thread = threading.Thread(target=work_through, args=(store, HERE), kwargs={"stay_s": 3.0})
    thread.start()
    comes_to(lambda: len(list_workers(store)) == 1)
    run = put(store, 1)
    assert require_worker(store, run) is None
    thread.join(PATIENCE_S)
    assert result(store, run) == Total(5)
    assert list_workers(store) == ()


def test_run_is_done_on_the_data_of_the_moment_and_says_so(store: Store, adding: Adding) -> None:
    versions: list[int] = []

    def note(study: Study, _params: Sum, **_: object) -> Total:
        versions.append(study.version)
        return Total(0)

    adding(note)
    run = put(store, 1)
    store.put_settings(target_population="40000")
    work_through(store, HERE)
    assert get_run(store, run.id).version == store.version == versions[0] == run.version + 1


def test_worker_may_not_leave_while_something_waits(store: Store) -> None:
    sign_on(store, HERE)
    run = put(store, 1)
    assert not sign_off(store, HERE)
    assert list_workers(store) == (HERE,)
    ask_to_cancel(store, run.id)
    assert sign_off(store, HERE)


@pytest.mark.parametrize(("most", "n_started"), [(1, 1), (2, 2), (5, 3)])
def test_no_more_workers_are_started_than_may_work_at_once_or_than_runs_wait(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int, n_started: int
) -> None:
    started: list[str] = []

    def start(_root: Path, run_id: str, worker_id: str) -> Holder:
        started.append(run_id)
        return Holder(worker_id, os.getpid(), HERE.host)

    monkeypatch.setenv(MOST_WORKERS, str(most))
    monkeypatch.setattr(worker_table, "start_worker", start)
    for _ in range(2):
        require_worker(store)  # one is made ready, and no second
    runs = [put(store, n) for n in (1, 2, 3)]
    for run in [*runs, *runs]:
        require_worker(store, run)
    assert len(started) == n_started


def test_worker_that_died_makes_room_for_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MOST_WORKERS, "1")
    monkeypatch.setattr(
        worker_table, "start_worker", lambda *_, worker_id: Holder(worker_id, 1, "another host")
    )
    run = put(store, 1)
    assert require_worker(store, run) is not None
    assert require_worker(store, run) is None
    monkeypatch.setattr(worker_table, "is_dead", lambda *_: True)
    assert require_worker(store, run) is not None


# Real processes


def test_process_comes_to_the_same_as_the_search_itself(store: Store) -> None:
    run = ask(store, 0.05)
    holder = require_worker(store, run)
    assert holder is not None
    comes_to(lambda: not get_run(store, run.id).is_active)
    ended = get_run(store, run.id)
    assert (ended.state, ended.worker_id, ended.pid) == ("finished", holder.id, holder.pid)
    found = result(store, run)
    assert isinstance(found, GenerationResult)
    expected = generate(Study(store), GenerationParams("ward", 4, 4, 0.05))
    np.testing.assert_array_equal(found.footprint, expected.footprint, strict=True)
    comes_to(lambda: is_dead(holder.pid, holder.host, time.time()))
    assert list_workers(store) == ()


def test_killed_process_is_missed_and_its_run_can_be_started_again(store: Store) -> None:
    run = ask(store, 0.15)
    holder = require_worker(store, run)
    assert holder is not None
    comes_to(lambda: get_run(store, run.id).state == "running")
    assert os.getpriority(os.PRIO_PROCESS, holder.pid) == os.getpriority(os.PRIO_PROCESS, 0) + NICER
    os.kill(holder.pid, signal.SIGKILL)
    comes_to(lambda: get_run(store, run.id).state == "lost")
    assert list_workers(store) == ()
    again = start_again(store, run.id)
    assert again.id == run.id
    assert require_worker(store, again) is not None
    comes_to(lambda: not get_run(store, run.id).is_active)
    assert get_run(store, run.id).state == "finished"


def test_finishing_process_takes_the_next_run_when_no_other_may_be_started(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MOST_WORKERS, "1")
    runs = [ask(store, 0.05, n) for n in (4, 5)]
    holders = [require_worker(store, run) for run in runs]
    assert holders[0] is not None
    assert holders[1] is None
    comes_to(lambda: not any(run.is_active for run in list_runs(store)))
    ended = [get_run(store, run.id) for run in runs]
    assert [run.state for run in ended] == ["finished", "finished"]
    assert {run.pid for run in ended} == {holders[0].pid}
