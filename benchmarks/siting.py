"""How near to the best hubs are sited, how surely and how fast.

    python -m benchmarks.siting [FOLDER] [--size york|small|city|large|all] [--objectives]

FOLDER holds instances in the OR-Library's p-median format (Beasley, Journal of the Operational Research
Society 41, 1990: first line vertices, edges, hubs; then edges) as .txt files, with their published optima in
optima.txt where there is one. Without a folder, or where it does not exist, only synthetic sizes run: areas
half evenly and half around centres, need by chance, candidates at some of them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import shortest_path

from benchmarks.app_server import memory_mb
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingProblem
from neighbourhoods.siting.siting import site_hubs

SIZES = {
    "small": (121, 60, 4),
    "york": (637, 150, 6),
    "city": (3_200, 500, 20),
    "large": (35_000, 2_000, 50),
}
SEEDS = {"small": 3, "york": 3, "city": 5, "large": 1}
MINUTES_MAX = 10.0


def parse_instance(text: str) -> SitingProblem:
    """A p-median on a graph: every vertex is an area with demand 1 and a candidate.

    Minutes are lengths of shortest paths; of an edge given twice the last length counts.
    """
    numbers = np.array(text.split(), dtype=np.int64)
    n, n_edges, p = (int(one) for one in numbers[:3])
    edges = numbers[3 : 3 + 3 * n_edges].reshape(-1, 3)
    length = {(min(a, b) - 1, max(a, b) - 1): c for a, b, c in edges.tolist()}
    first, second = np.array(list(length)).T
    graph = sp.csr_array((np.array(list(length.values()), dtype=float), (first, second)), shape=(n, n))
    minutes = shortest_path(graph, directed=False)
    ids = tuple(str(k + 1) for k in range(n))
    return SitingProblem(ids, ids, np.ones(n), minutes.astype(np.float32), n_hubs=p)


def read_optima(folder: Path) -> dict[str, float]:
    """Published optima by instance; none where there is no table."""
    file = folder / "optima.txt"
    if not file.exists():
        return {}
    parts = (line.split() for line in file.read_text().splitlines())
    return {one[0]: float(one[1]) for one in parts if len(one) == 2 and one[1].replace(".", "").isdigit()}


def synthetic(n: int, m: int, p: int, seed: int) -> SitingProblem:
    """Areas on a square of 1 per unit of ground, 2 minutes a unit and one to set out."""
    random = np.random.default_rng(seed)
    side = n**0.5
    centres = random.random((8, 2)) * side
    around = centres[random.integers(0, 8, n - n // 2)] + random.normal(0, side / 14, (n - n // 2, 2))
    areas = np.concatenate([random.random((n // 2, 2)) * side, np.clip(around, 0, side)])
    demand = random.integers(500, 3_000, n) * random.lognormal(0, 0.4, n)
    candidates = areas[random.choice(n, m, replace=False)]
    minutes = np.empty((n, m), dtype=np.float32)
    for j in range(m):
        minutes[:, j] = np.hypot(*(areas - candidates[j]).T) * 2 + 1
    return SitingProblem(
        tuple(f"a{k}" for k in range(n)), tuple(f"c{k}" for k in range(m)), demand, minutes, n_hubs=p
    )


def run_instances(folder: Path) -> None:
    """One line for each instance."""
    optima = read_optima(folder)
    print("instance      n    p    found published bound gap  nodes      s")
    n_reached, n_proven, files = 0, 0, sorted(folder.glob("pmed*.txt"), key=lambda f: int(f.stem[4:] or 0))
    for file in files:
        problem = parse_instance(file.read_text())
        n = len(problem.area_ids)
        began = time.perf_counter()
        found = site_hubs(problem, "p_median")
        spent = time.perf_counter() - began
        value, published = found.value * n, optima.get(file.stem, np.nan)
        n_reached += abs(value - published) < 0.5
        n_proven += found.is_proven
        print(
            f"{file.stem:<10} {n:>4} {problem.n_hubs:>4} {value:>8.0f} {published:>9.0f} {found.gap:>9.4%} "
            f"{found.n_nodes:>6} {spent:>6.2f}",
            flush=True,
        )
    print(f"{n_reached} of {len(files)} published optima reached, {n_proven} proven by the bound")


def run_size(name: str) -> None:
    """p-median at one synthetic size."""
    n, m, p = SIZES[name]
    for seed in range(1, SEEDS[name] + 1):
        problem = synthetic(n, m, p, seed)
        began, processor = time.perf_counter(), time.process_time()
        found = site_hubs(problem, "p_median", SitingParams())
        spent, processor = time.perf_counter() - began, time.process_time() - processor
        print(
            f"{name:<6} {n:>6,} x {m:>5,}, p {p:>2}: {found.value:8.4f} minutes, gap {found.gap:8.4%}, "
            f"{'proven' if found.is_proven else 'open  '} {found.n_nodes:>5} nodes {spent:>6.2f} s "
            f"({processor:.2f} s of processor), {memory_mb(peak=True):,.0f} MB",
            flush=True,
        )


def run_objectives(name: str) -> None:
    """Every objective at one synthetic size."""
    n, m, p = SIZES[name]
    problem = synthetic(n, m, p, 1)
    for objective_id in OBJECTIVES:
        processor = time.process_time()
        asked = replace(problem, n_hubs=None) if objective_id == "set_cover" else problem
        found = site_hubs(asked, objective_id, SitingParams(minutes_max=MINUTES_MAX))
        processor = time.process_time() - processor
        print(
            f"{objective_id:<12} {n:>6,} x {m:>5,}: {found.value:8.4f}, gap {found.gap:8.4%}, "
            f"{len(found.chosen)} hubs, {found.runtime_s:6.2f} s ({processor:.2f} s of processor)",
            flush=True,
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--size", choices=[*SIZES, "all", "none"], default="all")
    parser.add_argument("--objectives", action="store_true", help="every objective, at the size of York")
    given = parser.parse_args()
    site_hubs(synthetic(60, 10, 2, 0), "p_median")  # compiled, or read from the cache
    if given.folder is not None and any(given.folder.glob("pmed*.txt")):
        run_instances(given.folder)
    for name in SIZES if given.size == "all" else [given.size]:
        if name != "none":
            run_size(name)
    if given.objectives or given.size == "all":
        run_objectives("york")


if __name__ == "__main__":
    main()
