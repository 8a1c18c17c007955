"""What a run came to, as one file of plain values: arrays, tables and a document.

A shared folder must never run code, so nothing here is pickled: arrays are NumPy's own format without
objects, tables are Parquet, the rest is JSON. The file carries the hash of its content in its name and is
put in place whole, so a reader meets all of a result or none of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import WorkspaceError

RUN_FOLDER = "runs"
_DOCUMENT = "document.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can hold: the same content is the same file


@dataclass(frozen=True, eq=False)
class RunResult:
    """The parts of a result.

    Parameters
    ----------
    arrays : dict of str to ndarray
        Of numbers, truth values or text; never of objects.
    frames : dict of str to DataFrame
        With column names that are text.
    document : dict
        What JSON can hold.
    """

    arrays: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    document: dict[str, object] = field(default_factory=dict)


def run_folder(root: Path) -> Path:
    """Where the files of runs stand, made when it is missing."""
    folder = root / RUN_FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as fault:
        raise _not_writable(root, fault) from fault
    return folder


def log_name(run_id: str) -> str:
    """Name of the file that records a run's faults."""
    return f"{run_id}.log"


def write_run_result(
    root: Path,
    name: str,
    arrays: Mapping[str, NDArray[np.generic]],
    frames: Mapping[str, pd.DataFrame],
    document: Mapping[str, object],
) -> str:
    """Keep a result in the workspace folder.

    Parameters
    ----------
    root : Path
        The workspace folder.
    name : str
        What the file's name begins with: the id of the run.

    Returns
    -------
    str
        Its file name, "<name>-<sha256>.zip", to be read by.

    Raises
    ------
    WorkspaceError
        When the folder cannot be written.
    ValueError
        For an array of objects, or a document that JSON cannot hold.
    """
    content = _packed(arrays, frames, document)
    file_name = f"{name}-{hashlib.sha256(content).hexdigest()}.zip"
    folder = run_folder(root)
    passing = folder / f"{uuid4().hex}.part"
    try:
        with passing.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(folder / file_name)
    except OSError as fault:
        raise _not_writable(root, fault) from fault
    finally:
        passing.unlink(missing_ok=True)
    return file_name


def read_run_result(root: Path, file_name: str) -> RunResult:
    """Read a result back.

    Raises
    ------
    WorkspaceError
        When the file is gone, or is not what was written.
    """
    path = root / RUN_FOLDER / Path(file_name).name
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise WorkspaceError("What this run found is no longer kept. Start it again.") from fault
    damaged = WorkspaceError(f"The file of this run ({path.name}) is damaged. Start it again.")
    if hashlib.sha256(content).hexdigest() != path.stem.rpartition("-")[2]:
        raise damaged
    try:
        return _unpacked(content)
    except (ValueError, zipfile.BadZipFile) as fault:  # parts that hold objects are among these
        raise damaged from fault


def add_to_log(root: Path, run_id: str, text: str) -> None:
    """Write a fault of the program down where whoever runs the app can find it."""
    with (run_folder(root) / log_name(run_id)).open("a", encoding="utf-8") as file:
        file.write(text)


def remove_run_files(root: Path, run_id: str, *, keep: str = "") -> None:
    """Remove the files of one run: all, or its earlier results only, when the newest is to be kept."""
    folder = root / RUN_FOLDER
    for path in folder.glob(f"{run_id}-*.zip"):
        if path.name != keep:
            path.unlink(missing_ok=True)
    if not keep:
        (folder / log_name(run_id)).unlink(missing_ok=True)


def result_bytes(root: Path, file_name: str) -> int:
    """Size of a result; 0 when it is gone."""
    with suppress(OSError):
        return (root / RUN_FOLDER / file_name).stat().st_size if file_name else 0
    return 0


def _packed(
    arrays: Mapping[str, NDArray[np.generic]],
    frames: Mapping[str, pd.DataFrame],
    document: Mapping[str, object],
) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        text = json.dumps(document, allow_nan=False, ensure_ascii=False)
        _add(archive, _DOCUMENT, text.encode())
        for key in sorted(arrays):
            part = BytesIO()
            np.lib.format.write_array(part, np.asarray(arrays[key]), allow_pickle=False)
            _add(archive, f"arrays/{key}.npy", part.getvalue())
        for key in sorted(frames):
            _add(archive, f"frames/{key}.parquet", frames[key].to_parquet(compression="zstd"), packed=True)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, packed: bool = False) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=None if packed else 1)


def _unpacked(content: bytes) -> RunResult:
    result = RunResult()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            folder, _, rest = name.partition("/")
            if name == _DOCUMENT:
                result.document.update(json.loads(part))
            elif folder == "arrays":
                key = rest.removesuffix(".npy")
                result.arrays[key] = np.lib.format.read_array(BytesIO(part), allow_pickle=False)
            elif folder == "frames":
                result.frames[rest.removesuffix(".parquet")] = pd.read_parquet(BytesIO(part))
    return result


def _not_writable(root: Path, fault: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"The workspace folder cannot be written ({fault.strerror}). Check its permissions and free space.",
        where=str(root),
    )
