"""Rounds with time windows beside PyVRP, which has as long and ten times as long.

    python -m benchmarks.rounds [--size N ...] [--seeds N] [--steps N]

Towns are made up from a seed: stops on a square of twelve kilometres, the depot near its middle, whole
minutes of driving, half an hour at each stop, windows of one to four hours, a prize for each stop; every
driver's day from 9:00 to 17:00 is a vehicle. No town can have all of its prizes. What is to be high is the
sum of prizes; of equals the one with less driving: PyVRP is told that a point is worth `SCALE` minutes.
Seconds are of a processor. Our search is the one that draws a bus's rounds. "gap" is how much more PyVRP
collects in ten times the time, below nought where it collects less.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.spatial.distance import cdist

from neighbourhoods.outreach.search import Rounds, items_of, search_rounds, warm_up
from neighbourhoods.outreach.task import IN_PART, Task
from neighbourhoods.travel.straight_line import DETOUR

SIZES = {20: 1, 35: 2, 50: 3, 75: 4, 100: 5}  # stops: driver days
KM_H, SIDE_KM, DWELL = 25.0, 12.0, 30
OPENS, CLOSES = 540, 1_020
SCALE = 100
STEPS = 20_000
TIMES = 10
HOW_TO_INSTALL = "PyVRP is not installed: pip install -r benchmarks/rivals.txt"

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Town:
    """Stops with prizes and windows; the depot is the last of the places.

    Parameters
    ----------
    drive : int (n + 1, n + 1)
        Whole minutes, none shorter than a way by another place.
    prize, opens, closes : int (n,)
    n_days : int
    """

    drive: Ints
    prize: Ints
    opens: Ints
    closes: Ints
    n_days: int


def town(n: int, seed: int) -> Town:
    """A made-up town of so many stops."""
    random = np.random.default_rng((n, seed))
    xy = np.concatenate([random.random((n, 2)) * SIDE_KM, [[SIDE_KM / 2, SIDE_KM / 2]]])
    drive = np.ceil(cdist(xy, xy) * DETOUR / KM_H * 60).astype(np.int64)
    width = random.integers(60, 241, n)
    opens = OPENS + (random.random(n) * (CLOSES - OPENS - width)).astype(np.int64)
    return Town(drive, random.integers(10, 101, n), opens, opens + width, SIZES.get(n, max(1, n // 20)))


def task_of(made: Town) -> Task:
    """A town as rounds of one session: every stop is visited once at the most."""
    n, m = len(made.prize), made.n_days
    nought, each = np.zeros(m, dtype=np.int64), np.arange(m, dtype=np.int64)
    drive = made.drive.astype(float)
    return Task(
        **items_of(csr_array(diags_array(made.prize.astype(float)))),
        is_must=np.zeros(n, dtype=np.bool_),
        item_session=np.zeros(n, dtype=np.int64),
        visit_item=np.arange(n, dtype=np.int64),
        visit_stop=np.arange(n, dtype=np.int64),
        visit_at=np.full(n, -1.0),
        drive=drive,
        km=drive,
        dwell=float(DWELL),
        round_session=nought,
        round_group=each,
        round_sitting=nought,
        round_day=nought,
        earliest=np.full(m, float(OPENS)),
        latest=np.full(m, float(CLOSES)),
        by_group=np.arange(m + 1, dtype=np.int64),
        group_round=each,
        shift=float(CLOSES - OPENS),
        rest=0.0,
        rest_after=np.inf,
        worth=np.ones(1),
        hours=np.full((n, m), IN_PART, dtype=np.int64),
        by_window=np.concatenate([[0], np.cumsum(np.tile([1, 0, 0, 0, 0, 0, 0], n))]).astype(np.int64),
        opens=made.opens.astype(float),
        closes=made.closes.astype(float),
        range_km=np.inf,
        refuel=0.0,
        is_strict=True,
    )


def require_driven(made: Town, rounds: tuple[tuple[int, ...], ...]) -> int:
    """The prizes of rounds, counted by hand.

    Raises
    ------
    AssertionError
        When a stop is visited twice, or out of its window, or a day is too long.
    """
    visited = [stop for row in rounds for stop in row]
    if len(set(visited)) < len(visited) or len(rounds) > made.n_days:
        raise AssertionError("a stop is visited twice, or there are too many rounds")
    for row in rounds:
        t = OPENS
        for before, stop in pairwise([-1, *row]):
            t = max(t + int(made.drive[before, stop]), int(made.opens[stop])) + DWELL
            if t > made.closes[stop]:
                raise AssertionError(f"the stop {stop} is visited when it is closed")
        if row and t + made.drive[row[-1], -1] > CLOSES:
            raise AssertionError("a round is too long")
    return int(made.prize[visited].sum()) if visited else 0


def ours(made: Town, n_steps: int, seed: int = 1) -> tuple[Rounds, float]:
    """Rounds by the search of the project, and how many seconds of a processor they took."""
    began = time.process_time()
    found = search_rounds(task_of(made), ((),) * made.n_days, seed=seed, n_steps=n_steps)
    return found, time.process_time() - began


def rounds_of_pyvrp(made: Town, seconds: float, seed: int = 1) -> tuple[tuple[int, ...], ...]:
    """Rounds by PyVRP's model with optional clients, in so many seconds of a processor."""
    import pyvrp  # type: ignore[import-not-found, unused-ignore]

    model = pyvrp.Model()
    places = [model.add_location(0, 0) for _ in range(len(made.drive))]
    depot = model.add_depot(places[-1])
    model.add_vehicle_type(made.n_days, start_depot=depot, end_depot=depot, tw_early=OPENS, tw_late=CLOSES)
    for k, place in enumerate(places[:-1]):
        model.add_client(
            place,
            service_duration=DWELL,
            tw_early=int(made.opens[k]),
            tw_late=int(made.closes[k]) - DWELL,
            prize=SCALE * int(made.prize[k]),
            required=False,
        )
    for a, one in enumerate(places):
        for b, other in enumerate(places):
            model.add_edge(one, other, int(made.drive[a, b]), int(made.drive[a, b]))
    began = time.process_time()

    def is_over(_: float) -> bool:
        return time.process_time() - began > seconds

    best = model.solve(is_over, seed=seed, display=False, collect_stats=False).best
    if not best.is_feasible():
        return ()
    return tuple(tuple(one.idx for one in route if one.is_client()) for route in best.routes())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--steps", type=int, default=STEPS)
    given = parser.parse_args()
    if find_spec("pyvrp") is None:
        print(HOW_TO_INSTALL)
        return
    warm_up()
    gaps = []
    print("stops  days  seed   ours       s  PyVRP as long  ten times as long      gap")
    for n in given.size:
        for seed in range(given.seeds):
            made = town(n, seed)
            found, seconds = ours(made, given.steps)
            own = require_driven(made, found.visits)
            as_long = require_driven(made, rounds_of_pyvrp(made, seconds))
            longer = require_driven(made, rounds_of_pyvrp(made, TIMES * seconds))
            gaps.append((longer - own) / longer)
            head = f"{n:>5} {made.n_days:>5} {seed:>5} {own:>6} {seconds:>7.1f}"
            print(f"{head} {as_long:>14} {longer:>18} {gaps[-1]:>8.2%}", flush=True)
    print(f"mean gap {np.mean(gaps):.2%} over {len(gaps)} towns")


if __name__ == "__main__":
    main()
