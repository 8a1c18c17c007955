"""Open a workspace folder; an empty one is filled with the embedded sample."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from geodata.errors import OvertakenError
from geodata.sample.build import write_sample
from geodata.store import Store

DEFAULT_FOLDER = "workspace"
VARIABLE = "NEIGHBOURHOODS_WORKSPACE"


def workspace_folder(given: str | None = None) -> Path:
    """The folder that was given, else NEIGHBOURHOODS_WORKSPACE, else ./workspace."""
    return Path(given or os.environ.get(VARIABLE) or DEFAULT_FOLDER).expanduser().resolve()


def open_workspace(folder: Path, *, on_new: Callable[[str], None] | None = None) -> Store:
    """The store in `folder`; the embedded sample is written first where there is nothing.

    Parameters
    ----------
    on_new : callable, optional
        Told in a sentence when a sample was written: the folder may have been mistyped.

    Raises
    ------
    WorkspaceError
        When the folder cannot be made, read or written.
    """
    store = Store(folder)
    version = store.version
    if not store.datasets():
        try:
            write_sample(store, at_version=version)
        except OvertakenError:  # another process fills it at this moment: what it brings stands
            return store
        if on_new is not None:
            on_new(f"A new workspace with the embedded sample was made at {folder}.")
    return store
