"""What lasts is kept from the collector."""

from __future__ import annotations

import gc

import pytest

from pages.components import memory


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_state", {"kept": -1, "at": 0.0})


def test_new_results_are_frozen_once() -> None:
    try:
        assert memory.settle(3)
        assert gc.get_freeze_count() > 0
        assert not memory.settle(3)
        assert memory.settle(4)
    finally:
        gc.unfreeze()


def test_a_minute_later_what_has_died_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"now": 1000.0}
    monkeypatch.setattr(memory.time, "monotonic", lambda: clock["now"])
    try:
        assert memory.settle(3)
        clock["now"] += memory.SECONDS_BETWEEN - 1
        assert not memory.settle(3)
        clock["now"] += 1
        assert memory.settle(3)
    finally:
        gc.unfreeze()
