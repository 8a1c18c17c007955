"""What an import says of itself: one report on every file, and whether the areas add up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geodata.provenance import Dropped


@dataclass(frozen=True)
class FileReport:
    """What became of one file or archive member.

    Parameters
    ----------
    path : str
        As given; "archive.zip/member.csv" for a member.
    recognised_as : str
        Label of the layout; empty when none.
    geography : str
        Geography ids, comma between; empty for places.
    rows_in, rows_kept : int
    dropped : tuple of Dropped
    message : str
        Empty when all is well; else what was found and what to do. Then nothing of the file is stored.
    notes : tuple of str
    """

    path: str
    recognised_as: str = ""
    geography: str = ""
    rows_in: int = 0
    rows_kept: int = 0
    dropped: tuple[Dropped, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What became of an import.

    Parameters
    ----------
    files : tuple of FileReport
        In the order given.
    reconciliation : DataFrame
        See `geodata.reconciliation.reconcile`.
    authority_code, authority_name : str
    dataset_ids : tuple of str
        What was stored.
    cancelled : bool
        True: nothing was stored.
    """

    files: tuple[FileReport, ...]
    reconciliation: pd.DataFrame
    authority_code: str = ""
    authority_name: str = ""
    dataset_ids: tuple[str, ...] = ()
    cancelled: bool = False
