"""The command line: the same jobs as the pages, for scripts.

With `--json` every command prints one JSON document with stable keys. Exit status is 0, or 2 with
one message on standard error that says what was found and what to do.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd

from cli_outreach import add_outreach, outreach_command
from cli_places import add_places, places_command
from cli_scenarios import add_scenarios, scenarios_command
from geodata.errors import InputError
from geodata.importer import ImportReport, import_paths
from geodata.local_file import read_given_file, write_given_file
from geodata.polygon_file import read_polygons
from geodata.store import Store
from geodata.workspace import open_workspace, workspace_folder
from indicators.catalogue import CATALOGUE
from indicators.reconcile import reconcile_indicators
from neighbourhoods.comparison.report import contest_json, differences_json
from neighbourhoods.measure.wish import DEFAULT_WISHES, WISHES
from neighbourhoods.option.file import parse_option_csv
from neighbourhoods.option.library import (
    pin_option,
    restore_version,
    save_option,
    set_option_status,
    unpin_option,
)
from neighbourhoods.option.option import STATUSES, FootprintOption
from neighbourhoods.option.polygon import fit_option_polygons
from neighbourhoods.option.report import options_json, options_words, versions_json
from neighbourhoods.option.version import line_of
from neighbourhoods.partner.library import add_partner, partner_rows, partner_words
from neighbourhoods.register.hours import OPEN_AT
from neighbourhoods.siting.objective import OBJECTIVES as SITING_OBJECTIVES
from neighbourhoods.study.export import FORMATS, export_bytes
from neighbourhoods.study.study import Study

if TYPE_CHECKING:
    from neighbourhoods.generation.generation import GenerationParams

INPUT_FAULT = 2
STOPPED = 130  # as shells number an interrupt

POLYGON_SUFFIXES = (".geojson", ".json", ".gpkg", ".zip")
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


class _Parser(argparse.ArgumentParser):
    """Refuses in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(INPUT_FAULT, f"{self.prog}: {message} (try --help)\n")


def _people(text: str) -> float:
    number = _number(text)
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of people above nought")
    return number


