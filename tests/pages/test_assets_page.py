"""The Assets page on the embedded sample: places are changed, taken back, added, and refused by name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geodata.content import parse_payload
from geodata.export import to_csv_bytes
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Context
from geodata.payload import Payload
from geodata.source import SOURCES
from geodata.workspace import open_workspace
from neighbourhoods.register.change import ALL_COLUMNS
from neighbourhoods.register.edit import add_place, edit_place, remove_place
from neighbourhoods.register.field import KINDS
from neighbourhoods.register.need_asset import NeedParams, need_assets
from neighbourhoods.register.need_asset_report import finding_sentence
from neighbourhoods.register.register import register_frame
from neighbourhoods.study.study import Study
from pages.components.asset_need import need_map_state
from pages.components.asset_table import (
    COLUMNS,
    FOR_FILES,
    READ,
    UNKNOWN,
    AssetFilter,
    area_by_place,
    asset_map_state,
    filled_columns,
    filtered,
    finding_words,
    register_table,
)
from pages.components.map_state import PLACE_KINDS
from pages.components.words import plain

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/deliver/assets.py"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return Study(open_workspace(tmp_path / "workspace"))


def opened(tab: str = "", **session: object) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    page = app.switch_page(PAGE)
    if tab:
        page.session_state["assets_tabs"] = tab
    for key, value in session.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def first_place(study: Study) -> str:
    return str(register_frame(study).index[0])


def box(app: AppTest, kind: str, label: str, number: int = 0):  # type: ignore[no-untyped-def]
    """The box of that label; the form of the chosen place comes before the one that adds another."""
    return [one for one in getattr(app, kind) if one.label == label][number]


def press(app: AppTest, label: str) -> AppTest:
    next(b for b in app.button if b.label == label).click()
    app.run()
    assert not app.exception, app.exception
    return app


def test_headline_and_table_are_the_register(study: Study) -> None:
    frame = register_frame(study)
    app = opened()
    assert app.title[0].value == finding_words(study, frame)
    assert f"holds {len(frame)} places" in app.title[0].value
    table = app.dataframe[0].value
    assert sorted(table["Place"]) == sorted(frame["name"])


def test_a_change_is_seen_at_once_with_its_history_and_can_be_undone(study: Study) -> None:
    place = first_place(study)
    app = opened(asset=place)
    box(app, "text_input", "Your name").set_value("Ann")
    box(app, "selectbox", "Status", 1).set_value("may close")
    box(app, "text_input", "Running cost a year, pounds").set_value("£12,000")
    box(app, "text_input", "Why (may be left empty)").set_value("Budget")
    press(app, "Save change")
    assert app.title[0].value.endswith("1 may close")
    now = study.renewed()
    assert now.places().loc[place, "running_cost_gbp"] == 12_000
    (change,) = now.place_changes()
    assert (change.author, change.reason) == ("Ann", "Budget")
    history = next(f.value for f in app.dataframe if "What" in f.value)
    assert "Status from " in history["What"].iloc[0]
    assert history["Counts"].tolist() == ["yes"]
    press(app, "Undo last change")
    assert app.title[0].value.endswith("nobody has said yet which stay")
    press(app, "Redo")
    assert app.title[0].value.endswith("1 may close")


def test_what_cannot_be_read_is_named_and_stays_in_its_box(study: Study) -> None:
    app = opened(asset=first_place(study))
    box(app, "text_input", "Your name").set_value("Ann")
    box(app, "text_input", "Capacity, people").set_value("many")
    press(app, "Save change")
    assert any("Capacity, people: 'many'" in e.value for e in app.error)
    assert box(app, "text_input", "Capacity, people").value == "many"
    assert study.renewed().version == study.version


def test_without_a_name_nothing_is_changed(study: Study) -> None:
    app = opened(asset=first_place(study))
    box(app, "text_input", "Parking").set_value("12 spaces")
    press(app, "Save change")
    assert any("Say who you are" in e.value for e in app.error)
    assert study.renewed().version == study.version


def test_a_place_is_added_by_coordinates_and_chosen(study: Study) -> None:
    point = study.outlines("ward").geometry.representative_point().iloc[0]
    app = opened()
    box(app, "text_input", "Your name").set_value("Ann")
    box(app, "text_input", "Name").set_value("<b>New hall</b>")
    box(app, "text_input", "Easting, metres").set_value(str(point.x))
    box(app, "text_input", "Northing, metres").set_value(str(point.y))
    press(app, "Add this place")
    assert any("is added" in s.value for s in app.success)
    places = study.renewed().places()
    assert places["name"].iloc[-1] == "<b>New hall</b>"
    assert app.session_state["asset"] == places.index[-1]
    assert any("\\<b\\>New hall" in s.value for s in app.subheader)


def test_a_place_that_was_taken_out_is_brought_back_from_the_changes(study: Study) -> None:
    place = first_place(study)
    remove_place(study, place, author="Ann", reason="Sold")
    app = opened("Changes", asset_author="Bob")
    assert place not in study.renewed().places().index
    table = app.dataframe[0].value
    assert table["What"].tolist() == ["taken out"]
    press(app, "Bring back")
    assert place in study.renewed().places().index


def test_changes_without_any_say_how_to_make_one(study: Study) -> None:
    assert any("Nothing has been changed" in i.value for i in opened("Changes").info)


def test_filters_leave_the_places_that_are_meant(study: Study) -> None:
    place = first_place(study)
    edit_place(study, place, {"owner": "Council", "services": "Lunch club; Chess"}, author="Ann")
    now = study.renewed()
    frame = register_frame(now)
    area_of = area_by_place(now, frame, "ward")
    assert set(area_of) <= set(now.outlines("ward").index) | {""}
    kind = str(frame.loc[place, "kind"])
    for wanted in (
        AssetFilter(owner="Council"),
        AssetFilter(text="lunch CLUB"),
        AssetFilter(kind=kind, area=str(area_of[place]), text=str(frame.loc[place, "name"])),
    ):
        assert filtered(frame, wanted, area_of).index.tolist() == [place]
    assert len(filtered(frame, AssetFilter(owner=UNKNOWN), area_of)) == len(frame) - 1
    assert len(filtered(frame, AssetFilter(), area_of)) == len(frame)


def test_each_shown_place_is_on_the_map_with_its_id(study: Study) -> None:
    frame = register_frame(study).iloc[:5]
    state = asset_map_state(study, "ward", frame, picked=str(frame.index[0]))
    assert {p.id for p in state.points} == set(frame.index)
    assert state.picked == frame.index[0]


def test_hours_stand_as_they_are_written_and_as_they_are_counted_with(study: Study) -> None:
    first, second, third = map(str, register_frame(study).index[:3])
    for place_id, text in ((first, "Mon-Fri 9am-5pm"), (second, "9-5 Sat; ring first")):
        edit_place(study.renewed(), place_id, {"opening_hours": text}, author="Ann")
    now = study.renewed()
    table = register_table(now, register_frame(now))
    assert table.columns.get_loc(READ) == table.columns.get_loc("Opening hours") + 1
    assert table.loc[[first, second, third], READ].tolist() == [
        "Mon to Fri 09:00 to 17:00",
        "Sat 09:00 to 17:00; not understood: ring first",
        "",
    ]
    assert table.loc[second, "Opening hours"] == "9-5 Sat; ring first"


def test_table_has_a_column_for_all_that_the_register_says(study: Study) -> None:
    frame = register_frame(study)
    table = register_table(study, frame)
    assert set(ALL_COLUMNS) - set(COLUMNS) == {"source_id", "type"}
    assert [c for c in table if c != READ] == [*COLUMNS.values(), *FOR_FILES, "Changed by hand"]
    assert set(table["Kind"]) <= {kind.label for kind in PLACE_KINDS.values()}
    assert "Capacity (people)" not in filled_columns(table)  # nobody gave any
    assert (table["Source"] != "").all()
    assert isinstance(table, pd.DataFrame)


def test_two_places_are_merged_by_a_person_and_others_kept_apart(study: Study) -> None:
    frame = register_frame(study)
    one, two = frame.iloc[0], frame.iloc[1]
    for row in (one, two):
        given = {"name": f"{row['name']} ", "x": row.geometry.x, "y": row.geometry.y, "owner": "Council"}
        add_place(study.renewed(), given, author="Ann")
    app = opened("Duplicates", asset_author="Ann")
    assert len(app.selectbox(key="asset_pair").options) >= 2
    before = len(next(f.value for f in app.dataframe if "Score" in f.value))
    beside = next(f.value for f in app.dataframe if "Field" in f.value)
    assert "Council" in set(beside["First"]) | set(beside["Second"])
    press(app, "Merge into one place")
    assert any("is merged into" in s.value for s in app.success)
    press(app, "Not the same place")
    assert any("stay two places" in s.value for s in app.success)
    acts = [c.act for c in study.renewed().place_changes()]
    assert acts == ["add", "add", "merge", "distinct"]
    merged = study.renewed().place_changes()[2]
    assert study.renewed().places().loc[merged.place_id, "owner"] == "Council"
    tables = [f.value for f in app.dataframe if "Score" in f.value]
    assert len(tables[0]) <= before - 2 if tables else before <= 2


def test_kinds_of_the_register_are_those_of_the_map() -> None:
    assert {k: v.label for k, v in PLACE_KINDS.items()} == KINDS


def test_needs_and_assets_of_a_theme_make_the_headline_and_a_table(study: Study) -> None:
    app = opened("Needs and assets")
    found = need_assets(study, NeedParams("older_people", "ward"))
    assert app.title[0].value == plain(finding_sentence(study, found))
    table = app.dataframe[0].value
    assert len(table) == len(study.areas("ward"))
    assert table["People in need"].sum() == found.by_area["need_count"].sum()
    app.selectbox(key="theme").select("learning").run()
    assert not app.exception
    assert app.title[0].value.startswith("Skills and learning")


def test_map_hatches_the_mismatches_and_shows_the_assets(study: Study) -> None:
    found = need_assets(study, NeedParams("older_people", "ward"))
    state = need_map_state(study, found)
    codes = study.topology("ward").area_codes
    assert {codes[i] for i in state.differing} == set(found.mismatched.index)
    assert len(state.points) == len(found.assets)
    assert len(state.fill_by_area) == len(codes)
    assert state.legend is not None
    assert state.legend.differs == "High need, few assets"


def test_a_register_that_was_taken_away_comes_back_as_it_was(study: Study) -> None:
    """Venues that leave as CSV are recognised as the same venues when they are imported again."""
    point = study.outlines("ward").geometry.representative_point().iloc[0]
    given = {
        "name": "Hall",
        "x": point.x,
        "y": point.y,
        "owner": "Council",
        "status": "stays",
        "capacity": "80",
        "running_cost_gbp": "12000",
        "services": "Lunch club; Chess",
    }
    hall = add_place(study, given, author="Ann")
    now = study.renewed()
    frame = register_frame(now).loc[[hall]]
    content = to_csv_bytes(register_table(now, frame), ["A source line"])
    (raw,) = parse_payload(Payload("register.csv", "", content))
    (layout,) = [one for one in LAYOUTS if one.matches(raw)]
    parsed = layout.parse(raw, Context(authority_code="E06000014", outline=shapely.box(0, 0, 7e5, 7e5)))
    back = parsed.datasets[0].frame
    assert list(back.index) == [hall]
    for name in ("name", "owner", "status", "capacity", "running_cost_gbp", "services"):
        assert back.loc[hall, name] == frame.loc[hall, name], name
    assert back.geometry[hall].distance(frame.geometry[hall]) < 0.1


def test_the_lists_that_are_shown_are_cited_and_no_others(study: Study) -> None:
    app = opened()
    said = next(c.value for c in app.caption if c.value.startswith("Source: "))
    for one in set(study.places()["source_id"]):
        assert SOURCES[one].title in said
    assert SOURCES[study.catalogue["bad_health"].source_id].title not in said
    said = next(c.value for c in opened("Needs and assets").caption if c.value.startswith("Source: "))
    assert SOURCES[study.catalogue["pop_65plus"].source_id].title in said
