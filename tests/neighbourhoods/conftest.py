"""A town that can be added up by hand, and York's wards with real people."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.topology import Topology, build_topology

PEOPLE = [1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0, 6_000.0]


@pytest.fixture
def toy_town() -> gpd.GeoDataFrame:
    """Six squares of 1 km, population in thousands::

        +---+---+---+
        | D | E | F |      D 4   E 5   F 6
        +---+---+---+
        | A | B | C |      A 1   B 2   C 3
        +---+---+---+

    All borders are 1 km long; the town is 3 km wide and 2 km high.
    """
    squares = [
        shapely.box(1_000 * x, 1_000 * y, 1_000 * x + 1_000, 1_000 * y + 1_000)
        for y in (0, 1)
        for x in (0, 1, 2)
    ]
    names = ["Ash", "Birch", "Cedar", "Dale", "Elm", "Fir"]
    return gpd.GeoDataFrame(
        {"area_name": names, "population": PEOPLE},
        geometry=squares,
        index=pd.Index(list("ABCDEF"), name="area_code"),
        crs=27700,
    )


@pytest.fixture
def toy_topology(toy_town: gpd.GeoDataFrame) -> Topology:
    """Shared arcs of the toy town."""
    return build_topology(toy_town)


@pytest.fixture(scope="session")
def york_wards(york_data: Path) -> gpd.GeoDataFrame:
    """York's 21 wards; population is the census count of the LSOAs that are fitted to each."""
    wards = gpd.read_file(york_data / "boundaries" / "ward_E06000014.geojson").to_crs(27700)
    wards = wards.rename(columns={"WD25CD": "area_code", "WD25NM": "area_name"}).set_index("area_code")
    lookup = pd.read_csv(york_data / "lookups" / "DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    census = pd.read_csv(york_data / "indicators" / "census2021-ts007a-lsoa.csv").set_index("geography code")
    ward = lookup.set_index("lsoa21_code")["ward24_code"]
    wards["population"] = census["Age: Total"].groupby(ward).sum().reindex(wards.index).astype(float)
    return wards[["area_name", "population", "geometry"]]
