"""The plan of the bus changed by hand on the page: boxes, undo, the address, hire, qualities and saving."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.workspace import open_workspace
from neighbourhoods.outreach import edit as acts
from neighbourhoods.outreach.edit import Edit
from neighbourhoods.outreach.edit_library import saved_outreach
from neighbourhoods.outreach.edit_text import edits_to_text
from neighbourhoods.outreach.own_stop import OwnStop
from neighbourhoods.outreach.plan import FixedVisit, ForbiddenRoad, OutreachParams, StopWindow
from neighbourhoods.register.register import place_values
from neighbourhoods.run.run import RUN_KINDS
from neighbourhoods.study.study import Study
from pages.components import run_view
from pages.components.area_map_event import parse_event
from pages.components.area_map_state import Point, point_content
from pages.components.outreach_edit_tab import ACTS
from pages.components.outreach_held import HELD_KEYS, held_state, own_of, visit_key, visit_of
from tests.neighbourhoods.outreach.toy_outreach import toy_params
from tests.pages.dialog import in_dialog, is_open
from tests.pages.outreach_page import found_run, hand_kind

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setitem(RUN_KINDS, "outreach", hand_kind())
    return Study(open_workspace(tmp_path / "workspace"))


def opened(tab: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.run()
    app.switch_page("pages/deliver/outreach.py")
    for key, value in address.items():
        app.query_params[key] = value
    app.session_state["outreach_tabs"] = tab
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    found = app.button(key=key).click().run()
    assert not found.exception
    return found


def changes(app: AppTest) -> list[str]:
    return [one.value for one in app.markdown if "by hand, not saved" in one.value]


def test_an_edit_says_what_breaks_survives_a_reload_and_is_undone(study: Study) -> None:
    run_id = found_run(study, service="everyone")
    app = opened("Edit by hand", run=run_id)
    title = app.title[0].value
    assert changes(app) == []
    assert any(one.value == "Nothing is broken in the plan as it stands." for one in app.markdown)
    app.selectbox(key="outreach_act").set_value(acts.SWAP).run()
    app.selectbox(key="outreach_edit_with").set_value(6).run()
    press(app, "outreach_change")
    assert changes(app)[0].startswith("**1 change by hand, not saved.** Last: Monday and Sunday swapped.")
    assert any("does not run on Sundays" in one.value for one in app.warning)
    address = app.query_params["edits"]
    again = opened("Edit by hand", run=run_id, edits=address if isinstance(address, str) else address[0])
    assert any("does not run on Sundays" in one.value for one in again.warning)
    press(app, "outreach_undo")
    assert changes(app) == []
    assert app.title[0].value == title
    assert "edits" not in app.query_params
    press(app, "outreach_redo_button")
    assert any("does not run on Sundays" in one.value for one in app.warning)
    press(app, "outreach_discard")
    assert changes(app) == []


def test_the_rest_is_asked_for_anew_around_what_was_fixed(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = found_run(study, service="everyone")
    asked: list[OutreachParams] = []

    def begin(kind_id: str, params: OutreachParams, *, form: dict[str, object]) -> str:
        asked.append(params)
        assert form["outreach_keep"] == [visit_key(one) for one in params.fixed]
        return run_id

    monkeypatch.setattr(run_view, "begin_run", begin)
    edits = edits_to_text((Edit(acts.HOLD, 1), Edit(acts.FORBID_STOP, stop_id="nowhere")))
    app = opened("Timetable", run=run_id, edits=f"{run_id}.{edits}")
    assert any("cannot be" in one.value or "not in the register" in one.value for one in app.error)
    app = opened("Timetable", run=run_id, edits=f"{run_id}.{edits_to_text((Edit(acts.HOLD, 1),))}")
    press(app, "outreach_around")
    (params,) = asked
    assert [(one.session_id, one.day, one.arrive_minute) for one in params.fixed] == [("advice", 0, 660)]
    assert "edits" not in app.query_params


def test_every_act_has_its_boxes(study: Study) -> None:
    app = opened("Edit by hand", run=found_run(study))
    for act in ACTS:
        app.session_state["outreach_act"] = act
        app.run()
        assert not app.exception, act
        assert not app.error, act


@pytest.mark.parametrize("spoilt", ["x", "eNoLSS0uAQAEGQGB", edits_to_text((Edit(acts.OUT, 99),))])
def test_a_spoilt_link_shows_the_plan_as_it_was_and_says_so(study: Study, spoilt: str) -> None:
    run_id = found_run(study)
    app = opened("Timetable", run=run_id, edits=f"{run_id}.{spoilt}")
    assert not app.exception
    assert app.title[0].value.startswith("2 stops in 4.7 vehicle hours")
    assert len(app.error) == 1


def test_a_plan_is_saved_with_who_and_opened_again_without_its_run(study: Study) -> None:
    app = opened("Timetable", run=found_run(study))
    press(app, "outreach_plans_open")
    app.text_input(key="outreach_plan_name").set_value("Autumn")
    press(app, "outreach_plan_save")
    assert any("Say who saves the plan" in one.value for one in in_dialog(app).error)
    assert app.text_input(key="outreach_plan_name").value == "Autumn"
    assert saved_outreach(study.store, study.authority_code) == ()
    app.text_input(key="outreach_plan_author").set_value("Ann")
    press(app, "outreach_plan_save")
    assert not is_open(app)
    (saved,) = saved_outreach(study.store, study.authority_code)
    assert (saved.name, saved.author) == ("Autumn", "Ann")
    again = opened("Timetable", plan=saved.id)
    assert again.title[0].value == app.title[0].value
    assert any("Autumn, saved by Ann" in one.value for one in again.caption)
    fresh = opened("Timetable")
    press(fresh, "outreach_plans_open")
    press(fresh, f"outreach_plan_{saved.id}")
    assert not is_open(fresh)
    assert fresh.title[0].value == app.title[0].value


def test_slots_for_hire_are_listed_with_what_an_hour_costs(study: Study) -> None:
    app = opened("Hire", run=found_run(study))
    table = next(frame.value for frame in app.dataframe if "Longest hire" in frame.value)
    assert table["Day"].tolist()[0] == "Monday"
    assert table["From"].tolist()[0] == "12:45"
    assert any("An hour of hire costs the council about £" in one.value for one in app.markdown)
    app.selectbox(key="outreach_hire_until").set_value("07:00").run()
    assert any("Hire must end after it begins" in one.value for one in app.error)


def test_what_a_stop_has_is_kept_in_the_register_with_who(study: Study) -> None:
    app = opened("Stops", run=found_run(study))
    stop = app.selectbox(key="outreach_quality_stop").value
    app.selectbox(key=f"outreach_quality_permission_{stop}").set_value("yes").run()
    app.text_input(key="outreach_quality_author").set_value("Ann").run()
    press(app, "outreach_quality_keep")
    assert place_values(Study(study.store), stop)["permission"] == "yes"
    table = next(frame.value for frame in app.dataframe if "Last said by" in frame.value)
    assert "Ann" in table["Last said by"].tolist()[0] + table["Last said by"].tolist()[-1]


def test_stops_that_lack_what_is_asked_are_counted_and_not_known_is_no(study: Study) -> None:
    app = opened("Timetable")
    app.multiselect(key="outreach_needs").set_value(["permission"]).run()
    assert not app.exception
    said = [one.value for one in app.caption if "places are left out" in one.value]
    assert len(said) == 1
    assert "permission: 0 no, " in said[0]


def test_what_is_held_comes_back_from_its_words() -> None:
    own = OwnStop("own:1-2", "Green", 1.0, 2.0, toilets="yes")
    visit = FixedVisit("venue:a|b", "advice", 2, 615, 1)
    params = toy_params(
        fixed=(visit,),
        own_stops=(own,),
        forbidden_drives=(("venue:ash", "library:elm"),),
        forbidden_roads=(ForbiddenRoad(1.5, 2.0),),
        windows=(StopWindow("venue:ash", -1, 540, 720),),
    )
    state = held_state(params)
    assert set(state) == set(HELD_KEYS)
    assert visit_of(visit_key(visit)) == visit
    assert visit_of("spoilt") is None
    assert own_of(state["outreach_own"][0]) == own
    assert own_of("{") is None


def test_a_drop_and_a_pin_come_from_the_map_and_nonsense_does_not() -> None:
    def heard(*events: dict[str, object]) -> object:
        return parse_event({"life": "a", "events": list(events)}, life="", seen=0)

    drop = {"n": 1, "kind": "drag", "codes": ["venue:ash"], "at": [-1.08, 53.96]}
    event = heard(drop, {"n": 2, "kind": "pin", "codes": ["pin"], "at": [-1.1, 53.9]})
    assert event is not None
    assert event.drops == (("venue:ash", -1.08, 53.96),)  # type: ignore[attr-defined]
    assert event.pin == (-1.1, 53.9)  # type: ignore[attr-defined]
    for at in (None, [1], ["a", "b"], [float("nan"), 1.0], [200, 10], [1, 2, 3]):
        assert heard({**drop, "at": at}) is None


def test_only_a_place_with_an_id_can_be_moved() -> None:
    rows = point_content((Point("stop", "A", 1.0, 2.0, "a", True), Point("hub", "B", 1.0, 2.0)))
    assert rows == [["stop", "A", 1.0, 2.0, "a", 1], ["hub", "B", 1.0, 2.0]]
