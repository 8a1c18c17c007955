"""The wait for figures: after a start or an import, shown step by step and never longer than it must be."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from neighbourhoods.study.preparation import is_prepared, prepare
from neighbourhoods.study.study import Study

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
