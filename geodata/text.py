"""Text as it may be kept: inert, without control characters, one kind of space.

A name such as "<b>Acomb</b>" stays exactly that text: escaping is the business of whoever draws it.
"""

from __future__ import annotations

import re

import pandas as pd

# C0 and C1 controls but tab and line ends; zero-width characters; marks that turn the reading direction.
_UNSEEN = [*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)]
_UNSEEN += [0x200B, 0x2060, 0xFEFF, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_TABLE: dict[int, str | None] = {**dict.fromkeys(_UNSEEN), 0xA0: " ", 0x2007: " ", 0x202F: " "}
# Only values that match need work: most columns hold none.
_UNTIDY = r"^\s|\s$|\s\s|[\x00-\x1f\x7f]|" + "[\u0080-\u00a0\u2007\u200b-\u202f\u2060-\u206f\ufeff]"
_SPACE = re.compile(r"\s+")
_MOJIBAKE = re.compile("[ÂÃâ][\u0080-\u00bf\u2018-\u203a\u20ac\u2122]")


def clean_text(text: str) -> str:
    """The text without unseen characters; line ends and tabs stay."""
    return text.translate(_TABLE)


def one_line(text: str) -> str:
    """The text without unseen characters, every run of white space one space, none at the ends."""
    return _SPACE.sub(" ", text.translate(_TABLE)).strip()


def clean_column(values: pd.Series) -> pd.Series:
    """`one_line` over a column; "" for anything missing."""
    text = values.fillna("").astype(str)
    untidy = text.str.contains(_UNTIDY, regex=True)
    if not untidy.any():
        return text
    return text.where(~untidy, text[untidy].map(one_line))


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was once read as Windows-1252 ("CafÃ©" is "Café"); other text is returned as it is."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return text
