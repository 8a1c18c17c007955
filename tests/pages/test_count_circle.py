"""Counts on the map are circles whose area is what they count, never colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.workspace import open_workspace
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components.area_map_state import NO_DATA, SUPPRESSED, state_content
from pages.components.count_circle import LARGEST, PLAIN, legend_values, sizes_of
from pages.components.map_state import choropleth_state

RESIDENTS = "pop_total"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("count_circle") / "workspace"))


def test_area_of_a_circle_is_in_proportion_to_what_it_counts() -> None:
    sizes = sizes_of(np.array([40_000.0, 10_000.0, 0.0, np.nan, 1.0]))
    assert sizes.tolist() == [LARGEST, round(LARGEST / 2), 0, 0, 1]  # a few are still seen


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=40))
def test_no_circle_is_larger_than_one_of_a_larger_count(values: list[float]) -> None:
    counts = np.array(values)
    sizes = sizes_of(counts)
    assert (np.diff(sizes[np.argsort(counts, kind="stable")]) >= 0).all()
    assert ((sizes > 0) == (counts > 0)).all()


@pytest.mark.parametrize(
    ("largest", "expected"),
    [(15_101, [10_000, 5_000, 2_000]), (73_692, [50_000, 20_000, 10_000]), (3, [2, 1]), (0, [])],
)
def test_legend_has_round_numbers_no_larger_than_the_largest(largest: float, expected: list[float]) -> None:
    assert legend_values(largest) == expected


def test_counts_colour_no_area_and_rates_draw_no_circle(study: Study) -> None:
    counts = choropleth_state(
        study, "ward", study.indicator_rows("ward", RESIDENTS), study.catalogue[RESIDENTS]
    )
    assert set(counts.fill_by_area) == {PLAIN}
    assert counts.palette == ()
    assert max(counts.circle_by_area) == LARGEST
    assert counts.legend is not None
    assert all(entry.circle for entry in counts.legend.entries)
    rates = choropleth_state(
        study, "ward", study.indicator_rows("ward", "bad_health"), study.catalogue["bad_health"]
    )
    assert rates.circle_by_area == ()


def test_a_suppressed_count_has_no_circle_to_be_measured(study: Study) -> None:
    rows = study.indicator_rows("ward", RESIDENTS).copy()
    hidden, unknown = study.areas("ward").index[:2]
    rows.loc[hidden, "suppressed"] = True
    rows.loc[unknown, "value"] = np.nan
    state = choropleth_state(study, "ward", rows, study.catalogue[RESIDENTS])
    codes = list(study.topology("ward").area_codes)
    assert [state.circle_by_area[codes.index(one)] for one in (hidden, unknown)] == [0, 0]
    assert state.fill_by_area[codes.index(hidden)] == SUPPRESSED
    assert state.fill_by_area[codes.index(unknown)] == NO_DATA
    assert state.legend is not None
    assert [entry.label for entry in state.legend.entries[-2:]] == ["No data", "Suppressed: small count"]


def test_areas_of_a_footprint_carry_its_one_circle(study: Study) -> None:
    codes = list(study.areas("ward").index)
    halves = FootprintOption("x", "Halves", "ward", {c: "A" if i < 5 else "B" for i, c in enumerate(codes)})
    rows = study.indicator_rows(halves, RESIDENTS)
    state = choropleth_state(study, "ward", rows, study.catalogue[RESIDENTS], option=halves)
    owners = [halves.assignment[str(code)] for code in study.topology("ward").area_codes]
    sizes = dict(zip(owners, state.circle_by_area, strict=True))
    assert sizes["B"] == LARGEST > sizes["A"] > 0
    content = state_content(state, life="", seen=0, tips=None, points=None)
    assert set(str(content["circles"])) == {"z", np.base_repr(sizes["A"], 36).lower()}
