"""How long an import of all York's files takes and what memory it wants, beside plain pandas reading them.

    python -m benchmarks.import_files [--data FOLDER] [--repeat 3]

Each time is taken in a process of its own, without the start of Python. "Plain" opens the same files with
pandas and geopandas and throws the frames away: nothing is recognised, checked, cut, fitted or stored.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from benchmarks.app_server import ROOT, machine, memory_mb
from benchmarks.workspace import DEFAULT_DATA, absence
from geodata.importer import import_paths
from geodata.store import Store

LONGEST_S = 600
MOST_REPEATS = 20
WAYS = ("import", "plain")
GEOMETRY = {".geojson", ".topojson", ".gpkg"}


@dataclass(frozen=True)
class Reading:
    """One pass over all files in one process."""

    seconds: float
    n_files: int
    n_rows: int
    peak_mb: float


def import_once(data: Path) -> Reading:
    """Import into a passing workspace."""
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        report = import_paths(Store(Path(folder)), [data])
        seconds = time.perf_counter() - began
    n_rows = sum(file.rows_in for file in report.files)
    return Reading(seconds, len(report.files), n_rows, memory_mb(peak=True))


def read_plainly(data: Path) -> Reading:
    """Read every file that pandas or geopandas can open, as it stands."""
    began = time.perf_counter()
    sizes = [n for path in sorted(data.rglob("*")) if path.is_file() and (n := _n_rows(path)) is not None]
    return Reading(time.perf_counter() - began, len(sizes), sum(sizes), memory_mb(peak=True))


def _n_rows(path: Path) -> int | None:
    suffix = path.suffix.lower()
    if suffix in GEOMETRY:
        return len(gpd.read_file(path))
    if suffix in (".xlsx", ".xls"):
        return sum(len(sheet) for sheet in pd.read_excel(path, sheet_name=None, header=None).values())
    if suffix == ".csv":
        for encoding in ("utf-8", "cp1252"):
            try:
                return len(pd.read_csv(path, encoding=encoding, on_bad_lines="skip", low_memory=False))
            except UnicodeDecodeError:  # the other encoding of published files
                continue
            except pd.errors.ParserError:  # not one table: a plain read leaves it out
                return None
    return None


def middle(readings: Sequence[Reading]) -> Reading:
    """Medians of several passes over the same files."""
    return Reading(
        statistics.median(r.seconds for r in readings),
        readings[0].n_files,
        readings[0].n_rows,
        statistics.median(r.peak_mb for r in readings),
    )


def _apart(way: str, data: Path) -> Reading:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_files", "--once", way, "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LONGEST_S,
        check=True,
    )
    return Reading(**json.loads(done.stdout.splitlines()[-1]))


def run(data: Path = DEFAULT_DATA, n_repeats: int = 3) -> None:
    """Print the table."""
    reason = absence(data)
    if reason:
        print(f"Skipped: {reason}.")
        return
    found = {way: [_apart(way, data) for _ in range(n_repeats)] for way in WAYS}
    print(f"Medians of {n_repeats}, each in a process of its own; {machine()}.")
    print("way    | files |   rows | seconds (least to most) | rows a second | most MB")
    for way, readings in found.items():
        one, times = middle(readings), [r.seconds for r in readings]
        span = f"{one.seconds:.1f} ({min(times):.1f} to {max(times):.1f})"
        speed = f"{one.n_rows / one.seconds:,.0f}"
        print(
            f"{way:<6} | {one.n_files:>5} | {one.n_rows:>6,} | {span:>23} | {speed:>13} | {one.peak_mb:>7.0f}"
        )
    ratio = middle(found["import"]).seconds / middle(found["plain"]).seconds
    print(f"An import takes {ratio:.1f} times as long as plain reading.")


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks.import_files", description=__doc__.splitlines()[0]
    )
    made.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of York's published files")
    made.add_argument("--repeat", type=int, default=3)
    made.add_argument("--once", choices=WAYS, help=argparse.SUPPRESS)
    return made


def main() -> None:
    given = parser().parse_args()
    if given.once:
        reading = {"import": import_once, "plain": read_plainly}[given.once](given.data)
        print(json.dumps(asdict(reading)))
    else:
        run(given.data, min(max(given.repeat, 1), MOST_REPEATS))


if __name__ == "__main__":
    main()
