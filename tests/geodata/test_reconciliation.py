"""Sums of areas stand beside what was published for the authority."""

from __future__ import annotations

import pandas as pd

from geodata.reconciliation import reconcile

COLUMNS = ["table", "geography", "area_code", "period", "cell", "value", "status"]
TOTAL = "Religion: Total: All usual residents"


def cells(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame([(*row, "") for row in rows], columns=COLUMNS)


def test_the_difference_is_the_sum_less_the_published_figure() -> None:
    found = reconcile(
        cells(
            ("ts030", "lsoa21", "a", "2021", TOTAL, 60.0),
            ("ts030", "lsoa21", "b", "2021", TOTAL, 39.0),
            ("ts030", "lad", "x", "2021", TOTAL, 100.0),
        )
    )
    (row,) = found.to_dict("records")
    assert (row["sum_of_areas"], row["published"], row["difference"], row["n_areas"]) == (
        99.0,
        100.0,
        -1.0,
        2,
    )


def test_an_unknown_area_is_counted_and_not_taken_for_nought() -> None:
    found = reconcile(
        cells(
            ("t", "ward", "a", "2021", "People", 60.0),
            ("t", "ward", "b", "2021", "People", float("nan")),
            ("t", "lad", "x", "2021", "People", 100.0),
        )
    )
    assert found.loc[0, "n_unknown"] == 1
    assert found.loc[0, "sum_of_areas"] == 60.0


def test_a_total_without_its_own_authority_row_takes_that_of_the_same_people() -> None:
    health = TOTAL.replace("Religion", "General health")
    found = reconcile(
        cells(
            ("ts037", "lsoa21", "a", "2021", health, 101.0),
            ("ts007a", "lsoa21", "a", "2021", "Age: Total", 102.0),
            ("ts040", "lsoa21", "a", "2021", "Disabled: Total: All households", 40.0),
            ("ts030", "lad", "x", "2021", TOTAL, 100.0),
        )
    )
    assert dict(zip(found["table"], found["difference"], strict=True)) == {"ts037": 1.0, "ts007a": 2.0}
    assert set(found["published_in"]) == {"ts030"}


def test_what_does_not_add_up_is_left_out() -> None:
    for cell in ("Per cent of children", "Claimant rate", "IMD_rank", "IMD decile", "Income score", "% poor"):
        found = reconcile(cells(("t", "ward", "a", "2021", cell, 1.0), ("t", "lad", "x", "2021", cell, 1.0)))
        assert found.empty, cell


def test_periods_are_not_mixed() -> None:
    found = reconcile(
        cells(("t", "ward", "a", "2021", "People", 1.0), ("t", "lad", "x", "2020", "People", 1.0)),
    )
    assert found.empty
