"""A plan for a bus made by hand, so that every hour and sum can be read off.

One vehicle from the depot Yard. Monday: leave 09:00, 10 minutes and 4 km to Ash Hall (09:10 to 10:10), 20
minutes and 8 km to Elm Library, where it waits for 30 minutes (11:00 to 12:00), 15 minutes and 6 km back:
12:15. Thursday evening, youth work: leave 17:00, 12 minutes and 5 km to Ash Hall (17:12 to 18:12), 12
minutes and 5 km back: 18:24.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from neighbourhoods.outreach.plan import ROUND_COLUMNS, VISIT_COLUMNS, OutreachParams, OutreachPlan, Session

ADVICE = Session("advice", "benefits", (0, 1), 540, 960)
YOUTH = Session("youth", "youth", (3,), 1_020, 1_200)
STOPS = pd.DataFrame(
    {
        "name": ["Yard", "Ash Hall", "Elm Library"],
        "kind": ["venue", "venue", "library"],
        "x": [500.0, 700.0, 1_500.0],
        "y": [500.0, 700.0, 1_500.0],
    },
    index=pd.Index(["venue:yard", "venue:ash", "library:elm"], name="stop_id"),
)


def toy_params(**changes: object) -> OutreachParams:
    """What was asked for the plan."""
    asked = OutreachParams(
        hub_ids=("library:hub",),
        sessions=(ADVICE, YOUTH),
        stop_kinds=("venue", "library"),
        depot_id="venue:yard",
    )
    return replace(asked, **changes)  # type: ignore[arg-type]


def toy_plan(**changes: object) -> OutreachPlan:
    """The plan of one week."""
    visits = pd.DataFrame(
        [
            (0, 0, 0, "advice", 0, "venue:ash", 550, 610, 10.0, 4.0, 100.0),
            (0, 0, 0, "advice", 1, "library:elm", 660, 720, 20.0, 8.0, 60.0),
            (0, 3, 0, "youth", 0, "venue:ash", 1_032, 1_092, 12.0, 5.0, 40.0),
        ],
        columns=list(VISIT_COLUMNS),
    )
    rounds = pd.DataFrame(
        [
            (0, 0, 0, "advice", 540, 735, 45.0, 18.0, 2),
            (0, 3, 0, "youth", 1_020, 1_104, 24.0, 10.0, 1),
        ],
        columns=list(ROUND_COLUMNS),
    )
    areas = pd.DataFrame(
        {
            "need_advice": [200.0, 0.0, 0.0, 0.0, 100.0, 50.0],
            "served_advice": [100.0, 0.0, 0.0, 0.0, 60.0, 0.0],
            "need_youth": [50.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "served_youth": [40.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        },
        index=pd.Index(list("ABCDEF"), name="area_code"),
    )
    plan = OutreachPlan(toy_params(), STOPS, visits, rounds, areas, 200.0, 210.0, 0.05, "by hand", 0.1)
    return replace(plan, **changes)  # type: ignore[arg-type]


def toy_fortnight() -> OutreachPlan:
    """Monday's round in both weeks, Thursday's in the second alone."""
    plan = toy_plan()
    visits = pd.concat([plan.visits[:2], plan.visits[:2].assign(week=1), plan.visits[2:].assign(week=1)])
    rounds = pd.concat([plan.rounds[:1], plan.rounds[:1].assign(week=1), plan.rounds[1:].assign(week=1)])
    return replace(
        plan,
        params=toy_params(n_weeks=2),
        visits=visits.reset_index(drop=True),
        rounds=rounds.reset_index(drop=True),
    )
