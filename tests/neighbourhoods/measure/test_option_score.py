"""Scores on arrays against the measures of one option, and against sums by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.errors import InputError
from geodata.topology import Topology, build_topology
from indicators.catalogue import CATALOGUE
from neighbourhoods.comparison.comparison import compare_options
from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.evaluate import evaluate_option
from neighbourhoods.measure.option_score import Town, population_by_footprint, score_options
from neighbourhoods.need.index import NeedIndex, need_index
from neighbourhoods.need.need import NeedTable
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.partner.partner import PartnerSet
from neighbourhoods.travel.straight_line import straight_line_minutes
from tests.neighbourhoods.conftest import PEOPLE

HALVES = np.array([[0, 0, 0, 1, 1, 1]], dtype=np.int8)  # bottom row and top row of the toy town


def option_of(row: np.ndarray, codes: pd.Index) -> FootprintOption:
    return FootprintOption("", "x", "ward", {c: "ABCDEF"[f] for c, f in zip(codes, row, strict=True)})


def test_halves_of_the_toy_town_by_hand(toy_topology: Topology) -> None:
    town = Town(toy_topology, np.array(PEOPLE), target=10_500.0)
    scores = score_options(HALVES, town).iloc[0]
    assert scores["n_footprints"] == 2
    assert scores["max_deviation"] == pytest.approx(4_500 / 10_500)  # 6,000 and 15,000
    assert scores["population_range"] == 9_000
    assert scores["shared_border_m"] == pytest.approx(3_000)
    assert scores["cut_edges"] == 3
    assert scores["polsby_popper_mean"] == pytest.approx(4 * np.pi * 3 / 8**2)  # 3 km by 1 km
    assert scores["n_enclosed"] == 0
    assert np.isnan(scores["people_who_move"])
    assert population_by_footprint(HALVES, town.people).tolist() == [[6_000, 15_000]]


def test_people_who_move_are_matched_first(toy_topology: Topology) -> None:
    """From columns (A D | B E | C F) to halves: the best match keeps C and F, or E; 9,000 + 2,000 at most."""
    as_now = np.array([0, 1, 2, 0, 1, 2])
    town = Town(toy_topology, np.array(PEOPLE), 10_500.0, as_now=as_now)
    stays = max(3_000 + 5_000, 2_000 + 6_000, 1_000 + 6_000)
    assert score_options(HALVES, town)["people_who_move"].tolist() == [21_000 - stays]
    renamed = np.array([[1, 1, 1, 0, 0, 0]], dtype=np.int8)
    assert score_options(renamed, town)["people_who_move"].tolist() == [21_000 - stays]


def test_people_outside_the_partner_that_leads_their_footprint(toy_topology: Topology) -> None:
    """Partner's areas are A D E and B C F: the bottom is led by B C (5,000), the top by D E (9,000)."""
    partner = PartnerSet("p", "Beats", ("West", "East"), np.array([0, 1, 1, 0, 0, 1]))
    town = Town(toy_topology, np.array(PEOPLE), 10_500.0, partner=partner)
    assert score_options(HALVES, town)["people_outside_partner"].tolist() == [1_000 + 6_000]
    alike = np.array([[0, 1, 1, 0, 0, 1]], dtype=np.int8)
    assert score_options(alike, town)["people_outside_partner"].tolist() == [0]


def test_areas_of_no_partner_are_outside(toy_topology: Topology) -> None:
    partner = PartnerSet("p", "Beats", ("West",), np.array([0, 0, 0, -1, -1, -1]))
    town = Town(toy_topology, np.array(PEOPLE), 10_500.0, partner=partner)
    assert score_options(HALVES, town)["people_outside_partner"].tolist() == [15_000]


def test_minutes_between_residents_are_means_over_residents(toy_topology: Topology) -> None:
    """Each square a minute from itself and ten from every other: shares of people give the mean."""
    minutes = np.full((6, 6), 10.0) - 9 * np.eye(6)
    town = Town(toy_topology, np.array(PEOPLE), 10_500.0, travel_minutes=minutes)
    low = 10 - 9 * (1 + 4 + 9) / 36
    high = 10 - 9 * (16 + 25 + 36) / 225
    expected = (6_000 * low + 15_000 * high) / 21_000
    assert score_options(HALVES, town)["travel_minutes_mean"].iloc[0] == pytest.approx(expected)


def test_a_future_year_is_measured_against_a_target_that_grew(toy_topology: Topology) -> None:
    """9,000 more people in the bottom row make both halves 15,000 of a target of 15,000."""
    later = np.array([4_000.0, 5_000.0, 6_000.0, *PEOPLE[3:]])
    town = Town(toy_topology, np.array(PEOPLE), 10_500.0, future_people=later)
    assert town.future_target == pytest.approx(15_000)
    assert score_options(HALVES, town)["max_deviation_future"].iloc[0] == pytest.approx(0)


