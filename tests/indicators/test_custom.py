"""A council's own file and form: what is taken, and what every fault is called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geodata.errors import InputError
from indicators.custom import parse_custom
from indicators.custom_form import CustomForm
from indicators.indicator import Indicator
from indicators.observe import observe
from indicators.profile import profile_rows
from indicators.target import Target, published_at

CODES = {"ward": frozenset({"E05000001", "E05000002", "E05000003"}), "lsoa21": frozenset({"E01000001"})}
FORM = CustomForm(
    id="home_visits",
    label="Home visits",
    domain="adults",
    unit="%",
    polarity="no_judgement",
    statistic="proportion",
    source="Council case system",
    period="2025",
    multiplier=100.0,
)


def _file(*rows: tuple[object, ...], columns: str = "area_code numerator denominator") -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def _fault(frame: pd.DataFrame, form: CustomForm = FORM, taken: frozenset[str] = frozenset()) -> str:
    with pytest.raises(InputError) as caught:
        parse_custom(frame, form, CODES, taken)
    return caught.value.message


def _shown(indicator: Indicator, cells: pd.DataFrame) -> pd.DataFrame:
    codes = pd.Index(sorted(CODES["ward"]))
    catalogue = {indicator.id: indicator}
    observations = observe(cells, {"ward": pd.DataFrame(index=codes)}, catalogue)
    target = Target(codes, {"ward": published_at(codes)})
    return profile_rows(observations, target, catalogue, authority_code="X")


def test_a_file_becomes_a_record_and_cells_that_can_be_profiled() -> None:
    frame = _file(("E05000001", "30", "1,200"), ("E05000002", 40, 800), (" E05000003 ", 0, 500))
    indicator, cells = parse_custom(frame, FORM, CODES)
    assert indicator.source_id == "local"
    assert indicator.geography == "ward"
    assert indicator.disclosure == "local_sensitive"
    assert indicator.interval == "Wilson"
    assert "Council case system" in indicator.caveat
    assert list(cells.columns) == ["table", "geography", "area_code", "period", "cell", "value", "status"]
    assert set(cells["table"]) == {"custom_home_visits"}
    rows = _shown(indicator, cells)
    assert rows["value"].tolist() == pytest.approx([2.5, 5.0, 0.0, 70 / 2500 * 100])


def test_small_counts_are_kept_and_hidden_where_they_are_shown() -> None:
    frame = _file(("E05000001", 2, 1200), ("E05000002", 40, 800), ("E05000003", 50, 500))
    indicator, cells = parse_custom(frame, FORM, CODES)
    assert 2 in cells["value"].tolist()
    rows = _shown(indicator, cells)
    assert rows["suppressed"].tolist() == [True, True, False, False]


def test_a_blank_number_is_unknown_and_not_zero() -> None:
    frame = _file(("E05000001", "", 1200), ("E05000002", 40, None))
    _, cells = parse_custom(frame, FORM, CODES)
    by_cell = cells.set_index(["cell", "area_code"])
    assert by_cell.loc[("numerator", "E05000001"), "status"] == "missing"
    assert np.isnan(by_cell.loc[("numerator", "E05000001"), "value"])
    assert by_cell.loc[("denominator", "E05000002"), "status"] == "missing"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("E05000001", -1, 10)], "Row 2 (E05000001): the numerator -1 is negative."),
        ([("E05000001", 1, -10)], "Row 2 (E05000001): the denominator -10 is negative."),
        ([("E05000001", 11, 10)], "Row 2 (E05000001): the numerator 11 is above the denominator 10."),
        ([("E05000001", 1, 0)], "Row 2 (E05000001): the denominator is zero and the numerator is not."),
        (
            [("E05000001", 1, 10), ("E05000009", 1, 10)],
            "Row 3 (E05000009): is no ward area of this workspace.",
        ),
        ([("E05000001", 1, 10), ("E05000001", 2, 10)], "Row 3 (E05000001): stands here a second time."),
        ([("E05000001", 1, 10), ("", 2, 10)], "Row 3 (no code): the area code is blank."),
        ([("E05000001", "many", 10)], "Row 2 (E05000001): numerator 'many' is no number"),
        ([("E05000001", "inf", 10)], "Row 2 (E05000001): numerator 'inf' is no number"),
        ([("E05000001", "=1+1", 10)], "Row 2 (E05000001): numerator '=1+1' is no number"),
    ],
)
def test_each_fault_names_its_row_and_code(rows: list[tuple[object, ...]], words: str) -> None:
    assert words in _fault(_file(*rows))


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("12,5", "'12,5' is no number: write decimals with a point."),
        ("1.200,5", "'1.200,5' is no number: write decimals with a point."),
        ("1,2,3", "'1,2,3' is no number: leave the cell empty"),
        ("12%", "'12%' is no number: leave the per cent sign out."),
        ("<5", "'<5' is no number: leave the cell empty where the figure is not known."),
    ],
)
def test_a_cell_that_is_no_number_says_how_to_write_it(written: str, advice: str) -> None:
    assert advice in _fault(_file(("E05000001", written, 500)))


def test_commas_between_thousands_are_read_and_never_moved() -> None:
    frame = _file(("E05000001", "1,200", "12,000.5"), ("e05000002", "1,234,567", "2,000,000"))
    _, cells = parse_custom(frame, FORM, CODES)
    assert cells["value"].tolist() == [1_200, 1_234_567, 12_000.5, 2_000_000]
    assert cells["area_code"].tolist() == ["E05000001", "E05000002"] * 2


def test_a_file_without_a_figure_is_refused() -> None:
    assert "no figure for any area" in _fault(_file(("E05000001", "", 10), ("E05000002", None, 20)))


def test_all_faults_are_listed_up_to_twenty() -> None:
    frame = _file(*(("E05000001", -1, 10) for _ in range(30)))
    message = _fault(frame)
    assert message.count("Row ") == 20
    assert message.endswith("… and 39 more.")  # 30 negative, 29 repeated


def test_a_rate_may_have_more_events_than_people() -> None:
    indicator, _ = parse_custom(_file(("E05000001", 11, 10)), replace(FORM, statistic="rate"), CODES)
    assert indicator.interval == "Byar's or exact Poisson"


def test_as_many_as_all_is_still_a_proportion() -> None:
    _, cells = parse_custom(_file(("E05000001", 10, 10)), FORM, CODES)
    assert cells["value"].to_list() == [10.0, 10.0]


def test_codes_of_no_known_area_are_refused_with_what_to_do() -> None:
    assert "import its boundaries first" in _fault(_file(("E09000001", 1, 10)))


def test_missing_columns_are_named_with_those_found() -> None:
    message = _fault(_file(("E05000001", 1), columns="area_code numerator"))
    assert "needs the columns area_code, numerator, denominator" in message
    assert "the file has area_code, numerator: add denominator" in message


def test_column_names_may_be_written_with_capitals_and_blanks() -> None:
    frame = pd.DataFrame({" Area Code ": ["E05000001"], "NUMERATOR": [1], "Denominator": [10]})
    assert parse_custom(frame, FORM, CODES)[0].geography == "ward"


def test_a_score_without_a_weight_cannot_be_combined_and_one_with_a_weight_can() -> None:
    form = replace(FORM, statistic="score", multiplier=1.0, unit="score")
    alone, cells = parse_custom(_file(("E05000001", 0.4), columns="area_code value"), form, CODES)
    assert alone.aggregation == "not combined"
    assert set(cells["cell"]) == {"value", "weight"}
    weighted, _ = parse_custom(
        _file(("E05000001", 0.4, 900), columns="area_code value denominator"), form, CODES
    )
    assert weighted.aggregation == "population-weighted mean"


def test_a_count_takes_its_numbers_from_either_name() -> None:
    form = replace(FORM, statistic="count", unit="people")
    indicator, cells = parse_custom(_file(("E05000001", 7), columns="area_code value"), form, CODES)
    assert indicator.denominator is None
    assert cells["value"].tolist() == [7.0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "Home visits"}, "lower case letters"),
        ({"label": " "}, "The label must be filled in"),
        ({"unit": ""}, "The unit must be filled in"),
        ({"period": ""}, "The period must be filled in"),
        ({"source": ""}, "The source must be filled in"),
        ({"domain": "housing"}, "The domain must be one of adults"),
        ({"statistic": "median"}, "The statistic must be one of count"),
        ({"polarity": "good"}, "The polarity must be one of"),
        ({"disclosure": "open"}, "The disclosure must be one of"),
        ({"multiplier": 0.0}, "The multiplier must be a number above zero"),
    ],
)
def test_a_form_that_is_not_whole_is_refused(changes: dict[str, object], words: str) -> None:
    form = replace(FORM, **changes)  # type: ignore[arg-type]
    assert words in _fault(_file(("E05000001", 1, 10)), form)


def test_an_id_in_use_is_refused() -> None:
    assert "in use already" in _fault(_file(("E05000001", 1, 10)), FORM, frozenset({"home_visits"}))
