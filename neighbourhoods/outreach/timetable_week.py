"""A plan for a bus as timetables: for a week or a fortnight, for each stop, and for each driver.

A stop that is visited at one hour in both weeks of a fortnight is there every week; else it says which week
it is. A stop is open for as long as was asked; what the vehicle stands there beyond that is the break of its
driver or a wait. The mistake this prevents: "every Tuesday" on a poster for a bus that comes on every other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from neighbourhoods.outreach.plan import DAY_NAMES, OutreachParams, OutreachPlan
from neighbourhoods.outreach.service import SERVICES

ORDINALS = ("first", "second")
HOUR_COLUMNS = ("stop_id", "session_id", "day", "arrive_minute", "close_minute", "weeks")
SHEET_COLUMNS = ("start_minute", "end_minute", "what", "where", "km")


def clock(minute: float) -> str:
    """ "10:15" for 615 minutes after midnight, by the nearest minute."""
    hours, minutes = divmod(round(minute), 60)
    return f"{hours:02d}:{minutes:02d}"


def minutes_words(minutes: float) -> str:
    """ "1 minute", "40 minutes", "1 hour 5 minutes"."""
    hours, rest = divmod(round(minutes), 60)
    said = [] if not hours else [f"{hours} hour{'' if hours == 1 else 's'}"]
    if rest or not hours:
        said.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(said)


def service_label(params: OutreachParams, session_id: str) -> str:
    """What is on board in a session."""
    session = next(one for one in params.sessions if one.id == session_id)
    return SERVICES[session.service_id].label


def week_words(week: int, n_weeks: int) -> str:
    """ "Week 1" of a fortnight; "Every week" where rounds are weekly."""
    return "Every week" if n_weeks == 1 else f"Week {week + 1}"


def visits_in_order(plan: OutreachPlan) -> pd.DataFrame:
    """All visits by week, day, hour of arrival and vehicle, with `close_minute`: when the stop closes."""
    order = ["week", "day", "arrive_minute", "vehicle", "place"]
    rows = plan.visits.assign(close_minute=close_minutes(plan))
    return rows.sort_values(order, kind="stable").reset_index(drop=True)


def close_minutes(plan: OutreachPlan) -> pd.Series:
    """When each visit ends for the public: after the minutes asked for, or when the vehicle leaves before."""
    visits = plan.visits
    return (visits["arrive_minute"] + plan.params.dwell_minutes).clip(upper=visits["depart_minute"])


def rounds_in_order(plan: OutreachPlan) -> pd.DataFrame:
    """All rounds by week, day, vehicle and hour."""
    order = ["week", "day", "vehicle", "leave_minute"]
    return plan.rounds.sort_values(order, kind="stable").reset_index(drop=True)


def visits_of(plan: OutreachPlan, one: pd.Series) -> pd.DataFrame:
    """Visits of one round, in the order in which they are driven."""
    rows = plan.visits
    for column in ("week", "day", "vehicle", "session_id"):
        rows = rows[rows[column] == one[column]]
    return rows.sort_values("place", kind="stable").reset_index(drop=True)


def timetable(plan: OutreachPlan) -> pd.DataFrame:
    """One row for each visit: week, day, vehicle (from 1), open, close, depart, stop, service, people.

    `people` are those of need who are served, NaN where nobody knows.
    """
    rows = visits_in_order(plan)
    return pd.DataFrame(
        {
            "week": [week_words(int(one), plan.params.n_weeks) for one in rows["week"]],
            "day": [DAY_NAMES[int(one)] for one in rows["day"]],
            "vehicle": rows["vehicle"].astype(int) + 1,
            "open": rows["arrive_minute"].map(clock),
            "close": rows["close_minute"].map(clock),
            "depart": rows["depart_minute"].map(clock),
            "stop": rows["stop_id"].map(plan.stops["name"]).astype(str),
            "service": [service_label(plan.params, one) for one in rows["session_id"]],
            "people": rows["people"].astype(float),
        }
    )


def stop_hours(plan: OutreachPlan) -> pd.DataFrame:
    """When the bus is at each stop: one row for each stop, service, day and hour, in order of stop and day.

    Returns
    -------
    DataFrame
        `HOUR_COLUMNS`; `weeks` is a tuple of the weeks of the cycle, all of them for "every".
    """
    keys = list(HOUR_COLUMNS[:-1])
    rows = [
        (*key, tuple(sorted({int(one) for one in part["week"]})))
        for key, part in visits_in_order(plan).groupby(keys, sort=True)
    ]
    found = pd.DataFrame(rows, columns=list(HOUR_COLUMNS))
    names = found["stop_id"].map(plan.stops["name"]).astype(str)
    order = found.assign(name=names).sort_values(["name", "stop_id", "day", "arrive_minute"], kind="stable")
    return found.loc[order.index].reset_index(drop=True)


def hours_words(
    day: int, arrive_minute: float, close_minute: float, weeks: Iterable[int], n_weeks: int
) -> str:
    """ "Every Tuesday 10:15 to 11:15"; "Tuesday of week 2, 10:15 to 11:15" for one week of a fortnight."""
    held = tuple(weeks)
    hours = f"{clock(arrive_minute)} to {clock(close_minute)}"
    if len(held) == n_weeks:
        return f"Every {DAY_NAMES[day]} {hours}"
    return f"{DAY_NAMES[day]} of week {held[0] + 1}, {hours}"


def stop_sentences(plan: OutreachPlan, stop_id: str) -> list[str]:
    """All hours of a stop: "Every Tuesday 10:15 to 11:15", one line each."""
    rows = stop_hours(plan)
    rows = rows[rows["stop_id"] == stop_id]
    return [
        hours_words(int(day), arrive, close, weeks, plan.params.n_weeks)
        for day, arrive, close, weeks in zip(
            rows["day"], rows["arrive_minute"], rows["close_minute"], rows["weeks"], strict=True
        )
    ]


def visit_words(plan: OutreachPlan, stop_id: str) -> str:
    """ "Every Tuesday 10:15 to 11:15 at Copmanthorpe Library"."""
    return f"{'; '.join(stop_sentences(plan, stop_id))} at {plan.stops['name'].loc[stop_id]!s}"


def stop_order(plan: OutreachPlan) -> list[str]:
    """Ids of the stops that are visited, in the order of the cycle: the first is number 1."""
    return list(dict.fromkeys(visits_in_order(plan)["stop_id"].astype(str)))


def stop_table(plan: OutreachPlan) -> pd.DataFrame:
    """One row for each stop that is visited, by stop_id: number, name, kind, hours, services, people, visits.

    `people` are those served by all visits of one cycle, somebody who is served twice counted twice.
    """
    ids = stop_order(plan)
    groups = plan.visits.groupby(plan.visits["stop_id"].astype(str))
    services = groups["session_id"].agg(
        lambda s: ", ".join(service_label(plan.params, x) for x in sorted(set(s)))
    )
    return pd.DataFrame(
        {
            "number": range(1, len(ids) + 1),
            "name": plan.stops.loc[ids, "name"].astype(str).to_numpy(),
            "kind": plan.stops.loc[ids, "kind"].astype(str).to_numpy(),
            "hours": ["; ".join(stop_sentences(plan, one)) for one in ids],
            "services": services.reindex(ids).to_numpy(),
            "people": groups["people"].sum(min_count=1).reindex(ids).to_numpy(dtype=float),
            "visits": groups.size().reindex(ids).to_numpy(),
        },
        index=pd.Index(ids, name="stop_id"),
    )


def needs_break(params: OutreachParams, leave_minute: float, return_minute: float) -> bool:
    """Whether a round is so long that its driver is due a break."""
    return params.break_minutes > 0 and return_minute - leave_minute > params.break_after_minutes


def round_sheet(plan: OutreachPlan, one: pd.Series) -> pd.DataFrame:
    """A round as its driver reads it: leave, drive, each stop, waits, the break, back at the depot.

    Time that is neither driven nor open to the public, at a stop before it opens or after it closes, is the
    break where it is long enough and the round asks for one that was not yet taken; what is left is a wait.

    Parameters
    ----------
    one : Series
        A row of `OutreachPlan.rounds`.

    Returns
    -------
    DataFrame
        `SHEET_COLUMNS`: minutes after midnight, "Leave", "Drive", "Stop", "Wait", "Break", "Back"; the place;
        kilometres of a drive, NaN for anything else.
    """
    params, depot = plan.params, str(plan.stops.loc[plan.params.depot_id, "name"])
    due = needs_break(params, one["leave_minute"], one["return_minute"])
    now = float(one["leave_minute"])
    rows: list[tuple[float, float, str, str, float]] = [(now, now, "Leave", depot, float("nan"))]

    def spend(until: float, where: str) -> None:
        nonlocal due, now
        if due and until - now >= params.break_minutes:
            rows.append((now, now + params.break_minutes, "Break", where, float("nan")))
            due, now = False, now + params.break_minutes
        if until - now >= 0.5:
            rows.append((now, until, "Wait", where, float("nan")))
            now = until

    visits = visits_of(plan, one).assign(close_minute=lambda rows: close_minutes(replace(plan, visits=rows)))
    for visit in visits.to_dict("records"):
        name = str(plan.stops.loc[visit["stop_id"], "name"])
        there = now + float(visit["drive_minutes"])
        rows.append((now, there, "Drive", name, float(visit["drive_km"])))
        now = there
        spend(float(visit["arrive_minute"]), name)
        now = float(visit["close_minute"])
        rows.append((float(visit["arrive_minute"]), now, "Stop", name, float("nan")))
        spend(float(visit["depart_minute"]), name)
    back = max(float(one["drive_minutes"]) - float(visits["drive_minutes"].sum()), 0.0)
    km = max(float(one["drive_km"]) - float(visits["drive_km"].sum()), 0.0)
    spend(float(one["return_minute"]) - back, rows[-1][3])
    rows.append((now, float(one["return_minute"]), "Drive", depot, km))
    rows.append((float(one["return_minute"]), float(one["return_minute"]), "Back", depot, float("nan")))
    return pd.DataFrame(rows, columns=list(SHEET_COLUMNS))


def sheet_fault(plan: OutreachPlan, one: pd.Series) -> str:
    """What a driver should know before the round: no time for the break; empty for nothing."""
    if not needs_break(plan.params, one["leave_minute"], one["return_minute"]):
        return ""
    if (round_sheet(plan, one)["what"] == "Break").any():
        return ""
    return (
        f"The round is longer than {plan.params.break_after_minutes:g} minutes and leaves no "
        f"{plan.params.break_minutes:g} minutes for a break."
    )


def round_title(plan: OutreachPlan, one: pd.Series) -> str:
    """ "Monday, vehicle 1, 09:00 to 15:30: Benefits and money advice"."""
    week = "" if plan.params.n_weeks == 1 else f"{week_words(int(one['week']), plan.params.n_weeks)}, "
    hours = f"{clock(one['leave_minute'])} to {clock(one['return_minute'])}"
    label = service_label(plan.params, str(one["session_id"]))
    return f"{week}{DAY_NAMES[int(one['day'])]}, vehicle {int(one['vehicle']) + 1}, {hours}: {label}"
