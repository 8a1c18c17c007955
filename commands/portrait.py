"""The commands `portrait` and `need`: footprints in sentences, and by need."""

from __future__ import annotations

import argparse

import pandas as pd

from commands.answer import Answer
from commands.argument import Subcommands, add_command, add_standardise, weights
from commands.opened import open_study, read_option


def add_portrait(subcommands: Subcommands) -> None:
    """Add the command `portrait`."""
    sub = add_command(
        subcommands,
        "portrait",
        "Each footprint of an option in sentences, and what lies inside it.",
        _portrait,
    )
    sub.add_argument("option", metavar="FILE_OR_ID")


def add_need(subcommands: Subcommands) -> None:
    """Add the command `need`."""
    sub = add_command(
        subcommands,
        "need",
        "Need index of an option's footprints, and how far it rests on its weights.",
        _need,
    )
    sub.add_argument("option", metavar="FILE_OR_ID")
    sub.add_argument("--need", action="append", required=True, metavar="INDICATOR=WEIGHT")
    add_standardise(sub)
    sub.add_argument("--geography", help="areas that are made comparable (default: the option's own)")
    sub.add_argument("--draws", type=int, default=2_000, metavar="N", help="weightings drawn (default 2,000)")
    sub.add_argument("--concentration", type=float, default=10.0, help="nearness to the weights (default 10)")
    sub.add_argument("--seed", type=int, default=1)


def _portrait(options: argparse.Namespace) -> Answer:
    from neighbourhoods.portrait.portrait import portray

    study = open_study(options)
    found = portray(study, read_option(study, options.option))
    words = [f"{found.headline}."]
    for one in found.portraits:
        words += ["", one.footprint_name, *(f"- {said.text}" for said in one.sentences)]
    return found.as_json(), "\n".join(words)


def _need(options: argparse.Namespace) -> Answer:
    from neighbourhoods.need.option import option_need
    from neighbourhoods.need.sensitivity import sensitivity_json
    from neighbourhoods.need.words import sensitivity_words

    study = open_study(options)
    found = option_need(
        study,
        read_option(study, options.option),
        weights(options.need),
        options.standardise,
        geography=options.geography,
        n_draws=options.draws,
        seed=options.seed,
        concentration=options.concentration,
    )
    sentence = sensitivity_words(found)
    columns = ("footprint_names", "index", "lower", "upper", "rank", "neediest", "changes")
    table = pd.DataFrame({name: getattr(found, name) for name in columns})
    return sensitivity_json(found, sentence), f"{table.to_string(index=False)}\n{sentence}"
