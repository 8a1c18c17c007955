"""What the arguments point to: the study of a workspace, an option, a partner's set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from geodata.errors import InputError
from geodata.geography import geography
from geodata.local_file import read_given_file
from geodata.polygon_file import read_polygons
from geodata.workspace import open_workspace, workspace_folder
from neighbourhoods.option.file import parse_option_csv
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.polygon import fit_to_closest
from neighbourhoods.study.area_code import some_of
from neighbourhoods.study.study import Study

_IF_ALIGNED = ("oa", "msoa")  # taken only for polygons that follow them
POLYGON_SUFFIXES = (".geojson", ".json", ".gpkg", ".zip")


def open_study(options: argparse.Namespace) -> Study:
    """The study of `--workspace`; a new one has the sample, which is said on standard error.

    A `--geography` without its year ("lsoa") is taken for the newest of its kind that is loaded.
    """
    folder = workspace_folder(options.workspace)
    study = Study(open_workspace(folder, on_new=_say_beside))
    if getattr(options, "geography", None):
        options.geography = newest_of_kind(options.geography, study.geographies)
    return study


def newest_of_kind(given: str, loaded: Sequence[str]) -> str:
    """The geography that is meant among those that are loaded; what was given where none is.

    "LSOA" is lsoa21 where that is loaded, "lsoa11" is itself; of wards those in force are the newest.
    """
    wanted = given.strip().lower()
    if wanted in loaded:
        return wanted
    of_kind = [one for one in loaded if _kind_and_year(one)[0] == wanted]
    return max(of_kind, key=lambda one: _kind_and_year(one)[1], default=given)


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
    """Fitted to the kind of area that they follow, which is said; areas in no polygon are a fault."""
    kinds = [g for g in study.geographies if not _is_earlier(g, study.geographies)]
    kinds.sort(key=lambda g: g.startswith("oa"))  # many small areas: tried last
    if_aligned = [g for g in kinds if g.startswith(_IF_ALIGNED)]
    option, report = fit_to_closest(
        polygons,
        {g: study.areas(g) for g in kinds},
        name=name,
        centroids=study.store.centroids,
        only_if_aligned=if_aligned if len(if_aligned) < len(kinds) else (),
    )
    plural = geography(option.geography).plural
    if report.gaps:
        raise InputError(
            f"{len(report.gaps)} {plural} lie in no polygon: {some_of(report.gaps)}. Draw the polygons over "
            "them, or open the file on the Draw page, which takes it as a draft and lists them",
            where=name,
        )
    told = [f"{name}: fitted to {plural} by their centroids"]
    pairs = report.overlaps[["footprint_a", "footprint_b"]].itertuples(index=False)
    told += [
        f"{one} and {other} overlap by {area_m2 / 1e6:,.2f} km2"
        for (one, other), area_m2 in zip(pairs, report.overlaps["area_m2"].tolist(), strict=True)
    ]
    if report.contested:
        told.append(f"in two polygons, and given to the one with most of them: {some_of(report.contested)}")
    if report.empty:
        told.append(f"without any area, and left out: {some_of(report.empty)}")
    _say_beside("; ".join(told))
    return option


def _is_earlier(one: str, loaded: Sequence[str]) -> bool:
    """Whether areas of the same kind and a later year are loaded too."""
    (kind, year), others = _kind_and_year(one), map(_kind_and_year, loaded)
    return any(other_kind == kind and other_year > year for other_kind, other_year in others)


def _kind_and_year(one: str) -> tuple[str, int]:
    """ "lsoa21" as (lsoa, 21); those in force have no year and come last."""
    kind = one.rstrip("0123456789")
    return kind, int(one[len(kind) :] or 99)


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
