"""Sums against published totals."""

from __future__ import annotations

import pandas as pd

from indicators.catalogue import CATALOGUE
from indicators.reconcile import newest_of_each, reconcile_indicators

BAD = "General health: Bad health"
VERY_BAD = "General health: Very bad health"


def _by_cell(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [("ts037", cell, "lsoa21", "2021", total, published, 6, 0) for cell, total, published in rows],
        columns=[
            "table",
            "cell",
            "geography",
            "period",
            "sum_of_areas",
            "published",
            "n_areas",
            "n_unknown",
        ],
    )


def test_cells_of_a_numerator_are_summed_before_they_are_compared() -> None:
    rows = reconcile_indicators(_by_cell((BAD, 90, 100), (VERY_BAD, 13, 10)), CATALOGUE)
    row = rows.set_index("indicator_id").loc["bad_health"]
    assert (row["sum_of_areas"], row["published"], row["difference"]) == (103, 110, -7)


def test_an_indicator_with_a_cell_missing_is_not_reconciled() -> None:
    rows = reconcile_indicators(_by_cell((BAD, 90, 100)), CATALOGUE)
    assert "bad_health" not in set(rows["indicator_id"])


def test_areas_without_a_known_figure_are_counted_beside_the_sum() -> None:
    by_cell = _by_cell((BAD, 90, 100), (VERY_BAD, 13, 10)).assign(n_areas=[6, 5], n_unknown=[0, 2])
    row = reconcile_indicators(by_cell, CATALOGUE).set_index("indicator_id").loc["bad_health"]
    assert (row["n_areas"], row["n_unknown"]) == (5, 2)


def test_of_a_long_series_the_newest_period_is_read_first() -> None:
    part = _by_cell((BAD, 90, 100), (VERY_BAD, 13, 10))
    rows = reconcile_indicators(pd.concat([part.assign(period=p) for p in ("2023", "2021")]), CATALOGUE)
    assert newest_of_each(rows)["period"].tolist() == ["2023"]
