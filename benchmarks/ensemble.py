"""How fast options are drawn, how well they mix, and how near they come to all options there are.

    python -m benchmarks.ensemble [FOLDER]

FOLDER holds York's published files (default ../shared/data/york). Times are processor seconds of one core, so
that a busy machine does not count. "against all" is the largest difference between the share of drawn options
below a value and the exact share among all options, weighed as the sampler says, over every measure; the
last column is what as many independent draws would differ by at most, in 19 cases of 20. Residents of output
areas are made up (their census of 2011 is not among the files). GerryChain is timed beside it where it is
installed: steps, not options; its ReCom has no known distribution.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from benchmarks.enumerate import DEFAULT_FOLDER, york
from geodata.topology import build_topology
from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import Town, score_options
from neighbourhoods.sample.ensemble_merge import diagnose
from neighbourhoods.sample.ensemble_run import thin_for
from neighbourhoods.sample.sampler import Method, Sampler, chance_of_chain, warm_up

MEASURES = ("max_deviation", "shared_border_m", "cut_edges", "polsby_popper_mean", "population_range")
N_CHAINS = 4
SIZES = (
    ("ward_E06000014", "WD25CD", 4, 0.10, "redraw", 2_000),
    ("ward_E06000014", "WD25CD", 4, 0.10, "recombination", 2_000),
    ("lsoa21_E06000014", "LSOA21CD", 4, 0.05, "recombination", 1_000),
    ("oa11_E06000014", "OA11CD", 4, 0.05, "recombination", 250),
)
GERRYCHAIN_STEPS = 200


def ground(folder: Path, name: str, column: str) -> tuple[Town, tuple[tuple[int, int], ...]]:
    """Areas with their residents, and which share a border."""
    areas = gpd.read_file(folder / "boundaries" / f"{name}.geojson").to_crs(27700)
    areas = areas.rename(columns={column: "area_code"}).set_index("area_code")
    topology = build_topology(areas)
    first, second, _ = topology.pairs
    people = np.random.default_rng(0).integers(200, 450, len(areas)).astype(float)
    if column == "WD25CD":
        people = np.array(york(folder)[0])
    elif column == "LSOA21CD":
        census = pd.read_csv(folder / "indicators" / "census2021-ts007a-lsoa.csv").set_index("geography code")
        people = census["Age: Total"].reindex(areas.index).to_numpy(dtype=float)
    return Town(topology, people, people.sum() / 4), tuple(zip(first.tolist(), second.tolist(), strict=True))


def components(footprint: NDArray[np.int8], at_once: tuple[int, ...]) -> NDArray[np.int64]:
    """Sizes of the sets of options within which one comes from any to any, largest first.

    Parameters
    ----------
    footprint : int8 (n_options, n_areas)
        Every option of one number of footprints.
    at_once : tuple of int
        How many footprints may be taken up in one step.
    """
    n_options, k = len(footprint), int(footprint.max()) + 1
    bits = 1 << np.arange(footprint.shape[1], dtype=np.int64)
    masks = np.stack([(footprint == f) @ bits for f in range(k)], axis=1)
    options, joints, n_joints = [], [], 0
    for size in at_once:
        kept = [np.sort(masks[:, list(f)], axis=1) for f in combinations(range(k), k - size)]
        keys = np.concatenate(kept) if size < k else np.zeros((n_options, 1), dtype=np.int64)
        joint = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
        options.append(np.tile(np.arange(n_options), len(kept)))
        joints.append(joint + n_joints)
        n_joints += int(joint.max()) + 1
    row, column = np.concatenate(options), n_options + np.concatenate(joints)
    size = n_options + n_joints
    graph = coo_matrix((np.ones(len(row)), (row, column)), (size, size))
    label = connected_components(graph, directed=False)[1][:n_options]
    counted = np.bincount(label)
    return np.sort(counted[counted > 0])[::-1]


def tree_weights(footprint: NDArray[np.int8], edges: tuple[tuple[int, int], ...]) -> NDArray[np.float64]:
    """Product over footprints of the number of spanning trees of each option (Kirchhoff), to a factor."""
    known: dict[int, float] = {}
    bits = 1 << np.arange(footprint.shape[1], dtype=np.int64)
    logs = np.zeros(len(footprint))
    for f in range(int(footprint.max()) + 1):
        for option, mask in enumerate(((footprint == f) @ bits).tolist()):
            if mask not in known:
                known[mask] = _log_trees(mask, edges)
            logs[option] += known[mask]
    return np.exp(logs - logs.max())


def _log_trees(mask: int, edges: tuple[tuple[int, int], ...]) -> float:
    areas = [area for area in range(mask.bit_length()) if mask >> area & 1]
    place = {area: i for i, area in enumerate(areas)}
    laplacian = np.zeros((len(areas), len(areas)))
    for a, b in edges:
        if a in place and b in place:
            i, j = place[a], place[b]
            laplacian[[i, j], [i, j]] += 1
            laplacian[[i, j], [j, i]] -= 1
    return float(np.linalg.slogdet(laplacian[1:, 1:])[1]) if len(areas) > 1 else 0.0


def largest_difference(
    every: NDArray[np.float64], weight: NDArray[np.float64], drawn: NDArray[np.float64]
) -> float:
    """Largest difference between two shares below a value: of drawn options and of all, weighed."""
    order = np.argsort(every, kind="stable")
    share = np.concatenate([[0.0], np.cumsum(weight[order]) / weight.sum()])
    values = np.unique(np.concatenate([every, drawn]))
    exact = share[np.searchsorted(every[order], values, side="right")]
    sampled = np.searchsorted(np.sort(drawn), values, side="right") / len(drawn)
    return float(np.abs(exact - sampled).max())


def draw(
    problem: Problem, method: Method, n_draws: int
) -> tuple[NDArray[np.int16], float, int, NDArray[np.int64]]:
    """Options (n_chains x n_draws, n_areas), processor seconds, steps between, and what steps came to."""
    sampler, thin = Sampler(problem, None, method), thin_for(method, problem.n_min)
    began = time.process_time()
    rows, counts = [], np.zeros(4, dtype=np.int64)
    for chain in range(N_CHAINS):
        start = sampler.start(chance_of_chain(1, chain))
        if start is None:
            raise SystemExit("no option was found to begin with")
        burnt = sampler.advance(start, 20, thin)
        stretch = sampler.advance(burnt.state, n_draws, thin)
        rows.append(stretch.footprint)
        counts += stretch.counts
    return np.concatenate(rows), time.process_time() - began, thin, counts


def gerrychain_steps(problem: Problem, start: NDArray[np.int16]) -> dict[str, float]:
    """Steps a second of GerryChain's proposals from a given option; empty when it is not installed."""
    if find_spec("gerrychain") is None:
        return {}
    import networkx
    from gerrychain import Graph, MarkovChain, Partition
    from gerrychain.proposals import recom, reversible_recom
    from gerrychain.updaters import Tally

    plain = networkx.Graph(list(problem.edges))
    networkx.set_node_attributes(plain, dict(enumerate(problem.people)), "people")
    graph = Graph.from_networkx(plain)
    assignment = {area: int(f) for area, f in enumerate(start)}
    option = Partition(graph, assignment, {"people": Tally("people", alias="people")})
    asked = {"pop_col": "people", "pop_target": problem.target, "epsilon": problem.tolerance}
    proposals: dict[str, Callable[..., object]] = {
        "ReCom": partial(recom, **asked),
        "reversible ReCom": partial(reversible_recom, **asked, max_balanced_edge_cuts=30),
    }
    found = {}
    for name, proposal in proposals.items():
        began = time.process_time()
        for _ in MarkovChain(proposal, [], initial_partition=option, total_steps=GERRYCHAIN_STEPS, rng=1):
            pass
        found[name] = GERRYCHAIN_STEPS / (time.process_time() - began)
    return found


