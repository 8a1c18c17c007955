"""Where machine code that was compiled on this computer is kept from one start to the next."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def compiled_code_folder() -> str:
    """A folder of the user's own for compiled code, made when it is missing.

    ``$XDG_CACHE_HOME`` or ``~/.cache``; where neither can be written, a temporary one, so that the first
    call of each start compiles again.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "neighbourhoods" / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return tempfile.mkdtemp(prefix="neighbourhoods-")
    return str(folder) if os.access(folder, os.W_OK) else tempfile.mkdtemp(prefix="neighbourhoods-")
