"""Words about a map: what it shows, what has no figure and why; each reason once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from indicators.catalogue import CATALOGUE
from pages.components import words
from pages.components.layer import Layer
from pages.components.map_state import footprint_labels, letter_words
from pages.components.ranking import download_table, lacking_words, ranking_table, summary_words

NAMES = {f"A{i}": f"Area {i}" for i in range(8)}
LAYER = Layer("ward", "Wards", "ward", "ward", "wards", NAMES)
REASON = "Published by ward only: not spread to these areas."


class Town:
    authority_code = "T"
    authority_name = "Town"


def view(values: list[float], *, comparison: str = "", note: str = "") -> pd.DataFrame:
    n = len(values)
    return pd.DataFrame(
        {
            "value": values,
            "lower": [np.nan] * n,
            "comparison": [comparison] * n,
            "suppressed": [False] * n,
            "note": [note] * n,
        },
        index=list(NAMES)[:n],
    )


def test_one_reason_for_all_areas_is_said_once() -> None:
    said = lacking_words(view([np.nan] * 8, note=REASON), LAYER, "T")
    assert said == f"Without a figure: every ward. {REASON}"


def test_few_areas_are_named_with_their_reason_and_many_share_it() -> None:
    rows = view([1.0, np.nan, np.nan, np.nan, np.nan, np.nan])
    rows.loc["A1", "suppressed"] = True
    said = lacking_words(rows, LAYER, "T")
    assert said == "Without a figure: Area 1 (suppressed); Area 2, Area 3, Area 4 and Area 5 (no data)."


def test_counts_are_not_said_to_be_judged() -> None:
    said = summary_words(view([30.0, 10.0, 20.0]), LAYER, CATALOGUE["pop_total"], Town())  # type: ignore[arg-type]
    assert "from 10 people in Area 1 to 30 people in Area 0" in said
    assert "judged by 95% intervals" not in said


def test_shares_without_a_figure_of_the_authority_are_said_not_to_be_compared() -> None:
    rows = view([30.0, 10.0]).assign(lower=9.0)
    said = summary_words(rows, LAYER, CATALOGUE["bad_health"], Town())  # type: ignore[arg-type]
    assert "there is no figure of Town to compare with" in said
    assert "no interval" not in said


def test_a_map_without_a_figure_says_so() -> None:
    said = summary_words(view([np.nan] * 3), LAYER, CATALOGUE["bad_health"], Town())  # type: ignore[arg-type]
    assert said.startswith("In words: none of 3 wards has a figure.")


@pytest.mark.parametrize(
    ("indicator_id", "value", "text"),
    [
        ("imd", 27.44, "27.4"),
        ("loneliness", 30.6, "30.6%, modelled"),
        ("acute_morbidity", 125.0, "125"),
        ("crime_all", 94.0, "94.0 per 1,000 residents"),
    ],
)
def test_units_read_as_people_say_them(indicator_id: str, value: float, text: str) -> None:
    assert words.figure(CATALOGUE[indicator_id], value) == text


def test_letters_on_the_map_have_a_key() -> None:
    long = ["South west corner", "Inner"]
    assert footprint_labels(long) == ("A", "B")
    assert letter_words(long) == "On the map A is South west corner, B is Inner."
    assert footprint_labels(["North", "South"]) == ("North", "South")
    assert letter_words(["North", "South"]) == ""


def test_a_file_says_its_indicator_period_and_the_wider_limits() -> None:
    rows = view([5.8, 5.6], comparison="higher")
    for column, value in (("lower", 5.0), ("upper", 6.0), ("lower_998", 4.5), ("upper_998", 6.5)):
        rows[column] = value
    rows = rows.assign(numerator=1.0, denominator=20.0, fit="exact", period=["2021", ""])
    table = ranking_table(rows, LAYER, CATALOGUE["bad_health"], "Town")
    file = download_table(table, rows, CATALOGUE["bad_health"])
    assert file["Lower 99.8%"].tolist() == [4.5, 4.5]
    assert file["Period"].tolist() == ["2021", CATALOGUE["bad_health"].vintage]
    assert set(file["Unit"]) == {"%"}
    assert list(file.columns[-3:]) == ["Indicator", "Unit", "Period"]
