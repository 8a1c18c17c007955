"""Data files named by their own content, put in place whole or not at all.

A file is written under a passing name, forced to disk, and renamed only while the workspace's write
lock is held; what no dataset names any more is removed an hour later, so that a reader who has just
looked up a name still finds the file.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ORPHAN_SECONDS = 3600


@dataclass(frozen=True)
class StagedFile:
    """A frame on disk under a passing name, ready to be renamed.

    Parameters
    ----------
    path : Path
        Where the bytes are now.
    file_name : str
        "<sha256>.parquet", the name they will have.
    spatial : bool
        GeoParquet, not plain Parquet.
    """

    path: Path
    file_name: str
    spatial: bool


def stage_frame(frame: pd.DataFrame, folder: Path) -> StagedFile:
    """Write a frame under a passing name and force it to disk."""
    buffer = BytesIO()
    frame.to_parquet(buffer, compression="zstd")
    content = buffer.getvalue()
    path = folder / f"{uuid4().hex}.part"
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    name = f"{hashlib.sha256(content).hexdigest()}.parquet"
    return StagedFile(path, name, isinstance(frame, gpd.GeoDataFrame))


def publish_files(staged: Iterable[StagedFile], folder: Path) -> None:
    """Give staged files their names; the caller holds the workspace's write lock."""
    for file in staged:
        file.path.replace(folder / file.file_name)
    _sync_folder(folder)


def read_frame(path: Path, spatial: bool) -> pd.DataFrame:
    """Read a stored frame.

    Raises
    ------
    OSError, ValueError
        When the file is gone, or damaged (pyarrow's errors derive from these).
    """
    frame: pd.DataFrame = gpd.read_parquet(path) if spatial else pd.read_parquet(path)
    return frame


def read_columns(path: Path, schema: pa.Schema) -> pa.Table:
    """Some columns of a stored frame, without what makes it a frame: quick where small files are many.

    Raises
    ------
    OSError, ValueError
        When the file is gone, is damaged, or lacks a column.
    """
    with pq.ParquetFile(path) as file:
        table = file.read(columns=schema.names, use_threads=False)
    return table.select(schema.names).replace_schema_metadata(None).cast(schema)


def joined_frame(tables: Sequence[pa.Table]) -> pd.DataFrame:
    """Tables of one schema, one under the other, as a frame."""
    frame: pd.DataFrame = pa.concat_tables(tables).to_pandas()
    return frame


def restart_age(folder: Path, file_names: Iterable[str]) -> None:
    """Count the hour of files that are about to lose their dataset from now."""
    for name in file_names:
        if (folder / name).exists():
            os.utime(folder / name)


def remove_orphans(folder: Path, named: frozenset[str]) -> None:
    """Remove files that no dataset names and nobody has touched for an hour."""
    limit = time.time() - ORPHAN_SECONDS
    for path in folder.iterdir():
        if path.name in named:
            continue
        with suppress(FileNotFoundError):  # another writer takes its own passing files away
            if path.stat().st_mtime < limit:
                path.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover  (folders cannot be opened there)
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
