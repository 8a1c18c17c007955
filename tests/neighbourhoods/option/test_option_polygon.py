"""Polygons become an option by where people live; what does not fit is listed."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Geometry
from shapely.geometry import box

from geodata.errors import OptionError
from geodata.export import to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes
from geodata.polygon_file import read_polygons
from neighbourhoods.option.file import fit_option_polygons
from neighbourhoods.option.polygon import fit_to_closest


def town() -> gpd.GeoDataFrame:
    """Six squares of 1 km, two rows of three::

    D E F
    A B C      A's south-west corner is (450000, 450000)
    """
    squares = [
        box(
            450_000 + 1_000 * (i % 3),
            450_000 + 1_000 * (i // 3),
            451_000 + 1_000 * (i % 3),
            451_000 + 1_000 * (i // 3),
        )
        for i in range(6)
    ]
    return gpd.GeoDataFrame(
        {"area_name": list("ABCDEF")},
        index=pd.Index(list("ABCDEF"), name="area_code"),
        geometry=squares,
        crs=27700,
    )


def drawn(shapes: dict[str, Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": list(shapes)}, geometry=list(shapes.values()), crs=27700)


def block(west: float, south: float, east: float, north: float) -> Geometry:
    """A rectangle in kilometres from the town's corner."""
    return box(
        450_000 + 1_000 * west, 450_000 + 1_000 * south, 450_000 + 1_000 * east, 450_000 + 1_000 * north
    )


def test_areas_go_to_the_polygon_that_holds_their_point() -> None:
    option, report = fit_option_polygons(
        drawn({"West": block(-1, -1, 1.4, 3), "East": block(1.4, -1, 4, 3)}),
        town(),
        geography="ward",
        name="x",
    )
    assert dict(option.assignment) == {
        "A": "West",
        "B": "East",
        "C": "East",
        "D": "West",
        "E": "East",
        "F": "East",
    }
    assert (option.geography, option.name) == ("ward", "x")
    assert (report.gaps, report.contested, report.empty) == ((), (), ())
    assert report.overlaps.empty
    assert report.by_representative_point == tuple("ABCDEF")


def test_people_and_not_the_middle_of_the_outline_decide() -> None:
    polygons = drawn({"West": block(-1, -1, 1.4, 3), "East": block(1.4, -1, 4, 3)})
    centroids = pd.DataFrame({"x": [451_200.0], "y": [450_500.0]}, index=pd.Index(["B"], name="area_code"))
    option, report = fit_option_polygons(polygons, town(), geography="ward", centroids=centroids)
    assert option.assignment["B"] == "West"
    assert option.assignment["E"] == "East"
    assert report.by_representative_point == tuple("ACDEF")


def test_gaps_are_unassigned_and_listed() -> None:
    option, report = fit_option_polygons(
        drawn({"West": block(0, 0, 1, 2), "Far": block(9, 9, 10, 10)}), town(), geography="ward"
    )
    assert dict(option.assignment) == {"A": "West", "D": "West"}
    assert report.gaps == ("B", "C", "E", "F")
    assert report.empty == ("Far",)


def test_overlap_is_measured_and_the_contested_area_goes_where_most_of_it_lies() -> None:
    # West covers B from 1.0 to 1.6 km, East from 1.3 km on: they share 0.3 x 2 km = 600,000 m2;
    # of B (and E) West covers 0.6 km2 and East 0.7 km2, and both hold the middle at 1.5 km.
    option, report = fit_option_polygons(
        drawn({"West": block(0, 0, 1.6, 2), "East": block(1.3, 0, 3, 2)}), town(), geography="ward"
    )
    assert report.overlaps.to_dict("records") == [
        {"footprint_a": "East", "footprint_b": "West", "area_m2": pytest.approx(600_000)}
    ]
    assert report.contested == ("B", "E")
    assert (option.assignment["B"], option.assignment["E"]) == ("East", "East")


@pytest.mark.parametrize(("width_m", "n_overlaps"), [(19.0, 0), (20.0, 0), (22.0, 1)])
def test_overlap_counts_beyond_a_mean_width_of_twenty_metres(width_m: float, n_overlaps: int) -> None:
    # A strip w x 2,000 m has a mean width of 2A/P = 2000w / (2000 + w): 19.8 m at 20 m, 21.8 m at 22 m.
    _, report = fit_option_polygons(
        drawn({"West": block(0, 0, 1.2 + width_m / 1_000, 2), "East": block(1.2, 0, 3, 2)}),
        town(),
        geography="ward",
    )
    assert len(report.overlaps) == n_overlaps


def test_parts_of_one_footprint_belong_together_and_do_not_overlap() -> None:
    polygons = drawn({"a": block(0, 0, 2, 1), "b": block(1, 0, 3, 1), "c": block(0, 1, 3, 2)})
    polygons["name"] = ["South", "South", "North"]
    option, report = fit_option_polygons(polygons, town(), geography="ward")
    assert "".join(option.assignment[c][0] for c in "ABCDEF") == "SSSNNN"
    assert report.overlaps.empty
    assert report.contested == ()


