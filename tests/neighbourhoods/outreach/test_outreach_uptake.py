"""The review rule at its thresholds, and corrections that count once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pytest

from geodata.uptake_table import put_uptake
from neighbourhoods.outreach.uptake import review_words, standing_visits, stop_reviews
from neighbourhoods.study.study import Study
from tests.neighbourhoods.toy_study import toy_study


@pytest.fixture
def study(tmp_path: Path, toy_town: gpd.GeoDataFrame) -> Study:
    return toy_study(tmp_path, toy_town)


def record(study: Study, *counts: int, stop_id: str = "venue:ash", corrects: str = "") -> list[str]:
    """Visits a week apart, the last on 1 June 2026."""
    first = date(2026, 6, 1) - timedelta(weeks=len(counts) - 1)
    return [
        put_uptake(
            study.store,
            authority_code=study.authority_code,
            stop_id=stop_id,
            stop_name="Ash Hall",
            service_id="benefits",
            visited_on=first + timedelta(weeks=week),
            n_visitors=count,
            corrects=corrects,
        )
        for week, count in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("counts", "finding"),
    [
        ((2, 2, 2), "review"),  # exactly two
        ((2, 2, 3), "fine"),
        ((2, 2, 1), "review"),
        ((1, 1), "too few"),
        ((30, 2, 2, 2, 2, 2, 2), "review"),  # the seventh from the end counts no more
        ((30, 2, 2, 2, 2, 2), "fine"),
    ],
)
def test_two_or_fewer_on_average_over_the_last_visits_call_for_a_review(
    study: Study, counts: tuple[int, ...], finding: str
) -> None:
    record(study, *counts)
    (row,) = stop_reviews(standing_visits(study)).to_dict("records")
    assert (row["finding"], row["n_visits"], row["n_visitors"]) == (finding, len(counts), sum(counts))


def test_a_correction_takes_the_place_of_what_it_corrects(study: Study) -> None:
    slip = record(study, 9, 9, 90)[-1]
    again = record(study, 80, corrects=slip)[0]
    record(study, 9, corrects=again)
    assert standing_visits(study)["n_visitors"].tolist() == [9, 9, 9]


def test_without_a_visit_there_is_no_review(study: Study) -> None:
    assert stop_reviews(standing_visits(study)).empty


def test_a_finding_is_said_with_what_it_rests_on() -> None:
    assert review_words("review", 1.5, 9) == (
        "Review: 1.5 visitors on average over the last 6 visits, and 2 or fewer call for it"
    )
    assert review_words("fine", 4.0, 3) == "Well used enough: 4.0 visitors on average over the last 3 visits"
    assert review_words("too few", 1.0, 2) == "Too few visits to say: 2 of at least 3"
