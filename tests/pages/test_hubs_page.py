"""The Hubs page on the embedded sample: asked, found, opened again by its address."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geodata.run_process import this_process
from geodata.run_table import claim_run, get_run, put_run
from geodata.workspace import open_workspace
from neighbourhoods.hub.ground import hub_ground
from neighbourhoods.hub.library import saved_plans
from neighbourhoods.hub.params import HubParams, HubPlan
from neighbourhoods.hub.siting import suggest_hubs
from neighbourhoods.run.run import run_kind
from neighbourhoods.run.work import do_run
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import access_by_area
from pages.components.hub_change_map import NO_HUB, change_map_state, place_points
from pages.components.hub_view import hub_map_state, place_titles, proof_words, value_words
from pages.components.hub_what_if import paper_words
from tests.pages.dialog import in_dialog, is_open, press

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/deliver/hubs.py"
NONE = pd.DataFrame()


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return Study(open_workspace(tmp_path / "workspace"))


def opened(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.run()
    app.switch_page(PAGE)
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()


def test_before_anything_is_asked_the_page_says_what_will_be_here(study: Study) -> None:
    app = opened()
    assert not app.exception
    assert app.title[0].value.startswith("Where should teams stand")
    assert any("places could house a hub" in c.value for c in app.caption)


def found_run(study: Study, **form: object) -> str:
    """The id of a run that has found three libraries."""
    kind = run_kind("hubs")
    run = put_run(
        study.store,
        "hubs",
        kind.params_to_json(HubParams(("library",), 3)),
        version=study.version,
        method=kind.method,
        author="",
        form={"hubs_n": 3, "hubs_kinds": ["library"], **form},
    )
    holder = this_process()
    claimed = claim_run(study.store, holder, version=study.version, run_id=run.id)
    assert claimed is not None
    do_run(study.store, claimed, holder, study)
    assert get_run(study.store, run.id).status == "finished"
    return run.id


def test_a_plan_is_shown_by_its_address_with_its_proof(study: Study) -> None:
    app = opened(run=found_run(study))
    assert not app.exception
    assert app.title[0].value.startswith("3 hubs put ")
    assert app.number_input(key="hubs_n").value == 3
    assert any("Proven best among" in c.value for c in app.caption)
    table = next(frame.value for frame in app.dataframe if "Hub" in frame.value)
    assert table["People nearest"].sum() == pytest.approx(study.population("ward").sum(), abs=3)


def test_a_plan_is_saved_compared_and_shown_again(study: Study) -> None:
    app = opened(run=found_run(study))
    press(app, "hub_plan_open")
    app.text_input(key="save_author").set_value("Ann")
    app.text_area(key="hub_plan_why").set_value("Near buses")
    press(app, "hub_plan_save")
    assert any("Give the plan a name" in e.value for e in in_dialog(app).error)
    assert app.text_area(key="hub_plan_why").value == "Near buses"
    assert saved_plans(study.store) == ()
    app.text_input(key="hub_plan_name").set_value("Three libraries")
    press(app, "hub_plan_save")
    assert not is_open(app)
    (kept,) = saved_plans(study.store)
    assert (kept.name, len(kept.chosen)) == ("Three libraries", 3)
    assert (kept.author, kept.rationale) == ("Ann", "Near buses")
    assert any("Saved as Three libraries" in s.value for s in app.success)

    later = opened(plan=kept.id)  # a colleague, by the link
    assert not later.exception
    assert later.title[0].value.startswith("3 hubs put ")
    assert any("A saved plan is shown" in i.value for i in later.info)
    fresh = opened()
    table = next(frame.value for frame in fresh.dataframe if "Plan" in frame.value)
    assert table["Plan"].tolist() == ["Three libraries", "As now"]
    assert opened(plan="nowhere").title[0].value.startswith("Where should teams stand")


def test_every_tab_opens(study: Study) -> None:
    run_id = found_run(study)
    for tab in ("What if", "How many", "Areas", "Who", "Neighbourhoods", "Plans", "How this is worked out"):
        app = opened(run=run_id)
        app.session_state["hubs_tabs"] = tab
        app.run()
        assert not app.exception, tab


def what_if_state(app: AppTest) -> dict[str, Any]:
    """What the map under What if was sent."""
    args = json.loads(app.get("component_instance")[-1].proto.json_args)
    found = re.search(r"areaMap\.update\((\{.*\})\)", args["feature_group"])
    assert found is not None
    state: dict[str, Any] = json.loads(found[1])
    return state


def test_closing_is_said_by_who_loses_and_a_second_click_takes_it_back(study: Study) -> None:
    plan = suggest_hubs(study, HubParams(("library",), 3))
    app = opened(run=found_run(study))
    app.session_state["hubs_tabs"] = "What if"
    app.session_state["what_close"] = [plan.chosen[0]]
    app.run()
    closed = what_if_state(app)
    assert str(closed["status"]).startswith("0 people have a shorter journey and")
    assert closed["turns"]["said"].count(closed["turns"]["hint"]) == 1  # opened again it is the plan
    assert not any("shorter journey" in m.value for m in app.markdown)  # said once
    (told,) = (one.proto.body for one in app.get("html") if "What if: closed" in one.proto.body)
    assert "added" not in told
    table = next(frame.value for frame in app.dataframe if "People who lose" in frame.value)
    assert table["People who gain"].sum() == 0
    assert table["People who lose"].sum() > 0
    app.session_state["what_close"] = list(plan.chosen)
    app.run()
    assert what_if_state(app)["status"] == NO_HUB


def test_paper_names_what_is_closed_and_added_and_a_name_is_never_markup() -> None:
    titles = {"a": "Acomb Library", "b": "Boots & Co <b>", "c": "Haxby Library"}
    assert paper_words(titles, ["a"], ["b", "c"]) == (
        "What if: closed Acomb Library; added Boots &amp; Co &lt;b&gt; and Haxby Library."
    )
    assert paper_words(titles, [], ["c"]) == "What if: added Haxby Library."


def test_map_of_a_change_tells_nearer_from_further_at_its_steps(study: Study) -> None:
    codes = study.topology("ward").area_codes
    minutes = pd.Series(0.0, index=codes)
    minutes.iloc[:6] = [-5.1, -5.0, -1.0, 0.99, 1.0, 5.0]
    change = pd.DataFrame({"minutes": minutes})
    fills = change_map_state(study, "ward", change, {}).fill_by_area
    assert fills[:7] == (0, 1, 2, 2, 3, 4, 2)


def test_the_map_shows_the_hubs_and_no_namesake_and_boxes_tell_them_apart(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = study.places()
    places = places[places["kind"] == "library"].iloc[:3].copy()
    places["name"], places["postcode"] = "Boots", ["YO1 1AA", "YO1 1AB", "YO1 1AC"]
    monkeypatch.setattr(Study, "places", lambda _self: places)
    params = HubParams(("library",))
    reach = hub_ground(study, params).reach(params, (str(places.index[1]),))
    state = hub_map_state(study, reach, access_by_area(study, reach), 15)
    assert len(state.points) == 1
    assert set(place_titles(places).values()) == {f"Boots (Library), YO1 1A{one}" for one in "ABC"}


def test_words_of_a_plan_follow_its_aim(study: Study) -> None:
    plan = HubPlan(HubParams(("library",)), ("a",), 12.3, 12.0, 0.024, False, 9, "by hand", 0.1, NONE, NONE)
    assert value_words(plan) == "12.3 minutes, each area sent to one hub as a whole"
    assert proof_words(plan) == "At most 2.4% can be gained among 9 places."
    covering = HubPlan(
        HubParams(("library",), objective="max_coverage"), ("a",), 0.5, 0.5, 0, True, 9, "", 0, NONE, NONE
    )
    assert value_words(covering).startswith("50% within 15 minutes")
    assert proof_words(covering) == "Proven best among 9 places."
    fewest = HubPlan(
        HubParams(("library",), objective="set_cover"), ("a",), 7.0, 7.0, 0, True, 9, "", 0, NONE, NONE
    )
    assert value_words(fewest) == "7 hubs for 95% within 15 minutes"


def test_a_click_sends_what_became_of_each_place_and_no_place_anew(study: Study) -> None:
    places = hub_ground(study, HubParams(("library",))).places
    ids = tuple(map(str, places.index))
    plan = replace(suggest_hubs(study, HubParams(("library",), 3)), chosen=ids[:3])
    free = set(ids[3:])
    as_is = place_points(places, plan, [], [], free)
    changed = place_points(places, plan, ids[:1], ids[3:4], free)
    assert as_is["points"] == changed["points"]
    labels = [changed["kinds"][one].label for one in changed["point_kinds"]]
    assert labels[:5] == ["Closed", "Hub", "Hub", "Added", "Could be a hub"]
    assert as_is["kinds"] == changed["kinds"]
    assert {as_is["kinds"][one].label for one in as_is["point_kinds"]} == {"Could be a hub", "Hub"}
