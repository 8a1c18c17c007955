"""What arguments have in common: numbers, weights, and what every command takes."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from commands.answer import Answer
from geodata.errors import InputError

Subcommands: TypeAlias = "argparse._SubParsersAction[Any]"


def add_command(
    subcommands: Subcommands, name: str, help_text: str, run: Callable[[argparse.Namespace], Answer]
) -> argparse.ArgumentParser:
    """A command, or an act of one, with what all of them take; `run` makes the answer of its arguments."""
    sub: argparse.ArgumentParser = subcommands.add_parser(name, help=help_text, description=help_text)
    sub.add_argument("--workspace", help="folder of the workspace (default: ./workspace)")
    sub.add_argument("--json", action="store_true", help="print one JSON document")
    sub.set_defaults(run=run)
    return sub


def add_standardise(sub: argparse.ArgumentParser) -> None:
    """Add how indicators of a need index are made comparable."""
    sub.add_argument(
        "--standardise",
        choices=("z", "rank"),
        default="z",
        help="how indicators of the need index are made comparable (default z)",
    )


def people(text: str) -> float:
    """A number above nought."""
    found = number(text)
    if found <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of people above nought")
    return found


def share(text: str) -> float:
    """A number that is not below nought."""
    found = number(text)
    if found < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is below nought; 0.10 is a tenth either way")
    return found


def number(text: str) -> float:
    """A finite number, with or without commas between thousands.

    Raises
    ------
    argparse.ArgumentTypeError
        When it is none; the parser refuses in one line.
    """
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return found


def weights(given: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """ "compactness=1" as (compactness, 1.0); without a weight it counts once.

    Raises
    ------
    InputError
        When a weight is no number.
    """
    found = []
    for one in given:
        name, _, weight = one.partition("=")
        try:
            found.append((name.strip(), float(weight or 1)))
        except ValueError as fault:
            raise InputError(f"{one!r} should be a name and a weight, such as compactness=1") from fault
    return tuple(found)


def ids(text: str) -> tuple[str, ...]:
    """ "library:1,library:2" as ids."""
    return tuple(one for one in text.split(",") if one)
