"""Where an option breaks the rules: population band, one piece, nothing inside another, nothing left out.

After the Local Government Boundary Commission's criteria. Faults are found, named and placed; deciding
whether one may stand is a person's work.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geodata.topology import Topology
from neighbourhoods.option import FootprintOption
from neighbourhoods.violation import Violation, ViolationKind, names_in_words, people

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Numbers = NDArray[np.int64]
ROUNDING = 1e-9


def find_violations(
    option: FootprintOption,
    topology: Topology,
    *,
    index: Rows,
    piece: Numbers,
    population: Floats,
    people: Floats,
    enclosed: Numbers,
    target: float,
    tolerance: float,
) -> tuple[Violation, ...]:
    """Everything that is broken, whole-option faults first, then by footprint.

    Parameters
    ----------
    index, piece : int (n_areas,)
        Footprint and piece of each area.
    population : float (n_areas,)
    people, enclosed : (n_footprints,)
        Population of each footprint, and the footprint round it (-1 for none).
    """
    order = np.argsort(index, kind="stable")
    bounds = np.searchsorted(index[order], np.arange(len(people) + 1))
    rows_of = [order[a:b] for a, b in pairwise(bounds.tolist())]
    return (
        *_left_out(option, topology, index),
        *_population(option, topology, rows_of, population, people, target, tolerance),
        *_apart(option, topology, rows_of, piece),
        *_inside(option, topology, rows_of, enclosed),
    )


def _left_out(option: FootprintOption, topology: Topology, index: Rows) -> list[Violation]:
    found = []
    without = np.flatnonzero(index < 0)
    if len(without):
        names = names_in_words(_names(topology, without))
        verb = "is" if len(without) == 1 else "are"
        found.append(
            Violation("unassigned", "", _codes(topology, without), f"{names} {verb} in no footprint.")
        )
    if len(option.assignment) > len(index) - len(without):
        unknown = tuple(code for code in option.assignment if code not in topology.row_by_code)
        message = f"The option names areas that are not on the map: {names_in_words(unknown)}."
        found.append(Violation("unknown_area", "", unknown, message))
    return found


def _population(
    option: FootprintOption,
    topology: Topology,
    rows_of: list[Numbers],
    population: Floats,
    total: Floats,
    target: float,
    tolerance: float,
) -> list[Violation]:
    found = []
    low, high = target * (1 - tolerance), target * (1 + tolerance)
    slack = ROUNDING * target
    for number, footprint_id in enumerate(option.footprint_ids):
        name, count = option.footprint_name(footprint_id), float(total[number])
        if np.isnan(count):
            rows = rows_of[number][np.isnan(population[rows_of[number]])]
            message = f"The population of {names_in_words(_names(topology, rows))} in {name} is not known."
            found.append(Violation("population_unknown", footprint_id, _codes(topology, rows), message))
            continue
        kind: ViolationKind
        if count < low - slack:
            kind, words = (
                "population_low",
                f"{people(low - count)} under the band, which begins at {low:,.0f}",
            )
        elif count > high + slack:
            kind, words = (
                "population_high",
                f"{people(count - high)} over the band, which ends at {high:,.0f}",
            )
        else:
            continue
        rows = rows_of[number]
        message = f"{name} has {people(count)}: {words}."
        found.append(Violation(kind, footprint_id, _codes(topology, rows), message))
    return found


def _apart(
    option: FootprintOption, topology: Topology, rows_of: list[Numbers], piece: Numbers
) -> list[Violation]:
    """The largest piece (by number of areas, then land) is the footprint; the others are apart from it."""
    found = []
    n_areas = np.bincount(piece)
    land = np.bincount(piece, topology.area_m2)
    for number, footprint_id in enumerate(option.footprint_ids):
        rows = rows_of[number]
        parts = np.unique(piece[rows])
        if len(parts) == 1:
            continue
        main = max(parts.tolist(), key=lambda part: (n_areas[part], land[part]))
        apart = rows[piece[rows] != main]
        verb = "is" if len(apart) == 1 else "are"
        message = (
            f"{option.footprint_name(footprint_id)} is in {len(parts)} pieces: "
            f"{names_in_words(_names(topology, apart))} {verb} apart."
        )
        found.append(Violation("not_contiguous", footprint_id, _codes(topology, apart), message))
    return found


def _inside(
    option: FootprintOption, topology: Topology, rows_of: list[Numbers], enclosed: Numbers
) -> list[Violation]:
    ids = option.footprint_ids
    found = []
    for number in np.flatnonzero(enclosed >= 0).tolist():
        outer = option.footprint_name(ids[int(enclosed[number])])
        codes = _codes(topology, rows_of[number])
        message = f"{option.footprint_name(ids[number])} lies wholly inside {outer}."
        found.append(Violation("enclosed", ids[number], codes, message))
    return found


def _codes(topology: Topology, rows: Numbers) -> tuple[str, ...]:
    return tuple(topology.code_list[row] for row in rows.tolist())


def _names(topology: Topology, rows: Numbers) -> list[str]:
    return [str(topology.area_names[row]) for row in rows.tolist()]
