"""What a click on a place would make of a map, sent ahead, so that the browser says it before the server has.

The mistake it prevents is a second way to work things out: the browser counts nothing. It picks, of what the
server has said of every single next click, the one that was made; two clicks at once wait for the server.
"""

from __future__ import annotations

from dataclasses import dataclass

from pages.components.area_map_json import Json, short_form


@dataclass(frozen=True)
class Turns:
    """Places that a click turns into another kind and a second click turns back.

    Parameters
    ----------
    kinds : tuple of int
        Position in `MapState.kinds` of what a place of each kind turns into.
    said : tuple of str
        By point `MapState.status` once this place alone is turned. Empty: the server says it.
    fills : tuple of tuple of int
        By point `MapState.fill_by_area` then. Empty: areas are painted when the server has answered.
    hint : str
        The status that only says what can be done; paper, on which nothing can be clicked, leaves it out.
    """

    kinds: tuple[int, ...]
    said: tuple[str, ...] = ()
    fills: tuple[tuple[int, ...], ...] = ()
    hint: str = ""


def turn_content(turns: Turns | None) -> Json:
    """The same as the browser reads it."""
    if turns is None:
        return None
    return {
        "kinds": short_form(turns.kinds),
        "said": list(turns.said),
        "fills": [short_form(one) for one in turns.fills],
        "hint": turns.hint,
    }
