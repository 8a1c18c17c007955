"""Choices that set the sliders, partners' lines, future years on the Generate page. Sites are synthetic."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.site_table import editable_sites, save_sites
from geodata.workspace import open_workspace
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.partner.library import add_partner
from neighbourhoods.study.study import Study
from pages.components.wish_preset import PRESETS, SLIDERS
from tests.pages.generate_page import find, found

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The sample with a partner's set of its wards in three, and one synthetic site: 1,500 homes, 2025."""
    folder = tmp_path / "workspace"
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(folder))
    first = Study(open_workspace(folder))
    codes = list(first.areas("ward").index)
    table = "ward_code,footprint\n" + "".join(f"{c},{'XYZ'[i // 7]}\n" for i, c in enumerate(codes))
    add_partner(first, table.encode(), "beats.csv", name="Police beats")
    point = first.outlines("ward").geometry.representative_point().iloc[0]
    sites = editable_sites(None, 2021)
    sites.loc[0, ["Easting", "Northing", "People per home", "2025"]] = [point.x, point.y, 2.0, 1_500.0]
    sites["Site"] = ["Synthetic"]
    save_sites(first.store, sites)
    return Study(first.store)


def generate_page() -> AppTest:
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    return opened.switch_page("pages/plan/generate_options.py").run()


def weights(app: AppTest) -> dict[str, int]:
    return {
        s.key.removeprefix("generate_wish_"): s.value
        for s in app.slider
        if s.key.startswith("generate_wish_")
    }


def test_every_preset_weighs_wishes_that_there_are() -> None:
    for preset in PRESETS.values():
        assert set(preset.weights) <= set(SLIDERS) <= set(WISHES)
        assert preset.in_need in (None, "alike", "distinct")


def test_choosing_sets_the_sliders_and_moving_one_makes_it_my_own(study: Study) -> None:
    app = generate_page()
    assert not app.exception
    preset = app.selectbox(key="generate_preset")
    assert preset.value == "even"
    preset.set_value("compact").run()
    assert weights(app)["balance"] == 0
    assert weights(app)["compactness"] == 1
    assert app.selectbox(key="generate_preset").value == "compact"
    app.slider(key="generate_wish_round").set_value(2).run()
    assert app.selectbox(key="generate_preset").value == "own"
    app.selectbox(key="generate_preset").set_value("alike").run()
    assert app.session_state["generate_in_need"] == "alike"
    assert weights(app)["round"] == 0


def test_a_choice_that_needs_something_is_offered_once_that_is_chosen(study: Study) -> None:
    app = generate_page()
    assert "In line with the partner" not in app.selectbox(key="generate_preset").options
    app.selectbox(key="generate_partner").set_value("partner:police_beats").run()
    assert "In line with the partner" in app.selectbox(key="generate_preset").options
    app.selectbox(key="generate_preset").set_value("partners").run()
    assert weights(app)["partners"] == 3


def test_the_best_by_a_partner_and_a_future_year_is_found(study: Study) -> None:
    app = generate_page()
    app.selectbox(key="generate_partner").set_value("partner:police_beats").run()
    app.selectbox(key="generate_future").set_value(10).run()
    assert any("Counted from 2021" in c.value for c in app.caption)
    app.selectbox(key="generate_preset").set_value("partners").run()
    app.slider(key="generate_wish_balance").set_value(0).run()
    find(app, study.store)
    assert not app.exception
    result = found(study.store)
    assert {"people_outside_partner", "max_deviation_future"} <= set(result.measure_ids)
    least = result.scores["people_outside_partner"].min()
    shown = next(d.value for d in app.dataframe if "People outside the partner's area" in d.value.columns)
    assert shown["People outside the partner's area"].iloc[0] == least


def test_a_line_that_cannot_be_kept_is_refused_by_name(study: Study) -> None:
    app = generate_page()
    app.selectbox(key="generate_partner").set_value("partner:police_beats").run()
    app.toggle(key="generate_not_across").set_value(True).run()
    find(app, study.store)
    assert not app.exception
    assert any("the line of Police beats" in e.value for e in app.error)
