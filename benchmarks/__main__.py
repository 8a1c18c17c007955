"""All benchmarks, or those that are named: `python -m benchmarks [NAME ...] [--data FOLDER]`.

Each runs in a process of its own, one after the other, so that none is measured on what another left behind.
What needs York's published files and does not find them is skipped, with the reason.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.app_server import ROOT, machine
from benchmarks.workspace import DEFAULT_DATA, absence


@dataclass(frozen=True)
class Benchmark:
    """One table.

    Parameters
    ----------
    title : str
    arguments : callable
        Of the folder of files and the ready workspace, either may be absent: the benchmark's own arguments.
    needs_data : bool
        Skipped without York's files; the others then measure the sample or synthetic areas.
    """

    title: str
    arguments: Callable[[Path, Path | None], list[str]]
    needs_data: bool = False


def _with_workspace(data: Path, workspace: Path | None) -> list[str]:
    ready = [] if workspace is None else ["--workspace", str(workspace)]
    return ["--data", str(data), *ready]


BENCHMARKS = {
    "import_files": Benchmark(
        "Import of all York's files", lambda data, _: ["--data", str(data)], needs_data=True
    ),
    "evaluate": Benchmark("Evaluation of one option", lambda data, _: [str(data)]),
    "enumerate": Benchmark(
        "Every way to make footprints of wards", lambda data, _: [str(data)], needs_data=True
    ),
    "single_move": Benchmark("Every single move of an option", lambda *_: []),
    "ensemble": Benchmark(
        "Thousands of options by chance, against all there are", lambda data, _: [str(data)], needs_data=True
    ),
    "siting": Benchmark("Hubs sited, with proof", lambda *_: []),
    "siting_rival": Benchmark("Hubs beside another package's models", lambda *_: []),
    "street": Benchmark("Journeys over streets and by bus", lambda *_: []),
    "outreach": Benchmark("Rounds of a bus on published instances", lambda data, _: [str(data)]),
    "rounds": Benchmark("Rounds with time windows beside PyVRP", lambda *_: []),
    "page_start": Benchmark("Page start to first map", _with_workspace),
    "click": Benchmark("Click to painted map and to figures", lambda data, _: [str(data)]),
    "what_if": Benchmark("Click under What if to sentence and symbol", _with_workspace),
    "load": Benchmark("Many people clicking at once", _with_workspace),
    "rivals": Benchmark("The search beside other packages", _with_workspace),
}


def command(name: str, data: Path, workspace: Path | None = None) -> list[str]:
    """The process that runs one benchmark."""
    return [sys.executable, "-m", f"benchmarks.{name}", *BENCHMARKS[name].arguments(data, workspace)]


def skip_reason(name: str, data: Path) -> str:
    """Why a benchmark cannot run; empty when it can."""
    return absence(data) if BENCHMARKS[name].needs_data else ""


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    made.add_argument(
        "names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHMARKS)}; all by default"
    )
    made.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of York's published files")
    made.add_argument("--workspace", type=Path, help="an imported workspace; it is copied, never written")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them; 0 when all that ran came to their end."""
    made = parser()
    given = made.parse_args(arguments)
    unknown = sorted(set(given.names) - set(BENCHMARKS))
    if unknown:
        made.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    print(f"{machine()}; read medians and ratios, a busy machine makes single times long.")
    failed = []
    for name in given.names or BENCHMARKS:
        print(f"\n## {BENCHMARKS[name].title} ({name})", flush=True)
        reason = skip_reason(name, given.data.resolve())
        workspace = given.workspace.resolve() if given.workspace else None
        if reason:
            print(f"Skipped: {reason}.")
        elif subprocess.run(command(name, given.data.resolve(), workspace), cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nNot finished: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
