"""The register as it is read: rows, filters, the finding in words, and the map of places."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.layouts.venue import CANDIDATE, MAY_CLOSE, STAYS
from geodata.source import SOURCES
from neighbourhoods.register.change import standing
from neighbourhoods.register.hours import Hours, hours_words, parse_hours
from neighbourhoods.register.register import BUS_COLUMN, BUS_STOP
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map_state import Legend, MapState
from pages.components.map_state import PLACE_KINDS, place_parts, plain_map_state

UNKNOWN = "not known"
FOR_FILES = ("Easting", "Northing", "Place id")
READ = "Hours as read"
COLUMNS = {
    "name": "Place",
    "kind": "Kind",
    "status": "Status",
    "owner": "Owner",
    "services": "Services",
    "opening_hours": "Opening hours",
    "step_free": "Step-free",
    "parking": "Parking",
    BUS_COLUMN: "Bus within 400 m",
    "permission": "Bus may stand",
    "hard_standing": "Hard standing",
    "power": "Power",
    "toilets": "Toilets",
    "capacity": "Capacity (people)",
    "running_cost_gbp": "Running cost (£ a year)",
    "opening_cost_gbp": "Opening cost (£)",
    "condition": "Condition",
    "postcode": "Postcode",
    "address": "Address",
    "source": "Source",
    "checked_on": "Checked on",
}


@dataclass(frozen=True)
class AssetFilter:
    """Which places are shown; an empty text for all.

    Parameters
    ----------
    kind, status, owner, area : str
        `UNKNOWN` as owner: those of which nobody knows it.
    text : str
        Stands in the name or among the services.
    """

    kind: str = ""
    status: str = ""
    owner: str = ""
    area: str = ""
    text: str = ""


def filtered(frame: gpd.GeoDataFrame, wanted: AssetFilter, area_of: pd.Series) -> gpd.GeoDataFrame:
    """The places that are wanted."""
    keep = pd.Series(True, index=frame.index)
    if wanted.kind:
        keep &= frame["kind"] == wanted.kind
    if wanted.status:
        keep &= frame["status"] == wanted.status
    if wanted.owner:
        keep &= frame["owner"] == ("" if wanted.owner == UNKNOWN else wanted.owner)
    if wanted.area:
        keep &= area_of.reindex(frame.index) == wanted.area
    if wanted.text.strip():
        said = frame["name"] + " " + frame["services"] + " " + frame["type"]
        keep &= said.str.contains(wanted.text.strip(), case=False, regex=False)
    return frame[keep]


def area_by_place(study: Study, frame: gpd.GeoDataFrame, geography: str) -> pd.Series:
    """Code of the area that each place stands in, by place_id; empty for none."""
    areas = study.outlines(geography)
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(
        frame.geometry.to_numpy(), predicate="intersects"
    )
    found = pd.Series("", index=frame.index)
    point, first = np.unique(point, return_index=True)  # on a common border: in one of them
    found.iloc[point] = areas.index.to_numpy()[area[first]]
    return found


def register_table(study: Study, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every column of the register in words, in the order of the frame; the index stays."""
    shown = pd.DataFrame(frame.drop(columns="geometry")).sort_values("name", key=lambda s: s.str.casefold())
    titles = shown["source_id"].map(lambda one: SOURCES[one].title if one in SOURCES else "")
    shown["source"] = shown["source"].where(shown["source"] != "", titles)
    shown["kind"] = [PLACE_KINDS[k].label if k in PLACE_KINDS else k for k in shown["kind"]]
    table = shown[list(COLUMNS)].rename(columns=COLUMNS)
    hours = [parse_hours(text) for text in shown["opening_hours"]]
    table.insert(table.columns.get_loc("Opening hours") + 1, READ, [_read_words(one) for one in hours])
    edited = {i for one in standing(study.place_changes()) for i in (one.place_id, one.other_id)}
    table["Easting"] = frame.geometry.x.round(1).reindex(table.index)
    table["Northing"] = frame.geometry.y.round(1).reindex(table.index)
    table["Place id"] = table.index
    table["Changed by hand"] = np.where(table.index.isin(list(edited)), "yes", "")
    return table


def _read_words(hours: Hours) -> str:
    """The hours that other pages count with, and what of the text they cannot."""
    unread = f"not understood: {'; '.join(hours.unread)}" if hours.unread else ""
    return "; ".join(part for part in (hours_words(hours), unread) if part)


def filled_columns(table: pd.DataFrame) -> list[str]:
    """Columns in which anything stands, but those that only a file needs."""
    return [
        c for c in table if c not in FOR_FILES and (table[c].notna() & (table[c].astype(str) != "")).any()
    ]


def finding_words(study: Study, frame: gpd.GeoDataFrame) -> str:
    """The headline: how many places of how many kinds, and what is to become of them."""
    kinds = frame["kind"].nunique()
    said = f"{words.plain(study.authority_name)}'s register holds {words.plural(len(frame), 'place')}"
    said += f" of {words.plural(kinds, 'kind')}" if kinds > 1 else ""
    counts = frame["status"].value_counts()
    parts = []
    if counts.get(STAYS, 0):
        parts.append(f"{counts[STAYS]:,} {'stays' if counts[STAYS] == 1 else 'stay'}")
    if counts.get(MAY_CLOSE, 0):
        parts.append(f"{counts[MAY_CLOSE]:,} may close")
    if counts.get(CANDIDATE, 0):
        n = counts[CANDIDATE]
        parts.append(f"{n:,} {'is a candidate' if n == 1 else 'are candidates'}")
    return f"{said}: {words.listed(parts)}" if parts else f"{said}; nobody has said yet which stay"


def coverage_words(study: Study, frame: gpd.GeoDataFrame) -> str:
    """The grey line: what is known of them, and from when."""
    checked = int((frame["checked_on"] != "").sum())
    stops = int((study.places()["kind"] == BUS_STOP).sum())
    near = int((frame[BUS_COLUMN] == "yes").sum())
    bus = (
        f"{near:,} of {len(frame):,} have one of {stops:,} bus stops within 400 m in a straight line."
        if stops
        else "No bus stops are loaded (NaPTAN), so nobody knows which a bus stops near."
    )
    changes = len(standing(study.place_changes()))
    edits = f"{words.plural(changes, 'change')} made by hand" if changes else "nothing changed by hand"
    return (
        f"Lists as imported, newest {study.newest_import}; {edits}. {checked:,} places say when they were "
        f"last checked. {bus}"
    )


def asset_map_state(
    study: Study, geography: str, shown: gpd.GeoDataFrame, *, picked: str = "", area: str = ""
) -> MapState:
    """The places that are shown, each of which a click chooses."""
    state = plain_map_state(study, geography, selected=area or None)
    parts = place_parts(study, list(PLACE_KINDS), only=shown.index, can_be_chosen=True)
    return replace(state, picked=picked or None, legend=Legend("Places"), **parts)
