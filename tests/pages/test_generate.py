"""The Generate page on the embedded sample: empty, found, filtered, refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from neighbourhoods.generation import GenerationResult
from pages.components.generating import JOB, UNITS, ends, kept

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    return opened.switch_page("pages/plan/generate_options.py").run()


def find(app: AppTest) -> AppTest:
    """Press the button and wait for the search to end."""
    next(b for b in app.button if b.label == "Find every way").click().run()
    app.session_state[JOB].finished.wait(60)
    return app.run()


def test_page_asks_before_it_is_told(app: AppTest) -> None:
    assert not app.exception
    assert app.title[0].value == "How many ways are there to make four neighbourhoods?"
    assert any("Going through every way takes about" in c.value for c in app.caption)


def test_headline_states_the_number_found_and_the_best_border(app: AppTest) -> None:
    find(app)
    assert not app.exception
    result = app.session_state[JOB].result
    assert isinstance(result, GenerationResult)
    best = result.scores["shared_border_m"].min() / 1_000
    assert app.title[0].value == (
        f"There are {result.n_options:,} ways to make four neighbourhoods within 5%; the most compact has "
        f"{best:.1f} km of border between them"
    )


def test_filter_leaves_only_options_within_it(app: AppTest) -> None:
    find(app)
    result = app.session_state[JOB].result
    slider = app.slider(key="generate_filter_max_deviation")
    slider.set_range(slider.min, 3.0).run()
    n_left = int((result.scores["max_deviation"] <= 0.030_51).sum())
    assert 0 < n_left < result.n_options
    assert any(m.value == f"**{n_left:,} of {result.n_options:,} ways left**" for m in app.markdown)
    assert len(kept(result, {"max_deviation": (0.0, 3.0)})) == n_left


def test_ends_of_filters_are_the_numbers_that_are_written_and_leave_every_option(app: AppTest) -> None:
    find(app)
    result = app.session_state[JOB].result
    for measure_id in result.measure_ids:
        low, high, _ = ends(result, measure_id)
        form = UNITS[measure_id][2]
        assert (low, high) == (float(form % low), float(form % high))
        assert len(kept(result, {measure_id: (low, high)})) == result.n_options


def test_first_in_the_ranking_is_the_best_when_one_wish_is_left(app: AppTest) -> None:
    app.slider(key="generate_wish_balance").set_value(0).run()
    find(app)
    result = app.session_state[JOB].result
    caption = next(c.value for c in app.caption if c.value.startswith("In words"))
    assert f"border {result.scores['shared_border_m'].min() / 1_000:.1f} km" in caption


def test_what_cannot_be_is_refused_with_the_change_that_helps(app: AppTest) -> None:
    app.toggle(key="generate_use_target").set_value(True).run()
    app.number_input(key="generate_target").set_value(40_000).run()
    find(app)
    assert not app.exception
    (fault,) = app.error
    assert "This is impossible" in fault.value
    assert "a band of at least" in fault.value
    assert app.title[0].value.startswith("How many ways")


def test_option_in_view_is_saved_to_the_library(app: AppTest) -> None:
    find(app)
    next(t for t in app.text_input if t.key and t.key.startswith("generate_name_")).set_value(
        "North four"
    ).run()
    app.button(key="generate_save").click().run()
    assert any("Saved as North four" in s.value for s in app.success)
