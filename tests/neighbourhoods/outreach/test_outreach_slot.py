"""When the bus is free for hire, on the toy plan: Monday 09:00 to 12:15, Thursday 17:00 to 18:24."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.icalendar_export import to_icalendar_bytes
from neighbourhoods.outreach.case import CaseValues, business_case
from neighbourhoods.outreach.running import Running
from neighbourhoods.outreach.slot import (
    HireTerms,
    hire_cost,
    hire_slots,
    length_words,
    slot_events,
    slot_words,
    slots_json,
)
from tests.neighbourhoods.outreach.toy_outreach import toy_fortnight, toy_params, toy_plan

TERMS = HireTerms(days=(0, 3), from_minute=480, until_minute=1_320, least_minutes=60, turn_minutes=30)


def rows(table: pd.DataFrame) -> list[tuple[int, int, int, int]]:
    return [
        (int(a), int(b), int(c), int(d))
        for a, b, c, d in table[["day", "start_minute", "end_minute", "minutes"]].to_numpy()
    ]


def test_slots_lie_round_the_rounds_and_within_the_rest_of_the_shift() -> None:
    # Monday: 195 of 420 minutes are driven, 225 are left; before 09:00 only 30 minutes are free
    # Thursday: 84 are driven (the toy's round is back at 18:24), 336 are left
    assert rows(hire_slots(toy_plan(), TERMS)) == [
        (0, 765, 1_320, 225),
        (3, 480, 990, 336),
        (3, 1_134, 1_320, 186),
    ]


@pytest.mark.parametrize(("least", "n_slots"), [(186, 3), (187, 2), (225, 2), (226, 1), (337, 0)])
def test_a_slot_shorter_than_the_least_hire_is_none(least: int, n_slots: int) -> None:
    assert len(hire_slots(toy_plan(), HireTerms((0, 3), 480, 1_320, least, 30))) == n_slots


def test_another_driver_brings_a_shift_of_his_own() -> None:
    other = HireTerms((0, 3), 480, 1_320, 60, 30, is_other_driver=True)
    assert rows(hire_slots(toy_plan(), other)) == [
        (0, 765, 1_320, 420),
        (3, 480, 990, 420),
        (3, 1_134, 1_320, 186),
    ]


def test_a_day_without_a_round_is_free_for_as_long_as_a_shift() -> None:
    assert rows(hire_slots(toy_plan(), HireTerms((5,), 480, 1_320))) == [(5, 480, 1_320, 420)]


def test_no_slot_overlaps_a_round_and_every_week_and_vehicle_has_its_own() -> None:
    plan = toy_fortnight()
    slots = hire_slots(plan, TERMS)
    assert set(slots["week"]) == {0, 1}
    for slot in slots.to_dict("records"):
        for one in plan.rounds.to_dict("records"):
            if (slot["week"], slot["day"], slot["vehicle"]) == (one["week"], one["day"], one["vehicle"]):
                assert slot["end_minute"] <= one["leave_minute"] - 30 or (
                    slot["start_minute"] >= one["return_minute"] + 30
                )
    two = toy_plan(params=toy_params(n_vehicles=2))
    assert len(hire_slots(two, TERMS)) == 3 + 2  # the second vehicle is free on both days


def test_an_hour_of_hire_costs_the_driver_the_energy_and_a_share_of_the_vehicle() -> None:
    plan, values = toy_plan(), CaseValues()
    hours = (195 + 84) / 60  # a week
    cost = hire_cost(business_case(plan, values), values)
    assert cost.driver_gbp == 18.0
    assert cost.energy_gbp == pytest.approx(28 / hours * 0.30)
    assert cost.vehicle_gbp == pytest.approx(30_000 / (hours * 48))
    assert cost.full_gbp == pytest.approx(cost.extra_gbp + cost.vehicle_gbp)
    unknown = CaseValues(driver_gbp_hour=float("nan"))
    none = hire_cost(business_case(plan, unknown), unknown)
    assert slots_json(plan, hire_slots(plan, TERMS), none)["extra_gbp_hour"] is None


def test_slots_leave_as_a_calendar_and_as_json() -> None:
    plan = toy_plan()
    slots = hire_slots(plan, TERMS)
    running = Running("York", "", date(2026, 1, 5), date(2026, 12, 31))
    written = to_icalendar_bytes(
        slot_events(plan, TERMS, (), running), "Hire", datetime(2026, 1, 5, tzinfo=UTC)
    ).decode()
    assert written.count("BEGIN:VEVENT") == 3
    assert "DTSTART;TZID=Europe/London:20260105T124500" in written
    assert "DURATION:PT555M" in written
    cost = hire_cost(business_case(plan, CaseValues()), CaseValues())
    document = json.loads(json.dumps(slots_json(plan, slots, cost)))
    assert document["slots"][0]["words"] == "Monday, 12:45 to 22:00, up to 3 hours 45 minutes"
    assert slot_words(plan, slots.iloc[1]) == "Thursday, 08:00 to 16:30, up to 5 hours 36 minutes"


@pytest.mark.parametrize(
    "wrong",
    [{"days": ()}, {"days": (7,)}, {"from_minute": 1_400}, {"least_minutes": 0}, {"turn_minutes": -1}],
)
def test_terms_that_contradict_each_other_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        HireTerms(**wrong)  # type: ignore[arg-type]


def test_lengths_are_said_in_hours_and_minutes() -> None:
    assert [length_words(one) for one in (30, 60, 125)] == ["30 minutes", "1 hour", "2 hours 5 minutes"]
