"""Have all that is compiled be compiled beforehand: `python -m neighbourhoods.compilation [--gently]`.

The first search on a computer would wait a minute for the compiler. Run by itself (gently: only on time that
nothing else wants), this goes through one tiny case of each kind; what comes of it is kept for every later
start.
"""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from geodata.compiled_code import is_marked, mark

GENTLY = "--gently"
HERE = Path(__file__).resolve().parent


@cache
def compiled_sources() -> tuple[str, ...]:
    """Files of this package out of which something is compiled."""
    texts = ((one, one.read_bytes()) for one in sorted(HERE.rglob("*.py")))
    found = (one for one, text in texts if "kernel" in one.stem or b"compiler(" in text or b"njit" in text)
    return tuple(map(str, found))


def is_compiled() -> bool:
    """Whether all of it stands ready for this Python and these sources; looks, and loads no compiler."""
    return is_marked(*_kind(), sources=compiled_sources())


def compile_all() -> None:
    """Compile, or read from where it is kept, what searches, siting, rounds and journeys by bus run on."""
    from neighbourhoods.bound.frontier import frontier_of
    from neighbourhoods.generation import enumeration
    from neighbourhoods.outreach import search as rounds
    from neighbourhoods.sample import sampler
    from neighbourhoods.search import run
    from neighbourhoods.siting.params import SitingParams
    from neighbourhoods.siting.problem import SitingProblem
    from neighbourhoods.siting.siting import site_hubs

    rounds.warm_up()
    run.warm_up()
    enumeration.warm_up()
    sampler.warm_up("redraw")
    sampler.warm_up("recombination")
    frontier_of(np.ones(3, dtype=np.int64), np.array([0, 1]), np.array([1, 2]))
    places, minutes = ("a", "b", "c"), np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]], dtype=np.float32)
    for capacity in (None, np.full(3, 2.0)):
        problem = SitingProblem(places, places, np.ones(3), minutes, n_hubs=2, capacity=capacity)
        for objective_id in ("p_median", "max_coverage", "equity"):
            site_hubs(problem, objective_id, SitingParams(minutes_max=1.0, worst_share=0.5))
    mark(*_kind(), sources=compiled_sources())


def _kind() -> tuple[str, ...]:
    return version("numba"), version("numpy"), platform.python_version(), platform.machine()


if __name__ == "__main__":
    if GENTLY in sys.argv[1:]:
        os.nice(19)
    if not is_compiled():
        compile_all()
