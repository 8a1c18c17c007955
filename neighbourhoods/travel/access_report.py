"""Access as plain values for scripts, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from geodata.layouts.timetable import SOURCE_ID as TIMETABLE_SOURCE
from geodata.source import SOURCES
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.register.open_place import open_words
from neighbourhoods.register.register import hand_line
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import (
    GROUPS,
    Access,
    access_by_area,
    access_by_fifth,
    access_by_footprint,
    access_by_group,
    concentration_index,
    deprivation_indicator,
    group_counts,
    within_column,
)
from neighbourhoods.travel.matrix import StreetUse
from neighbourhoods.travel.straight_line import BUS, DETOUR
from neighbourhoods.travel.street_network import ROAD_LIMIT_M
from neighbourhoods.travel.street_speed import SPEED_NOTE
from neighbourhoods.travel.timetable_journey import short_timetable_words, timetable_words


def access_json(study: Study, found: Access, option: FootprintOption | None = None) -> dict[str, object]:
    """Minutes to the nearest place and people within reach, as plain values.

    Keys
    ----
    params, method, n_places, whole, areas, groups, fifths, concentration_index, places, footprints. A row
    holds people, minutes, within_<limit> (shares) and people_beyond the last limit.
    """
    params = found.params
    fifths = access_by_fifth(study, found)
    return {
        "params": {
            "kinds": list(params.kinds),
            "geography": params.geography,
            "mode": params.mode,
            "km_h": params.speed_km_h,
            "limits": list(params.limits),
            "route": params.route,
            "open_at": params.open_at or None,
        },
        "method": {
            "how": method_words(found),
            "open_at": open_at_words(study, found) or None,
            "starting_points": len(found.minutes),
            "detour": DETOUR,
            "is_straight": found.is_straight,
            "timetable_day": found.day or None,
            "streets": None if found.streets is None else _streets(found.streets),
        },
        "n_places": len(found.places),
        "whole": found.whole.to_dict(),
        "areas": _records(access_by_area(study, found)),
        "groups": _records(access_by_group(study, found)),
        "fifths": [] if fifths is None else _records(fifths),
        "concentration_index": concentration_index(study, found),
        "places": _records(found.by_place),
        "footprints": [] if option is None else _records(access_by_footprint(study, found, option)),
    }


def access_words(study: Study, found: Access, option: FootprintOption | None = None) -> str:
    """The same in words and tables."""
    limit = found.params.limits[-1]
    whole = found.whole
    lines = [
        f"Of {whole['people']:,.0f} residents of {study.authority_name}, "
        + ", ".join(
            f"{whole[within_column(one)]:.0%} are within {one:g} minutes" for one in found.params.limits
        )
        + f"; {whole['people_beyond']:,.0f} are further than {limit:g} minutes.",
        " ".join(part for part in (open_at_words(study, found), method_words(found)) if part),
        access_by_area(study, found).sort_values("minutes", ascending=False).round(3).to_string(index=False),
        access_by_group(study, found).round(3).to_string(index=False),
    ]
    if option is not None:
        lines.append(access_by_footprint(study, found, option).round(3).to_string(index=False))
    index = concentration_index(study, found)
    if np.isfinite(index):
        lines.append(f"Concentration index of minutes against deprivation: {index:+.3f}.")
    return "\n".join(lines)


def open_at_words(study: Study, found: Access) -> str:
    """How many places of the kinds are known to be open when it was asked; empty for any time."""
    places = study.places()
    return open_words(places[places["kind"].isin(found.params.kinds)], found.params.open_at)


def source_lines(study: Study, found: Access) -> list[str]:
    """Source and licence lines of places, postcodes, roads and figures that access stands on."""
    counted = [one for one in GROUPS if one in group_counts(study, found.points.geography)]
    ordered_by = deprivation_indicator(study, found.points.geography)
    figures = study.source_lines([*counted, *([ordered_by] if ordered_by else [])])
    used = {
        d.provenance.source_id
        for d in study.datasets
        if (d.kind == "places" and d.extra.get("kind") in found.params.kinds) or d.kind == "postcodes"
    }
    if found.params.mode == BUS.id:
        used.add(TIMETABLE_SOURCE)
    if found.streets is not None and not found.is_straight:
        used.add(found.streets.source_id)
    listed = [SOURCES[one] for one in sorted(used)]
    by_hand = hand_line(study, found.places.index)
    return [*(f"{s.title}, {s.publisher}. {s.attribution}" for s in listed), *by_hand, *figures]


def method_words(found: Access) -> str:
    """How the minutes were come by."""
    if found.params.mode == BUS.id:
        on_foot = method_words(replace(found, params=replace(found.params, mode="walk")))
        by_bus = timetable_words(found.day, is_straight=found.is_straight)
        return f"{by_bus} All the way on foot: {on_foot[0].lower()}{on_foot[1:]}"
    params = found.params
    own = "" if params.km_h == 0 else ", set by hand"
    begin = f"Journeys begin at {found.points.how}."
    if found.streets is not None and not found.is_straight:
        speed = f"{params.speed_km_h:g} km/h{own}"
        if params.mode == "drive":
            speed = f"assumed speeds by class of road{'' if params.km_h == 0 else f' (in all {speed})'}"
        return f"Along streets ({SOURCES[found.streets.source_id].title}) at {speed}. " + " ".join(
            [*street_words(found.streets), begin]
        )
    why = "no street network is loaded"
    if found.streets is not None:
        why = (
            "by choice"
            if params.route == "straight"
            else f"the file of roads is partial ({off_words(found.streets)})"
        )
    return (
        f"Estimated: straight line times {DETOUR:g} at {params.speed_km_h:g} km/h{own}; {why}, so rivers and "
        f"railways are not felt. {begin}"
    )


def short_method_words(found: Access) -> str:
    """The same under a headline, where the whole of it would be too long."""
    if found.params.mode != BUS.id:
        return method_words(found)
    return f"{short_timetable_words(found.day)} Journeys begin at {found.points.how}."


def speed_words(found: Access) -> str:
    """Where the speed is from, and how streets are travelled."""
    params = found.params
    if found.is_straight or params.mode == BUS.id:
        return f"The speed is {params.travel_mode.speed_source}."
    speed = SPEED_NOTE if params.mode == "drive" else f"The speed is {params.travel_mode.speed_source}."
    turned = "" if params.mode == "walk" else " One-way streets hold where the file says them."
    return (
        "Each starting point and each place is put on the nearest road that may be used and the way to it is "
        f"walked, a straight line times {DETOUR:g}. Roads meet where their lines share a point, so a bridge "
        "does not lead down to what it crosses. Whoever is nearer to the place than both are to the road "
        f"goes straight.{turned} {speed}"
    )


def street_words(use: StreetUse) -> list[str]:
    """What a reader must know of a network: whether it is partial, who lies off it, what is cut off."""
    said = []
    if use.is_partial:
        said.append(f"The file of roads is partial: {off_words(use)}. Read these minutes with care.")
    if use.n_far:
        share = "fewer than 1%" if use.far_share < 0.005 else f"{use.far_share:.0%}"
        said.append(
            f"{share} of starting points have no road within {ROAD_LIMIT_M:g} m; from there the straight "
            f"line times {DETOUR:g} is taken."
        )
    if use.kept_share < 0.995:
        said.append(
            f"{1 - use.kept_share:.0%} of the length of the roads is cut off from the rest and left out."
        )
    return said


def _streets(use: StreetUse) -> dict[str, object]:
    return {
        "source_id": use.source_id,
        "starting_points_far_from_roads": use.n_far,
        "judged_by": None if use.homes is None else use.homes.name,
        "off_roads_share": use.off_share,
        "is_partial": use.is_partial,
        "kept_share": use.kept_share,
    }


def off_words(use: StreetUse) -> str:
    """Why a file of roads is called partial."""
    if use.homes is None or np.isnan(use.off_share):
        return "it holds no road for this way of travelling"
    return (
        f"{use.off_share:.0%} of {use.homes.name} are more than {use.homes.limit_m:g} m from any road of it"
    )


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): v for k, v in row.items()} for row in frame.reset_index().to_dict("records")]
