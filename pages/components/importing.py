"""An import as a job: files in, then the figures made of them, so that no page waits for either."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.importer import ImportReport, import_paths
from geodata.store import Store
from neighbourhoods.study.preparation import prepare
from pages.components.figures import WORKING_OUT
from pages.components.job import Job
from pages.components.loaders import make_study_beside


def import_and_work_out(
    job: Job[ImportReport],
    store: Store,
    chosen: Sequence[tuple[str, bytes]],
    authority: str | None = None,
) -> ImportReport:
    """The work of the job; `authority` is its code or name, where the person gave one.

    Cancelled while files are read, nothing is stored; cancelled later, the files are in and the figures
    are worked out when a page asks for them.
    """
    report = import_paths(
        store, chosen, authority=authority, progress=job.report, cancelled=job.cancelled.is_set
    )
    if report.dataset_ids:
        job.label = f"The files are in. {WORKING_OUT}"
        prepare(
            make_study_beside(store), everything=True, progress=job.report, cancelled=job.cancelled.is_set
        )
    return report
