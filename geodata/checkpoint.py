"""A folder in which the parts of a long piece of work are kept, so that it goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

from geodata.errors import InputError, WorkspaceError
from geodata.run_file import RUN_FOLDER, RunResult, read_run_result, write_run_result

_KEY = "work"


class Checkpoint:
    """Parts of one piece of work.

    Parameters
    ----------
    folder : str
        Made when it is missing.
    key : str
        Says which work it is; parts of another are refused.

    Raises
    ------
    InputError
        When the folder cannot be made or read.
    """

    def __init__(self, folder: str, key: str) -> None:
        self._root, self._key = Path(folder), key
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise InputError(f"the folder cannot be made: {fault.strerror}", where=folder) from fault

    def keep(self, name: str, part: RunResult) -> None:
        """Keep a part, whole or not at all."""
        document = {**part.document, _KEY: self._key}
        write_run_result(self._root, name, part.arrays, part.frames, document)

    def kept(self) -> list[RunResult]:
        """Parts that are there, in the order of their names; one that is damaged is passed over.

        Raises
        ------
        InputError
            When the folder holds parts of other work.
        """
        parts = []
        for path in sorted((self._root / RUN_FOLDER).glob("*.zip")):
            try:
                part = read_run_result(self._root, path.name)
            except WorkspaceError:
                continue
            if part.document.get(_KEY) != self._key:
                raise InputError(
                    "this folder holds other work, or the same work on other data; name a folder of its own",
                    where=str(self._root),
                )
            parts.append(part)
        return parts
