"""How a map's state is written for the browser: one character an area, and nothing a script could read."""

from __future__ import annotations

import json

NO_DATA = -1
SUPPRESSED = -2
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MARKS = {NO_DATA: "-", SUPPRESSED: "x"}

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def short_form(classes: tuple[int, ...]) -> Json:
    """One character an area ("0" to "z", "-" no data or none, "x" suppressed); a list above 36 classes."""
    if max(classes, default=0) >= len(_DIGITS):
        return [int(value) for value in classes]
    return "".join(_DIGITS[value] if value >= 0 else _MARKS[value] for value in classes)


def inert_json(content: Json) -> str:
    """JSON that can stand inside a script: no character that HTML, a template or a name pattern could read.

    Underscores are escaped because the map library renames `_<word>` in the scripts it passes on.
    """
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    for character in "<>&'_":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("{{", "\\u007b\\u007b").replace("{%", "\\u007b%").replace("{#", "\\u007b#")
