"""Assumptions of cost as arguments."""

from __future__ import annotations

import argparse
from dataclasses import fields

from geodata.errors import InputError
from neighbourhoods.outreach.case import CaseValues
from neighbourhoods.scenario.cost import HubCosts

_NAMES = {one.name for kind in (HubCosts, CaseValues) for one in fields(kind)}


def add_assumptions(sub: argparse.ArgumentParser) -> None:
    """Add `--assume`."""
    sub.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"an assumption of cost: {', '.join(sorted(_NAMES))}",
    )


def parse_assumptions(given: list[str]) -> tuple[HubCosts, CaseValues]:
    """ "running_gbp_year=45000" and others as assumptions; NAME= without a value is not known.

    Raises
    ------
    InputError
        When one is not known or no number.
    """
    values: dict[str, float] = {}
    for one in given:
        name, _, text = one.partition("=")
        if name not in _NAMES:
            raise InputError(f"There is no assumption {name!r}; there are {', '.join(sorted(_NAMES))}.")
        try:
            values[name] = float(text) if text else float("nan")
        except ValueError as fault:
            raise InputError(f"An assumption is written NAME=NUMBER, not {one!r}.") from fault
    hubs = {one.name: values[one.name] for one in fields(HubCosts) if one.name in values}
    case = {one.name: values[one.name] for one in fields(CaseValues) if one.name in values}
    return HubCosts(**hubs), CaseValues(**case)
