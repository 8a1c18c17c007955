"""Which of several tables with one id is kept: decided by what they are, not by the order they came in.

The mistake this prevents: a coarser copy of the outlines, or an older lookup, replacing a better one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from geodata.dataset import Dataset, NewDataset
from geodata.fullness import is_other_part, says_less, with_part
from geodata.store import Store

_EQUAL = {
    "areas": "kept: an equal set of outlines is already there",
    "lookup": "kept: a newer or fuller lookup between these geographies is already there",
    "places": "kept: a newer list of the same publication is already there",
}
_FULLER = "kept: a fuller copy of the same table is already there"


@dataclass(frozen=True)
class Candidate:
    """A dataset and the position of the file that it came from."""

    position: int
    dataset: NewDataset


def choose_datasets(
    candidates: Sequence[Candidate],
    stored: Sequence[Dataset],
    read: Callable[[str], pd.DataFrame] | None = None,
) -> tuple[list[NewDataset], dict[int, dict[str, str]]]:
    """One dataset per id: the greatest precedence, then the most rows, then the smallest hash.

    A stored dataset stands against all of them when its precedence is greater. Stored figures and
    centroids also stand against a table that says less: no figure that is not there already, and not all
    of those that are (a table cut to some areas, or that has lost a column). A table that says as much
    or more replaces what is stored: the publisher may have put figures right. Tables of figures that have
    none in common are parts of one table and are joined.

    Parameters
    ----------
    candidates : sequence of Candidate
    stored : sequence of Dataset
    read : callable, optional
        The frame of a stored dataset by its id; left out, fullness is not compared.

    Returns
    -------
    chosen : list of NewDataset
        In order of id.
    passed_over : dict of int to dict of str to str
        By file position: dataset id to the reason.
    """
    by_id: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_id[candidate.dataset.id].append(candidate)
    standing = {dataset.id: dataset for dataset in stored}
    chosen: list[NewDataset] = []
    passed_over: dict[int, dict[str, str]] = defaultdict(dict)
    for id_ in sorted(by_id):
        best, losers = _with_parts(sorted(by_id[id_], key=_rank))
        old = standing.get(id_)
        winner = best.dataset.provenance.file_name
        reason = _EQUAL.get(best.dataset.kind, "the same table is already there")
        known = read(id_) if old is not None and read is not None else None
        if old is not None and old.extra.get("precedence", "") > best.dataset.extra.get("precedence", ""):
            losers, winner = by_id[id_], old.provenance.file_name
        elif old is not None and known is not None and says_less(best.dataset, known):
            losers, winner, reason = by_id[id_], old.provenance.file_name, _FULLER
        elif old is not None and known is not None and is_other_part(best.dataset, known):
            chosen.append(with_part(best.dataset, known, old.provenance))
        else:
            chosen.append(best.dataset)
        for loser in losers:
            passed_over[loser.position][id_] = f"{reason} ({winner})"
    return chosen, dict(passed_over)


def _with_parts(ordered: Sequence[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """The best candidate with those that are other parts of its table, and the rest."""
    best, losers = ordered[0], []
    for other in ordered[1:]:
        if is_other_part(best.dataset, other.dataset.frame):
            joined = with_part(best.dataset, other.dataset.frame, other.dataset.provenance)
            best = Candidate(best.position, joined)
        else:
            losers.append(other)
    return best, losers


def _rank(candidate: Candidate) -> tuple[tuple[int, ...], int, str]:
    dataset = candidate.dataset
    inverse = tuple(-ord(character) for character in dataset.extra.get("precedence", ""))
    return inverse, -len(dataset.frame), dataset.provenance.sha256


def superseded_wards(chosen: Sequence[NewDataset], store: Store | None) -> list[NewDataset]:
    """The workspace's wards under their year, when newer wards with other codes take their place."""
    new = next((dataset for dataset in chosen if dataset.id == "areas:ward"), None)
    if new is None or store is None:
        return []
    old = next((dataset for dataset in store.datasets() if dataset.id == "areas:ward"), None)
    year = old.extra.get("year", "") if old is not None else ""
    if old is None or not year or any(dataset.id == f"areas:ward{year}" for dataset in chosen):
        return []
    frame = store.read(old.id)
    if set(frame.index) & set(new.frame.index):
        return []
    note = "superseded wards: kept apart from the wards in force, for reference only"
    origin = replace(old.provenance, notes=(*old.provenance.notes, note))
    return [NewDataset(f"areas:ward{year}", "areas", f"ward{year}", frame, origin, dict(old.extra))]
