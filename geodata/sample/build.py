"""The embedded sample: York's wards as facts, written down by this project, with outlines of its own.

What stands here and where each piece comes from:

york_wards.csv
    Figures for York's 21 wards in this project's own long layout: one published cell for one ward in
    one period. `source_id` names the publication (`geodata.source.SOURCES`); `how` says whether the
    figure was published for the ward or is this project's sum of published figures of LSOAs (Census
    2021; street-level crime of January to December 2025), joined to wards by the ONS best fit of LSOAs
    2021 to wards 2024. Sums of perturbed census cells differ by a few from other published totals.
york_points.csv
    Ward centre points (ONS, to 10 m) with the ward's size in km2 (measured on ONS boundaries of 2025,
    to 0.01 km2), and settlements (the mean position of the NaPTAN stops of a locality, to 100 m).
york_places.csv
    Libraries open at the end of 2023 (Arts Council England), GP surgeries in use in late 2025 (NHS
    England) and hospitals (NHS website), placed at their postcode by Code-Point Open.
Ward outlines
    Illustrative outlines computed from ward centre points (`geodata.sample.outline`). No official
    boundary was copied or traced.
Synthetic small areas
    Each ward's outline cut into parts (`geodata.sample.small_area`); their residents are the ward's,
    shared out by rule. Not official, made up for trying the tool.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from io import BytesIO

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.geography import GEOGRAPHIES
from geodata.provenance import Provenance
from geodata.sample.outline import ward_outlines
from geodata.sample.small_area import share_out, split_outline, split_residents
from geodata.store import NewDataset, Store

AUTHORITY_CODE = "E06000014"
AUTHORITY_NAME = "York"
TARGET_POPULATION = 50_000
N_SMALL_AREAS = 120
WRITTEN_DOWN = "2026-11-22T00:00:00+00:00"

OUTLINE_NOTE = "illustrative outlines computed from ward centre points"
SYNTHETIC_NOTE = "synthetic small areas: not official, made up for trying the tool"

PLACES_NOTE = (
    "placed at the postcode by Code-Point Open; near an edge it may show beside its own ward's outline"
)

_RESIDENTS = ("ts007a", "Age: Total")
_SYNTHETIC = ("synthetic_population", "Residents (synthetic)")
_CRS = "EPSG:27700"
_CELL_COLUMNS = ["table", "geography", "area_code", "period", "cell", "value", "status"]


def write_sample(store: Store, *, at_version: int | None = None) -> None:
    """Fill a workspace with the sample in one transaction; whatever else it holds stays.

    Parameters
    ----------
    store : Store
    at_version : int, optional
        As in `Store.write`: nothing is written when somebody else has written since.

    Raises
    ------
    OvertakenError, WorkspaceError
        When the workspace cannot be written.
    """
    store.write(
        sample_datasets(),
        settings={
            "authority_code": AUTHORITY_CODE,
            "authority_name": AUTHORITY_NAME,
            "is_sample": "yes",
            "target_population": str(TARGET_POPULATION),
        },
        at_version=at_version,
    )


def sample_datasets() -> tuple[NewDataset, ...]:
    """Every table of the sample with its origin; the same at each call."""
    figures = read_figures()
    residents = _residents_by_ward(figures)
    wards, small_areas, ward_by_small_area = _areas(residents)
    n_small = len(small_areas)
    synthetic = pd.DataFrame(
        {
            "table": _SYNTHETIC[0],
            "geography": "synthetic",
            "area_code": small_areas.index,
            "period": "2021",
            "cell": _SYNTHETIC[1],
            "value": small_areas["population"].to_numpy(),
            "status": "",
        }
    )
    lookup = pd.DataFrame(
        {"from_code": small_areas.index, "to_code": ward_by_small_area.to_numpy(), "weight": 1.0}
    )
    points = "york_points.csv"
    return (
        NewDataset(
            "areas:ward", "areas", "ward", wards, _provenance(points, "sample", "2025", 21, OUTLINE_NOTE)
        ),
        NewDataset(
            "areas:synthetic",
            "areas",
            "synthetic",
            small_areas,
            _provenance(points, "sample", "2025", n_small, OUTLINE_NOTE, SYNTHETIC_NOTE),
        ),
        NewDataset(
            "lookup:synthetic:ward:exact",
            "lookup",
            "synthetic",
            lookup,
            _provenance(points, "sample", "2025", n_small, SYNTHETIC_NOTE),
            {"to_geography": "ward", "method": "exact"},
        ),
        NewDataset(
            f"cells:{_SYNTHETIC[0]}:synthetic:2021",
            "cells",
            "synthetic",
            synthetic,
            _provenance("york_wards.csv", "sample", "2021", n_small, SYNTHETIC_NOTE),
        ),
        *_cell_datasets(figures),
        *_place_datasets(),
    )


def read_figures() -> pd.DataFrame:
    """The ward figures: columns table, cell, period, area_code, value (float), source_id, how."""
    return pd.read_csv(BytesIO(_content("york_wards.csv")), dtype={"value": float, "period": str})


def read_points() -> pd.DataFrame:
    """Ward centres and settlements: area_code, area_name, point, x, y (m), km2 (centres only), source_id."""
    return pd.read_csv(BytesIO(_content("york_points.csv")))


def read_places() -> pd.DataFrame:
    """Venues: index place_id; name, kind, address, postcode, x, y (m, EPSG:27700), source_id."""
    return pd.read_csv(BytesIO(_content("york_places.csv")), index_col="place_id")


def _residents_by_ward(figures: pd.DataFrame) -> pd.Series[int]:
    """Residents in the census of 2021, by ward code in order."""
    table, cell = _RESIDENTS
    rows = figures[(figures["table"] == table) & (figures["cell"] == cell)]
    return rows.set_index("area_code")["value"].sort_index().astype(int)


def _areas(
    residents: pd.Series[int],
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series[str]]:
    """Wards, small areas, and the ward of each small area.

    The small areas are cut first and made one clean coverage; a ward is the union of its parts, so
    the two geographies nest vertex for vertex.
    """
    points = read_points()
    centres = points.dropna(subset=["km2"]).set_index("area_code").loc[residents.index]
    owner = centres.index.get_indexer(pd.Index(points["area_code"]))
    area_m2 = centres["km2"].to_numpy(float) * 1e6
    outlines = ward_outlines(points[["x", "y"]].to_numpy(float), owner, area_m2)
    n_parts = share_out(N_SMALL_AREAS, residents.tolist())
    ward_of_part = np.repeat(np.arange(len(residents)), n_parts)
    parts = np.concatenate([split_outline(o, n) for o, n in zip(outlines, n_parts, strict=True)])
    clean = shapely.transform(shapely.coverage_clean(parts), lambda xy: xy.round(1))
    names = centres["area_name"].tolist()
    codes = pd.Index(
        [f"{GEOGRAPHIES['synthetic'].prefixes[0]}{k + 1:05d}" for k in range(len(parts))], name="area_code"
    )
    numbers = np.concatenate([np.arange(1, n + 1) for n in n_parts])
    small_areas = gpd.GeoDataFrame(
        {
            "area_name": [
                f"{names[ward]}, synthetic part {k}" for ward, k in zip(ward_of_part, numbers, strict=True)
            ],
            "population": np.concatenate(
                [split_residents(total, n) for total, n in zip(residents, n_parts, strict=True)]
            ).astype(float),
        },
        index=codes,
        geometry=clean,
        crs=_CRS,
    )
    wards = gpd.GeoDataFrame(
        {"area_name": names, "population": residents.to_numpy(float)},
        index=pd.Index(residents.index, name="area_code"),
        geometry=[shapely.coverage_union_all(clean[ward_of_part == ward]) for ward in range(len(residents))],
        crs=_CRS,
    )
    return wards, small_areas, pd.Series(residents.index[ward_of_part], index=codes, name="area_code")


def _cell_datasets(figures: pd.DataFrame) -> list[NewDataset]:
    """One dataset for each table and period of the ward figures."""
    datasets = []
    for (table, period, source_id), rows in figures.groupby(["table", "period", "source_id"], sort=False):
        cells = rows.assign(geography="ward", status="")[_CELL_COLUMNS].reset_index(drop=True)
        origin = _provenance(
            "york_wards.csv", str(source_id), str(period), len(rows), *rows["how"].drop_duplicates()
        )
        datasets.append(NewDataset(f"cells:{table}:ward:{period}", "cells", "ward", cells, origin))
    return datasets


def _place_datasets() -> list[NewDataset]:
    """One dataset for each kind of venue."""
    datasets = []
    for (kind, source_id), rows in read_places().groupby(["kind", "source_id"], sort=False):
        frame = gpd.GeoDataFrame(
            rows[["name", "kind", "address", "postcode", "source_id"]].assign(status="open"),
            geometry=gpd.points_from_xy(rows["x"], rows["y"]),
            crs=_CRS,
        )
        origin = _provenance("york_places.csv", str(source_id), "", len(rows), PLACES_NOTE)
        datasets.append(
            NewDataset(f"places:{kind}:{source_id}", "places", "", frame, origin, {"kind": str(kind)})
        )
    return datasets


def _provenance(file_name: str, source_id: str, period: str, n_rows: int, *notes: str) -> Provenance:
    """Origin of a table that was derived from one of the sample's files; nothing is dropped."""
    return Provenance(
        source_id=source_id,
        file_name=f"geodata/sample/{file_name}",
        sha256=hashlib.sha256(_content(file_name)).hexdigest(),
        period=period,
        retrieved=WRITTEN_DOWN,
        rows_in=n_rows,
        rows_kept=n_rows,
        notes=notes,
    )


def _content(file_name: str) -> bytes:
    """The bytes of one of the sample's files."""
    return resources.files("geodata.sample").joinpath(file_name).read_bytes()
