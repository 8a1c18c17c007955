"""Files to hand on: an option, a profile or areas, with the lines that say where they come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import geopandas as gpd
import pandas as pd

from geodata.errors import InputError
from geodata.export import to_csv_bytes, to_excel_bytes
from geodata.map_export import to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes
from neighbourhoods.option.file import option_frame
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

What = Literal["option", "profile", "areas"]

TABLES: dict[str, Callable[[pd.DataFrame, Sequence[str]], bytes]] = {
    "csv": to_csv_bytes,
    "xlsx": lambda frame, notes: to_excel_bytes({"Figures": frame}, notes),
}
MAPS: dict[str, Callable[[gpd.GeoDataFrame, Sequence[str]], bytes]] = {
    "geojson": to_geojson_bytes,
    "gpkg": to_geopackage_bytes,
    "shp": to_shapefile_zip_bytes,
}
FORMATS = (*TABLES, *MAPS)


def option_note(option: FootprintOption) -> str:
    """What an export was made from, so that it can be made again."""
    seed = "" if option.seed is None else f", seed {option.seed}"
    saved = f"id {option.id}, saved {option.created}" if option.id else "not saved"
    return f"Option {option.name}: {saved}, {option.status}, made of {option.geography}{seed}."


def export_bytes(
    study: Study, what: str, file_format: str, *, option: FootprintOption | None, geography: str
) -> bytes:
    """One file.

    Parameters
    ----------
    what : str
        "option" (which area is where, or the footprints' outlines), "profile" (figures with
        intervals, by footprint when an option is given) or "areas" (outlines with residents).
    file_format : str
        One of `FORMATS`.

    Raises
    ------
    InputError
        When an option is needed and none was given, or figures are asked for as a map.
    """
    if file_format not in FORMATS:
        raise InputError(f"{file_format!r} is no format; choose one of {', '.join(FORMATS)}")
    notes = [*study.source_lines(), *([option_note(option)] if option else [])]
    is_map = file_format in MAPS
    if what == "option":
        if option is None:
            raise InputError("say which option to export with --option FILE_OR_ID")
        if is_map:
            return MAPS[file_format](_footprints(study, option), notes)
        return TABLES[file_format](option_frame(option, study.areas(option.geography)), notes)
    if what == "profile":
        if is_map:
            raise InputError("a profile is a table; choose csv or xlsx")
        return TABLES[file_format](
            study.profile_option(option) if option else study.profile(geography), notes
        )
    areas = study.areas(geography)
    return MAPS[file_format](areas, notes) if is_map else TABLES[file_format](_table(areas), notes)


def _footprints(study: Study, option: FootprintOption) -> gpd.GeoDataFrame:
    measures = study.evaluate(option).footprints.set_index("footprint_id")
    return study.footprint_areas(option).join(measures[["population", "polsby_popper", "reock"]])


def _table(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame(areas.drop(columns="geometry"))
    table["area_km2"] = areas.geometry.area / 1e6
    return table.reset_index()
