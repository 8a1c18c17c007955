"""What a planner does on the Generate page, and what came of it, whichever process worked it out."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest

from geodata.run_file import read_run_result
from geodata.run_record import Run
from geodata.run_table import list_runs
from geodata.store import Store
from neighbourhoods.generation.generation import GenerationResult
from neighbourhoods.run.run import run_kind


def find(app: AppTest, store: Store) -> AppTest:
    """Press the button and wait for the search to end."""
    next(b for b in app.button if b.label == "Find every way").click().run()
    while newest(store).is_active:
        time.sleep(0.1)
    return app.run()


def newest(store: Store) -> Run:
    """The run that was asked for last."""
    return list_runs(store, "generate")[0]


def found(store: Store) -> GenerationResult:
    """What it came to."""
    parts = read_run_result(store.root, newest(store).result_file)
    result = run_kind("generate").result_from_parts(parts)
    assert isinstance(result, GenerationResult)
    return result
