"""Where machine code that was compiled on this computer is kept from one start to the next."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path


def compiled_code_folder(*sources: str) -> str:
    """A folder of the user's own for compiled code, made when it is missing.

    ``$XDG_CACHE_HOME`` or ``~/.cache``; where neither can be written, a temporary one, so that the first
    call of each start compiles again.

    Parameters
    ----------
    sources : str
        Files that are compiled into one another: their folder is another one when any of them has changed.
    """
    if sources:
        digest = sha256(b"".join(Path(one).read_bytes() for one in sources)).hexdigest()[:16]
        folder = Path(compiled_code_folder()) / digest
        folder.mkdir(exist_ok=True)
        return str(folder)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "neighbourhoods" / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return tempfile.mkdtemp(prefix="neighbourhoods-")
    return str(folder) if os.access(folder, os.W_OK) else tempfile.mkdtemp(prefix="neighbourhoods-")


def mark(*kind: str, sources: tuple[str, ...]) -> None:
    """Note that all of these files have been compiled for one kind of machine."""
    _marker(kind, sources).touch()


def is_marked(*kind: str, sources: tuple[str, ...]) -> bool:
    """Whether that was noted, and no file has changed since."""
    return _marker(kind, sources).exists()


def _marker(kind: tuple[str, ...], sources: tuple[str, ...]) -> Path:
    digest = sha256("\n".join(kind).encode())
    for one in sources:
        digest.update(Path(one).read_bytes())
    return Path(compiled_code_folder()) / f"all-{digest.hexdigest()[:16]}"
