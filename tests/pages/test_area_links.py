"""The box of links below the drawing's map: closed it sends nothing, open it tells, changes and adds."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.link_table import list_link_rows
from geodata.workspace import open_workspace
from neighbourhoods.option.draft import Draft
from neighbourhoods.study.study import Study
from pages.components.area_links import NO_LINK
from pages.components.state import DRAFT_KEY
from pages.components.words import plain
from tests.neighbourhoods.cut_town import cut_option, cut_store

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = plain(
    "2 links: Ash is joined to Dale across 100 m of water; Cedar is joined to Gull across 700 m of water."
)


def draw_page(folder: Path, monkeypatch: pytest.MonkeyPatch, *, is_open: bool = True) -> AppTest:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(folder))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/plan/draw_option.py")
    if is_open:
        app.session_state["draw_links"] = True
    app.run()
    assert not app.exception, app.exception
    return app


def told(app: AppTest) -> list[str]:
    return [one.value for one in app.markdown]


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click()
    app.run()
    assert not app.exception, app.exception
    return app


def write(app: AppTest, form: str, reason: str, author: str = "Ann") -> None:
    boxes = {str(one.key).rsplit("_", 1)[0]: one for one in app.text_input}
    boxes[f"link_reason_{form}"].set_value(reason)
    boxes[f"link_author_{form}"].set_value(author)


def choose(app: AppTest, label: str, value: object) -> None:
    next(one for one in app.selectbox if one.label == label).set_value(value)


def test_a_closed_box_says_how_many_links_there_are_and_makes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_store(tmp_path)
    app = draw_page(tmp_path, monkeypatch, is_open=False)
    assert "Areas joined without a border (2)" in [one.label for one in app.expander]
    assert SENTENCE not in told(app)
    assert not [one for one in app.selectbox if one.label == "First area"]


def test_a_link_is_taken_away_and_put_back_and_the_faults_follow_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = cut_store(tmp_path)
    app = draw_page(tmp_path, monkeypatch)
    draft: Draft = app.session_state[DRAFT_KEY]
    for code, footprint in cut_option("AAABBBA").assignment.items():
        draft = draft.assign([code], footprint)
    app.session_state[DRAFT_KEY] = draft
    app.run()
    assert SENTENCE in told(app)
    assert not any("2 pieces" in one for one in told(app))
    choose(app, "Link", ("C", "G"))
    app.run()
    press(app, "Take this link away")
    assert [one.value for one in app.error] == [
        "Reason\\: say why, such as the name of the bridge or ferry; nothing was changed."
    ]
    write(app, "change", "No ferry in winter")
    press(app, "Take this link away")
    assert "Areas joined without a border (1)" in [one.label for one in app.expander]
    assert any("2 pieces" in one for one in told(app)), told(app)
    assert "Cedar and Gull are no longer joined." in [one.value for one in app.success]
    choose(app, "Link", ("C", "G"))
    app.run()
    write(app, "change", "Ferry again")
    press(app, "Put this link back")
    assert SENTENCE in told(app)
    assert not any("2 pieces" in one for one in told(app))
    assert [row["says"] for row in list_link_rows(store, "ward")] == ["none", "automatic"]


def test_two_areas_are_joined_by_hand_and_what_cannot_be_is_said_beside_the_boxes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = cut_store(tmp_path)
    app = draw_page(tmp_path, monkeypatch)
    press(app, "Join these areas")
    assert [one.value for one in app.error] == ["Choose two areas."]
    choose(app, "First area", "B")
    choose(app, "Second area", "A")
    write(app, "add", "Bridge")
    press(app, "Join these areas")
    assert [one.value for one in app.error] == ["Ash and Birch share a border\\: they are neighbours anyway."]
    choose(app, "Second area", "E")
    press(app, "Join these areas")
    assert ("B", "E", "river", "Ann") in [
        (one.focal, one.neighbour, one.kind, one.by) for one in Study(store).links("ward").links
    ]
    assert "Areas joined without a border (3)" in [one.label for one in app.expander]
    table = next(one.value for one in app.dataframe if "Joined to" in one.value)
    assert table["Who"].tolist() == ["the outlines", "the outlines", "Ann"]


def test_where_all_areas_share_borders_the_box_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_workspace(tmp_path / "workspace")  # the sample of York
    app = draw_page(tmp_path / "workspace", monkeypatch)
    assert "Areas joined without a border (0)" in [one.label for one in app.expander]
    assert NO_LINK in told(app)
    assert "Link" not in [one.label for one in app.selectbox]
