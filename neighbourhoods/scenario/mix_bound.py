"""No mix of hubs and bus that brings the share within reach costs less: a bound for one number of hubs.

What is let go is where the bus drives. Each stop that is taken costs at least one visit a week and half of
the shortest drives to it and from it, in minutes and in kilometres (every drive of a round is halved between
its two ends, and the depot's half is given away); where there are many, hubs and stops may be taken in part,
vehicles never. Choosing hubs and stops to
cover a share of need is partial set covering (Daskin and Owen, Geographical Analysis 31, 1999), solved by
HiGHS; its dual bound holds whenever it is stopped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.optimize as so
import scipy.sparse as sp
from numpy.typing import NDArray

from neighbourhoods.scenario.mix_ground import MixGround
from neighbourhoods.scenario.mix_params import MixParams, week_minutes

Floats = NDArray[np.float64]
IMPOSSIBLE = 2
SMALL = 80  # hubs and stops up to which none is taken in part
SLACK = 1e-7


@dataclass(frozen=True, eq=False)
class MixBound:
    """Least cost for one number of hubs.

    Parameters
    ----------
    gbp : float
        A year; infinite where no mix reaches the share.
    hubs : int (n,)
        Places of the candidates that the relaxed model takes most of; empty where it found none.
    """

    gbp: float
    hubs: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MixModel:
    """The relaxed model but for the number of hubs.

    Parameters
    ----------
    covers : csr_array (n_classes, n_hubs + n_stops)
        Points that the same hubs and stops reach are one class.
    weight : float (n_classes,)
    needed : float
        Need that is to be within reach.
    hub_gbp, stop_gbp, stop_minutes : float
        What each hub, and each stop at the least, costs a year, and the stop's least minutes a week.
    vehicle_gbp, week_minutes : float
        Of one vehicle: a year, and the most minutes in a week.
    """

    covers: sp.csr_array
    weight: Floats
    needed: float
    hub_gbp: Floats
    stop_gbp: Floats
    stop_minutes: Floats
    vehicle_gbp: float
    week_minutes: float


def mix_model(ground: MixGround, params: MixParams) -> MixModel:
    """The relaxed model of what is asked."""
    near_hub = sp.csr_array(ground.covers(params.rule.minutes).astype(float))
    every = sp.csr_array(sp.hstack([near_hub, ground.near_stop.T], format="csr"))
    first, place = point_classes(every)
    weight = np.bincount(place[place >= 0], ground.weight[place >= 0], len(first)).astype(float)
    covers = sp.csr_array(every[first])
    minutes = params.dwell_minutes + least_share(ground.drives.minutes)
    km = least_share(ground.drives.km)
    case = params.case
    hourly = case.driver_gbp_hour + case.n_staff * case.staff_gbp_hour
    return MixModel(
        covers,
        weight,
        params.share * float(ground.weight.sum()),
        ground.hub_gbp,
        case.weeks_year * (minutes / 60 * hourly + km * case.energy_gbp_km),
        minutes,
        case.vehicle_gbp_year,
        week_minutes(params),
    )


def least_share(drives: Floats) -> Floats:
    """Of each stop, half of the shortest way to it and of the shortest from it; the depot is last."""
    apart = drives.astype(float).copy()
    np.fill_diagonal(apart, np.inf)
    return np.asarray((apart.min(axis=0) + apart.min(axis=1))[:-1] / 2)


def bound_mix(model: MixModel, ground: MixGround, params: MixParams, n_hubs: int) -> MixBound:
    """The least that a mix with so many hubs can cost."""
    n, m = len(ground.hub_ids), model.covers.shape[1] - len(ground.hub_ids)
    n_classes = len(model.weight)
    is_small = float(n + m <= SMALL)
    unit = max(float(model.hub_gbp.max(initial=0.0)), model.vehicle_gbp, 1.0)
    cost = np.concatenate([model.hub_gbp, model.stop_gbp, [model.vehicle_gbp], np.zeros(n_classes)]) / unit
    none = sp.csr_array((n_classes, 1))
    reached = sp.hstack([model.covers, none, -sp.eye_array(n_classes)], format="csr")
    share = np.concatenate([np.zeros(n + m + 1), model.weight / max(model.needed, 1e-9)])
    hours = np.concatenate([np.zeros(n), model.stop_minutes, [-model.week_minutes], np.zeros(n_classes)])
    number = np.concatenate([np.ones(n), np.zeros(m + 1 + n_classes)])
    low, high = np.zeros(len(cost)), np.ones(len(cost))
    low[[ground.hub_ids.index(one) for one in params.fixed]] = 1.0
    high[[ground.hub_ids.index(one) for one in params.closed]] = 0.0
    high[n : n + m] = float(params.n_vehicles_max > 0)
    high[n + m] = float(params.n_vehicles_max)
    found = so.milp(
        cost,
        integrality=np.concatenate([np.full(n + m, is_small), np.ones(1), np.zeros(n_classes)]),
        bounds=so.Bounds(low, high),
        constraints=[
            so.LinearConstraint(reached, lb=0.0),
            so.LinearConstraint(sp.csr_array(share[None, :]), lb=1.0 - SLACK),
            so.LinearConstraint(sp.csr_array(hours[None, :] / max(model.week_minutes, 1.0)), ub=SLACK),
            so.LinearConstraint(sp.csr_array(number[None, :]), lb=n_hubs, ub=n_hubs),
        ],
        options={"time_limit": params.bound_seconds},
    )
    if found.status == IMPOSSIBLE:
        return MixBound(float("inf"), np.empty(0, dtype=np.int64))
    plain = float(np.sort(model.hub_gbp)[:n_hubs].sum())  # holds whatever the solver came to
    dual = getattr(found, "mip_dual_bound", None)
    gbp = plain if dual is None or not np.isfinite(dual) else max(plain, float(dual) * unit * (1 - SLACK))
    if found.x is None:
        return MixBound(gbp, np.empty(0, dtype=np.int64))
    most = np.argsort(-found.x[:n], kind="stable")
    return MixBound(gbp, np.sort(most[high[most] > 0][:n_hubs]).astype(np.int64))


def point_classes(covers: sp.csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Points that the same hubs and stops reach as one class.

    Returns
    -------
    first : int (n_classes,)
        A point of each class.
    place : int (n_points,)
        The class of each point; -1 for points that nothing reaches.
    """
    covers.sort_indices()
    ends, known = covers.indptr, dict[bytes, int]()
    first: list[int] = []
    place = np.full(covers.shape[0], -1, dtype=np.int64)
    for row in range(covers.shape[0]):
        columns = covers.indices[ends[row] : ends[row + 1]]
        if len(columns):
            place[row] = known.setdefault(columns.tobytes(), len(first))
            if place[row] == len(first):
                first.append(row)
    return np.array(first, dtype=np.int64), place
