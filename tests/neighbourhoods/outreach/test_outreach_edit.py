"""A plan changed by hand: hours along rounds, undo, and what breaks said with by how much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geodata.errors import InputError
from neighbourhoods.outreach.edit import (
    ADD,
    FORBID_DRIVE,
    FORBID_STOP,
    HOLD,
    HOUR,
    MOVE,
    MOVE_STOP,
    OUT,
    SWAP,
    Edit,
    EditedPlan,
    params_around,
    unedited,
)
from neighbourhoods.outreach.edit_clock import round_hours
from neighbourhoods.outreach.edit_fault import edit_faults, new_faults
from neighbourhoods.outreach.edit_ground import EditGround
from neighbourhoods.outreach.edit_step import apply_edit, edited_by
from neighbourhoods.outreach.edit_text import edits_from_text, edits_to_text
from neighbourhoods.outreach.outreach import best_rounds, plain_value
from neighbourhoods.outreach.own_stop import QUALITIES, OwnStop
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachParams, OutreachPlan, StopWindow
from neighbourhoods.outreach.table import area_table, served_by_point, visit_tables
from neighbourhoods.outreach.timetable_week import minutes_words
from tests.neighbourhoods.outreach.outreach_case import ASKED, DAY, EVENING, case_parts
from tests.neighbourhoods.outreach.toy_outreach import toy_plan

TWO_SESSIONS = replace(ASKED, sessions=(DAY, EVENING), shift_minutes=300)
NONE_KNOWN = pd.DataFrame()


class Town:
    """A small town by chance with the best plan that the search finds for it, and its ground."""

    def __init__(self, seed: int, params: OutreachParams = TWO_SESSIONS) -> None:
        route, stops, need = case_parts(seed, params, n_stops=6)
        ids = [str(one) for one in stops.places.index]
        found, _ = best_rounds(route, n_steps=60)
        visits, rounds = visit_tables(route, found.visits, ids)
        where = pd.DataFrame(
            {
                "name": [*ids, "Yard"],
                "kind": "library",
                "x": [*stops.places.geometry.x, 3_000.0],
                "y": [*stops.places.geometry.y, 3_000.0],
            },
            index=pd.Index([*ids, params.depot_id], name="stop_id"),
        )
        self.ground = EditGround(
            tuple(ids), params.depot_id, where, NONE_KNOWN, route.drives, need, stops.reach
        )
        used = where[where.index.isin(visits["stop_id"]) | (where.index == params.depot_id)]
        areas = area_table(need, params, served_by_point(route, found.visits))
        value = plain_value(route, found.visits)
        self.plan = OutreachPlan(params, used, visits, rounds, areas, value, value, 0.0, "found", 0.0)

    def ground_of(self, params: OutreachParams, ids: tuple[str, ...]) -> EditGround:
        """The one ground, whatever is asked."""
        return self.ground

    def after(self, *edits: Edit) -> EditedPlan:
        """The plan after some edits."""
        return edited_by(unedited(self.plan), edits, self.ground_of)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(3)


def assert_times_add_up(town: Town, edited: EditedPlan) -> None:
    """Each round: leave, drives, visits and waits follow one another; tables name the same visits."""
    plan = edited.plan
    assert [one.stop_id for one in edited.visits] == plan.visits["stop_id"].tolist()
    assert plan.rounds["n_visits"].sum() == len(plan.visits)
    for one in plan.rounds.to_dict("records"):
        rows = plan.visits
        for key in ("week", "day", "vehicle", "session_id"):
            rows = rows[rows[key] == one[key]]
        now, before, driven = one["leave_minute"], "depot", 0
        for row in rows.to_dict("records"):
            minutes = town.ground.minutes(before, row["stop_id"])
            assert row["drive_minutes"] == minutes
            assert row["arrive_minute"] >= now + minutes
            assert row["depart_minute"] >= row["arrive_minute"]
            now, before, driven = row["depart_minute"], row["stop_id"], driven + minutes
        last = town.ground.minutes(before, "depot")
        assert one["return_minute"] == now + last
        assert one["drive_minutes"] == driven + last
    assert plan.value == pytest.approx(float(plan.visits["people"].sum()))


def chance_edit(town: Town, edited: EditedPlan, random: np.random.Generator) -> Edit:
    """Any edit that can be made of a plan."""
    ids = [one.id for one in edited.visits]
    kind = str(random.choice([MOVE, MOVE_STOP, HOUR, HOLD, SWAP, OUT, ADD, FORBID_STOP, FORBID_DRIVE]))
    if not ids:
        kind = ADD
    stops = town.ground.ids
    one, other = (str(stop) for stop in random.choice(stops, 2, replace=False))
    used = edited.visit(int(random.choice(ids))).stop_id if ids else one
    visit_id = int(random.choice(ids)) if ids else -1
    minute = int(random.choice([-1, 560, 600, 1_050]))
    if kind in (MOVE_STOP, FORBID_STOP):
        return Edit(kind, stop_id=used, to_id=other)
    session = str(random.choice(["advice", "youth"]))
    return Edit(kind, visit_id, one, other, session, day=0, to_day=2, minute=minute)


@pytest.mark.parametrize("seed", range(3))
def test_times_add_up_after_any_chain_of_edits_and_undo_gives_the_plan_back(town: Town, seed: int) -> None:
    random = np.random.default_rng(seed)
    states, edits = [unedited(town.plan)], list[Edit]()
    for _ in range(8):
        edits.append(chance_edit(town, states[-1], random))
        states.append(apply_edit(states[-1], edits[-1], town.ground_of))
        assert_times_add_up(town, states[-1])
    assert edited_by(states[0], (), town.ground_of).plan is town.plan
    for n in range(1, len(edits) + 1):
        again = town.after(*edits[:n])
        assert again.visits == states[n].visits
        pd.testing.assert_frame_equal(again.plan.visits, states[n].plan.visits)
        pd.testing.assert_frame_equal(again.plan.rounds, states[n].plan.rounds)
        pd.testing.assert_frame_equal(again.plan.areas, states[n].plan.areas)


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_that_was_found_breaks_nothing_and_serves_the_same_by_hand(seed: int) -> None:
    town = Town(seed)
    assert edit_faults(unedited(town.plan), NONE_KNOWN) == ()
    held = town.after(Edit(HOLD, 0))
    assert edit_faults(held, NONE_KNOWN) == ()
    pd.testing.assert_frame_equal(held.plan.visits, town.plan.visits, check_dtype=False)
    pd.testing.assert_frame_equal(held.plan.rounds, town.plan.rounds, check_dtype=False)
    pd.testing.assert_frame_equal(held.plan.areas, town.plan.areas)
    assert held.plan.value == pytest.approx(town.plan.value)


def test_rounds_that_an_edit_leaves_alone_keep_their_hours(town: Town) -> None:
    first = unedited(town.plan).visits[0]
    after = town.after(Edit(OUT, first.id)).plan
    for table in ("visits", "rounds"):
        before, now = getattr(town.plan, table), getattr(after, table)
        keys = ["week", "day", "vehicle", "session_id"]
        columns = [one for one in before.columns if one != "people"]
        others = (before[keys] != [first.week, first.day, first.vehicle, first.session_id]).any(axis=1)
        mine = (now[keys] != [first.week, first.day, first.vehicle, first.session_id]).any(axis=1)
        pd.testing.assert_frame_equal(
            now.loc[mine, columns].reset_index(drop=True),
            before.loc[others, columns].reset_index(drop=True),
            check_dtype=False,
        )


def test_a_later_hour_than_the_session_is_said_with_the_minutes(town: Town) -> None:
    last = [one for one in unedited(town.plan).visits if one.session_id == "advice"][-1]
    late = DAY.end_minute - 10
    edited = town.after(Edit(HOUR, last.id, day=last.day, minute=late))
    row = edited.plan.visits.iloc[[one.id for one in edited.visits].index(last.id)]
    assert row["arrive_minute"] == late
    back = late + ASKED.dwell_minutes + town.ground.minutes(last.stop_id, "depot")
    said = [one for one in edit_faults(edited, NONE_KNOWN) if one.kind == "session"]
    assert [one.by for one in said] == [back - DAY.end_minute]
    assert minutes_words(back - DAY.end_minute) in said[0].words


def test_beyond_the_shift_is_said_with_the_minutes(town: Town) -> None:
    plan = town.plan
    out = (plan.rounds["return_minute"] - plan.rounds["leave_minute"]).groupby(plan.rounds["day"]).sum()
    tight = replace(plan, params=replace(plan.params, shift_minutes=int(out.max()) - 7))
    said = [one for one in edit_faults(unedited(tight), NONE_KNOWN) if one.kind == "shift"]
    assert 7.0 in [one.by for one in said]
    assert any("7 minutes beyond the shift" in one.words for one in said)


def test_a_window_that_is_missed_is_said_and_one_that_is_met_is_not(town: Town) -> None:
    row = town.plan.visits.iloc[0]
    begins = int(row["arrive_minute"])
    met = StopWindow(str(row["stop_id"]), -1, begins, begins + ASKED.dwell_minutes)
    missed = replace(met, open_minute=begins + 5, close_minute=begins + 5 + ASKED.dwell_minutes)
    never = replace(met, day=6)

    def kinds(window: StopWindow) -> list[tuple[str, float]]:
        plan = replace(town.plan, params=replace(town.plan.params, windows=(window,)))
        found = edit_faults(unedited(plan), NONE_KNOWN)
        return [(one.kind, one.by) for one in found if str(row["stop_id"]) in one.words][:1]

    assert kinds(met) == [] or kinds(met)[0][0] == "window"  # other visits of the stop may miss it
    assert kinds(missed)[0] == ("window", 5.0)
    assert kinds(never)[0][0] == "window"


def test_opening_hours_of_the_register_are_missed_as_a_window_is(town: Town) -> None:
    visit = town.plan.visits.iloc[0]
    day = DAY_NAMES[int(visit["day"])]
    stop_id = str(visit["stop_id"])

    def kinds(hours: str, **asked: bool) -> set[str]:
        plan = replace(town.plan, params=replace(town.plan.params, **asked))
        known = pd.DataFrame([dict.fromkeys(QUALITIES, "not known") | {"hours": hours}], index=[stop_id])
        return {one.kind for one in edit_faults(unedited(plan), known)}

    assert kinds(f"{day} 00:00-00:05") == {"window"}
    assert kinds(f"{day} 00:00-00:05", keep_opening_hours=False) == set()
    assert kinds("not known") == kinds("24/7") == set()


def test_an_hour_that_comes_too_soon_shortens_the_stop_before_and_then_is_late() -> None:
    town = Town(3, replace(TWO_SESSIONS, repeat_worth=0.0))
    rows = unedited(town.plan)
    key = next(one for one in rows.visits if sum(v.round == one.round for v in rows.visits) > 1)
    first, second = [one for one in rows.visits if one.round == key.round][:2]
    begins, drive = rows.arrive(first.id), town.ground.minutes(first.stop_id, second.stop_id)
    soon = int(begins + drive + 20)
    edited = town.after(Edit(HOUR, second.id, day=second.day, minute=soon))
    assert edited.arrive(second.id) == soon
    (short,) = [one for one in edit_faults(edited, NONE_KNOWN) if one.kind == "dwell"]
    assert "for 20 minutes, 10 minutes under the 30 that a stop must last" in short.words
    both = town.after(Edit(HOLD, first.id), Edit(HOUR, second.id, day=second.day, minute=int(begins + 1)))
    (late,) = [one for one in edit_faults(both, NONE_KNOWN) if one.kind == "late"]
    assert late.by == drive - 1
    assert late.words.startswith(("Monday: two places at once.", "Wednesday: two places at once."))


def test_a_day_without_the_session_a_stop_twice_and_a_forbidden_drive_are_said(town: Town) -> None:
    visit = unedited(town.plan).visits[0]
    assert any(
        one.kind == "day" for one in edit_faults(town.after(Edit(SWAP, day=visit.day, to_day=5)), NONE_KNOWN)
    )
    twice = Edit(ADD, stop_id=visit.stop_id, session_id=visit.session_id, day=visit.day)
    assert any(one.kind == "twice" for one in edit_faults(town.after(twice), NONE_KNOWN))
    row = [one for one in unedited(town.plan).visits if one.round == visit.round]
    if len(row) > 1:
        no = Edit(FORBID_DRIVE, stop_id=row[1].stop_id, to_id=row[0].stop_id)
        assert any(one.kind == "drive" for one in edit_faults(town.after(no), NONE_KNOWN))


def test_permission_refused_is_said_and_not_known_only_where_it_was_asked_for(town: Town) -> None:
    stop = unedited(town.plan).visits[0].stop_id
    columns = ["permission", "hard_standing", "power", "toilets", "hours"]
    unknown = pd.DataFrame([["not known"] * 5], columns=columns, index=[stop])
    assert edit_faults(unedited(town.plan), unknown) == ()
    refused = edit_faults(unedited(town.plan), unknown.assign(permission="no"))
    assert [one.words for one in refused] == [f"{stop} has no permission."]
    asked = replace(town.plan, params=replace(town.plan.params, stop_needs=("toilets",)))
    found = edit_faults(unedited(asked), unknown)
    assert [one.words for one in found] == [f"{stop} has no toilets that is known of."]
    assert edit_faults(unedited(asked), unknown.assign(toilets="yes")) == ()


def test_need_that_is_left_out_is_said_with_the_people(town: Town) -> None:
    strict = replace(town.plan, params=replace(town.plan.params, must_serve_need=0.0))
    edited = EditedPlan(strict, unedited(strict).visits, 99)
    emptied = edited_by(edited, [Edit(OUT, one.id) for one in edited.visits], town.ground_of)
    said = [one for one in edit_faults(emptied, NONE_KNOWN) if one.kind == "need"]
    assert [one.by for one in said] == pytest.approx(
        [float(town.plan.areas[f"need_{name}"].sum()) for name in ("advice", "youth")]
    )


def test_what_is_asked_around_an_edit_holds_what_was_touched_and_nothing_else(town: Town) -> None:
    visit = unedited(town.plan).visits[0]
    edited = town.after(Edit(HOUR, visit.id, day=visit.day, minute=600))
    asked = params_around(edited)
    assert [(one.stop_id, one.day, one.arrive_minute) for one in asked.fixed] == [
        (visit.stop_id, visit.day, 600)
    ]
    forbidden = params_around(town.after(Edit(FORBID_STOP, stop_id=visit.stop_id)))
    assert forbidden.forbidden == (visit.stop_id,)
    assert forbidden.fixed == ()


def test_new_faults_are_those_that_were_not_there_before(town: Town) -> None:
    before = edit_faults(unedited(town.plan), NONE_KNOWN)
    visit = unedited(town.plan).visits[0]
    after = edit_faults(town.after(Edit(HOUR, visit.id, day=visit.day, minute=300)), NONE_KNOWN)
    assert new_faults(before, after) == after
    assert new_faults(after, after) == ()
    assert "session" in {one.kind for one in after}
    one, other = [v for v in unedited(town.plan).visits if v.round == visit.round][:2]
    no = Edit(FORBID_DRIVE, stop_id=one.stop_id, to_id=other.stop_id)
    first, again = (edit_faults(town.after(*[no] * n), NONE_KNOWN) for n in (1, 2))
    assert "drive" in {fault.kind for fault in first}
    assert new_faults(first, again) == ()  # though how much it breaks has no measure
    back = Edit(FORBID_DRIVE, stop_id=other.stop_id, to_id=one.stop_id)
    assert town.after(no, back).params.forbidden_drives == ((one.stop_id, other.stop_id),)


def test_an_edit_of_a_visit_that_is_gone_is_refused(town: Town) -> None:
    with pytest.raises(InputError, match="not in the plan any more"):
        town.after(Edit(OUT, 0), Edit(MOVE, 0, to_id="s1"))


def test_edits_travel_in_an_address_and_a_spoilt_one_is_refused() -> None:
    own = OwnStop("own:1-2", "By the green", 1.0, 2.0, permission="yes")
    edits = (Edit(HOUR, 3, day=2, minute=615), Edit(MOVE, 1, to_id=own.id, own=own), Edit(SWAP, to_day=4))
    text = edits_to_text(edits)
    assert edits_from_text(text) == edits
    assert edits_from_text("") == ()
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    spoilt = edits_to_text((Edit(HOUR, day=9),))
    for wrong in (text[:-5], "x", "?" * 9, "a" * 30_000, spoilt):
        with pytest.raises(InputError):
            edits_from_text(wrong)


def test_a_plan_by_hand_needs_no_solver() -> None:
    assert edit_faults(unedited(toy_plan()), NONE_KNOWN) == ()


def two_rounds(range_km: float, refuel: int, leave: int = 745, shift: int = 420) -> EditedPlan:
    """Monday with 18 km until 12:15, and 10 km from `leave` on for 84 minutes."""
    plan = toy_plan()
    rounds = plan.rounds.assign(day=0)
    rounds.loc[1, ["leave_minute", "return_minute"]] = [leave, leave + 84]
    visits = plan.visits.assign(day=0)
    visits.loc[2, ["arrive_minute", "depart_minute"]] = [leave + 12, leave + 72]
    late = replace(plan.params.sessions[1], days=(0,), start_minute=600)
    params = replace(
        plan.params,
        sessions=(plan.params.sessions[0], late),
        range_km=range_km,
        refuel_minutes=refuel,
        shift_minutes=shift,
    )
    return unedited(replace(plan, params=params, rounds=rounds, visits=visits))


def test_kilometres_add_up_over_the_rounds_of_a_day_until_the_bus_is_refuelled() -> None:
    assert edit_faults(two_rounds(28.0, 30), NONE_KNOWN) == ()  # 18 + 10 km are just the range
    (one,) = edit_faults(two_rounds(27.9, 30), NONE_KNOWN)
    assert (one.kind, one.by) == ("range", 20.0)  # 10 of 30 minutes from 12:15 to 12:25
    assert "28.0 km together, and the range is 27.9 km" in one.words
    assert one.words.endswith("from 12:15 to 12:25 it has 10 minutes.")
    assert edit_faults(two_rounds(27.9, 30, leave=765), NONE_KNOWN) == ()
    assert edit_faults(two_rounds(27.9, 0), NONE_KNOWN) == ()
    (long,) = edit_faults(two_rounds(17.0, 0), NONE_KNOWN)  # the first round alone
    assert (long.kind, long.by) == ("range", 1.0)


def test_refuelling_is_among_the_drivers_shift() -> None:
    # 195 minutes and 84, and 30 at the pump: 309
    assert edit_faults(two_rounds(27.0, 30, leave=765, shift=309), NONE_KNOWN) == ()
    (one,) = edit_faults(two_rounds(27.0, 30, leave=765, shift=308), NONE_KNOWN)
    assert (one.kind, one.by) == ("shift", 1.0)


@pytest.mark.parametrize("seed", range(4))
def test_plans_that_the_search_finds_within_a_range_break_nothing_and_keep_their_hours_by_hand(
    seed: int,
) -> None:
    plain = Town(seed)
    by_day = plain.plan.rounds.groupby("day")["drive_km"].sum()
    asked = replace(TWO_SESSIONS, range_km=float(by_day.max()) - 0.5, refuel_minutes=15)
    town = Town(seed, asked)
    assert edit_faults(unedited(town.plan), NONE_KNOWN) == ()
    held = town.after(Edit(HOLD, 0))
    pd.testing.assert_frame_equal(held.plan.rounds, town.plan.rounds, check_dtype=False)


def test_a_round_that_is_moved_behind_another_waits_for_the_pump() -> None:
    close = replace(TWO_SESSIONS, sessions=(DAY, replace(EVENING, start_minute=600)), shift_minutes=600)
    town = Town(3, replace(close, range_km=1e9))
    days = town.plan.rounds.groupby("day")["drive_km"]
    day = int(days.size().idxmax())
    assert days.size()[day] == 2
    tight = replace(town.plan.params, range_km=float(days.sum()[day]) - 0.1, refuel_minutes=25)
    plan = replace(town.plan, params=tight)
    visit = next(one for one in unedited(plan).visits if one.day == day and one.session_id == "youth")
    edited = edited_by(unedited(plan), [Edit(HOUR, visit.id, day=day, minute=-1)], town.ground_of)
    first, second = edited.plan.rounds[edited.plan.rounds["day"] == day].to_dict("records")
    assert second["leave_minute"] - first["return_minute"] >= 25


def test_a_break_falls_into_a_wait_for_a_fixed_hour_as_in_the_search() -> None:
    asked = replace(ASKED, break_minutes=20, break_after_minutes=100)
    drives, hours = [10.0, 10.0, 10.0], [540, 620]  # 20 minutes' stop and drive before, 30 to wait
    found = round_hours(drives, hours, [(), ()], asked, 500.0)
    plain = round_hours(drives, hours, [(), ()], replace(asked, break_minutes=0), 500.0)
    assert (found.arrive, found.end) == (plain.arrive, plain.end)
    assert found.depart[0] - found.arrive[0] >= asked.dwell_minutes + asked.break_minutes
