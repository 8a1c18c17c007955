"""The Generate page on the embedded sample: empty, found, filtered, refused, found again by its address."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from geodata.database import RUN, RUN_COUNTER
from geodata.run_file import run_folder
from geodata.run_table import get_run, list_runs
from geodata.store import Store
from neighbourhoods.bound.bound import Bound
from neighbourhoods.option.library import saved_options
from pages.components import generating
from pages.components.brush import life_of
from pages.components.generating import found_words
from tests.pages.dialog import in_dialog, is_open, press
from tests.pages.generate_page import find, found, newest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return visitor()


@pytest.fixture
def store(app: AppTest, tmp_path: Path) -> Store:
    """The workspace that the page writes to."""
    return Store(tmp_path / "workspace")


def visitor(**address: str) -> AppTest:
    """A fresh visitor on the page, by a link with these words in its address."""
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    for key, value in address.items():
        opened.query_params[key] = value
    return opened.switch_page("pages/plan/generate_options.py").run()


def test_page_asks_before_it_is_told(app: AppTest) -> None:
    assert not app.exception
    assert app.title[0].value == "How many ways are there to make four neighbourhoods?"
    assert any("Every way: about" in c.value for c in app.caption)


def test_headline_states_the_number_found_and_the_best_border(app: AppTest, store: Store) -> None:
    find(app, store)
    assert not app.exception
    result = found(store)
    best = result.scores["shared_border_m"].min() / 1_000
    assert app.title[0].value == (
        f"There are {result.n_options:,} ways to make four neighbourhoods within 5%; the most compact has "
        f"{best:.1f} km of border between them"
    )


def leave_only(app: AppTest, store: Store, **limits: tuple[int, int]) -> None:
    """Set limits as a browser would have sent them."""
    axes = generating.axes(found(store))
    app.session_state["generate_brush_limits"] = (life_of(axes), limits)
    app.run()


def test_limit_leaves_only_options_within_it(app: AppTest, store: Store) -> None:
    find(app, store)
    result = found(store)
    (axis,) = (one for one in generating.axes(result) if one.id == "max_deviation")
    step = round((3.0 - axis.low) / axis.step)  # 3.0 per cent
    leave_only(app, store, max_deviation=(0, step))
    n_left = int((result.scores["max_deviation"].round(3) <= 0.030).sum())
    assert 0 < n_left < result.n_options
    order = app.session_state[generating.ORDER]
    assert len(order) == n_left
    assert result.scores["max_deviation"].to_numpy()[order].max() <= 0.030_5
    leave_only(app, store, max_deviation=(0, 0), cut_edges=(0, 0))
    assert not app.exception
    assert len(app.session_state[generating.ORDER]) == 0
    assert any("No way is left" in i.value for i in app.info)


def test_limits_are_forgotten_with_the_ways_that_they_were_set_on(app: AppTest, store: Store) -> None:
    find(app, store)
    leave_only(app, store, max_deviation=(0, 1))
    assert len(app.session_state[generating.ORDER]) < found(store).n_options
    app.slider(key="generate_band").set_value(4).run()
    find(app, store)
    assert len(app.session_state[generating.ORDER]) == found(store).n_options


def test_first_in_the_ranking_is_the_best_when_one_wish_is_left(app: AppTest, store: Store) -> None:
    app.slider(key="generate_wish_balance").set_value(0).run()
    find(app, store)
    result = found(store)
    caption = next(c.value for c in app.caption if c.value.startswith("In words"))
    assert f"border {result.scores['shared_border_m'].min() / 1_000:.1f} km" in caption


def test_what_cannot_be_is_refused_with_the_change_that_helps(app: AppTest, store: Store) -> None:
    app.toggle(key="generate_use_target").set_value(True).run()
    app.number_input(key="generate_target").set_value(40_000).run()
    find(app, store)
    assert not app.exception
    (fault,) = app.error
    assert "This is impossible" in fault.value
    assert "a band of at least" in fault.value
    assert app.title[0].value.startswith("How many ways")


def test_option_in_view_is_saved_to_the_library(app: AppTest, store: Store) -> None:
    find(app, store)
    press(app, "generate_save_open")
    app.text_input(key="save_name").set_value("")
    app.text_area(key="save_rationale").set_value("Even")
    press(app, "generate_save")
    assert len(in_dialog(app).error) == 1
    assert app.text_area(key="save_rationale").value == "Even"
    app.text_input(key="save_name").set_value("North four")
    press(app, "generate_save")
    assert not is_open(app)
    assert any("Saved as North four" in s.value for s in app.success)
    (kept,) = saved_options(store)
    assert kept.name == "North four"
    assert kept.rationale.startswith("Even ")


def test_option_that_was_in_view_when_the_form_was_opened_is_saved(app: AppTest, store: Store) -> None:
    find(app, store)
    press(app, "generate_save_open")
    first = app.text_input(key="save_name").value
    app.number_input(key="generate_place").set_value(2).run()  # as a search that finds a better one
    assert app.text_input(key="save_name").value == first
    press(app, "generate_save")
    (kept,) = saved_options(store)
    assert kept.name == first


def test_form_left_open_does_not_come_up_on_another_page_or_on_return(app: AppTest, store: Store) -> None:
    find(app, store)
    press(app, "generate_save_open")
    assert is_open(app)
    app.switch_page("pages/explore/home.py").run()
    app.switch_page("pages/plan/generate_options.py").run()
    assert not app.exception
    assert not is_open(app)


def test_result_is_there_again_for_whoever_opens_its_link(app: AppTest, store: Store) -> None:
    app.slider(key="generate_wish_balance").set_value(3).run()
    app.number_input(key="generate_n").set_value(5).run()
    find(app, store)
    other = visitor(run=newest(store).id)
    assert other.title[0].value == app.title[0].value
    assert other.title[0].value.startswith("There are")
    assert other.number_input(key="generate_n").value == 5
    assert other.slider(key="generate_wish_balance").value == 3
    assert not any("has changed" in i.value for i in other.info)


def test_what_was_found_before_is_offered_at_once(app: AppTest, store: Store) -> None:
    find(app, store)
    find(visitor(), store)
    assert len(list_runs(store)) == 1


def test_what_was_found_before_and_is_gone_from_disk_is_found_anew(app: AppTest, store: Store) -> None:
    find(app, store)
    headline = app.title[0].value
    (run_folder(store.root) / newest(store).result_file).write_bytes(b"damaged")
    st.cache_resource.clear()
    other = visitor(run=newest(store).id)
    assert any("is damaged. Start it again." in e.value for e in other.error)
    find(other, store)
    assert other.title[0].value == headline
    assert len(list_runs(store)) == 1


def test_control_of_the_form_comes_back_with_a_run(app: AppTest) -> None:
    """A control whose key is not listed would be left out of what a link shows."""
    drawn = (app.number_input, app.slider, app.toggle, app.multiselect, app.selectbox, app.button_group)
    keys = {str(one.key) for kind in drawn for one in kind if str(one.key).startswith("generate_")}
    assert len(keys) > 10
    assert {key for key in keys if not generating.is_of_form(key)} == set()


def test_long_search_goes_on_in_a_process_of_its_own(
    app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generating, "AT_ONCE_STEPS", 0)
    find(app, store)
    run = newest(store)
    assert run.pid not in (0, os.getpid())
    assert run.state == "finished"
    assert app.title[0].value.startswith(f"There are {found(store).n_options:,} ways")


def test_run_that_waits_can_be_cancelled_and_asked_for_again(
    app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generating, "AT_ONCE_STEPS", 0)
    monkeypatch.setattr("geodata.worker_table.most_workers", lambda: 0)
    next(b for b in app.button if b.label == "Find every way").click().run()
    waiting = newest(store)
    assert waiting.state == "waiting"
    app.button(key=f"cancel_{waiting.id}").click().run()
    assert get_run(store, waiting.id).state == "cancelled"
    assert any("Stopped before anything was found" in i.value for i in app.run().info)
    monkeypatch.undo()
    assert not next(b for b in app.button if b.label == "Find every way").disabled


def test_run_whose_process_died_says_so_and_is_started_again(app: AppTest, store: Store) -> None:
    find(app, store)
    n_ways = found(store).n_options
    left = {"status": "running", "host": "elsewhere", "heartbeat": 1.0, "result_file": ""}
    with store.database.writing(RUN_COUNTER) as connection:  # as a killed worker leaves it
        connection.execute(sa.update(RUN).values(left))
    other = visitor(run=newest(store).id)
    assert any("stopped unexpectedly" in w.value for w in other.warning)
    other.button(key=f"start_{newest(store).id}").click().run()
    while newest(store).is_active:
        time.sleep(0.1)
    assert found(store).n_options == n_ways
    assert other.run().title[0].value.startswith(f"There are {n_ways:,} ways")


def test_link_to_a_run_that_is_not_kept_says_so(app: AppTest) -> None:
    other = visitor(run="0123456789ab")
    assert not other.exception
    assert any("no longer kept" in i.value for i in other.info)
    assert other.title[0].value.startswith("How many ways")


def test_earlier_run_is_listed_in_words_and_opens(app: AppTest, store: Store) -> None:
    find(app, store)
    first = newest(store)
    app.number_input(key="generate_n").set_value(5).run()
    find(app, store)
    press(app, "earlier_generate_open")
    listed = in_dialog(app).markdown
    assert any("4 neighbourhoods within 5%" in m.value and "finished" in m.value for m in listed)
    press(app, f"open_{first.id}")
    assert not is_open(app)
    assert "make four neighbourhoods" in app.title[0].value
    assert app.number_input(key="generate_n").value == 4


@pytest.mark.parametrize(
    ("bound_km", "said"),
    [
        (35.8, "have 35.8 km of border between them, less than which no other way has"),
        (35.0, "have 35.8 km of border between them, and no other way can have more than 2.2% less"),
        (5.0, "have 35.8 km of border between them; how much less is possible is not known"),
        (0.0, "have 35.8 km of border between them"),
    ],
)
def test_headline_of_a_search_says_how_much_less_is_possible_only_where_that_is_known(
    bound_km: float, said: str
) -> None:
    bounds = {"compactness": Bound("compactness", bound_km * 1_000, "by hand")}
    result = SimpleNamespace(values=lambda _: np.array([35_800.0, 40_000.0]), bounds=bounds)
    assert found_words(result, "four").endswith(f"four neighbourhoods found {said}")  # type: ignore[arg-type]
    assert found_words(result, "four", goes_on=True).startswith("So far")  # type: ignore[arg-type]
