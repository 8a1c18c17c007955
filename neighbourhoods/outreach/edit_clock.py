"""The hours of one round whose stops were put in order by hand: they are kept whatever they break.

The search refuses a round that cannot be driven; here it is told as it would go. A visit with an hour of its
own begins at that hour if the bus can be there: it leaves the depot or the stop before later or sooner for
its sake. What that costs is seen in the hours, and named in `edit_fault`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neighbourhoods.outreach.plan import OutreachParams


@dataclass(frozen=True)
class RoundHours:
    """Minutes after midnight at which each visit begins and ends, and the round; `drives` lead to each visit.

    The last drive leads back to the depot.
    """

    arrive: tuple[float, ...]
    depart: tuple[float, ...]
    leave: float
    end: float
    drives: tuple[float, ...]


def round_hours(
    drives: Sequence[float],
    at_minutes: Sequence[int],
    opens: Sequence[Sequence[tuple[int, int]]],
    params: OutreachParams,
    earliest: float,
) -> RoundHours:
    """Hours of a round, with the break of its driver at a stop where one is due and there is room for it.

    Parameters
    ----------
    drives : sequence of float
        To each visit, and back to the depot.
    at_minutes : sequence of int
        Hour of its own of each visit; below nought for none.
    opens : sequence of sequences of (int, int)
        Windows of each visit's stop on that day; none where it is open all day. A visit waits for the next.
    earliest : float
        When the vehicle can leave the depot.
    """
    plain = _hours(drives, at_minutes, opens, params, earliest, -1)
    if not is_break_due(params, plain):
        return plain
    best: RoundHours | None = None
    for rest_at in range(len(at_minutes)):
        found = _hours(drives, at_minutes, opens, params, earliest, rest_at)
        if any(at >= 0 and a > at for at, a in zip(at_minutes, found.arrive, strict=True)):
            continue  # the break would make a fixed hour late
        shortened = min(d - a for a, d in zip(found.arrive, found.depart, strict=True))
        if shortened < params.dwell_minutes:
            continue
        overdue = found.depart[rest_at] - params.break_minutes - found.leave > params.break_after_minutes
        if best is None or found.end < best.end or (found.end == best.end and not overdue):
            best = found
    return plain if best is None else best


def is_break_due(params: OutreachParams, hours: RoundHours) -> bool:
    """Whether a round is so long that its driver is due a break."""
    return params.break_minutes > 0 and hours.end - hours.leave > params.break_after_minutes


def _hours(
    drives: Sequence[float],
    at_minutes: Sequence[int],
    opens: Sequence[Sequence[tuple[int, int]]],
    params: OutreachParams,
    earliest: float,
    rest_at: int,
) -> RoundHours:
    arrive: list[float] = []
    depart: list[float] = []
    leave, now, is_held = float(earliest), float(earliest), False
    for k, at in enumerate(at_minutes):
        now += drives[k]
        wanted = float(at) if at >= 0 else _next_open(now, params.dwell_minutes, opens[k])
        late = wanted - now
        if at >= 0 and late < 0:
            if k == 0:  # nothing was visited yet: it sets out sooner
                leave += late
            else:
                left = max(depart[k - 1] + late, arrive[k - 1])
                late = left - depart[k - 1]
                depart[k - 1] = left
            now += late
        elif late > 0 and not is_held:
            leave += late
            arrive = [one + late for one in arrive]
            depart = [one + late for one in depart]
            now = wanted
        elif late > 0:
            depart[k - 1] += late
            now = wanted
        is_held = is_held or at >= 0 or bool(opens[k])
        arrive.append(now)
        now += params.dwell_minutes + (params.break_minutes if k == rest_at else 0)
        depart.append(now)
    return RoundHours(tuple(arrive), tuple(depart), leave, now + drives[-1], tuple(drives))


def _next_open(now: float, dwell: float, windows: Sequence[tuple[int, int]]) -> float:
    """When a visit can begin at the soonest: in the first window that it fits into, else at once."""
    for opens, closes in sorted(windows):
        begins = max(now, float(opens))
        if begins + dwell <= closes:
            return begins
    return now
