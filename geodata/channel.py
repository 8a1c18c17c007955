"""Whether two pieces of land face each other across a channel, or one is an island off the other.

A gap is a channel when it is narrow for the length over which the two shores face each other. The rule is
of this software, and stated so that a person can check it on the map: the gap d is at most 1,000 m, and of
the outline of each of the two pieces a length of at least 5 d lies within 3 d of the other piece. It must
hold of both, for a long shore always has so much outline near even the smallest rock. Pieces that touch in
a point have no water between them, and no channel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.arc import IntArray

CHANNEL_M = 1_000.0
FACING_GAPS = 5
NEAR_GAPS = 3
STEPS_IN_GAP = 10


@dataclass(frozen=True, eq=False)
class Shore:
    """The outline of a piece of land.

    Parameters
    ----------
    segments : LineString (n,)
        Straight parts, in metres (EPSG:27700).
    tree : STRtree
        Of the segments.
    """

    segments: NDArray[np.object_]
    tree: shapely.STRtree


def shore(lines: NDArray[np.object_]) -> Shore:
    """The shore that some LineStrings make."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    start = np.flatnonzero(line[1:] == line[:-1])
    segments = shapely.linestrings(np.stack([xy[start], xy[start + 1]], axis=1))
    return Shore(segments, shapely.STRtree(segments))


def faces_over_channel(first: Shore, second: Shore) -> bool:
    """Whether what lies between two shores is a channel, by the rule above."""
    gap = _gap_m(first, second)
    if gap is None or gap == 0:
        return False
    wanted = FACING_GAPS * gap
    return facing_m(first, second, gap) >= wanted and facing_m(second, first, gap) >= wanted


def facing_m(one: Shore, other: Shore, gap_m: float) -> float:
    """Metres of a shore within three gaps of another, measured in steps of a tenth of the gap."""
    reach = NEAR_GAPS * gap_m
    segments = one.segments[_rows_near(one, other, reach)]
    segments = segments[other.tree.query_nearest(segments, max_distance=reach, all_matches=False)[0]]
    segments = shapely.intersection(segments, _box_round(other, reach))  # of a long one little may be near
    segments = segments[shapely.length(segments) > 0]
    length = shapely.length(segments)
    n_steps = np.maximum(np.ceil(length * STEPS_IN_GAP / gap_m), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(segments)), n_steps)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(n_steps) - n_steps, n_steps)
    middles = shapely.line_interpolate_point(segments[owner], (step + 0.5) / n_steps[owner], normalized=True)
    near = other.tree.query_nearest(middles, max_distance=reach, all_matches=False)[0]
    return float((length / n_steps)[owner[near]].sum())


def _gap_m(first: Shore, second: Shore) -> float | None:
    """The shortest distance between two shores; None when it is more than a channel may be wide."""
    segments = first.segments[_rows_near(first, second, CHANNEL_M)]
    _, apart = second.tree.query_nearest(
        segments, max_distance=CHANNEL_M, return_distance=True, all_matches=False
    )
    return float(apart.min()) if len(apart) else None


def _rows_near(one: Shore, other: Shore, reach_m: float) -> IntArray:
    """Segments of a shore that may be within reach of another: those in the box round it."""
    rows: IntArray = one.tree.query(_box_round(other, reach_m))
    return rows


def _box_round(one: Shore, reach_m: float) -> shapely.Polygon:
    west, south, east, north = shapely.total_bounds(one.segments)
    return shapely.box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
