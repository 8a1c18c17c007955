"""A town of rectangles with unlike sides and people: small enough to go through every way, nothing even."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.topology import build_topology
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import Town
from neighbourhoods.need.index import NeedIndex
from neighbourhoods.partner.partner import PartnerSet
from neighbourhoods.travel.straight_line import straight_line_minutes


def block_town(width: int, height: int, seed: int = 0, *, n_footprints: int = 4) -> Town:
    """`width` x `height` rectangles, with everything that options can be scored on."""
    rng = np.random.default_rng(seed)
    x = np.concatenate([[0.0], np.cumsum(rng.integers(400, 1_600, width))])
    y = np.concatenate([[0.0], np.cumsum(rng.integers(400, 1_600, height))])
    shapes = [shapely.box(x[i], y[j], x[i + 1], y[j + 1]) for j in range(height) for i in range(width)]
    n = width * height
    codes = pd.Index([f"A{i:03d}" for i in range(n)], name="area_code")
    areas = gpd.GeoDataFrame({"area_name": codes}, geometry=shapes, index=codes, crs=27700)
    topology = build_topology(areas)
    people = rng.integers(900, 2_100, n).astype(float)
    counted = people[:, None] * rng.uniform(0.3, 1.0, (n, 2)).round(2)
    numerator = np.rint(counted * rng.uniform(0.05, 0.4, (n, 2)))
    level = numerator.sum(axis=0) / counted.sum(axis=0)
    spread = np.sqrt((counted * (numerator / counted - level) ** 2).sum(axis=0) / counted.sum(axis=0))
    need = NeedIndex(("a", "b"), np.array([0.7, -0.3]), numerator, counted, level, spread)
    middle = np.array([[(s.bounds[0] + s.bounds[2]) / 2, (s.bounds[1] + s.bounds[3]) / 2] for s in shapes])
    return Town(
        topology,
        people,
        float(people.sum()) / n_footprints,
        as_now=np.repeat(np.arange(n_footprints), -(-n // n_footprints))[:n],
        need=need,
        partner=PartnerSet("p", "Beats", ("West", "Middle", "East"), np.arange(n) % width * 3 // width),
        travel_minutes=straight_line_minutes(middle, topology.area_m2),
        future_people=people + rng.integers(0, 400, n),
    )


def problem_of_town(town: Town, n: int, tolerance: float, **changes: object) -> Problem:
    """The town divided into `n` footprints of an equal share."""
    first, second, _ = town.topology.pairs
    edges = tuple(zip(first.tolist(), second.tolist(), strict=True))
    target = float(town.people.sum()) / n
    return Problem(tuple(town.people), edges, n, n, target, tolerance, **changes)  # type: ignore[arg-type]
