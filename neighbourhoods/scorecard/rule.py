"""One rule of the boundary craft checklist: met, broken or not known, with what breaks it and where.

The mistake this prevents: a rule that nobody could check being shown as met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from neighbourhoods.measure.violation import Violation

Status = Literal["met", "broken", "not known"]


@dataclass(frozen=True)
class Breach:
    """One thing that breaks a rule.

    Parameters
    ----------
    message : str
        One plain sentence.
    area_codes : tuple of str
        Areas to zoom to.
    footprint_id : str
        Empty where it concerns no single footprint.
    """

    message: str
    area_codes: tuple[str, ...] = ()
    footprint_id: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule and how the option stands to it.

    Parameters
    ----------
    id, label : str
        "one_piece", "In one piece".
    status : "met", "broken" or "not known"
    message : str
        What was found, in a sentence.
    breaches : tuple of Breach
        What breaks it, each with the areas to look at.
    """

    id: str
    label: str
    status: Status
    message: str
    breaches: tuple[Breach, ...] = ()

    @property
    def area_codes(self) -> tuple[str, ...]:
        """All areas that break it, each once."""
        return tuple(dict.fromkeys(code for breach in self.breaches for code in breach.area_codes))


def rule(rule_id: str, label: str, breaches: Iterable[Breach], met: str) -> Rule:
    """Met, in these words, when nothing breaks it."""
    found = tuple(breaches)
    if not found:
        return Rule(rule_id, label, "met", met)
    return Rule(rule_id, label, "broken", " ".join(b.message for b in found), found)


def breach(violation: Violation) -> Breach:
    """What breaks a rule, as a drawing shows it."""
    return Breach(violation.message, violation.area_codes, violation.footprint_id)
