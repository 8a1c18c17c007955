"""Any number of made-up areas that fit together exactly, six neighbours each, with wavy borders.

Cells are bricks, each row half a brick on, so that every inner cell has six neighbours as real small
areas have on average. Corners and the points along each side are moved once, by the same amount for both
cells that share them.
"""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely

POINTS_PER_SIDE = 3
CELL_M = 350.0


def synthetic_areas(n_areas: int, seed: int = 1) -> gpd.GeoDataFrame:
    """A frame of `n_areas` areas as `geodata` expects them, some 1,650 people in each."""
    rng = np.random.default_rng(seed)
    n_columns = int(np.ceil(np.sqrt(n_areas)))
    cell = np.arange(n_areas)
    y, x = np.divmod(cell, n_columns)
    x = 2 * x + y % 2
    shape = (2 * n_columns + 3, int(y.max()) + 2)
    corner = np.stack(np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij"), axis=2) * [
        0.5,
        1.0,
    ]
    corner = corner + rng.uniform(-0.1, 0.1, (*shape, 2))
    waves = {"along": rng.uniform(-0.02, 0.02, (*shape, POINTS_PER_SIDE, 2))}
    waves["up"] = rng.uniform(-0.02, 0.02, (*shape, POINTS_PER_SIDE, 2))
    share = (np.arange(1, POINTS_PER_SIDE + 1) / (POINTS_PER_SIDE + 1))[:, np.newaxis]

    def side(ax: np.ndarray, ay: np.ndarray, bx: np.ndarray, by: np.ndarray) -> np.ndarray:
        """Points from corner a (included) towards corner b (not)."""
        start, end = corner[ax, ay], corner[bx, by]
        kind = "along" if (ay == by).all() else "up"
        forward = bool((bx + by > ax + ay).all())
        wave = waves[kind][ax, ay] if forward else waves[kind][bx, by][:, ::-1]
        between = start[:, None] + share * (end - start)[:, None] + wave
        return np.concatenate([start[:, None], between], axis=1)

    around = [(x, y), (x + 1, y), (x + 2, y), (x + 2, y + 1), (x + 1, y + 1), (x, y + 1), (x, y)]
    rings = np.concatenate([side(*a, *b) for a, b in pairwise(around)], axis=1)
    rings = rings * CELL_M + [440_000.0, 440_000.0]
    polygons = shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))
    codes = [f"SYN{i:06d}" for i in cell]
    return gpd.GeoDataFrame(
        {"area_name": codes, "population": rng.integers(1_000, 2_300, n_areas).astype(float)},
        geometry=polygons,
        index=np.array(codes),
        crs=27700,
    ).rename_axis("area_code")
