"""A scorecard added up by hand: rules, places among all ways, distances, single moves, words and keys."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

import cli
from geodata.errors import InputError
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.measured import measured
from neighbourhoods.measure.single_move import single_moves
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.measure.words import SHOWN, share_in_words
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.run.codec import from_json, from_parts, to_json, to_parts
from neighbourhoods.scorecard.alternatives import Alternatives, AlternativesParams
from neighbourhoods.scorecard.alternatives_search import (
    alternatives,
    alternatives_params,
    find_alternatives,
    params_for,
)
from neighbourhoods.scorecard.params import ScorecardParams, band_for
from neighbourhoods.scorecard.report import scorecard_json
from neighbourhoods.scorecard.scorecard import Scorecard, scorecard_of
from neighbourhoods.scorecard.trial import trial_of
from neighbourhoods.scorecard.words import MORE_WORDS, card_words, finding_words
from neighbourhoods.study.study import Study
from tests.neighbourhoods.toy_study import toy_option, toy_study

PEOPLE = dict(zip("ABCDEF", (1_000, 2_000, 3_000, 4_000, 5_000, 6_000), strict=True))
BORDERS = ("AB", "BC", "DE", "EF", "AD", "BE", "CF")
ASKED = ScorecardParams()  # an equal share of 10,500, give or take 10%


@pytest.fixture
def study(tmp_path: Path, toy_town: gpd.GeoDataFrame) -> Study:
    return toy_study(tmp_path / "toy", toy_town)


def two_ways(tolerance: float) -> list[frozenset[str]]:
    """Every way to cut the toy town in two, both sides in one piece and in the band: the side of A."""

    def in_one_piece(side: frozenset[str]) -> bool:
        reached, edge = set(), {min(side)}
        while edge:
            reached |= edge
            edge = {b for a, b in (*BORDERS, *map(reversed, BORDERS)) if a in reached and b in side} - reached
        return reached == side

    found = []
    for bits in product((0, 1), repeat=5):
        side = frozenset("A") | {area for area, bit in zip("BCDEF", bits, strict=True) if bit}
        other = frozenset("ABCDEF") - side
        people = sum(PEOPLE[area] for area in side)
        within = abs(people - 10_500) <= tolerance * 10_500 + 1e-6
        if other and within and in_one_piece(side) and in_one_piece(other):
            found.append(side)
    return found


def border_km(side: frozenset[str]) -> int:
    return sum((a in side) != (b in side) for a, b in BORDERS)


# -- among all ways ------------------------------------------------------------------------------


def test_an_option_outside_the_band_stands_among_those_in_a_band_as_wide_as_its_own(study: Study) -> None:
    """Halves hold 6,000 and 15,000: 4,500 of 10,500 is 42.9%, so the band is 43%."""
    trial = trial_of(study, toy_option("AAABBB"), ASKED)
    assert params_for(trial).tolerance == 0.43
    among = alternatives(study, trial)
    ways = two_ways(0.43)
    assert (among.kind, among.n, among.is_widened) == ("all ways", len(ways), True)
    by_wish = {one.wish_id: one for one in measured(trial, among)}
    assert by_wish["balance"].better_than == 0  # none is worse than the edge of its own band
    longer = sum(border_km(side) > 3 for side in ways)
    assert by_wish["compactness"].better_than == by_wish["compactness"].lower == longer / len(ways)


def test_share_is_of_those_that_are_strictly_worse(study: Study) -> None:
    """Cedar and Fir against the rest have 2 km of border; others have 3."""
    trial = trial_of(study, toy_option("AABAAB"), ScorecardParams(tolerance=0.43))
    among = alternatives(study, trial)
    border = next(one for one in measured(trial, among) if one.wish_id == "compactness")
    longer = sum(border_km(side) > 2 for side in two_ways(0.43))
    assert 0 < longer < among.n
    assert border.better_than == longer / among.n
    assert border.standing_words(among) == f"as good as the best of all {among.n} ways"


def test_distance_is_from_the_best_of_all_ways_in_its_own_unit(study: Study) -> None:
    trial = trial_of(study, toy_option("AAABBB"), ASKED)
    among = alternatives(study, trial)
    by_wish = {one.wish_id: one for one in measured(trial, among)}
    best = min(border_km(side) for side in two_ways(0.43)) * 1_000
    border = by_wish["compactness"]
    assert border.best == border.bound == pytest.approx(best)
    assert border.distance == pytest.approx(3_000 - best)
    assert border.distance_percent == pytest.approx(100 * (3_000 - best) / best)
    least = min(abs(sum(PEOPLE[a] for a in side) - 10_500) for side in two_ways(0.43))
    assert by_wish["balance"].distance == pytest.approx((4_500 - least) / 10_500)


def test_an_option_in_the_band_stands_among_those_in_the_band(study: Study) -> None:
    """A B C D hold 10,000 and E F 11,000: 4.8% off."""
    trial = trial_of(study, toy_option("AAAABB"), ASKED)
    among = alternatives(study, trial)
    assert (among.n, among.tolerance, among.is_widened) == (len(two_ways(0.10)), 0.10, False)
    assert among.words == f"all {among.n} ways"


@pytest.mark.parametrize(
    ("asked", "worst", "band"),
    [(0.10, 0.10, 0.10), (0.10, 0.099, 0.10), (0.10, 0.1001, 0.11), (0.05, 0.43, 0.43), (0.0, 0.0, 0.0)],
)
def test_band_is_the_one_asked_for_or_the_next_whole_per_cent(
    asked: float, worst: float, band: float
) -> None:
    assert band_for(asked, worst) == pytest.approx(band)


def test_what_leaves_an_area_out_is_compared_with_nothing_and_says_so(study: Study) -> None:
    card = scorecard_of(study, toy_option("AAABB-"), ASKED)
    assert card.among.kind == "none"
    assert "1 area is in no footprint" in card.among.note
    assert all(np.isnan(one.better_than) for one in card.measures)
    assert finding_words(card) == "meets 2 of 4 rules"


def test_no_option_at_all_is_refused_in_words(study: Study) -> None:
    with pytest.raises(InputError, match="no area in a footprint"):
        trial_of(study, toy_option("------"), ASKED)


# -- rules ---------------------------------------------------------------------------------------


def status_of(card: Scorecard) -> dict[str, str]:
    return {rule.id: rule.status for rule in card.rules}


def test_rules_are_met_broken_or_not_known_and_say_where(study: Study) -> None:
    """Fir is free and B and D, far from each other, are one footprint."""
    card = scorecard_of(study, toy_option("ABABA-"), ASKED)
    assert status_of(card) == {
        "every_area": "broken",
        "one_piece": "broken",
        "band_today": "broken",
        "band_later": "not known",
        "none_inside": "met",
        "transport": "not known",
        "named": "not known",
    }
    where = {rule.id: rule.area_codes for rule in card.rules}
    assert where["every_area"] == ("F",)
    assert set(where["one_piece"]) <= set("ABCDE")
    assert "Fir" in card.rules[0].message


def test_a_partner_whose_area_is_parted_breaks_the_rule_by_name(study: Study) -> None:
    """Columns as the partner's areas: halves part each of them, and most live in the upper half."""
    columns = save_option(
        study.store, toy_option("ABCABC", "Columns").with_changes(footprint_names={"A": "West"})
    )
    asked = ScorecardParams(partner_ids=(columns.id,))
    card = scorecard_of(study, toy_option("AAABBB"), asked)
    rule = next(r for r in card.rules if r.id.startswith("partner"))
    assert (rule.status, len(rule.breaches)) == ("broken", 3)
    assert rule.breaches[0].message == "West is mostly in B; Ash lies in A."
    assert rule.area_codes == ("A", "B", "C")
    (overlap,) = card.partners
    assert overlap.partner_areas["n_footprints"].tolist() == [2, 2, 2]
    assert overlap.people_outside == 21_000 - 3_000 - 6_000  # Cedar leads below, Fir above
    whole = scorecard_of(study, toy_option("ABBABB"), asked)
    assert next(r for r in whole.rules if r.id.startswith("partner")).status == "met"
    assert whole.partners[0].people_outside == 2_000 + 5_000


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("A", "Not yet"),
        ("Group 3", "Not yet"),
        ("footprint b", "Not yet"),
        ("Acomb", "ask"),
        ("Area Seven", "ask"),
    ],
)
def test_letters_are_no_names(study: Study, name: str, says: str) -> None:
    names = {"A": name, "B": "Riverside"}
    card = scorecard_of(study, toy_option("AAABBB").with_changes(footprint_names=names), ASKED)
    assert says in next(r.message for r in card.rules if r.id == "named")


