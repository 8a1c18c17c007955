"""Hubs among the places of York's sample, against every plan there is; and what cannot be is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cli
from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.hub.change import BY, change_by, reach_change
from neighbourhoods.hub.ground import candidates, hub_ground
from neighbourhoods.hub.params import HubParams, HubPlan
from neighbourhoods.hub.siting import suggest_hubs
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.run.codec import from_json, from_parts, to_json, to_parts
from neighbourhoods.run.run import hub_words
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import group_counts
from neighbourhoods.travel.starting_point import starting_points
from neighbourhoods.travel.straight_line import minutes_to_points

THREE = HubParams(("library",), 3)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("hubs")))


@pytest.fixture(scope="module")
def plan(study: Study) -> HubPlan:
    return suggest_hubs(study, THREE)


def journeys(study: Study) -> np.ndarray:
    """Minutes from every ward to every library."""
    points, places = starting_points(study, "ward"), candidates(study, ("library",))
    return minutes_to_points(points.xy, np.column_stack([places.geometry.x, places.geometry.y]))


def test_three_hubs_have_the_least_mean_of_all_threes(study: Study, plan: HubPlan) -> None:
    minutes, people = journeys(study), study.population("ward").to_numpy()
    best = min(
        float(np.average(minutes[:, list(three)].min(axis=1), weights=people))
        for three in combinations(range(minutes.shape[1]), 3)
    )
    assert plan.value == pytest.approx(best, rel=1e-5)
    assert plan.is_proven
    assert plan.bound <= plan.value * (1 + 1e-9)
    assert hub_ground(study, plan.params).reach(plan.params, plan.chosen).whole["minutes"] == pytest.approx(
        best, rel=1e-5
    )


def test_most_people_within_reach_and_the_shortest_longest_journey_of_all_threes(study: Study) -> None:
    minutes, people = journeys(study), study.population("ward").to_numpy()
    nearest = [minutes[:, list(t)].min(axis=1) for t in combinations(range(minutes.shape[1]), 3)]
    covered = suggest_hubs(study, replace(THREE, objective="max_coverage", minutes=30.0))
    assert covered.value == pytest.approx(max(people[near <= 30].sum() for near in nearest) / people.sum())
    centre = suggest_hubs(study, replace(THREE, objective="p_center"))
    assert centre.value == pytest.approx(min(near.max() for near in nearest), rel=1e-5)


def test_another_group_is_served_by_its_own_numbers(study: Study) -> None:
    older = suggest_hubs(study, replace(THREE, who="pop_85plus"))
    minutes, people = journeys(study), group_counts(study, "ward")["pop_85plus"].to_numpy()
    best = min(
        float(np.average(minutes[:, list(three)].min(axis=1), weights=people))
        for three in combinations(range(minutes.shape[1]), 3)
    )
    assert older.value == pytest.approx(best, rel=1e-5)


def test_fixed_stay_closed_are_left_out_and_each_neighbourhood_has_one(study: Study, plan: HubPlan) -> None:
    places = candidates(study, ("library",))
    spare = next(one for one in places.index if one not in plan.chosen)
    held = suggest_hubs(study, replace(THREE, fixed=(spare,), closed=(plan.chosen[0],)))
    assert spare in held.chosen
    assert plan.chosen[0] not in held.chosen
    assert held.value >= plan.value - 1e-6
    x = study.areas("ward").geometry.centroid.x
    halves = {str(code): "W" if value < x.median() else "E" for code, value in x.items()}
    option = FootprintOption("", "Halves", "ward", halves)
    each = suggest_hubs(study, replace(THREE, n_hubs=2, option=option))
    inside = study.areas("ward").sindex.query(places.loc[list(each.chosen)].geometry, predicate="within")[1]
    assert {halves[study.areas("ward").index[row]] for row in inside} == {"W", "E"}


def test_more_hubs_never_lengthen_the_mean_journey(study: Study, plan: HubPlan) -> None:
    values = [suggest_hubs(study, replace(THREE, n_hubs=n)).value for n in (2, 4, 5)]
    assert values[0] >= plan.value >= values[1] >= values[2]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_same_request_same_plan_and_it_survives_being_kept(study: Study, objective: str) -> None:
    asked = replace(THREE, objective=objective, minutes=60.0)
    first, second = suggest_hubs(study, asked), suggest_hubs(study, asked)
    for other in (second, from_parts(to_parts(first), HubPlan)):
        assert (other.params, other.chosen, other.value, other.bound) == (
            first.params,
            first.chosen,
            first.value,
            first.bound,
        )
        pd.testing.assert_frame_equal(other.trade_off, first.trade_off)
        pd.testing.assert_frame_equal(other.stability, first.stability)
    assert from_json(to_json(asked), HubParams) == asked
    assert hub_words(asked).startswith("Fewest hubs" if objective == "set_cover" else "3 hubs")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kinds": ()}, "at least one kind"),
        ({"kinds": ("palace",)}, "No place of the kind 'palace'"),
        ({"objective": "luck"}, "no objective 'luck'"),
        ({"who": "imd"}, "no group of people 'imd'"),
        ({"mode": "fly"}, "no way to travel"),
        ({"n_hubs": 0}, "one hub or more"),
        ({"minutes": 0.0}, "above nought"),
        ({"fixed": ("a",), "closed": ("a",)}, "both fixed and closed"),
        ({"fixed": ("nowhere",)}, "no place 'nowhere'"),
        ({"apart_m": -1.0}, "least distance"),
        ({"together": (("a",),)}, "in pairs"),
        ({"objective": "set_cover", "minutes": 1.0}, "fewer than 95%"),
    ],
)
def test_what_cannot_be_is_refused_in_words(study: Study, changes: dict[str, object], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        suggest_hubs(study, replace(THREE, **changes))  # type: ignore[arg-type]


def test_trade_off_falls_with_every_hub_and_meets_the_plan(study: Study, plan: HubPlan) -> None:
    assert plan.trade_off["n_hubs"].tolist() == list(range(1, 13))
    assert plan.trade_off["minutes"].is_monotonic_decreasing
    assert (plan.trade_off["bound"] <= plan.trade_off["minutes"] + 1e-9).all()
    assert plan.trade_off.set_index("n_hubs").loc[3, "minutes"] == pytest.approx(plan.value, rel=1e-6)
    assert (plan.stability.loc[list(plan.chosen), "near_share"] > 0).all()
    assert plan.stability["draw_share"].sum() == pytest.approx(3)


def test_closing_a_hub_lengthens_some_journeys_and_shortens_none(study: Study, plan: HubPlan) -> None:
    ground = hub_ground(study, THREE)
    before, after = ground.reach(THREE, plan.chosen), ground.reach(THREE, plan.chosen[1:])
    change = reach_change(study, before, after)
    assert change["people"].sum() == study.population("ward").sum()
    assert (change["people_who_gain"] == 0).all()
    assert 0 < change["people_who_lose"].sum() < change["people"].sum()
    back = reach_change(study, after, before)
    pd.testing.assert_series_equal(back["people_who_gain"], change["people_who_lose"], check_names=False)
    pd.testing.assert_series_equal(back["minutes"], -change["minutes"])


def test_changes_by_every_part_of_the_people_add_up_to_the_change_of_all(study: Study, plan: HubPlan) -> None:
    ground = hub_ground(study, THREE)
    before, after = ground.reach(THREE, plan.chosen), ground.reach(THREE, plan.chosen[1:])
    x = study.areas("ward").geometry.centroid.x
    option = FootprintOption(
        "", "Halves", "ward", {str(c): "W" if v < x.median() else "E" for c, v in x.items()}
    )
    longer = float(after.whole["minutes"] - before.whole["minutes"])
    assert longer > 0
    for by in ("area", "fifth", "footprint"):  # groups of people overlap
        rows = change_by(study, before, after, by, 15.0, option)
        assert rows is not None
        change = rows["minutes_after"] - rows["minutes_before"]
        assert float(np.average(change, weights=rows["people"])) == pytest.approx(longer)
        assert (rows["within_after"] <= rows["within_before"] + 1e-12).all()
    groups = change_by(study, before, after, "group", 15.0)
    assert groups is not None
    everyone = groups.loc["pop_total"]
    assert everyone["minutes_after"] - everyone["minutes_before"] == pytest.approx(longer)
    assert change_by(study, before, after, "footprint", 15.0) is None
    assert set(BY) == {"area", "group", "fifth", "footprint"}


def test_room_is_never_exceeded_and_each_area_goes_to_one_hub(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = candidates(study, ("library",)).iloc[:6].copy()
    people = study.population("ward")
    places["capacity"] = people.sum() * 0.4  # so that two are never enough, and no ward is too large for one
    monkeypatch.setattr(Study, "places", lambda _self: places)
    free = suggest_hubs(study, replace(THREE, n_hubs=4))
    held = suggest_hubs(study, replace(THREE, n_hubs=4, heeds_capacity=True))
    assert held.value >= free.value - 1e-6
    assert held.bound <= held.value * (1 + 1e-9)
    assert held.trade_off.empty  # plans that are not held to room say nothing of this one
    with pytest.raises(InputError, match=r"room|capacit"):
        suggest_hubs(study, replace(THREE, n_hubs=2, heeds_capacity=True))
    places.loc[places.index[2], "capacity"] = np.nan
    with pytest.raises(InputError, match="how many people there is room is not known of 1 of the places"):
        suggest_hubs(study, replace(THREE, heeds_capacity=True))


def test_services_are_housed_under_one_roof(
    study: Study, plan: HubPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = study.places()
    places = places[places["kind"] == "library"].copy()
    spare = [one for one in places.index if one not in plan.chosen][:2]
    places["services"] = ""
    places.loc[plan.chosen[0], "services"] = "Advice"
    places.loc[spare[0], "services"] = "Advice; Benefits"
    places.loc[spare[1], "services"] = "benefits"
    monkeypatch.setattr(Study, "places", lambda _self: places)
    apart = suggest_hubs(study, replace(THREE, house=(("advice",),)))
    assert apart.chosen == plan.chosen  # one of the best three has advice already
    both = suggest_hubs(study, replace(THREE, house=(("advice", "benefits"),)))
    assert spare[0] in both.chosen
    assert both.value >= plan.value
    assert suggest_hubs(
        study, replace(THREE, house=(("Library", "benefits"),))
    ).is_proven  # a kind is one too
    with pytest.raises(
        InputError, match="No place that could house a hub has advice and debt under one roof"
    ):
        suggest_hubs(study, replace(THREE, house=(("debt", "advice"),)))


def test_pairs_stand_or_fall_together_and_new_hubs_keep_their_distance(
    study: Study, plan: HubPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = study.places()
    places = places[places["kind"] == "library"].copy()
    spare = next(str(one) for one in places.index if one not in plan.chosen)
    pair = (plan.chosen[0], spare)
    paired = suggest_hubs(study, replace(THREE, together=(pair,)))
    assert (pair[0] in paired.chosen) == (pair[1] in paired.chosen)
    places["status"] = "candidate"
    monkeypatch.setattr(Study, "places", lambda _self: places)
    far = suggest_hubs(study, replace(THREE, apart_m=5_000.0))
    where = places.loc[list(far.chosen)].geometry
    metres = [a.distance(b) for a, b in combinations(where, 2)]
    assert min(metres) >= 5_000
    assert far.as_now is None  # nothing is open yet
    with pytest.raises(InputError, match="no place 'nowhere'"):
        suggest_hubs(study, replace(THREE, together=((spare, "nowhere"),)))


def test_as_now_is_every_place_that_is_open(study: Study, plan: HubPlan) -> None:
    assert plan.as_now is not None
    minutes = float(np.average(journeys(study).min(axis=1), weights=study.population("ward")))
    assert plan.as_now["n_hubs"].tolist() == [len(candidates(study, ("library",)))]
    assert plan.as_now.loc[0, "minutes"] == pytest.approx(minutes, rel=1e-5)


def test_more_hubs_than_places_are_all_places_or_as_few_as_serve_as_well(study: Study) -> None:
    every = suggest_hubs(study, replace(THREE, n_hubs=500))
    assert every.value == pytest.approx(
        float(np.average(journeys(study).min(axis=1), weights=study.population("ward"))), rel=1e-5
    )


def test_command_line_prints_the_plan_with_its_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["hubs", "--workspace", str(tmp_path / "w"), "--kind", "library", "--n", "3"]
    assert cli.main([*arguments, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {
        "authority",
        "params",
        "hubs",
        "n_candidates",
        "value",
        "bound",
        "gap",
        "is_proven",
        "method",
        "runtime_s",
        "seed",
        "trade_off",
        "as_now",
        "stability",
        "access",
    }
    assert said["is_proven"] is True
    assert len(said["hubs"]) == 3
    assert cli.main(arguments) == 0
    assert "proven best" in capsys.readouterr().out
    assert cli.main([*arguments, "--fixed", "nowhere"]) == 2


def test_a_budget_is_kept_and_what_is_new_pays_for_opening(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six venues at 10,000 a year, but one at 90,000 and a candidate that costs 5,000 to open."""
    places = candidates(study, ("library",)).iloc[:6].copy()
    places["running_cost_gbp"] = [10_000.0, 90_000.0, 10_000.0, 10_000.0, 10_000.0, 10_000.0]
    places["opening_cost_gbp"] = 5_000.0
    places["status"] = ["stays", *["may close"] * 4, "candidate"]
    monkeypatch.setattr(Study, "places", lambda _self: places)
    free = suggest_hubs(study, replace(THREE, n_hubs=6))
    held = suggest_hubs(study, replace(THREE, n_hubs=6, budget_gbp=35_000.0))
    dear, new = places.index[1], places.index[5]
    assert dear in free.chosen
    assert dear not in held.chosen
    assert sum(10_000 + 5_000 * (one == new) for one in held.chosen) <= 35_000
    best = min(
        float(np.average(journeys(study)[:, list(some)].min(axis=1), weights=study.population("ward")))
        for n in (1, 2, 3)
        for some in combinations(range(6), n)
        if 1 not in some and 10_000 * n + 5_000 * (5 in some) <= 35_000
    )
    assert held.value == pytest.approx(best, rel=1e-5)
    with pytest.raises(InputError, match=r"budget|afford|cost"):
        suggest_hubs(study, replace(THREE, budget_gbp=5_000.0))
    places.loc[places.index[2], "running_cost_gbp"] = np.nan
    with pytest.raises(InputError, match="running cost of 1 of the places"):
        suggest_hubs(study, replace(THREE, budget_gbp=35_000.0))
