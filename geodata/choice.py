"""Which of several tables with one id is kept: decided by what they are, not by the order they came in.

The mistake this prevents: a coarser copy of the outlines, or an older lookup, replacing a better one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geodata.dataset import Dataset, NewDataset
from geodata.store import Store

_EQUAL = {
    "areas": "kept: an equal set of outlines is already there",
    "lookup": "kept: a newer or fuller lookup between these geographies is already there",
    "places": "kept: a newer list of the same publication is already there",
}


@dataclass(frozen=True)
class Candidate:
    """A dataset and the position of the file that it came from."""

    position: int
    dataset: NewDataset


def choose_datasets(
    candidates: Sequence[Candidate], stored: Sequence[Dataset]
) -> tuple[list[NewDataset], dict[int, dict[str, str]]]:
    """One dataset per id: the greatest precedence, then the most rows, then the smallest hash.

    A stored dataset stands against all of them when its precedence is greater.

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
        ordered = sorted(by_id[id_], key=_rank)
        best = ordered[0]
        old = standing.get(id_)
        losers = ordered[1:]
        winner = best.dataset.provenance.file_name
        if old is not None and old.extra.get("precedence", "") > best.dataset.extra.get("precedence", ""):
            losers, winner = ordered, old.provenance.file_name
        else:
            chosen.append(best.dataset)
        for loser in losers:
            reason = _EQUAL.get(loser.dataset.kind, "the same table is already there")
            passed_over[loser.position][id_] = f"{reason} ({winner})"
    return chosen, dict(passed_over)


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
