"""What a council says about its own indicator, and whether that is enough.

The mistake this prevents: a local figure on a map with no unit, period or source.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from geodata.errors import InputError
from indicators.indicator import DOMAINS, Disclosure, Domain, Polarity, Statistic

UNITS: Mapping[str, str] = {"proportion": "%", "rate": "per 1,000", "count": "people", "score": "score"}
MULTIPLIERS: Mapping[str, float] = {"proportion": 100.0, "rate": 1000.0, "count": 1.0, "score": 1.0}
_ID = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
_WHOLE_FIELDS = ("label", "unit", "period", "source")
_MAX_TEXT = 200


@dataclass(frozen=True)
class CustomForm:
    """What a council says about its own indicator.

    Parameters
    ----------
    id : str
        Lower case letters, digits and underscores; must not be an id of the catalogue.
    label, unit, source, period : str
        Words shown with every figure.
    domain : Domain
    polarity : Polarity
    statistic : Statistic
        "count", "proportion", "rate" and "ratio" want a numerator (all but count a denominator);
        "score" wants a value; with a denominator (people) as weight it can be combined, else not.
    disclosure : Disclosure
        "local_sensitive" unless the figures are published already.
    multiplier : float
        100 for per cent, 1,000 for "per 1,000".
    definition, caveat : str
    """

    id: str
    label: str
    domain: Domain
    unit: str
    polarity: Polarity
    statistic: Statistic
    source: str
    period: str
    disclosure: Disclosure = "local_sensitive"
    multiplier: float = 1.0
    definition: str = ""
    caveat: str = ""


def own_id(label: str) -> str:
    """An id from a name: lower case letters, digits and underscores."""
    return "own_" + re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:36]


def require_form(form: CustomForm, taken_ids: frozenset[str] = frozenset()) -> CustomForm:
    """Return the form when it is whole.

    Raises
    ------
    InputError
        Lists every fault.
    """
    faults = []
    if not _ID.match(form.id):
        faults.append("The id must be 2 to 40 lower case letters, digits or underscores, a letter first.")
    if form.id in taken_ids:
        faults.append(f"The id {form.id!r} is in use already: choose another.")
    for name in _WHOLE_FIELDS:
        text = str(getattr(form, name)).strip()
        if not text or len(text) > _MAX_TEXT:
            faults.append(f"The {name} must be filled in, with at most {_MAX_TEXT} characters.")
    choices = (
        ("domain", DOMAINS),
        ("polarity", get_args(Polarity)),
        ("statistic", get_args(Statistic)),
        ("disclosure", get_args(Disclosure)),
    )
    for name, allowed in choices:
        if getattr(form, name) not in allowed:
            faults.append(f"The {name} must be one of {', '.join(allowed)}.")
    if not (math.isfinite(form.multiplier) and form.multiplier > 0):
        faults.append("The multiplier must be a number above zero: 100 for per cent, 1,000 for per 1,000.")
    if faults:
        raise InputError(" ".join(faults))
    return form
