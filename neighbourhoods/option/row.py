"""A row of footprint numbers, as enumeration and sampling give them, made an option that can be opened."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.option.draft_state import free_id
from neighbourhoods.option.option import FootprintOption


class Asked(Protocol):
    """What was asked, as far as an option shows it."""

    @property
    def geography(self) -> str:
        """Kind of area."""
        ...

    @property
    def as_now(self) -> FootprintOption | None:
        """The option that people would move from."""
        ...

    @property
    def locked(self) -> tuple[str, ...]:
        """Footprint ids of it that stand as they are."""
        ...


def option_of_row(
    row: NDArray[np.integer], area_codes: pd.Index, asked: Asked, *, name: str, rationale: str, seed: int
) -> FootprintOption:
    """An option with its footprints lettered; locked ones keep their names.

    Parameters
    ----------
    row : int (n_areas,)
        Footprint from 0 of each area.
    area_codes : Index
        Code of each area.
    """
    taken: list[str] = []
    for _ in range(int(row.max()) + 1):
        taken.append(free_id(taken))
    codes = [str(code) for code in area_codes]
    assignment = {code: taken[f] for code, f in zip(codes, row.tolist(), strict=True)}
    names = {}
    if asked.as_now is not None:
        for locked in asked.locked:
            held = next(code for code, f in asked.as_now.assignment.items() if f == locked)
            names[assignment[held]] = asked.as_now.footprint_name(locked)
    return FootprintOption(
        "",
        name,
        asked.geography,
        assignment,
        names,
        rationale=rationale,
        parent_id="",
        seed=seed,
        made_by="generated",
    )