def test_ids_and_names_come_from_their_columns_or_are_counted() -> None:
    shapes = [block(0, 0, 3, 1), block(0, 1, 3, 2)]

    def fitted(
        columns: dict[str, list[object]], name_column: str | None = None
    ) -> tuple[str, dict[str, str]]:
        polygons = gpd.GeoDataFrame(columns, geometry=shapes, crs=27700)
        option, _ = fit_option_polygons(polygons, town(), geography="ward", name_column=name_column)
        return ",".join(option.footprint_ids), dict(option.footprint_names)

    assert fitted({"x": [1, 2]}) == ("Footprint 1,Footprint 2", {})
    assert fitted({"Name": ["South", None]}) == ("Footprint 2,South", {})
    assert fitted({"footprint": [1.0, 2.0], "footprint_name": ["S", "<b>"]}) == (
        "1,2",
        {"1": "S", "2": "<b>"},
    )
    assert fitted({"team": ["S", "N"], "name": ["p", "q"]}, "team") == ("N,S", {})


def test_faulty_polygons_are_refused() -> None:
    with pytest.raises(OptionError, match=r"no column 'team'.*name"):
        fit_option_polygons(drawn({"a": block(0, 0, 3, 2)}), town(), geography="ward", name_column="team")
    with pytest.raises(OptionError, match="control character"):
        fit_option_polygons(drawn({"a\x07": block(0, 0, 3, 2)}), town(), geography="ward")
    with pytest.raises(OptionError, match="contain none of the 6 areas"):
        fit_option_polygons(drawn({"a": block(8, 8, 9, 9)}), town(), geography="ward")


@pytest.mark.parametrize("write", [to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes])
@pytest.mark.parametrize("id_column", ["footprint", "footprint_id"])
def test_exported_footprints_make_the_same_option_in_every_format(write, id_column: str) -> None:  # type: ignore[no-untyped-def]
    footprints = gpd.GeoDataFrame(
        {id_column: ["1", "2"], "footprint_name": ["South", "=North"]},
        geometry=[block(0, 0, 3, 1), block(0, 1, 3, 2)],
        crs=27700,
    )
    polygons = read_polygons(write(footprints, ["Source: York"]), "footprints")
    option, report = fit_option_polygons(polygons, town(), geography="ward")
    assert "".join(option.assignment[c] for c in "ABCDEF") == "111222"
    assert dict(option.footprint_names) == {"1": "South", "2": "=North"}
    assert report.overlaps.empty


def test_real_wards_as_polygons_give_the_published_best_fit(york_data: Path) -> None:
    lsoas = gpd.read_file(york_data / "boundaries/lsoa21_E06000014.geojson").to_crs(27700)
    lsoas = lsoas.rename(columns={"LSOA21CD": "area_code", "LSOA21NM": "area_name"}).set_index("area_code")
    points = pd.read_csv(
        york_data / "lookups/LLSOA_Dec_2021_PWC_for_England_and_Wales_2022.csv", encoding="utf-8-sig"
    )
    centroids = points.set_index("LSOA21CD")[["x", "y"]]
    wards = read_polygons((york_data / "boundaries/ward_E06000014.geojson").read_bytes(), "wards.geojson")
    option, report = fit_option_polygons(
        wards, lsoas, geography="lsoa21", name_column="WD25CD", centroids=centroids
    )
    published = pd.read_csv(york_data / "lookups/DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    ward_by_lsoa = published.set_index("lsoa21_code")["ward24_code"].reindex(lsoas.index)
    assert dict(option.assignment) == ward_by_lsoa.to_dict()
    assert report.overlaps.empty
    assert (report.gaps, report.contested, report.by_representative_point) == ((), (), ())


def halves() -> gpd.GeoDataFrame:
    """The town in two rows, ABC and DEF, as a coarser kind of area."""
    rows = [block(0, 0, 3, 1), block(0, 1, 3, 2)]
    index = pd.Index(["ABC", "DEF"], name="area_code")
    return gpd.GeoDataFrame({"area_name": ["ABC", "DEF"]}, index=index, geometry=rows, crs=27700)


@pytest.mark.parametrize(
    ("shapes", "geography"),
    [
        ({"South": block(0, 0, 3, 1), "North": block(0, 1, 3, 2)}, "ward"),
        ({"West": block(0, 0, 1, 2), "East": block(1, 0, 3, 2)}, "lsoa21"),
        ({"South": block(0, 0, 3, 1.01), "North": block(0, 1.01, 3, 2)}, "ward"),  # half a per cent off
        ({"West": block(0, 0, 1.1, 2), "East": block(1.1, 0, 3, 2)}, "lsoa21"),  # follows neither
    ],
)
def test_outlines_are_fitted_to_the_kind_of_area_that_they_follow(
    shapes: dict[str, Geometry], geography: str
) -> None:
    option, _ = fit_to_closest(
        drawn(shapes), {"ward": halves(), "lsoa21": town()}, name="x", centroids=lambda _: None
    )
    assert option.geography == geography


def test_areas_that_are_only_for_outlines_along_them_are_not_taken_for_others() -> None:
    shapes = drawn({"West": block(0, 0, 1.1, 2), "East": block(1.1, 0, 3, 2)})
    kinds = {"ward": halves(), "oa21": town()}
    option, _ = fit_to_closest(shapes, kinds, name="x", centroids=lambda _: None, only_if_aligned=["oa21"])
    assert option.geography == "ward"
    along = drawn({"West": block(0, 0, 1, 2), "East": block(1, 0, 3, 2)})
    option, _ = fit_to_closest(along, kinds, name="x", centroids=lambda _: None, only_if_aligned=["oa21"])
    assert option.geography == "oa21"
