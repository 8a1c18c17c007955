"""The commands `indicators` and `profile`: what is known of areas and footprints."""

from __future__ import annotations

import argparse

import pandas as pd

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.opened import open_study, read_option
from commands.own_indicator import add_own, add_own_arguments, remove_own
from commands.plain import records, table_words
from geodata.errors import InputError
from indicators.indicator import DOMAINS

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
    sub.add_argument("--domain", help="list those of one domain; with --add, the domain of the new one")
    add_own_arguments(sub)


def add_profile(subcommands: Subcommands) -> None:
    """Add the command `profile`."""
    sub = add_command(
        subcommands,
        "profile",
        "Figures with intervals for areas, or for the footprints of an option.",
        _profile,
    )
    sub.add_argument("--option", metavar="FILE_OR_ID", help="its footprints, instead of areas")
    sub.add_argument("--geography", help="ward (default), lsoa, msoa, … as loaded; lsoa11 for that year")
    sub.add_argument("--area", metavar="CODE", help="of one area, or the id of one footprint")
    sub.add_argument("--indicator", metavar="ID")


def _indicators(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    if options.add:
        return add_own(study, options)
    if options.remove:
        return remove_own(study, options.remove)
    wanted = [i for i in study.catalogue.values() if options.domain in (None, i.domain)]
    if not wanted:
        raise InputError(f"there is no domain {options.domain!r}; there are {', '.join(DOMAINS)}")
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
    if options.option and options.geography:
        raise InputError("give --option or --geography: the footprints of an option, or areas")
    indicator = options.indicator and study.catalogue.get(options.indicator)
    if options.indicator and not indicator:
        raise InputError(f"there is no indicator {options.indicator!r}; see `neighbourhoods indicators`")
    if options.option:
        rows = study.profile_option(read_option(study, options.option))
    else:
        rows = study.profile("ward" if options.geography is None else options.geography)
    if options.area:
        column = "footprint_id" if options.option else "area_code"
        area = options.area if options.option else options.area.strip().upper()
        rows = rows[rows[column] == area]
        if rows.empty:
            what = "there is no footprint" if options.option else "no figures for the area"
            raise InputError(
                f"{what} {options.area!r}; check the {'id' if options.option else 'code and the geography'}"
            )
    if indicator:
        rows = rows[rows["indicator_id"] == options.indicator]
    kept = rows[[k for k in PROFILE_KEYS if k in rows]]
    if kept.empty:
        why = (
            f"it waits for: {indicator.waits_for}"
            if indicator and indicator.waits_for
            else "nothing is loaded"
        )
        return {"rows": []}, f"There are no figures; {why}."
    return {"rows": records(kept)}, table_words(kept)
