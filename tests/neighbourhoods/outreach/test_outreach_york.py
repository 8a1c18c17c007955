"""Six hubs, one bus, five days and an evening session on two, on York's real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geodata.store import Store
from neighbourhoods.outreach.line import driven_lines
from neighbourhoods.outreach.outreach import suggest_outreach
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan, Session, StopWindow
from neighbourhoods.register.hours import parse_hours
from neighbourhoods.study.study import Study

EVENINGS = (1, 3)


@pytest.fixture(scope="module")
def york(york_copy: Callable[[], Path]) -> Study:
    return Study(Store(york_copy()))


@pytest.fixture(scope="module")
def plan(york: Study) -> OutreachPlan:
    places = york.places()
    libraries = [str(one) for one in places.index[places["kind"] == "library"]]
    schools = [str(one) for one in places.index[places["kind"] == "school"]]
    return suggest_outreach(
        york,
        OutreachParams(
            tuple(libraries[:6]),
            (
                Session("advice", "pension_credit", (0, 1, 2, 3, 4), 540, 960),
                Session("youth", "youth", EVENINGS, 1_020, 1_200),
            ),
            ("library", "school", "gp_surgery"),
            libraries[0],
            windows=(StopWindow(schools[0], -1, 930, 1_200),),
            range_km=60.0,
            refuel_minutes=20,
            time_limit_s=5.0,
        ),
    )


def test_the_bus_is_out_on_five_days_and_two_evenings_within_all_hours(
    york: Study, plan: OutreachPlan
) -> None:
    rounds, visits, params = plan.rounds, plan.visits, plan.params
    assert set(rounds.loc[rounds["session_id"] == "advice", "day"]) == {0, 1, 2, 3, 4}
    assert set(rounds.loc[rounds["session_id"] == "youth", "day"]) == set(EVENINGS)
    for one in rounds.itertuples():
        session = next(each for each in params.sessions if each.id == one.session_id)
        assert session.start_minute <= one.leave_minute <= one.return_minute <= session.end_minute
        assert one.drive_km <= params.range_km
    spent = (rounds["return_minute"] - rounds["leave_minute"]).groupby(rounds["day"]).sum()
    assert (spent <= params.shift_minutes).all()
    assert (visits["depart_minute"] - visits["arrive_minute"] >= params.dwell_minutes).all()
    text = york.places()["opening_hours"].fillna("")
    n_known = 0
    for visit in visits.itertuples():
        hours = parse_hours(str(text[visit.stop_id]))
        n_known += hours.is_known
        assert not hours.is_known or hours.is_open(visit.day, visit.arrive_minute, visit.depart_minute)
        held = visit.stop_id == params.windows[0].stop_id
        assert not held or (visit.arrive_minute >= 930 and visit.depart_minute <= 1_200)
    assert n_known
    assert 0 < plan.value <= plan.bound
    assert plan.gap < 0.15


def test_every_round_has_its_line_from_the_depot_and_back(york: Study, plan: OutreachPlan) -> None:
    lines = driven_lines(york, plan)
    assert len(lines) == len(plan.rounds)
    depot = plan.stops.loc[plan.params.depot_id, ["x", "y"]].to_numpy(dtype=float)
    for line in lines.values():
        assert np.array_equal(line[0], depot)
        assert np.array_equal(line[-1], depot)
