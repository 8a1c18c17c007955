"""The leaves of a value that is kept: numbers and words as JSON, arrays and tables as parts of a file."""

from __future__ import annotations

import math
import typing
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from geodata.run_file import RunResult

_COLUMN = "value"


class UnknownTypeError(TypeError):
    """A field whose type cannot be kept; names the field."""


def to_part(value: object, kind: object, room: RunResult, path: str) -> object:
    """Put an array, table, series or index among the parts; what stands for it in the document.

    Parameters
    ----------
    kind : type
        What the field's type says.
    path : str
        Where the value stands, "GenerationResult.scores"; the part is called by what follows the first dot.

    Raises
    ------
    UnknownTypeError
        For anything else, arrays of objects among it.
    """
    key, kind = path.partition(".")[2], _meant(kind)
    if kind is np.ndarray and isinstance(value, np.ndarray) and not value.dtype.hasobject:
        room.arrays[key] = value
        return key
    is_table = type(value) is pd.DataFrame and all(isinstance(one, str) for one in value.columns)
    if kind is pd.DataFrame and is_table:
        room.frames[key] = typing.cast(pd.DataFrame, value)
        return key
    if kind is pd.Series and isinstance(value, pd.Series):
        room.frames[key] = value.to_frame(_COLUMN)
        return [key, _name(value.name, path)]
    if kind is pd.Index and isinstance(value, pd.Index) and not isinstance(value, pd.MultiIndex):
        room.frames[key] = pd.DataFrame({_COLUMN: value.to_series(index=pd.RangeIndex(len(value)))})
        return [key, _name(value.name, path), str(value.dtype)]
    raise UnknownTypeError(f"{path} cannot be kept: a {type(value).__name__} where the type says {kind}")


def from_part(plain: Any, kind: object, room: RunResult, path: str) -> object:
    """The array, table, series or index again."""
    kind = _meant(kind)
    if kind is np.ndarray:
        return room.arrays[plain]
    if kind is pd.DataFrame:
        return room.frames[plain]
    if kind is pd.Series:
        return room.frames[plain[0]][_COLUMN].rename(plain[1])
    if kind is pd.Index:
        return pd.Index(room.frames[plain[0]][_COLUMN], dtype=plain[2]).rename(plain[1])
    raise UnknownTypeError(f"{path} cannot be read: its type is {kind}")


def to_scalar(value: object, hint: type, path: str) -> object:
    """A number, truth value or text as JSON has it; what it has no number for is written as a word.

    Raises
    ------
    UnknownTypeError
        When the value is not of the type that the field says.
    """
    if hint is bool and isinstance(value, (bool, np.bool_)):
        return bool(value)
    if hint is str and isinstance(value, str):
        return str(value)
    is_truth = isinstance(value, (bool, np.bool_))
    if hint is int and isinstance(value, Integral) and not is_truth:
        return int(value)
    if hint is float and isinstance(value, Real) and not is_truth:
        number = float(value)
        return number if math.isfinite(number) else str(number)
    raise UnknownTypeError(f"{path} is a {type(value).__name__} where a {hint.__name__} belongs")


def _meant(kind: object) -> object:
    """The type that a named one stands for: NumPy's NDArray is only a name from 2.5 on (PEP 695)."""
    while (stands_for := getattr(kind, "__value__", None)) is not None:
        kind = typing.get_origin(stands_for) or stands_for
    return kind


def _name(name: object, path: str) -> object:
    if name is None or isinstance(name, str):
        return name
    if isinstance(name, Integral):
        return int(name)
    raise UnknownTypeError(f"{path} is called {name!r}, which is neither text nor a whole number")
