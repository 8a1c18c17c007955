"""An option: every area in exactly one footprint, or openly unassigned while it is a draft.

The mistake this prevents: a half-drawn set of neighbourhoods being compared as if it were whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Literal

import pandas as pd

Status = Literal["draft", "consulted", "approved", "superseded"]
STATUSES: tuple[Status, ...] = ("draft", "consulted", "approved", "superseded")
MadeBy = Literal["", "drawn", "generated", "imported"]


@dataclass(frozen=True)
class FootprintOption:
    """One full set of candidate neighbourhoods.

    Parameters
    ----------
    id : str
        Stable key in the library (hex); empty until saved.
    name : str
    geography : str
        Kind of area it is made of: "ward", "lsoa21", ...
    assignment : Mapping of str to str
        area_code -> footprint_id, complete or not.
    footprint_names : Mapping of str to str
        footprint_id -> name shown; ids that are missing show as themselves.
    author, created, rationale : str
        `created` is an ISO date and time (UTC).
    status : Status
    parent_id : str
        The option this one was made from; empty for none.
    seed : int or None
        For generated options.
    made_by : MadeBy
        "drawn", "generated" or "imported"; empty where nobody recorded it.
    """

    id: str
    name: str
    geography: str
    assignment: Mapping[str, str]
    footprint_names: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    created: str = ""
    rationale: str = ""
    status: Status = "draft"
    parent_id: str = ""
    seed: int | None = None
    made_by: MadeBy = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "assignment", MappingProxyType(dict(self.assignment)))
        object.__setattr__(self, "footprint_names", MappingProxyType(dict(self.footprint_names)))

    @cached_property
    def footprint_ids(self) -> tuple[str, ...]:
        """Footprints that hold at least one area, in natural order of id."""
        return tuple(sorted(set(self.assignment.values()), key=_natural))

    def footprint_by_area(self, area_codes: pd.Index) -> pd.Series:
        """Footprint of each area, in the order of `area_codes`; None where unassigned."""
        return pd.Series(
            [self.assignment.get(code) for code in area_codes],
            index=area_codes,
            dtype=object,
            name="footprint_id",
        )

    def footprint_name(self, footprint_id: str) -> str:
        """Name to show for a footprint."""
        return self.footprint_names.get(footprint_id, footprint_id)

    def with_changes(self, **changes: object) -> FootprintOption:
        """A new option with some fields replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts "Group 2" before "Group 10"."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for character in text + "\0":
        if character.isdigit():
            digits += character
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, character))
    return tuple(parts)
