"""What the joint search keeps of the bus that it begins with, and what it leaves out, in words.

The mistake this prevents: a cheapest mix whose bus drives where the one on the Outreach page may not.
"""

from __future__ import annotations

import numpy as np

from neighbourhoods.outreach.own_stop import QUALITIES
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachParams, Session
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.outreach.timetable_week import clock
from neighbourhoods.scenario.mix_params import MixParams, bus_params


def kept_lines(params: MixParams) -> tuple[str, ...]:
    """What the bus of every mix keeps to, a sentence each."""
    asked = bus_params(params, ("any",), 1, params.shifts[-1])
    said = ["The bus runs " + "; ".join(_session_words(one) for one in asked.sessions) + "."]
    parts = _limit_words(asked)
    if parts:
        said.append(f"It keeps to {_listed(parts)}.")
    if asked.keep_opening_hours:
        said.append("A stop is used only while it is open, where its opening hours are known.")
    return tuple(said)


def left_out_lines(params: MixParams) -> tuple[str, ...]:
    """What the search does not know of, a sentence each."""
    bus = params.bus
    if bus is None:
        return (
            "No bus was given to begin with, so that no road, drive or stop is forbidden and no stop has "
            "hours of its own.",
        )
    said = []
    if bus.fixed:
        held = "1 visit that is held" if len(bus.fixed) == 1 else f"{len(bus.fixed)} visits that are held"
        said.append(f"{held} in stop or hour may go elsewhere: the search draws all rounds anew.")
    if np.isfinite(bus.must_serve_need):
        said.append(
            f"An area with need above {bus.must_serve_need:,.0f} may be left out; the share of need is what "
            "counts."
        )
    if bus.n_weeks > 1:
        said.append("Rounds come every week, not every fortnight.")
    if any(one.service_id != params.rule.service_id for one in bus.sessions):
        service = SERVICES[params.rule.service_id].label.lower()
        said.append(
            f"Only the need for {service} counts towards the share, whatever is on board when the bus calls."
        )
    return tuple(said)


def _session_words(session: Session) -> str:
    days = session.days
    is_row = len(days) > 2 and days == tuple(range(days[0], days[-1] + 1))
    named = (
        f"{DAY_NAMES[days[0]]} to {DAY_NAMES[days[-1]]}" if is_row else _listed([DAY_NAMES[d] for d in days])
    )
    hours = f"{clock(session.start_minute)} to {clock(session.end_minute)}"
    return f"on {named}, {hours} ({SERVICES[session.service_id].label.lower()})"


def _limit_words(asked: OutreachParams) -> list[str]:
    counted = (
        (len(asked.forbidden_roads), "forbidden road", "forbidden roads"),
        (len({frozenset(one) for one in asked.forbidden_drives}), "forbidden drive", "forbidden drives"),
        (len(asked.forbidden), "forbidden stop", "forbidden stops"),
        (len({one.stop_id for one in asked.windows}), "stop's own hours", "stops' own hours"),
        (len(asked.own_stops), "point set on the map", "points set on the map"),
    )
    said = [f"{n} {one if n == 1 else more}" for n, one, more in counted if n]
    if asked.stop_needs:
        said.append(f"stops with {_listed([QUALITIES[one].label.lower() for one in asked.stop_needs])}")
    if np.isfinite(asked.range_km):
        said.append(f"a range of {asked.range_km:,.0f} km")
    return said


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
