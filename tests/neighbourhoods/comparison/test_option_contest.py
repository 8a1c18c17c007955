"""Which option wins on what: each measure for itself, ties said, nothing flattered."""

from __future__ import annotations

import pytest

from geodata.workspace import open_workspace
from neighbourhoods.comparison.contest import (
    ALL_ALIKE,
    CRITERIA,
    NO_PIN,
    TOO_FEW,
    Verdict,
    contest_words,
    option_contest,
)
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.option.library import pin_option, save_option, unpin_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("contest") / "workspace"))


def cut(study: Study, axis: str, n: int, name: str) -> FootprintOption:
    """York's wards in `n` bands across one axis, saved."""
    points = study.outlines("ward").geometry.centroid
    rank = getattr(points, axis).rank(method="first") - 1
    assignment = {str(code): "ABCD"[int(r * n // len(rank))] for code, r in rank.items()}
    return save_option(study.store, FootprintOption("", name, "ward", assignment))


@pytest.fixture(scope="module")
def three(study: Study) -> tuple[FootprintOption, FootprintOption, FootprintOption]:
    return cut(study, "x", 2, "East and west"), cut(study, "y", 3, "Bands"), cut(study, "x", 4, "Four")


def by_id(verdicts: tuple[Verdict, ...]) -> dict[str, Verdict]:
    return {one.criterion.id: one for one in verdicts}


def test_each_criterion_is_a_measure_of_the_catalogue_or_what_is_broken() -> None:
    assert {c.id for c in CRITERIA} - set(MEASURES) == {"n_violations"}
    assert len({c.id for c in CRITERIA}) == len(CRITERIA)


def test_the_winner_has_the_least_or_the_most_of_the_measure(
    study: Study, three: tuple[FootprintOption, ...]
) -> None:
    unpin_option(study.store)
    found = by_id(option_contest(study, three))
    measured = {o.id: study.evaluate(o).option for o in three}
    for measure_id, best in (("shared_border_m", min), ("cut_edges", min), ("polsby_popper_mean", max)):
        wanted = best(measured, key=lambda one: float(measured[one][measure_id]))
        assert found[measure_id].winner_ids == (wanted,)
    people = study.evaluate(three[0]).footprints["population"]
    assert found["population_range"].value_by_option[three[0].id] == people.max() - people.min()


def test_whole_wards_split_none_and_so_are_all_alike(
    study: Study, three: tuple[FootprintOption, ...]
) -> None:
    verdict = by_id(option_contest(study, three))["split_wards"]
    assert set(verdict.value_by_option.values()) == {0}
    assert (verdict.winner_ids, verdict.not_judged) == ((), ALL_ALIKE)


def test_who_moves_is_judged_against_what_is_pinned_and_not_for_it(
    study: Study, three: tuple[FootprintOption, ...]
) -> None:
    unpin_option(study.store)
    assert by_id(option_contest(study, three))["people_who_move"].not_judged == NO_PIN
    pin_option(study.store, three[0].id)
    verdict = by_id(option_contest(study, three))["people_who_move"]
    moves = {o.id: study.compare(three[0], o).people_who_move for o in three}
    assert dict(verdict.value_by_option) == moves
    assert moves[three[0].id] == 0
    assert verdict.winner_ids == (min((three[1].id, three[2].id), key=moves.__getitem__),)
    assert by_id(option_contest(study, three[:2]))["people_who_move"].not_judged == TOO_FEW
    unpin_option(study.store)


def test_an_option_with_areas_left_out_is_shown_and_not_judged(
    study: Study, three: tuple[FootprintOption, ...]
) -> None:
    whole = three[1]
    some = dict(list(whole.assignment.items())[:10])
    half_drawn = save_option(study.store, whole.with_changes(id="", name="Half drawn", assignment=some))
    found = by_id(option_contest(study, (half_drawn, *three)))
    assert all(half_drawn.id not in one.winner_ids for one in found.values())
    assert found["shared_border_m"].value_by_option[half_drawn.id] >= 0
    assert {v.not_judged for v in option_contest(study, (half_drawn, whole))} == {TOO_FEW, NO_PIN}


def test_options_of_different_areas_are_measured_on_the_finest(
    study: Study, three: tuple[FootprintOption, ...]
) -> None:
    fine = save_option(
        study.store, study.in_geography(three[1], "synthetic").with_changes(id="", name="Fine")
    )
    found = by_id(option_contest(study, (three[1], fine)))
    edges = float(study.evaluate(fine).option["cut_edges"])
    assert dict(found["cut_edges"].value_by_option) == {three[1].id: edges, fine.id: edges}
    assert found["cut_edges"].not_judged == ALL_ALIKE


# -- in words --------------------------------------------------------------------------------

TITLES = {"a": "Alpha", "b": "Beta", "c": "Gamma"}


def verdicts(*winners: str) -> list[Verdict]:
    """One verdict for each criterion in turn; "ab" is a tie, "=" all alike, "-" not judged."""
    reasons = {"=": ALL_ALIKE, "-": TOO_FEW}
    return [
        Verdict(c, {}, () if won in reasons else tuple(won), reasons.get(won, ""))
        for c, won in zip(CRITERIA, winners, strict=False)
    ]


@pytest.mark.parametrize(
    ("winners", "titles", "words"),
    [
        ("bbba", ("a", "b"), "Beta wins on 3 of 4 measures; Alpha is more even"),
        ("bb=-a", ("a", "b"), "Beta wins on 2 of 4 measures; Alpha is nearer the target"),
        ("ab", ("a", "b"), "Alpha and Beta each win on 1 of 2 measures"),
        ("b", ("a", "b"), "Beta wins on 1 of 1 measure"),
        ("==", ("a", "b"), "No measure sets the options apart"),
        (
            "bbbacb",
            ("a", "b", "c"),
            "Beta wins on 4 of 6 measures; Alpha is the most even; Gamma is nearest the target",
        ),
    ],
)
def test_the_finding_counts_wins_and_says_what_others_are_better_at(
    winners: str, titles: tuple[str, ...], words: str
) -> None:
    assert contest_words(verdicts(*winners), {one: TITLES[one] for one in titles}) == words


def test_a_shared_best_is_nobodys_win() -> None:
    three = {one: TITLES[one] for one in "abc"}
    assert contest_words(verdicts("ab", "c", "c"), three) == "Gamma wins on 2 of 3 measures"
