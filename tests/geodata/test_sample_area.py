"""The sample's areas and places: real names, sizes and points; outlines that are computed; parts made up."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.sample.build import (
    N_SMALL_AREAS,
    OUTLINE_NOTE,
    SYNTHETIC_NOTE,
    read_places,
    read_points,
    sample_datasets,
)
from geodata.source import SOURCES
from geodata.store import NewDataset


@pytest.fixture(scope="module")
def by_id() -> dict[str, NewDataset]:
    """The sample's tables by id."""
    return {dataset.id: dataset for dataset in sample_datasets()}


def _neighbours(outlines: np.ndarray) -> set[tuple[int, int]]:
    """Pairs whose outlines share a line; where they only touch in a point they are no neighbours."""
    pairs = set()
    for one, other in itertools.combinations(range(len(outlines)), 2):
        if shapely.length(shapely.intersection(outlines[one], outlines[other])) > 1:
            pairs.add((one, other))
    return pairs


def test_names_and_sizes_are_those_of_the_real_wards(by_id: dict[str, NewDataset], york_data: Path) -> None:
    real = gpd.read_file(york_data / "boundaries/ward_E06000014.geojson").to_crs("EPSG:27700")
    real = real.set_index("WD25CD").sort_index()
    wards = by_id["areas:ward"].frame
    assert wards["area_name"].to_dict() == real["WD25NM"].to_dict()
    # 0.01 km2 is half a per cent of the smallest ward.
    np.testing.assert_allclose(wards.geometry.area, real.geometry.area, rtol=0.005)


def test_most_pairs_of_neighbours_are_the_real_ones(by_id: dict[str, NewDataset], york_data: Path) -> None:
    real = gpd.read_file(york_data / "boundaries/ward_E06000014.geojson").to_crs("EPSG:27700")
    real = real.set_index("WD25CD").sort_index()
    true_pairs = _neighbours(shapely.coverage_clean(real.geometry.to_numpy()))
    drawn = _neighbours(by_id["areas:ward"].frame.geometry.to_numpy())
    assert len(true_pairs & drawn) / len(true_pairs) > 0.85
    assert len(true_pairs & drawn) / len(drawn) > 0.85


def test_no_outline_follows_a_real_one(by_id: dict[str, NewDataset], york_data: Path) -> None:
    real = gpd.read_file(york_data / "boundaries/ward_E06000014.geojson").to_crs("EPSG:27700")
    corners = shapely.get_coordinates(by_id["areas:ward"].frame.geometry.to_numpy())
    line = shapely.union_all(shapely.boundary(real.geometry.to_numpy()))
    on_line = shapely.distance(shapely.points(corners), line) < 1
    assert on_line.mean() < 0.02


def test_places_stand_at_their_postcodes(york_data: Path) -> None:
    with (york_data / "assets/codepoint_yo_E06000014.csv").open() as lines:
        at = {row[0].replace(" ", ""): (int(row[2]), int(row[3])) for row in csv.reader(lines)}
    for place in read_places().itertuples():
        assert at[place.postcode.replace(" ", "")] == (place.x, place.y), place.name


def test_places_lie_in_their_ward_or_within_a_kilometre_of_it(
    by_id: dict[str, NewDataset], york_data: Path
) -> None:
    with (york_data / "assets/codepoint_yo_E06000014.csv").open() as lines:
        ward_at = {row[0]: row[9] for row in csv.reader(lines)}
    outlines = by_id["areas:ward"].frame.geometry
    distances_m = [
        shapely.distance(outlines[ward_at[place.postcode]], shapely.Point(place.x, place.y))
        for place in read_places().itertuples()
    ]
    assert max(distances_m) < 1_000
    assert np.mean(np.array(distances_m) == 0) > 0.7


# Outlines and small areas


@pytest.mark.parametrize(("geography", "n_areas"), [("ward", 21), ("synthetic", N_SMALL_AREAS)])
def test_areas_are_a_coverage_each_in_one_piece(
    by_id: dict[str, NewDataset], geography: str, n_areas: int
) -> None:
    areas = by_id[f"areas:{geography}"].frame
    outlines = areas.geometry.to_numpy()
    assert areas.index.name == "area_code"
    assert areas.index.is_unique
    assert areas.crs == "EPSG:27700"
    assert len(areas) == n_areas
    assert shapely.coverage_is_valid(outlines)
    assert areas.geometry.is_valid.all()
    assert set(areas.geom_type) == {"Polygon"}
    whole = shapely.union_all(outlines)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0


def test_each_ward_has_its_true_size(by_id: dict[str, NewDataset]) -> None:
    centres = read_points().dropna(subset=["km2"]).set_index("area_code")
    wards = by_id["areas:ward"].frame
    np.testing.assert_allclose(wards.geometry.area / 1e6, centres["km2"].loc[wards.index], rtol=0.001)
    assert centres["km2"].sum() == pytest.approx(271.92, abs=0.05)


def test_small_areas_nest_in_their_wards(by_id: dict[str, NewDataset]) -> None:
    wards = by_id["areas:ward"].frame
    small = by_id["areas:synthetic"].frame
    lookup = by_id["lookup:synthetic:ward:exact"].frame
    assert lookup["from_code"].tolist() == small.index.tolist()
    assert set(lookup["to_code"]) == set(wards.index)
    assert (lookup["weight"] == 1).all()
    union = gpd.GeoSeries(
        {
            ward: shapely.union_all(small.geometry.loc[rows["from_code"]].to_numpy())
            for ward, rows in lookup.groupby("to_code")
        }
    )
    assert union.geom_equals(gpd.GeoSeries(wards.geometry.to_numpy(), index=wards.index)).all()


def test_residents_of_small_areas_add_up_to_their_wards(by_id: dict[str, NewDataset]) -> None:
    wards = by_id["areas:ward"].frame
    small = by_id["areas:synthetic"].frame
    ward = by_id["lookup:synthetic:ward:exact"].frame["to_code"].to_numpy()
    assert wards["population"].sum() == 202_814
    assert small["population"].groupby(ward).sum().to_dict() == wards["population"].to_dict()
    assert (small["population"] % 1 == 0).all()
    assert small["population"].between(1_200, 2_300).all()
    cells = by_id["cells:synthetic_population:synthetic:2021"].frame
    assert cells.set_index("area_code")["value"].to_dict() == small["population"].to_dict()


def test_what_is_made_up_says_so(by_id: dict[str, NewDataset]) -> None:
    small = by_id["areas:synthetic"].frame
    assert small["area_name"].str.contains("synthetic part").all()
    assert small["area_name"].is_unique
    assert small.index.str.match(r"SYN\d{5}$").all()
    for geography in ("ward", "synthetic"):
        assert OUTLINE_NOTE in by_id[f"areas:{geography}"].provenance.notes
    for dataset in by_id.values():
        assert (SYNTHETIC_NOTE in dataset.provenance.notes) == ("synthetic" in dataset.id)
        assert dataset.provenance.source_id in SOURCES
    cells = pd.concat(d.frame for d in by_id.values() if d.kind == "cells" and d.geography == "synthetic")
    assert set(cells["table"]) == {"synthetic_population"}


def test_places_lie_inside_the_authority(by_id: dict[str, NewDataset]) -> None:
    whole = shapely.union_all(by_id["areas:ward"].frame.geometry.to_numpy())
    places = pd.concat(d.frame for d in by_id.values() if d.kind == "places")
    assert 30 <= len(places) <= 40
    assert places.index.is_unique
    assert {"library", "gp_surgery"} <= set(places["kind"])
    assert (places.geometry.distance(whole) == 0).all()
