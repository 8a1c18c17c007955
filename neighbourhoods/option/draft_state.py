"""What a drawing consists of at one moment, and what new footprints are called and coloured."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from itertools import count

from geodata.errors import OptionError

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
_COLOUR = re.compile(r"^#[0-9A-Fa-f]{6}$")


@dataclass(frozen=True)
class DraftState:
    """What undo goes back to: read-only mappings, shared between steps that do not change them."""

    assignment: Mapping[str, str]
    names: Mapping[str, str]
    colours: Mapping[str, str]
    locked: frozenset[str]


def first_colour(n_before: int) -> str:
    """Colour of the next footprint: the Analysis Function palette, over again after six."""
    return PALETTE[n_before % len(PALETTE)]


def free_id(taken: Container[str]) -> str:
    """The first free of "A" to "Z", "A2" to "Z2" and so on."""
    ids = (chr(ord("A") + letter) + (str(n) if n > 1 else "") for n in count(1) for letter in range(26))
    return next(one for one in ids if one not in taken)


def require_colour(colour: str) -> str:
    if not _COLOUR.match(colour):
        raise OptionError(f"{colour!r} is not a colour: write it as #12436D.")
    return colour.upper()
