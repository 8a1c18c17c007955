"""What the arguments point to: the study of a workspace, an option, a partner's set."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import geopandas as gpd

from geodata.errors import InputError
from geodata.local_file import read_given_file
from geodata.polygon_file import read_polygons
from geodata.workspace import open_workspace, workspace_folder
from neighbourhoods.option.file import parse_option_csv
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.polygon import fit_option_polygons
from neighbourhoods.study.study import Study

POLYGON_SUFFIXES = (".geojson", ".json", ".gpkg", ".zip")


def open_study(options: argparse.Namespace) -> Study:
    """The study of `--workspace`; a new one has the sample, which is said on standard error."""
    folder = workspace_folder(options.workspace)
    return Study(open_workspace(folder, on_new=_say_beside))


def _say_beside(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def read_option(study: Study, given: str) -> FootprintOption:
    """An option from a file of areas or of polygons, or a saved one by its id or name.

    Raises
    ------
    InputError
        When it is neither, or the file is no option.
    """
    content = read_given_file(given)
    if content is None:
        saved = study.find_option(given)
        if saved is None:
            raise InputError(f"{given!r} is neither a file nor the id or name of a saved option")
        return saved
    areas = {g: study.areas(g) for g in study.geographies}
    name = Path(given).stem
    if Path(given).suffix.lower() in POLYGON_SUFFIXES:
        return _option_from_polygons(study, read_polygons(content, Path(given).name), name)
    return parse_option_csv(content, areas, name=name, author="")


def _option_from_polygons(study: Study, polygons: gpd.GeoDataFrame, name: str) -> FootprintOption:
    """Fitted to the first kind of area that is loaded; areas in no polygon are a fault."""
    geography = study.geographies[0]
    option, report = fit_option_polygons(
        polygons,
        study.areas(geography),
        name=name,
        geography=geography,
        centroids=study.store.centroids(geography),
    )
    if report.gaps:
        raise InputError(
            f"{len(report.gaps)} areas lie in no polygon: {', '.join(report.gaps[:5])}", where=name
        )
    return option


def partner_id_of(study: Study, given: str) -> str:
    """Id of a partner's set, or of an option taken as one, by its id or name.

    Raises
    ------
    InputError
        When there is none.
    """
    for partner_id, name in study.partner_sets().items():
        if given in (partner_id, name):
            return partner_id
    raise InputError(
        f"{given!r} is neither the id nor the name of a partner's set; see `neighbourhoods partners`"
    )
