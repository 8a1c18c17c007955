"""Who lives where on our map and on the partner's, added up by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array

from geodata.store import Store
from neighbourhoods.generation.generate import score_option
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.option.file import parse_option_csv
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.partner.fit import NONE, Straddle, partner_fit, straddle_by_land, straddle_by_parts
from neighbourhoods.partner.library import add_partner
from neighbourhoods.partner.partner import PartnerSource, one_hot
from neighbourhoods.study.study import Study
from tests.geodata.file_fixture import LSOAS, WARDS, X0, Y0, geojson
from tests.neighbourhoods.partner.test_partner import write_toytown, york  # noqa: F401  a fixture

PEOPLE = np.array([1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0, 6_000.0])
NOT_ASKED = Straddle(float("nan"), float("nan"), "not asked")


def toy_fit(row: list[int], registered: tuple[float, float] = (9_000.0, float("nan"))) -> dict[str, object]:
    """The toy town, footprint W of Ash, Birch and Dale, E of the others, against a partner's X and Y."""
    option = FootprintOption("", "Toy", "toy", dict(zip("ABCDEF", "WWEWEE", strict=True)))
    source = PartnerSource("p", "Partner", ("X", "Y"), np.array(registered))
    return partner_fit(
        option,
        source,
        footprint=np.array([1, 1, 0, 1, 0, 0]),  # ids are E, W
        people=PEOPLE,
        shares=one_hot(np.array(row), 2),
        counted_by="squares",
        straddle=NOT_ASKED,
    ).as_json()


def test_people_and_areas_are_crossed_footprint_by_partner() -> None:
    """X holds Ash, Birch and Cedar (6,000 people), Y Dale and Elm (9,000); Fir (6,000) is in none."""
    found = toy_fit([0, 0, 0, 1, 1, -1])
    people = {row["footprint_id"]: row["by_partner_area"] for row in found["people"]}  # type: ignore[attr-defined]
    assert people == {
        "E": {"X": 3_000, "Y": 5_000, NONE: 6_000},
        "W": {"X": 3_000, "Y": 4_000, NONE: 0},
    }
    areas = {row["footprint_id"]: row["by_partner_area"] for row in found["areas"]}  # type: ignore[attr-defined]
    assert areas == {"E": {"X": 1, "Y": 1, NONE: 1}, "W": {"X": 2, "Y": 1, NONE: 0}}
    east, west = found["footprints"]  # type: ignore[misc]
    assert (east["leading"], east["leading_share"], east["people_outside"]) == ("Y", 5 / 14, 9_000)
    assert (west["leading"], west["leading_share"], west["people_outside"]) == ("Y", 4 / 7, 3_000)
    assert found["people_outside"] == 12_000
    x, y = found["partner_areas"]  # type: ignore[misc]
    assert (x["residents"], x["n_footprints"], x["registered"]) == (6_000, 2, 9_000)
    assert x["registered_less_residents"] == 3_000
    assert (y["residents"], y["leading"], y["leading_share"]) == (9_000, "E", 5 / 9)
    assert y["registered"] is None
    assert y["registered_less_residents"] is None
    json.dumps(found, allow_nan=False)


def test_an_option_of_the_partners_own_areas_has_nobody_outside() -> None:
    found = toy_fit([1, 1, 0, 1, 0, 0])
    assert found["people_outside"] == 0
    assert [row["n_footprints"] for row in found["partner_areas"]] == [1, 1]  # type: ignore[attr-defined]


def test_residents_are_conserved_whatever_the_partner() -> None:
    for row in ([0] * 6, [-1] * 6, [0, 1, 0, 1, 0, 1]):
        found = toy_fit(row)
        total = sum(sum(r["by_partner_area"].values()) for r in found["people"])  # type: ignore[attr-defined]
        assert total == PEOPLE.sum()


def test_straddling_counts_people_of_areas_with_parts_on_two_sides() -> None:
    """Two areas of three parts each; the first has parts in X and Y, the second in X alone."""
    area, people = np.array([0, 0, 0, 1, 1, 1]), np.array([10.0, 20.0, 30.0, 1.0, 2.0, 3.0])
    shares = one_hot(np.array([0, 0, 1, 0, 0, 0]), 2)
    found = straddle_by_parts(area, np.array([0, 0]), people, shares, "parts")
    assert found.share == 60 / 66
    assert found.people_across == 30
    assert found.method == "by the parts on either side of it"


def test_a_part_in_none_is_on_another_side() -> None:
    shares = one_hot(np.array([0, -1]), 1)
    found = straddle_by_parts(np.array([0, 0]), np.array([0]), np.array([9.0, 1.0]), shares, "parts")
    assert (found.share, found.people_across) == (1.0, 1.0)


