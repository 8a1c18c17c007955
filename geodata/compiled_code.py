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
