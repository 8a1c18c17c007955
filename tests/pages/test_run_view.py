"""A page that looks at a run: what it draws when the run ends while the page is being drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.run_record import Run
from pages.components import run_view

WAITING = Run(
    id="a1",
    kind="generate",
    key="k",
    params={},
    form={},
    author="",
    status="waiting",
    wants_cancel=False,
    done=0,
    total=0,
    doing="",
    message="",
    result_file="",
    version=1,
    worker_id="",
    pid=0,
    host="",
    created=1.0,
    started=0.0,
    ended=0.0,
    heartbeat=1.0,
)


class DrawnAgainError(Exception):
    """Stands for Streamlit's own."""


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The run as it is kept by now."""
    run = replace(WAITING, status="cancelled", ended=2.0)

    def again() -> None:
        raise DrawnAgainError

    monkeypatch.setattr(run_view, "run_now", lambda run_id: run)
    monkeypatch.setattr(run_view.st, "rerun", again)
    return run


def test_run_that_ended_while_the_page_was_drawn_has_it_drawn_again(ended: Run) -> None:
    """Else its button would stay disabled with nothing left to watch."""
    with pytest.raises(DrawnAgainError):
        run_view.show_run(WAITING)


def test_run_that_had_ended_before_draws_nothing(ended: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(run_view, "_watch", lambda run_id, **_: drawn.append(run_id))
    for name in ("warning", "button", "progress"):
        monkeypatch.setattr(run_view.st, name, lambda *_, name=name, **__: drawn.append(name))
    run_view.show_run(ended)
    assert drawn == []
