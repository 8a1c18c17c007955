"""Names that people give to footprints: kept as text, whatever they look like.

"<b>West</b>" and "=East" stay as they are; making them harmless is the business of the page and of
the export. Only what cannot be seen on a page is refused.
"""

from __future__ import annotations

import unicodedata

from geodata.errors import OptionError

LABEL_MAX = 200
_UNSEEN = {
    "Cc",
    "Cf",
    "Cs",
    "Zl",
    "Zp",
}  # controls, turned reading direction, halves of characters, line ends
_JOINERS = {"\u200c", "\u200d"}  # needed to write some languages


def require_label(text: str) -> str:
    """The text without white space at its ends.

    Raises
    ------
    OptionError
        For control characters, or more than 200 characters.
    """
    label = text.strip()
    for character in label:
        if unicodedata.category(character) in _UNSEEN and character not in _JOINERS:
            raise OptionError(
                f"the text {label[:40]!r} holds a control character (U+{ord(character):04X}). Type it again."
            )
    if len(label) > LABEL_MAX:
        raise OptionError(f"the text {label[:40]!r} is longer than {LABEL_MAX} characters. Shorten it.")
    return label
