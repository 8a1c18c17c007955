"""Uptake of the bus: what stands after corrections, and which stops are due for a review.

The rule is that of mobile services: two or fewer visitors on average, and the stop is reviewed. It is held
to the last visits, so that a good start does not hide a stop that nobody comes to any more.
"""

from __future__ import annotations

import pandas as pd

from geodata.uptake_table import UPTAKE_FIELDS, list_uptake
from neighbourhoods.study.study import Study

REVIEW_VISITORS = 2.0  # on average; as many or fewer: review
LAST_VISITS = 6
FEWEST_VISITS = 3  # before anything is said


def standing_visits(study: Study) -> pd.DataFrame:
    """Visits as they stand, corrections in place of slips: by id, `UPTAKE_FIELDS`, oldest first."""
    rows = pd.DataFrame(list_uptake(study.store, study.authority_code), columns=list(UPTAKE_FIELDS))
    standing = rows[~rows["id"].isin(set(rows["corrects"]))]
    return standing.sort_values(["visited_on", "created"], kind="stable").set_index("id")


def stop_reviews(visits: pd.DataFrame) -> pd.DataFrame:
    """One row for each stop and service: how many came lately, and whether the stop is due for a review.

    Parameters
    ----------
    visits : DataFrame
        As `standing_visits`.

    Returns
    -------
    DataFrame
        stop_id, service_id, stop_name (as last recorded), n_visits, n_visitors (all), last_mean (of the last
        `LAST_VISITS`), finding ("review", "fine", "too few").
    """
    rows = []
    for (stop_id, service_id), part in visits.groupby(["stop_id", "service_id"], sort=True):
        last = part["n_visitors"].astype(float).tail(LAST_VISITS)
        mean = float(last.mean())
        finding = "review" if mean <= REVIEW_VISITORS else "fine"
        rows.append(
            {
                "stop_id": stop_id,
                "service_id": service_id,
                "stop_name": part["stop_name"].iloc[-1],
                "n_visits": len(part),
                "n_visitors": int(part["n_visitors"].sum()),
                "last_mean": mean,
                "finding": finding if len(part) >= FEWEST_VISITS else "too few",
            }
        )
    columns = ["stop_id", "service_id", "stop_name", "n_visits", "n_visitors", "last_mean", "finding"]
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values(["last_mean", "stop_name"], kind="stable").reset_index(drop=True)


def review_words(finding: str, last_mean: float, n_visits: int) -> str:
    """ "Review: 1.5 visitors on average over the last 6 visits, and 2 or fewer call for it"."""
    if finding == "too few":
        return f"Too few visits to say: {n_visits} of at least {FEWEST_VISITS}"
    n_last = min(n_visits, LAST_VISITS)
    said = f"{last_mean:.1f} visitors on average over the last {n_last} visits"
    if finding == "review":
        return f"Review: {said}, and {REVIEW_VISITORS:g} or fewer call for it"
    return f"Well used enough: {said}"
