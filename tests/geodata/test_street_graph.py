"""A graph from lines: junctions are shared vertices, bridges are none, and no metre is lost."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.street_graph import StreetGraph, build_graph


def graph_of(*lines: list[tuple[float, float]]) -> StreetGraph:
    return build_graph(np.array([shapely.LineString(line) for line in lines], dtype=object))


def test_a_shared_vertex_in_the_middle_of_a_line_is_a_junction() -> None:
    graph = graph_of([(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 50)])
    assert graph.n_nodes == 4
    assert sorted(graph.edge_m) == [50, 100, 100]
    assert graph.edge_line.tolist() == [0, 0, 1]
    assert graph.edge_to[0] == graph.edge_from[1] == graph.edge_from[2]


def test_a_bend_that_nobody_shares_is_no_junction() -> None:
    graph = graph_of([(0, 0), (100, 0), (100, 50)])
    assert (graph.n_nodes, graph.edge_m.tolist()) == (2, [150])
    assert shapely.get_coordinates(graph.lines()).tolist() == [[0, 0], [100, 0], [100, 50]]


def test_lines_that_cross_without_a_shared_vertex_do_not_meet() -> None:
    graph = graph_of([(-50, 0), (50, 0)], [(0, -50), (0, 50)])
    assert (graph.n_nodes, len(graph.edge_m)) == (4, 2)


@pytest.mark.parametrize(("gap", "nodes"), [(0.04, 3), (0.2, 4)])
def test_ends_meet_within_the_grid_of_ten_centimetres_and_not_beyond(gap: float, nodes: int) -> None:
    assert graph_of([(0, 0), (100, 0)], [(100 + gap, 0), (200, 0)]).n_nodes == nodes


def test_a_loop_keeps_its_length_and_comes_back_to_its_node() -> None:
    graph = graph_of([(0, 0), (30, 0), (30, 40), (0, 0)])
    assert (graph.n_nodes, graph.edge_m.tolist()) == (1, [120])
    assert graph.edge_from.tolist() == graph.edge_to.tolist()


def test_a_line_that_crosses_itself_at_a_vertex_is_cut_there() -> None:
    graph = graph_of([(0, 0), (10, 0), (20, 0), (20, 10), (10, 0), (10, -10)])
    assert graph.n_nodes == 3
    assert len(graph.edge_m) == 3


def test_lines_of_no_length_have_no_edge() -> None:
    graph = graph_of([(5, 5), (5.01, 5)], [(0, 0), (10, 0)])
    assert graph.edge_line.tolist() == [1]


corner = st.tuples(st.integers(0, 4), st.integers(0, 4))


@given(st.lists(st.lists(corner, min_size=2, max_size=6), min_size=1, max_size=8))
def test_length_is_conserved_and_edges_end_at_their_nodes(drawn: list[list[tuple[int, int]]]) -> None:
    lines = np.array([shapely.LineString([(100 * x, 100 * y) for x, y in line]) for line in drawn])
    graph = build_graph(lines)
    assert graph.edge_m.sum() == pytest.approx(shapely.length(lines).sum())
    if len(graph.edge_m):
        assert shapely.length(graph.lines()) == pytest.approx(graph.edge_m)
        ends = np.concatenate([graph.xy[graph.offsets[:-1]], graph.xy[graph.offsets[1:] - 1]])
        nodes = np.concatenate([graph.edge_from, graph.edge_to])
        place = {}
        for node, end in zip(nodes.tolist(), ends.tolist(), strict=True):
            assert place.setdefault(node, end) == end
        assert len(place) == graph.n_nodes == len({tuple(end) for end in ends.tolist()})
