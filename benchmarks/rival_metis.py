"""METIS (Karypis and Kumar, 1998) by pymetis: cuts a weighted graph in parts of about equal weight.

It promises no band, only that no part is larger by some share, so several shares are asked for in turn.
"""

from __future__ import annotations

import numpy as np

from benchmarks.rival_task import Answer, Best, Task

N_FIRST = 10  # seeds, whatever the time
SHARES = (50, 30, 10)  # thousandths by which a part may be larger
BOTH_WAYS_UP_TO = 8  # parts; halving again and again is for few
MOST = 1 << 30  # its whole numbers have 32 bits


def metis_of_ten(task: Task) -> Answer:
    """The best of ten seeds, each with each share."""
    return _best(task, 0.0)


def metis_as_long(task: Task) -> Answer:
    """The best of as many seeds as fit in the time."""
    return _best(task, task.seconds)


def _best(task: Task, seconds: float) -> Answer:
    import pymetis

    n_areas = len(task.people)
    source = np.concatenate([task.first, task.second])
    order = np.lexsort((np.concatenate([task.second, task.first]), source))
    graph = pymetis.CSRAdjacency(
        np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n_areas))]).tolist(),
        np.concatenate([task.second, task.first])[order].tolist(),
    )
    cost = np.maximum(np.rint(task.cost), 1).astype(np.int64)
    people = np.rint(task.people / max(1.0, task.people.sum() / MOST)).astype(np.int64).tolist()
    weights = np.concatenate([cost, cost])[order].tolist()
    ways = (False, True) if task.n <= BOTH_WAYS_UP_TO else (False,)
    best, seed = Best(task), 0
    while seed < N_FIRST or best.seconds < seconds:
        for share in SHARES:
            for halving in ways:
                options = pymetis.Options(seed=seed, ufactor=share, contig=0 if halving else 1)
                parts = pymetis.part_graph(
                    task.n,
                    graph,
                    vweights=people,
                    eweights=weights,
                    recursive=halving,
                    options=options,
                )
                best.see(np.asarray(parts.vertex_part, dtype=np.int64))
        seed += 1
    return best.answer(f"{seed:,} seeds x {len(SHARES) * len(ways)} settings")
