"""A town that a river cuts in two, with an island off its shore: seven areas, people in thousands.

+---+---+---+
| D | E | F |             4   5   6     squares of 1 km
+---+---+---+
 ~~~~ river ~~~~          100 m wide
+---+---+---+
| A | B | C |    [G]      1   2   3     G 1: a square of 300 m, 700 m from C
+---+---+---+
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.provenance import Provenance
from geodata.store import Store
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

ORIGIN = Provenance("ons_boundaries", "cut.geojson", "0" * 64, "2025", "2026-01-01T00:00:00", 7, 7)
NAMES = ["Ash", "Birch", "Cedar", "Dale", "Elm", "Fir", "Gull"]
PEOPLE = [1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0, 6_000.0, 1_000.0]
RIVER_M, SOUND_M = 100.0, 700.0


def cut_town() -> gpd.GeoDataFrame:
    """The areas drawn above."""
    shapes = [
        shapely.box(1_000 * x, y, 1_000 * x + 1_000, y + 1_000)
        for y in (0, 1_000 + RIVER_M)
        for x in range(3)
    ]
    shapes.append(shapely.box(3_000 + SOUND_M, 400, 3_300 + SOUND_M, 700))
    return gpd.GeoDataFrame(
        {"area_name": NAMES, "population": PEOPLE},
        geometry=shapes,
        index=pd.Index(list("ABCDEFG"), name="area_code"),
        crs=27700,
    )


def cut_store(folder: Path, *, without: str = "") -> Store:
    """A workspace of the town as wards; `without` leaves areas out, as newer boundaries may."""
    store = Store(folder)
    areas = cut_town().drop(index=list(without))
    settings = {"authority_code": "E06999999", "authority_name": "Cut Town", "target_population": "11000"}
    store.write([NewDataset("areas:ward", "areas", "ward", areas, ORIGIN)], settings=settings)
    return store


def cut_study(folder: Path) -> Study:
    """A study of the town; nothing but outlines and people is known of it."""
    return Study(cut_store(folder))


def cut_option(footprints: str) -> FootprintOption:
    """An option of the town: the footprints of A to G; "1112223" makes the island a footprint."""
    return FootprintOption("", "Cut", "ward", dict(zip("ABCDEFG", footprints, strict=True)))
