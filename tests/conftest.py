"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from geodata.run_process import IDLE_SECONDS

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


@pytest.fixture(scope="session", autouse=True)
def _workers_leave_at_once() -> Iterator[None]:
    """No worker stays behind a test to wait for more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(IDLE_SECONDS, "0")
        yield
