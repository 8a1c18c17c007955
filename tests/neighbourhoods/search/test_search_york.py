"""A search of York's sample wards held against every way there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.generation.generate import generate
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.study.study import Study

STEPS = 200_000


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("search") / "workspace"))


def asked(n: int) -> GenerationParams:
    return GenerationParams(
        "ward", n, n, 0.10, wishes=(("balance", 1.0), ("compactness", 1.0), ("cut_edges", 1.0))
    )


def settled(result: GenerationResult) -> set[tuple[int, ...]]:
    """Options with footprints numbered as they first come, so that numbering does not count."""
    found = set()
    for row in result.footprint.tolist():
        number: dict[int, int] = {}
        found.add(tuple(number.setdefault(one, len(number)) for one in row))
    return found


@pytest.fixture(scope="module", params=[3, 4, 5])
def both(study: Study, request: pytest.FixtureRequest) -> tuple[GenerationResult, GenerationResult]:
    """Every way, and what a search found."""
    params = asked(request.param)
    return generate(study, params), generate(study, replace(params, method="search", steps=STEPS))


def test_what_a_search_finds_is_among_all_ways(both: tuple[GenerationResult, GenerationResult]) -> None:
    every, found = both
    assert found.n_options
    assert settled(found) <= settled(every)


@pytest.mark.parametrize(
    ("wish", "measure"), [("compactness", "shared_border_m"), ("cut_edges", "cut_edges")]
)
@pytest.mark.parametrize("n", [3, 4, 5])
def test_a_search_of_wards_finds_the_best_there_is(study: Study, n: int, wish: str, measure: str) -> None:
    params = replace(asked(n), wishes=((wish, 1.0),))
    least = generate(study, params).values(measure).min()
    found = generate(study, replace(params, method="search", steps=STEPS))
    assert found.values(measure).min() == pytest.approx(least, rel=1e-9)


def test_no_option_beats_a_bound(both: tuple[GenerationResult, GenerationResult]) -> None:
    every, found = both
    assert {"balance", "compactness", "cut_edges"} <= set(found.bounds)
    for one in found.bounds.values():
        wish = WISHES[one.wish_id]
        if wish.measure_id not in every.measure_ids:
            continue
        values = every.values(wish.measure_id)
        slack = 1e-9 * max(abs(one.value), 1.0)
        if wish.less_is_better:
            assert values.min() >= one.value - slack
        else:
            assert values.max() <= one.value + slack


def test_same_seed_same_options_and_another_seed_may_differ(study: Study) -> None:
    params = replace(asked(4), method="search", steps=STEPS // 4)
    first, again = generate(study, params), generate(study, params)
    assert np.array_equal(first.footprint, again.footprint)
    assert first.scores.equals(again.scores)
    assert (first.bound, first.gap) == (again.bound, again.gap)


def test_what_is_asked_is_held(study: Study) -> None:
    codes = [str(code) for code in study.topology("ward").area_codes]
    one, other = (codes.index(code) for code in ("E05010315", "E05010328"))
    params = replace(asked(4), method="search", steps=STEPS // 4, apart=((codes[one], codes[other]),))
    found = generate(study, params)
    assert (found.footprint[:, one] != found.footprint[:, other]).all()
    people = np.stack([(found.footprint == f) @ found.people for f in range(4)])
    assert (np.abs(people / found.target - 1) <= 0.10 + 1e-9).all()


def test_a_search_says_in_words_that_nothing_was_found(study: Study) -> None:
    with pytest.raises(InputError, match=r"no proof|impossible"):
        generate(study, replace(asked(4), method="search", steps=20_000, tolerance=0.00001))
