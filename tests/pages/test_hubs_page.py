"""The Hubs page on the embedded sample: asked, found, opened again by its address."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geodata.run_process import this_process
from geodata.run_table import claim_run, get_run, put_run
from geodata.workspace import open_workspace
from neighbourhoods.access import access_by_area
from neighbourhoods.hub_siting import HubParams, HubPlan, reach_of
from neighbourhoods.run import run_kind
from neighbourhoods.run_work import do_run
from neighbourhoods.study import Study
from pages.components.hub_view import hub_map_state, place_titles, proof_words, value_words

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


def test_a_plan_is_shown_by_its_address_with_its_proof(study: Study) -> None:
    kind = run_kind("hubs")
    params = HubParams(("library",), 3)
    run = put_run(
        study.store,
        "hubs",
        kind.params_to_json(params),
        version=study.version,
        method=kind.method,
        author="",
        form={"hubs_n": 3, "hubs_kinds": ["library"]},
    )
    holder = this_process()
    claimed = claim_run(study.store, holder, version=study.version, run_id=run.id)
    assert claimed is not None
    do_run(study.store, claimed, holder, study)
    assert get_run(study.store, run.id).status == "finished"
    app = opened(run=run.id)
    assert not app.exception
    assert app.title[0].value.startswith("3 hubs put ")
    assert app.number_input(key="hubs_n").value == 3
    assert any("Proven best among" in c.value for c in app.caption)
    table = next(frame.value for frame in app.dataframe if "Hub" in frame.value)
    assert table["People nearest"].sum() == pytest.approx(study.population("ward").sum(), abs=3)


def test_the_map_shows_the_hubs_and_no_namesake_and_boxes_tell_them_apart(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = study.places()
    places = places[places["kind"] == "library"].iloc[:3].copy()
    places["name"], places["postcode"] = "Boots", ["YO1 1AA", "YO1 1AB", "YO1 1AC"]
    monkeypatch.setattr(Study, "places", lambda _self: places)
    params = HubParams(("library",))
    reach = reach_of(study, params, (str(places.index[1]),), "ward")
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
