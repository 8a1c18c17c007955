"""What a rival of the search is asked and how its option is judged; no rival is set to work here."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import rivals
from benchmarks.rival_instance import YORK_SIZES, number_for, synthetic_instance
from benchmarks.rival_spopt import ways
from benchmarks.rival_task import Best, Task, answered

ROW_OF_FOUR = Task(
    people=np.array([10.0, 10.0, 10.0, 12.0]),
    first=np.array([0, 1, 2]),
    second=np.array([1, 2, 3]),
    xy=np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]),
    n=2,
    tolerance=0.05,
    cost=np.array([5.0, 7.0, 9.0]),
    seconds=1.0,
    seeds=(1,),
)


def test_an_option_is_worth_its_border_only_in_the_band_and_in_one_piece_each() -> None:
    assert ROW_OF_FOUR.worth(np.array([0, 0, 1, 1])) == (0, 7.0)
    assert ROW_OF_FOUR.worth(np.array([0, 1, 0, 1])) == (1, pytest.approx(1 / 21))
    assert ROW_OF_FOUR.worth(np.array([0, 0, 0, 1])) == (1, pytest.approx(9 / 21))


def test_an_empty_footprint_deviates_by_all_its_people() -> None:
    assert ROW_OF_FOUR.worth(np.zeros(4, dtype=int)) == (1, 1.0)


def test_the_best_of_a_rival_is_one_in_the_band_whatever_the_border_of_the_others() -> None:
    best = Best(ROW_OF_FOUR)
    for row in ([0, 0, 0, 1], [0, 0, 1, 1], [0, 1, 1, 1]):
        best.see(np.array(row))
    assert best.answer("").row.tolist() == [0, 0, 1, 1]


def test_a_rival_that_fails_is_told_in_words() -> None:
    assert answered(_fails, ROW_OF_FOUR, 60) == "ValueError: no way"


def test_footprints_of_made_up_areas_are_more_the_more_areas_there_are() -> None:
    made = synthetic_instance(60)
    assert (made.n_areas, number_for(made)) == (60, 4)
    problem, town = made.asked(4, 0.05)
    assert problem.n_min == problem.n_max == 4
    assert town.target == pytest.approx(made.people.sum() / 4)
    assert len(problem.edges) == len(made.topology.pairs[0])


def test_slow_ways_are_left_out_for_many_areas_and_spopt_is_asked_once() -> None:
    assert list(ways(35_000)) == ["Skater", "WardSpatial"]
    assert len(ways(21)) == 6
    packages = [package for _, package, _ in rivals.rivals(21, "cut_edges")]
    assert packages == ["pymetis", "pymetis", "gerrychain"]


def test_rivals_that_are_not_installed_say_how_to_install_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rivals, "find_spec", lambda name: None)
    rivals.compare(synthetic_instance(30), "compactness", 20_000, lambda package: True)
    told = capsys.readouterr().out
    assert told.count("not installed: pip install -r benchmarks/rivals.txt") == len(
        list(rivals.rivals(30, "compactness"))
    )
    assert "no option beats" in told


def test_all_sizes_but_the_largest_are_compared_by_default() -> None:
    assert rivals.parser().parse_args([]).size == []
    assert min(rivals.NUMBERS) == 3_200
    assert YORK_SIZES == (21, 121, 637)


def _fails(task: Task) -> None:
    raise ValueError("no way")
