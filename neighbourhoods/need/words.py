"""The sensitivity of a need index in a sentence that a councillor can repeat."""

from __future__ import annotations

from itertools import combinations

from neighbourhoods.need.sensitivity import NeedSensitivity

MOST_PAIRS = 2
WORTH_SAYING = 0.05  # pairs that change places more seldom are not named


def sensitivity_words(found: NeedSensitivity) -> str:
    """ "B is neediest in 97% of 2,000 weightings; C and D change places in 31%." """
    names = found.footprint_names
    leaders = [f for f, place in enumerate(found.rank) if place == 1]
    if len(names) == 1:
        return f"{names[0]} is the only neighbourhood: there is nothing to rank."
    if len(leaders) > 1:
        lead = f"{_listed([names[f] for f in leaders])} are equally needy"
        return f"{lead}; {_swap_words(found)}."
    if len(found.need.indicator_ids) == 1:
        return f"{names[leaders[0]]} is neediest; with a single indicator there are no weights to vary."
    share = share_words(float(found.neediest[leaders[0]]), found.n_draws)
    return f"{names[leaders[0]]} is neediest in {share}; {_swap_words(found)}."


def share_words(share: float, n_draws: int = 0) -> str:
    """ "97%", "all 2,000 weightings", "fewer than 1% of 2,000 weightings": never rounded to all or none."""
    of = f" of {n_draws:,} weightings" if n_draws else ""
    if share == 1:
        return f"all {n_draws:,} weightings" if n_draws else "all"
    if share == 0:
        return f"none{of}"
    if share < 0.005:
        return f"fewer than 1%{of}"
    if share >= 0.995:
        return f"more than 99%{of}"
    return f"{share:.0%}{of}"


def _swap_words(found: NeedSensitivity) -> str:
    names = found.footprint_names
    pairs = sorted(
        combinations(range(len(names)), 2), key=lambda pair: found.swaps[pair[0], pair[1]], reverse=True
    )
    said = [
        (f"{names[a]} and {names[b]}", f"in {share_words(float(found.swaps[a, b]))}")
        for a, b in pairs[:MOST_PAIRS]
        if found.swaps[a, b] >= WORTH_SAYING
    ]
    if said:
        first, *others = said
        return ", ".join([" change places ".join(first), *map(" ".join, others)])
    if not found.swaps.any():
        return "no two change places"
    return f"no two change places in more than {WORTH_SAYING:.0%}"


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
