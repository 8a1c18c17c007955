"""The Compare page on the embedded sample: winners in words, flows, differences that are judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geodata.workspace import open_workspace
from indicators.catalogue import CATALOGUE
from indicators.difference import HIGHER, NOT_CLEAR, SAME_PEOPLE
from neighbourhoods.comparison.comparison import compare_options
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components.compare_choice import Compared
from pages.components.compare_choice import finding_words as finding_headline
from pages.components.compare_contest import contest_rows
from pages.components.compare_differences import finding_words
from pages.components.compare_figures import fact_rows
from pages.components.compare_measures import made_of, measure_rows
from pages.components.flow_chart import CHANGED, STAYS, flow_chart, flow_rows
from pages.components.option_title import option_titles

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return Study(open_workspace(tmp_path / "workspace"))


def bands(study: Study, n: int, name: str) -> FootprintOption:
    """York's wards in `n` bands from south to north, saved."""
    rank = study.outlines("ward").geometry.centroid.y.rank(method="first") - 1
    assignment = {str(code): "ABCDEF"[int(r * n // len(rank))] for code, r in rank.items()}
    return save_option(study.store, FootprintOption("", name, "ward", assignment))


def test_page_says_which_option_wins_on_what_and_judges_differences(study: Study) -> None:
    first, second = bands(study, 2, "Two"), bands(study, 3, "Three")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.query_params["options"] = f"{first.id},{second.id}"
    app.query_params["indicator"] = "bad_health"
    app.switch_page("pages/plan/compare_options.py").run()
    assert not app.exception, app.exception
    assert any("wins on" in m.value and "measures" in m.value for m in app.markdown)
    assert any("no option is best outright" in c.value for c in app.caption)
    assert any("people who are in both are counted once" in c.value for c in app.caption)
    differences = next(d.value for d in app.dataframe if "Finding" in d.value)
    assert len(differences) == 2
    assert differences["95% limits"].str.contains(" to ").all()


def test_an_option_named_twice_in_the_address_is_compared_once(study: Study) -> None:
    first, second = bands(study, 2, "Two"), bands(study, 3, "Three")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.query_params["options"] = f"{first.id},{first.id},{second.id}"
    app.switch_page("pages/plan/compare_options.py").run()
    assert not app.exception, app.exception
    assert app.session_state["options"] == [first.id, second.id]
    residents = next(d.value for d in app.dataframe if "Value (people)" in d.value)
    assert not {"Lower 95%", "Upper 95%"} & set(residents.columns), "a count has no interval to show"


def test_a_local_small_count_is_called_suppressed_where_options_are_compared() -> None:
    rows = pd.DataFrame(
        {
            "option": "Two",
            "name": ["A", "B"],
            "value": [np.nan, 4.0],
            "lower": [np.nan, 3.0],
            "upper": [np.nan, 5.0],
            "comparison": ["not compared", "higher"],
            "fit": "exact",
            "note": "",
            "suppressed": [True, False],
        }
    )
    table = fact_rows(rows, CATALOGUE["bad_health"], "York")
    assert table["Note"].tolist() == ["suppressed", ""]
    assert table["Against York"].tolist() == ["", "higher than York"]


def test_measures_of_options_of_different_areas_are_said_not_to_be_alike(study: Study) -> None:
    wards = bands(study, 2, "Of wards")
    fine = next(g for g in study.geographies if g != "ward")
    codes = sorted(study.outlines(fine).index)
    option = FootprintOption("", "Of small areas", fine, {c: "AB"[i % 2] for i, c in enumerate(codes)})
    mixed = Compared(study, (wards, save_option(study.store, option)))
    assert "Of wards of wards" in made_of(mixed)
    assert "not alike" in made_of(mixed)
    assert made_of(Compared(study, (wards, bands(study, 3, "Three")))) == ""
    border = measure_rows(mixed).set_index("Measure").loc["Border between footprints, km"]
    metres = study.evaluate(wards).option["shared_border_m"]
    assert float(border["Of wards"]) == pytest.approx(metres / 1000, abs=0.05)


def test_winners_are_marked_in_words_and_ties_said(study: Study) -> None:
    two, three = bands(study, 2, "Two"), bands(study, 3, "Three")
    copy = save_option(study.store, two.with_changes(id="", name="Copy"))
    rows = contest_rows(Compared(study, (two, three, copy))).set_index("Measure")
    cut = rows.loc["Cut edges: fewest"]
    edges = study.evaluate(two).option["cut_edges"]
    assert cut[["Two", "Copy", "Best"]].tolist() == [
        f"{edges} (joint best)",
        f"{edges} (joint best)",
        "Tie of 2",
    ]
    assert "best" not in cut["Three"]
    assert rows.at["Split wards: fewest", "Best"] == "All alike"
    assert rows.at["People who move from as now: fewest", "Best"] == "No option is pinned as now"


def test_flows_hold_everybody_once_with_those_who_stay_on_the_diagonal() -> None:
    areas = list("ABCDEF")
    people = pd.Series([1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0, 6_000.0], index=areas)
    first = FootprintOption("", "One", "ward", dict(zip(areas, "xxxyyy", strict=True)))
    second = FootprintOption(
        "", "Other", "ward", dict(zip(areas, "qqpppp", strict=True)), {"q": "Same", "p": "Same"}
    )
    rows = flow_rows(first, second, compare_options(first, second, people))
    assert rows["people"].sum() == people.sum()
    assert rows["column"].tolist() == ["Same (p)", "Same (q)", "Same (p)"]
    stay = rows[rows["kind"] == STAYS]
    assert (stay["row_order"] == stay["column_order"]).all()
    assert rows.loc[rows["kind"] == CHANGED, "people"].tolist() == [3_000.0]
    assert rows["share"].max() == 1
    marks = [layer["mark"]["type"] for layer in flow_chart(rows, "One", "Other").to_dict()["layer"]]
    assert marks == ["rect", "text"]


def test_flows_of_unknown_people_have_no_shade() -> None:
    first = FootprintOption("", "One", "ward", {"A": "x", "B": "y"})
    rows = flow_rows(first, first, compare_options(first, first, pd.Series([np.nan, np.nan], ["A", "B"])))
    assert rows["share"].tolist() == [0.0, 0.0]


def test_findings_are_counted_in_words() -> None:
    words = finding_words([HIGHER, NOT_CLEAR, NOT_CLEAR, SAME_PEOPLE], "B", "A")
    assert words == (
        "Under B against A, of 4 matched footprints 1 is higher, 2 have no clear difference and 1 holds the "
        "same people."
    )


def test_headline_counts_who_moves_or_says_nobody_does(study: Study) -> None:
    two, three = bands(study, 2, "Two"), bands(study, 3, "Three")
    copy = save_option(study.store, two.with_changes(id="", name="Copy"))
    moved = study.compare(two, three).people_who_move
    people = f"{moved:,.0f} people ({moved / 202_814:.0%})"
    said = finding_headline(Compared(study, (two, three)))
    assert said == f"{people} live in another neighbourhood under Three than under Two"
    said = finding_headline(Compared(study, (two, copy)))
    assert said == "Nobody changes neighbourhood between Two and Copy"


def test_no_two_titles_are_alike(study: Study) -> None:
    one = bands(study, 2, "Same")
    version = save_option(study.store, one.with_changes(id="", parent_id=one.id, created=""))
    namesake = save_option(study.store, one.with_changes(id=""))
    other = bands(study, 3, "Other")
    titles = option_titles(study, [one, version, other])
    assert list(titles.values()) == ["Same, version 1", "Same, version 2", "Other"]
    assert len(set(option_titles(study, [one, version, namesake, other]).values())) == 4
