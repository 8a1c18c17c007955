"""How many ways York's 21 wards make n footprints, and how long it takes to find all of them.

    python -m benchmarks.enumerate [FOLDER]

FOLDER holds York's published files (default ../shared/data/york). "naive" is the textbook recursion in plain
Python, without look-ahead: it grows a footprint from the lowest free ward and gives up only when there are
too many people. It is a second algorithm, so its counts must be the same; it is stopped after a minute.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.topology import build_topology
from neighbourhoods.generation.enumeration import enumerate_options, estimate_steps, warm_up
from neighbourhoods.generation.problem import Problem

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "york"
NUMBERS = (3, 4, 5, 6)
TOLERANCES = (0.05, 0.10)
PATIENCE_S = 60.0


def york(folder: Path) -> tuple[tuple[float, ...], tuple[tuple[int, int], ...]]:
    """Census residents of each ward, and which wards share a border."""
    wards = gpd.read_file(folder / "boundaries" / "ward_E06000014.geojson").to_crs(27700)
    wards = wards.rename(columns={"WD25CD": "area_code", "WD25NM": "area_name"}).set_index("area_code")
    lookup = pd.read_csv(folder / "lookups" / "DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    census = pd.read_csv(folder / "indicators" / "census2021-ts007a-lsoa.csv").set_index("geography code")
    ward = lookup.set_index("lsoa21_code")["ward24_code"]
    people = census["Age: Total"].groupby(ward).sum().reindex(wards.index).astype(float)
    first, second, _ = build_topology(wards).pairs
    return tuple(people), tuple(zip(first.tolist(), second.tolist(), strict=True))


def naive(problem: Problem, patience_s: float) -> int | None:
    """Number of ways by plain recursion; None when it takes too long."""
    n = len(problem.people)
    beside = [sum(1 << b for a, b in _both_ways(problem.edges) if a == area) for area in range(n)]
    low, high = problem.band
    end = time.perf_counter() + patience_s

    def ways(free: int, k: int) -> int:
        if not free or not k:
            return int(not free and not k)
        root = (free & -free).bit_length() - 1
        return grow(free & ~(1 << root), problem.people[root], beside[root], 0, k)

    def grow(free: int, people: float, edge: int, refused: int, k: int) -> int:
        if people > high:
            return 0
        if time.perf_counter() > end:
            raise TimeoutError
        found = ways(free, k - 1) if people >= low else 0
        choices = edge & free & ~refused
        while choices:
            bit = choices & -choices
            area = bit.bit_length() - 1
            found += grow(free & ~bit, people + problem.people[area], edge | beside[area], refused, k)
            refused |= bit
            choices &= ~bit
        return found

    try:
        return ways((1 << n) - 1, problem.n_min)
    except TimeoutError:
        return None


def _both_ways(edges: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    return [*edges, *((b, a) for a, b in edges)]


def main() -> None:
    """Print one line for each number of footprints and each band."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    people, edges = york(parser.parse_args().folder)
    print(f"compiled, or read from the cache, in {warm_up():.1f} s")
    print(" n  band      ways      steps  expected  seconds  processor   naive ways  naive s  ratio")
    for n in NUMBERS:
        for tolerance in TOLERANCES:
            problem = Problem(people, edges, n, n, sum(people) / n, tolerance)
            expected = estimate_steps(problem)
            processor = time.process_time()
            found = enumerate_options(problem)
            processor = time.process_time() - processor
            began = time.perf_counter()
            count = naive(problem, PATIENCE_S)
            naive_s = time.perf_counter() - began
            if count not in (None, found.n_options):
                raise SystemExit(f"the two algorithms differ: {found.n_options} and {count}")
            said = f"{count:>11,}" if count is not None else "    stopped"
            print(
                f"{n:>2} {tolerance:>5.0%} {found.n_options:>9,} {found.n_steps:>10,} {expected:>9,.0f} "
                f"{found.runtime_s:>8.3f} {processor:>10.3f} {said} {naive_s:>8.1f} "
                f"{naive_s / found.runtime_s:>6,.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
