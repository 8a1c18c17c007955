"""How near to the best rounds are found, on published instances and by the same search as for a bus.

    python -m benchmarks.outreach [FOLDER] [--steps N] [--seconds S] [--only p4.2]

FOLDER holds instances of the team orienteering problem (Chao, Golden and Wasil, European Journal of
Operational Research 88, 1996) as .txt files: `n`, `m` and `tmax`, then x, y and score of each point, the
first the start and the last the end; and best_known.csv (instance, best_known_score). Every score is a stop
that one point of need can reach, every path a round without dwell. Where FOLDER holds none of these, they are
looked for in benchmarks/chao-team-orienteering beside it.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.spatial.distance import cdist

from neighbourhoods.outreach.search import items_of, open_hours, search_rounds, warm_up
from neighbourhoods.outreach.task import Task

STEPS = 20_000


def parse_instance(text: str) -> Task:
    """A team orienteering instance as rounds of one session; points of no score are left out."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    head = {line[0]: float(line[1]) for line in lines[:3]}
    table = np.array(lines[3:], dtype=float)
    metres = cdist(table[:, :2], table[:, :2])
    kept = np.array([k for k in range(1, len(table) - 1) if table[k, 2] > 0], dtype=np.int64)
    n, m = len(kept), int(head["m"])
    drive = np.zeros((n + 1, n + 1))
    drive[:n, :n] = metres[np.ix_(kept, kept)]
    drive[n, :n], drive[:n, n] = metres[0, kept], metres[kept, -1]
    nought, each = np.zeros(m, dtype=np.int64), np.arange(m, dtype=np.int64)
    return Task(
        **items_of(csr_array(diags_array(table[kept, 2]))),
        **open_hours(n, m),
        is_must=np.zeros(n, dtype=np.bool_),
        item_session=np.zeros(n, dtype=np.int64),
        visit_item=np.arange(n, dtype=np.int64),
        visit_stop=np.arange(n, dtype=np.int64),
        visit_at=np.full(n, -1.0),
        drive=drive,
        km=drive,
        dwell=0.0,
        round_session=nought,
        round_group=each,
        round_sitting=nought,
        earliest=np.zeros(m),
        latest=np.full(m, head["tmax"]),
        by_group=np.arange(m + 1, dtype=np.int64),
        group_round=each,
        shift=head["tmax"],
        rest=0.0,
        rest_after=np.inf,
        worth=np.ones(1),
        range_km=np.inf,
        refuel=0.0,
        is_strict=False,
    )


def read_best(folder: Path) -> dict[str, float]:
    """Best known score by file name; none where there is no table."""
    file = folder / "best_known.csv"
    if not file.exists():
        return {}
    with file.open(newline="") as lines:
        return {row["instance"]: float(row["best_known_score"]) for row in csv.DictReader(lines)}


def folder_of(given: Path | None) -> Path | None:
    """Where the instances are: the folder that is given, or the one beside it; None for neither."""
    if given is None:
        return None
    places = (given, given.parent / "benchmarks" / "chao-team-orienteering")
    return next((one for one in places if any(one.glob("p*.txt"))), None)


def run_instances(folder: Path, only: str, n_steps: int, seconds: float) -> None:
    """One line for each instance, and the mean gap."""
    best = read_best(folder)
    gaps, spent = [], []
    print("instance     best known  found     gap   steps      s")
    for file in sorted(folder.glob(f"{only}*.txt")):
        task = parse_instance(file.read_text())
        began = time.perf_counter()
        found = search_rounds(
            task,
            ((),) * len(task.round_session),
            seed=1,
            n_steps=n_steps,
            is_over=lambda began=began: time.perf_counter() - began > seconds,
        )
        took = time.perf_counter() - began
        known = best.get(file.name, np.nan)
        gap = (known - found.value) / known
        if np.isfinite(gap):
            gaps.append(gap)
            spent.append(took)
        print(
            f"{file.stem:<10} {known:>12.0f} {found.value:>6.0f} {gap:>8.2%} {found.n_steps:>6} {took:>6.2f}",
            flush=True,
        )
    if gaps:
        print(f"mean gap {np.mean(gaps):.2%} over {len(gaps)} instances, {np.mean(spent):.1f} s each")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--only", default="p", help="instances whose names begin so")
    given = parser.parse_args()
    folder = folder_of(given.folder)
    if folder is not None:
        warm_up()  # compiled, or read from the cache
        run_instances(folder, given.only, given.steps, given.seconds)
    else:
        print("No instances were given; nothing is measured.")


if __name__ == "__main__":
    main()
