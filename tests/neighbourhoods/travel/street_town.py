"""Two banks of a river and one bridge far out, as a network that can be walked on paper.

north bank   N0 -- x -- N1 ------- N2        y = 200
                                    |        the bridge, x = 2,000
south bank   S0 ------- S1 ------- S2        y = 0;  x = 0, 1,000, 2,000, and 500 north
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.layouts.road import content_of
from geodata.layouts.road_tag import tag_columns, way_columns
from geodata.provenance import Provenance
from geodata.street_graph import build_graph
from neighbourhoods.travel.street_network import StreetNetwork, street_network

Road = tuple[Mapping[str, str], Sequence[tuple[float, float]]]
SOUTH, NORTH = [(0, 0), (1_000, 0), (2_000, 0)], [(0, 200), (500, 200), (1_000, 200), (2_000, 200)]
BRIDGE = [(2_000, 0), (2_000, 200)]
RIVER_TOWN: tuple[Road, ...] = tuple(({"highway": "residential"}, road) for road in (SOUTH, NORTH, BRIDGE))


def road_frame(roads: Sequence[Road]) -> gpd.GeoDataFrame:
    """Roads with tags as the frame of a `roads` dataset."""
    tags = tag_columns(pd.DataFrame([{"highway": "", **tags} for tags, _ in roads]))
    shapes = [shapely.LineString(line) for _, line in roads]
    return gpd.GeoDataFrame(way_columns(tags), geometry=shapes, crs="EPSG:27700")


def network_of(roads: Sequence[Road], mode: str = "walk") -> StreetNetwork:
    """The network of one mode."""
    frame = road_frame(roads)
    return street_network(build_graph(frame.geometry.to_numpy()), frame.drop(columns="geometry"), mode)


def road_dataset(roads: Sequence[Road], source_id: str = "openstreetmap") -> NewDataset:
    """Roads as they are stored."""
    frame = road_frame(roads)
    origin = Provenance(source_id, "roads", "1" * 64, "2026", "2026-01-01T00:00:00", len(frame), len(frame))
    return NewDataset(f"roads:{source_id}", "roads", "", frame, origin, {"content": content_of(frame)})
