"""A plan as timetables: every hour is the one that was put in, and no fortnight is called weekly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neighbourhoods.outreach.timetable_week import (
    clock,
    hours_words,
    round_sheet,
    round_title,
    rounds_in_order,
    sheet_fault,
    stop_hours,
    stop_sentences,
    stop_table,
    timetable,
    visit_words,
)
from tests.neighbourhoods.outreach.toy_outreach import toy_fortnight, toy_params, toy_plan


@pytest.mark.parametrize(
    ("minute", "said"), [(0, "00:00"), (615, "10:15"), (614.6, "10:15"), (599.5, "10:00"), (1_440, "24:00")]
)
def test_minutes_are_said_as_a_clock_says_them(minute: float, said: str) -> None:
    assert clock(minute) == said


def test_timetable_holds_every_visit_in_order_of_day_and_hour_whatever_order_it_came_in() -> None:
    plan = toy_plan()
    found = timetable(plan)
    assert found[["day", "vehicle", "open", "close", "stop"]].to_numpy().tolist() == [
        ["Monday", 1, "09:10", "10:10", "Ash Hall"],
        ["Monday", 1, "11:00", "12:00", "Elm Library"],
        ["Thursday", 1, "17:12", "18:12", "Ash Hall"],
    ]
    assert set(found["week"]) == {"Every week"}
    assert found["service"].tolist() == ["Benefits and money advice"] * 2 + ["Youth work"]
    turned = replace(plan, visits=plan.visits.iloc[::-1])
    assert timetable(turned).equals(found)


def test_a_stop_says_all_its_days_and_hours() -> None:
    assert stop_sentences(toy_plan(), "venue:ash") == [
        "Every Monday 09:10 to 10:10",
        "Every Thursday 17:12 to 18:12",
    ]
    assert visit_words(toy_plan(), "library:elm") == "Every Monday 11:00 to 12:00 at Elm Library"


def test_a_stop_of_one_week_in_two_is_never_said_to_be_weekly() -> None:
    assert stop_sentences(toy_fortnight(), "venue:ash") == [
        "Every Monday 09:10 to 10:10",
        "Thursday of week 2, 17:12 to 18:12",
    ]
    assert hours_words(1, 615, 675, (0,), 2) == "Tuesday of week 1, 10:15 to 11:15"
    assert hours_words(1, 615, 675, (0, 1), 2) == "Every Tuesday 10:15 to 11:15"
    assert stop_hours(toy_fortnight())["weeks"].tolist() == [(0, 1), (1,), (0, 1)]


def test_an_hour_that_moves_between_weeks_is_two_lines() -> None:
    plan = toy_fortnight()
    later = (plan.visits["week"] == 1) & (plan.visits["stop_id"] == "library:elm")
    visits = plan.visits.assign(
        arrive_minute=plan.visits["arrive_minute"] + 15 * later,
        depart_minute=plan.visits["depart_minute"] + 15 * later,
    )
    assert stop_sentences(replace(plan, visits=visits), "library:elm") == [
        "Monday of week 1, 11:00 to 12:00",
        "Monday of week 2, 11:15 to 12:15",
    ]


def test_stops_are_numbered_in_the_order_of_the_week() -> None:
    table = stop_table(toy_plan())
    assert table["number"].to_dict() == {"venue:ash": 1, "library:elm": 2}
    assert table["people"].to_dict() == {"venue:ash": 140.0, "library:elm": 60.0}
    assert table["visits"].tolist() == [2, 1]
    assert table.loc["venue:ash", "services"] == "Benefits and money advice, Youth work"


def test_a_drivers_sheet_accounts_for_every_minute_and_kilometre() -> None:
    plan = toy_plan()
    monday = rounds_in_order(plan).iloc[0]
    sheet = round_sheet(plan, monday)
    assert sheet[["start_minute", "end_minute", "what", "where"]].to_numpy().tolist() == [
        [540, 540, "Leave", "Yard"],
        [540, 550, "Drive", "Ash Hall"],
        [550, 610, "Stop", "Ash Hall"],
        [610, 630, "Drive", "Elm Library"],
        [630, 660, "Wait", "Elm Library"],
        [660, 720, "Stop", "Elm Library"],
        [720, 735, "Drive", "Yard"],
        [735, 735, "Back", "Yard"],
    ]
    for _, one in plan.rounds.iterrows():
        sheet = round_sheet(plan, one)
        assert (sheet["start_minute"].to_numpy()[1:] == sheet["end_minute"].to_numpy()[:-1]).all()
        assert sheet["km"].sum() == one["drive_km"]
    assert round_title(plan, monday) == "Monday, vehicle 1, 09:00 to 12:15: Benefits and money advice"


@pytest.mark.parametrize(("after", "what"), [(194, "Break"), (195, "Wait"), (196, "Wait")])
def test_a_break_is_due_in_rounds_longer_than_the_limit_only(after: int, what: str) -> None:
    plan = toy_plan(params=toy_params(break_after_minutes=after))  # the round takes 195 minutes
    sheet = round_sheet(plan, plan.rounds.iloc[0])
    assert sheet["what"].iloc[4] == what
    assert (sheet["what"] == "Break").sum() == (what == "Break")
    assert sheet_fault(plan, plan.rounds.iloc[0]) == ""


def test_a_long_round_without_time_for_the_break_says_so() -> None:
    plan = toy_plan(params=toy_params(break_after_minutes=120, break_minutes=31))
    assert "no 31 minutes for a break" in sheet_fault(plan, plan.rounds.iloc[0])


def test_a_break_at_a_stop_is_no_hour_of_the_stop() -> None:
    plan = toy_plan(params=toy_params(break_after_minutes=120, break_minutes=20))
    plan = replace(
        plan,
        visits=plan.visits.assign(arrive_minute=[550, 630, 1_032], depart_minute=[610, 715, 1_092]),
        rounds=plan.rounds.assign(return_minute=[730, 1_104]),
    )
    assert stop_sentences(plan, "library:elm") == ["Every Monday 10:30 to 11:30"]
    assert timetable(plan)[["close", "depart"]].iloc[1].tolist() == ["11:30", "11:55"]
    sheet = round_sheet(plan, plan.rounds.iloc[0])
    assert sheet[["start_minute", "end_minute", "what"]].iloc[4:7].to_numpy().tolist() == [
        [630, 690, "Stop"],
        [690, 710, "Break"],
        [710, 715, "Wait"],
    ]
    assert sheet_fault(plan, plan.rounds.iloc[0]) == ""
