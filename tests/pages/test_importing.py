"""The figures after an import: worked out in the same job, and put off when it is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.importer import ImportReport
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.study.preparation import is_prepared
from pages.components import loaders
from pages.components.importing import import_and_work_out
from pages.components.job import Job
from tests.geodata.file_fixture import census, lsoa_boundaries, lsoa_ward_lookup, ward_boundaries

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    ("wards.geojson", ward_boundaries()),
    ("lsoas.geojson", lsoa_boundaries()),
    ("lookup.csv", lsoa_ward_lookup().encode()),
    ("census.csv", census().encode()),
]


class Stopped(Job[ImportReport]):
    """A job whose visitor presses Cancel as soon as it says what he waits for."""

    word = ""

    def report(self, done: int, total: int, doing: str) -> None:
        super().report(done, total, doing)
        if self.word in f"{self.label}: {doing}":
            self.cancelled.set()


def stopped_at(word: str, store: Store) -> Stopped:
    job = Stopped("Importing")
    job.word = word
    job.start(lambda j: import_and_work_out(j, store, FILES))
    assert job.finished.wait(60)
    assert job.fault is None
    return job


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return open_workspace(tmp_path / "workspace")


def data_page() -> AppTest:
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    return opened.switch_page("pages/about/data.py").run()


def test_job_ends_with_the_figures_and_the_next_page_takes_them_up(store: Store) -> None:
    before = store.version
    job = stopped_at("never said", store)
    assert job.result is not None
    assert len(job.result.dataset_ids) == 4
    taken = loaders._study(str(store.root), before + 1)
    assert taken.version == before + 1
    assert is_prepared(taken, everything=True)
    assert loaders._study(str(store.root), before + 1) is taken


def test_stopped_while_files_are_read_nothing_is_stored(store: Store) -> None:
    before = store.version
    job = stopped_at("lookup.csv", store)
    assert job.result is not None
    assert job.result.cancelled
    assert store.version == before


def test_stopped_later_the_files_are_in_and_the_page_says_that_figures_are_put_off(store: Store) -> None:
    job = stopped_at("figures of LSOAs", store)
    assert job.result is not None
    assert not job.result.cancelled
    assert len(job.result.dataset_ids) == 4

    app = data_page()
    app.session_state["import_job"] = job
    loaders._study.clear()  # the page above asked for the figures: back to how the job left them
    loaders._newest.clear()
    app.run()
    assert not app.exception
    assert app.title[0].value == "The figures for Toytown are not worked out yet"
    assert any("4 files imported" in one.value for one in app.success)
    assert any("The tables are stored" in one.value for one in app.info)

    next(b for b in app.button if b.label == "Work out the figures").click().run()
    assert app.session_state["figures_job"].finished.wait(60)
    app.run()
    assert not app.exception
    assert "indicators have figures for Toytown" in app.title[0].value


def test_whoever_starts_on_the_sample_may_name_the_authority(store: Store) -> None:
    page = data_page()
    assert [box.label for box in page.text_input if box.key == "import_authority"]
    job: Job[ImportReport] = Job("Importing")
    job.start(lambda j: import_and_work_out(j, store, FILES[1:2], "E06000099"))
    assert job.finished.wait(60)
    assert job.result is not None
    assert job.result.files[0].rows_kept == 6
    assert not [box for box in data_page().text_input if box.key == "import_authority"]
