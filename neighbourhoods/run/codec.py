"""Frozen values to plain parts and back, led by the types of their fields.

A field that is added to a dataclass is kept without a line of new code; one whose type is not known here is
refused by name when it is first kept, not found missing when somebody reads it back. What is read makes
only values of the classes that were asked for: a file names no class.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar

from geodata.errors import InputError
from geodata.run_file import RunResult
from neighbourhoods.run.part import UnknownTypeError, from_part, to_part, to_scalar

T = TypeVar("T")
_SEQUENCES: dict[object, Callable[[list[object]], object]] = {
    tuple: tuple,
    list: list,
    set: set,
    frozenset: frozenset,
    Sequence: tuple,
}
_MAPPINGS = (dict, Mapping)
_SCALARS = (str, bool, int, float)


def to_json(value: object) -> dict[str, object]:
    """A dataclass as plain JSON.

    Raises
    ------
    UnknownTypeError
        For a field that JSON cannot hold.
    """
    room = RunResult()
    document = _object(value, type(value), room, type(value).__name__)
    if room.arrays or room.frames:
        held = next(iter([*room.arrays, *room.frames]))
        raise UnknownTypeError(f"{type(value).__name__}.{held} holds an array or table, not plain values")
    return document


def from_json(document: Mapping[str, object], cls: type[T]) -> T:
    """The dataclass again; a field that is missing takes its default.

    Raises
    ------
    InputError
        When a field is not known, or is missing and has no default; or the values contradict each other.
    """
    return typing.cast(T, _value(document, cls, RunResult(), cls.__name__))


def to_parts(value: object) -> RunResult:
    """A dataclass with arrays, tables, series and indexes as the parts of a file.

    Raises
    ------
    UnknownTypeError
        For a field that cannot be kept.
    """
    room = RunResult()
    room.document.update(_object(value, type(value), room, type(value).__name__))
    return room


def from_parts(parts: RunResult, cls: type[T]) -> T:
    """The dataclass again; raises as `from_json`."""
    return typing.cast(T, _value(parts.document, cls, parts, cls.__name__))


def _plain(value: object, hint: Any, room: RunResult, path: str) -> object:
    hint = _member(hint, value is None, path)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is type(None):
        return None
    if origin is Literal:
        return value
    if hint in _SCALARS:
        return to_scalar(value, hint, path)
    if isinstance(hint, type) and is_dataclass(hint):
        return _object(value, hint, room, path)
    if (origin or hint) in _SEQUENCES and inner:
        items = _in_order(value, path)
        hints = _item_hints(inner, len(items), path)
        return [
            _plain(one, h, room, f"{path}.{i}") for i, (one, h) in enumerate(zip(items, hints, strict=True))
        ]
    if (origin or hint) in _MAPPINGS and inner:
        pairs = [
            [_plain(key, inner[0], room, f"{path}.key{i}"), _plain(one, inner[1], room, f"{path}.{i}")]
            for i, (key, one) in enumerate(_items(value, path))
        ]
        return {str(key): one for key, one in pairs} if inner[0] is str else pairs
    return to_part(value, origin or hint, room, path)


def _value(plain: Any, hint: Any, room: RunResult, path: str) -> object:
    hint = _member(hint, plain is None, path)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is type(None):
        return None
    if origin is Literal or hint in _SCALARS:
        return float(plain) if hint is float else plain
    if isinstance(hint, type) and is_dataclass(hint):
        return _made(plain, hint, room, path)
    if (origin or hint) in _SEQUENCES and inner:
        hints = _item_hints(inner, len(plain), path)
        items = [
            _value(one, h, room, f"{path}.{i}") for i, (one, h) in enumerate(zip(plain, hints, strict=True))
        ]
        return _SEQUENCES[origin or hint](items)
    if (origin or hint) in _MAPPINGS and inner:
        pairs = list(plain.items()) if inner[0] is str else plain
        return {
            _value(key, inner[0], room, f"{path}.key{i}"): _value(one, inner[1], room, f"{path}.{i}")
            for i, (key, one) in enumerate(pairs)
        }
    return from_part(plain, origin or hint, room, path)


def _object(value: object, cls: type, room: RunResult, path: str) -> dict[str, object]:
    hints, kept = _hints(cls), _kept(cls)
    if type(value) is not cls:
        raise UnknownTypeError(f"{path} is a {type(value).__name__} where a {cls.__name__} belongs")
    return {
        one.name: _plain(getattr(value, one.name), hints[one.name], room, f"{path}.{one.name}")
        for one in kept
    }


def _made(plain: Mapping[str, object], cls: type, room: RunResult, path: str) -> object:
    hints, known = _hints(cls), {one.name: one for one in _kept(cls)}
    missing = [
        name
        for name, one in known.items()
        if name not in plain and one.default is MISSING and one.default_factory is MISSING
    ]
    for name in [*(set(plain) - set(known)), *missing]:
        raise InputError(
            f"This was kept by another version of the software ({path}.{name} does not match). "
            "Start it again."
        )
    return cls(**{name: _value(one, hints[name], room, f"{path}.{name}") for name, one in plain.items()})


def _member(hint: Any, is_none: bool, path: str) -> Any:
    """The one type of `X | None` that applies."""
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return hint
    members = [one for one in typing.get_args(hint) if one is not type(None)]
    if is_none and len(members) < len(typing.get_args(hint)):
        return type(None)
    if len(members) > 1:
        raise UnknownTypeError(f"{path} may be of several types ({hint}); give it one")
    return members[0]


def _in_order(value: object, path: str) -> list[object]:
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (tuple, list)):
        return list(value)
    raise UnknownTypeError(f"{path} is a {type(value).__name__} where a sequence belongs")


def _items(value: object, path: str) -> list[tuple[object, object]]:
    if not isinstance(value, Mapping):
        raise UnknownTypeError(f"{path} is a {type(value).__name__} where a mapping belongs")
    return list(value.items())


def _item_hints(inner: tuple[Any, ...], n_items: int, path: str) -> list[Any]:
    if len(inner) == 1 or inner[1:] == (...,):
        return [inner[0]] * n_items
    if len(inner) != n_items:
        raise UnknownTypeError(f"{path} has {n_items} items where {len(inner)} belong")
    return list(inner)


@lru_cache(maxsize=64)
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


@lru_cache(maxsize=64)
def _kept(cls: type) -> tuple[Field[Any], ...]:
    """Fields that make the value; those that begin with "_" are what it worked out for itself."""
    return tuple(one for one in fields(cls) if one.init and not one.name.startswith("_"))
