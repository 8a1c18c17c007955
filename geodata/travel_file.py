"""Travel times kept in the workspace under the hash of all that they depend on.

Whoever asks again, today or after the next start, reads them; nothing here is ever wrong, only gone. The
folder may be deleted at any time. Arrays only, never pickled.
"""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.data_file import ORPHAN_SECONDS
from geodata.errors import WorkspaceError

FOLDER = "travel"
BYTES_MAX = 300_000_000

Arrays = dict[str, NDArray[np.generic]]


def read_travel(root: Path, key: str) -> Arrays | None:
    """The arrays under a key; None where there are none, or their file is damaged."""
    path = root / FOLDER / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None  # half a file or a spoilt one: worked out and written again


def write_travel(root: Path, key: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Keep arrays under a key; the oldest files go when all take more than `BYTES_MAX`.

    Raises
    ------
    WorkspaceError
        When the folder cannot be written.
    """
    folder = root / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, **dict(arrays))
            Path(draft).replace(folder / f"{key}.npz")
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
        _trim(folder)
    except OSError as fault:
        raise WorkspaceError(
            f"Travel times cannot be kept in the workspace ({fault.strerror}).", where=str(folder)
        ) from fault


def _trim(folder: Path) -> None:
    """Oldest first, until the rest fits; the newest stays whatever its size. Drafts of an hour ago go too."""
    for draft in folder.glob("*.part"):
        with suppress(FileNotFoundError):  # another writer has put it in its place
            if draft.stat().st_mtime < time.time() - ORPHAN_SECONDS:
                draft.unlink()
    files = []
    for path in folder.glob("*.npz"):
        with suppress(FileNotFoundError):
            files.append((path.stat().st_mtime_ns, path.stat().st_size, path))
    files.sort(reverse=True)
    total = 0
    for position, (_, size, path) in enumerate(files):
        total += size
        if total > BYTES_MAX and position:
            path.unlink(missing_ok=True)
