"""Measures of whole options as people say them: "7.1%", "67.6 km", "border 1.2 km shorter"."""

from __future__ import annotations

import math
from dataclasses import dataclass

NO_DATA = "not known"


@dataclass(frozen=True)
class Shown:
    """How one measure is written.

    Parameters
    ----------
    label : str
        "Furthest from target".
    factor : float
        From the measure's own unit to the one that is shown.
    decimals : int
    suffix, difference_suffix : str
        After a figure, and after a difference of two.
    falls, rises : str
        A change in words; "{d}" is its size, "{a}" and "{b}" the figures before and after.
    """

    label: str
    factor: float
    decimals: int
    suffix: str
    difference_suffix: str
    falls: str
    rises: str

    def figure(self, value: float) -> str:
        """ "7.1%"."""
        return NO_DATA if math.isnan(value) else f"{self.shown(value):,.{self.decimals}f}{self.suffix}"

    def difference(self, value: float) -> str:
        """ "4.1 percentage points"; of either sign, said without it."""
        if math.isnan(value):
            return NO_DATA
        return f"{abs(self.shown(value)):,.{self.decimals}f}{self.difference_suffix}"

    def change(self, before: float, after: float) -> str:
        """What becomes of it, in a few words; empty where it stays the same as it is written."""
        is_seen = self.figure(before) != self.figure(after)
        if not is_seen or self.difference(after - before) in (NO_DATA, self.difference(0.0)):
            return ""
        form = self.falls if after < before else self.rises
        return form.format(d=self.difference(after - before), a=self.figure(before), b=self.figure(after))

    def shown(self, value: float) -> float:
        """The value in the unit that is shown."""
        return value * self.factor


_TO = "from {a} to {b}"
SHOWN: dict[str, Shown] = {
    "max_deviation": Shown(
        "Furthest from target",
        100.0,
        1,
        "%",
        " percentage points",
        f"furthest from target falls {_TO}",
        f"furthest from target rises {_TO}",
    ),
    "shared_border_m": Shown(
        "Border between footprints", 0.001, 1, " km", " km", "border {d} shorter", "border {d} longer"
    ),
    "cut_edges": Shown(
        "Neighbours parted", 1.0, 0, "", "", "{d} fewer neighbours parted", "{d} more neighbours parted"
    ),
    "polsby_popper_mean": Shown(
        "Polsby-Popper, mean", 1.0, 2, "", "", f"outlines less round, {_TO}", f"outlines rounder, {_TO}"
    ),
    "population_range": Shown(
        "Largest less smallest", 1.0, 0, " people", " people", "range {d} smaller", "range {d} larger"
    ),
    "people_who_move": Shown(
        "People who move", 1.0, 0, " people", "", "{d} fewer people move", "{d} more people move"
    ),
    "need_index_spread": Shown(
        "Spread of need", 1.0, 2, "", "", f"spread of need falls {_TO}", f"spread of need rises {_TO}"
    ),
    "need_index_distinctiveness": Shown(
        "Distinctiveness of need",
        1.0,
        2,
        "",
        "",
        f"distinctiveness falls {_TO}",
        f"distinctiveness rises {_TO}",
    ),
    "people_outside_partner": Shown(
        "People outside the partner's area",
        1.0,
        0,
        " people",
        "",
        "{d} fewer people outside the partner's area",
        "{d} more people outside the partner's area",
    ),
    "travel_minutes_mean": Shown(
        "Minutes between residents",
        1.0,
        1,
        " minutes",
        " minutes",
        "residents {d} nearer each other",
        "residents {d} further from each other",
    ),
    "max_deviation_future": Shown(
        "Furthest from target later",
        100.0,
        1,
        "%",
        " percentage points",
        f"furthest from target later falls {_TO}",
        f"furthest from target later rises {_TO}",
    ),
}


def share_in_words(share: float) -> str:
    """ "96%", never rounded up: one decimal above 99% and below 1%, and "none" for nothing."""
    if math.isnan(share):
        return NO_DATA
    percent = math.floor(share * 1_000 + 1e-6) / 10
    if share <= 0:
        return "none"
    if percent == 0:
        return "less than 0.1%"
    return f"{percent:.1f}%" if percent < 1 or 99 < percent < 100 else f"{math.floor(percent)}%"
