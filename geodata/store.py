"""The workspace: frames with their origin, all of an import or none of it.

Frames stand in content-addressed Parquet files; which of them count is said by the database alone.
The mistake this prevents: a page that shows the wards of one import with the figures of another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from geodata.data_file import (
    StagedFile,
    joined_frame,
    publish_files,
    read_columns,
    read_frame,
    remove_orphans,
    restart_age,
    stage_frame,
)
from geodata.database import DATA_COUNTER, DATASET, SETTING, Database, counted
from geodata.dataset import KINDS, Dataset, NewDataset, require_sound
from geodata.errors import InputError, OvertakenError, WorkspaceError
from geodata.provenance import provenance_of

CELL_COLUMNS = ("table", "geography", "area_code", "period", "cell", "value", "status")
_CELLS = pa.schema([(name, pa.float64() if name == "value" else pa.large_string()) for name in CELL_COLUMNS])
PLACE_COLUMNS = ("name", "kind", "address", "postcode", "source_id", "status")
T = TypeVar("T")
_METHODS = ("exact_change", "best_fit")  # of two lookups between the same geographies, the exact one


class Store:
    """A workspace folder, made when it is missing.

    Parameters
    ----------
    root : Path

    Raises
    ------
    WorkspaceError
        By any method: the folder cannot be made, read or written, or a stored file is gone.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._data = self.root / "data"
        try:
            self._data.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise WorkspaceError(
                f"The workspace folder cannot be made ({fault.strerror}). Name another folder.",
                where=str(self.root),
            ) from fault
        self.database = Database(self.root)

    @property
    def version(self) -> int:
        """Number of committed writes of data, settings and indicators; a cache key."""
        return self.database.count(DATA_COUNTER)

    def settings(self) -> dict[str, str]:
        """All settings by key."""
        with self.database.reading() as connection:
            return {row.key: row.value for row in connection.execute(sa.select(SETTING))}

    def put_settings(self, **values: str) -> None:
        """Set some settings; the others stay."""
        self.write((), settings=values)

    def write(
        self,
        datasets: Sequence[NewDataset],
        *,
        settings: Mapping[str, str] | None = None,
        clear: bool = False,
        at_version: int | None = None,
    ) -> None:
        """Store all of these tables and settings, or, when anything fails, none.

        Parameters
        ----------
        datasets : sequence of NewDataset
            A dataset of the same id is replaced; other ids are kept.
        settings : Mapping, optional
            Settings to set in the same transaction.
        clear : bool
            Drop every other dataset in the same transaction.
        at_version : int, optional
            Write only while `version` is still this one: what is written was chosen by what was there.

        Raises
        ------
        OvertakenError
            When another process has written since `at_version`; nothing was changed.
        ValueError
            For an unknown kind, an id given twice, or outlines that are not in EPSG:27700.
        """
        require_sound(datasets)
        staged: dict[str, StagedFile] = {}
        try:
            for new in datasets:
                staged[new.id] = stage_frame(new.frame, self._data)
            with self.database.writing(DATA_COUNTER) as connection:
                if at_version is not None and counted(connection, DATA_COUNTER) != at_version:
                    raise OvertakenError("Another process has written to the workspace. Try again.")
                named = _files_by_id(connection)
                remove_orphans(self._data, frozenset(named.values()))
                publish_files(staged.values(), self._data)
                dropped = set(named) if clear else set(named) & set(staged)
                restart_age(self._data, {named[id_] for id_ in dropped})
                connection.execute(sa.delete(DATASET).where(DATASET.c.id.in_(dropped)))
                if datasets:
                    connection.execute(sa.insert(DATASET), [_row(new, staged[new.id]) for new in datasets])
                for key, value in (settings or {}).items():
                    connection.execute(
                        sa.insert(SETTING).prefix_with("OR REPLACE").values(key=key, value=value)
                    )
        except OSError as fault:
            raise WorkspaceError(
                f"The workspace folder cannot be written ({fault.strerror}). Nothing was changed.",
                where=str(self.root),
            ) from fault
        finally:
            for file in staged.values():
                file.path.unlink(missing_ok=True)

    def remove(self, dataset_id: str) -> None:
        """Drop one dataset.

        Raises
        ------
        InputError
            When there is none of this id.
        """
        with self.database.writing(DATA_COUNTER) as connection:
            named = _files_by_id(connection)
            if dataset_id not in named:
                raise InputError(f"The workspace holds no dataset {dataset_id!r}.")
            restart_age(self._data, [named[dataset_id]])
            connection.execute(sa.delete(DATASET).where(DATASET.c.id == dataset_id))

    def datasets(self) -> tuple[Dataset, ...]:
        """All stored tables in order of id."""
        return tuple(_dataset(row) for row in self._rows())

    def read(self, dataset_id: str) -> pd.DataFrame:
        """The frame of one dataset (a GeoDataFrame for areas and places).

        Raises
        ------
        InputError
            When there is none of this id.
        """
        rows = self._rows(DATASET.c.id == dataset_id)
        if not rows:
            raise InputError(f"The workspace holds no dataset {dataset_id!r}.")
        return self._frame(rows[0])

    def areas(self, geography: str) -> gpd.GeoDataFrame | None:
        """Areas of one geography; None when there are none."""
        rows = self._rows(DATASET.c.kind == "areas", DATASET.c.geography == geography)
        return self._frame(rows[0]) if rows else None

    def cells(self, geography: str | None = None) -> pd.DataFrame:
        """All cells, or those of one geography: the columns of `CELL_COLUMNS`, possibly no rows."""
        conditions = [DATASET.c.kind == "cells"]
        if geography is not None:
            conditions.append(DATASET.c.geography == geography)
        tables = [self._open(row, partial(read_columns, schema=_CELLS)) for row in self._rows(*conditions)]
        return joined_frame([_CELLS.empty_table(), *tables])

    def places(self) -> gpd.GeoDataFrame:
        """All places, indexed by place_id; EPSG:27700 points, possibly none."""
        frames = [self._frame(row) for row in self._rows(DATASET.c.kind == "places")]
        if frames:
            return gpd.GeoDataFrame(pd.concat(frames), geometry="geometry", crs="EPSG:27700")
        columns = {column: pd.Series(dtype="str") for column in PLACE_COLUMNS}
        index = pd.Index([], name="place_id", dtype="str")
        return gpd.GeoDataFrame(columns, index=index, geometry=gpd.GeoSeries([]), crs="EPSG:27700")

    def place_hours(self) -> pd.DataFrame | None:
        """name, kind and opening_hours (text) by place_id, where a list gave them; None when none did."""
        frames = [self._frame(row) for row in self._rows(DATASET.c.kind == "place_hours")]
        return pd.concat(frames) if frames else None

    def lookup(self, from_geography: str, to_geography: str) -> pd.DataFrame | None:
        """from_code, to_code, weight, method; the exact lookup where two are there; None when none is."""
        rows = [
            row
            for row in self._rows(DATASET.c.kind == "lookup", DATASET.c.geography == from_geography)
            if row.extra.get("to_geography") == to_geography
        ]
        rows.sort(key=lambda row: row.extra.get("method") != _METHODS[0])
        if not rows:
            return None
        return self._frame(rows[0]).assign(method=rows[0].extra.get("method", _METHODS[1]))

    def centroids(self, geography: str) -> pd.DataFrame | None:
        """Population-weighted centroids (x, y in EPSG:27700) by area_code; None when there are none."""
        rows = self._rows(DATASET.c.kind == "centroids", DATASET.c.geography == geography)
        return self._frame(rows[0]) if rows else None

    def postcodes(self) -> pd.DataFrame | None:
        """x, y, ward_code, lad_code, quality by postcode, each postcode once; None when there are none."""
        frames = [self._frame(row) for row in self._rows(DATASET.c.kind == "postcodes")]
        if not frames:
            return None
        joined = pd.concat(frames)
        return joined[~joined.index.duplicated(keep="last")]

    def _rows(self, *conditions: sa.ColumnElement[bool]) -> list[sa.Row[tuple[object, ...]]]:
        with self.database.reading() as connection:
            return list(connection.execute(sa.select(DATASET).where(*conditions).order_by(DATASET.c.id)))

    def _frame(self, row: sa.Row[tuple[object, ...]]) -> pd.DataFrame:
        return self._open(row, partial(read_frame, spatial=row.spatial))

    def _open(self, row: sa.Row[tuple[object, ...]], read: Callable[[Path], T]) -> T:
        try:
            return read(self._data / row.file_name)
        except (OSError, ValueError) as fault:
            raise WorkspaceError(
                f"The stored file of {row.id!r} is missing or damaged. Import its source file again: "
                f"{row.provenance['file_name']}.",
                where=str(self.root),
            ) from fault


def _files_by_id(connection: sa.Connection) -> dict[str, str]:
    return {row.id: row.file_name for row in connection.execute(sa.select(DATASET.c.id, DATASET.c.file_name))}


def _row(new: NewDataset, file: StagedFile) -> dict[str, object]:
    return {
        "id": new.id,
        "kind": new.kind,
        "geography": new.geography,
        "file_name": file.file_name,
        "spatial": file.spatial,
        "provenance": asdict(new.provenance),
        "extra": dict(new.extra),
    }


def _dataset(row: sa.Row[tuple[object, ...]]) -> Dataset:
    origin = provenance_of(row.provenance)
    return Dataset(row.id, row.kind, row.geography, origin, MappingProxyType(dict(row.extra)))


__all__ = ("CELL_COLUMNS", "KINDS", "PLACE_COLUMNS", "Dataset", "NewDataset", "Store")