def connect(folder: Path) -> None:
    """Whether options of York's wards hang together when so many footprints are taken up at once."""
    people, edges = york(folder)
    print("sets of options within which redrawing leads from any to any (largest ones)")
    print(" n  band      ways  pairs                pairs, triples       up to four")
    for k in (3, 4, 5, 6):
        for tolerance in (0.05, 0.10):
            problem = Problem(people, edges, k, k, sum(people) / k, tolerance)
            footprint = enumerate_options(problem).footprint
            said = []
            for at_once in ((2,), (2, 3), (2, 3, 4)):
                sizes = components(footprint, tuple(n for n in at_once if n <= k))
                said.append(f"{len(sizes)}: {', '.join(f'{n:,}' for n in sizes[:3])}")
            print(f"{k:>2} {tolerance:>5.0%} {len(footprint):>9,}  {said[0]:<20} {said[1]:<20} {said[2]}")


def main() -> None:
    """Print one line for each number of areas and each method."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    folder = parser.parse_args().folder
    print(f"compiled, or read from the cache, in {warm_up('redraw') + warm_up('recombination'):.1f} s")
    print(
        "areas n  band method         thin  options/s  changed  R-hat  ESS/s  against all  chance alone"
        "  ReCom  reversible ReCom (GerryChain steps/s, and ratio of ours)"
    )
    for name, column, k, tolerance, method, n_draws in SIZES:
        town, edges = ground(folder, name, column)
        problem = Problem(tuple(town.people), edges, k, k, town.target, tolerance)
        rows, seconds, thin, counts = draw(problem, method, n_draws)  # type: ignore[arg-type]
        scores = score_options(rows.astype(np.int8), town)
        table = scores.assign(chain=np.repeat(np.arange(N_CHAINS), n_draws))
        mixed = diagnose(table).loc[list(MEASURES)]
        worth = float(mixed[["bulk_ess", "tail_ess"]].to_numpy().min())
        against = "            -             -"
        if len(town.people) <= 21:
            every = enumerate_options(problem).footprint
            weight = np.ones(len(every)) if method == "redraw" else tree_weights(every, edges)
            exact = score_options(every, town)
            away = max(
                largest_difference(exact[one].to_numpy(float), weight, scores[one].to_numpy(float))
                for one in MEASURES
            )
            against = f"{away:>12.4f} {1.36 / np.sqrt(len(rows)):>13.4f}"
        beside = gerrychain_steps(problem, rows[0])
        ours = counts[0] / seconds
        told = "  ".join(f"{value:,.0f} (x {ours / value:,.0f})" for value in beside.values())
        said = [
            f"{len(town.people):>5} {k} {tolerance:>5.0%} {method:<13} {thin:>5}",
            f"{len(rows) / seconds:>10,.0f} {counts[1] / counts[0]:>8.1%} {mixed['r_hat'].max():>6.3f}",
            f"{worth / seconds:>6,.0f} {against}",
            told or "GerryChain is not installed",
        ]
        print(" ".join(said), flush=True)
    connect(folder)


if __name__ == "__main__":
    main()