def test_straight_line_minutes_by_hand() -> None:
    """Two squares of 1 km side by side: 1,000 m x 1.3 at 80 m a minute; inside, 128 r / 45 pi."""
    minutes = straight_line_minutes(np.array([[0.0, 0.0], [1_000.0, 0.0]]), np.array([1e6, 1e6]))
    assert minutes[0, 1] == minutes[1, 0] == pytest.approx(1_300 / 80)
    inside = 128 / (45 * np.pi) * np.sqrt(1e6 / np.pi) * 1.3 / 80
    assert minutes[0, 0] == pytest.approx(inside)


def test_a_footprint_inside_another_is_counted() -> None:
    squares = [shapely.box(x, y, x + 1, y + 1) for y in range(3) for x in range(3)]
    areas = gpd.GeoDataFrame(
        {"area_name": list("abcdefghi")}, geometry=squares, index=pd.Index(list("abcdefghi")), crs=27700
    )
    town = Town(build_topology(areas), np.ones(9), 4.5)
    middle = np.zeros((1, 9), dtype=np.int8)
    middle[0, 4] = 1
    side = np.zeros((1, 9), dtype=np.int8)
    side[0, 3] = 1
    assert score_options(np.concatenate([middle, side]), town)["n_enclosed"].tolist() == [1, 0]


def index_of(rates: list[float], ids: tuple[str, ...] = ("bad_health",), m: int = 1) -> NeedIndex:
    people = np.array(PEOPLE)[:, None].repeat(m, axis=1)
    table = NeedTable(pd.Index(list("ABCDEF")), ids, np.array(rates)[:, None] * people, people)
    return need_index(table, [(one, 1.0) for one in ids], CATALOGUE)


def test_need_index_of_the_authority_is_nought_and_one_is_a_standard_deviation() -> None:
    rates = [0.1, 0.1, 0.1, 0.2, 0.2, 0.2]
    index = index_of(rates)
    people = np.array(PEOPLE)
    assert float(index.score(index.numerator.sum(axis=0), index.denominator.sum(axis=0))) == pytest.approx(0)
    scores = index.area_scores
    assert float((people * scores**2).sum() / people.sum()) == pytest.approx(1)


def test_halves_that_differ_in_need_take_all_the_variation(toy_topology: Topology) -> None:
    town = Town(toy_topology, np.array(PEOPLE), 10_500.0, need=index_of([0.1, 0.1, 0.1, 0.2, 0.2, 0.2]))
    scores = score_options(np.concatenate([HALVES, HALVES * 0]), town)
    assert scores["need_index_spread"].tolist() == pytest.approx([1.0, 0.0])
    assert scores["need_index_distinctiveness"].tolist() == pytest.approx([1.0, 0.0])


def test_an_index_of_deprivation_is_not_mixed_with_its_own_domains() -> None:
    with pytest.raises(InputError, match="already holds"):
        index_of([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], ("imd", "iod_health"), 2)


def test_an_indicator_with_an_unknown_area_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="no figure for some areas"):
        index_of([0.1, np.nan, 0.3, 0.4, 0.5, 0.6])


def test_scores_of_york_agree_with_the_measures_of_each_option(york_wards: gpd.GeoDataFrame) -> None:
    topology = build_topology(york_wards)
    first, second, _ = topology.pairs
    people = york_wards["population"].to_numpy()
    target = people.sum() / 4
    edges = tuple(zip(first.tolist(), second.tolist(), strict=True))
    found = enumerate_options(Problem(tuple(people), edges, 4, 4, target, 0.05)).footprint
    as_now = found[7].astype(np.int64)
    scores = score_options(found, Town(topology, people, target, as_now))
    now = option_of(found[7], topology.area_codes)
    for row in range(0, len(found), max(len(found) // 25, 1)):
        option = option_of(found[row], topology.area_codes)
        one = evaluate_option(option, york_wards, topology, target=target, tolerance=0.05)
        assert not one.violations
        for measure in ("cut_edges", "shared_border_m", "population_range", "polsby_popper_mean"):
            assert scores.at[row, measure] == pytest.approx(one.option[measure])
        worst = one.footprints["deviation_from_target"].abs().max()
        assert scores.at[row, "max_deviation"] == pytest.approx(worst)
        moved = compare_options(now, option, york_wards["population"]).people_who_move
        assert scores.at[row, "people_who_move"] == pytest.approx(moved)
