"""Sums against published totals."""

from __future__ import annotations

import pandas as pd

from indicators.catalogue import CATALOGUE
from indicators.reconcile import reconcile_indicators

BAD = "General health: Bad health"
VERY_BAD = "General health: Very bad health"


def _by_cell(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [("ts037", cell, "lsoa21", "2021", total, published) for cell, total, published in rows],
        columns=["table", "cell", "geography", "period", "sum_of_areas", "published"],
    )


def test_cells_of_a_numerator_are_summed_before_they_are_compared() -> None:
    rows = reconcile_indicators(_by_cell((BAD, 90, 100), (VERY_BAD, 13, 10)), CATALOGUE)
    row = rows.set_index("indicator_id").loc["bad_health"]
    assert (row["sum_of_areas"], row["published"], row["difference"]) == (103, 110, -7)


def test_an_indicator_with_a_cell_missing_is_not_reconciled() -> None:
    rows = reconcile_indicators(_by_cell((BAD, 90, 100)), CATALOGUE)
    assert "bad_health" not in set(rows["indicator_id"])
