"""The search beside spopt, GerryChain and METIS, on the same areas, with the same people and the same band.

    python -m benchmarks.rivals [--data FOLDER] [--workspace FOLDER] [--size N ...]

FOLDER holds York's published files, which are imported into a passing workspace; without it the sample's
wards are used. Sizes are numbers of areas: York's 21 wards, 121 small areas and 637 output areas, and 3,200
and 35,000 made-up ones. What is to be small is the shared border, then the number of neighbours parted; a
footprint may lie inside another, as no rival knows how to forbid it. All options are measured by the
project's own scores. Seconds are of a processor, of all cores together; those of a bound by the clock. Each
seed of a rival has as long as the search had in all. "ratio" is to what the search found. A rival that has no
option within the band shows the one that deviates least. Of the wards every way is gone through as well.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import rival_gerrychain, rival_metis, rival_spopt
from benchmarks.rival_instance import (
    NUMBERS,
    YORK_SIZES,
    Instance,
    number_for,
    study_of,
    synthetic_instance,
    york_instances,
)
from benchmarks.rival_task import Answer, Solve, Task, answered
from benchmarks.workspace import DEFAULT_DATA
from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.enumeration_kernel import MOST_AREAS
from neighbourhoods.measure.option_score import score_options
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search.result import border_bounds
from neighbourhoods.search.run import warm_up
from neighbourhoods.search.search import Found, default_steps, search_options

TOLERANCE = 0.05
WISHED = ("compactness", "cut_edges")
NUMBERS_OF_WARDS = (3, 4, 5)
SEEDS = (1, 2, 3)
FEWER_SEEDS = {1_000: 2, 10_000: 1}  # above so many areas, as each seed waits long
LEAST_SECONDS = 5.0  # that each seed of a rival has, however quick the search was
MORE = 1.5  # times its time that a rival may take, if it does not look at it
HOW_TO_INSTALL = "not installed: pip install -r benchmarks/rivals.txt"
HEAD = " " * 24 + "  border km  parted  deviates  pieces  seconds   ratio  done"


def rivals(n_areas: int, wish_id: str) -> Iterable[tuple[str, str, Solve]]:
    """Name of each rival, the package it is in, and how it is set to work.

    spopt is set to work once for each instance, as it knows neither wish.
    """
    yield "METIS, ten seeds", "pymetis", rival_metis.metis_of_ten
    yield "METIS, as long", "pymetis", rival_metis.metis_as_long
    yield "GerryChain, bursts", "gerrychain", rival_gerrychain.short_bursts
    if wish_id == WISHED[0]:
        for name, solve in rival_spopt.ways(n_areas).items():
            yield f"spopt, {name}", "spopt", solve


def search_row(
    instance: Instance, n: int, wish_id: str, steps: int
) -> tuple[Found, NDArray[np.integer], float]:
    """What the search finds for one wish: all, the best, and seconds of a processor."""
    problem, town = instance.asked(n, TOLERANCE)
    warm_up()
    began = time.process_time()
    found = search_options(problem, town, {wish_id: 1.0}, steps=steps, may_enclose=True)
    seconds = time.process_time() - began
    if not len(found.footprint):
        raise SystemExit(f"the search found nothing for {instance.name}")
    return found, found.footprint[int(found.scores[WISHES[wish_id].measure_id].argmin())], seconds


def bound_of(instance: Instance, n: int, wish_id: str, found: Found) -> tuple[float, float]:
    """What no option beats, and the seconds by the clock that took."""
    began = time.perf_counter()
    ((_, bound),) = border_bounds(*instance.asked(n, TOLERANCE), found, {wish_id: 1.0}, None, None)
    return bound.value, time.perf_counter() - began


def task_of(instance: Instance, n: int, wish_id: str, seconds: float) -> Task:
    """The same as plain arrays."""
    first, second, length_m = instance.topology.pairs
    cost = length_m if wish_id == "compactness" else np.ones(len(length_m))
    return Task(
        instance.people,
        first.astype(np.int64),
        second.astype(np.int64),
        instance.xy,
        n,
        TOLERANCE,
        cost.astype(np.float64),
        max(seconds, LEAST_SECONDS),
        SEEDS[: min([most for above, most in FEWER_SEEDS.items() if instance.n_areas > above], default=None)],
    )


def told(
    name: str, instance: Instance, task: Task, wish_id: str, answer: Answer, ours: float = np.nan
) -> tuple[str, float]:
    """A line of the table, and the measure."""
    _, town = instance.asked(task.n, TOLERANCE)
    scores = score_options(answer.row.astype(np.int16)[None, :], town).iloc[0]
    value = float(scores[WISHES[wish_id].measure_id])
    meets = task.worth(answer.row)[0] == 0
    ratio = f"{value / ours:>7.3f}" if meets and np.isfinite(ours) else " " * 7
    line = (
        f"{name:<24} {scores['shared_border_m'] / 1_000:>10,.2f} {scores['cut_edges']:>7,.0f}"
        f" {task.deviation(answer.row):>8.1%}{' ' if meets else '*'} {task.n_pieces(answer.row):>7}"
        f" {answer.seconds:>8.1f} {ratio}  {answer.words}"
    )
    return line, value


def compare(instance: Instance, wish_id: str, steps: int, chosen: Callable[[str], bool]) -> None:
    """The table of one instance and one wish."""
    n = number_for(instance)
    steps = steps or default_steps(instance.n_areas, 1)
    print(
        f"\n{instance.name}: {instance.n_areas:,} areas, {n} footprints, band {TOLERANCE:.0%}; "
        f"to be small: {WISHES[wish_id].label.lower()}"
    )
    if instance.note:
        print(f"Residents are made up: {instance.note}.")
    print(HEAD)
    found, row, seconds = search_row(instance, n, wish_id, steps)
    task = task_of(instance, n, wish_id, seconds)
    words = f"{found.n_steps:,} steps, {found.runtime_s:.1f} s by the clock"
    line, ours = told("search", instance, task, wish_id, Answer(row, seconds, words))
    print(line, flush=True)
    bound, bound_s = bound_of(instance, n, wish_id, found)
    shown = f"{bound / 1_000:>10,.2f} {'':>7}" if wish_id == "compactness" else f"{'':>10} {bound:>7,.0f}"
    gap = f"gap {max(1 - bound / ours, 0):.1%}"
    print(f"{'no option beats':<24} {shown} {'':>9} {'':>7} {bound_s:>8.1f} {bound / ours:>7.3f}  {gap}")
    for name, package, solve in rivals(instance.n_areas, wish_id):
        if not chosen(package):
            continue
        if find_spec(package) is None:
            print(f"{name:<24} {HOW_TO_INSTALL}")
            continue
        answer = answered(solve, task, MORE * task.seconds * (1 if package == "spopt" else len(task.seeds)))
        print(
            f"{name:<24} {answer}"
            if isinstance(answer, str)
            else told(name, instance, task, wish_id, answer, ours)[0],
            flush=True,
        )


def against_every_way(instance: Instance) -> None:
    """Whether the search finds the least border there is, where every way can be gone through."""
    print(f"\n{instance.name}: the search and every way there is, band {TOLERANCE:.0%}")
    print(
        " n      ways  least border km  search km  equal  least parted  search  equal  every way s  search s"
    )
    for n in NUMBERS_OF_WARDS:
        problem, town = instance.asked(n, TOLERANCE)
        every = enumerate_options(problem)
        if not every.is_complete:
            raise SystemExit(f"not every way to make {n} footprints was gone through")
        scores = score_options(every.footprint, town)
        line, total = f"{n:>2} {every.n_options:>9,}", 0.0
        for wish_id, width in zip(WISHED, ((16, 10), (13, 7)), strict=True):
            measure = WISHES[wish_id].measure_id
            found, _, seconds = search_row(instance, n, wish_id, default_steps(instance.n_areas, 1))
            least, ours = float(scores[measure].min()), float(found.scores[measure].min())
            total += seconds
            equal = "yes" if abs(ours - least) <= 1e-6 * least else "NO"
            unit, digits = (1_000, 3) if wish_id == "compactness" else (1, 0)
            line += f" {least / unit:>{width[0]}.{digits}f} {ours / unit:>{width[1]}.{digits}f} {equal:>6}"
        print(f"{line} {every.runtime_s:>12.2f} {total:>9.1f}", flush=True)


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of York's published files")
    made.add_argument("--workspace", type=Path, help="an imported workspace; it is copied, never written")
    made.add_argument("--size", type=int, nargs="*", default=[], help="numbers of areas; all but the largest")
    made.add_argument("--wish", choices=WISHED, nargs="*", default=WISHED, help="what is to be small")
    made.add_argument("--steps", type=int, default=0, help="of the search; as many as it takes by itself")
    made.add_argument("--package", nargs="*", help="rivals to compare with: pymetis, gerrychain, spopt")
    return made


def main() -> None:
    """Print the tables."""
    given = parser().parse_args()
    sizes = given.size or [*YORK_SIZES, min(NUMBERS)]

    def chosen(package: str) -> bool:
        return given.package is None or package in given.package

    with study_of(given.data, given.workspace) as study:
        instances = list(york_instances(study, tuple(sizes)))
    instances += [synthetic_instance(size) for size in sizes if size not in YORK_SIZES]
    for instance in instances:
        if instance.n_areas <= MOST_AREAS:
            against_every_way(instance)
        for wish_id in given.wish:
            compare(instance, wish_id, given.steps, chosen)
    untried = ", ".join(f"{name} above {most:,}" for name, most in rival_spopt.MOST_AREAS.items())
    print(f"\nOf spopt, left out because it did not finish in the time: {untried} areas.")
    print("* not within the band, or not in one piece each; then its border says nothing.")


if __name__ == "__main__":
    main()