# -- single moves --------------------------------------------------------------------------------


def test_moves_of_the_halves_by_hand(study: Study) -> None:
    """Ends may move, middles may not. Dale down: 10,000 and 11,000. Fir down: 12,000 and 9,000.

    The band is 9,450 to 11,550, so that the halves are 3,450 under and 3,450 over.
    """
    moves = single_moves(trial_of(study, toy_option("AAABBB"), ASKED))
    assert moves.n_possible == 4
    assert [one.title for one in moves.best] == ["Move Dale from B to A", "Move Fir from B to A"]
    assert moves.best[0].words(moves.measure_ids) == (
        "4,000 people; 2 more within the band; people outside the band fall from 6,900 to 0; "
        "furthest from target falls from 42.9% to 4.8%; nothing else breaks"
    )
    assert moves.best[1].repairs == ("people outside the band fall from 6,900 to 900",)


def test_move_applied_and_moved_back_is_the_same_option_with_the_same_card(study: Study) -> None:
    option = toy_option("AAABBB")
    first = scorecard_of(study, option, ASKED)
    made = first.moves.best[0].applied_to(option)
    assert dict(made.assignment) == dict(toy_option("AAAABB").assignment)
    after = scorecard_of(study, made, ASKED)
    assert after.trial.scores["max_deviation"] == pytest.approx(first.moves.best[0].after["max_deviation"])
    back = made.with_changes(assignment={**made.assignment, "D": "B"})
    again = scorecard_of(study, back, ASKED)
    left_out = {"runtime_s", "alternatives"}
    assert {k: v for k, v in scorecard_json(again).items() if k not in left_out} == {
        k: v for k, v in scorecard_json(first).items() if k not in left_out
    }


