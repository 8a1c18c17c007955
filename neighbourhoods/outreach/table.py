"""Rounds as the tables of a plan: visits with their hours, rounds, stops, and what each area gets.

A point is served by the best of its stops, and that stop's visit has its people; a second visit of all stops
counts the same way once more, at its lower worth. So the people of all visits add up to the plan's value.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.plan import ROUND_COLUMNS, VISIT_COLUMNS, OutreachParams
from neighbourhoods.outreach.route import RouteTask, Visits
from neighbourhoods.outreach.search import hours_of
from neighbourhoods.outreach.stop import stop_table
from neighbourhoods.study.study import Study

Floats = NDArray[np.float64]


def visit_tables(route: RouteTask, visits: Visits, stop_ids: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Visits and rounds with their hours; a round leaves as early as its session and the one before allow."""
    params, task, km = route.params, route.task, route.drives.km
    people, nth = people_by_visit(route, visits), dict[int, int]()
    visit_rows, round_rows = [], []
    for one, row, hours in zip(route.rounds, visits, hours_of(task, visits), strict=True):
        if not row:
            continue
        driver = (one.week, one.day, one.vehicle)
        session_id = params.sessions[one.session].id
        stops = [int(task.visit_stop[v]) for v in row]
        ways = list(zip([-1, *stops], [*stops, -1], strict=True))
        minutes = [int(task.drive[a, b]) for a, b in ways]
        for k, v in enumerate(row):
            item = int(task.visit_item[v])
            nth[item] = nth.get(item, -1) + 1
            visit_rows.append(
                (
                    *driver,
                    session_id,
                    k,
                    stop_ids[stops[k]],
                    int(hours.arrive[k]),
                    int(hours.depart[k]),
                    minutes[k],
                    float(km[ways[k]]),
                    float(people[item, nth[item]]),
                )
            )
        length = float(sum(km[way] for way in ways))
        round_rows.append(
            (*driver, session_id, int(hours.leave), int(hours.end), sum(minutes), length, len(row))
        )
    visit_frame = pd.DataFrame(visit_rows, columns=list(VISIT_COLUMNS))
    round_frame = pd.DataFrame(round_rows, columns=list(ROUND_COLUMNS))
    return visit_frame, round_frame


def people_by_visit(route: RouteTask, visits: Visits) -> dict[tuple[int, int], float]:
    """By item and number of its visit from 0: need served there, by its worth."""
    counts, n_stops = _counts(route, visits), route.n_stops
    found: dict[tuple[int, int], float] = {}
    for session, gain in enumerate(route.gain):
        own = counts[session * n_stops : (session + 1) * n_stops]
        for layer in range(int(own.max(initial=0))):
            stops = np.flatnonzero(own > layer)
            part = gain[stops].toarray()
            worth = route.task.worth[layer] if layer < len(route.task.worth) else 0.0
            people = np.bincount(part.argmax(axis=0), part.max(axis=0), len(stops)) * worth
            for stop, served in zip(stops.tolist(), people.tolist(), strict=True):
                found[session * n_stops + stop, layer] = served
    return found


def served_by_point(route: RouteTask, visits: Visits, *, all_layers: bool = False) -> Floats:
    """Need served (n_points, n_sessions): by first visits, or by all at their worth."""
    counts, n_stops = _counts(route, visits), route.n_stops
    served = np.zeros((route.gain[0].shape[1], len(route.gain)))
    for session, gain in enumerate(route.gain):
        own = counts[session * n_stops : (session + 1) * n_stops]
        n_layers = min(int(own.max(initial=0)), len(route.task.worth)) if all_layers else min(1, own.max())
        for layer in range(n_layers):
            best = gain[np.flatnonzero(own > layer)].toarray().max(axis=0)
            served[:, session] += route.task.worth[layer] * best
    return served


def area_table(need: OutreachNeed, params: OutreachParams, served: Floats) -> pd.DataFrame:
    """By area_code and session: need, and how much of it is served."""
    by_area, got = need.by_area, need.sum_by_area(served)
    columns = {}
    for k, one in enumerate(params.sessions):
        columns[f"need_{one.id}"] = by_area[:, k]
        columns[f"served_{one.id}"] = got[:, k]
    return pd.DataFrame(columns, index=pd.Index(need.area_codes, name="area_code"))


def stops_of(
    study: Study, places: gpd.GeoDataFrame, params: OutreachParams, visits: pd.DataFrame
) -> pd.DataFrame:
    """The stops that are visited, in the register's order, and the depot."""
    used = places[places.index.isin(visits["stop_id"])]
    table = stop_table(used)
    if params.depot_id in table.index:
        return table
    return pd.concat([table, stop_table(study.places().loc[[params.depot_id]])])


def _counts(route: RouteTask, visits: Visits) -> NDArray[np.int64]:
    """Visits of each item."""
    items = [int(route.task.visit_item[v]) for row in visits for v in row]
    return np.bincount(np.array(items, dtype=np.int64), minlength=len(route.task.item_session))
