"""OpenStreetMap's own files (.osm.pbf, .osm) to lines that carry a highway tag.

Read with GDAL's OSM driver, which keeps its scratch files to memory and the system's folder for passing
files. Asked for by a query of one layer, so that the driver keeps nothing of the others: a county has ten
times as many points and outlines as roads.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import pandas as pd
import pyogrio

from geodata.errors import DamagedFileError, TooLargeError
from geodata.payload import Payload, RawFeatures
from geodata.text import clean_column

N_WAYS_MAX = 1_000_000
_LAYER = "lines"


def is_osm(content: bytes) -> bool:
    """Whether bytes are an OpenStreetMap extract: a PBF's first block is named, an XML's first element."""
    if b"OSMHeader" in content[:64]:
        return True
    return content[:1] == b"<" and b"<osm " in content[:1_000]


def parse_osm(payload: Payload) -> RawFeatures:
    """The roads and paths of an extract, in EPSG:27700.

    Raises
    ------
    DamagedFileError, TooLargeError
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on geometry it passes over
            frame = pyogrio.read_dataframe(
                payload.content,
                sql=f"SELECT highway, other_tags FROM {_LAYER} WHERE highway IS NOT NULL",
                max_features=N_WAYS_MAX + 1,
            )
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        ValueError,
    ) as error:
        raise DamagedFileError(
            f"The OpenStreetMap extract cannot be read ({str(error)[:120]}). Download it again.",
            where=payload.name,
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise DamagedFileError("There is no road in this OpenStreetMap extract.", where=payload.name)
    if len(frame) > N_WAYS_MAX:
        raise TooLargeError(
            f"The extract holds more than {N_WAYS_MAX:,} roads and paths. Take that of your county.",
            where=payload.name,
        )
    frame = frame.to_crs("EPSG:27700")
    for column in ("highway", "other_tags"):
        frame[column] = clean_column(frame[column] if column in frame else pd.Series("", index=frame.index))
    return RawFeatures(f"{payload.name}#{_LAYER}", frame, (), payload.sha256, _LAYER)