def test_area_in_none_is_placed_first(study: Study) -> None:
    moves = single_moves(trial_of(study, toy_option("AAABB-"), ASKED))
    assert {one.title for one in moves.best[:2]} == {"Put Fir in A", "Put Fir in B"}
    assert "places an area that was in none" in moves.best[0].repairs


def test_piece_that_is_apart_may_join_what_lies_beside_it(study: Study) -> None:
    """Ash alone is apart from Cedar and Fir: it joins B, which then holds 12,000, in a band of 20%."""
    moves = single_moves(trial_of(study, toy_option("ABABBA"), ScorecardParams(tolerance=0.2)))
    assert moves.best[0].title == "Move Ash from A to B"
    assert "joins what was apart" in moves.best[0].repairs


def test_last_area_of_a_footprint_never_leaves_it(study: Study) -> None:
    moves = single_moves(trial_of(study, toy_option("ABBBBB"), ASKED))
    assert all(one.area_code != "A" for one in moves.best)
    assert moves.n_possible == 2  # Birch and Dale


def test_change_of_the_mix_is_in_shares_of_the_range_over_all_ways(study: Study) -> None:
    asked = ScorecardParams(wishes=(("balance", 3.0), ("compactness", 1.0)))
    card = scorecard_of(study, toy_option("AAAABB"), asked)
    for one in card.moves.best:
        expected = 0.0
        for measure_id, weight in (("max_deviation", 0.75), ("shared_border_m", 0.25)):
            values = card.among.values(measure_id)
            if np.ptp(values) > 0:
                expected += weight * (one.after[measure_id] - one.before[measure_id]) / np.ptp(values)
        assert one.mix_change == pytest.approx(expected)


# -- words and keys ------------------------------------------------------------------------------


def test_every_wish_and_measure_has_its_words() -> None:
    assert set(MORE_WORDS) == set(WISHES)
    assert {w.measure_id for w in WISHES.values()} <= set(SHOWN)
    assert all(one in MEASURES for one in SHOWN)


@pytest.mark.parametrize(
    ("share", "says"),
    [
        (0.0, "none"),
        (0.0004, "less than 0.1%"),
        (0.004, "0.4%"),
        (0.969, "96%"),
        (0.9996, "99.9%"),
        (1.0, "100%"),
    ],
)
def test_shares_are_never_rounded_up(share: float, says: str) -> None:
    assert share_in_words(share) == says


def test_finding_says_rules_and_place_among_all(study: Study) -> None:
    card = scorecard_of(study, toy_option("AAAABB"), ASKED)
    assert finding_words(card).startswith("meets all 4 rules that can be checked, is as even as any")
    assert card.among.words in card_words(card)


def test_json_keys_stay_and_hold_plain_values(study: Study) -> None:
    document = scorecard_json(scorecard_of(study, toy_option("AAABBB"), ASKED))
    assert list(document) == [
        "option", "params", "constraints", "measures", "alternatives", "future", "future_note", "partners",
        "fitting", "moves", "seed", "runtime_s",
    ]  # fmt: skip
    text = json.dumps(document, default=_number)
    (border,) = [m for m in json.loads(text)["measures"] if m["measure_id"] == "shared_border_m"]
    assert {
        "value",
        "best",
        "bound",
        "distance",
        "better_than",
        "lower",
        "upper",
        "alternatives",
        "version",
    } <= set(border)
    assert border["alternatives"] == {"kind": "all ways", "number": len(two_ways(0.43))}


def _number(value: object) -> float:
    if isinstance(value, np.generic):
        return float(value)
    raise TypeError(type(value))


