"""The map under What if: what a change does by area, in words beneath it, and what every next click would do.

Words and colours of a next click come from the same functions as those of the state that the server is in, so
that what the browser says at once is what the server then confirms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.hub.change import ReachChanges
from neighbourhoods.hub.ground import HubGround
from neighbourhoods.hub.params import HubPlan
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map_state import NO_DATA, Legend, LegendEntry, MapState, PlaceKind, Point, Tooltips
from pages.components.area_map_turn import Turns
from pages.components.map_state import degrees

STEPS = (-5.0, -1.0, 1.0, 5.0)
STEP_WORDS = ("5 or more nearer", "1 to 5 nearer", "within 1 of now", "1 to 5 further", "5 or more further")
CHANGE = ("#1B7F77", "#A5D8D3", "#E6E8EB", "#E0A9C8", "#801650")
HUB = PlaceKind("hub", "Hub", "star", "#12436D")
ADDED = PlaceKind("added", "Added", "diamond", "#F46A25")
CLOSED = PlaceKind("closed", "Closed", "cross", "#801650")
OTHER = PlaceKind("other", "Could be a hub", "circle", "#6B7178")
KINDS = (OTHER, HUB, ADDED, CLOSED)  # hubs are drawn over the others
NOT_OPEN = PlaceKind("not_open", "Not open at that hour", "square", "#6B7178")
TURNED = tuple(KINDS.index(kind) for kind in (ADDED, CLOSED, OTHER, HUB))
HINT = (
    "Click a hub on the map to close it, another place to add it; or choose from the lists. Moving a hub is "
    "closing it and adding another."
)
NO_HUB = "A plan needs at least one hub: leave one open, or add another."
MOST_CHARACTERS = 18_000  # of all that is sent ahead with one state
CHARACTERS = 130  # of one sentence, at the most
MOST_JOURNEYS = 3_000_000  # starting points times places: worked out in about 50 ms

Floats = NDArray[np.float64]


def change_words(people: Floats, gain: Floats, lose: Floats, minutes: Floats) -> str:
    """Who gains, who loses, and what becomes of the mean journey; each by area, as of `ReachChanges`."""
    mean = float(np.nansum(minutes * people) / np.nansum(people))
    longer = (
        "as long" if abs(mean) < 0.05 else f"{abs(mean):,.1f} minutes {'longer' if mean > 0 else 'shorter'}"
    )
    return (
        f"{words.number(float(np.nansum(gain)))} people have a shorter journey and "
        f"{words.number(float(np.nansum(lose)))} a longer one; the mean journey is {longer}."
    )


def status_words(plan: HubPlan, open_ids: Collection[str], *by_area: Floats) -> str:
    """What the map says beneath it of hubs that are open after changes; `by_area` as of `change_words`."""
    if not open_ids:
        return NO_HUB
    return HINT if set(open_ids) == set(plan.chosen) else change_words(*by_area)


def change_map_state(
    study: Study,
    geography: str,
    change: pd.DataFrame,
    points: Mapping[str, Any],
    status: str = "",
    turns: Turns | None = None,
) -> MapState:
    """Minutes more or less by area, the places that may be chosen, and what is said of it."""
    minutes = change["minutes"].reindex(study.topology(geography).area_codes).to_numpy(dtype=float)
    entries = [LegendEntry(i, label) for i, label in enumerate(STEP_WORDS)]
    if np.isnan(minutes).any():
        entries.append(LegendEntry(NO_DATA, "No data"))
    said = ["" if np.isnan(m) else f"{m:+,.1f} minutes on average" for m in minutes]
    return MapState(
        palette=CHANGE,
        fill_by_area=tuple(_steps(minutes).tolist()),
        legend=Legend("Minutes to a hub", "against the plan; mean of residents", tuple(entries)),
        tooltips=Tooltips(tuple(said)),
        status=status,
        turns=turns,
        **points,
    )


def _steps(minutes: Floats) -> NDArray[np.int64]:
    return np.where(np.isnan(minutes), NO_DATA, np.searchsorted(STEPS, minutes, side="right"))


def can_be_ahead(ground: HubGround) -> bool:
    """Whether what every next click does is worked out and sent with the map.

    More than 138 places make a message that is slow to send; there, and where very many starting points
    make it slow to work out, the server says what a click did when it has been made.
    """
    n_points, n_places = ground.minutes.shape
    return n_places * CHARACTERS <= MOST_CHARACTERS and n_points * n_places <= MOST_JOURNEYS


def next_turns(
    study: Study,
    geography: str,
    plan: HubPlan,
    ids: Sequence[str],
    now: Collection[str],
    changes: ReachChanges,
) -> Turns:
    """What closing each hub or adding each place would do, from hubs that are open now.

    Parameters
    ----------
    ids : sequence of str
        Place ids in the order of the map's points.
    changes : ReachChanges
        By place that is turned, against the plan.
    """
    order = study.areas(geography).index.get_indexer(list(study.topology(geography).area_codes))
    fills = [tuple(row) for row in _steps(np.where(order < 0, np.nan, changes.minutes[:, order])).tolist()]
    said = []
    for row, one in enumerate(ids):
        after = set(now) ^ {one}
        by_area = (changes.people, changes.gain[row], changes.lose[row], changes.minutes[row])
        said.append(status_words(plan, after, *by_area))
    fits = sum(map(len, said)) + sum(map(len, fills)) <= MOST_CHARACTERS
    return Turns(TURNED, tuple(said), tuple(fills) if fits else (), HINT)


def place_points(
    places: pd.DataFrame, plan: HubPlan, close: Sequence[str], add: Sequence[str], free: Collection[str]
) -> dict[str, tuple[Any, ...]]:
    """The parts of a map's state that draw the places: always the same points, and what each is now.

    A click finds hubs of the plan and what is free to be added; others are drawn only.
    """
    lon, lat = degrees(places.geometry)
    shown = {**dict.fromkeys(free, OTHER), **dict.fromkeys(plan.chosen, HUB)}
    shown |= {**dict.fromkeys(add, ADDED), **dict.fromkeys(close, CLOSED)}
    shown = {one: shown.get(one, NOT_OPEN) for one in map(str, places.index)}
    kinds = (*KINDS, NOT_OPEN) if NOT_OPEN in shown.values() else KINDS
    points = tuple(
        Point(OTHER.id, str(name), float(x), float(y), str(one) if one in free or one in plan.chosen else "")
        for one, name, x, y in zip(places.index, places["name"], lon, lat, strict=True)
    )
    now = tuple(kinds.index(kind) for kind in shown.values())
    return {"kinds": kinds, "points": points, "point_kinds": now}
