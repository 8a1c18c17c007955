"""Measures and faults of options, on a town that can be added up by hand and on York."""

from __future__ import annotations

import json
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.topology import Topology, build_topology
from neighbourhoods.measure.evaluate import Evaluation, evaluate_option
from neighbourhoods.measure.measure import MEASURES, neighbours_of, polsby_popper, reock
from neighbourhoods.need.need import NeedTable, distinctiveness, need_spread, need_table
from neighbourhoods.option.option import FootprintOption


def option(assignment: dict[str, str], **names: str) -> FootprintOption:
    return FootprintOption("", "try", "ward", assignment, footprint_names=names)


def rows() -> FootprintOption:
    """Three footprints of two squares, one above the other: AD, BE, CF."""
    return option({"A": "1", "D": "1", "B": "2", "E": "2", "C": "3", "F": "3"})


def by_id(evaluation: Evaluation) -> pd.DataFrame:
    return evaluation.footprints.set_index("footprint_id")


def kinds(evaluation: Evaluation) -> list[str]:
    return [violation.kind for violation in evaluation.violations]


# -- footprints ------------------------------------------------------------------------------


def test_square_has_polsby_popper_of_a_quarter_pi_and_reock_of_two_over_pi(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    one_each = option({code: code for code in "ABCDEF"})
    footprints = evaluate_option(one_each, toy_town, toy_topology).footprints
    assert footprints["polsby_popper"].to_numpy() == pytest.approx(np.full(6, math.pi / 4))
    assert footprints["reock"].to_numpy() == pytest.approx(np.full(6, 2 / math.pi))


def test_footprints_of_the_toy_town_add_up(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    footprints = by_id(evaluate_option(rows(), toy_town, toy_topology, target=5_000))
    assert footprints["population"].tolist() == [5_000, 7_000, 9_000]
    assert footprints["deviation_from_target"].tolist() == pytest.approx([0.0, 0.4, 0.8])
    assert footprints["area_km2"].tolist() == [2.0, 2.0, 2.0]
    assert footprints["perimeter_m"].tolist() == [6_000.0] * 3
    assert footprints["contiguous"].all()
    assert footprints["n_areas"].tolist() == [2, 2, 2]
    # 1 by 2 rectangle: 4 pi 2 / 36, and 2 / (pi (sqrt 5 / 2)^2)
    assert footprints["polsby_popper"].tolist() == pytest.approx([2 * math.pi / 9] * 3)
    assert footprints["reock"].tolist() == pytest.approx([8 / (5 * math.pi)] * 3)


def test_option_measures_of_the_toy_town(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    wards = pd.Series({"A": "w1", "B": "w1", "C": "w2", "D": "w3", "E": "w3", "F": "w2"})
    whole = evaluate_option(rows(), toy_town, toy_topology, ward_by_area=wards).option
    assert whole["cut_edges"] == 4  # AB, BC, DE, EF
    assert whole["shared_border_m"] == 4_000.0
    assert whole["population_range"] == 4_000
    assert whole["split_wards"] == 2  # w1 over 1 and 2, w3 over 1 and 2; w2 is whole
    assert whole["n_unassigned"] == 0


def test_neighbouring_footprints_are_those_with_a_common_border(toy_topology: Topology) -> None:
    assert neighbours_of(toy_topology, np.array([0, 1, 2, 0, 1, 2], dtype=np.int32)) == {(0, 1), (1, 2)}


def test_compactness_of_nothing_is_unknown_not_nought() -> None:
    assert np.isnan(polsby_popper(np.array([0.0]), np.array([0.0]))).all()
    assert np.isnan(reock(np.array([0.0]), np.array([np.nan]))).all()


# -- the population band ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (900.0, []),
        (899.0, ["population_low"]),
        (901.0, []),
        (1_100.0, []),
        (1_101.0, ["population_high"]),
        (1_099.0, []),
    ],
)
def test_band_holds_at_its_edge_and_breaks_just_beyond(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology, people: float, expected: list[str]
) -> None:
    town = toy_town.assign(population=[people, 0, 0, 0, 0, 0])
    whole = option(dict.fromkeys("ABCDEF", "1"))
    assert kinds(evaluate_option(whole, town, toy_topology, target=1_000, tolerance=0.10)) == expected


def test_footprint_under_the_band_is_told_by_how_many_people(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    evaluation = evaluate_option(
        option(dict.fromkeys("ABCDEF", "1"), **{"1": "North"}), toy_town, toy_topology, target=50_000
    )
    assert evaluation.violations[0].message == (
        "North has 21,000 people: 24,000 people under the band, which begins at 45,000."
    )


def test_unknown_population_is_said_and_never_taken_for_nought(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    town = toy_town.assign(population=[np.nan, 2_000, 3_000, 4_000, 5_000, 6_000])
    evaluation = evaluate_option(rows(), town, toy_topology, target=8_000, tolerance=0.2)
    assert np.isnan(by_id(evaluation).loc["1", "population"])
    assert np.isnan(evaluation.option["population_range"])
    assert evaluation.violations[0].message == "The population of Ash in 1 is not known."
    assert evaluation.violations[0].area_codes == ("A",)


# -- pieces, holes, what is left out ---------------------------------------------------------


def test_footprint_in_two_pieces_names_the_area_that_is_apart(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    broken = option({"A": "B", "D": "B", "F": "B", "B": "C", "C": "C", "E": "C"}, B="South")
    evaluation = evaluate_option(broken, toy_town, toy_topology, target=10_500, tolerance=1.0)
    assert [v.message for v in evaluation.violations] == ["South is in 2 pieces: Fir is apart."]
    assert evaluation.violations[0].area_codes == ("F",)
    assert by_id(evaluation)["contiguous"].to_dict() == {"B": False, "C": True}


def test_areas_that_meet_in_a_corner_are_two_pieces(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    corner = option({"A": "1", "E": "1", "B": "2", "C": "2", "F": "2", "D": "3"})
    assert not by_id(evaluate_option(corner, toy_town, toy_topology))["contiguous"]["1"]


def test_footprint_inside_another_is_a_fault_and_a_hole() -> None:
    codes = pd.Index([f"{r}{c}" for r in range(3) for c in range(3)], name="area_code")
    boxes = [shapely.box(c, r, c + 1, r + 1) for r in range(3) for c in range(3)]
    town = gpd.GeoDataFrame({"area_name": codes, "population": 1.0}, geometry=boxes, index=codes, crs=27700)
    inside = option(
        {code: "in" if code == "11" else "out" for code in codes}, **{"in": "Core", "out": "Ring"}
    )
    evaluation = evaluate_option(inside, town, build_topology(town), target=4, tolerance=2)
    assert [v.message for v in evaluation.violations] == ["Core lies wholly inside Ring."]
    assert by_id(evaluation)["holes"].to_dict() == {"in": 0, "out": 1}


def test_unassigned_and_unknown_areas_are_faults(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    half = option({"A": "1", "B": "1", "X": "1"})
    evaluation = evaluate_option(half, toy_town, toy_topology, target=3_000)
    assert kinds(evaluation) == ["unassigned", "unknown_area"]
    assert evaluation.violations[0].message == "Cedar, Dale, Elm and 1 more are in no footprint."
    assert evaluation.violations[1].area_codes == ("X",)
    assert evaluation.option["n_unassigned"] == 4


def test_empty_option_is_weighed_without_fault(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    evaluation = evaluate_option(option({}), toy_town, toy_topology)
    assert evaluation.footprints.empty
    assert kinds(evaluation) == ["unassigned"]


def test_order_of_the_areas_frame_does_not_matter(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    turned = evaluate_option(rows(), toy_town.iloc[::-1], toy_topology)
    pd.testing.assert_frame_equal(
        turned.footprints, evaluate_option(rows(), toy_town, toy_topology).footprints
    )


def test_json_holds_no_nan(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    content = evaluate_option(rows(), toy_town, toy_topology).as_json()
    text = json.dumps(content, allow_nan=False)
    assert json.loads(text)["option"]["distinctiveness"] is None
    assert set(json.loads(text)) == {"footprints", "option", "violations"}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "3", None]), min_size=6, max_size=6))
def test_people_land_and_areas_are_conserved(footprints: list[str | None]) -> None:
    codes = list("ABCDEF")
    boxes = [shapely.box(x, y, x + 1, y + 1) for y in (0, 1) for x in (0, 1, 2)]
    people = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    index = pd.Index(codes, name="area_code")
    town = gpd.GeoDataFrame(
        {"area_name": index, "population": people}, geometry=boxes, index=index, crs=27700
    )
    assignment = {c: f for c, f in zip(codes, footprints, strict=True) if f}
    evaluation = evaluate_option(option(assignment), town, build_topology(town))
    inside = [p for p, f in zip(people, footprints, strict=True) if f]
    assert evaluation.footprints["population"].sum() == pytest.approx(sum(inside))
    assert evaluation.footprints["area_km2"].sum() * 1e6 == pytest.approx(len(inside))
    assert evaluation.footprints["n_areas"].sum() + evaluation.option["n_unassigned"] == 6


# -- need ------------------------------------------------------------------------------------


def need(numerator: list[float], denominator: list[float]) -> NeedTable:
    return NeedTable(
        pd.Index(list("ABCDEF")), ("x",), np.array(numerator)[:, None], np.array(denominator)[:, None]
    )


def test_footprints_alike_within_and_unlike_between_are_wholly_distinct(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    table = need([10, 20, 30, 10, 20, 30], [100] * 6)  # AD 10%, BE 20%, CF 30%
    assert evaluate_option(rows(), toy_town, toy_topology, need=table).need["distinctiveness"]["x"] == 1.0


def test_footprints_with_the_same_mix_are_not_distinct_at_all(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    table = need([10, 20, 30, 30, 20, 10], [100] * 6)  # each pair 20%
    found = evaluate_option(rows(), toy_town, toy_topology, need=table)
    assert found.need["distinctiveness"]["x"] == pytest.approx(0.0)
    assert found.need["need_spread"]["x"] == pytest.approx(0.0)


def test_distinctiveness_is_weighted_by_the_people_counted() -> None:
    # Two footprints: rates 0.1 and 0.3 in one (100 and 300 people), 0.2 in the other (400 people).
    sums = np.array([[10 + 90.0, 400.0], [80.0, 400.0]])
    squares = np.array([100 * 0.01 + 300 * 0.09 + 400 * 0.04])
    mean = 180 / 800
    total = 100 * (0.1 - mean) ** 2 + 300 * (0.3 - mean) ** 2 + 400 * (0.2 - mean) ** 2
    between = 400 * (0.25 - mean) ** 2 + 400 * (0.2 - mean) ** 2
    assert distinctiveness(sums, squares)[0] == pytest.approx(between / total)
    assert need_spread(sums)[0] == pytest.approx(math.sqrt(between / 800) / mean)


def test_scores_that_lie_round_nought_have_no_spread(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    """No value is twice another where nought is only the mean: such a spread would drown all others."""
    found = evaluate_option(rows(), toy_town, toy_topology, need=need([-10, 20, 30, 10, -20, 30], [100] * 6))
    assert np.isnan(found.need["need_spread"]["x"])
    assert np.isnan(found.option["need_spread"])
    assert 0 < found.need["distinctiveness"]["x"] < 1


def test_areas_that_do_not_differ_have_no_distinctiveness() -> None:
    assert np.isnan(distinctiveness(np.array([[10.0, 100.0], [20.0, 200.0]]), np.array([3.0]))[0])


def test_unknown_areas_take_no_part_in_need(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    known = need([10, 20, 30, 10, 20, 30], [100] * 6)
    part = need([10, 20, 30, np.nan, 20, 30], [100] * 6)
    full = evaluate_option(rows(), toy_town, toy_topology, need=known).need
    less = evaluate_option(rows(), toy_town, toy_topology, need=part).need
    assert less["distinctiveness"]["x"] == pytest.approx(full["distinctiveness"]["x"])


def test_unassigned_areas_take_no_part_in_need(toy_town: gpd.GeoDataFrame, toy_topology: Topology) -> None:
    table = need([10, 20, 90, 10, 20, 80], [100] * 6)
    part = option({"A": "1", "D": "1", "B": "2", "E": "2"})
    assert evaluate_option(part, toy_town, toy_topology, need=table).need["distinctiveness"]["x"] == 1.0


def test_counts_have_no_place_in_a_need_table() -> None:
    observations = pd.DataFrame(
        {
            "area_code": ["A", "B", "A", "B"],
            "indicator_id": ["rate", "rate", "count", "count"],
            "numerator": [1.0, 2.0, 5.0, 6.0],
            "denominator": [10.0, 20.0, np.nan, np.nan],
        }
    )
    table = need_table(observations, pd.Index(["B", "A"]))
    assert table.indicator_ids == ("rate",)
    assert table.numerator[:, 0].tolist() == [2.0, 1.0]


# -- records and York ------------------------------------------------------------------------


@pytest.mark.parametrize("record", MEASURES.values(), ids=lambda record: record.id)
def test_every_measure_says_what_it_is_and_where_it_is_from(record: object) -> None:
    assert all(str(value).strip() for value in vars(record).values())


NEED_A_CHOICE = (  # of a second option, a need index, a partner's areas, a speed, a year
    "people_who_move",
    "need_index_spread",
    "need_index_distinctiveness",
    "people_outside_partner",
    "travel_minutes_mean",
    "max_deviation_future",
)


def test_every_footprint_measure_is_a_column_and_every_option_measure_a_figure(
    toy_town: gpd.GeoDataFrame, toy_topology: Topology
) -> None:
    evaluation = evaluate_option(rows(), toy_town, toy_topology)
    for record in MEASURES.values():
        if record.id in NEED_A_CHOICE:
            continue
        where = evaluation.footprints.columns if record.level == "footprint" else evaluation.option.index
        assert record.id in where


def test_six_groups_of_york_are_whole_and_hold_everybody(
    york_wards: gpd.GeoDataFrame, york_data: Path
) -> None:
    groups = pd.read_csv(york_data / "footprints" / "pcn_ward_groups.csv")
    whole = option(dict(zip(groups["ward_code"], groups["footprint"], strict=True)))
    evaluation = evaluate_option(whole, york_wards, build_topology(york_wards), target=33_800, tolerance=0.2)
    assert evaluation.footprints["contiguous"].all()
    assert evaluation.footprints["population"].sum() == 202_814  # TS007A over York's LSOAs
    assert evaluation.option["n_unassigned"] == 0
    assert evaluation.violations == ()


def test_bishopthorpe_apart_from_its_footprint_is_named(
    york_wards: gpd.GeoDataFrame, york_data: Path
) -> None:
    groups = pd.read_csv(york_data / "footprints" / "pcn_ward_groups.csv")
    assignment = dict(zip(groups["ward_code"], groups["footprint"], strict=True))
    code = york_wards.index[york_wards["area_name"] == "Bishopthorpe"][0]
    assignment[code] = "Group 1"  # Haxby, Huntington and Strensall, in the north
    evaluation = evaluate_option(
        option(assignment), york_wards, build_topology(york_wards), target=33_800, tolerance=0.5
    )
    assert [v.message for v in evaluation.violations] == ["Group 1 is in 2 pieces: Bishopthorpe is apart."]
