"""The Python side of the map: what is sent, and what is made of what comes back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.area_map import STATIC_URL
from pages.components.area_map_event import MapEvent, parse_event
from pages.components.area_map_json import inert_json, short_form
from pages.components.area_map_state import (
    NO_DATA,
    SUPPRESSED,
    Legend,
    LegendEntry,
    MapState,
    PlaceKind,
    Point,
    Tooltips,
    point_content,
    state_content,
    tooltip_content,
)

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 7*7 }} {% x %} 'q' \"d\" map_0a1b"

SCRIPT = """
import streamlit as st
from pages.components.area_map import area_map
from pages.components.area_map_state import MapState, Tooltips

names = st.session_state.get("names", ("5.1%",) * 3)
area_map(
    "../../app/static/geometry/geometry-1.json",
    MapState(fill_by_area=(0, 1, -1), palette=("#111111", "#222222"), tooltips=Tooltips(names)),
    key="toy",
    label="Toy town",
)
"""


def content_of(state: MapState) -> dict[str, object]:
    return state_content(state, life="", seen=0, tips=None, points=None)


def arguments(app: AppTest) -> dict[str, object]:
    (component,) = app.get("component_instance")
    return json.loads(component.proto.json_args)


def test_each_area_costs_one_character() -> None:
    assert short_form((0, 9, 10, 35, NO_DATA, SUPPRESSED)) == "09az-x"


def test_more_than_36_classes_travel_as_numbers() -> None:
    assert short_form((35,)) == "z"
    assert short_form((36, NO_DATA)) == [36, NO_DATA]


def test_zero_no_data_and_suppressed_are_three_things() -> None:
    assert len(set(short_form((0, NO_DATA, SUPPRESSED)))) == 3


def test_the_first_footprint_is_not_taken_for_none() -> None:
    assert content_of(MapState(mode="draw", active=0))["active"] == 0
    assert content_of(MapState(mode="draw", active=-1))["active"] == -1
    assert "active" not in content_of(MapState(mode="draw"))


def test_legend_names_the_class_and_words_of_the_authority() -> None:
    legend = Legend("Bad health", "per cent", (LegendEntry(0, "2% to 3%"),), authority=(0, "York 2.4%"))
    sent = content_of(MapState(legend=legend))["legend"]
    assert sent["authority"] == {"fill": 0, "label": "York 2.4%"}
    assert sent["entries"][0]["label"] == "2% to 3%"


def test_points_carry_kind_name_and_degrees() -> None:
    assert point_content((Point("gp", "The Old School", -1.0823456, 53.96),)) == [
        ["gp", "The Old School", -1.08235, 53.96]
    ]
    kind = content_of(MapState(kinds=(PlaceKind("gp", "GP surgery", "cross", "#28A197"),)))["kinds"]
    assert kind == [{"id": "gp", "label": "GP surgery", "shape": "cross", "colour": "#28A197"}]


def test_names_stay_inert_in_the_script_and_come_out_unchanged() -> None:
    text = inert_json({"names": [HOSTILE]})
    assert not re.search(r"[<>&'_]|\{\{|\{%|\{#", text)
    assert json.loads(text) == {"names": [HOSTILE]}


def test_figures_that_are_not_numbers_never_reach_the_browser() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        inert_json({"x": float("nan")})


def test_map_takes_scripts_and_styles_from_this_app_alone() -> None:
    app = AppTest.from_string(SCRIPT).run()
    assert not app.exception
    sent = arguments(app)
    links = [*sent["js_links"], *sent["css_links"]]
    assert links
    assert all(link.startswith(STATIC_URL) for link in links)
    assert "://" not in json.dumps(sent)
    assert "user-scalable" not in sent["header"]


def test_base_of_the_map_stays_the_same_whatever_the_state() -> None:
    app = AppTest.from_string(SCRIPT).run()
    before = arguments(app)
    app.session_state["names"] = ("6.0%", "7.0%", "8.0%")
    after = arguments(app.run())
    assert before["script"] == after["script"]
    assert before["key"] == after["key"]
    assert before["feature_group"] != after["feature_group"]


def test_hostile_tooltip_is_escaped_in_what_is_sent() -> None:
    app = AppTest.from_string(SCRIPT)
    app.session_state["names"] = (HOSTILE, "", "")
    sent = arguments(app.run())
    assert "<img" not in sent["feature_group"]
    assert "\\u003cimg" in sent["feature_group"]


def test_long_tooltips_travel_by_url_and_not_with_every_answer() -> None:
    app = AppTest.from_string(SCRIPT)
    app.session_state["names"] = tuple(f"{row}.0% (1.0% to 9.0%)" for row in range(3_200))
    sent = arguments(app.run())
    assert len(sent["feature_group"]) < 1_000
    name = re.search(r"geometry/(geometry-[0-9a-f]+\.json)", sent["feature_group"].replace("\\u005f", "_"))
    assert name is not None


def event(number: int, kind: str = "assign", codes: tuple[str, ...] = ("A",), footprint: int = 0) -> dict:
    return {"n": number, "kind": kind, "codes": list(codes), "footprint": footprint}


def test_repeated_message_is_applied_once() -> None:
    message = {"life": "one", "events": [event(1), event(2, codes=("B",), footprint=1)]}
    first = parse_event(message, life="", seen=0)
    assert first is not None
    assert first.assigned == (("A", 0), ("B", 1))
    assert parse_event(message, life=first.life, seen=first.sequence) is None


def test_only_acts_after_the_confirmed_one_are_new_and_in_order() -> None:
    message = {"life": "one", "events": [event(3, codes=("C",)), event(1), event(2, codes=("B",))]}
    found = parse_event(message, life="one", seen=1)
    assert found is not None
    assert [code for code, _ in found.assigned] == ["B", "C"]
    assert found.sequence == 3


def test_a_new_frame_counts_from_one_again() -> None:
    found = parse_event({"life": "two", "events": [event(1)]}, life="one", seen=40)
    assert found is not None
    assert (found.life, found.sequence) == ("two", 1)


def test_the_last_of_several_selections_counts() -> None:
    message = {"life": "one", "events": [event(1, "select"), event(2, "select", ("B",))]}
    found = parse_event(message, life="", seen=0)
    assert isinstance(found, MapEvent)
    assert found.selected == "B"
    assert found.assigned == ()


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "text",
        {"life": 3, "events": []},
        {"life": "one"},
        {"life": "one", "events": "all"},
        {"life": "one", "events": [None, {"n": "1"}, {"n": 1, "kind": "drop", "codes": ["A"]}]},
        {"life": "one", "events": [{"n": 1, "kind": "assign", "codes": ["A"]}]},
        {"life": "one", "events": [{"n": 1, "kind": "select", "codes": [7]}]},
    ],
)
def test_a_value_of_another_form_is_no_event(value: object) -> None:
    assert parse_event(value, life="", seen=0) is None


def test_vendored_leaflet_is_the_locked_version() -> None:
    root = Path(__file__).resolve().parents[2]
    lock = json.loads((root / "package-lock.json").read_text())
    script = root / "static" / "vendor" / "leaflet" / "leaflet.js"
    assert f"Leaflet {lock['packages']['node_modules/leaflet']['version']}" in script.read_text()[:200]


def test_lock_file_names_no_registry() -> None:
    text = (Path(__file__).resolve().parents[2] / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "://" not in text


def test_tooltips_keep_geometry_order() -> None:
    assert tooltip_content(Tooltips(("a", "b"), ("x", ""))) == {
        "values": ["a", "b"],
        "comparisons": ["x", ""],
    }


def test_a_place_that_is_clicked_arrives_by_its_id() -> None:
    value = {"life": "a", "events": [{"n": 1, "kind": "place", "codes": ["library:a"]}]}
    event = parse_event(value, life="a", seen=0)
    assert event is not None
    assert (event.place, event.selected) == ("library:a", None)
    assert point_content((Point("gp", "School", -1.0, 53.0, "school:1"),)) == [
        ["gp", "School", -1.0, 53.0, "school:1"]
    ]
