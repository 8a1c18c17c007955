"""What a planner may wish for, and the measure each wish is weighed by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geodata.errors import InputError


@dataclass(frozen=True)
class Wish:
    """One wish.

    Parameters
    ----------
    id, label : str
    measure_id : str
        Key into `neighbourhoods.measure.measure.MEASURES`.
    less_is_better : bool
    most_words : str
        What the option is called that fulfils it best: "most compact".
    """

    id: str
    label: str
    measure_id: str
    less_is_better: bool
    most_words: str


_RECORDS = (
    Wish("balance", "Even populations", "max_deviation", True, "most even"),
    Wish("compactness", "Compact, little border", "shared_border_m", True, "most compact"),
    Wish("cut_edges", "Few neighbours parted", "cut_edges", True, "one that parts fewest neighbours"),
    Wish("round", "Rounded outlines", "polsby_popper_mean", False, "most rounded"),
    Wish("as_now", "Few people move", "people_who_move", True, "one that moves fewest people"),
    Wish("alike", "Alike in need", "need_index_spread", True, "most alike in need"),
    Wish("distinct", "Distinct in need", "need_index_spread", False, "most distinct in need"),
    Wish("partners", "In line with a partner's areas", "people_outside_partner", True, "most in line"),
    Wish("travel", "Near each other", "travel_minutes_mean", True, "one with the shortest ways"),
    Wish("future", "Even populations in a future year", "max_deviation_future", True, "most even later"),
)
WISHES: dict[str, Wish] = {record.id: record for record in _RECORDS}
DEFAULT_WISHES = (("balance", 1.0), ("compactness", 1.0))


def require_wishes(wishes: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Wishes with weights above nought, each once, in the order of the records.

    Raises
    ------
    InputError
        Names the wish at fault.
    """
    given = list(wishes)
    weights = dict(given)
    for one, weight in given:
        if one not in WISHES:
            raise InputError(f"There is no wish {one!r}; the wishes are {', '.join(WISHES)}.")
        if not 0 <= weight < float("inf"):
            raise InputError(f"The weight of {one} must be nought or more, not {weight}.")
    if len(weights) < len(given):
        raise InputError("A wish is given twice; give each one weight.")
    kept = tuple((one, weights[one]) for one in WISHES if weights.get(one, 0) > 0)
    if "alike" in weights and "distinct" in weights and weights["alike"] > 0 and weights["distinct"] > 0:
        raise InputError("Neighbourhoods cannot be wished alike and distinct in need at once.")
    return kept or DEFAULT_WISHES
