"""The commands `import` and `export`: files in, files out."""

from __future__ import annotations

import argparse
from pathlib import Path

from commands.answer import Answer, Refusal
from commands.argument import Subcommands, add_command
from commands.opened import open_study, read_option
from commands.plain import records
from geodata.errors import InputError
from geodata.importer import ImportReport, import_paths
from geodata.local_file import write_given_file
from geodata.store import Store
from geodata.workspace import workspace_folder
from indicators.catalogue import CATALOGUE
from indicators.reconcile import newest_of_each, reconcile_indicators
from neighbourhoods.study.export import FORMATS, export_bytes


def add_import(subcommands: Subcommands) -> None:
    """Add the command `import`."""
    sub = add_command(
        subcommands, "import", "Import published files; folders and zips are walked.", import_files
    )
    sub.add_argument("paths", nargs="+", metavar="PATH")
    sub.add_argument(
        "--authority", help="GSS code of the authority, such as E06000014, or its name where a file gives it"
    )


def add_export(subcommands: Subcommands) -> None:
    """Add the command `export`."""
    sub = add_command(subcommands, "export", "Write an option, a profile or areas to a file.", _export)
    sub.add_argument("what", choices=("option", "profile", "areas"))
    sub.add_argument("--option", metavar="FILE_OR_ID")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--format", choices=sorted(FORMATS), default="csv")
    sub.add_argument("--out", required=True, metavar="FILE")


def import_files(options: argparse.Namespace) -> Answer:
    """Put published files into the workspace; those of the layouts `only`, where it is set."""
    paths = [Path(p) for p in options.paths]
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", where=str(path))
    store = Store(workspace_folder(options.workspace))
    report = import_paths(store, paths, authority=options.authority, only=getattr(options, "only", ()))
    result = _report(report)
    if not any(not f.message for f in report.files):
        result = Refusal(result)
        result.message = _refusal_words(report)
    return result, _report_words(report)


def _refusal_words(report: ImportReport) -> str:
    """One line for an import that put nothing in."""
    if not report.files:
        return "there are no files in what was given; nothing was changed"
    first = report.files[0]
    n_others = len(report.files) - 1
    others = f" (and {n_others} more file{'s' if n_others > 1 else ''})" if n_others else ""
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
        "reconciliation": records(reconcile_indicators(report.reconciliation, CATALOGUE)),
        "reconciliation_by_cell": records(report.reconciliation),
    }


def _report_words(report: ImportReport) -> str:
    lines = []
    for f in report.files:
        state = f.message or f"{f.recognised_as}: {f.rows_kept:,} of {f.rows_in:,} rows kept"
        dropped = "; ".join(f"{d.n_rows:,} {d.reason}" for d in f.dropped)
        lines.append(f"{f.path}: {state}" + (f" (left out: {dropped})" if dropped else ""))
        lines += [f"    {note}" for note in f.notes]
    by_indicator = reconcile_indicators(report.reconciliation, CATALOGUE)
    if len(by_indicator):
        newest = newest_of_each(by_indicator)
        lines += ["", "Sums against published totals", newest.to_string(index=False)]
        if len(newest) < len(by_indicator):
            lines.append(f"Newest periods; all {len(by_indicator)} with --json.")
    return "\n".join(lines)


def _export(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    option = read_option(study, options.option) if options.option else None
    content = export_bytes(study, options.what, options.format, option=option, geography=options.geography)
    path = write_given_file(options.out, content)
    return {"path": path, "bytes": len(content)}, f"{path}: {len(content):,} bytes"
