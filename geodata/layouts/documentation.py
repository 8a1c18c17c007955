"""Sheets and texts that explain a publication and hold no figures: known, counted, and not stored."""

from __future__ import annotations

import re

from geodata.layouts.layout import Context, Parsed
from geodata.layouts.table_row import table_layout
from geodata.payload import RawTable
from geodata.provenance import Dropped

_METADATA_KEYS = {"title", "description", "identifier", "keywords", "contact", "distribution", "issued"}
_NOTES_SHEET = re.compile(
    r"^(notes?|contents?|cover(_| )?(sheet|page)?|metadata|information|read ?me)$", re.IGNORECASE
)


def _lines(raw: RawTable) -> list[str]:
    first = list(raw.rows[raw.rows.columns[0]]) if raw.rows.shape[1] else []
    return [*raw.preamble, " ".join(raw.header), *(str(text) for text in first)]


def _matches(raw: RawTable) -> bool:
    if raw.sheet and _NOTES_SHEET.match(raw.sheet.strip()):
        return True
    if raw.sheet and raw.rows.empty:
        return True
    keys = {line.split(":")[0].strip().casefold() for line in _lines(raw) if ":" in line}
    return len(keys & _METADATA_KEYS) >= 3


def _parse(raw: RawTable, context: Context) -> Parsed:
    n_rows = len(raw.rows)
    dropped = (Dropped("text that explains the publication", n_rows),) if n_rows else ()
    return Parsed((), n_rows, 0, dropped, "", ("documentation only: nothing to store",))


DOCUMENTATION = (table_layout("documentation", "Notes that come with a publication", _matches, _parse),)
