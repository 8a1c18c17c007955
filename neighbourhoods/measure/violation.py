"""What is broken in an option, in words a person can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ViolationKind = Literal[
    "unassigned",
    "unknown_area",
    "not_contiguous",
    "enclosed",
    "population_low",
    "population_high",
    "population_unknown",
]
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Violation:
    """One fault.

    Parameters
    ----------
    kind : ViolationKind
    footprint_id : str
        Empty where it concerns no single footprint.
    area_codes : tuple of str
        Areas to zoom to.
    message : str
        One plain sentence.
    """

    kind: ViolationKind
    footprint_id: str
    area_codes: tuple[str, ...]
    message: str


def names_in_words(names: Sequence[str]) -> str:
    """ "Acomb", "Acomb and Holgate", "Acomb, Holgate, Clifton and 4 more"."""
    shown = [str(name) for name in names[:NAMES_SHOWN]]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def people(number: float) -> str:
    """ "53,210 people"."""
    return f"{number:,.0f} people"
