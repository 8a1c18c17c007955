"""Where every stored table came from and what was left out of it, row for row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Dropped:
    """Rows of a file that were not kept.

    Parameters
    ----------
    reason : str
        In a planner's words: "other authority", "no location", "crime listed twice".
    n_rows : int
    """

    reason: str
    n_rows: int


@dataclass(frozen=True)
class Provenance:
    """The origin of one stored dataset.

    Parameters
    ----------
    source_id : str
        Key into `geodata.source.SOURCES`.
    file_name : str
        Name of the file (and member, as "archive.zip/member.csv") that was read.
    sha256 : str
        Of the file's bytes.
    period : str
        As the publisher writes it: "2021", "2025-01 to 2025-12", "FYE 2025".
    retrieved : str
        ISO date and time (UTC) of the import.
    rows_in, rows_kept : int
        `rows_in - rows_kept` equals the sum over `dropped`.
    dropped : tuple of Dropped
    notes : tuple of str
        Things a reader should know: "header found on line 10", "one invalid outline repaired".
    """

    source_id: str
    file_name: str
    sha256: str
    period: str
    retrieved: str
    rows_in: int
    rows_kept: int
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = field(default=())


def provenance_of(stored: Mapping[str, Any]) -> Provenance:
    """The record of a stored one, of which plain lists are left (`dataclasses.asdict`)."""
    dropped = tuple(Dropped(**one) for one in stored["dropped"])
    return Provenance(**{**stored, "dropped": dropped, "notes": tuple(stored["notes"])})
