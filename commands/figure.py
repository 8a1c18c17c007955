"""The commands `indicators` and `profile`: what is known of areas and footprints."""

from __future__ import annotations

import argparse

import pandas as pd

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.opened import open_study, read_option
from commands.plain import records
from geodata.errors import InputError

PROFILE_KEYS = (
    "indicator_id",
    "domain",
    "area_code",
    "footprint_id",
    "period",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "comparison",
    "suppressed",
    "fit",
    "note",
)


def add_indicators(subcommands: Subcommands) -> None:
    """Add the command `indicators`."""
    sub = add_command(
        subcommands,
        "indicators",
        "List the indicators, what they measure and where they have figures.",
        _indicators,
    )
    sub.add_argument("--domain")


def add_profile(subcommands: Subcommands) -> None:
    """Add the command `profile`."""
    sub = add_command(
        subcommands,
        "profile",
        "Figures with intervals for areas, or for the footprints of an option.",
        _profile,
    )
    sub.add_argument("--option", metavar="FILE_OR_ID")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--area", metavar="CODE")
    sub.add_argument("--indicator", metavar="ID")


def _indicators(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    wanted = [i for i in study.catalogue.values() if options.domain in (None, i.domain)]
    if not wanted:
        raise InputError(f"no indicator has the domain {options.domain!r}")
    coverage = study.coverage()
    rows = [
        {
            "indicator_id": i.id,
            "domain": i.domain,
            "label": i.label,
            "definition": i.definition,
            "statistic": i.statistic,
            "unit": i.unit,
            "polarity": i.polarity,
            "source_id": i.source_id,
            "geography": i.geography,
            "vintage": i.vintage,
            "aggregation": i.aggregation,
            "interval": i.interval,
            "caveat": i.caveat,
            "waits_for": i.waits_for,
            "areas_with_figures": coverage.get(i.id, {}),
        }
        for i in wanted
    ]
    words = pd.DataFrame(rows)[["indicator_id", "domain", "label", "unit", "geography", "vintage"]]
    return {"indicators": rows}, words.to_string(index=False)


def _profile(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    if options.option:
        rows = study.profile_option(read_option(study, options.option))
    else:
        rows = study.profile(options.geography)
    if options.indicator:
        if options.indicator not in study.catalogue:
            raise InputError(f"there is no indicator {options.indicator!r}; see `neighbourhoods indicators`")
        rows = rows[rows["indicator_id"] == options.indicator]
    if options.area:
        column = "footprint_id" if options.option else "area_code"
        rows = rows[rows[column] == options.area]
        if rows.empty:
            raise InputError(f"no figures for the area {options.area!r}; check the code and the geography")
    kept = rows[[k for k in PROFILE_KEYS if k in rows]]
    return {"rows": records(kept)}, kept.to_string(index=False)
