"""Where an option breaks the rules: population band, one piece, nothing inside another, nothing left out.

After the Local Government Boundary Commission's criteria. Faults are found, named and placed; deciding
whether one may stand is a person's work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.topology import Topology
from neighbourhoods.measure.violation import Violation, ViolationKind, names_in_words, people
from neighbourhoods.option.option import FootprintOption

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]
Numbers = NDArray[np.int64]
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Drawn:
    """An option on its areas: what the finders below need to name and place a fault."""

    option: FootprintOption
    topology: Topology
    ids: tuple[str, ...]
    rows: Numbers
    bounds: Numbers

    def rows_of(self, number: int) -> Numbers:
        """Rows of a footprint's areas."""
        return self.rows[self.bounds[number] : self.bounds[number + 1]]

    def name(self, number: int) -> str:
        """Name of a footprint."""
        return self.option.footprint_name(self.ids[number])

    def codes(self, rows: Numbers) -> tuple[str, ...]:
        """Codes of areas."""
        return tuple(self.topology.code_array[rows].tolist())

    def areas_in_words(self, rows: Numbers) -> str:
        """Names of areas, the first few."""
        return names_in_words([str(self.topology.area_names[row]) for row in rows.tolist()])


def find_violations(
    option: FootprintOption,
    topology: Topology,
    *,
    ids: tuple[str, ...],
    index: Rows,
    rows: Numbers,
    bounds: Numbers,
    piece: Numbers,
    n_pieces: Numbers,
    population: Floats,
    people: Floats,
    enclosed: Numbers,
    target: float,
    tolerance: float,
) -> tuple[Violation, ...]:
    """Everything that is broken, whole-option faults first, then by footprint.

    Parameters
    ----------
    ids : tuple of str
        Footprints in the order of their numbers.
    index, piece : int (n_areas,)
        Footprint and piece of each area; negative where unassigned.
    population : float (n_areas,)
    rows, bounds : int
        Rows of areas, footprint by footprint, and where each footprint begins.
    n_pieces, people, enclosed : (n_footprints,)
        Pieces and population of each footprint, and the footprint round it (-1 for none).
    """
    drawn = Drawn(option, topology, ids, rows, bounds)
    return (
        *_left_out(drawn, index),
        *_population(drawn, population, people, target, tolerance),
        *_apart(drawn, piece, n_pieces),
        *_inside(drawn, enclosed),
    )


def _left_out(drawn: Drawn, index: Rows) -> list[Violation]:
    found = []
    without = np.flatnonzero(index < 0)
    if len(without):
        verb = "is" if len(without) == 1 else "are"
        message = f"{drawn.areas_in_words(without)} {verb} in no footprint."
        found.append(Violation("unassigned", "", drawn.codes(without), message))
    if len(drawn.option.assignment) > len(index) - len(without):
        known = drawn.topology.row_by_code
        unknown = tuple(code for code in drawn.option.assignment if code not in known)
        message = f"The option names areas that are not on the map: {names_in_words(unknown)}."
        found.append(Violation("unknown_area", "", unknown, message))
    return found


def _population(
    drawn: Drawn, population: Floats, total: Floats, target: float, tolerance: float
) -> list[Violation]:
    """Footprints outside the band; at its very edge is inside."""
    found = []
    low, high = target * (1 - tolerance), target * (1 + tolerance)
    slack = ROUNDING * target
    for number in np.flatnonzero(~((total >= low - slack) & (total <= high + slack))).tolist():
        rows, count = drawn.rows_of(number), float(total[number])
        kind = _band_kind(count, low)
        if kind == "population_unknown":
            rows = rows[np.isnan(population[rows])]
            message = f"The population of {drawn.areas_in_words(rows)} in {drawn.name(number)} is not known."
        elif kind == "population_low":
            message = (
                f"{drawn.name(number)} has {people(count)}: {people(low - count)} under the band, "
                f"which begins at {low:,.0f}."
            )
        else:
            message = (
                f"{drawn.name(number)} has {people(count)}: {people(count - high)} over the band, "
                f"which ends at {high:,.0f}."
            )
        found.append(Violation(kind, drawn.ids[number], drawn.codes(rows), message))
    return found


def _band_kind(count: float, low: float) -> ViolationKind:
    if math.isnan(count):
        return "population_unknown"
    return "population_low" if count < low else "population_high"


def _apart(drawn: Drawn, piece: Numbers, n_pieces: Numbers) -> list[Violation]:
    """The largest piece (by number of areas, then land) is the footprint; the others are apart from it."""
    broken = np.flatnonzero(n_pieces > 1).tolist()
    if not broken:
        return []
    found = []
    on_map = piece >= 0
    n_areas = np.bincount(piece[on_map])
    land = np.bincount(piece[on_map], drawn.topology.area_m2[on_map])
    for number in broken:
        rows = drawn.rows_of(number)
        main = max(set(piece[rows].tolist()), key=lambda part: (n_areas[part], land[part], -part))
        apart = rows[piece[rows] != main]
        verb = "is" if len(apart) == 1 else "are"
        message = (
            f"{drawn.name(number)} is in {n_pieces[number]} pieces: "
            f"{drawn.areas_in_words(apart)} {verb} apart."
        )
        found.append(Violation("not_contiguous", drawn.ids[number], drawn.codes(apart), message))
    return found


def _inside(drawn: Drawn, enclosed: Numbers) -> list[Violation]:
    found = []
    for number in np.flatnonzero(enclosed >= 0).tolist():
        message = f"{drawn.name(number)} lies wholly inside {drawn.name(int(enclosed[number]))}."
        codes = drawn.codes(drawn.rows_of(number))
        found.append(Violation("enclosed", drawn.ids[number], codes, message))
    return found
