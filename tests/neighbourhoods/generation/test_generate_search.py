"""Generation by search: chosen where there are too many ways, reported as what it is, refused in words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import cli
from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.generation.enumeration import MOST_STEPS
from neighbourhoods.generation.generate import generate, problem_of
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.generation.plan import plan_of
from neighbourhoods.generation.report import generation_json, generation_words
from neighbourhoods.run.codec import from_parts, to_parts
from neighbourhoods.study.study import Study

WARDS = GenerationParams("ward", 4, 4, 0.1, method="search", steps=300_000)
MANY = GenerationParams("synthetic", 4, 4, 0.1, wishes=(("compactness", 1.0),), steps=60_000)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("search") / "workspace"))


@pytest.fixture(scope="module")
def searched(study: Study) -> GenerationResult:
    return generate(study, WARDS)


@pytest.fixture(scope="module")
def every(study: Study) -> GenerationResult:
    return generate(study, replace(WARDS, method="enumerate"))


def test_best_of_a_search_is_the_best_of_all_and_its_bounds_are_not_beaten(
    searched: GenerationResult, every: GenerationResult
) -> None:
    assert (searched.method, every.method) == ("search", "enumerate")
    for one, bound in searched.bounds.items():
        best = every.bounds[one].value
        assert bound.value <= best + 1e-9 * abs(best) or one in ("round", "distinct")
    assert searched.values("shared_border_m").min() == pytest.approx(every.values("shared_border_m").min())
    assert searched.bound <= searched.mix.min()
    assert searched.gap == pytest.approx(searched.mix.min() - searched.bound)


def test_a_search_claims_neither_all_ways_nor_proof(searched: GenerationResult) -> None:
    assert not searched.is_complete
    document = generation_json(searched, 2)
    assert not document["is_proven"]
    for said in (generation_words(searched, 2), searched.rationale(0), searched.option(0).rationale):
        assert "of all" not in said
        assert "There are" not in said
    assert "seed 0" in searched.rationale(0)
    assert "steps" in searched.rationale(0)


def test_same_seed_gives_the_same_report_but_for_the_clock(study: Study, searched: GenerationResult) -> None:
    def stripped(result: GenerationResult) -> dict[str, object]:
        clock = ("runtime_s", "compile_s", "bound_s")
        return {k: v for k, v in generation_json(result, 3).items() if k not in clock}

    assert stripped(generate(study, WARDS)) == stripped(searched)


def test_a_kept_result_is_read_back_with_its_scales_and_bounds(searched: GenerationResult) -> None:
    again = from_parts(to_parts(searched), GenerationResult)
    assert np.array_equal(again.mix, searched.mix)
    assert again.bounds == searched.bounds
    assert again.bound == searched.bound


def test_other_weights_rank_on_the_same_scales(searched: GenerationResult) -> None:
    alone = replace(searched, params=replace(WARDS, wishes=(("compactness", 1.0),)))
    both = searched.mix_of((("balance", 1.0), ("compactness", 1.0)))
    one = searched.mix_of((("balance", 1.0),))
    assert both == pytest.approx((one + alone.mix) / 2)
    assert alone.bound <= alone.mix.min()


def test_too_many_areas_are_searched_and_the_plan_says_so_before(study: Study) -> None:
    plan = plan_of(problem_of(study, MANY), MANY)
    assert plan.method == "search"
    assert plan.n_steps == 60_000
    assert "too many to go through every way (up to 32)" in plan.words
    wards = plan_of(problem_of(study, WARDS), replace(WARDS, method="auto"))
    assert wards.method == "enumerate"
    assert wards.n_steps < MOST_STEPS


def test_what_is_kept_on_the_way_is_a_result_and_progress_speaks_of_bounds_last(study: Study) -> None:
    kept: list[GenerationResult] = []
    said: list[str] = []
    result = generate(study, MANY, keep=kept.append, progress=lambda done, total, words: said.append(words))
    assert kept
    assert all(isinstance(one, GenerationResult) and one.n_options for one in kept)
    bests = [float(one.mix.min()) for one in [*kept, result]]
    assert (np.diff(bests) <= 1e-12).all()
    assert "left to gain" in said[-1]
    bounds = [one.bounds["compactness"].value for one in [*kept, result] if "compactness" in one.bounds]
    assert bounds == sorted(bounds)


def test_a_cancelled_search_returns_the_best_so_far(study: Study) -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 20

    result = generate(study, replace(MANY, steps=10**9), cancelled=cancelled)
    assert result.stopped_early
    assert result.n_steps < 10**9


def test_people_that_do_not_fit_are_refused_with_a_target_that_does(study: Study) -> None:
    with pytest.raises(InputError, match=r"impossible: 4 footprints .* What helps: a target of"):
        generate(study, replace(MANY, target=1_000.0))


def test_a_band_in_which_nothing_is_found_is_refused_without_a_claim_and_names_one_that_works(
    study: Study,
) -> None:
    with pytest.raises(InputError, match=r"no proof that there is none\. What helps: a band of") as refused:
        generate(study, replace(WARDS, tolerance=1e-6, steps=20_000))
    percent = float(str(refused.value).split("a band of ")[1].split("%")[0])
    wider = generate(study, replace(WARDS, tolerance=percent / 100, steps=300_000))
    assert wider.n_options


def test_command_line_searches_and_prints_bounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["generate", "--workspace", f"{tmp_path}/workspace", "--n", "4", "--geography", "synthetic"]
    assert cli.main([*arguments, "--steps", "40000", "--wish", "compactness=1", "--top", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["method"] == "search"
    assert not said["is_complete"]
    (bound,) = [one for one in said["bounds"] if one["wish"] == "compactness"]
    assert set(bound) == {"wish", "measure_id", "value", "best", "gap", "how"}
    assert 0 < bound["value"] <= bound["best"]
    assert bound["gap"] == pytest.approx(1 - bound["value"] / bound["best"])
    assert said["bound"] <= said["options"][0]["mix"]
    assert said["gap"] == pytest.approx(said["options"][0]["mix"] - said["bound"])
    assert cli.main([*arguments, "--steps", "20000", "--wish", "balance", "--seed", "2"]) == 0
    assert "A search kept" in capsys.readouterr().out
