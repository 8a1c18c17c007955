"""The toy town as a workspace of its own, so that a whole study can be added up by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from geodata.dataset import NewDataset
from geodata.provenance import Provenance
from geodata.store import Store
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

ORIGIN = Provenance("ons_ward_boundaries", "toy.geojson", "0" * 64, "2025", "2026-01-01T00:00:00", 6, 6)


def toy_study(folder: Path, toy_town: gpd.GeoDataFrame) -> Study:
    """A study of the toy town as wards; nothing but outlines and people is known of it."""
    store = Store(folder)
    store.write(
        [NewDataset("areas:ward", "areas", "ward", toy_town, ORIGIN)],
        settings={"authority_code": "E06999999", "authority_name": "Toytown", "target_population": "10500"},
    )
    return Study(store)


def toy_option(footprints: str, name: str = "Halves") -> FootprintOption:
    """An option of the toy town: the footprints of A to F, "-" for none: "AAABBB" is two halves."""
    pairs = zip("ABCDEF", footprints, strict=True)
    return FootprintOption("", name, "ward", {code: one for code, one in pairs if one != "-"})
