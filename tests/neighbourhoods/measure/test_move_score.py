"""Measures after a move against whole options scored anew, and pieces against taking each area out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.adjacency import pieces
from geodata.topology import Topology, build_topology
from indicators.catalogue import CATALOGUE
from neighbourhoods.measure.articulation import n_parts_without
from neighbourhoods.measure.move import Moves
from neighbourhoods.measure.move_score import score_moves
from neighbourhoods.measure.option_score import Town, score_options
from neighbourhoods.need.index import need_index
from neighbourhoods.need.need import NeedTable
from neighbourhoods.partner.partner import PartnerSet

SIDE = 4
N = SIDE * SIDE


def grid() -> gpd.GeoDataFrame:
    """Sixteen squares of 1 km in four rows."""
    squares = [
        shapely.box(x * 1e3, y * 1e3, x * 1e3 + 1e3, y * 1e3 + 1e3) for y in range(SIDE) for x in range(SIDE)
    ]
    codes = pd.Index([f"S{i:02}" for i in range(N)], name="area_code")
    return gpd.GeoDataFrame({"area_name": codes}, geometry=squares, index=codes, crs=27700)


TOPOLOGY = build_topology(grid())
PEOPLE = np.arange(1_000.0, 1_000.0 + 100 * N, 100)
footprints = st.lists(st.integers(0, 2), min_size=N, max_size=N).filter(lambda f: set(f) == {0, 1, 2})


def full_town(topology: Topology = TOPOLOGY, people: np.ndarray = PEOPLE) -> Town:
    """A town in which every measure is known."""
    n = topology.n_areas
    draw = np.random.default_rng(7)
    counted = np.repeat(people[:, None], 2, axis=1)
    table = NeedTable(topology.area_codes, ("bad_health", "imd"), counted * draw.random((n, 2)), counted)
    minutes = draw.random((n, n)) * 30
    return Town(
        topology,
        people,
        float(people.sum() / 3),
        as_now=np.arange(n) % 3,
        need=need_index(table, [("bad_health", 1.0), ("imd", 2.0)], CATALOGUE),
        partner=PartnerSet(
            "p", "Beats", ("West", "East"), np.where(np.arange(n) % 5 == 4, -1, np.arange(n) % 2)
        ),
        travel_minutes=minutes + minutes.T,
        future_people=people * (1 + draw.random(n)),
    )


TOWN = full_town()


@given(footprints, st.integers(0, N - 1), st.integers(0, 2))
@settings(max_examples=150, deadline=None)
def test_measures_after_a_move_are_those_of_the_option_that_it_makes(
    row: list[int], area: int, to: int
) -> None:
    index = np.array(row, dtype=np.int32)
    changed = index.astype(np.int8)
    changed[area] = to
    if set(changed.tolist()) != {0, 1, 2}:
        return
    moves = Moves(np.array([area]), np.array([index[area]], dtype=np.int64), np.array([to]))
    after = score_moves(TOWN, index, 3, moves)
    whole = score_options(changed[None, :], TOWN)
    assert list(after.columns) == list(whole.columns)
    for measure_id in whole.columns:
        assert after.at[0, measure_id] == pytest.approx(whole.at[0, measure_id], rel=1e-9, abs=1e-9), (
            measure_id
        )


@given(footprints, st.integers(0, N - 1), st.integers(0, 2))
@settings(max_examples=50, deadline=None)
def test_moving_an_area_and_moving_it_back_changes_nothing(row: list[int], area: int, to: int) -> None:
    index = np.array(row, dtype=np.int32)
    home = int(index[area])
    away = index.copy()
    away[area] = to
    none = Moves(np.array([area]), np.array([home]), np.array([home]))
    back = Moves(np.array([area]), np.array([to]), np.array([home]))
    before, again = score_moves(TOWN, index, 3, none).iloc[0], score_moves(TOWN, away, 3, back).iloc[0]
    assert again.to_numpy(dtype=float) == pytest.approx(before.to_numpy(dtype=float), nan_ok=True)


def test_an_area_that_joins_from_nowhere_is_counted_from_then_on(toy_topology: Topology) -> None:
    """A B C and D E, Fir free: with Fir the top is D E F of 15,000, and its border 3 km in place of 2."""
    index = np.array([0, 0, 0, 1, 1, -1], dtype=np.int32)
    people = np.array([1_000.0, 2_000, 3_000, 4_000, 5_000, 6_000])
    town = Town(toy_topology, people, 10_500.0)
    none = Moves(np.array([5]), np.array([-1]), np.array([1]))
    after = score_moves(town, index, 2, none).iloc[0]
    assert after["max_deviation"] == pytest.approx(4_500 / 10_500)
    assert after["shared_border_m"] == pytest.approx(3_000)
    assert after["cut_edges"] == 3
    assert after["polsby_popper_mean"] == pytest.approx(4 * np.pi * 3 / 8**2)
    assert after["n_enclosed"] == 0


def test_a_footprint_is_enclosed_once_the_last_way_out_is_closed() -> None:
    """Square 5 and its neighbour 1 on the edge are one footprint: without 1 it lies inside the other."""
    index = np.zeros(N, dtype=np.int32)
    index[[1, 5]] = 1
    out = Moves(np.array([1]), np.array([1]), np.array([0]))
    assert score_moves(Town(TOPOLOGY, PEOPLE, 1.0), index, 2, out)["n_enclosed"].tolist() == [1]
    index[1] = -1  # beside land that is in no footprint it is not inside
    still = Moves(np.array([0]), np.array([0]), np.array([0]))
    assert score_moves(Town(TOPOLOGY, PEOPLE, 1.0), index, 2, still)["n_enclosed"].tolist() == [0]


@given(st.lists(st.integers(-1, 3), min_size=N, max_size=N))
@settings(deadline=None)
def test_parts_without_an_area_are_the_pieces_that_are_left(row: list[int]) -> None:
    index = np.array(row, dtype=np.int32)
    parts = n_parts_without(TOPOLOGY, index)
    n_before, _ = pieces(TOPOLOGY, index)
    for area in np.flatnonzero(index >= 0).tolist():
        left = index.copy()
        left[area] = -1
        n_after, _ = pieces(TOPOLOGY, left)  # the area itself is then a piece of its own
        assert parts[area] == n_after - 1 - (n_before - 1)


def test_a_middle_area_holds_a_row_together_and_an_end_does_not(toy_topology: Topology) -> None:
    halves = np.array([0, 0, 0, 1, 1, 1], dtype=np.int32)
    assert n_parts_without(toy_topology, halves).tolist() == [1, 2, 1, 1, 2, 1]
