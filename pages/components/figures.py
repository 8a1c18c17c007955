"""The wait for figures: after a start or an import, shown step by step and never longer than it must be."""

from __future__ import annotations

from collections.abc import Sequence

from streamlit.delta_generator import DeltaGenerator

from geodata.importer import ImportReport, import_paths
from geodata.store import Store
from neighbourhoods.preparation import is_prepared, prepare
from neighbourhoods.study import Study
from pages.components.job import Job
from pages.components.loaders import make_study_beside

WORKING_OUT = "Working out the figures"


def work_out(study: Study, slot: DeltaGenerator, *, everything: bool = False) -> None:
    """Work out what a page begins with, under a bar of progress in `slot`; no wait where it is known.

    A visitor who goes to another page or presses Stop ends it between two steps.
    """
    if is_prepared(study, everything=everything):
        return

    def show(done: int, total: int, doing: str) -> None:
        slot.progress(done / total, text=f"{WORKING_OUT}: {doing} ({done} of {total})")

    prepare(study, everything=everything, progress=show)
    slot.empty()


def import_and_work_out(
    job: Job[ImportReport], store: Store, chosen: Sequence[tuple[str, bytes]]
) -> ImportReport:
    """The work of an import's job: files in, then the figures made of them.

    Cancelled while files are read, nothing is stored; cancelled later, the files are in and the figures
    are worked out when a page asks for them.
    """
    report = import_paths(store, chosen, progress=job.report, cancelled=job.cancelled.is_set)
    if report.dataset_ids:
        job.label = f"The files are in. {WORKING_OUT}"
        prepare(
            make_study_beside(store), everything=True, progress=job.report, cancelled=job.cancelled.is_set
        )
    return report
