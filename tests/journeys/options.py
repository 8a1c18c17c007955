"""Two options of York's wards, saved straight into a workspace so that a journey can begin with them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from geodata.store import Store
from neighbourhoods.option.library import save_option, saved_options
from neighbourhoods.option.option import FootprintOption

HALVES, THIRDS = "East and west", "Three bands"


def two_options(workspace: Path) -> tuple[str, str]:
    """Ids of an option of two halves and one of three bands; saved once in a workspace."""
    store = Store(workspace)
    known = {option.name: option.id for option in saved_options(store)}
    if HALVES not in known:
        areas = store.areas("ward")
        assert areas is not None
        known[HALVES] = _saved(store, HALVES, _cut(areas.geometry.centroid.x, ["West", "East"]))
        known[THIRDS] = _saved(store, THIRDS, _cut(areas.geometry.centroid.y, ["South", "Middle", "North"]))
    return known[HALVES], known[THIRDS]


def _cut(position: gpd.pd.Series, names: list[str]) -> dict[str, str]:
    rank = position.rank(method="first") - 1
    return {str(code): names[int(r * len(names) // len(rank))] for code, r in rank.items()}


def _saved(store: Store, name: str, assignment: dict[str, str]) -> str:
    return save_option(store, FootprintOption("", name, "ward", assignment)).id
