"""Files that a person names on the command line, read and written with faults in words."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from geodata.errors import InputError


def read_given_file(given: str) -> bytes | None:
    """Bytes of the file called `given`; None where there is no such file.

    Raises
    ------
    InputError
        When it is there and cannot be read.
    """
    path = Path(given)
    if not path.is_file():
        return None
    try:
        return path.read_bytes()
    except OSError as fault:
        raise InputError(f"the file cannot be read: {fault.strerror}", where=given) from fault


def write_given_file(given: str, content: bytes) -> str:
    """Write all of `content` or nothing; returns the path.

    A link is followed, and a device or pipe (/dev/stdout) is written to, never replaced by a file.

    Raises
    ------
    InputError
        When the folder is not there or may not be written.
    """
    try:
        path = Path(given)
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return given
        path = path.resolve()
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(content)
        try:
            Path(part.name).chmod(0o666 & ~_umask())
            Path(part.name).replace(path)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise InputError(f"the file cannot be written: {fault.strerror}", where=given) from fault
    return given


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
