"""Outlines without a single figure: the first minutes of a new workspace, in which no page may break."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.importer import import_paths
from geodata.workspace import open_workspace
from neighbourhoods.study.study import Study
from tests.geodata.file_fixture import ward_boundaries

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    folder = tmp_path / "workspace"
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(folder))
    store = open_workspace(folder)
    report = import_paths(store, [("wards.geojson", ward_boundaries())])
    assert report.dataset_ids
    study = Study(store)
    assert study.geographies == ("ward",)
    assert not study.filled
    return study


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("pages/explore/home.py", "Where should"),
        ("pages/explore/indicator_map.py", "No figures to show on a map yet"),
        ("pages/explore/area_profile.py", "no indicator has a figure by ward"),
        ("pages/plan/draw_option.py", "Click wards into neighbourhoods"),
        ("pages/plan/compare_options.py", "Two saved options are needed"),
        ("pages/about/data.py", "0 of"),
        ("pages/about/methods.py", "are made"),
    ],
)
def test_every_page_says_what_is_missing(study: Study, page: str, said: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(page).run()
    assert not app.exception, app.exception
    assert said in app.title[0].value
    assert not any("no data residents" in one.value for one in app.caption)


def test_what_is_missing_names_the_census_tables_to_load(study: Study) -> None:
    assert study.gap_words("bad_health") == "TS037 is not loaded (Census 2021)"
    assert study.gap_words("household_size") == "TS007A or TS054 is not loaded (Census 2021)"
    assert study.gap_words("crime_all").startswith("no table of it is loaded (Street-level crime")
