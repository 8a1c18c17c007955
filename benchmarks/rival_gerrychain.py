"""GerryChain's short bursts: recombinations by chance, ten at a time from the best so far.

It begins with its own recursive cutting of trees, and every step keeps to the band.
"""

from __future__ import annotations

import math
from functools import partial
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.rival_task import Answer, Best, Task

STEPS_OF_A_BURST = 10
FOR_EVER = 1_000_000_000


def short_bursts(task: Task) -> Answer:
    """The best of all seeds, each of which has the whole time."""
    import networkx
    from gerrychain import Graph, Partition
    from gerrychain.optimization import SingleMetricOptimizer
    from gerrychain.proposals import recom
    from gerrychain.updaters import Tally

    best, n_steps = Best(task), 0
    pairs = list(zip(task.first.tolist(), task.second.tolist(), strict=True))
    plain = networkx.Graph()
    plain.add_nodes_from((area, {"people": count}) for area, count in enumerate(task.people.tolist()))
    plain.add_edges_from(pairs)
    graph = Graph.from_networkx(plain)
    cost = dict(zip(pairs, task.cost.tolist(), strict=True))
    cost |= {(b, a): one for (a, b), one in cost.items()}

    def border(option: Any) -> float:
        return math.fsum(cost[edge] for edge in option["cut_edges"])

    def row(option: Any) -> NDArray[np.int64]:
        found = np.empty(len(task.people), dtype=np.int64)
        for footprint, areas in option.parts.items():
            found[list(areas)] = footprint
        return found

    asked = {"pop_col": "people", "pop_target": task.target, "epsilon": task.tolerance}
    updaters = {"people": Tally("people", alias="people")}
    for seed in task.seeds:
        end, random = best.seconds + task.seconds, Random(seed)
        option = Partition.from_random_assignment(
            graph, task.n, task.tolerance, "people", updaters, rng=random
        )
        bursts = SingleMetricOptimizer(
            partial(recom, **asked), [], option, border, maximize=False, rng=random
        )
        for _ in bursts.short_bursts(STEPS_OF_A_BURST, FOR_EVER):
            n_steps += 1
            if best.seconds > end:
                break
        best.see(row(bursts.best_part))
    return best.answer(f"{n_steps:,} steps, {len(task.seeds)} seed{'s' if len(task.seeds) > 1 else ''}")
