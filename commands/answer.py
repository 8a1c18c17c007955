"""What a command comes to: plain values for JSON, and the same in words."""

from __future__ import annotations

from typing import TypeAlias

Answer: TypeAlias = tuple[object, str]


class Refusal(dict[str, object]):
    """A report that is printed all the same, although nothing could be done."""

    message = ""
