"""The Scenarios page on the embedded sample: a finding at once, saved scenarios, every tab of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geodata.run_process import this_process
from geodata.run_table import claim_run, put_run
from geodata.workspace import open_workspace
from neighbourhoods.outreach.edit_library import save_outreach
from neighbourhoods.outreach.plan import FixedVisit
from neighbourhoods.run.run import RUN_KINDS
from neighbourhoods.run.work import do_run
from neighbourhoods.scenario.cost import HubCosts
from neighbourhoods.scenario.library import save_scenario, saved_scenarios
from neighbourhoods.scenario.measure import scenario_figures
from neighbourhoods.scenario.mix_params import Mix, ScenarioMix
from neighbourhoods.scenario.scenario import Scenario, new_scenario
from neighbourhoods.study.study import Study
from pages.components.scenario_form import BUS, SCENARIO
from pages.components.scenario_mix_tab import mix_chart, mix_table
from pages.components.scenario_view import case_now, cost_lines, finding_words
from tests.neighbourhoods.outreach.toy_outreach import ADVICE, YOUTH, toy_params
from tests.neighbourhoods.scenario.mix_case import ASKED
from tests.pages.dialog import in_dialog, is_open, press
from tests.pages.outreach_page import hand_kind, hand_plan, run_by_hand

ROOT = Path(__file__).resolve().parents[2]
TABS = ("Costs and reach", "Who is near", "Change hubs", "Give up stops", "Compare", "Cheapest mix")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return Study(open_workspace(tmp_path / "workspace"))


def with_bus(study: Study) -> Scenario:
    places = study.places()
    ids = tuple(str(one) for one in places.index[places["kind"] == "library"])
    sessions = tuple(replace(one, service_id="everyone") for one in (ADVICE, YOUTH))
    params = toy_params(hub_ids=ids[:2], depot_id=ids[2], stop_kinds=("library",), sessions=sessions)
    return new_scenario(ids[:2], bus_plan=hand_plan(study, params))


def opened(tab: str = "", **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.run()
    app.switch_page("pages/deliver/scenarios.py")
    for key, value in address.items():
        app.query_params[key] = value
    if tab:
        app.session_state["scenario_tabs"] = tab
    return app.run()


def test_without_anything_saved_the_places_that_are_open_are_a_scenario(study: Study) -> None:
    app = opened()
    assert not app.exception
    assert "hubs put" in app.title[0].value
    assert "within reach; it costs about" in app.title[0].value
    assert app.selectbox(key=SCENARIO).options == ["A new one"]


def test_a_saved_scenario_is_shown_by_its_address_and_saved_again_under_another_name(study: Study) -> None:
    scenario_id = save_scenario(study, with_bus(study), name="Two and a bus", rationale="Trial")
    app = opened(scenario=scenario_id)
    assert not app.exception
    assert app.title[0].value.startswith("2 hubs and a bus put ")
    assert any("Trial" in one.value for one in app.caption)
    press(app, "scenario_open")
    app.text_area(key="scenario_why").set_value("Once more")
    press(app, "scenario_save")
    assert len(in_dialog(app).error) == 1
    assert app.text_area(key="scenario_why").value == "Once more"
    app.text_input(key="scenario_name").set_value("Again")
    press(app, "scenario_save")
    assert not is_open(app)
    assert [one.name for one in saved_scenarios(study)] == ["Again", "Two and a bus"]
    assert any("Saved as Again" in one.value for one in app.success)


def test_a_scenario_is_renamed_and_removed(study: Study) -> None:
    save_scenario(study, with_bus(study), name="First")
    app = opened()
    press(app, "scenario_change_open")
    app.text_input(key="save_author").set_value("Ann")
    press(app, "scenario_rename")
    assert len(in_dialog(app).error) == 1
    assert app.text_input(key="save_author").value == "Ann"
    app.text_input(key="scenario_new_name").set_value("Second")
    press(app, "scenario_rename")
    assert not is_open(app)
    assert [one.name for one in saved_scenarios(study)] == ["Second"]
    press(app, "scenario_change_open")
    press(app, "scenario_remove")
    assert any("Second is off the list" in one.value for one in app.success)
    assert saved_scenarios(study) == ()


def test_costs_that_were_set_stay_and_change_the_finding(study: Study) -> None:
    app = opened()
    before = app.title[0].value
    press(app, "scenario_costs_open")
    app.number_input(key="scenario_cost_running_gbp_year").set_value(1_000_000.0)
    press(app, "scenario_costs_set")
    assert not is_open(app)
    after = app.title[0].value
    assert after != before
    assert app.run().title[0].value == after
    press(app, "scenario_costs_open")
    assert app.number_input(key="scenario_cost_running_gbp_year").value == 1_000_000.0
    app.number_input(key="scenario_cost_running_gbp_year").set_value(None)
    press(app, "scenario_costs_set")
    assert "what that costs is not known" in app.title[0].value


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_on_a_scenario_with_a_bus(study: Study, tab: str) -> None:
    first = with_bus(study)
    save_scenario(study, first, name="With")
    save_scenario(study, first.with_bus(None), name="Without")
    app = opened(tab)
    assert not app.exception
    if tab == "Compare":
        (table,) = [one.value for one in app.dataframe if "Does best" in one.value]
        assert list(table.columns) == ["About", "Measure", "Without", "With", "Does best"]
        assert table.set_index("Measure").loc["Cost a year", "Does best"] == "Without"


def test_closing_a_hub_says_what_it_does_to_the_bus(study: Study) -> None:
    scenario = with_bus(study)
    save_scenario(study, scenario, name="With")
    app = opened("Change hubs")
    app.multiselect(key="scenario_close").set_value([scenario.hub_ids[0]]).run()
    assert not app.exception
    assert any("come to be far from every hub" in one.value for one in app.markdown)
    assert any(one.label == "Work out the rounds anew" for one in app.button)


def test_rounds_worked_out_anew_are_taken_over_with_their_hubs_and_saved(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RUN_KINDS, "outreach", hand_kind())
    scenario = with_bus(study)
    base_id = save_scenario(study, scenario, name="With")
    assert scenario.bus is not None
    left = scenario.hub_ids[1:]
    run_id = run_by_hand(study, replace(scenario.bus, hub_ids=left, fixed=()))
    app = opened("Change hubs")
    app.session_state["scenario_new_rounds"] = run_id
    app.multiselect(key="scenario_close").set_value([scenario.hub_ids[0]]).run()
    assert app.title[0].value.startswith("2 hubs and a bus put ")
    app.button(key="scenario_take_over").click().run()
    assert not app.exception
    assert app.title[0].value.startswith("1 hub and a bus put ")
    title, mark = app.title[0].value, app.query_params["scenario"]
    mark = mark[0] if isinstance(mark, list) else mark
    assert mark == f"{base_id}~~{run_id}"
    assert app.multiselect(key="scenario_close").value == []
    assert opened(scenario=mark).title[0].value == title
    press(app, "scenario_open")
    app.text_input(key="scenario_name").set_value("One less")
    press(app, "scenario_save")
    saved = saved_scenarios(study)[0]
    assert (saved.name, saved.hub_ids, saved.bus_run_id) == ("One less", left, run_id)
    assert saved.rule == scenario.rule
    assert app.title[0].value == title
    assert app.selectbox(key=SCENARIO).options[-1] == "A new one"
    assert len(app.selectbox(key=SCENARIO).options) == 3


def test_rounds_for_another_bus_are_not_offered_and_a_link_to_a_run_that_is_gone_breaks_nothing(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RUN_KINDS, "outreach", hand_kind())
    scenario = with_bus(study)
    save_scenario(study, scenario, name="With")
    assert scenario.bus is not None
    asked = replace(scenario.bus, hub_ids=scenario.hub_ids[1:], fixed=())
    run_id = run_by_hand(study, replace(asked, far_minutes=asked.far_minutes + 1))
    app = opened("Change hubs", scenario="~~gone")
    assert app.title[0].value.startswith("2 hubs and a bus put ")
    app.session_state["scenario_new_rounds"] = run_id
    app.multiselect(key="scenario_close").set_value([scenario.hub_ids[0]]).run()
    assert not app.exception
    assert "scenario_take_over" not in [one.key for one in app.button]


def test_a_cost_that_is_not_known_is_said(study: Study) -> None:
    scenario = with_bus(study).with_bus(None)
    figures = scenario_figures(
        study, scenario, hub_values=HubCosts(running_gbp_year=float("nan")), case_values=case_now()
    )
    assert finding_words(scenario, figures).endswith("what that costs is not known")
    assert any("no data" in one for one in cost_lines(HubCosts(float("nan")), case_now()))


def hand_mix() -> ScenarioMix:
    """Three mixes, of which the second is enough."""
    mixes = (
        Mix(("a",), 0, 0, 0, 0.0, 0.3, 60_000.0, 0.0),
        Mix(("a",), 1, 240, 9, 18.0, 0.7, 60_000.0, 70_000.0),
        Mix(("a", "b"), 1, 240, 9, 18.0, 0.65, 120_000.0, 70_000.0),
    )
    return ScenarioMix(ASKED, mixes, 1, None, 100_000.0, (100_000.0,), 1.0, 2, 9, True, "by hand", 0.1)


def test_a_mix_is_a_row_and_a_mark_where_none_cheaper_reaches_as_much() -> None:
    table = mix_table(hand_mix(), pd.Series({"a": "Ash", "b": "Elm"}))
    assert table["Need within reach (%)"].tolist() == [30.0, 70.0]
    assert table["Cheapest"].tolist() == ["", "yes"]
    assert table["Which hubs"].tolist() == ["Ash", "Ash"]
    kinds = [row["kind"] for row in mix_chart(hand_mix()).layer[1].data.to_dict("records")]
    assert kinds == ["None cheaper reaches as much", "The cheapest for what is asked", "Other mixes"]


def test_a_joint_search_that_was_done_is_shown_by_its_address(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = RUN_KINDS["mix"]
    monkeypatch.setattr("neighbourhoods.scenario.mix.suggest_mix", lambda *_, **__: hand_mix())
    run = put_run(
        study.store,
        "mix",
        kind.params_to_json(ASKED),
        version=study.version,
        method=kind.method,
        author="",
        form={},
    )
    holder = this_process()
    claimed = claim_run(study.store, holder, version=study.version, run_id=run.id)
    assert claimed is not None
    do_run(study.store, claimed, holder, study)
    app = opened("Cheapest mix", run=run.id)
    assert not app.exception
    assert any("The cheapest mix found that brings 65% of need within reach" in m.value for m in app.markdown)


def test_a_plan_of_the_bus_that_was_saved_is_chosen_and_who_saves_is_carried(study: Study) -> None:
    scenario = with_bus(study)
    assert scenario.bus_plan is not None
    held = FixedVisit(str(scenario.bus_plan.visits["stop_id"].iloc[0]), "advice", 0, 550)
    plan = replace(scenario.bus_plan, params=replace(scenario.bus_plan.params, fixed=(held,)))
    plan_id = save_outreach(study.store, study.authority_code, plan, name="Autumn", author="Bea")
    app = opened()
    (title,) = [one for one in app.selectbox(key=BUS).options if one.startswith("Autumn, saved")]
    assert title.endswith("by Bea")
    app.selectbox(key=BUS).set_value(f"plan:{plan_id}").run()
    assert not app.exception
    assert "and a bus put" in app.title[0].value
    assert any("Its bus: the plan Autumn" in one.value for one in app.caption)
    app.session_state["scenario_tabs"] = "Change hubs"
    app.run()
    press(app, "scenario_open")
    app.text_input(key="save_author").set_value("Ann")
    app.text_input(key="scenario_name").set_value("By hand")
    press(app, "scenario_save")
    (saved,) = saved_scenarios(study)
    assert (saved.name, saved.author, saved.bus_plan_id) == ("By hand", "Ann", plan_id)
    app.multiselect(key="scenario_close").set_value([saved.hub_ids[0]]).run()
    assert app.checkbox(key="scenario_keep_held").label.startswith("Keep the 1 visit that is held")
    press(app, "scenario_changed_open")
    assert app.text_input(key="save_author").value == "Ann"
    app.text_input(key="save_author").set_value("Cat")
    app.text_input(key="scenario_changed_name").set_value("Fewer hubs")
    press(app, "scenario_changed_save")
    fewer = saved_scenarios(study)[0]
    assert (fewer.name, fewer.author, fewer.bus_plan_id) == ("Fewer hubs", "Cat", plan_id)
    press(app, "scenario_change_open")
    assert app.text_input(key="save_author").value == "Cat"
