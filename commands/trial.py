"""The command `test`: an option on trial."""

from __future__ import annotations

import argparse

from commands.answer import Answer
from commands.argument import Subcommands, add_command, add_standardise, people, share, weights
from commands.opened import open_study, read_option
from neighbourhoods.measure.wish import DEFAULT_WISHES, WISHES


def add_test(subcommands: Subcommands) -> None:
    """Add the command `test`."""
    sub = add_command(
        subcommands,
        "test",
        "How an option does: rules, its place among all ways, later years, fits, moves.",
        _test,
    )
    sub.add_argument("option", metavar="FILE_OR_ID")
    sub.add_argument("--target", type=people, help="residents wanted in each (default: an equal share)")
    sub.add_argument("--tolerance", type=share, default=0.10, help="band around the target (default 0.10)")
    sub.add_argument("--wish", action="append", default=[], metavar="WISH=WEIGHT", help=", ".join(WISHES))
    sub.add_argument("--need", action="append", default=[], metavar="INDICATOR=WEIGHT")
    add_standardise(sub)
    sub.add_argument(
        "--partner", action="append", default=[], metavar="ID", help="a partner's areas to lay it over"
    )
    sub.add_argument("--like", metavar="FILE_OR_ID", help="the option that people would move from")
    sub.add_argument(
        "--ensemble", type=int, metavar="N", help="options to sample where there are too many ways for all"
    )
    sub.add_argument("--seed", type=int, default=0, help="of the sample")


def _test(options: argparse.Namespace) -> Answer:
    from neighbourhoods.scorecard.params import N_SAMPLED, ScorecardParams
    from neighbourhoods.scorecard.report import scorecard_json
    from neighbourhoods.scorecard.scorecard import scorecard_of  # compiled code: read only when it is wanted
    from neighbourhoods.scorecard.words import card_words

    study = open_study(options)
    params = ScorecardParams(
        target=options.target,
        tolerance=options.tolerance,
        wishes=weights(options.wish) or DEFAULT_WISHES,
        need=weights(options.need),
        standardisation=options.standardise,
        as_now=read_option(study, options.like) if options.like else None,
        partner_ids=tuple(options.partner),
        n_sampled=N_SAMPLED if options.ensemble is None else options.ensemble,
        seed=options.seed,
    )
    card = scorecard_of(study, read_option(study, options.option), params)
    return scorecard_json(card) | {"authority": study.authority_code}, card_words(card)
