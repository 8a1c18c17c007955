"""A council's own indicator from the command line: the form as arguments, as on the Data page."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from commands.answer import Answer
from commands.argument import number
from geodata.errors import InputError
from geodata.local_file import read_given_file
from indicators.custom_form import MULTIPLIERS, UNITS, CustomForm, own_id
from indicators.indicator import DOMAINS, Disclosure, Polarity
from neighbourhoods.study.own_indicator import add_indicator, drop_indicator
from neighbourhoods.study.study import Study


def add_own_arguments(sub: argparse.ArgumentParser) -> None:
    """Add `--add` with its form, and `--remove`."""
    act = sub.add_mutually_exclusive_group()
    act.add_argument("--add", metavar="FILE", help="add the council's own, from a CSV of areas and counts")
    act.add_argument("--remove", metavar="ID", help="remove one of the council's own")
    form = sub.add_argument_group("with --add")
    form.add_argument("--label", default="", help="name, as a map title")
    form.add_argument("--statistic", choices=sorted(UNITS), default="proportion", help="(default proportion)")
    form.add_argument("--period", default="", help="such as 2025")
    form.add_argument("--source", default="", help="where the figures come from")
    form.add_argument("--id", help="(default: from the label)")
    form.add_argument("--unit", help="(default: %%, per 1,000, people or score)")
    form.add_argument("--multiplier", type=number, help="100 for %%, 1,000 for per 1,000")
    form.add_argument("--polarity", choices=get_args(Polarity), default="no_judgement")
    form.add_argument(
        "--disclosure",
        choices=get_args(Disclosure),
        default="local_sensitive",
        help="local_sensitive suppresses counts of 1 to 4 (default)",
    )
    form.add_argument("--definition", default="", help="one sentence")
    form.add_argument("--caveat", default="")


def add_own(study: Study, options: argparse.Namespace) -> Answer:
    """Keep the indicator of the file and the form."""
    content = read_given_file(options.add)
    if content is None:
        raise InputError("there is no such file", where=options.add)
    if options.domain is None:
        raise InputError(f"say with --domain where it belongs: {', '.join(DOMAINS)}")
    form = CustomForm(
        id=options.id or own_id(options.label),
        label=options.label,
        domain=options.domain,
        unit=options.unit or UNITS[options.statistic],
        polarity=options.polarity,
        statistic=options.statistic,
        source=options.source,
        period=options.period,
        disclosure=options.disclosure,
        multiplier=options.multiplier or MULTIPLIERS[options.statistic],
        definition=options.definition,
        caveat=options.caveat,
    )
    indicator = add_indicator(study, form, content, Path(options.add).name)
    return {"indicator_id": indicator.id, "label": indicator.label}, f"{indicator.id}  {indicator.label}"


def remove_own(study: Study, indicator_id: str) -> Answer:
    """Take one of the council's own out."""
    drop_indicator(study.store, indicator_id)
    return {"removed": indicator_id}, f"{indicator_id} is removed"
