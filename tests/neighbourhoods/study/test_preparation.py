"""What pages need first, worked out step by step."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.study.preparation import is_prepared, prepare, steps
from neighbourhoods.study.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(open_workspace(tmp_path / "workspace"))


def test_progress_counts_every_step_and_says_what_is_done(study: Study) -> None:
    seen: list[tuple[int, int, str]] = []
    assert prepare(study, everything=True, progress=lambda *step: seen.append(step))
    assert [done for done, _, _ in seen] == list(range(len(seen)))
    assert {total for _, total, _ in seen} == {len(seen)}
    assert [doing for _, _, doing in seen] == [doing for doing, _ in steps(study, everything=True)]
    assert "figures of wards" in [doing for _, _, doing in seen]


def test_first_figures_are_less_than_everything(study: Study) -> None:
    assert not is_prepared(study)
    prepare(study)
    assert is_prepared(study)
    assert not is_prepared(study, everything=True)
    prepare(study, everything=True)
    assert is_prepared(study, everything=True)


def test_stopped_between_steps_it_keeps_what_is_done_and_does_the_rest_when_asked(study: Study) -> None:
    asked: list[str] = []
    assert not prepare(
        study,
        everything=True,
        progress=lambda done, total, doing: asked.append(doing),
        cancelled=lambda: len(asked) == 2,
    )
    assert len(asked) == 2
    assert is_prepared(study)
    assert not is_prepared(study, everything=True)
    assert study.coverage()["bad_health"]["ward"] == 21


def test_empty_workspace_has_nothing_to_wait_for(tmp_path: Path) -> None:
    empty = Study(Store(tmp_path / "empty"))
    assert is_prepared(empty)
    assert prepare(empty)