def test_what_is_looked_for_is_the_same_for_two_names_and_other_wishes(study: Study) -> None:
    """So that what was found before is found again."""
    one = alternatives_params(toy_option("AAABBB", "One"), ASKED, 10)
    other = alternatives_params(
        toy_option("AAABBB", "Other"), ScorecardParams(wishes=(("compactness", 2.0),)), 10
    )
    assert to_json(one) == to_json(other)
    assert from_json(to_json(one), AlternativesParams) == one
    found = find_alternatives(study, from_json(to_json(one), AlternativesParams))
    kept = from_parts(to_parts(found), Alternatives)
    assert kept.scores.equals(found.scores)
    assert (kept.kind, kept.n, kept.tolerance) == (found.kind, found.n, found.tolerance)


def test_where_all_ways_are_too_many_a_sample_stands_for_them_and_says_so(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("neighbourhoods.scorecard.alternatives_search.MOST_STEPS", 0)
    asked = ScorecardParams(tolerance=0.43, n_sampled=800, seed=3)
    trial = trial_of(study, toy_option("AABAAB"), asked)
    among = alternatives(study, trial)
    assert (among.kind, among.n, among.words) == ("sampled", 800, "800 sampled options")
    assert among.note.startswith("Drawn uniform")
    border = next(one for one in measured(trial, among) if one.wish_id == "compactness")
    ways = two_ways(0.43)
    exact = sum(border_km(side) > 2 for side in ways) / len(ways)
    assert border.lower < border.better_than < border.upper
    assert border.better_than == pytest.approx(exact, abs=0.1)
    assert "about" in border.standing_words(among)
    again = alternatives(study, trial)
    assert again.scores.equals(among.scores)
    assert again.bounds == among.bounds


def test_bound_beside_a_sample_is_beaten_by_no_way_there_is(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = alternatives(study, trial_of(study, toy_option("AAABBB"), ASKED))
    monkeypatch.setattr("neighbourhoods.scorecard.alternatives_search.MOST_STEPS", 0)
    kept: list[Alternatives] = []
    trial = trial_of(study, toy_option("AAABBB"), ScorecardParams(n_sampled=400))
    among = alternatives(study, trial, keep=kept.append)
    assert [one.kind for one in kept] == ["sampled"]  # to be seen while the rest is looked for
    assert not kept[0].bounds
    wish = WISHES["compactness"]
    assert 0 < among.bound(wish) <= every.best(wish) + 1e-6
    assert every.best(wish) <= among.best(wish) + 1e-6
    assert "balance" not in among.bounds  # a deviation of nought is true of any town, and says nothing
    border = next(m for m in measured(trial, among) if m.wish_id == "compactness")
    assert border.distance == pytest.approx(3_000 - among.bound(WISHES["compactness"]))


def test_no_sample_is_drawn_when_none_is_asked_for(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neighbourhoods.scorecard.alternatives_search.MOST_STEPS", 0)
    among = alternatives(study, trial_of(study, toy_option("AAABBB"), ScorecardParams(n_sampled=0)))
    assert (among.kind, among.n) == ("none", 0)
    assert "too many ways" in among.note


def test_an_option_is_given_by_its_areas_and_not_by_its_names(study: Study) -> None:
    """Letters swapped: another option to a computer, the same to a person."""
    one = scorecard_of(study, toy_option("AAABBB"), ASKED)
    other = scorecard_of(
        study, FootprintOption("", "Halves", "ward", dict(zip("ABCDEF", "BBBAAA", strict=True))), ASKED
    )
    assert [m.value for m in one.measures] == pytest.approx([m.value for m in other.measures])
    assert [m.better_than for m in one.measures] == [m.better_than for m in other.measures]


# -- the command line ----------------------------------------------------------------------------


def test_command_prints_the_same_card(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "halves.csv"
    rows = "".join(f"{code},{one}\n" for code, one in zip("ABCDEF", "AAABBB", strict=True))
    file.write_text(f"ward_code,footprint\n{rows}")
    arguments = [
        "test",
        str(file),
        "--workspace",
        str(study.store.root),
        "--tolerance",
        "0.2",
        "--wish",
        "balance",
    ]
    assert cli.main([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["params"]["wishes"] == {"balance": 1.0}
    assert (document["params"]["target"], document["params"]["is_equal_share"]) == (10_500, True)
    assert document["moves"]["best"][0]["area_name"] == "Dale"
    assert document["alternatives"]["number"] == len(two_ways(0.43))
    assert cli.main(arguments) == 0
    assert "Move Dale from B to A" in capsys.readouterr().out


def test_command_refuses_in_one_line(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["test", "nowhere", "--workspace", str(study.store.root)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
