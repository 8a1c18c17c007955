"""Functions compiled to machine code and kept, each with the sources that went into it.

What is kept is taken as long as a function's own file is the same. A function into which others from other
files were compiled would go on with old ones after those have changed; so the folder depends on all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.core import config

from geodata.compiled_code import compiled_code_folder


def compiler(
    *sources: str, is_inner: bool = False, makes_arrays: bool = True
) -> Callable[[Callable[..., Any]], Any]:
    """A decorator for functions that are compiled with what stands in these files.

    Arithmetic is that of IEEE 754 in the order in which it is written, so that every machine has the same
    results. Python's lock is let go while they run.

    Parameters
    ----------
    sources : str
        Files that are compiled into one another.
    is_inner : bool
        Of functions that compiled ones alone call: without the door for Python, which takes longer to compile
        than what is behind it where there are many arguments.
    makes_arrays : bool
        Unless so, functions only write into arrays that they are given, and those are not counted as in use
        meanwhile: with dozens of arrays the counting takes longer than the arithmetic.
    """
    folder = compiled_code_folder(*sources)
    doors: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True} if is_inner else {}

    if not makes_arrays:
        doors["_nrt"] = False

    def decorate(function: Callable[..., Any]) -> Any:
        before = config.CACHE_DIR  # type: ignore[attr-defined]
        config.CACHE_DIR = folder  # type: ignore[attr-defined]
        try:
            return numba.njit(cache=True, nogil=True, error_model="numpy", **doors)(function)
        finally:
            config.CACHE_DIR = before  # type: ignore[attr-defined]

    return decorate
