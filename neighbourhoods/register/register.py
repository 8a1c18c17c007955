"""The register of places: one frame over all lists, and what is known of each place.

It shows the lists that were imported with the changes that people made laid over them, as every page does.
"""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from geodata.errors import InputError
from geodata.source import SOURCES
from neighbourhoods.register.change import (
    ADD,
    MERGE,
    SET,
    XY,
    PlaceChange,
    Value,
    completed,
    gone_ids,
    standing,
)
from neighbourhoods.register.field import FIELDS, is_same, plain_value
from neighbourhoods.study.study import Study

BUS_STOP = "bus_stop"
BUS_M = 400.0
N_NAMED = 10
BUS_COLUMN = "bus_within_400m"


def register_frame(study: Study, *, stops: bool = False) -> gpd.GeoDataFrame:
    """Every place by place_id with all its columns, and whether a bus stops near it.

    Parameters
    ----------
    stops : bool
        With bus stops themselves, which are many.

    Returns
    -------
    GeoDataFrame
        Columns of `completed`, bus_stop_m (straight line, NaN where no stops are loaded) and
        bus_within_400m ("yes", "no", or empty where no stops are loaded).
    """
    places = study.places()
    frame = places if stops else places[places["kind"] != BUS_STOP]
    frame = frame.copy()
    halts = places[places["kind"] == BUS_STOP]
    metres = np.full(len(frame), np.nan)
    if len(halts) and len(frame):
        tree = cKDTree(np.column_stack([halts.geometry.x, halts.geometry.y]))
        metres, _ = tree.query(np.column_stack([frame.geometry.x, frame.geometry.y]))
    frame["bus_stop_m"] = np.round(metres)
    near = np.where(metres <= BUS_M, "yes", "no")
    frame[BUS_COLUMN] = np.where(np.isnan(metres), "", near)
    return frame


def place_values(study: Study, place_id: str) -> dict[str, object]:
    """What the register says of one place, x and y among it.

    Raises
    ------
    InputError
        When there is no such place.
    """
    places = study.places()
    if place_id not in places.index:
        raise InputError(f"The register holds no place {place_id!r}; it may have been taken out or merged.")
    row = places.loc[place_id]
    values: dict[str, object] = {name: row.get(name) for name in FIELDS if name not in XY}
    return values | {"x": float(row.geometry.x), "y": float(row.geometry.y)}


def history(study: Study, place_id: str) -> tuple[PlaceChange, ...]:
    """Every change of a place, those that were taken back too, newest first."""
    return tuple(one for one in reversed(study.place_changes()) if one.touches(place_id))


def newer_in_list(study: Study, place_id: str) -> dict[str, tuple[Value, Value]]:
    """Fields that were changed by hand and of which the list has since said something new.

    Returns
    -------
    dict of str to (in the list, by hand)
        By name of the field; empty for a place that no list holds.
    """
    imported = study.imported_places()
    if place_id not in imported.index:
        return {}
    first: dict[str, Value] = {}
    for one in standing(study.place_changes()):
        if one.place_id == place_id and one.act in (SET, MERGE):
            for name, (before, _) in one.fields.items():
                first.setdefault(name, before)
    row = completed(imported.loc[[place_id]]).iloc[0]
    listed = {name: plain_value(row.get(name)) for name in FIELDS if name not in XY}
    listed |= {"x": float(row.geometry.x), "y": float(row.geometry.y)}
    now = place_values(study, place_id) if place_id in study.places().index else {}
    found = {}
    for name, before in first.items():
        if name in listed and not is_same(before, listed[name]) and not is_same(now.get(name), listed[name]):
            found[name] = (listed[name], plain_value(now.get(name)))
    return found


def gone_places(study: Study) -> dict[str, PlaceChange]:
    """Places that were taken out or merged, each with the change that did it."""
    return gone_ids(study.place_changes(), set(study.places().index))


def register_source_lines(study: Study) -> list[str]:
    """Source and licence lines of the lists that the register is made of, and of its postcodes."""
    used = set(study.places()["source_id"])
    used |= {d.provenance.source_id for d in study.datasets if d.kind == "postcodes"}
    listed = [SOURCES[one] for one in sorted(used & set(SOURCES))]
    made = f"{study.authority_name}; workspace version {study.version}; newest import {study.newest_import}."
    return [*(f"{s.title}, {s.publisher}. {s.attribution}" for s in listed), made]


def hand_line(study: Study, place_ids: Collection[str]) -> list[str]:
    """Which of some places people added or changed, with who and when, in one line; no line for none."""
    wanted = set(place_ids)
    added: dict[str, PlaceChange] = {}
    changed: dict[str, PlaceChange] = {}
    for one in standing(study.place_changes()):
        if one.place_id in wanted and one.act in (ADD, SET, MERGE):
            (added if one.act == ADD else changed)[one.place_id] = one
    changed = {place_id: one for place_id, one in changed.items() if place_id not in added}
    said = []
    for what, acts in (("Added", added), ("Changed", changed)):
        if acts:
            named = [f"{name_of(study, i)} ({one.author}, {one.created[:10]})" for i, one in acts.items()]
            more = f" and {len(named) - N_NAMED:,} more" if len(named) > N_NAMED else ""
            said.append(f"{what} by hand in the register: {', '.join(named[:N_NAMED])}{more}.")
    return [" ".join(said)] if said else []


def name_of(study: Study, place_id: str) -> str:
    """Name of a place, also of one that is gone; its id where nobody knows."""
    for frame in (study.places(), study.imported_places()):
        if place_id in frame.index:
            return str(frame.loc[place_id, "name"])
    named = [
        one.fields["name"][1]
        for one in study.place_changes()
        if one.place_id == place_id and "name" in one.fields
    ]
    return str(named[-1]) if named else place_id


def postcode_xy(study: Study, postcode: str) -> tuple[float, float]:
    """Easting and northing of a postcode of Code-Point Open.

    Raises
    ------
    InputError
        When no postcodes are loaded, or this one is not among them.
    """
    known = study.postcodes()
    if known is None:
        raise InputError("No postcodes are loaded. Import Code-Point Open, or give easting and northing.")
    if postcode not in known.index:
        raise InputError(
            f"Postcode: {postcode} is not among the {len(known):,} that are loaded for "
            f"{study.authority_name}. Check it, or give easting and northing."
        )
    x, y = known.loc[[postcode], ["x", "y"]].to_numpy(dtype=float)[0]
    return float(x), float(y)
