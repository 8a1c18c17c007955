"""How a table compares with another copy of itself: less of it, another part of it, or the whole anew.

The mistake this prevents: a table that was cut to some areas, or the second half of a long download,
taking the place of figures that it does not hold.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from geodata.dataset import NewDataset
from geodata.layouts.cell import NO_ROW
from geodata.layouts.cut import add_dropped
from geodata.provenance import Provenance

_PLACE_OF_FIGURE = ["area_code", "period", "cell"]


def says_less(new: NewDataset, old: pd.DataFrame) -> bool:
    """Whether everything that the new table speaks of is in the old one, which speaks of more.

    A figure that is now suppressed is still spoken of, so a revision that hides figures is not less.
    """
    if new.kind not in ("cells", "centroids"):
        return False
    of_new, of_old = _places(new.kind, new.frame), _places(new.kind, old)
    return len(of_new) < len(of_old) and bool(of_new.isin(of_old).all())


def is_other_part(new: NewDataset, old: pd.DataFrame) -> bool:
    """Whether two tables of figures have no figure in common: each is a part of one table."""
    if new.kind != "cells" or new.frame.empty or old.empty:
        return False
    return not _places(new.kind, new.frame).isin(_places(new.kind, old)).any()


def with_part(new: NewDataset, old: pd.DataFrame, origin: Provenance) -> NewDataset:
    """Both parts as one table that names both files."""
    frame = pd.concat([old, new.frame], ignore_index=True)
    ordered = frame.sort_values(["cell", "area_code"], kind="stable").reset_index(drop=True)
    mine = new.provenance
    names = {*origin.file_name.split(" + "), *mine.file_name.split(" + ")}
    notes = [note for note in (*origin.notes, *mine.notes) if not note.startswith(NO_ROW)]
    provenance = replace(
        mine,
        file_name=" + ".join(sorted(names)),
        rows_in=origin.rows_in + mine.rows_in,
        rows_kept=origin.rows_kept + mine.rows_kept,
        dropped=add_dropped(origin.dropped, mine.dropped),
        notes=tuple(dict.fromkeys((*notes, "parts of one table, joined"))),
    )
    return replace(new, frame=ordered, provenance=provenance)


def _places(kind: str, frame: pd.DataFrame) -> pd.Index:
    return pd.MultiIndex.from_frame(frame[_PLACE_OF_FIGURE]) if kind == "cells" else frame.index
