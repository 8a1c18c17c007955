"""From a workspace to every option: constraints held, results that repeat, refusals in words."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import cli
from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.generation.generate import generate, score_option, usable_indicators
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.generation.problem import Problem
from neighbourhoods.generation.refusal import refusal
from neighbourhoods.generation.report import generation_json
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.wish import WISHES, require_wishes
from neighbourhoods.study.study import Study
from tests.neighbourhoods.partition import grid

FOUR = GenerationParams("ward", 4, 4, 0.1)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("generate") / "workspace"))


@pytest.fixture(scope="module")
def four(study: Study) -> GenerationResult:
    return generate(study, FOUR)


def test_result_is_proven_and_repeats(study: Study, four: GenerationResult) -> None:
    assert four.is_complete
    assert four.gap == 0
    assert four.bound == four.mix[four.ranking[0]] == four.mix.min()
    again = generate(study, FOUR)
    assert np.array_equal(four.footprint, again.footprint)
    assert four.scores.equals(again.scores)
    assert np.array_equal(four.ranking, again.ranking)


def test_constraints_hold_in_every_option_and_lose_none_that_meets_them(
    study: Study, four: GenerationResult
) -> None:
    """What is left with a constraint is exactly what meets it among all."""
    codes = [str(c) for c in four.area_codes]
    a, b, c = 0, 1, 12
    held = four.footprint[(four.footprint[:, a] == four.footprint[:, b])]
    assert 0 < len(held) < four.n_options
    together = generate(study, replace(FOUR, together=((codes[a], codes[b]),)))
    assert np.array_equal(together.footprint, held)
    parted = four.footprint[(four.footprint[:, a] != four.footprint[:, c])]
    apart = generate(study, replace(FOUR, apart=((codes[a], codes[c]),)))
    assert np.array_equal(apart.footprint, parted)


def test_a_locked_footprint_stands_in_every_option(study: Study, four: GenerationResult) -> None:
    now = four.option(5, "As now").with_changes(footprint_names={"B": "Riverside"})
    mine = four.footprint[5] == four.option(5).footprint_ids.index("B")
    result = generate(study, replace(FOUR, as_now=now, locked=("B",)))
    same = [(row == row[np.flatnonzero(mine)[0]]).tolist() == mine.tolist() for row in four.footprint]
    assert np.array_equal(result.footprint, four.footprint[same])
    assert "Riverside" in result.option(0).footprint_names.values()


def test_the_option_people_move_from_moves_nobody_and_is_better_than_all_others(
    study: Study, four: GenerationResult
) -> None:
    result = generate(study, replace(FOUR, as_now=four.option(5, "As now"), wishes=(("as_now", 1.0),)))
    assert result.ranking[0] == 5
    assert result.values("people_who_move")[5] == 0
    assert result.as_now_scores is not None
    share = (four.n_options - 1) / four.n_options
    assert result.standing(result.as_now_scores)["as_now"] == pytest.approx(share)


def test_a_given_option_is_scored_as_if_it_had_been_found(study: Study, four: GenerationResult) -> None:
    scores = score_option(study, FOUR, four.option(3))
    assert scores.to_dict() == pytest.approx(four.scores.iloc[3].to_dict(), nan_ok=True)


def test_best_by_each_wish_is_the_best_there_is(study: Study) -> None:
    need = usable_indicators(study, "ward")[:2]
    params = replace(FOUR, need=tuple((one, 1.0) for one in need), wishes=(("alike", 1.0),))
    result = generate(study, params)
    for wish in WISHES.values():
        if wish.measure_id in result.measure_ids:
            values = result.values(wish.measure_id)
            best = values.min() if wish.less_is_better else values.max()
            assert values[result.best(wish.id)] == best
    assert result.values("need_index_spread")[result.ranking[0]] == result.values("need_index_spread").min()


def test_a_range_of_numbers_is_the_union_of_its_numbers(study: Study) -> None:
    total = float(study.population("ward").sum())
    params = replace(FOUR, target=total / 4, tolerance=0.22, n_min=4, n_max=5)
    both = generate(study, params)
    each = [generate(study, replace(params, n_min=n, n_max=n)).n_options for n in (4, 5)]
    assert both.n_options == sum(each)
    assert np.bincount(both.scores["n_footprints"]).tolist()[4:] == each


def test_every_scored_measure_has_a_record_and_a_version(four: GenerationResult) -> None:
    assert set(four.measure_versions) <= set(MEASURES)
    assert all(four.measure_versions.values())
    assert {wish.measure_id for wish in WISHES.values()} <= set(four.measure_versions)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"n_min": 5}, "no 5 to 4 footprints"),
        ({"n_max": 5}, "say how many people"),
        ({"target": 0.0}, "above nought"),
        ({"tolerance": -0.1}, "nought or wider"),
        ({"locked": ("A",)}, "from an option only"),
        ({"wishes": (("as_now", 1.0),)}, "choose the option"),
        ({"wishes": (("alike", 1.0),)}, "choose indicators"),
        ({"wishes": (("beauty", 1.0),)}, "There is no wish 'beauty'"),
        ({"method": "guess"}, "no way 'guess'"),
        ({"seconds": -1.0}, "nought or more"),
    ],
)
def test_what_contradicts_itself_is_refused(changes: dict[str, object], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        replace(FOUR, **changes)  # type: ignore[arg-type]


def test_alike_and_distinct_at_once_are_refused() -> None:
    with pytest.raises(InputError, match="alike and distinct"):
        require_wishes([("alike", 1.0), ("distinct", 1.0)])


def square(**changes: object) -> Problem:
    """Two rows of two: 1 and 2 people below, 3 and 4 above. The evenest contiguous halves are the columns,
    4 and 6 people, a fifth away from 5; the diagonals (5 and 5) are not in one piece."""
    whole = Problem((1.0, 2.0, 3.0, 4.0), grid(2, 2), 2, 2, 5.0, 0.1)
    return replace(whole, **changes)  # type: ignore[arg-type]


NAMES = ["Ash", "Birch", "Cedar", "Dale"]


def test_refusal_names_the_least_band_that_helps() -> None:
    assert "a band of at least 20.0% in place of 10%" in str(refusal(square(), NAMES))


def test_refusal_names_a_pair_that_is_together_only_through_others() -> None:
    chain = (frozenset({0, 1}), frozenset({1, 3}), frozenset({3, 2}))
    problem = square(tolerance=0.2, together=chain, apart=((0, 2),))
    assert problem.joined == (frozenset({0, 1, 2, 3}),)
    assert "Ash and Cedar are to be together and apart" in str(refusal(problem, NAMES))


def test_refusal_names_the_pair_that_clashes_and_what_to_give_up() -> None:
    problem = square(tolerance=0.2, together=(frozenset({0, 2}),), apart=((0, 2),))
    said = str(refusal(problem, NAMES))
    assert "Ash and Cedar are to be together and apart" in said
    assert "not to keep Ash and Cedar apart" in said


def test_refusal_counts_areas_that_are_all_to_be_apart() -> None:
    said = str(refusal(square(tolerance=0.2, apart=((0, 1), (1, 2), (0, 2))), NAMES))
    assert "Ash, Birch and Cedar are all to be apart, which takes 3 footprints, and at most 2 are" in said
    assert "a band of" not in said


def test_refusal_names_an_area_that_is_too_large_for_the_band() -> None:
    problem = square(people=(1.0, 1.0, 1.0, 17.0), target=10.0)
    assert "Dale alone has 17 people, and the band ends at 11" in str(refusal(problem, NAMES))


def test_refusal_says_how_many_people_the_footprints_would_hold() -> None:
    said = str(refusal(square(target=3.0), NAMES))
    assert "2 footprints of 3 to 3 people hold 5 to 7, and there are 10 people" in said


def test_command_line_prints_stable_keys_and_saves(
    tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path) + "/workspace"
    arguments = ["generate", "--workspace", folder, "--n", "4", "--wish", "compactness=1", "--top", "2"]
    assert cli.main([*arguments, "--save", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {
        "params",
        "method",
        "bounds",
        "steps",
        "stopped_early",
        "bound_s",
        "n_ways",
        "n_left_out_inside_another",
        "is_complete",
        "is_proven",
        "bound",
        "gap",
        "seed",
        "n_steps",
        "n_steps_expected",
        "limit_steps",
        "runtime_s",
        "compile_s",
        "measures",
        "options",
        "front",
        "as_now",
        "need",
        "authority",
        "saved",
    } == set(said)
    assert [o["rank"] for o in said["options"]] == [1, 2]
    assert said["gap"] == 0
    border = next(m for m in said["measures"] if m["measure_id"] == "shared_border_m")
    assert border["version"] == "1"
    assert said["options"][0]["measures"]["shared_border_m"] == border["min"]
    assert sum(len(f["area_codes"]) for f in said["options"][0]["footprints"]) == 21
    saved = said["saved"][0]["id"]
    assert cli.main([*arguments, "--like", saved, "--json"]) == 0
    liked = json.loads(capsys.readouterr().out)
    assert liked["as_now"]["measures"]["people_who_move"] == 0


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--n", "four"], "--n takes a number"),
        (["--n", "4", "--wish", "compactness=much"], "a name and a weight"),
        (["--n", "4", "--together", "E05010311,X1"], "no area X1"),
        (["--n", "3", "--target", "50000"], "This is impossible"),
        (["--n", "4", "--geography", "synthetic", "--method", "enumerate"], "up to 32 areas"),
        (["--n", "4", "--steps", "-1"], "nought or more"),
    ],
)
def test_command_line_refuses_in_words(
    arguments: list[str], fault: str, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["generate", "--workspace", f"{tmp_path}/workspace", *arguments]) == 2
    assert fault in capsys.readouterr().err


def test_report_is_the_same_but_for_the_clock(study: Study, four: GenerationResult) -> None:
    def stripped(result: GenerationResult) -> dict[str, object]:
        return {
            k: v
            for k, v in generation_json(result, 5).items()
            if k not in ("runtime_s", "compile_s", "bound_s")
        }

    assert stripped(four) == stripped(generate(study, FOUR))
