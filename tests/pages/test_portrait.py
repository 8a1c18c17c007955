"""The Portraits page on the embedded sample: empty, told, by domain, with a need index of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geodata.workspace import open_workspace
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.portrait.portrait import portray
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.need_panel import parse_need
from pages.components.portrait_table import axis_limits, chart_rows, figure_table

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/plan/portrait_option.py"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return Study(open_workspace(tmp_path / "workspace"))


@pytest.fixture
def option(study: Study) -> FootprintOption:
    x = study.areas("ward").geometry.centroid.x.rank(method="first")
    names = {"A": "West *side*", "B": "Middle", "C": "East"}
    held = {str(code): "ABC"[int((rank - 1) * 3 // len(x))] for code, rank in x.items()}
    return save_option(study.store, FootprintOption("", "Three bands", "ward", held, names))


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    return app.switch_page(PAGE).run()


def test_without_an_option_it_says_what_will_be_here(study: Study) -> None:
    app = opened()
    assert not app.exception
    assert app.title[0].value == "A saved option is needed for portraits"


def test_every_sentence_of_the_portraits_is_on_the_page(study: Study, option: FootprintOption) -> None:
    app = opened()
    assert not app.exception
    found = portray(study, option)
    assert app.title[0].value == words.plain(found.headline)
    assert [s.value for s in app.subheader] == [r"A\: West \*side\*", r"B\: Middle", r"C\: East"]
    shown = "\n".join(m.value for m in app.markdown)
    for portrait in found.portraits:
        for said in portrait.sentences:
            assert f"- {words.plain(said.text)}" in shown


def test_a_domain_shows_its_indicators_with_the_ends_inside(study: Study, option: FootprintOption) -> None:
    app = opened()
    app.button_group(key="domain").set_value("health").run()
    assert not app.exception
    table = next(d.value for d in app.dataframe if "Lowest area inside" in d.value)
    assert set(table["Domain"]) == {"Health"}
    row = table[table["Indicator"].str.startswith("Residents in bad")].iloc[0]
    assert row["Lowest area inside"].endswith("%")
    assert ": " in row["Highest area inside"]


def test_need_is_said_in_a_sentence_and_none_chosen_is_said_so(study: Study, option: FootprintOption) -> None:
    app = opened()
    assert any("2,000 weightings" in m.value for m in app.markdown)
    app.multiselect(key="need_indicators").set_value([]).run()
    assert [e.value for e in app.error] == ["Choose at least one indicator for the need index."]
    app.multiselect(key="need_indicators").set_value(["no_quals"]).run()
    assert not app.error
    assert any("no weights to vary" in m.value for m in app.markdown)


def test_need_is_restored_from_the_address(study: Study, option: FootprintOption) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run().switch_page(PAGE)
    app.query_params["need"] = "no_quals:2.5,bad_health:1"
    app.query_params["standardise"] = "rank"
    app.run()
    assert not app.exception
    assert app.multiselect(key="need_indicators").value == ["no_quals", "bad_health"]
    assert app.slider(key="need_weight_no_quals").value == 2.5
    assert any("exponential scale of the Indices of Deprivation" in c.value for c in app.caption)
    app.slider(key="need_weight_no_quals").set_value(4.0).run()
    assert app.query_params["need"] in ("no_quals:4,bad_health:1", ["no_quals:4,bad_health:1"])


@pytest.mark.parametrize(
    ("written", "need"),
    [
        ("bad_health:2,imd:1", (("bad_health", 2.0), ("imd", 1.0))),
        ("imd", (("imd", 1.0),)),
        ("imd:99,imd:1", (("imd", 5.0),)),
        ("imd:-1,x:nan,y:0.1", (("imd", 1.0), ("x", 1.0), ("y", 0.5))),
        (",,", ()),
    ],
)
def test_weights_in_an_address_are_read_with_care(written: str, need: tuple[tuple[str, float], ...]) -> None:
    assert parse_need(written) == need


def test_the_chart_holds_every_dot_and_the_table_every_row(study: Study, option: FootprintOption) -> None:
    found = portray(study, option)
    letters = {"A": "A", "B": "B", "C": "C"}
    low, high = axis_limits(found.figures)
    dots = chart_rows(found.figures, study.catalogue, letters)
    assert low < dots[["value", "lower"]].min().min()
    assert dots[["value", "upper"]].max().max() < high
    assert not set(dots["indicator"]) & {"Residents", "Residents, mid-2020 estimate"}
    table = figure_table(found.figures, study.catalogue, letters, "York")
    assert len(table) == len(found.figures)
    counts = table[table["Indicator"] == "Residents"]
    assert set(counts["Against York"]) == {""}
    assert set(counts["Lowest area inside"]) == {""}
