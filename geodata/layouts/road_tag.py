"""Tags of road lines to who may use them, which way, and how fast they may be driven at the most.

A tag that is not there says nothing, so a road without tags is open to everybody both ways. The mistake this
prevents: a walk along a motorway, or a drive down a footpath, because a line is a line.

The tags and their usual meaning are those of OpenStreetMap (wiki: Key:highway, Key:access, Key:oneway,
Key:maxspeed; access restrictions by class as for the United Kingdom).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

KM_H_PER_MPH = 1.609344
TAGS = (
    "highway",
    "oneway",
    "junction",
    "maxspeed",
    "access",
    "foot",
    "bicycle",
    "motor_vehicle",
    "oneway:bicycle",
)
NOT_A_WAY = [
    "construction",
    "proposed",
    "abandoned",
    "razed",
    "disused",
    "raceway",
    "bus_guideway",
    "busway",
    "platform",
    "corridor",
    "elevator",
    "services",
    "rest_area",
    "bus_stop",
    "crossing",
    "via_ferrata",
]
_NO_WALKING = ("motorway", "motorway_link")
_NO_CYCLING = ("motorway", "motorway_link", "footway", "steps", "pedestrian", "corridor")
_DRIVABLE = [
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
    "motorway_link",
    "trunk_link",
    "primary_link",
    "secondary_link",
    "tertiary_link",
]
_YES = ("yes", "designated", "permissive", "official")
_NO = ("no", "private", "agricultural", "forestry", "delivery", "military", "emergency")
_FORWARD, _BACKWARD = ("yes", "true", "1"), ("-1", "reverse")


def tag_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The tags of `TAGS` as lower-case text, "" where a line has none.

    Parameters
    ----------
    frame : DataFrame
        Attributes of lines, each tag in a column of its own or inside `other_tags` ("oneway"=>"yes",…).
    """
    by_name = {str(column).casefold(): column for column in frame.columns}
    packed = frame[by_name["other_tags"]].astype(str) if "other_tags" in by_name else None
    found = {}
    for tag in TAGS:
        values = pd.Series("", index=frame.index, dtype=object)
        if tag in by_name:
            values = frame[by_name[tag]].astype(object).fillna("").astype(str).str.strip().str.lower()
            values = values.where(~values.isin(["nan", "none"]), "")
        if packed is not None:
            inside = packed.str.extract(f'"{tag}"=>"([^"]*)"', expand=False).fillna("").str.lower()
            values = values.where(values != "", inside)
        found[tag] = values
    return pd.DataFrame(found, index=frame.index)


def way_columns(tags: pd.DataFrame) -> pd.DataFrame:
    """Who may use each line, by its tags.

    Parameters
    ----------
    tags : DataFrame
        As of `tag_columns`.

    Returns
    -------
    DataFrame
        By line: road_class ("" where nobody says); walk (both ways always), cycle_forward, cycle_backward,
        drive_forward, drive_backward (bool; forward is the way the line is drawn); maxspeed_km_h (NaN where
        no limit in figures is given).
    """
    road_class = tags["highway"].str.split(";").str[0]
    closed = tags["access"].isin(_NO)
    motorway = road_class.isin(["motorway", "motorway_link"])
    walk = ~road_class.isin(_NO_WALKING) & ~closed
    walk = (walk | tags["foot"].isin(_YES)) & ~tags["foot"].isin(_NO)
    cycle = ~road_class.isin(_NO_CYCLING) & ~closed
    cycle = (cycle | tags["bicycle"].isin(_YES)) & ~tags["bicycle"].isin([*_NO, "dismount"])
    drive = road_class.isin([*_DRIVABLE, ""]) & ~closed
    drive = (drive | (tags["motor_vehicle"].isin(_YES) & road_class.isin(_DRIVABLE))) & ~tags[
        "motor_vehicle"
    ].isin(_NO)
    only_backward = tags["oneway"].isin(_BACKWARD)
    unsaid = tags["oneway"].eq("") & (tags["junction"].isin(["roundabout", "circular"]) | motorway)
    only_forward = tags["oneway"].isin(_FORWARD) | unsaid
    both_for_cycles = tags["oneway:bicycle"].eq("no")
    return pd.DataFrame(
        {
            "road_class": road_class,
            "walk": walk,
            "cycle_forward": cycle & (~only_backward | both_for_cycles),
            "cycle_backward": cycle & (~only_forward | both_for_cycles),
            "drive_forward": drive & ~only_backward,
            "drive_backward": drive & ~only_forward,
            "maxspeed_km_h": maxspeed_km_h(tags["maxspeed"]),
        },
        index=tags.index,
    )


def maxspeed_km_h(texts: pd.Series) -> pd.Series:
    """Limits such as "30 mph" or "50" in km/h; NaN for words ("national", "signals") and blanks."""
    parts = texts.str.extract(r"^(?P<figure>\d+(?:\.\d+)?)\s*(?P<unit>mph|km/h|kmh|kph)?$")
    figure = pd.to_numeric(parts["figure"], errors="coerce").astype(float)
    factor = np.where(parts["unit"].eq("mph"), KM_H_PER_MPH, 1.0)
    return (figure * factor).where(figure > 0)
