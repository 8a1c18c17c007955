"""The toy town with four places, so that a register can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.provenance import Provenance
from geodata.store import Store
from neighbourhoods.study.study import Study
from tests.neighbourhoods.toy_study import toy_study

LIST = Provenance("ace_libraries", "list.csv", "0" * 64, "2025", "2026-01-01T00:00:00", 4, 4)
POSTCODES = Provenance("os_codepoint", "tt.csv", "0" * 64, "2025", "2026-01-01T00:00:00", 2, 2)


def places(kind: str, rows: dict[str, tuple[str, float, float]], **columns: object) -> gpd.GeoDataFrame:
    """Places of a kind by the last part of their id: name, x and y in metres."""
    frame = pd.DataFrame(
        {
            "name": [name for name, _, _ in rows.values()],
            "kind": kind,
            "address": "",
            "postcode": "",
            "source_id": "ace_libraries",
            "status": "open",
            **columns,
        },
        index=pd.Index([f"{kind}:{one}" for one in rows], name="place_id"),
    )
    points = [shapely.Point(x, y) for _, x, y in rows.values()]
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:27700")


def write_places(store: Store, frame: gpd.GeoDataFrame) -> None:
    """Store the places of one kind as one list, in place of an earlier one."""
    kind = str(frame["kind"].iloc[0])
    store.write([NewDataset(f"places:{kind}:list", "places", "", frame, LIST, {"kind": kind})])


def toy_register(folder: Path, town: gpd.GeoDataFrame) -> Study:
    """Libraries North (500, 1500) and South (500, 500), a school (2500, 500), a stop 400 m east of South.

    Two postcodes are loaded: TT1 1AA at (1500, 500) and TT1 1AB at (2500, 1500).
    """
    store = toy_study(folder, town).store
    write_places(store, places("library", {"n": ("North", 500, 1_500), "s": ("South", 500, 500)}))
    write_places(store, places("school", {"c": ("Cedar School", 2_500, 500)}))
    write_places(store, places("bus_stop", {"b": ("Stop", 900, 500)}))
    codes = pd.DataFrame(
        {
            "x": [1_500.0, 2_500.0],
            "y": [500.0, 1_500.0],
            "ward_code": ["B", "F"],
            "lad_code": "E06999999",
            "quality": 10,
        },
        index=pd.Index(["TT1 1AA", "TT1 1AB"], name="postcode"),
    )
    store.write([NewDataset("postcodes:tt", "postcodes", "", codes, POSTCODES)])
    return Study(store)
