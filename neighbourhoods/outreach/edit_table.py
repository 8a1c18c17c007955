"""The tables of a plan that was changed by hand: hours along its rounds, and whom its visits serve.

Rounds that an edit leaves alone keep their rows to the minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from neighbourhoods.outreach.edit import EditedPlan, HandVisit, RoundKey, rounds_of_visits
from neighbourhoods.outreach.edit_clock import RoundHours, round_hours
from neighbourhoods.outreach.edit_ground import EditGround
from neighbourhoods.outreach.edit_range import is_refuelled
from neighbourhoods.outreach.plan import (
    ROUND_COLUMNS,
    VISIT_COLUMNS,
    OutreachParams,
    OutreachPlan,
)
from neighbourhoods.outreach.route import layer_worth
from neighbourhoods.outreach.table import area_table
from neighbourhoods.outreach.window import windows_by_day

BY_HAND = "changed by hand"


def visit_people(
    ground: EditGround, params: OutreachParams, visits: Sequence[HandVisit]
) -> tuple[np.ndarray, np.ndarray]:
    """People of need served by each visit, and by first visits at each point and session.

    The first visits of all stops make the first layer, the second ones the next, each at its worth; in a
    layer a point counts at the best of its stops, so that the people of all visits add up to the value.
    """
    worth, n_stops = layer_worth(params), len(ground.ids)
    served = np.zeros((len(ground.need.xy), len(params.sessions)))
    people = np.zeros(len(visits))
    for k, session in enumerate(params.sessions):
        gain = ground.reach.toarray() * ground.need.need[:, k][None, :]
        n_of, nth = np.zeros(n_stops, dtype=int), {}
        for at, one in enumerate(visits):
            if one.session_id == session.id:
                row = ground.row(one.stop_id)
                nth[at] = (row, int(n_of[row]))
                n_of[row] += 1
        for layer in range(min(int(n_of.max(initial=0)), len(worth))):
            rows = np.flatnonzero(n_of > layer)
            best = gain[rows].argmax(axis=0)
            most = gain[rows].max(axis=0)
            by_stop = np.zeros(n_stops)
            by_stop[rows] = np.bincount(best, most, len(rows)) * worth[layer]
            for at, (row, number) in nth.items():
                if number == layer:
                    people[at] = by_stop[row]
            if layer == 0:
                served[:, k] = most
    return people, served


def windows_on(params: OutreachParams, stop_id: str, day: int) -> tuple[tuple[int, int], ...]:
    """When one may stand at a stop on a day; none where it is open all day, or closed on that day."""
    by_day = windows_by_day(params).get(stop_id)
    return () if by_day is None else tuple((int(opens), int(closes)) for opens, closes in by_day[day])


def told(
    ground: EditGround, params: OutreachParams, visits: tuple[HandVisit, ...], before: EditedPlan
) -> OutreachPlan:
    """The tables of a plan from its visits; a round that is as before keeps its rows."""
    sessions = {one.id: one for one in params.sessions}
    old = rounds_of_visits(before.params, before.visits)
    rows_of = {
        one.id: row for one, row in zip(before.visits, before.plan.visits.to_dict("records"), strict=True)
    }
    round_of = {
        (int(r["week"]), int(r["day"]), int(r["vehicle"]), str(r["session_id"])): r
        for r in before.plan.rounds.to_dict("records")
    }
    ordered: list[HandVisit] = []
    visit_rows: list[dict[Any, Any]] = []
    round_rows: list[dict[Any, Any]] = []
    free: dict[tuple[int, int, int], float] = {}
    since: dict[tuple[int, int, int], float] = {}
    for key, row in rounds_of_visits(params, visits).items():
        ordered += row
        ids = [ground.depot_id, *(one.stop_id for one in row), ground.depot_id]
        ways = list(pairwise(ids))
        driver, session = key[:3], sessions[key[3]]
        km = [ground.km(a, b) for a, b in ways]
        if is_refuelled(params, since.get(driver, 0.0), sum(km)):
            free[driver] += params.refuel_minutes
            since[driver] = 0.0
        since[driver] = since.get(driver, 0.0) + sum(km)
        earliest = max(free.get(driver, 0.0), float(session.start_minute))
        known = round_of.get(key)
        is_as_before = (
            known is not None
            and old.get(key) == row
            and _is_driven_as(ground, ways, [rows_of[one.id] for one in row], known)
            and float(known["leave_minute"]) >= free.get(driver, 0.0)
        )
        if is_as_before and known is not None:
            visit_rows += [rows_of[one.id] for one in row]
            round_rows.append(known)
            free[driver] = float(known["return_minute"])
            continue
        hours = round_hours(
            [ground.minutes(a, b) for a, b in ways],
            [one.at_minute for one in row],
            [windows_on(params, one.stop_id, one.day) for one in row],
            params,
            earliest,
        )
        free[driver] = hours.end
        visit_rows += _visit_rows(key, row, hours, km)
        round_rows.append(
            dict(
                zip(
                    ROUND_COLUMNS,
                    (*key, int(hours.leave), int(hours.end), int(sum(hours.drives)), sum(km), len(row)),
                    strict=True,
                )
            )
        )
    people, served = visit_people(ground, params, ordered)
    visit_table = pd.DataFrame(visit_rows, columns=list(VISIT_COLUMNS)).assign(people=people)
    used = [one for one in ground.stops.index if one in set(visit_table["stop_id"]) | {params.depot_id}]
    plan = before.plan
    method = plan.method if plan.method.endswith(BY_HAND) else f"{plan.method}; {BY_HAND}"
    return replace(
        plan,
        params=params,
        stops=ground.stops.loc[used],
        visits=visit_table,
        rounds=pd.DataFrame(round_rows, columns=list(ROUND_COLUMNS)),
        areas=area_table(ground.need, params, served),
        value=float(people.sum()),
        bound=float("nan"),
        gap=float("nan"),
        method=method,
    )


def _visit_rows(
    key: RoundKey, row: Sequence[HandVisit], hours: RoundHours, km: Sequence[float]
) -> list[dict[Any, Any]]:
    return [
        dict(
            zip(
                VISIT_COLUMNS,
                (
                    *key,
                    place,
                    one.stop_id,
                    int(hours.arrive[place]),
                    int(hours.depart[place]),
                    int(hours.drives[place]),
                    km[place],
                    0.0,
                ),
                strict=True,
            )
        )
        for place, one in enumerate(row)
    ]


def _is_driven_as(
    ground: EditGround,
    ways: Sequence[tuple[str, str]],
    rows: Sequence[dict[Any, Any]],
    known: dict[Any, Any],
) -> bool:
    """Whether every drive of a round takes as long as it did."""
    minutes = [ground.minutes(a, b) for a, b in ways]
    to_visits = [float(row["drive_minutes"]) for row in rows]
    return minutes[:-1] == to_visits and sum(minutes) == float(known["drive_minutes"])
