"""Draw on the embedded sample: no work is lost by a reload, by another drawing or by a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.workspace import open_workspace
from neighbourhoods.option.draft import Draft, new_draft
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components.draft_shelf import DraftShelf
from pages.components.drawing import BROUGHT_BACK, NOT_KEPT, PUT_AWAY, UNSAVED
from pages.components.state import DRAFT_KEY

ROOT = Path(__file__).resolve().parents[2]
ODD = "*North* & $x$"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return Study(open_workspace(tmp_path / "workspace"))


def draw_page(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for key, value in address.items():
        app.query_params[key] = value
    app.switch_page("pages/plan/draw_option.py").run()
    assert not app.exception, app.exception
    return app


def named(app: AppTest) -> str:
    """Name of the unsaved drawing in the address."""
    value = app.query_params[UNSAVED]
    return value if isinstance(value, str) else value[0]


def with_three_wards(study: Study) -> tuple[AppTest, Draft]:
    """Somebody has placed three wards and saved nothing."""
    app = draw_page()
    begun: Draft = app.session_state[DRAFT_KEY]
    drawn = begun.assign(sorted(begun.area_codes)[:3], "A")
    app.session_state[DRAFT_KEY] = drawn
    app.run()
    return app, drawn


def test_a_reload_brings_the_unsaved_drawing_back(study: Study) -> None:
    app, drawn = with_three_wards(study)
    name = named(app)
    again = draw_page(**{UNSAVED: name})
    found: Draft = again.session_state[DRAFT_KEY]
    assert found.assignment == drawn.assignment
    assert found.can_undo
    assert BROUGHT_BACK in [one.value for one in again.success]
    assert named(again) != name, "two tabs must not write over one another"


def test_an_address_whose_drawing_is_gone_says_so(study: Study) -> None:
    app = draw_page(**{UNSAVED: "gone"})
    assert NOT_KEPT in [one.value for one in app.warning]
    assert UNSAVED not in app.query_params


def test_what_is_saved_is_no_longer_kept_as_unsaved(study: Study) -> None:
    app, drawn = with_three_wards(study)
    saved = save_option(study.store, drawn.to_option("Three wards"))
    app.session_state[DRAFT_KEY] = drawn.saved_as(saved)
    app.run()
    assert UNSAVED not in app.query_params


def test_opening_an_option_puts_the_unsaved_drawing_away_and_it_comes_back(study: Study) -> None:
    codes = sorted(study.outlines("ward").index)
    saved = save_option(study.store, FootprintOption("", "All", "ward", dict.fromkeys(codes, "A")))
    app, drawn = with_three_wards(study)
    app.query_params["option"] = saved.id
    app.run()
    assert not app.session_state[DRAFT_KEY].unassigned
    assert any("was not saved and is put away" in one.value for one in app.info)
    next(one for one in app.button if one.label == "Bring the unsaved drawing back").click().run()
    assert app.session_state[DRAFT_KEY].assignment == drawn.assignment
    assert PUT_AWAY not in app.session_state


def test_a_name_cannot_format_the_page(study: Study) -> None:
    app, drawn = with_three_wards(study)
    app.session_state[DRAFT_KEY] = drawn.rename("A", ODD).rename("B", ODD)  # the second is refused
    app.run()
    said = next(one.value for one in app.info if "There is a footprint called" in one.value)
    assert "$x$" not in said
    assert r"\$x\$" in said


def test_what_was_left_longest_goes_first_from_the_shelf() -> None:
    shelf = DraftShelf(most=2)
    draft = new_draft("ward", ["W1"], 1)
    first, second = shelf.keep(draft), shelf.keep(draft)
    shelf.keep(draft, first)
    third = shelf.keep(draft)
    assert shelf.find(first) is draft
    assert shelf.find(second) is None
    assert shelf.find(third) is draft
    shelf.drop(first)
    assert shelf.find(first) is None
