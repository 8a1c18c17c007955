"""The Outreach page on the embedded sample: what will be here, a plan by its address, every tab of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.uptake_table import list_uptake, put_uptake
from geodata.workspace import open_workspace
from neighbourhoods.hub.library import save_plan
from neighbourhoods.hub.params import HubParams
from neighbourhoods.hub.siting import suggest_hubs
from neighbourhoods.outreach.case import CaseValues, business_case, sensitivity
from neighbourhoods.run.run import RUN_KINDS
from neighbourhoods.study.study import Study
from pages.components.outreach_case_tab import case_table, case_words, money, tornado
from pages.components.outreach_form import form_values
from pages.components.outreach_print import paper, poster_pages, sheet_pages
from pages.components.outreach_view import about, finding_words, proof_words
from tests.neighbourhoods.outreach.toy_outreach import STOPS, toy_plan
from tests.pages.outreach_page import found_run, hand_kind

ROOT = Path(__file__).resolve().parents[2]
TABS = (
    "Timetable",
    "Stops",
    "Rounds",
    "Who is reached",
    "Business case",
    "Uptake",
    "Downloads",
    "How this is worked out",
)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setitem(RUN_KINDS, "outreach", hand_kind())
    return Study(open_workspace(tmp_path / "workspace"))


def opened(tab: str = "", **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.run()
    app.switch_page("pages/deliver/outreach.py")
    for key, value in address.items():
        app.query_params[key] = value
    if tab:
        app.session_state["outreach_tabs"] = tab
    return app.run()


def test_before_anything_is_asked_the_page_says_what_will_be_here(study: Study) -> None:
    app = opened()
    assert not app.exception
    assert app.title[0].value.startswith("Where should a bus stand")
    assert app.button[[b.label for b in app.button].index("Find stops and rounds")].disabled is False


def test_hubs_of_a_saved_plan_are_offered_first(study: Study) -> None:
    save_plan(study.store, suggest_hubs(study, HubParams(("library",), 3)), name="Three")
    app = opened()
    assert app.selectbox(key="outreach_hubs").options[0] == "Three, 3 hubs"


def test_hours_that_contradict_each_other_are_said_and_nothing_can_be_asked(study: Study) -> None:
    app = opened()
    app.selectbox(key="outreach_until").set_value("08:00").run()
    assert any("must end after it begins" in one.value for one in app.error)
    assert app.button[[b.label for b in app.button].index("Find stops and rounds")].disabled


def test_a_plan_is_shown_by_its_address_with_its_finding_and_timetable(study: Study) -> None:
    app = opened(run=found_run(study))
    assert not app.exception
    assert app.title[0].value == (
        "2 stops in 4.7 vehicle hours a week bring a service near about 200 of 400 people of need who live "
        "far from a hub"
    )
    assert app.selectbox(key="outreach_service").value == "youth"
    table = next(frame.value for frame in app.dataframe if "Open" in frame.value)
    assert table["Open"].tolist() == ["09:10", "11:00", "17:12"]
    assert table["Day"].tolist() == ["Monday", "Monday", "Thursday"]


def test_a_run_keeps_the_controls_and_no_button() -> None:
    state = {"outreach_days": [1], "outreach_timetable_csv": False, "outreach_map": {}, "hubs_n": 3}
    assert form_values(state) == {"outreach_days": [1]}


def test_every_tab_opens(study: Study) -> None:
    app = opened(run=found_run(study))
    for tab in TABS:
        app.session_state["outreach_tabs"] = tab
        app.run()
        assert not app.exception, tab
        assert not app.error, tab


def test_posters_and_sheets_are_one_page_for_each_stop_and_round(study: Study) -> None:
    app = opened("Timetable", run=found_run(study))
    for kind, n_pages in (("poster", 2), ("sheet", 2)):
        app.selectbox(key="outreach_paper").set_value(kind).run()
        assert not app.exception
        assert any(one.value.startswith(f"{n_pages} pages.") for one in app.caption)


def test_names_on_paper_are_inert() -> None:
    plan = toy_plan(stops=STOPS.assign(name=["<b>Yard</b>", "<i>Ash</i>", "Elm"]))
    for pages in (poster_pages(plan, "<u>Us</u>"), sheet_pages(plan)):
        written = paper(pages, "poster")
        assert not any(mark in written for mark in ("<b>", "<i>", "<u>"))
        assert written.count("<section>") == 2
    assert "Every Monday 09:10 to 10:10" in poster_pages(plan, "")[0]


def test_an_assumption_that_changes_changes_the_case(study: Study) -> None:
    app = opened("Business case", run=found_run(study))
    plan = toy_plan()
    said = case_words(business_case(plan, CaseValues()))
    assert any(one.value == f"**{said}**" for one in app.markdown)
    app.number_input(key="outreach_case_vehicle_gbp_year").set_value(60_000.0).run()
    dearer = case_words(business_case(plan, CaseValues(vehicle_gbp_year=60_000.0)))
    assert dearer != said
    assert any(one.value == f"**{dearer}**" for one in app.markdown)


def test_an_assumption_that_is_emptied_is_not_known_and_never_nought(study: Study) -> None:
    app = opened("Business case", run=found_run(study))
    app.number_input(key="outreach_case_vehicle_gbp_year").set_value(None).run()
    assert not app.exception
    unknown = case_words(business_case(toy_plan(), CaseValues(vehicle_gbp_year=float("nan"))))
    assert any(one.value == f"**{unknown}**" for one in app.markdown)


def test_a_visit_is_recorded_and_a_stop_that_few_come_to_is_named(study: Study) -> None:
    run_id = found_run(study)
    app = opened("Uptake", run=run_id)
    assert any("No visit is recorded yet" in one.value for one in app.info)
    app.button[[b.label for b in app.button].index("Record visit")].click().run()
    assert not app.exception
    (row,) = list_uptake(study.store, study.authority_code)
    assert (row["n_visitors"], row["visited_on"]) == (0, date.today().isoformat())
    for day in (1, 2):
        put_uptake(
            study.store,
            authority_code=study.authority_code,
            stop_id=str(row["stop_id"]),
            stop_name=str(row["stop_name"]),
            service_id=str(row["service_id"]),
            visited_on=date(2026, 1, day),
            n_visitors=3,
        )
    again = opened("Uptake", run=run_id)
    assert any(one.value.startswith("**1 stop due for a review:") for one in again.markdown)


def test_gtfs_waits_for_a_web_address(study: Study) -> None:
    app = opened("Downloads", run=found_run(study))
    assert any("web address that begins with https" in one.value for one in app.caption)
    app.text_input(key="outreach_url").set_value("https://example.org").run()
    assert not app.exception
    assert not any("web address that begins with https" in one.value for one in app.caption)


def test_money_is_said_to_three_figures_and_never_where_it_is_not_known() -> None:
    assert [money(one) for one in (12.4, 99.6, 123.4, 56_789.0, 1_234_567.0)] == [
        "£12",
        "£100",
        "£123",
        "£56,800",
        "£1,230,000",
    ]
    assert money(float("nan")) == "no data"
    unknown = business_case(toy_plan(), CaseValues(driver_gbp_hour=float("nan")))
    assert case_words(unknown) == "The cost is not known until every price is filled in."
    table = case_table(unknown).set_index("A year")["About"]
    assert (table["Cost in all"], table["Vehicles"]) == ("no data", "1")


def test_the_tornado_has_a_bar_for_each_assumption() -> None:
    table = sensitivity(toy_plan(), CaseValues())
    chart = tornado(table, 100.0).to_dict()
    bars = chart["datasets"][chart["layer"][0]["data"]["name"]]
    assert len(bars) == len(table)
    assert all(one["low_end"] <= one["high_end"] for one in bars)


def test_words_of_a_plan() -> None:
    plan = toy_plan()
    assert proof_words(plan) == (
        "With second visits at their lower worth it comes to 200; no plan can come to more than 210, 5.0% "
        "away."
    )
    assert [about(one) for one in (999.4, 1_234.0)] == ["about 999 people", "about 1,230 people"]
    assert proof_words(toy_plan(gap=0.0)).startswith("Proven")
    assert proof_words(toy_plan(bound=float("nan"))).endswith("was not worked out.")
    assert about(float("nan")) == "an unknown number of people"
    none = toy_plan(visits=plan.visits[:0], rounds=plan.rounds[:0])
    assert finding_words(none).startswith("No stop is worth a visit")
