"""From cells to observations, in a toy town of six areas.

A B C      people 100 200 300
D E F             400 500 600
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from indicators.catalogue import CATALOGUE
from indicators.indicator import Cells, Indicator
from indicators.observe import OBSERVATION_COLUMNS, observe

if TYPE_CHECKING:
    pass

AREAS = list("ABCDEF")
PEOPLE = [100.0, 200, 300, 400, 500, 600]


def _cells(table: str, cell: str, values: list[float], period: str = "2021", **changes: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "table": table,
            "geography": "lsoa21",
            "area_code": AREAS[: len(values)],
            "period": period,
            "cell": cell,
            "value": values,
            "status": "",
        }
    )
    return frame.assign(**changes)


def _town() -> dict[str, pd.DataFrame]:
    return {"lsoa21": pd.DataFrame({"km2": [1.0, 2, 3, 4, 5, 6]}, index=AREAS)}


def _indicator(numerator: Cells, denominator: Cells | None, **changes: object) -> dict[str, Indicator]:
    record = replace(CATALOGUE["bad_health"], id="x", numerator=numerator, denominator=denominator, **changes)
    return {"x": record}


def _observed(cells: list[pd.DataFrame], catalogue: dict[str, Indicator]) -> pd.DataFrame:
    return observe(pd.concat(cells, ignore_index=True), _town(), catalogue).set_index("area_code")


RESIDENTS = Cells("people", ("all",))


def test_cells_are_added_and_taken_off() -> None:
    cells = [_cells("t", "a", PEOPLE), _cells("t", "b", [1.0] * 6), _cells("people", "all", PEOPLE)]
    frame = _observed(cells, _indicator(Cells("t", ("a", "b"), subtract=("b",)), RESIDENTS))
    assert frame["numerator"].tolist() == PEOPLE
    assert frame["denominator"].tolist() == PEOPLE
    assert frame["status"].tolist() == [""] * 6
    assert tuple(frame.reset_index().columns) == OBSERVATION_COLUMNS


def test_a_star_adds_all_cells_that_begin_so() -> None:
    cells = [
        _cells("t", "Drugs", [1.0] * 6),
        _cells("t", "Drink", [2.0] * 6),
        _cells("t", "Arson", [4.0] * 6),
    ]
    assert _observed(cells, _indicator(Cells("t", ("Dr*",)), None))["numerator"].tolist() == [3.0] * 6
    assert _observed(cells, _indicator(Cells("t", ("*",)), None))["numerator"].tolist() == [7.0] * 6


def test_the_latest_period_is_taken_and_a_named_one_when_named() -> None:
    cells = [_cells("t", "a", [1.0] * 6, "FYE 2024"), _cells("t", "a", [2.0] * 6, "FYE 2025")]
    latest = _observed(cells, _indicator(Cells("t", ("a",)), None))
    assert set(latest["period"]) == {"FYE 2025"}
    assert set(latest["numerator"]) == {2.0}
    named = _observed(cells, _indicator(Cells("t", ("a",), period="FYE 2024"), None))
    assert set(named["numerator"]) == {1.0}


def test_numerator_and_denominator_are_never_of_two_geographies() -> None:
    cells = [_cells("t", "a", PEOPLE), _cells("people", "all", PEOPLE, geography="ward")]
    assert _observed(cells, _indicator(Cells("t", ("a",)), RESIDENTS)).empty


def test_a_table_without_one_of_the_cells_gives_nothing() -> None:
    assert _observed([_cells("t", "a", PEOPLE)], _indicator(Cells("t", ("a", "gone")), None)).empty


def test_an_area_without_a_cell_is_missing_and_not_zero() -> None:
    cells = [_cells("t", "a", PEOPLE[:5]), _cells("people", "all", PEOPLE)]
    frame = _observed(cells, _indicator(Cells("t", ("a",)), RESIDENTS))
    assert frame.loc["F", "status"] == "missing"
    assert np.isnan(frame.loc["F", "numerator"])
    assert np.isnan(frame.loc["F", "denominator"])


def test_suppressed_beats_missing_and_zero_stays_zero() -> None:
    numerator = _cells("t", "a", [0.0, np.nan, np.nan, 1, 1, 1])
    numerator["status"] = ["", "suppressed", "missing", "", "", ""]
    denominator = _cells("people", "all", [100, np.nan, 300, 400, 500, 600])
    denominator["status"] = ["", "missing", "", "", "", ""]
    frame = _observed([numerator, denominator], _indicator(Cells("t", ("a",)), RESIDENTS))
    assert frame["status"].tolist() == ["", "suppressed", "missing", "", "", ""]
    assert frame.loc["A", "numerator"] == 0


def test_a_score_is_carried_times_its_weight() -> None:
    cells = [_cells("t", "score", [0.5] * 6), _cells("people", "all", PEOPLE)]
    frame = _observed(cells, _indicator(Cells("t", ("score",)), RESIDENTS, statistic="score"))
    assert frame["numerator"].tolist() == [people / 2 for people in PEOPLE]


def test_density_takes_the_size_of_the_areas() -> None:
    cells = [_cells("people", "all", PEOPLE)]
    frame = _observed(cells, _indicator(RESIDENTS, Cells("areas", area_km2=True)))
    assert (frame["numerator"] / frame["denominator"]).tolist() == [100.0] * 6
    unsized = observe(
        cells[0], {"lsoa21": pd.DataFrame(index=AREAS)}, _indicator(RESIDENTS, Cells("areas", area_km2=True))
    )
    assert unsized.empty


@pytest.mark.parametrize(("decile", "people"), [(1, 100.0), (2, 100.0), (3, 0.0), (0, 0.0)])
def test_where_counts_people_only_within_its_limits(decile: float, people: float) -> None:
    cells = [_cells("people", "all", PEOPLE), _cells("imd", "decile", [decile, 3, 3, 3, 3, np.nan])]
    part = Cells("people", ("all",), where=("imd", "decile", 1.0, 2.0))
    frame = _observed(cells, _indicator(part, RESIDENTS))
    assert frame.loc["A", "numerator"] == people
    assert frame.loc["F", "status"] == "missing"


def test_the_base_of_a_percentage_is_given_back() -> None:
    cells = [_cells("t", "n", [20.0, 0, 0, 5, 5, 5]), _cells("t", "pc", [10.0, 0, 4, 5, 5, 5])]
    part = Cells("t", ("n",), divide_by=("t", "pc", 100.0))
    frame = _observed(cells, _indicator(Cells("t", ("n",)), part))
    assert frame.loc["A", "denominator"] == 200
    assert frame.loc["B", "status"] == "missing"  # 0 of 0%: the base cannot be known


def _months(first: str, n: int, value: float = 1.0, **changes: str) -> list[pd.DataFrame]:
    periods = pd.period_range(first, periods=n, freq="M")
    return [_cells("crime", "Drugs", [value] * 6, str(period), **changes) for period in periods]


YEAR = Cells("crime", ("Drugs",), months=12)


def test_twelve_months_are_summed() -> None:
    frame = _observed(_months("2025-01", 12), _indicator(YEAR, None))
    assert frame["numerator"].tolist() == [12.0] * 6
    assert set(frame["period"]) == {"2025-01 to 2025-12"}


def test_eleven_months_are_unknown_and_the_missing_one_is_named() -> None:
    frame = _observed(_months("2025-01", 11)[:5] + _months("2025-07", 6), _indicator(YEAR, None))
    assert set(frame["status"]) == {"missing"}
    assert frame["numerator"].isna().all()
    assert set(frame["reason"]) == {"1 of 12 months are not loaded: 2025-06"}


def test_the_newest_unbroken_year_is_taken() -> None:
    frame = _observed(_months("2024-01", 12, 5.0) + _months("2025-01", 3), _indicator(YEAR, None))
    assert set(frame["period"]) == {"2024-04 to 2025-03"}
    assert set(frame["numerator"]) == {9 * 5.0 + 3}
    broken = _observed(_months("2024-01", 12, 5.0) + _months("2025-02", 3), _indicator(YEAR, None))
    assert set(broken["period"]) == {"2024-01 to 2024-12"}


def test_a_year_that_is_one_cell_already_counts_as_it_stands() -> None:
    cells = [_cells("crime", "Drugs", [7.0] * 6, "2025-01 to 2025-12")]
    assert set(_observed(cells, _indicator(YEAR, None))["numerator"]) == {7.0}
    half = [_cells("crime", "Drugs", [7.0] * 6, "2025-01 to 2025-06")]
    assert _observed(half, _indicator(YEAR, None)).empty


def test_an_area_that_lacks_one_month_is_missing_alone() -> None:
    months = _months("2025-01", 12)
    months[4] = months[4].iloc[:5]
    frame = _observed(months, _indicator(YEAR, None))
    assert frame["status"].tolist() == [""] * 5 + ["missing"]


def test_no_cells_give_an_empty_frame_with_its_columns() -> None:
    frame = observe(_cells("t", "a", []), {}, CATALOGUE)
    assert frame.empty
    assert tuple(frame.columns) == OBSERVATION_COLUMNS
