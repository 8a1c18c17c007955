"""Good plans by interchange from several seeded starts; each start is kicked and improved again.

The number of starts and kicks follows from the problem's size, not from the clock: the same seed has the same
plan on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.compiled import compiler
from neighbourhoods.siting import kernel as siting_kernel
from neighbourhoods.siting.kernel import CLOSED, FREE, OPEN, Ints, Marks, Rows, interchange, is_allowed, loads
from neighbourhoods.siting.rows import cheapest_choice

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

compiled = compiler(__file__, siting_kernel.__file__)

N_STARTS, FIRST_KICKS, MOST_KICKS = 3, 4, 120
SEVERAL_STARTS = 4_000_000  # areas x candidates up to which there are several
EFFORT = 4e8  # areas x candidates that kicks look at
PASSES = 6  # runs over all candidates that improving a kicked plan takes, about


@dataclass(frozen=True, eq=False)
class Choice:
    """What interchange works on: costs, rows that must hold, marks.

    Parameters
    ----------
    weight : float64 (n_areas,)
    cost : float32 (n_candidates, n_areas)
        Finite.
    rows : Rows
    status : int8 (n_candidates,)
    n_max : int
    """

    weight: Floats
    cost: Singles
    rows: Rows
    status: Marks
    n_max: int


@dataclass
class Plans:
    """Plans met, each once, with their costs; the first found of equally good ones counts.

    Parameters
    ----------
    limit : float
        Plans that cost as much or more are not asked for: whether there is a cheaper one is the question.
    """

    limit: float = np.inf
    best: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    cost: float = np.inf
    n_changes: int = 0
    met: dict[tuple[int, ...], float] = field(default_factory=dict)

    @property
    def upper(self) -> float:
        """What a plan must cost less than to be of interest."""
        return min(self.cost, self.limit)

    @property
    def is_answered(self) -> bool:
        """Whether a plan under a limit was asked for and is found."""
        return bool(self.limit < np.inf and self.cost < self.limit)

    def add(self, chosen: Ints, cost: float) -> None:
        """Note a plan."""
        self.met[tuple(sorted(chosen.tolist()))] = cost
        if cost < self.cost:
            self.best, self.cost = np.sort(chosen), cost


@compiled
def kick(rows: Rows, status: Marks, chosen: Ints, n_chosen: int, draws: Floats) -> None:
    """Exchange hubs by chance, two draws (n_kicks, 2) for each, where rows allow it."""
    load = loads(rows, chosen, n_chosen)
    is_in = np.zeros(len(status), np.bool_)
    for place in range(n_chosen):
        is_in[chosen[place]] = True
    for k in range(len(draws)):
        place, new = int(draws[k, 0] * n_chosen), int(draws[k, 1] * len(status))
        out = chosen[place]
        if is_in[new] or status[new] == CLOSED or status[out] == OPEN:
            continue
        if is_allowed(rows, load, out, new):
            chosen[place] = new
            is_in[out], is_in[new] = False, True
            load = loads(rows, chosen, n_chosen)


def improved(choice: Choice, chosen: Ints, order: Ints, plans: Plans) -> None:
    """Improve one plan and note it."""
    held = np.zeros(choice.n_max, dtype=np.int64)
    held[: len(chosen)] = chosen
    cost, n, n_changes = interchange(
        choice.cost, choice.weight, choice.rows, choice.status, held, len(chosen), order
    )
    plans.n_changes += n_changes
    plans.add(held[:n].copy(), cost)


def start(choice: Choice, possible: Ints, random: np.random.Generator) -> Ints:
    """A plan by chance that keeps to the rows; `possible` where there are none to keep."""
    m = len(choice.status)
    if len(choice.rows.limit) == 0:
        free = random.permutation(np.flatnonzero(choice.status == FREE))
        fixed = np.flatnonzero(choice.status == OPEN)
        return np.concatenate([fixed, free[: choice.n_max - len(fixed)]]).astype(np.int64)
    found = cheapest_choice(-random.random(m), choice.rows, choice.status, choice.n_max)
    return possible if found is None else found


def kicks_of(choice: Choice) -> int:
    """How many kicks a problem of this size is worth."""
    return int(np.clip(EFFORT / (PASSES * choice.cost.size), FIRST_KICKS, MOST_KICKS))


def good_plans(
    choice: Choice,
    possible: Ints,
    random: np.random.Generator,
    *,
    first: Ints | None = None,
    limit: float = np.inf,
) -> Plans:
    """Plans met by interchange from seeded starts and a few kicks.

    Parameters
    ----------
    possible : int64
        A plan that keeps to the rows.
    first : int64, optional
        A plan to start from, in place of those by chance.
    """
    plans = Plans(limit)
    if first is not None:
        improved(choice, first, random.permutation(len(choice.status)), plans)
        return plans
    for _ in range(N_STARTS if choice.cost.size < SEVERAL_STARTS else 1):
        improved(choice, start(choice, possible, random), random.permutation(len(choice.status)), plans)
    kick_on(choice, plans, random, FIRST_KICKS)
    return plans


def kick_on(choice: Choice, plans: Plans, random: np.random.Generator, n_kicks: int) -> None:
    """Kick the best plan so many times and improve it again."""
    for k in range(n_kicks):
        held = plans.best.copy()
        n_swaps = 2 + k % max(1, len(held) // 4)
        kick(choice.rows, choice.status, held, len(held), random.random((n_swaps, 2)))
        improved(choice, held, random.permutation(len(choice.status)), plans)
