"""Hours of the bus booked and given back on the page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.workspace import open_workspace
from neighbourhoods.outreach import edit as acts
from neighbourhoods.outreach.booking import standing_bookings
from neighbourhoods.outreach.edit import Edit
from neighbourhoods.outreach.edit_library import saved_outreach
from neighbourhoods.outreach.edit_text import edits_to_text
from neighbourhoods.run.run import RUN_KINDS
from neighbourhoods.study.study import Study
from pages.components.outreach_booking import hour_steps
from tests.pages.outreach_page import found_run, hand_kind
from tests.pages.test_outreach_edit import opened, press


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setitem(RUN_KINDS, "outreach", hand_kind())
    return Study(open_workspace(tmp_path / "workspace"))


def first_slot(app: AppTest) -> str:
    table = next(frame.value for frame in app.dataframe if "Longest hire" in frame.value)
    return str(table["From"].tolist()[0])


def test_booked_hours_leave_the_slots_go_along_with_a_saved_plan_and_come_back(study: Study) -> None:
    run_id = found_run(study)
    app = opened("Hire", run=run_id)
    assert first_slot(app) == "12:45"
    press(app, "outreach_book")
    assert any("Give the name of the group" in one.value for one in app.error)
    app.text_input(key="outreach_book_group").set_value("Ash Scouts").run()
    press(app, "outreach_book")
    (one,) = standing_bookings(study.store, study.authority_code, run_id)
    assert (one.group, one.start_minute, one.end_minute) == ("Ash Scouts", 765, 885)
    assert first_slot(app) != "12:45"
    table = next(frame.value for frame in app.dataframe if "Group" in frame.value)
    assert table["Group"].tolist() == ["Ash Scouts"]
    assert any("Ash Scouts" in one.proto.body for one in app.get("html"))  # on paper too
    press(app, "outreach_plans_open")
    app.text_input(key="outreach_plan_name").set_value("Autumn")
    app.text_input(key="outreach_plan_author").set_value("Ann")
    press(app, "outreach_plan_save")
    (saved,) = saved_outreach(study.store, study.authority_code)
    (taken,) = standing_bookings(study.store, study.authority_code, f"plan{saved.id}")
    assert taken.group == "Ash Scouts"
    assert first_slot(app) != "12:45"
    press(app, "outreach_unbook")
    assert standing_bookings(study.store, study.authority_code, taken.plan_id) == ()
    app = opened("Hire", run=run_id)
    press(app, "outreach_unbook")
    assert standing_bookings(study.store, study.authority_code, run_id) == ()
    assert first_slot(app) == "12:45"


def test_nothing_is_booked_while_changes_by_hand_are_not_saved(study: Study) -> None:
    run_id = found_run(study, service="everyone")
    app = opened("Hire", run=run_id, edits=f"{run_id}.{edits_to_text((Edit(acts.HOLD, 1),))}")
    assert any("Save the plan as changed by hand" in one.value for one in app.info)
    assert "outreach_book" not in [one.key for one in app.button]


def test_hours_are_offered_by_the_quarter_with_both_ends() -> None:
    assert hour_steps(765, 800) == [765, 780, 795, 800]
    assert hour_steps(770, 770) == [770]


def test_one_date_is_booked_and_said_in_the_list(study: Study) -> None:
    run_id = found_run(study)
    app = opened("Hire", run=run_id)
    (box,) = [one for one in app.selectbox if one.label == "When"]
    assert box.options[0] == "Every week"
    assert box.options[1].endswith(" only")
    app.text_input(key="outreach_book_group").set_value("Ash Scouts")
    box.select_index(1).run()
    press(app, "outreach_book")
    assert not app.exception
    (one,) = standing_bookings(study.store, study.authority_code, run_id)
    assert date.fromisoformat(one.on_date).weekday() == one.day
    table = next(frame.value for frame in app.dataframe if "Group" in frame.value)
    assert table["Held"].tolist() == [box.options[1]]
    assert first_slot(app) == "12:45"  # free in every other week
