"""Published files that are known but hold nothing to store here: each says why and what to import instead.

The mistake this prevents: a file quietly taken for something that it is not, such as centre points for
population-weighted centroids.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from geodata.layouts.layout import Context, Layout, Parsed
from geodata.payload import Raw, RawFeatures, RawTable
from geodata.provenance import Dropped


def _parser(reason: str, note: str) -> Callable[[Raw, Context], Parsed]:
    def parse(raw: Raw, _: Context) -> Parsed:
        n_rows = len(raw.frame) if isinstance(raw, RawFeatures) else len(raw.rows)
        return Parsed((), n_rows, 0, (Dropped(reason, n_rows),) if n_rows else (), "", (*raw.notes, note))

    return parse


def _table(*names: str) -> Callable[[Raw], bool]:
    return lambda raw: isinstance(raw, RawTable) and raw.has(*names)


def _is_codepoint_header(raw: Raw) -> bool:
    return (
        _table("PC", "PQ", "EA", "NO", "DC", "WC")(raw) and isinstance(raw, RawTable) and len(raw.rows) <= 1
    )


def _is_centre_points(raw: Raw) -> bool:
    if not isinstance(raw, RawTable) or not raw.has("latitude", "longitude"):
        return False
    return len(raw.header) <= 5 and (raw.has("LSOACD") or raw.has("wdcd") or raw.has("MSOACD"))


def _is_loose_timetable(raw: Raw) -> bool:
    return any(
        _table(*names)(raw)
        for names in (
            ("trip_id", "stop_id", "stop_sequence"),
            ("stop_id", "stop_lat", "stop_lon"),
            ("trip_id", "route_id", "service_id"),
            ("route_id", "route_type"),
            ("service_id", "start_date", "end_date"),
            ("service_id", "date", "exception_type"),
        )
    )


def _is_lines(raw: Raw) -> bool:
    if not isinstance(raw, RawFeatures) or raw.frame.empty:
        return False
    return bool(np.isin(shapely.get_type_id(raw.frame.geometry.to_numpy()), (1, 5)).all())


def _is_numbered_points(raw: Raw) -> bool:
    """Points with nothing but a six-figure school number (URN)."""
    if not isinstance(raw, RawFeatures) or set(raw.frame.columns) != {"name", "geometry"} or raw.frame.empty:
        return False
    is_point = (shapely.get_type_id(raw.frame.geometry.to_numpy()) == 0).all()
    return bool(is_point and raw.frame["name"].astype(str).str.fullmatch(r"\d{6}").all())


def _unused(id_: str, label: str, matches: Callable[[Raw], bool], reason: str, note: str) -> Layout:
    return Layout(id_, label, 1, matches, _parser(reason, note))


_WITHOUT_TIMES = "says no times"
_IMPORT_GTFS = (
    "Says where buses run, but not when. For journeys by bus import a timetable: a GTFS feed (a zip with "
    "stops.txt, stop_times.txt, trips.txt, routes.txt and calendar.txt)."
)

UNUSED: tuple[Layout, ...] = (
    _unused(
        "code_point_header",
        "Code-Point Open column names",
        _is_codepoint_header,
        "column names only",
        "Documentation: the postcodes are in the files of the Data folder, one for each postcode area.",
    ),
    _unused(
        "centre_points",
        "Centre points of areas",
        _is_centre_points,
        "not population-weighted",
        "Centre points say nothing of where people live. Import the population-weighted centroids.",
    ),
    _unused(
        "msoa_names",
        "MSOA names and parents",
        _table("MSOACD", "MSOANM", "MSOAHCLNM"),
        "nothing new",
        "Holds nothing that the boundaries do not say; House of Commons Library names are not used yet.",
    ),
    _unused(
        "ward_codes",
        "Ward codes of all years",
        _table("WDCD", "WDNM", "LADCD", "SOURCEFILE"),
        "nothing new",
        "Holds superseded codes too. The wards in force are taken from boundaries and dated lookups.",
    ),
    _unused(
        "msoa_pcn",
        "MSOA to primary care network",
        _table("MSOA11CD", "PCN_Code"),
        "a partner's areas, not data",
        "These are a partner's areas: add them on the Data page under Partners' areas, or with “partners "
        "--add”. MSOAs lie in several networks, so no line follows from it.",
    ),
    _unused(
        "option_file",
        "Footprint option",
        _table("footprint"),
        "an option, not data",
        "This is an option: open it under Draw or Compare, or with the command “evaluate”. If it says a "
        "partner's areas, add it with “partners --add”.",
    ),
    _unused(
        "aquius",
        "Bus network (Aquius JSON)",
        _table("meta", "option", "reference", "link", "node"),
        _WITHOUT_TIMES,
        _IMPORT_GTFS,
    ),
    _unused(
        "bus_links",
        "Bus links by stop",
        _table("link", "route", "operator", "seq", "naptan"),
        _WITHOUT_TIMES,
        _IMPORT_GTFS,
    ),
    _unused(
        "loose_gtfs",
        "A table of a bus timetable by itself",
        _is_loose_timetable,
        "part of a timetable",
        "Import the timetable as the one zip that it came in (GTFS): it must hold stops.txt, stop_times.txt, "
        "trips.txt and routes.txt side by side, and calendar.txt or calendar_dates.txt.",
    ),
    _unused(
        "lines",
        "Lines that are no roads",
        _is_lines,
        "not roads",
        "Rivers, railways and other lines are not travelled on. Import roads: an OpenStreetMap extract or "
        "OS Open Roads.",
    ),
    _unused(
        "school_points",
        "School points by number",
        _is_numbered_points,
        "no names",
        "Points with school numbers (URN) only. Import Get Information about Schools for names and kinds.",
    ),
)
