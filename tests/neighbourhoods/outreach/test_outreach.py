"""A bus for York's sample: who is far, where it stands, the plan's tables, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import cli
from commands.bus_argument import parse_avoid, parse_fixed, parse_hours, parse_session, parse_window
from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.outreach.drive import outreach_drives
from neighbourhoods.outreach.edit import HOUR, MOVE, Edit, params_around, stop_ids, unedited
from neighbourhoods.outreach.edit_ground import edit_ground
from neighbourhoods.outreach.edit_step import edited_by
from neighbourhoods.outreach.edit_table import visit_people
from neighbourhoods.outreach.need import outreach_need, service_need
from neighbourhoods.outreach.outreach import suggest_outreach
from neighbourhoods.outreach.own_stop import OwnStop
from neighbourhoods.outreach.plan import (
    FixedVisit,
    ForbiddenRoad,
    OutreachParams,
    OutreachPlan,
    Session,
    StopWindow,
)
from neighbourhoods.outreach.report import outreach_json, outreach_words
from neighbourhoods.outreach.service import SERVICES, OutreachService
from neighbourhoods.outreach.stop import decay, outreach_stops, thinned
from neighbourhoods.run.codec import from_json, from_parts, to_json, to_parts
from neighbourhoods.run.run import outreach_words as asked_in_words
from neighbourhoods.run.run import run_kind
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import group_counts
from neighbourhoods.travel.starting_point import starting_points
from neighbourhoods.travel.straight_line import minutes_to_points


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("outreach")))


@pytest.fixture(scope="module")
def asked(study: Study) -> OutreachParams:
    libraries = [str(one) for one in study.places().index[study.places()["kind"] == "library"]]
    return OutreachParams(
        tuple(libraries[:2]),
        (Session("day", "everyone", (0, 1), 540, 780), Session("evening", "everyone", (1,), 1020, 1140)),
        ("library",),
        libraries[0],
        stop_minutes=30.0,
        shift_minutes=300,
        time_limit_s=600.0,
    )


@pytest.fixture(scope="module")
def plan(study: Study, asked: OutreachParams) -> OutreachPlan:
    return suggest_outreach(study, asked)


def test_need_is_of_those_who_are_further_than_the_limit_from_every_hub(
    study: Study, asked: OutreachParams
) -> None:
    need = outreach_need(study, asked)
    points, hubs = starting_points(study, "ward"), study.places().loc[list(asked.hub_ids)].geometry
    minutes = minutes_to_points(points.xy, np.column_stack([hubs.x, hubs.y])).min(axis=1)
    people = points.share * points.population[points.row]
    assert need.need[:, 0].sum() == pytest.approx(people[minutes > 15].sum())
    assert (need.minutes_to_hub > 15).all()
    assert need.by_area.sum() == pytest.approx(need.need.sum())


def test_weight_is_an_areas_rate_over_the_authoritys(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    points = starting_points(study, "ward")
    counts = group_counts(study, points.geography)
    rows = study.profile(points.geography)
    known = rows[rows["area_code"].isin(points.area_codes)].groupby("indicator_id")["value"].count()
    whole = rows[(rows["area_code"] == study.authority_code) & (rows["value"] > 0)]["indicator_id"]
    weight_id = next(one for one in whole if known.get(one, 0) == len(points.area_codes))
    who = str(counts.columns[0])
    monkeypatch.setitem(SERVICES, "made_up", OutreachService("made_up", "Made up", who, weight_id, ""))
    values = rows[rows["indicator_id"] == weight_id].set_index("area_code")["value"]
    expected = counts[who] * values.reindex(counts.index) / values[study.authority_code]
    found = service_need(study, "made_up", points)
    assert found == pytest.approx(expected.reindex(points.area_codes).to_numpy(dtype=float))


def test_figures_that_are_not_known_for_every_area_are_refused_in_words(
    study: Study, asked: OutreachParams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SERVICES, "none", OutreachService("none", "No one", "median_age", "", ""))
    points = starting_points(study, "ward")
    unknown = next(one for one in study.catalogue if one not in group_counts(study, points.geography))
    monkeypatch.setitem(SERVICES, "none", OutreachService("none", "No one", unknown, "", ""))
    with pytest.raises(InputError, match="No one: the number of people is not known for all of the"):
        outreach_need(study, replace(asked, sessions=(Session("a", "none", (0,), 540, 700),)))
    never = next(one for one in study.catalogue if one not in set(study.profile("ward")["indicator_id"]))
    monkeypatch.setitem(SERVICES, "none", OutreachService("none", "No one", "pop_total", never, ""))
    with pytest.raises(InputError, match="which is not known for all of the"):
        outreach_need(study, replace(asked, sessions=(Session("a", "none", (0,), 540, 700),)))


def test_a_stop_is_worth_less_the_longer_the_way() -> None:
    assert decay(np.array([0.0, 2.5, 5.0, 10.0, 11.0]), 10.0).tolist() == [1.0, 0.75, 0.5, 0.0, 0.0]


def test_of_bus_stops_near_each_other_the_best_one_stays_and_other_places_stay() -> None:
    places = gpd.GeoDataFrame(
        {"kind": ["bus_stop", "bus_stop", "bus_stop", "library", "bus_stop"]},
        geometry=gpd.points_from_xy([0, 150, 340, 150, 351], [0] * 5),
        index=list("abcde"),
        crs=27700,
    )
    worth = np.array([1.0, 3.0, 2.0, 0.0, 1.0])
    assert places.index[thinned(places, worth, 200.0, [])].tolist() == ["b", "d", "e"]
    assert places.index[thinned(places, worth, 200.0, ["a"])].tolist() == ["a", "b", "d", "e"]


def test_forbidden_stops_are_no_candidates_and_no_stop_at_all_is_refused(
    study: Study, asked: OutreachParams
) -> None:
    need = outreach_need(study, asked)
    every = outreach_stops(study, asked, need).places.index
    fewer = outreach_stops(study, replace(asked, forbidden=(str(every[0]),)), need).places.index
    assert set(fewer) == set(every) - {every[0]}
    with pytest.raises(InputError, match="Choose more kinds of place"):
        outreach_stops(study, replace(asked, forbidden=tuple(map(str, every))), need)
    both = (FixedVisit(str(every[0]), "day", 0),)
    with pytest.raises(InputError, match="both forbidden and visited"):
        outreach_stops(study, replace(asked, forbidden=(str(every[0]),), fixed=both), need)


def test_drives_are_whole_minutes_of_the_straight_line_with_a_detour(
    study: Study, asked: OutreachParams
) -> None:
    xy = np.array([[460_000.0, 452_000.0], [461_000.0, 452_000.0]])
    drives = outreach_drives(study, asked, xy, ["a", "b"])
    assert drives.is_straight
    assert drives.km[0, 1] == pytest.approx(1.3)
    assert drives.minutes[0, 1] == np.ceil(1.3 / 25 * 60)
    assert drives.minutes.shape == (3, 3)


def test_every_number_of_the_plan_adds_up(plan: OutreachPlan, asked: OutreachParams) -> None:
    visits, rounds = plan.visits, plan.rounds
    assert len(visits) == rounds["n_visits"].sum() > 0
    assert visits["people"].sum() == pytest.approx(plan.value)
    assert plan.value <= plan.bound
    assert plan.gap == pytest.approx((plan.bound - plan.value) / plan.bound)
    for one in asked.sessions:
        assert (plan.areas[f"served_{one.id}"] <= plan.areas[f"need_{one.id}"] + 1e-9).all()
        first = visits[visits["session_id"] == one.id].drop_duplicates("stop_id")["people"].sum()
        assert plan.areas[f"served_{one.id}"].sum() == pytest.approx(first)
    assert set(visits["stop_id"]) | {asked.depot_id} == set(plan.stops.index)
    hours = rounds["return_minute"] - rounds["leave_minute"]
    assert (hours.groupby(rounds["day"]).sum() <= asked.shift_minutes).all()
    assert (visits["depart_minute"] - visits["arrive_minute"] >= asked.dwell_minutes).all()


def test_same_seed_gives_the_same_timetable(study: Study, asked: OutreachParams, plan: OutreachPlan) -> None:
    again = suggest_outreach(study, asked)
    pd.testing.assert_frame_equal(again.visits, plan.visits)
    assert (again.value, again.bound) == (plan.value, plan.bound)


def test_fixed_stop_is_visited_and_forbidden_one_is_not(
    study: Study, asked: OutreachParams, plan: OutreachPlan
) -> None:
    first, second = plan.visits["stop_id"].iloc[0], plan.stops.index[-1]
    params = replace(asked, forbidden=(first,), fixed=(FixedVisit(str(second), "day", 1, 600),))
    if first == second:
        params = replace(params, forbidden=())
    found = suggest_outreach(study, params).visits
    held = found[(found["stop_id"] == second) & (found["day"] == 1) & (found["session_id"] == "day")]
    assert held["arrive_minute"].tolist() == [600]
    assert not set(params.forbidden) & set(found["stop_id"])


def test_run_is_kept_and_read_again(plan: OutreachPlan, asked: OutreachParams) -> None:
    kind = run_kind("outreach")
    assert from_json(to_json(asked), OutreachParams) == asked
    again = from_parts(to_parts(plan), OutreachPlan)
    assert isinstance(again, OutreachPlan)
    pd.testing.assert_frame_equal(again.visits, plan.visits)
    assert kind.work == "neighbourhoods.outreach.outreach:suggest_outreach"
    assert asked_in_words(asked) == "1 bus, rounds of a week, 2 hubs, 5 hours a shift: everyone"


def test_nobody_far_is_said(study: Study, asked: OutreachParams) -> None:
    with pytest.raises(InputError, match="there is no one for the bus"):
        suggest_outreach(study, replace(asked, far_minutes=10_000.0))
    with pytest.raises(InputError, match="'nowhere' is not in the register"):
        suggest_outreach(study, replace(asked, hub_ids=("nowhere",)))
    with pytest.raises(InputError, match="depot 'nowhere' is not in the register"):
        suggest_outreach(study, replace(asked, depot_id="nowhere"))
    with pytest.raises(InputError, match="No place can be driven to and served within these hours"):
        suggest_outreach(study, replace(asked, shift_minutes=50))


def test_report_has_its_keys_and_says_who_is_served(plan: OutreachPlan) -> None:
    said = outreach_json(plan)
    assert set(said) == {
        *("params", "stops", "visits", "rounds", "areas", "sessions"),
        *("value", "bound", "gap", "method", "runtime_s", "seed"),
    }
    words = outreach_words(plan)
    assert "Monday" in words
    assert "no plan serves more than" in words


def test_plans_and_reports_are_read_without_a_compiler() -> None:
    code = (
        "import sys, neighbourhoods.outreach.plan, neighbourhoods.outreach.report, neighbourhoods.run.run; "
        "sys.exit('numba' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_sessions_hours_and_fixed_visits_are_read_from_words() -> None:
    week = (0, 1, 2, 3, 4)
    assert parse_session("advice=benefits@9:00-16:00", week) == Session("advice", "benefits", week, 540, 960)
    own = parse_session("youth=youth@17:00-20:30:tue,thu", week)
    assert own == Session("youth", "youth", (1, 3), 1020, 1230)
    assert [parse_hours(one) for one in ("7h", "6h30", "7.5")] == [420, 390, 450]
    assert parse_fixed("advice/tue/library:1-a@10:30") == FixedVisit("library:1-a", "advice", 1, 630)
    assert parse_fixed("advice/fri/library:1") == FixedVisit("library:1", "advice", 4)
    for wrong in ("advice", "a=benefits@9-16", "a=benefits@9:00-16:00:someday"):
        with pytest.raises(InputError):
            parse_session(wrong, week)
    for wrong in ("advice/tue", "advice/never/library:1"):
        with pytest.raises(InputError):
            parse_fixed(wrong)
    with pytest.raises(InputError):
        parse_hours("seven")


def test_hours_of_stops_and_what_the_bus_avoids_are_read_from_words() -> None:
    assert parse_window("library:1=9:00-12:00") == (StopWindow("library:1", -1, 540, 720),)
    own = parse_window("a:b=9:00-12:30:tue,mon")
    assert own == (StopWindow("a:b", 0, 540, 750), StopWindow("a:b", 1, 540, 750))
    assert parse_avoid("library:1/venue:2") == ((), (("library:1", "venue:2"),))
    assert parse_avoid("460000,452000.5") == ((ForbiddenRoad(460_000.0, 452_000.5),), ())
    for wrong in ("library:1", "library:1=9-12", "library:1=9:00-12:00:never"):
        with pytest.raises(InputError):
            parse_window(wrong)
    with pytest.raises(InputError):
        parse_avoid("library:1")


def test_command_line_prints_the_plan_or_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: OutreachParams
) -> None:
    arguments = ["outreach", "--workspace", str(tmp_path / "w"), "--hubs", ",".join(asked.hub_ids)]
    arguments += [
        "--depot",
        asked.depot_id,
        "--stop-kind",
        "library",
        "--stop-minutes",
        "30",
        "--shift",
        "3h",
    ]
    session = ["--session", "day=everyone@9:00-12:00", "--days", "mon,wed"]
    assert cli.main([*arguments, *session, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {one["day"] for one in said["visits"]} == {0, 2}
    assert said["params"]["must_serve_need"] is None
    assert said["gap"] >= 0
    stop = said["visits"][0]["stop_id"]
    held = ["--window", f"{stop}=10:30-11:30:mon", "--range-km", "90", "--refuel", "20", "--json"]
    assert cli.main([*arguments, *session, *held]) == 0
    again = json.loads(capsys.readouterr().out)
    hours = {(one["day"], one["arrive_minute"]) for one in again["visits"] if one["stop_id"] == stop}
    assert hours <= {(0, 630)}
    assert (again["params"]["range_km"], said["params"]["range_km"]) == (90.0, None)
    assert again["params"]["windows"][0]["open_minute"] == 630
    assert cli.main([*arguments, *session, "--avoid", "460000,452000"]) == 2  # no streets in the sample
    assert cli.main([*arguments, *session, "--avoid", "nowhere/elsewhere"]) == 2
    assert cli.main([*arguments, "--session", "day=everyone@nine"]) == 2
    assert cli.main([*arguments[:4], "no such plan", *arguments[5:], *session]) == 2


def test_what_was_fixed_by_hand_stays_and_a_point_can_be_visited(
    study: Study, asked: OutreachParams, plan: OutreachPlan
) -> None:
    edited = unedited(plan)
    first = edited.visits[0]
    at = plan.stops.loc[first.stop_id]
    own = OwnStop("own:here", "By the green", float(at["x"]) + 120, float(at["y"]))
    edits = [
        Edit(MOVE, first.id, to_id=own.id, own=own),
        Edit(HOUR, first.id, day=first.day, minute=round(edited.arrive(first.id)) + 10),
    ]
    moved = edited_by(edited, edits, lambda params, ids: edit_ground(study, params, ids))
    assert moved.plan.stops.loc[own.id, "name"] == "By the green"
    again = suggest_outreach(study, params_around(moved))
    held = again.visits[(again.visits["stop_id"] == own.id) & (again.visits["day"] == first.day)]
    assert held["arrive_minute"].tolist() == [edits[1].minute]
    ground = edit_ground(study, asked, stop_ids(edited))
    people, _ = visit_people(ground, asked, edited.visits)
    assert people == pytest.approx(plan.visits["people"].to_numpy())
