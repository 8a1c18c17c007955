"""How long it takes to weigh every single move of an option, beside scoring each made option anew.

    python -m benchmarks.single_move

Synthetic city-like areas with made-up residents. "weighed" holds measures, rules, pieces and ranking; "anew"
only scores all the options that the moves make, as a generation would, and is left out where those options
alone would fill the memory. Both give the same figures: a test holds them together.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import geopandas as gpd
import numpy as np

from benchmarks.evaluate import compact_option
from benchmarks.synthetic_coverage import synthetic_areas
from geodata.topology import build_topology
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.measure.evaluate import evaluate_option, footprint_index
from neighbourhoods.measure.move_fault import moves_over_borders
from neighbourhoods.measure.option_score import Town, score_options
from neighbourhoods.measure.single_move import single_moves
from neighbourhoods.scorecard.params import ScorecardParams
from neighbourhoods.scorecard.trial import Trial

CASES = ((121, 4), (637, 4), (3_200, 23), (35_000, 100))
MOST_ANEW = 10_000  # areas
REPEATS = 5


def trial(areas: gpd.GeoDataFrame, n_footprints: int) -> Trial:
    """A compact option of equal numbers of areas on trial."""
    topology = build_topology(areas)
    option = compact_option(areas, n_footprints)
    people = np.random.default_rng(1).integers(1_200, 2_000, len(areas)).astype(float)
    town = Town(topology, people, float(people.sum() / n_footprints))
    return Trial(
        option,
        ScorecardParams(),
        GenerationParams("synthetic", n_footprints, n_footprints, 0.1),
        evaluate_option(option, areas.assign(population=people), topology, target=town.target),
        town,
        footprint_index(option, topology),
        wards=None,
        ward_names={},
        partners=(),
        unfit=(),
        later=(),
        later_note="",
    )


def median_ms(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median time of some runs, the first left out."""
    work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(1_000 * (time.perf_counter() - began))
    return float(np.median(times))


def anew(one: Trial) -> object:
    """Every option that a single move makes, scored as whole options."""
    moves = moves_over_borders(one)
    made = np.repeat(one.index[None, :].astype(np.int8), len(moves), axis=0)
    made[np.arange(len(moves)), moves.area] = moves.after
    return score_options(made, one.town)


def main() -> None:
    """Print the table."""
    print(f"{'areas':>7} {'footprints':>10} {'moves':>7} {'weighed':>10} {'anew':>10} {'times':>6}")
    for n_areas, n_footprints in CASES:
        one = trial(synthetic_areas(n_areas), n_footprints)
        n_moves = len(moves_over_borders(one))
        weighed = median_ms(lambda one=one: single_moves(one))  # type: ignore[misc]
        line = f"{n_areas:>7,} {n_footprints:>10} {n_moves:>7,} {weighed:>7,.0f} ms"
        if n_areas <= MOST_ANEW:
            whole = median_ms(lambda one=one: anew(one), 1)  # type: ignore[misc]
            line += f" {whole:>7,.0f} ms {whole / weighed:>5.0f}x"
        print(line, flush=True)


if __name__ == "__main__":
    main()
