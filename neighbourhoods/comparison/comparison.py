"""Who changes place between two options of the same areas.

Footprint ids mean nothing across options, so footprints are matched first for the largest overlap; only
people who leave their footprint's match have changed. The mistake this prevents is a thousand people
"moved" by renaming North to A.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geodata.errors import OptionError
from neighbourhoods.option.option import FootprintOption

UNASSIGNED = ""


@dataclass(frozen=True, eq=False)
class OptionComparison:
    """Flows between the footprints of two options.

    Parameters
    ----------
    flows : DataFrame
        from_footprint_id, from_footprint_name, to_footprint_id, to_footprint_name, people, n_areas,
        changed (bool); one row for each pair that shares an area. The id "" is unassigned. `people` is
        NaN where an area's population is unknown.
    matched : dict of str to str
        Footprint of the first option -> its best match in the second; those without one are left out.
    people_who_move : float
        People in areas whose footprint changes; NaN when unknown for one of them.
    n_areas_that_move : int
    areas_that_move : tuple of str
    """

    flows: pd.DataFrame
    matched: dict[str, str]
    people_who_move: float
    n_areas_that_move: int
    areas_that_move: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Plain lists and numbers; null for what is not known."""
        unknown = np.isnan(self.people_who_move)
        return {
            "people_who_move": None if unknown else float(self.people_who_move),
            "n_areas_that_move": self.n_areas_that_move,
            "areas_that_move": list(self.areas_that_move),
            "matched": dict(self.matched),
            "flows": [
                {
                    "from_footprint_id": str(row["from_footprint_id"]),
                    "to_footprint_id": str(row["to_footprint_id"]),
                    "people": None if np.isnan(row["people"]) else float(row["people"]),
                    "n_areas": int(row["n_areas"]),
                    "changed": bool(row["changed"]),
                }
                for row in self.flows.to_dict("records")
            ],
        }


def compare_options(
    first: FootprintOption, second: FootprintOption, population_by_area: pd.Series
) -> OptionComparison:
    """Flows of people and areas from the first option's footprints to the second's.

    Parameters
    ----------
    population_by_area : pd.Series
        By area code; its index is the list of areas. NaN is unknown.

    Raises
    ------
    OptionError
        When the two are made of different kinds of area.
    """
    if first.geography != second.geography:
        raise OptionError(
            f"{first.name} is made of {first.geography} areas and {second.name} of {second.geography}: "
            "fit one to the other's areas first."
        )
    codes = [str(code) for code in population_by_area.index]
    people = population_by_area.to_numpy(dtype=float)
    from_ids, from_row = _numbered(first, codes)
    to_ids, to_row = _numbered(second, codes)
    shape = (len(from_ids), len(to_ids))
    cell = from_row * shape[1] + to_row
    n_areas = np.bincount(cell, minlength=shape[0] * shape[1])
    total = np.bincount(cell, people, minlength=len(n_areas))
    overlap = np.bincount(cell, np.nan_to_num(people), minlength=len(n_areas)).astype(np.float64)
    match = _best_match(overlap.reshape(shape), n_areas.reshape(shape), from_ids, to_ids)

    used = np.flatnonzero(n_areas)
    a, b = np.divmod(used, shape[1])
    changed = match[a] != b
    moves = match[from_row] != to_row
    flows = pd.DataFrame(
        {
            "from_footprint_id": pd.Series([from_ids[i] for i in a], dtype=str),
            "from_footprint_name": pd.Series([_name(first, from_ids[i]) for i in a], dtype=str),
            "to_footprint_id": pd.Series([to_ids[i] for i in b], dtype=str),
            "to_footprint_name": pd.Series([_name(second, to_ids[i]) for i in b], dtype=str),
            "people": total[used],
            "n_areas": n_areas[used],
            "changed": changed,
        }
    )
    return OptionComparison(
        flows,
        {one: to_ids[m] for one, m in zip(from_ids, match.tolist(), strict=True) if m >= 0 and one},
        float(people[moves].sum()),
        int(moves.sum()),
        tuple(code for code, move in zip(codes, moves.tolist(), strict=True) if move),
    )


def _numbered(option: FootprintOption, codes: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Footprint ids with unassigned last, and the position of each area's."""
    ids = [*option.footprint_ids, UNASSIGNED]
    number = {one: i for i, one in enumerate(ids)}
    assignment = option.assignment
    return ids, np.array([number[assignment.get(code, UNASSIGNED)] for code in codes], dtype=np.int64)


def _best_match(
    overlap: NDArray[np.float64], n_areas: NDArray[np.int64], from_ids: list[str], to_ids: list[str]
) -> NDArray[np.int64]:
    """For each footprint of the first option its match (-1 for none); unassigned matches unassigned.

    Ties in people are settled by the number of areas, then by a shared id, so that the answer does not
    depend on the order of areas.
    """
    same_id = np.array([[one == other for other in to_ids[:-1]] for one in from_ids[:-1]], dtype=float)
    gain = overlap[:-1, :-1] + 1e-3 * n_areas[:-1, :-1] / max(int(n_areas.sum()), 1)
    if gain.size:
        gain = gain + 1e-7 * same_id
    match = np.full(len(from_ids), -1, dtype=np.int64)
    match[-1] = len(to_ids) - 1
    if gain.size:
        rows, columns = linear_sum_assignment(gain, maximize=True)
        real = n_areas[rows, columns] > 0
        match[rows[real]] = columns[real]
    return match


def _name(option: FootprintOption, footprint_id: str) -> str:
    return option.footprint_name(footprint_id) if footprint_id else "Unassigned"
