"""Plans that are kept: they come back as they were saved, and stand side by side with the places open now."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import cli
from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.hub.ground import candidates, hub_ground, limits_of
from neighbourhoods.hub.library import (
    compare_plans,
    find_plan,
    measures_of,
    plan_of,
    save_plan,
    saved_plans,
)
from neighbourhoods.hub.params import HubParams, HubPlan
from neighbourhoods.hub.siting import suggest_hubs
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

THREE = HubParams(("library",), 3)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("plans")))


@pytest.fixture(scope="module")
def plan(study: Study) -> HubPlan:
    return suggest_hubs(study, THREE)


def halves(study: Study) -> FootprintOption:
    x = study.areas("ward").geometry.centroid.x
    sides = {str(code): "W" if value < x.median() else "E" for code, value in x.items()}
    return save_option(study.store, FootprintOption("", "Halves", "ward", sides))


def test_a_plan_comes_back_as_it_was_saved_with_its_option(study: Study, plan: HubPlan) -> None:
    option = halves(study)
    plan_id = save_plan(
        study.store, plan, name=" Three ", author="Ann", rationale="Near", option_id=option.id
    )
    found = find_plan(study.store, "Three")
    assert found == find_plan(study.store, plan_id)
    assert (found.name, found.author, found.rationale, found.option_id) == ("Three", "Ann", "Near", option.id)
    again = plan_of(found, option)
    assert again.params == replace(plan.params, option=option)
    assert (again.chosen, again.value, again.bound, again.is_proven) == (
        plan.chosen,
        plan.value,
        plan.bound,
        True,
    )


def test_nothing_that_was_saved_is_replaced(study: Study, plan: HubPlan) -> None:
    before = saved_plans(study.store)
    save_plan(study.store, plan, name="Again")
    save_plan(study.store, replace(plan, chosen=plan.chosen[:2]), name="Again")
    now = saved_plans(study.store)
    assert now[2:] == before
    assert [len(one.chosen) for one in now[:2]] == [2, 3]
    assert find_plan(study.store, "Again").chosen == plan.chosen[:2]  # the newest of that name


def test_plan_chosen_by_hand_has_no_bound(study: Study, plan: HubPlan) -> None:
    nan = float("nan")
    by_hand = replace(plan, value=nan, bound=nan, gap=nan, is_proven=False, method="chosen by hand")
    found = plan_of(find_plan(study.store, save_plan(study.store, by_hand, name="Hand")))
    assert np.isnan(found.bound)
    assert not found.is_proven


def test_faults_are_named_and_change_nothing(study: Study, plan: HubPlan) -> None:
    before = saved_plans(study.store)
    with pytest.raises(InputError, match="Give the plan a name"):
        save_plan(study.store, plan, name="  ")
    assert saved_plans(study.store) == before
    with pytest.raises(InputError, match="no saved plan 'nowhere'"):
        find_plan(study.store, "nowhere")
    with pytest.raises(InputError, match="one to 4 plans"):
        compare_plans(study, [])


def test_plans_side_by_side_are_judged_by_the_same_journeys(study: Study, plan: HubPlan) -> None:
    save_plan(study.store, plan, name="Best three")
    save_plan(study.store, replace(plan, chosen=plan.chosen[:1]), name="One")
    plans = [find_plan(study.store, name) for name in ("Best three", "One")]
    found = compare_plans(study, plans, option=halves(study))
    rows = found.measures.set_index("name")
    assert list(rows.index) == ["Best three", "One", "As now"]
    assert rows.loc["Best three", "minutes"] == pytest.approx(plan.value, rel=1e-5)
    for measure in ("minutes", "worst_fifth_minutes", "longest_minutes"):  # fewer hubs, longer journeys
        assert rows.loc["As now", measure] <= rows.loc["Best three", measure] <= rows.loc["One", measure]
    assert rows.loc["As now", "n_hubs"] == len(candidates(study, ("library",)))
    assert (rows["worst_fifth_minutes"] >= rows["minutes"]).all()
    assert rows["cost_gbp"].isna().all()  # the sample knows no costs
    assert found.footprints is not None
    people = study.population("ward")
    sides = halves(study).assignment
    east = sum(people[code] for code, side in sides.items() if side == "E")
    by_side = found.footprints["Best three", "minutes"]
    mean = (by_side.loc["E"] * east + by_side.loc["W"] * (people.sum() - east)) / people.sum()
    assert mean == pytest.approx(rows.loc["Best three", "minutes"])


def test_worst_served_fifth_is_the_mean_of_the_longest_fifth_of_journeys(study: Study, plan: HubPlan) -> None:
    reach = hub_ground(study, THREE).reach(THREE, plan.chosen)
    found = measures_of(study, reach, 15.0)
    people = reach.points.population[reach.points.row] * reach.points.share
    each = np.repeat(reach.minutes, np.round(people).astype(int))  # one journey for each resident
    longest = np.sort(each)[-len(each) // 5 :]
    assert found["worst_fifth_minutes"] == pytest.approx(longest.mean(), rel=1e-3)
    assert {f"within_{one:g}" for one in limits_of(15.0)} <= set(found)


def test_hubs_that_left_the_register_are_counted_and_a_plan_without_any_is_refused(
    study: Study, plan: HubPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_plan(study.store, plan, name="Before")
    places = study.places()
    monkeypatch.setattr(Study, "places", lambda _self: places.drop(plan.chosen[0]))
    rows = compare_plans(study, [find_plan(study.store, "Before")]).measures.set_index("name")
    assert rows.loc["Before", ["n_hubs", "n_gone"]].tolist() == [2, 1]
    monkeypatch.setattr(Study, "places", lambda _self: places.drop(list(plan.chosen)))
    with pytest.raises(InputError, match="No hub of the plan 'Before' is in the register"):
        compare_plans(study, [find_plan(study.store, "Before")])


def test_command_line_saves_lists_and_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin = ["hubs", "--workspace", str(tmp_path / "w")]
    for n in ("2", "3"):
        asked = [*begin, "--kind", "library", "--n", n, "--save", f"{n} hubs", "--author", "Ann", "--json"]
        assert cli.main(asked) == 0
        assert json.loads(capsys.readouterr().out)["saved"]["name"] == f"{n} hubs"
    assert cli.main([*begin, "--plans", "--json"]) == 0
    plans = json.loads(capsys.readouterr().out)["plans"]
    assert [(one["name"], len(one["chosen"]), one["author"]) for one in plans] == [
        ("3 hubs", 3, "Ann"),
        ("2 hubs", 2, "Ann"),
    ]
    assert cli.main([*begin, "--compare", f"{plans[0]['id']},2 hubs", "--json"]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in compared["plans"]] == ["3 hubs", "2 hubs", "As now"]
    assert compared["plans"][0]["minutes"] < compared["plans"][1]["minutes"]
    assert cli.main([*begin, "--compare", "nowhere"]) == 2
    assert "no saved plan" in capsys.readouterr().err
    assert cli.main(begin) == 2
    assert "--kind" in capsys.readouterr().err
