"""Journeys over a city's streets and by its buses: how long each step takes.

    python -m benchmarks.street [--side 160] [--points 5400] [--places 60]

A made-up city: a grid of bent streets of about 100 m with one in ten missing, homes and places evenly over
it, and bus lines straight across it. Homes are a little off the streets, as postcodes are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely

from benchmarks.app_server import memory_mb
from geodata.layouts.road_tag import tag_columns, way_columns
from geodata.street_graph import build_graph
from neighbourhoods.travel.matrix import NearestPlaces
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import street_network
from neighbourhoods.travel.timetable_journey import Timetable, bus_minutes

BLOCK_M = 100.0
LEFT_OUT = 0.1
N_LINES, N_STOPS, EVERY_MINUTES, S_BETWEEN_STOPS = 60, 40, 20, 80


def city_streets(side: int, seed: int = 1) -> np.ndarray:
    """Streets of a grid of `side` by `side` junctions, bent, one in ten left out."""
    rng = np.random.default_rng(seed)
    junction = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), -1) * BLOCK_M
    junction = junction + rng.uniform(-25, 25, junction.shape)
    ends = [
        np.stack([junction[:-1].reshape(-1, 2), junction[1:].reshape(-1, 2)], axis=1),
        np.stack([junction[:, :-1].reshape(-1, 2), junction[:, 1:].reshape(-1, 2)], axis=1),
    ]
    pairs = np.concatenate(ends)
    pairs = pairs[rng.random(len(pairs)) >= LEFT_OUT]
    middle = pairs.mean(axis=1) + rng.uniform(-5, 5, (len(pairs), 2))
    streets: np.ndarray = shapely.linestrings(np.stack([pairs[:, 0], middle, pairs[:, 1]], axis=1))
    return streets


def city_buses(side: int, seed: int = 1) -> Timetable:
    """Lines across the city in both directions, a bus every twenty minutes from six to ten in the evening."""
    rng = np.random.default_rng(seed)
    stops, calls, trip = [], [], 0
    for line in range(N_LINES):
        begin, end = rng.uniform(0, side * BLOCK_M, (2, 2))
        stops.append(begin + (end - begin) * np.linspace(0, 1, N_STOPS)[:, None])
        rows = np.arange(N_STOPS) + line * N_STOPS
        for way in (rows, rows[::-1]):
            for minute in range(6 * 60, 22 * 60, EVERY_MINUTES):
                at = minute * 60 + S_BETWEEN_STOPS * np.arange(N_STOPS)
                calls.append(np.stack([np.full(N_STOPS, trip), way, at, at], axis=1))
                trip += 1
    columns = ["trip", "stop", "arrival_s", "departure_s"]
    frame = pd.DataFrame(np.concatenate(calls), columns=columns)
    return Timetable(np.concatenate(stops), frame.assign(can_board=True, can_alight=True))


def timed(what: str, work: Callable[[], object]) -> object:
    """Do it, say how long it took, and give what it made."""
    begin = time.perf_counter()
    found = work()
    print(f"{what:<58} {1_000 * (time.perf_counter() - begin):>9,.0f} ms")
    return found


def main() -> None:
    """One table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=160, help="junctions along one side of the city")
    parser.add_argument("--points", type=int, default=5_400)
    parser.add_argument("--places", type=int, default=60)
    given = parser.parse_args()
    rng = np.random.default_rng(2)
    homes, places = (rng.uniform(0, given.side * BLOCK_M, (n, 2)) for n in (given.points, given.places))
    streets = city_streets(given.side)
    ways = way_columns(tag_columns(pd.DataFrame({"highway": ["residential"] * len(streets)})))
    graph = timed(f"Graph of {len(streets):,} streets", lambda: build_graph(streets))
    network = timed("Network of one way of travelling", lambda: street_network(graph, ways, "walk"))
    journeys = timed(
        f"{len(homes):,} homes and {len(places):,} places put on it",
        lambda: StreetJourneys(network, homes, places),
    )
    matrix = timed("Minutes from every home to every place", journeys.matrix)
    minutes, place = timed("Minutes to the nearest place", journeys.nearest)
    apart = float(np.abs(minutes - matrix.min(axis=1)).max())
    buses = city_buses(given.side)
    on_foot = NearestPlaces(minutes, place, None, False)
    for when in ("first, compiled or read", "again"):
        timed(
            f"By bus: {len(buses.calls):,} calls, 13 times of setting out ({when})",
            lambda: bus_minutes(buses, homes, places, on_foot, 4.8),
        )
    print(f"The nearest and the least of all differ by {apart:.1e} minutes at most; {memory_mb():,.0f} MB.")


if __name__ == "__main__":
    main()
