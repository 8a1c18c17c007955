"""The Options page on the embedded sample: listed, looked at, given a status, restored, pinned."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.option.library import (
    option_versions,
    pin_option,
    pinned_option_id,
    save_option,
    saved_option,
    status_history,
)
from neighbourhoods.option.option import FootprintOption
from tests.pages.dialog import in_dialog, is_open, press

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/plan/option_library.py"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return open_workspace(tmp_path / "workspace")


@pytest.fixture
def versions(store: Store) -> list[FootprintOption]:
    """Two versions of one option and one of another, in the order of saving."""
    areas = store.areas("ward")
    assert areas is not None
    codes = list(areas.index)
    first = FootprintOption("", "Halves", "ward", {c: "AB"[i % 2] for i, c in enumerate(codes)}, author="She")
    saved = [save_option(store, first)]
    moved = {**saved[0].assignment, codes[0]: "B"}
    changes = {"id": "", "created": "", "assignment": moved, "rationale": "Acomb <b>asked</b>"}
    saved.append(save_option(store, saved[0].with_changes(parent_id=saved[0].id, **changes)))
    saved.append(save_option(store, FootprintOption("", "Whole", "ward", dict.fromkeys(codes, "A"), seed=7)))
    return saved


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page(PAGE).run()
    assert not app.exception, app.exception
    return app


def looking_at(app: AppTest, option: FootprintOption) -> AppTest:
    app.session_state["version"] = option.id
    return app.run()


def test_with_nothing_saved_it_says_what_will_be_here(store: Store) -> None:
    app = opened()
    assert app.title[0].value == "No option is saved yet"
    assert "all its versions" in app.caption[0].value


def test_each_option_has_one_row_by_its_newest_version(versions: list[FootprintOption]) -> None:
    app = opened()
    assert app.title[0].value == "2 options saved; none is pinned as now"
    table = app.dataframe[0].value.set_index("Option")
    assert table.index.tolist() == ["Whole", "Halves"]
    assert table.loc["Halves", ["Versions", "Footprints", "Who", "Made by"]].tolist() == [
        2,
        2,
        "She",
        "not recorded",
    ]
    assert table.at["Whole", "Made by"] == "generated, seed 7"
    assert table.at["Whole", "People, smallest to largest"] == "202,814 to 202,814"


def test_versions_say_what_they_changed_and_markup_is_inert(versions: list[FootprintOption]) -> None:
    app = looking_at(opened(), versions[1])
    said = [m.value for m in app.markdown]
    assert any("**Version 2** (newest, on the map)" in s and "1 ward moved" in s for s in said)
    assert any("**Version 1**:" in s and "First version" in s for s in said)
    assert any("Acomb \\<b\\>asked" in s for s in said)


def test_a_status_is_recorded_with_who_and_why(store: Store, versions: list[FootprintOption]) -> None:
    app = looking_at(opened(), versions[1])
    press(app, "library_status_open")
    app.selectbox(key="library_status").set_value("approved")
    app.text_input(key="library_why").set_value("Agreed")
    press(app, "library_record")
    assert "Say who changes the status, and why" in in_dialog(app).error[0].value
    assert app.text_input(key="library_why").value == "Agreed"
    assert saved_option(store, versions[1].id).status == "draft"
    app.text_input(key="library_who").set_value("Cabinet")
    press(app, "library_record")
    assert not is_open(app)
    assert "is approved" in app.success[0].value
    last = status_history(store, versions[1].id)[-1]
    assert (last.status, last.author, last.reason) == ("approved", "Cabinet", "Agreed")
    assert "'Halves' is approved" in app.title[0].value.replace("\\", "")


def test_an_old_version_is_restored_as_a_new_one(store: Store, versions: list[FootprintOption]) -> None:
    app = looking_at(opened(), versions[1])
    app.button(key=f"restore_{versions[0].id}").click().run()
    app.text_input(key="restore_who").set_value("He").run()
    app.button(key="restore_now").click().run()
    assert not app.exception
    assert (
        "Version 3 of Halves is saved. It is equal to version 1; nothing was removed." in app.success[0].value
    )
    found = option_versions(store, versions[0].id)
    assert [v.id for v in found[:2]] == [versions[0].id, versions[1].id]
    assert (found[2].assignment, found[2].author) == (versions[0].assignment, "He")
    assert app.session_state["version"] == found[2].id
    assert any("Equal to version 1." in m.value for m in app.markdown)


def test_what_is_pinned_comes_first_here_and_on_every_page(
    store: Store, versions: list[FootprintOption]
) -> None:
    app = looking_at(opened(), versions[0])
    app.button(key="pin").click().run()
    assert pinned_option_id(store) == versions[0].id
    assert "version 1 of 'Halves' is a draft and pinned as now" in app.title[0].value.replace("\\", "")
    table = app.dataframe[0].value
    assert table["Option"].tolist() == ["Halves", "Whole"]
    assert table["As now"].tolist() == ["as now: version 1", ""]

    app.switch_page("pages/plan/compare_options.py").run()
    assert not app.exception, app.exception
    assert app.multiselect(key="options").value[0] == versions[0].id
    assert "(as now, version 1 of 2, draft, " in app.multiselect(key="options").options[0]
    app.switch_page("pages/plan/generate_options.py").run()
    assert not app.exception, app.exception
    assert app.selectbox(key="generate_as_now").value == versions[0].id

    app.switch_page(PAGE).run()
    looking_at(app, versions[0])
    app.button(key="unpin").click().run()
    assert pinned_option_id(store) == ""


def test_versions_of_one_option_are_told_apart_when_compared(
    store: Store, versions: list[FootprintOption]
) -> None:
    pin_option(store, versions[0].id)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.query_params["options"] = f"{versions[0].id},{versions[1].id}"
    app.switch_page("pages/plan/compare_options.py").run()
    assert not app.exception, app.exception
    winners = app.dataframe[0].value
    assert winners.columns.tolist() == ["Measure", "Halves, version 1 (as now)", "Halves, version 2", "Best"]
    assert "than under Halves, version 1 \\(as now\\)" in app.title[0].value
