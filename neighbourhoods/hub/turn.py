"""One more turn: what a plan's journeys would be with any one hub closed, or any one place added.

All at once, since a page that is asked what a click would do has to know it before the click: the nearest
and the second nearest hub of everybody say what closing any hub does, and a minimum with a column what
adding a place does.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.hub.change import ReachChanges, reach_changes
from neighbourhoods.hub.ground import HubGround
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access


def turned_minutes(ground: HubGround, now: Collection[str]) -> NDArray[np.float64]:
    """Minutes to the nearest hub after one place is turned: a hub is closed, any other place is added.

    Parameters
    ----------
    now : collection of str
        Place ids of the hubs that are open before the turn; none is a plan that anything can be added to.

    Returns
    -------
    float (n_points, n_places)
        By place that is turned, what `HubGround.reach` of the hubs after it says; NaN where no hub is left or
        none can be reached.
    """
    minutes = ground.minutes
    is_open = np.asarray(ground.places.index.isin(list(now)))
    rows = np.flatnonzero(is_open)
    reached = np.where(np.isnan(minutes[:, rows]), np.inf, minutes[:, rows])
    nowhere = np.full((len(minutes), 1), np.inf, dtype=minutes.dtype)
    first, second = np.sort(np.column_stack([reached, nowhere, nowhere]), axis=1)[:, :2].T
    turned = np.fmin(minutes, first[:, None])
    # closing a hub lengthens the journeys of those for whom no other is as near
    turned[:, rows] = np.where(reached > first[:, None], first[:, None], second[:, None])
    return np.where(np.isinf(turned), np.nan, turned).astype(float)


def turn_changes(study: Study, ground: HubGround, before: Access, now: Collection[str]) -> ReachChanges:
    """Against a plan, who gains and who loses once one more place is turned, for every place.

    Where no hub would be left nothing is said to change: such a plan cannot be counted.

    Parameters
    ----------
    before : Access
        To the hubs of the plan.
    now : collection of str
        Place ids of the hubs that are open before the turn.
    """
    minutes = turned_minutes(ground, now)
    if len(now) == 1:
        minutes[:, np.asarray(ground.places.index.isin(list(now)))] = before.minutes[:, None]
    return reach_changes(study, before, minutes)