def _share(text: str) -> float:
    number = _number(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is below nought; 0.10 is a tenth either way")
    return number


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="neighbourhoods", description="Footprint options over service indicators.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.add_argument("--workspace", help="folder of the workspace (default: ./workspace)")
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        return sub

    sub = command("import", "Import published files; folders and zips are walked.")
    sub.add_argument("paths", nargs="+", metavar="PATH")
    sub.add_argument("--authority", help="GSS code of the authority, such as E06000014")

    sub = command("indicators", "List the indicators, what they measure and where they have figures.")
    sub.add_argument("--domain")

    sub = command("profile", "Figures with intervals for areas, or for the footprints of an option.")
    sub.add_argument("--option", metavar="FILE_OR_ID")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--area", metavar="CODE")
    sub.add_argument("--indicator", metavar="ID")

    sub = command("evaluate", "Measures of an option and what is broken in it.")
    sub.add_argument("option", metavar="FILE_OR_ID")
    sub.add_argument("--target", type=_people, help="residents wanted in each footprint (default 50,000)")
    sub.add_argument("--tolerance", type=_share, default=0.10, help="band around the target (default 0.10)")

    sub = command("compare", "Two options side by side: measures, and who changes footprint.")
    sub.add_argument("options", nargs=2, metavar="FILE_OR_ID")
    sub.add_argument("--target", type=_people, help="residents wanted in each footprint")
    sub.add_argument("--indicator", metavar="ID", help="differences of it between matched footprints")

    sub = command(
        "generate", "Contiguous footprints of whole areas within a band: every way, or the best found."
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

    sub = command("ensemble", "Thousands of valid options by chance, and percentiles of given options.")
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

    sub = command("partners", "List partners' sets of areas, add one from a file, or remove one.")
    sub.add_argument("--add", metavar="FILE", help="polygons, or a table of area codes")
    sub.add_argument("--name", help="of the set, such as 'Primary care networks'")
    sub.add_argument("--column", default="", help="column that names the partner's areas")
    sub.add_argument("--registered", default="", metavar="COLUMN", help="people registered with the partner")
    sub.add_argument("--remove", metavar="PARTNER")
    sub.add_argument("--fit", metavar="FILE_OR_ID", help="an option to hold against --with")
    sub.add_argument("--with", dest="against", metavar="PARTNER")

    sub = command("portrait", "Each footprint of an option in sentences, and what lies inside it.")
    sub.add_argument("option", metavar="FILE_OR_ID")

    sub = command("access", "Minutes to the nearest place of a kind, and who is within reach.")
    sub.add_argument("--kind", action="append", required=True, metavar="KIND", help="library, gp_surgery, …")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--mode", default="walk", choices=("walk", "cycle", "drive", "bus"))
    sub.add_argument("--km-h", type=_number, default=0.0, help="speed (default: the mode's own)")
    sub.add_argument("--minutes", default="10,15,20", metavar="M,M,…", help="within reach (default 10,15,20)")
    sub.add_argument("--route", default="best", choices=("best", "streets", "straight"))
    sub.add_argument("--place", action="append", metavar="PLACE_ID", help="count these places alone")
    sub.add_argument("--open-at", default="", choices=tuple(OPEN_AT), help="places known to be open then")
    sub.add_argument("--option", metavar="FILE_OR_ID", help="by the footprints of this option too")

    sub = command("hubs", "The best places for hubs by one aim, with a bound that no plan beats.")
    sub.add_argument("--n", type=int, default=6, help="hubs wanted (default 6)")
    sub.add_argument("--kind", action="append", default=[], metavar="KIND", help="of place to stand in")
    sub.add_argument("--objective", default="p_median", help=", ".join(SITING_OBJECTIVES))
    sub.add_argument("--minutes", type=_people, default=15.0, help="within reach (default 15)")
    sub.add_argument("--who", default="pop_total", metavar="INDICATOR", help="people who are served")
    sub.add_argument("--mode", default="walk", choices=("walk", "cycle", "drive", "bus"))
    sub.add_argument("--km-h", type=_number, default=0.0, help="speed (default: the mode's own)")
    sub.add_argument("--fixed", default="", metavar="PLACE_ID,…", help="must be a hub")
    sub.add_argument("--closed", default="", metavar="PLACE_ID,…", help="may not be a hub")
    sub.add_argument("--option", metavar="FILE_OR_ID", help="at least one in each of its footprints")
    sub.add_argument("--budget", type=_number, default=0.0, metavar="GBP", help="most they may cost")
    sub.add_argument("--capacity", action="store_true", help="serve no more people than there is room for")
    sub.add_argument(
        "--house", action="append", default=[], metavar="SERVICE+SERVICE", help="under one roof in one hub"
    )
    sub.add_argument(
        "--together", action="append", default=[], metavar="PLACE_ID+PLACE_ID", help="both or neither"
    )
    sub.add_argument("--apart", type=_number, default=0.0, metavar="METRES", help="between new hubs")
    sub.add_argument("--open-at", default="", choices=tuple(OPEN_AT), help="places known to be open then")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--save", metavar="NAME", help="keep the plan, with the option that it belongs to")
    sub.add_argument("--author", default="")
    sub.add_argument("--rationale", default="")
    sub.add_argument("--plans", action="store_true", help="list the saved plans instead")
    sub.add_argument("--compare", metavar="ID,ID", help="lay saved plans side by side instead, and as now")

    sub = command("timetables", "The bus timetables that are loaded; removes one.")
    sub.add_argument("--remove", metavar="ID")

    add_outreach(commands)
    add_scenarios(commands)
    add_places(commands)

    sub = command("need", "Need index of an option's footprints, and how far it rests on its weights.")
    sub.add_argument("option", metavar="FILE_OR_ID")
    sub.add_argument("--need", action="append", required=True, metavar="INDICATOR=WEIGHT")
    _add_standardise(sub)
    sub.add_argument("--geography", help="areas that are made comparable (default: the option's own)")
    sub.add_argument("--draws", type=int, default=2_000, metavar="N", help="weightings drawn (default 2,000)")
    sub.add_argument("--concentration", type=float, default=10.0, help="nearness to the weights (default 10)")
    sub.add_argument("--seed", type=int, default=1)

    sub = command("test", "How an option does: rules, its place among all ways, later years, fits, moves.")
    sub.add_argument("option", metavar="FILE_OR_ID")
    sub.add_argument("--target", type=_people, help="residents wanted in each (default: an equal share)")
    sub.add_argument("--tolerance", type=_share, default=0.10, help="band around the target (default 0.10)")
    sub.add_argument("--wish", action="append", default=[], metavar="WISH=WEIGHT", help=", ".join(WISHES))
    sub.add_argument("--need", action="append", default=[], metavar="INDICATOR=WEIGHT")
    _add_standardise(sub)
    sub.add_argument(
        "--partner", action="append", default=[], metavar="ID", help="a partner's areas to lay it over"
    )
    sub.add_argument("--like", metavar="FILE_OR_ID", help="the option that people would move from")
    sub.add_argument(
        "--ensemble", type=int, metavar="N", help="options to sample where there are too many ways for all"
    )
    sub.add_argument("--seed", type=int, default=0, help="of the sample")

    sub = command("export", "Write an option, a profile or areas to a file.")
    sub.add_argument("what", choices=("option", "profile", "areas"))
    sub.add_argument("--option", metavar="FILE_OR_ID")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--format", choices=sorted(FORMATS), default="csv")
    sub.add_argument("--out", required=True, metavar="FILE")

    sub = command("options", "The option library: list, save, versions, status, restore, pin as now.")
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
    return parser


def _add_standardise(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--standardise",
        choices=("z", "rank"),
        default="z",
        help="how indicators of the need index are made comparable (default z)",
    )


def _add_generation(sub: argparse.ArgumentParser) -> None:
    """What options must meet and are measured by."""
    sub.add_argument("--n", required=True, metavar="N or N-M", help="footprints wanted: 4, or 3-5")
    sub.add_argument("--target", type=float, help="residents wanted in each (default: an equal share)")
    sub.add_argument("--tolerance", type=float, default=0.05, help="band around the target (default 0.05)")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--need", action="append", default=[], metavar="INDICATOR=WEIGHT")
    _add_standardise(sub)
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        result, words = _COMMANDS[options.command](options)
        _print(json.dumps(_plain(result), allow_nan=False, indent=1) if options.json else words)
        if isinstance(result, _Refusal):
            raise InputError(result.message)
    except InputError as fault:
        sys.stderr.write(f"neighbourhoods: {' '.join(str(fault).split())}\n")
        return INPUT_FAULT
    except KeyboardInterrupt:
        sys.stderr.write("neighbourhoods: stopped; nothing was changed\n")
        return STOPPED
    return 0


class _Refusal(dict[str, object]):
    """A report that is printed all the same, although nothing could be done."""

    message = ""


def _print(text: str) -> None:
    """Write to standard output; a reader that has gone away (`| head`) is no fault.

    Raises
    ------
    InputError
        When the output is full or closed.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = StringIO()  # what is left to flush has no reader
    except OSError as fault:
        sys.stdout = StringIO()
        raise InputError(f"the answer cannot be written to standard output: {fault.strerror}") from fault


def _import(options: argparse.Namespace) -> tuple[object, str]:
    paths = [Path(p) for p in options.paths]
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", where=str(path))
    store = Store(workspace_folder(options.workspace))
    report = import_paths(store, paths, authority=options.authority, only=getattr(options, "only", ()))
    result = _report(report)
    if not any(not f.message for f in report.files):
        result = _Refusal(result)
        result.message = _refusal_words(report)
    return result, _report_words(report)


def _refusal_words(report: ImportReport) -> str:
    """One line for an import that put nothing in."""
    if not report.files:
        return "there are no files in what was given; nothing was changed"
    first = report.files[0]
    others = f" (and {len(report.files) - 1} more files)" if len(report.files) > 1 else ""
    return f"{first.path}: {first.message.rstrip('.')}{others}; nothing was changed"


def _report(report: ImportReport) -> dict[str, object]:
    return {
        "files": [
            {
                "path": f.path,
                "recognised_as": f.recognised_as,
                "geography": f.geography,
                "rows_in": f.rows_in,
                "rows_kept": f.rows_kept,
                "dropped": [{"reason": d.reason, "n_rows": d.n_rows} for d in f.dropped],
                "message": f.message,
                "notes": list(f.notes),
            }
            for f in report.files
        ],
        "reconciliation": _records(reconcile_indicators(report.reconciliation, CATALOGUE)),
        "reconciliation_by_cell": _records(report.reconciliation),
    }


def _report_words(report: ImportReport) -> str:
    lines = []
    for f in report.files:
        state = f.message or f"{f.recognised_as}: {f.rows_kept:,} of {f.rows_in:,} rows kept"
        dropped = "; ".join(f"{d.n_rows:,} {d.reason}" for d in f.dropped)
        lines.append(f"{f.path}: {state}" + (f" (left out: {dropped})" if dropped else ""))
    if len(report.reconciliation):
        by_indicator = reconcile_indicators(report.reconciliation, CATALOGUE)
        lines += ["", "Sums against published totals", by_indicator.to_string(index=False)]
    return "\n".join(lines)


def _indicators(options: argparse.Namespace) -> tuple[object, str]:
    study = _study(options)
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


def _profile(options: argparse.Namespace) -> tuple[object, str]:
    study = _study(options)
    if options.option:
        rows = study.profile_option(_option(study, options.option))
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
    return {"rows": _records(kept)}, kept.to_string(index=False)


def _evaluate(options: argparse.Namespace) -> tuple[object, str]:
    study = _study(options)
    option = _option(study, options.option)
    evaluation = study.evaluate(option, options.target, options.tolerance)
    result = evaluation.as_json() | study.future_json(option, options.target, options.tolerance)
    words = [evaluation.footprints.to_string()]
    words += [f"{k}: {v}" for k, v in _plain_mapping(result["option"]).items()]
    words += [v.message for v in evaluation.violations] or ["Nothing is broken."]
    return result, "\n".join(words)


def _compare(options: argparse.Namespace) -> tuple[object, str]:
    study = _study(options)
    first, second = (_option(study, given) for given in options.options)
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
        comparison.flows.to_string(index=False),
        pd.DataFrame(contest).drop(columns="measure_id").to_string(index=False),
    ]
    if options.indicator:
        differences = differences_json(study, first, second, options.indicator)
        result["differences"] = differences
        words.append(pd.DataFrame(differences).to_string(index=False))
    return result, "\n".join(words)


def _generate(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.generation.generate import generate  # compiled code: read only when it is wanted
    from neighbourhoods.generation.report import generation_json, generation_words

    study = _study(options)
    wishes = _weights(options.wish) or DEFAULT_WISHES
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


def _ensemble(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.generation.generate import score_option
    from neighbourhoods.sample.ensemble import EnsembleParams
    from neighbourhoods.sample.ensemble_report import ensemble_json, ensemble_words
    from neighbourhoods.sample.ensemble_run import run_ensemble

    study = _study(options)
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
    given = [_option(study, one) for one in named]
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
        as_now=_option(study, options.like) if options.like else None,
        locked=tuple(options.lock),
        allow_enclosed=options.allow_inside,
        keep_whole=tuple(_partner(study, one) for one in options.keep_whole),
        not_across=tuple(_partner(study, one) for one in options.not_across),
        partner_id=_partner(study, options.partner) if options.partner else "",
        future_years=options.future_years,
        km_h=options.km_h,
        need=_weights(options.need),
        standardisation=options.standardise,
    )


def _portrait(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.portrait.portrait import portray

    study = _study(options)
    found = portray(study, _option(study, options.option))
    words = [f"{found.headline}."]
    for one in found.portraits:
        words += ["", one.footprint_name, *(f"- {said.text}" for said in one.sentences)]
    return found.as_json(), "\n".join(words)


def _access(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.travel.access import AccessParams, access
    from neighbourhoods.travel.access_report import access_json, access_words

    study = _study(options)
    option = _option(study, options.option) if options.option else None
    try:
        limits = tuple(_number(one) for one in options.minutes.split(","))
    except argparse.ArgumentTypeError as fault:
        raise InputError(f"--minutes takes numbers with commas between, such as 10,15,20: {fault}") from fault
    params = AccessParams(
        tuple(options.kind),
        options.geography,
        options.mode,
        options.km_h,
        limits,
        options.route,
        options.open_at,
    )
    found = access(study, params, only=options.place)
    unknown = sorted(set(options.place or ()) - set(found.places.index))
    if unknown:
        raise InputError(f"There is no place {unknown[0]!r} among those of the kinds that were asked for.")
    said = {"authority": study.authority_name, **access_json(study, found, option)}
    return said, access_words(study, found, option)


def _hubs(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.hub.library import compare_plans, find_plan, save_plan, saved_plans
    from neighbourhoods.hub.params import HubParams
    from neighbourhoods.hub.report import comparison_json, hubs_json, hubs_words, plan_json, plans_words
    from neighbourhoods.hub.siting import suggest_hubs

    study = _study(options)
    if options.plans:
        plans = saved_plans(study.store)
        return {"plans": [plan_json(one) for one in plans]}, plans_words(plans)
    option = _option(study, options.option) if options.option else None
    if options.compare:
        found = compare_plans(
            study, [find_plan(study.store, one) for one in options.compare.split(",") if one], option=option
        )
        return comparison_json(found), found.measures.round(2).to_string(index=False)
    if not options.kind:
        raise InputError("Say which kinds of place could house a hub: --kind library, for one.")
    params = HubParams(
        tuple(options.kind),
        options.n,
        options.objective,
        options.minutes,
        options.who,
        options.mode,
        options.km_h,
        tuple(one for one in options.fixed.split(",") if one),
        tuple(one for one in options.closed.split(",") if one),
        option,
        options.budget,
        options.seed,
        options.capacity,
        tuple(tuple(one.split("+")) for one in options.house),
        tuple(tuple(one.split("+")) for one in options.together),
        options.apart,
        options.open_at,
    )
    plan = suggest_hubs(study, params)
    said = {"authority": study.authority_name, **hubs_json(study, plan)}
    if options.save:
        plan_id = save_plan(
            study.store, plan, name=options.save, author=options.author, rationale=options.rationale
        )
        said["saved"] = {"id": plan_id, "name": options.save}
    return said, hubs_words(study, plan)


def _need(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.need.option import option_need
    from neighbourhoods.need.sensitivity import sensitivity_json
    from neighbourhoods.need.words import sensitivity_words

    study = _study(options)
    found = option_need(
        study,
        _option(study, options.option),
        _weights(options.need),
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


def _test(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.scorecard.params import N_SAMPLED, ScorecardParams
    from neighbourhoods.scorecard.report import scorecard_json
    from neighbourhoods.scorecard.scorecard import scorecard_of  # compiled code: read only when it is wanted
    from neighbourhoods.scorecard.words import card_words

    study = _study(options)
    params = ScorecardParams(
        target=options.target,
        tolerance=options.tolerance,
        wishes=_weights(options.wish) or DEFAULT_WISHES,
        need=_weights(options.need),
        standardisation=options.standardise,
        as_now=_option(study, options.like) if options.like else None,
        partner_ids=tuple(options.partner),
        n_sampled=N_SAMPLED if options.ensemble is None else options.ensemble,
        seed=options.seed,
    )
    card = scorecard_of(study, _option(study, options.option), params)
    return scorecard_json(card) | {"authority": study.authority_code}, card_words(card)


def _number_range(given: str) -> tuple[int, int]:
    """ "4" or "3-5"."""
    ends = given.split("-")
    if len(ends) > 2 or not all(end.isdecimal() for end in ends):
        raise InputError(f"--n takes a number such as 4 or a range such as 3-5, not {given!r}")
    return int(ends[0]), int(ends[-1])


def _code_lists(given: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(code.strip().upper() for code in one.split(",") if code.strip()) for one in given)


def _weights(given: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """ "compactness=1" as (compactness, 1.0); without a weight it counts once."""
    found = []
    for one in given:
        name, _, weight = one.partition("=")
        try:
            found.append((name.strip(), float(weight or 1)))
        except ValueError as fault:
            raise InputError(f"{one!r} should be a name and a weight, such as compactness=1") from fault
    return tuple(found)


def _export(options: argparse.Namespace) -> tuple[object, str]:
    study = _study(options)
    option = _option(study, options.option) if options.option else None
    content = export_bytes(study, options.what, options.format, option=option, geography=options.geography)
    path = write_given_file(options.out, content)
    return {"path": path, "bytes": len(content)}, f"{path}: {len(content):,} bytes"


def _options(options: argparse.Namespace) -> tuple[object, str]:
    study = _study(options)
    if options.save:
        option = _option(study, options.save)
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


def _change_library(study: Study, options: argparse.Namespace, option: FootprintOption) -> tuple[object, str]:
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


def _partners(options: argparse.Namespace) -> tuple[object, str]:
    study = _study(options)
    if options.add:
        content = read_given_file(options.add)
        if content is None:
            raise InputError("there is no such file", where=options.add)
        added = add_partner(
            study,
            content,
            Path(options.add).name,
            name=options.name or Path(options.add).stem,
            column=options.column,
            registered=options.registered,
        )
        return added, partner_words(added)
    if options.remove:
        partner_id = _partner(study, options.remove)
        study.store.remove(partner_id)
        return {"removed": partner_id}, f"Removed {partner_id}"
    if options.fit:
        fit = study.partner_fit(_option(study, options.fit), _partner(study, options.against or ""))
        return (
            fit.as_json(),
            f"{fit.footprints.to_string(index=False)}\n{fit.partner_areas.to_string(index=False)}",
        )
    rows = partner_rows(study)
    return {"partners": rows}, pd.DataFrame(rows).to_string(
        index=False
    ) if rows else "There is no partner's set."


def _outreach(options: argparse.Namespace) -> tuple[object, str]:
    return outreach_command(_study(options), options)


def _scenarios(options: argparse.Namespace) -> tuple[object, str]:
    return scenarios_command(_study(options), options)


def _timetables(options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.travel.timetable import remove_feed, timetable_feeds

    study = _study(options)
    if options.remove:
        gone = remove_feed(study, options.remove)
        return {"removed": gone.id}, f"Removed {gone.id}"
    rows = [{"id": f.id, "file_name": f.file_name, "date": f.date} for f in timetable_feeds(study)]
    lines = [f"{row['id']}  {row['file_name']}  {row['date']}" for row in rows]
    return {"timetables": rows}, "\n".join(lines) or "No bus timetable is loaded."


def _places(options: argparse.Namespace) -> tuple[object, str]:
    return _import(options) if options.act == "import" else places_command(_study(options), options)


def _partner(study: Study, given: str) -> str:
    """Id of a partner's set, or of an option taken as one, by its id or name."""
    for partner_id, name in study.partner_sets().items():
        if given in (partner_id, name):
            return partner_id
    raise InputError(
        f"{given!r} is neither the id nor the name of a partner's set; see `neighbourhoods partners`"
    )


def _say_beside(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _study(options: argparse.Namespace) -> Study:
    folder = workspace_folder(options.workspace)
    return Study(open_workspace(folder, on_new=_say_beside))


def _option(study: Study, given: str) -> FootprintOption:
    """An option from a CSV file, or a saved one by its id or name."""
    content = read_given_file(given)
    if content is None:
        saved = study.find_option(given)
        if saved is None:
            raise InputError(f"{given!r} is neither a file nor the id or name of a saved option")
        return saved
    areas = {g: study.areas(g) for g in study.geographies}
    name = Path(given).stem
    if Path(given).suffix.lower() in POLYGON_SUFFIXES:
        return _option_from_polygons(study, read_polygons(content, Path(given).name), name)
    return parse_option_csv(content, areas, name=name, author="")


def _option_from_polygons(study: Study, polygons: gpd.GeoDataFrame, name: str) -> FootprintOption:
    """Fitted to the first kind of area that is loaded; areas in no polygon are a fault."""
    geography = study.geographies[0]
    option, report = fit_option_polygons(
        polygons,
        study.areas(geography),
        name=name,
        geography=geography,
        centroids=study.store.centroids(geography),
    )
    if report.gaps:
        raise InputError(
            f"{len(report.gaps)} areas lie in no polygon: {', '.join(report.gaps[:5])}", where=name
        )
    return option


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


def _plain_mapping(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _plain(value: object) -> object:
    """JSON values only: NaN and infinities become null, numpy scalars become Python's."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is pd.NA or value is pd.NaT:
        return None
    return value


_COMMANDS = {
    "import": _import,
    "indicators": _indicators,
    "profile": _profile,
    "evaluate": _evaluate,
    "compare": _compare,
    "generate": _generate,
    "ensemble": _ensemble,
    "portrait": _portrait,
    "need": _need,
    "access": _access,
    "hubs": _hubs,
    "test": _test,
    "export": _export,
    "options": _options,
    "partners": _partners,
    "outreach": _outreach,
    "scenarios": _scenarios,
    "places": _places,
    "timetables": _timetables,
}


if __name__ == "__main__":
    sys.exit(main())
