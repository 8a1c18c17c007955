"""The Test page on the embedded sample: empty, judged, moved, taken back, refused."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.run_table import list_runs
from geodata.store import Store
from geodata.workspace import open_workspace, workspace_folder
from neighbourhoods.generation.enumeration import warm_up
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.scorecard.params import ScorecardParams
from neighbourhoods.scorecard.scorecard import scorecard_of
from neighbourhoods.scorecard.words import finding_words
from neighbourhoods.study.study import Study
from pages.components import comparing
from pages.components.testing import CHOICE, IN_HAND

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "pages/plan/test_option.py"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    warm_up()  # quick searches are then done before the page answers
    folder = tmp_path / "workspace"
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(folder))
    return Study(open_workspace(folder))


def bands(study: Study, name: str = "Three bands") -> FootprintOption:
    """Wards from south to north in three bands of seven, saved."""
    north = study.areas("ward").geometry.centroid.y.rank(method="first") - 1
    assignment = {str(code): "ABC"[int(place * 3 // len(north))] for code, place in north.items()}
    return save_option(study.store, FootprintOption("", name, "ward", assignment))


def opened(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    for key, value in address.items():
        app.query_params[key] = value
    return settled(app.switch_page(SCRIPT).run())


def settled(app: AppTest) -> AppTest:
    """Wait until what the option is compared with is known."""
    store = Store(workspace_folder())
    if any(run.is_active for run in list_runs(store, comparing.KIND)):
        while any(run.is_active for run in list_runs(store, comparing.KIND)):
            time.sleep(0.1)
        app.run()
    assert not app.exception, app.exception
    return app


def test_page_without_an_option_says_where_to_get_one(study: Study) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run().switch_page(SCRIPT).run()
    assert app.title[0].value == "There is no option to test yet"
    assert {"Draw an option", "Generate options"} <= {link.label for link in app.get("page_link")}


def test_headline_is_the_finding_of_the_card(study: Study) -> None:
    option = bands(study)
    params = ScorecardParams(need=(("imd", 1.0),)) if "imd" in study.filled else ScorecardParams()
    card = scorecard_of(study, option, params)
    app = opened()
    assert app.title[0].value == f"Three bands {finding_words(card)}"
    assert any("Illustrative outlines" in c.value for c in app.caption)
    broken = [rule for rule in card.rules if rule.status == "broken"]
    where = [b.key for b in app.button if b.label == "Show where"]
    assert where == [f"where_{rule.id}" for rule in broken if rule.area_codes]


def test_address_names_the_option_and_a_wrong_one_falls_back(study: Study) -> None:
    first, second = bands(study, "First"), bands(study, "Second")
    app = opened(option=first.id)
    assert app.selectbox(key=CHOICE).value == first.id
    app = opened(option="nothing")
    assert app.selectbox(key=CHOICE).value == second.id  # the newest


def test_best_move_is_applied_judged_undone_and_saved(study: Study) -> None:
    option = bands(study)
    app = opened(option=option.id)
    app.session_state["test_tabs"] = "Single moves"
    app.run()
    before = app.title[0].value
    apply = next(b for b in app.button if b.label == "Apply")
    _, _, code, to = apply.key.split("_", 3)
    settled(apply.click().run())
    assert app.selectbox(key=CHOICE).value == IN_HAND
    assert app.title[0].value.startswith("Three bands, changed ")
    draft = app.session_state["draft_in_hand"]
    assert draft.assignment[code] == to != option.assignment[code]
    assert study.option(option.id).assignment == option.assignment  # nothing is saved yet
    settled(app.button(key="test_undo").click().run())
    assert app.selectbox(key=CHOICE).value == option.id
    assert app.title[0].value == before


def test_target_that_nothing_can_meet_is_still_judged_by_the_rules(study: Study) -> None:
    bands(study)
    app = opened()
    app.toggle(key="test_use_target").set_value(True).run()
    settled(app.number_input(key="test_target").set_value(20_000).run())
    assert "rules" in app.title[0].value
    assert any("Within the band of people today" in m.value and "broken" in m.value for m in app.markdown)


def test_option_that_leaves_areas_out_is_no_option_to_move_from_and_is_judged_itself(study: Study) -> None:
    whole = bands(study)
    part = dict(list(whole.assignment.items())[:10])
    half = save_option(study.store, FootprintOption("", "Half", "ward", part))
    app = opened(option=whole.id)
    app.selectbox(key="test_as_now").set_value(half.id).run()
    assert any("leaves 11 areas out" in e.value for e in app.error)
    assert app.title[0].value == "Three bands cannot be tested as asked"
    app.selectbox(key="test_as_now").set_value(None).run()
    settled(app.selectbox(key=CHOICE).set_value(half.id).run())
    assert any("11 areas are in no footprint" in c.value for c in app.caption)


def test_search_goes_on_beside_the_page_and_is_found_again(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "is_ready", lambda: False)
    bands(study)
    app = opened()
    assert "of all" in app.title[0].value
    (run,) = list_runs(study.store, comparing.KIND)
    assert run.pid not in (0, os.getpid())
    opened()  # another visitor
    assert len(list_runs(study.store, comparing.KIND)) == 1


def test_search_that_waits_can_be_cancelled_and_begun_again(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "is_ready", lambda: False)
    monkeypatch.setattr("geodata.worker_table.most_workers", lambda: 0)
    bands(study)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run().switch_page(SCRIPT).run()
    (run,) = list_runs(study.store, comparing.KIND)
    assert "of all" not in app.title[0].value
    app.button(key=f"cancel_{run.id}").click().run()
    app.run()
    monkeypatch.undo()
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(study.store.root))
    settled(next(b for b in app.button if b.label == "Compare with all ways").click().run())
    assert "of all" in app.title[0].value
