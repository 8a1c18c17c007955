"""The commands `evaluate`, `compare` and `options`: options judged, and the library that keeps them."""

from __future__ import annotations

import argparse

import pandas as pd

from commands.answer import Answer
from commands.argument import Subcommands, add_command, people, share
from commands.opened import open_study, read_option
from commands.plain import table_words
from geodata.errors import InputError
from neighbourhoods.comparison.report import contest_json, differences_json
from neighbourhoods.option.library import (
    pin_option,
    restore_version,
    save_option,
    set_option_status,
    unpin_option,
)
from neighbourhoods.option.option import STATUSES, FootprintOption
from neighbourhoods.option.report import options_json, options_words, versions_json
from neighbourhoods.option.version import line_of
from neighbourhoods.study.study import Study


def add_evaluate(subcommands: Subcommands) -> None:
    """Add the command `evaluate`."""
    sub = add_command(subcommands, "evaluate", "Measures of an option and what is broken in it.", _evaluate)
    sub.add_argument("option", metavar="FILE_OR_ID")
    sub.add_argument("--target", type=people, help="residents wanted in each footprint (default 50,000)")
    sub.add_argument("--tolerance", type=share, default=0.10, help="band around the target (default 0.10)")


def add_compare(subcommands: Subcommands) -> None:
    """Add the command `compare`."""
    sub = add_command(
        subcommands, "compare", "Two options side by side: measures, and who changes footprint.", _compare
    )
    sub.add_argument("options", nargs=2, metavar="FILE_OR_ID")
    sub.add_argument("--target", type=people, help="residents wanted in each footprint")
    sub.add_argument("--indicator", metavar="ID", help="differences of it between matched footprints")


def add_options(subcommands: Subcommands) -> None:
    """Add the command `options`."""
    sub = add_command(
        subcommands,
        "options",
        "The option library: list, save, versions, status, restore, pin as now.",
        _options,
    )
    act = sub.add_mutually_exclusive_group()
    act.add_argument("--save", metavar="FILE", help="a CSV with an area code column and a footprint column")
    act.add_argument("--versions", metavar="NAME_OR_ID", help="every version, and what each changed")
    act.add_argument("--restore", metavar="ID", help="save a new version that is equal to this one")
    act.add_argument("--status", nargs=2, metavar=("STATUS", "ID"), help=", ".join(STATUSES))
    act.add_argument("--pin", metavar="ID", help="the version that stands for what is there now")
    act.add_argument("--unpin", action="store_true", help="leave no option pinned as now")
    sub.add_argument("--name", help="of the option that is saved")
    sub.add_argument("--author", default="", help="who saves, restores, or changes the status")
    sub.add_argument("--rationale", default="", help="why these boundaries")
    sub.add_argument("--reason", default="", help="why the status changes, or the version is restored")


def _evaluate(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    option = read_option(study, options.option)
    evaluation = study.evaluate(option, options.target, options.tolerance)
    result = evaluation.as_json() | study.future_json(option, options.target, options.tolerance)
    whole = pd.DataFrame(list(_mapping(result["option"]).items()), columns=["measure", "value"])
    words = [table_words(evaluation.footprints), "", table_words(whole), ""]
    words += [v.message for v in evaluation.violations] or ["Nothing is broken."]
    return result, "\n".join(words)


def _mapping(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _compare(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    first, second = (read_option(study, given) for given in options.options)
    comparison = study.compare(first, second)
    evaluations = [study.evaluate(o, options.target) for o in (first, second)]
    contest = contest_json(study, first, second, options.target)
    result: dict[str, object] = {
        "options": [
            {"name": o.name, "geography": o.geography, **e.as_json()}
            for o, e in zip((first, second), evaluations, strict=True)
        ],
        **comparison.as_json(),
        "contest": contest,
    }
    words = [
        f"People who change footprint: {comparison.people_who_move:,.0f}",
        table_words(comparison.flows),
        table_words(pd.DataFrame(contest).drop(columns="measure_id")),
    ]
    if options.indicator:
        differences = differences_json(study, first, second, options.indicator)
        result["differences"] = differences
        words.append(table_words(pd.DataFrame(differences)))
    return result, "\n".join(words)


def _options(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    if options.save:
        option = read_option(study, options.save)
        changes = {"author": options.author, "rationale": options.rationale}
        saved = save_option(study.store, option.with_changes(**changes, name=options.name or option.name))
        return {"id": saved.id, "name": saved.name}, f"{saved.id}  {saved.name}"
    if options.unpin:
        unpin_option(study.store)
        return {"id": None, "name": None}, "No option is pinned as now."
    if given := options.restore or options.pin or (options.status or ["", ""])[1]:
        return _change_library(study, options, _saved(study, given))
    if options.versions:
        document = versions_json(study, line_of(study.option_lines(), _saved(study, options.versions).id))
    else:
        document = options_json(study)
    return document, options_words(document)


def _change_library(study: Study, options: argparse.Namespace, option: FootprintOption) -> Answer:
    """Restore, pin, or change the status of a saved version."""
    result: dict[str, object] = {"id": option.id, "name": option.name}
    if options.restore:
        new = restore_version(study.store, option.id, author=options.author, reason=options.reason)
        return {**result, "id": new.id, "restored_id": option.id}, f"{new.id}  {new.name}: {new.rationale}"
    if options.pin:
        pin_option(study.store, option.id)
        return result, f"{option.id}  {option.name} is pinned as now"
    status = options.status[0]
    set_option_status(study.store, option.id, status, options.author, options.reason)
    return {**result, "status": status}, f"{option.id}  {option.name} is {status}"


def _saved(study: Study, given: str) -> FootprintOption:
    """A saved version by its id, or the newest of the option with that name."""
    option = study.find_option(given)
    if option is None:
        raise InputError(f"{given!r} is neither the id nor the name of a saved option")
    return option
