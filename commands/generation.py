"""The commands `generate` and `ensemble`: options made by rules, and by chance."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from commands.answer import Answer
from commands.argument import Subcommands, add_command, add_standardise, weights
from commands.opened import open_study, partner_id_of, read_option
from geodata.errors import InputError
from neighbourhoods.measure.wish import DEFAULT_WISHES, WISHES
from neighbourhoods.option.library import save_option
from neighbourhoods.study.study import Study

if TYPE_CHECKING:
    from neighbourhoods.generation.generation import GenerationParams


def add_generate(subcommands: Subcommands) -> None:
    """Add the command `generate`."""
    sub = add_command(
        subcommands,
        "generate",
        "Contiguous footprints of whole areas within a band: every way, or the best found.",
        _generate,
    )
    _add_generation(sub)
    sub.add_argument("--wish", action="append", default=[], metavar="WISH=WEIGHT", help=", ".join(WISHES))
    sub.add_argument("--seed", type=int, default=0, help="of a search, and of the estimate (default 0)")
    sub.add_argument(
        "--method",
        choices=("auto", "enumerate", "search"),
        default="auto",
        help="go through every way, or search for the best (default: every way where that can be done)",
    )
    sub.add_argument("--steps", type=int, default=0, metavar="N", help="of a search (default: by size)")
    sub.add_argument(
        "--seconds", type=float, default=0.0, help="end a search early; the seed no longer tells"
    )
    sub.add_argument("--top", type=int, default=10, metavar="N", help="best options to print (default 10)")
    sub.add_argument("--save", type=int, default=0, metavar="N", help="save the best N to the library")
    sub.add_argument("--author", default="", help="who saves them")


def add_ensemble(subcommands: Subcommands) -> None:
    """Add the command `ensemble`."""
    sub = add_command(
        subcommands,
        "ensemble",
        "Thousands of valid options by chance, and percentiles of given options.",
        _ensemble,
    )
    _add_generation(sub)
    sub.add_argument(
        "--test", action="append", default=[], metavar="FILE_OR_ID", help="option to place in it"
    )
    sub.add_argument("--options", type=int, default=10_000, metavar="N", help="to draw (default 10,000)")
    sub.add_argument("--chains", type=int, default=8, metavar="N", help="that begin apart (default 8)")
    sub.add_argument("--thin", type=int, default=0, metavar="N", help="steps from option to option")
    sub.add_argument("--burn-in", type=int, default=100, metavar="N", help="first of each chain to leave out")
    sub.add_argument("--method", choices=("auto", "redraw", "recombination"), default="auto")
    sub.add_argument("--seed", type=int, default=0, help="same seed, same options (default 0)")
    sub.add_argument("--workers", type=int, default=0, metavar="N", help="processes (default: as needed)")
    sub.add_argument("--scheduler", default="", metavar="ADDRESS", help="Dask cluster: tcp://host:8786")
    sub.add_argument("--checkpoint", default="", metavar="FOLDER", help="keep what is done; go on from it")


def _add_generation(sub: argparse.ArgumentParser) -> None:
    """What options must meet and are measured by."""
    sub.add_argument("--n", required=True, metavar="N or N-M", help="footprints wanted: 4, or 3-5")
    sub.add_argument("--target", type=float, help="residents wanted in each (default: an equal share)")
    sub.add_argument("--tolerance", type=float, default=0.05, help="band around the target (default 0.05)")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--need", action="append", default=[], metavar="INDICATOR=WEIGHT")
    add_standardise(sub)
    sub.add_argument("--together", action="append", default=[], metavar="CODE,CODE")
    sub.add_argument("--apart", action="append", default=[], metavar="CODE,CODE")
    sub.add_argument("--like", metavar="FILE_OR_ID", help="the option that people would move from")
    sub.add_argument(
        "--lock", action="append", default=[], metavar="ID", help="footprint of --like to keep as it is"
    )
    sub.add_argument(
        "--keep-whole", action="append", default=[], metavar="PARTNER", help="its areas are not divided"
    )
    sub.add_argument(
        "--not-across", action="append", default=[], metavar="PARTNER", help="its lines are not crossed"
    )
    sub.add_argument("--partner", metavar="PARTNER", help="the set that the wish partners is about")
    sub.add_argument(
        "--future-years", type=int, default=0, metavar="N", help="for the wish future: 5, 10, 15"
    )
    sub.add_argument("--km-h", type=float, default=0.0, help="for the wish travel (default 4.8, walking)")
    sub.add_argument("--allow-inside", action="store_true", help="a footprint may lie inside another")


def _generate(options: argparse.Namespace) -> Answer:
    from neighbourhoods.generation.generate import generate  # compiled code: read only when it is wanted
    from neighbourhoods.generation.report import generation_json, generation_words

    study = open_study(options)
    wishes = weights(options.wish) or DEFAULT_WISHES
    params = replace(
        _generation_params(study, options),
        wishes=wishes,
        seed=options.seed,
        method=options.method,
        steps=options.steps,
        seconds=options.seconds,
    )
    result = generate(study, params)
    best = [result.option(int(n)) for n in result.ranking[: max(options.save, 0)]]
    saved = [save_option(study.store, one.with_changes(author=options.author)) for one in best]
    document = generation_json(result, options.top) | {
        "authority": study.authority_code,
        "saved": [{"id": o.id, "name": o.name} for o in saved],
    }
    words = [generation_words(result, options.top), *(f"Saved {o.id}  {o.name}" for o in saved)]
    return document, "\n".join(words)


def _ensemble(options: argparse.Namespace) -> Answer:
    from neighbourhoods.generation.generate import score_option
    from neighbourhoods.sample.ensemble import EnsembleParams
    from neighbourhoods.sample.ensemble_report import ensemble_json, ensemble_words
    from neighbourhoods.sample.ensemble_run import run_ensemble

    study = open_study(options)
    params = EnsembleParams(
        _generation_params(study, options),
        n_options=options.options,
        n_chains=options.chains,
        thin=options.thin,
        burn_in=options.burn_in,
        seed=options.seed,
        method=options.method,
    )
    named = dict.fromkeys([*([options.like] if options.like else []), *options.test])
    given = [read_option(study, one) for one in named]
    tested = [(one.name, score_option(study, params.generation, one)) for one in given]
    found = run_ensemble(
        study,
        params,
        n_workers=options.workers,
        scheduler=options.scheduler,
        checkpoint=options.checkpoint,
    )
    document = ensemble_json(found, tested) | {"authority": study.authority_code}
    return document, ensemble_words(found, tested)


def _generation_params(study: Study, options: argparse.Namespace) -> GenerationParams:
    """What options must meet and are measured by, from the arguments."""
    from neighbourhoods.generation.generation import GenerationParams

    n_min, n_max = _number_range(options.n)
    target = options.target
    if target is None and n_min != n_max:
        target = float(study.target_population)
    return GenerationParams(
        geography=options.geography,
        n_min=n_min,
        n_max=n_max,
        tolerance=options.tolerance,
        target=target,
        together=_code_lists(options.together),
        apart=_code_lists(options.apart),
        as_now=read_option(study, options.like) if options.like else None,
        locked=tuple(options.lock),
        allow_enclosed=options.allow_inside,
        keep_whole=tuple(partner_id_of(study, one) for one in options.keep_whole),
        not_across=tuple(partner_id_of(study, one) for one in options.not_across),
        partner_id=partner_id_of(study, options.partner) if options.partner else "",
        future_years=options.future_years,
        km_h=options.km_h,
        need=weights(options.need),
        standardisation=options.standardise,
    )


def _number_range(given: str) -> tuple[int, int]:
    """ "4" or "3-5"."""
    ends = given.split("-")
    if len(ends) > 2 or not all(end.isdecimal() for end in ends):
        raise InputError(f"--n takes a number such as 4 or a range such as 3-5, not {given!r}")
    return int(ends[0]), int(ends[-1])


def _code_lists(given: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(code.strip().upper() for code in one.split(",") if code.strip()) for one in given)
