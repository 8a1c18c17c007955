"""Scenarios are kept whole, judged by one rule, and say what a change of hubs or bus does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.scenario_table import list_scenario_rows, put_scenario
from geodata.workspace import open_workspace
from neighbourhoods.hub.ground import hub_ground
from neighbourhoods.hub.params import HubParams
from neighbourhoods.outreach.case import CaseValues, business_case, people_served
from neighbourhoods.outreach.drive import NEVER_MINUTES
from neighbourhoods.outreach.edit import HOLD, MOVE, OUT, Edit, held_plan, unedited
from neighbourhoods.outreach.edit_ground import edit_ground
from neighbourhoods.outreach.edit_library import find_outreach, plan_of, save_outreach
from neighbourhoods.outreach.edit_step import edited_by
from neighbourhoods.outreach.outreach import suggest_outreach
from neighbourhoods.outreach.own_stop import OwnStop, own_id
from neighbourhoods.outreach.plan import ForbiddenRoad, OutreachParams, OutreachPlan, Session, StopWindow
from neighbourhoods.outreach.reach import reach_without_and_with
from neighbourhoods.scenario.change import (
    HubChange,
    RoundsWorth,
    change_hubs,
    worth_of_rounds,
)
from neighbourhoods.scenario.cost import HubCosts, hub_costs
from neighbourhoods.scenario.give_up import give_up_hours, give_up_stop
from neighbourhoods.scenario.library import (
    call_scenario,
    drop_scenario,
    find_scenario,
    gone_words,
    save_scenario,
    saved_scenarios,
)
from neighbourhoods.scenario.measure import MEASURES, compare_scenarios, scenario_figures, winner
from neighbourhoods.scenario.mix import suggest_mix
from neighbourhoods.scenario.mix_ground import MixGround, mix_ground
from neighbourhoods.scenario.mix_params import MixParams
from neighbourhoods.scenario.reach import scenario_reach
from neighbourhoods.scenario.report import change_json, change_words, scenarios_words, value_words
from neighbourhoods.scenario.scenario import (
    ReachRule,
    Scenario,
    new_scenario,
    rule_of_bus,
    rule_of_hubs,
    weekly_stops,
)
from neighbourhoods.study.study import Study
from neighbourhoods.travel.matrix import nearest_places

HUB_VALUES, CASE = HubCosts(running_gbp_year=50_000.0), CaseValues()
BY_ID = {one.id: one for one in MEASURES}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("scenarios")))


@pytest.fixture(scope="module")
def libraries(study: Study) -> tuple[str, ...]:
    """Those first that have most starting points within 15 minutes."""
    ground = hub_ground(study, HubParams(("library",)))
    order = np.argsort(-(ground.minutes <= 15).sum(axis=0), kind="stable")
    return tuple(str(one) for one in ground.places.index[order])


@pytest.fixture(scope="module")
def plan(study: Study, libraries: tuple[str, ...]) -> OutreachPlan:
    asked = OutreachParams(
        libraries[:3],
        (Session("bus", "everyone", (0, 1), 540, 900),),
        ("library",),
        libraries[0],
        stop_minutes=20.0,
        dwell_minutes=60,
        time_limit_s=1.0,
    )
    return suggest_outreach(study, asked)


@pytest.fixture
def scenario(plan: OutreachPlan, libraries: tuple[str, ...]) -> Scenario:
    return new_scenario(libraries[:3], bus_plan=plan, name="Three and a bus")


def test_a_scenario_comes_back_whole_with_its_bus(
    study: Study, scenario: Scenario, plan: OutreachPlan
) -> None:
    scenario_id = save_scenario(study, scenario, name=" Kept ", author="Ann", rationale="Near")
    again = find_scenario(study, "Kept")
    assert again.id == scenario_id
    assert (again.author, again.rationale, again.rule) == ("Ann", "Near", scenario.rule)
    assert (again.hub_ids, again.bus) == (scenario.hub_ids, plan.params)
    assert again.bus_plan is not None
    for table in ("stops", "visits", "rounds", "areas"):
        pd.testing.assert_frame_equal(
            getattr(again.bus_plan, table), getattr(plan, table), check_dtype=False, check_column_type=False
        )
    assert (again.bus_plan.value, again.bus_plan.bound) == (plan.value, plan.bound)
    drop_scenario(study, scenario_id)


def test_a_new_name_is_what_it_is_found_by_and_a_removed_one_is_off_the_list(
    study: Study, libraries: tuple[str, ...]
) -> None:
    first = save_scenario(study, new_scenario(libraries[:1]), name="One")
    second = save_scenario(study, new_scenario(libraries[:2]), name="Two")
    with pytest.raises(InputError, match="already"):
        save_scenario(study, new_scenario(libraries[:2]), name="One")
    with pytest.raises(InputError, match="already"):
        call_scenario(study, second, name="One")
    call_scenario(study, first, name="Uno", author="Bea")
    assert [one.name for one in saved_scenarios(study)] == ["Two", "Uno"]
    assert find_scenario(study, "Uno").hub_ids == libraries[:1]
    with pytest.raises(InputError, match="no saved scenario 'One'"):
        find_scenario(study, "One")
    drop_scenario(study, first)
    drop_scenario(study, second)
    assert saved_scenarios(study) == ()


def test_what_is_gone_is_said_and_figures_are_of_what_stands(
    study: Study, libraries: tuple[str, ...]
) -> None:
    lost = replace(new_scenario((*libraries[:2], "library:gone")), hub_plan_id="nothing", option_id="nothing")
    said = " ".join(gone_words(study, lost))
    assert "1 of 3 hubs" in said
    assert "plan that the hubs come from" in said
    assert "option that it belongs to" in said
    figures = scenario_figures(study, lost, hub_values=HUB_VALUES, case_values=CASE)
    assert (figures.n_hubs, figures.n_gone, figures.cost_gbp) == (2, 1, 100_000.0)
    with pytest.raises(InputError, match="No hub"):
        scenario_figures(study, new_scenario(("library:gone",)), hub_values=HUB_VALUES, case_values=CASE)
    assert gone_words(study, new_scenario(libraries[:2])) == ()


def test_a_bus_drawn_for_other_hubs_is_said(
    study: Study, plan: OutreachPlan, libraries: tuple[str, ...]
) -> None:
    assert "other hubs" in " ".join(gone_words(study, new_scenario(libraries[:2], bus_plan=plan)))


def test_shares_are_sums_of_need_at_the_points(study: Study, scenario: Scenario) -> None:
    reach = scenario_reach(study, scenario)
    figures = scenario_figures(study, scenario, hub_values=HUB_VALUES, case_values=CASE)
    near = reach.hubs.minutes <= 15.0
    assert figures.need_hub_share == pytest.approx(reach.need[near].sum() / reach.need.sum())
    at_stop = near | (reach.stop_minutes < 20.0)
    assert figures.need_share == pytest.approx(reach.need[at_stop].sum() / reach.need.sum())
    assert figures.need_share >= figures.need_hub_share
    assert figures.cost_gbp == pytest.approx(3 * 50_000 + business_case(scenario.bus_plan, CASE).cost_gbp)  # type: ignore[arg-type]
    assert figures.gbp_per_person == pytest.approx(figures.cost_gbp / figures.need_reached)
    assert figures.deprivation_gap == pytest.approx(
        figures.most_deprived_minutes - figures.least_deprived_minutes, nan_ok=True
    )


def test_minutes_with_the_bus_are_those_of_the_outreach_page(
    study: Study, scenario: Scenario, plan: OutreachPlan
) -> None:
    without, with_stops = reach_without_and_with(study, plan)
    reach = scenario_reach(study, scenario)
    assert reach.hubs.minutes == pytest.approx(without.minutes)
    assert reach.either.minutes == pytest.approx(with_stops.minutes)


def test_a_stop_of_one_week_in_two_is_not_within_reach(plan: OutreachPlan) -> None:
    assert set(weekly_stops(plan).index) == set(plan.visits["stop_id"])
    fortnightly = replace(plan, params=replace(plan.params, n_weeks=2))
    assert weekly_stops(fortnightly).empty
    both = pd.concat([plan.visits, plan.visits[:1].assign(week=1)])
    assert weekly_stops(replace(fortnightly, visits=both)).index.tolist() == [plan.visits["stop_id"].iloc[0]]


def test_what_is_not_known_is_never_nought(study: Study, scenario: Scenario) -> None:
    unpriced = HubCosts(running_gbp_year=float("nan"))
    figures = scenario_figures(study, scenario, hub_values=unpriced, case_values=CASE)
    assert np.isnan([figures.hub_gbp, figures.cost_gbp, figures.gbp_per_person]).all()
    unplanned = replace(scenario, bus_plan=None)
    figures = scenario_figures(study, unplanned, hub_values=HUB_VALUES, case_values=CASE)
    assert np.isnan([figures.bus_gbp, figures.cost_gbp, figures.need_share, figures.minutes]).all()
    assert figures.hub_gbp == 150_000
    assert "not known" in " ".join(gone_words(study, unplanned))
    no_bus = scenario_figures(study, scenario.with_bus(None), hub_values=HUB_VALUES, case_values=CASE)
    assert (no_bus.bus_gbp, no_bus.need_share) == (0.0, no_bus.need_hub_share)


def test_the_register_s_cost_comes_before_the_assumption_and_opening_is_spread(
    study: Study, libraries: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = study.places().copy()
    places.loc[libraries[0], "running_cost_gbp"] = 10_000.0
    places.loc[libraries[1], ["status", "opening_cost_gbp"]] = ["candidate", 80_000.0]
    places.loc[libraries[2], "status"] = "candidate"
    monkeypatch.setattr(study, "places", lambda: places)
    costs = hub_costs(study, libraries[:3], HubCosts(50_000.0, 20_000.0, 4.0))
    assert costs["gbp_year"].tolist() == [10_000.0, 50_000.0 + 20_000.0, 50_000.0 + 5_000.0]
    assert costs["is_assumed"].tolist() == [False, True, True]


def test_scenarios_are_compared_by_the_rule_of_the_first(
    study: Study, scenario: Scenario, libraries: tuple[str, ...]
) -> None:
    other = replace(new_scenario(libraries[:5], name="Five"), rule=ReachRule(minutes=30.0))
    found = compare_scenarios(study, [scenario, other], hub_values=HUB_VALUES, case_values=CASE)
    assert found.rule == scenario.rule
    alone = scenario_figures(study, other, hub_values=HUB_VALUES, case_values=CASE, rule=scenario.rule)
    assert found.figures[1] == pytest.approx(alone, nan_ok=True) or found.figures[1].minutes == alone.minutes
    assert found.contest.loc["need_hub_share", "winner"] == 1  # five libraries, the first three among them
    with pytest.raises(InputError, match="two or 3"):
        compare_scenarios(study, [scenario], hub_values=HUB_VALUES, case_values=CASE)


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        ("cost_gbp", [10.0, 9.0, 30.0], 1),
        ("cost_gbp", [10.0, 9.5], -1),
        ("cost_gbp", [float("nan"), 9.0], -1),
        ("need_share", [0.5, 0.6], 1),
        ("need_share", [0.5, 0.5004], -1),
        ("concentration_index", [-0.3, 0.1], 1),
        ("n_hubs", [4.0, 6.0], -1),
    ],
)
def test_who_does_best(measure: str, values: list[float], expected: int) -> None:
    assert winner(values, BY_ID[measure]) == expected


def test_the_same_rounds_are_worth_for_the_same_hubs_what_they_were(study: Study, plan: OutreachPlan) -> None:
    again = worth_of_rounds(study, plan, plan.params.hub_ids)
    assert again.value == pytest.approx(plan.value)
    assert again.served == pytest.approx(people_served(plan))


def test_closing_a_hub_makes_its_people_far_and_opening_it_again_brings_them_back(
    study: Study, scenario: Scenario, libraries: tuple[str, ...]
) -> None:
    closed = change_hubs(study, scenario, close=(libraries[0],))
    before, after = scenario_reach(study, scenario), scenario_reach(study, closed.after)
    lost = (before.hubs.minutes <= 15) & (after.hubs.minutes > 15)
    assert closed.need_newly_far == pytest.approx(before.need[lost].sum())
    assert closed.need_newly_far > 0
    assert closed.need_newly_near == 0
    assert closed.by_area["need_newly_far"].sum() == pytest.approx(closed.need_newly_far)
    assert closed.rounds_before is not None
    assert closed.rounds_after is not None
    assert closed.rounds_after.need == pytest.approx(closed.rounds_before.need + closed.need_newly_far)
    assert closed.rounds_after.served >= closed.rounds_before.served
    assert (closed.stops["change"] >= -1e-9).all()
    assert "come to be far" in change_words(closed)
    opened = change_hubs(study, closed.after, add=(libraries[0],))
    assert opened.need_newly_near == pytest.approx(closed.need_newly_far)


def test_a_new_hub_takes_need_from_the_stops_near_it(
    study: Study, scenario: Scenario, plan: OutreachPlan
) -> None:
    at_stop = str(plan.visits["stop_id"].iloc[0])
    found = change_hubs(study, scenario, add=(at_stop,))
    assert found.stops["change"].loc[at_stop] < 0
    assert found.stops.index[0] == found.stops["change"].idxmin()


def test_a_change_that_cannot_be_is_refused(
    study: Study, scenario: Scenario, libraries: tuple[str, ...]
) -> None:
    with pytest.raises(InputError, match="no hub of this scenario"):
        change_hubs(study, scenario, close=(libraries[5],))
    with pytest.raises(InputError, match="at least one hub"):
        change_hubs(study, scenario, close=libraries[:3])
    with pytest.raises(InputError, match="no place 'library:none'"):
        change_hubs(study, scenario, add=("library:none",))


def test_a_stop_given_up_names_the_hub_that_brings_most_back(study: Study, scenario: Scenario) -> None:
    assert scenario.bus_plan is not None
    stop = str(scenario.bus_plan.visits["stop_id"].iloc[0])
    found = give_up_stop(study, scenario, stop, ("library",))
    reach = scenario_reach(study, scenario)
    left = scenario_reach(study, replace(scenario, bus_plan=found.plan))
    lost = reach.is_reached & ~left.is_reached
    assert found.need_lost == pytest.approx(reach.need[lost].sum())
    assert found.need_lost > 0
    assert found.stop_ids == (stop,)
    assert found.candidates["need_back"].is_monotonic_decreasing
    assert (found.candidates["need_back"] <= found.need_lost + 1e-6).all()
    assert found.candidates["need_back"].loc[stop] > 0  # a stop at a library: the library as a hub
    with pytest.raises(InputError, match="does not call at"):
        give_up_stop(study, scenario, "library:none", ("library",))


def test_hours_are_given_up_where_fewest_are_served(study: Study, scenario: Scenario) -> None:
    assert scenario.bus_plan is not None
    visits = scenario.bus_plan.visits
    found = give_up_hours(study, scenario, 1.0, ("library",))
    assert found.minutes_freed == 60
    kept = set(map(tuple, found.plan.visits[["day", "stop_id"]].to_numpy()))
    dropped = [one for one in visits[["day", "stop_id", "people"]].to_numpy() if (one[0], one[1]) not in kept]
    assert [one[2] for one in dropped] == [visits["people"].min()]
    for hours in (0.0, len(visits) + 0.5):
        with pytest.raises(InputError, match="give up more than none"):
            give_up_hours(study, scenario, hours, ("library",))
    with pytest.raises(InputError, match="no bus"):
        give_up_hours(study, scenario.with_bus(None), 1.0, ("library",))


def test_the_joint_search_stands_on_the_places_and_figures_of_the_workspace(
    study: Study, libraries: tuple[str, ...]
) -> None:
    asked = MixParams(
        ("library",),
        ("library",),
        libraries[0],
        rule=ReachRule(stop_minutes=20.0),
        share=0.3,
        fixed=libraries[:1],
        n_hubs_max=2,
        shifts=(300,),
        days=(0,),
    )
    found = suggest_mix(study, asked)
    best = found.cheapest
    assert best is not None
    assert libraries[0] in best.hub_ids
    made = new_scenario(best.hub_ids, bus_plan=found.plan, rule=asked.rule)
    figures = scenario_figures(study, made, hub_values=asked.hub_costs, case_values=asked.case)
    assert figures.need_share == pytest.approx(best.share)
    assert figures.cost_gbp == pytest.approx(best.cost_gbp)
    assert found.bound_gbp <= best.cost_gbp
    with pytest.raises(InputError, match="among those that could house a hub"):
        suggest_mix(study, replace(asked, fixed=("library:none",)))


def test_the_rule_follows_the_bus_or_the_hubs(plan: OutreachPlan) -> None:
    assert rule_of_bus(plan.params) == ReachRule("everyone", 15.0, 20.0, "walk", 0.0)
    assert rule_of_hubs(HubParams(("library",), minutes=12.0)).minutes == 12.0
    with pytest.raises(InputError, match="above nought"):
        ReachRule(minutes=0.0)
    with pytest.raises(InputError, match="no service"):
        ReachRule("none")


def test_rounds_taken_over_bring_their_hubs_and_leave_the_rule_and_the_option(plan: OutreachPlan) -> None:
    ids = plan.params.hub_ids
    rule = ReachRule(minutes=22.0, stop_minutes=3.0)
    before = replace(
        new_scenario((*ids, "another"), rule=rule, name="Old", option_id="o", hub_plan_id="h"), id="x"
    )
    after = before.with_rounds(plan, "run")
    assert (after.id, after.name, after.hub_ids, after.bus_run_id) == ("", "", ids, "run")
    assert (after.option_id, after.hub_plan_id) == ("o", "")
    assert after.rule == replace(rule, stop_minutes=plan.params.stop_minutes)
    assert replace(before, hub_ids=ids).with_rounds(plan).hub_plan_id == "h"


def test_a_scenario_has_hubs_each_named_once(libraries: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="at least one hub"):
        new_scenario(())
    with pytest.raises(InputError, match="twice"):
        new_scenario((libraries[0], libraries[0]))


def test_values_are_said_in_their_units() -> None:
    assert value_words(float("nan"), "gbp") == "not known"
    assert [value_words(0.954, "share"), value_words(1_234.4, "gbp"), value_words(9.96, "minutes")] == [
        "95.4%",
        "£1,234",
        "10.0",
    ]


def test_an_assumption_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 to"):
        HubCosts(running_gbp_year=-1.0)
    with pytest.raises(InputError, match="1 to"):
        HubCosts(opening_years=0.0)


def test_the_bus_may_be_a_saved_plan_that_was_changed_by_hand(
    study: Study, plan: OutreachPlan, libraries: tuple[str, ...]
) -> None:
    x, y = (float(one) + 400 for one in plan.stops.loc[libraries[0], ["x", "y"]])
    point = OwnStop(own_id(x, y), "Green", x, y, author="Ann")
    first = unedited(plan)
    visit = first.visits[0]
    edits = [
        Edit(MOVE, visit_id=visit.id, to_id=point.id, own=point),
        Edit(HOLD, visit_id=visit.id),
        *(Edit(OUT, visit_id=one.id) for one in first.visits[-1:]),
    ]
    edited = edited_by(first, edits, lambda params, ids: edit_ground(study, params, ids))
    plan_id = save_outreach(study.store, study.authority_code, held_plan(edited), name="Hand", author="Ann")
    saved = find_outreach(study.store, study.authority_code, "Hand")
    assert saved.id == plan_id
    made = new_scenario(libraries[:3], bus_plan=plan_of(saved), bus_plan_id=plan_id)
    save_scenario(study, made, name="By hand", author="Ann")
    again = find_scenario(study, "By hand")
    assert (again.bus_plan_id, again.bus_run_id) == (plan_id, "")
    assert again.bus_plan is not None
    assert point.id in set(again.bus_plan.visits["stop_id"])
    assert len(again.bus_plan.visits) == len(plan.visits) - 1
    held = [one for one in unedited(again.bus_plan).visits if one.is_fixed]
    assert [(one.stop_id, one.at_minute) for one in held] == [(point.id, round(edited.arrive(visit.id)))]
    minutes = again.bus_plan.rounds["return_minute"] - again.bus_plan.rounds["leave_minute"]
    figures = scenario_figures(study, again, hub_values=HUB_VALUES, case_values=CASE)
    assert figures.vehicle_hours == pytest.approx(float(minutes.sum()) / 60)
    assert figures.bus_gbp == pytest.approx(business_case(edited.plan, CASE).cost_gbp)
    near = scenario_reach(study, again)
    xy = again.bus_plan.stops.loc[sorted(set(again.bus_plan.visits["stop_id"])), ["x", "y"]].to_numpy()
    journeys = nearest_places(study, near.hubs.points.xy, xy, "walk", 0.0)
    assert near.stop_minutes == pytest.approx(journeys.minutes)
    assert "by the plan 'Hand'" in scenarios_words(study, [again])
    assert gone_words(study, again) == ()
    assert "plan that the bus comes from" in " ".join(gone_words(study, replace(again, bus_plan_id="none")))
    change = change_hubs(study, again, close=libraries[:1])
    assert change.rounds_before is not None
    assert set(change.stops.index) == set(again.bus_plan.visits["stop_id"])
    drop_scenario(study, again.id)


def test_a_scenario_that_was_saved_before_plans_of_the_bus_could_be_chosen_opens(
    study: Study, scenario: Scenario
) -> None:
    drop_scenario(study, save_scenario(study, scenario, name="New"))
    row = next(one for one in list_scenario_rows(study.store, study.authority_code) if one["name"] == "New")
    content = dict(row["content"])  # type: ignore[call-overload]
    del content["bus_plan_id"]
    scenario_id = put_scenario(
        study.store, authority_code=study.authority_code, name="Old", author="", rationale="", content=content
    )
    old = find_scenario(study, "Old")
    assert (old.hub_ids, old.bus, old.bus_plan_id) == (scenario.hub_ids, scenario.bus, "")
    drop_scenario(study, scenario_id)


def test_stops_that_nobody_far_is_near_any_more_are_named(scenario: Scenario) -> None:
    index = pd.Index(["a", "b", "c"], name="stop_id")
    stops = pd.DataFrame(
        {"name": ["Ash", "Beech", "Cedar"], "before": [40.0, 0.4, 10.0], "after": [0.49, 0.0, 0.5]}, index
    )
    worth = RoundsWorth(50.0, 50.0, 50.0, stops["before"])
    nobody = pd.DataFrame(columns=["need_newly_far", "need_newly_near"])
    found = HubChange(scenario, scenario, 0.0, 0.0, 0.0, 0.0, 0.0, nobody, worth, worth, stops)
    assert found.stops_not_needed == ("a",)
    assert "1 of its stops is no longer needed" in change_words(found)
    assert change_words(found).endswith("hub: Ash.")
    assert change_json(found)["stops_not_needed"] == ["a"]


def test_the_ground_of_the_mix_is_that_of_the_bus(study: Study, plan: OutreachPlan) -> None:
    def ground(**changes: object) -> MixGround:
        bus = replace(plan.params, **changes)  # type: ignore[arg-type]
        asked = MixParams(("library",), ("library",), plan.params.depot_id, bus=bus, dwell_minutes=60)
        return mix_ground(study, asked)

    plain = ground()
    ids = [str(one) for one in plain.stops.places.index]
    first, second = ids[:2]
    held = ground(
        forbidden=(ids[-1],),
        forbidden_drives=((first, second),),
        windows=(StopWindow(ids[2], 6, 540, 900),),  # on Sundays, when the bus does not run
    )
    left = [str(one) for one in held.stops.places.index]
    assert left == [one for one in ids[:-1] if one != ids[2]]
    assert held.drives.minutes[left.index(first), left.index(second)] == NEVER_MINUTES
    assert not (plain.drives.minutes == NEVER_MINUTES).any()
    with pytest.raises(InputError, match="where streets are loaded"):
        ground(forbidden_roads=(ForbiddenRoad(1.0, 1.0),))
    with pytest.raises(InputError, match="not in the register"):
        ground(windows=(StopWindow("library:none", 0, 540, 900),))