def test_straddling_by_land_begins_above_one_per_cent() -> None:
    land = csr_array(np.array([[1.0, 0.99, 0.989, 0.0], [0.0, 0.01, 0.011, 0.5]]))
    found = straddle_by_land(land, np.array([1.0, 10.0, 100.0, 1_000.0]))
    assert found.share == 1_100 / 1_111  # the third is cut, and the fourth lies half in none
    assert np.isnan(found.people_across)
    assert "1% of their land" in found.method


@pytest.fixture
def toytown(tmp_path: Path) -> Study:
    """People of the LSOAs: A1 100, A2 300, B1 200, B2 200, C1 100, C2 100; a partner's line at half height
    but for the third ward, which is all in the south."""
    study = write_toytown(
        tmp_path / "workspace", dict(zip(LSOAS, (100, 300, 200, 200, 100, 100), strict=True))
    )
    south = shapely.union_all(
        [shapely.box(X0, Y0, X0 + 3_000, Y0 + 1_000), shapely.box(X0 + 2_000, Y0, X0 + 3_000, Y0 + 2_000)]
    )
    north = shapely.box(X0, Y0 + 1_000, X0 + 2_000, Y0 + 2_000)
    file = geojson(
        [{"beat": "South", "staff": 7}, {"beat": "North", "staff": 9}], [south, north], degrees=False
    )
    add_partner(study, file, "beats.geojson", name="Beats", registered="staff")
    return Study(study.store)


def test_people_are_counted_in_the_smallest_areas_and_wards_that_are_cut_are_told(toytown: Study) -> None:
    option = FootprintOption("", "Two", "ward", dict(zip(WARDS, "AAB", strict=True)))
    fit = toytown.partner_fit(option, "partner:beats")
    assert fit.counted_by == "LSOAs (2021)"
    assert fit.people.loc["A"].tolist() == [300, 500, 0]  # South: A1 and B1; North: A2 and B2
    assert fit.people.loc["B"].tolist() == [200, 0, 0]
    assert fit.people_outside == 300
    assert fit.straddle.share == 800 / 1_000  # wards A and B
    # ward A is counted North, with 100 in the South; ward B lies half and half and its middle on the line
    assert fit.straddle.people_across in (100 + 200, 100 + 200 + 0.0)
    assert fit.partner_areas.set_index("partner_area")["registered"].to_dict() == {"South": 7, "North": 9}


def test_an_option_of_the_smallest_areas_is_held_against_the_land(toytown: Study) -> None:
    option = FootprintOption("", "Two", "lsoa21", dict(zip(LSOAS, "AABBAB", strict=True)))
    fit = toytown.partner_fit(option, "partner:beats")
    assert fit.straddle.share == pytest.approx(0.0)
    assert "of their land" in fit.straddle.method


def test_the_wish_to_be_in_line_is_measured_by_the_same_rule(toytown: Study) -> None:
    """Where people are counted in the option's own areas, the measure and the fit are one figure."""
    option = save_option(
        toytown.store, FootprintOption("", "Rows", "lsoa21", dict(zip(LSOAS, "XYXYXX", strict=True)))
    )
    study = Study(toytown.store)
    other = FootprintOption("", "Two", "lsoa21", dict(zip(LSOAS, "AABBAB", strict=True)))
    params = GenerationParams("lsoa21", 2, 2, 0.9, partner_id=option.id)
    measured = score_option(study, params, other)["people_outside_partner"]
    assert study.partner_fit(other, option.id).people_outside == measured


def test_yorks_wards_held_against_wards_of_2013(york: Study, york_data: Path) -> None:  # noqa: F811
    """Real outlines: every resident is counted once, and the fit tells of wards that were redrawn in 2015."""
    path = york_data / "boundaries" / "OLD_ward13_E06000014.geojson"
    add_partner(york, path.read_bytes(), path.name, name="Wards of 2013", column="WD13NM")
    study = Study(york.store)
    groups = york_data / "footprints" / "pcn_ward_groups.csv"
    areas = {g: study.areas(g) for g in study.geographies}
    option = parse_option_csv(groups.read_bytes(), areas, name="Groups")
    fit = study.partner_fit(option, "partner:wards_of_2013")
    assert fit.people.to_numpy().sum() == study.population("ward").sum()
    by_footprint = study.evaluate(option).footprints.set_index("footprint_id")["population"]
    assert fit.footprints.set_index("footprint_id")["people"].to_dict() == by_footprint.to_dict()
    assert 0.05 < fit.straddle.share < 0.6
    assert isinstance(study.store, Store)
