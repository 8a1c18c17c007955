"""Small towns by chance with hubs and a bus of one day, and the cheapest mix by trying every one."""

from __future__ import annotations

from itertools import combinations, permutations

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.spatial.distance import cdist

from neighbourhoods.outreach.drive import Drives
from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.stop import OutreachStops
from neighbourhoods.scenario.mix_ground import MixGround
from neighbourhoods.scenario.mix_params import MixParams

ASKED = MixParams(
    ("library",),
    ("venue",),
    "depot",
    share=0.65,
    n_hubs_max=3,
    shifts=(240,),
    days=(0,),
    start_minute=540,
    end_minute=840,
    dwell_minutes=40,
)


def town(seed: int, n_hubs: int = 4, n_stops: int = 4, n_points: int = 14) -> MixGround:
    """Points, hubs and stops on a square of some kilometres, the depot at its middle."""
    random = np.random.default_rng(seed)
    points, hubs, stops = (random.random((n, 2)) * 6_000 for n in (n_points, n_hubs, n_stops))
    ids = [f"s{k}" for k in range(n_stops)]
    every = np.concatenate([stops, [[3_000.0, 3_000.0]]])
    km = cdist(every, every) / 1_000
    hub_minutes = cdist(points, hubs) / 100
    need = OutreachNeed(
        points,
        np.arange(n_points) % 3,
        random.integers(1, 50, (n_points, 1)).astype(float),
        pd.Index(["A", "B", "C"], name="area_code"),
        "ward",
        hub_minutes.min(axis=1),
    )
    return MixGround(
        need,
        tuple(f"h{k}" for k in range(n_hubs)),
        hub_minutes,
        random.integers(40, 90, n_hubs) * 1_000.0,
        OutreachStops(_places(ids, stops), csr_array(np.clip(1 - cdist(stops, points) / 1_800, 0, 1)), 0),
        Drives(np.ceil(km * 3), km, True),
        _places(["depot"], every[-1:]),
    )


def cheapest_of_all(ground: MixGround, params: MixParams) -> float:
    """Pounds a year of the cheapest mix, each set of hubs with each round of one day tried; inf for none."""
    best = float("inf")
    near_hub, near_stop = ground.hub_minutes <= params.rule.minutes, ground.stops.reach.toarray().T > 0
    needed = params.share * ground.weight.sum()
    for n in range(max(1, len(params.fixed)), params.n_hubs_max + 1):
        for hubs in combinations(range(len(ground.hub_ids)), n):
            if not set(params.fixed) <= {ground.hub_ids[k] for k in hubs}:
                continue
            for n_stops in range(near_stop.shape[1] + 1):
                for stops in combinations(range(near_stop.shape[1]), n_stops):
                    reached = near_hub[:, hubs].any(axis=1) | near_stop[:, stops].any(axis=1)
                    if ground.weight[reached].sum() >= needed - 1e-9:
                        bus = min(bus_gbp(ground, params, one) for one in permutations(stops))
                        best = min(best, float(ground.hub_gbp[list(hubs)].sum()) + bus)
    return best


def bus_gbp(ground: MixGround, params: MixParams, stops: tuple[int, ...]) -> float:
    """What a round costs a year; inf where it is too long."""
    if not stops:
        return 0.0
    ways = list(zip((-1, *stops), (*stops, -1), strict=True))
    minutes = sum(ground.drives.minutes[one] for one in ways) + params.dwell_minutes * len(stops)
    if minutes > min(params.shifts[-1], params.end_minute - params.start_minute):
        return float("inf")
    case = params.case
    hourly = case.driver_gbp_hour + case.n_staff * case.staff_gbp_hour
    km = sum(ground.drives.km[one] for one in ways)
    return float(case.vehicle_gbp_year + case.weeks_year * (minutes / 60 * hourly + km * case.energy_gbp_km))


def _places(ids: list[str], xy: np.ndarray) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ids, "kind": "venue"},
        geometry=gpd.points_from_xy(*xy.T),
        index=pd.Index(ids, name="place_id"),
        crs=27700,
    )
