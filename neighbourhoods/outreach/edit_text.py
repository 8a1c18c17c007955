"""Edits of a plan as a word in an address, and back: short, and safe to read from anybody.

The address names the plan and what was done to it since, so that a reload or a colleague sees the same.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import fields

from geodata.errors import InputError
from neighbourhoods.outreach.edit import WINDOW, Edit
from neighbourhoods.outreach.plan import MOST_MINUTE
from neighbourhoods.run.codec import from_json, to_json

MOST_EDITS = 200
MOST_LETTERS = 20_000
MOST_BYTES = 400_000
_FIRST = {one.name: one.default for one in fields(Edit)}


def edits_to_text(edits: Sequence[Edit]) -> str:
    """Edits as letters, digits, hyphens and underscores; empty for none."""
    if not edits:
        return ""
    rows = [
        {name: value for name, value in to_json(one).items() if value != _FIRST.get(name)} for one in edits
    ]
    packed = zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def edits_from_text(text: str) -> tuple[Edit, ...]:
    """The edits again.

    Raises
    ------
    InputError
        When the word was cut off or changed, or names more edits than anybody makes.
    """
    if not text:
        return ()
    fault = InputError("The changes in this link cannot be read; the plan is shown as it was worked out.")
    if len(text) > MOST_LETTERS:
        raise fault
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        reader = zlib.decompressobj()
        rows = json.loads(reader.decompress(packed, MOST_BYTES))
    except (ValueError, binascii.Error, zlib.error) as cause:
        raise fault from cause
    if not reader.eof or not isinstance(rows, list) or len(rows) > MOST_EDITS:
        raise fault
    if not all(isinstance(row, dict) for row in rows):
        raise fault
    try:
        edits = tuple(from_json(row, Edit) for row in rows)
    except (TypeError, ValueError, AttributeError) as cause:
        raise fault from cause
    if not all(_is_plain(one) for one in edits):
        raise fault
    return edits


def _is_plain(edit: Edit) -> bool:
    """Whether every field has the type of its default: a link may be written by anybody."""
    for one in fields(Edit):
        value, first = getattr(edit, one.name), "" if one.name == "kind" else _FIRST[one.name]
        if first is not None and type(value) is not type(first):
            return False
    is_day = -1 <= edit.day < 7 if edit.kind == WINDOW else 0 <= edit.day < 7
    return is_day and 0 <= edit.to_day < 7 and -1 <= edit.minute < MOST_MINUTE and edit.until <= MOST_MINUTE
