"""Fixtures that every test may use."""

from __future__ import annotations

import fcntl
import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

import geodata.workspace
from geodata.database import DATABASE_NAME
from geodata.importer import ImportReport, import_paths
from geodata.run_process import IDLE_SECONDS
from geodata.sample.build import write_sample
from geodata.store import Store

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

settings.register_profile("house", deadline=None)  # no test may fail because a machine is slow
settings.load_profile("house")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real published files; tests that need them skip where the folder is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real published files (../shared/data) are not on this machine")
    return SHARED_DATA


@pytest.fixture(scope="session")
def york_data(shared_data: Path) -> Path:
    """Real published files of York."""
    return shared_data / "york"


@pytest.fixture(scope="session")
def york_import(
    york_data: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Path, ImportReport]:
    """A workspace with all of York's published files, imported once in a run, and the report; only read."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "york_imported"
    folder.mkdir(exist_ok=True)
    report = folder / "report.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes of one run come here
        if not report.exists():
            made = import_paths(Store(folder / "workspace"), [york_data])
            report.with_suffix(".part").write_bytes(pickle.dumps(made))
            report.with_suffix(".part").replace(report)
    return folder / "workspace", pickle.loads(report.read_bytes())


@pytest.fixture(scope="session")
def york_copy(
    york_import: tuple[Path, ImportReport], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Path]:
    """Makes a workspace of York of a test's own, with all published files imported."""

    def copied() -> Path:
        return shutil.copytree(york_import[0], tmp_path_factory.mktemp("york") / "workspace")

    return copied


@pytest.fixture(scope="session", autouse=True)
def _workers_leave_at_once() -> Iterator[None]:
    """No worker stays behind a test to wait for more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(IDLE_SECONDS, "0")
        yield


@pytest.fixture(scope="session", autouse=True)
def _sample_is_copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every new workspace of a test gets a copy of one embedded sample, which is written as it always is.

    Writing it anew waits for the disk hundreds of times. What writes the sample is tested by calling it.
    """
    made: list[Path] = []

    def copied(store: Store, *, at_version: int | None = None) -> None:
        if not made:
            folder = tmp_path_factory.mktemp("sample_to_copy") / "workspace"
            write_sample(Store(folder))
            made.append(folder)
        shutil.copytree(made[0] / "data", store.root / "data", dirs_exist_ok=True)
        with (
            closing(sqlite3.connect(made[0] / DATABASE_NAME)) as source,
            closing(sqlite3.connect(store.root / DATABASE_NAME)) as target,
        ):
            source.backup(target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geodata.workspace, "write_sample", copied)
        yield
