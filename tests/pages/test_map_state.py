"""From figures to maps, on the embedded sample."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.workspace import open_workspace
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components.area_map_state import NO_DATA, SUPPRESSED, UNASSIGNED
from pages.components.map_state import (
    choropleth_state,
    comparison_map_state,
    footprint_letter,
    footprint_map_state,
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("map_state") / "workspace"))


@pytest.fixture
def halves(study: Study) -> FootprintOption:
    codes = list(study.areas("ward").index)
    assignment = {code: "A" if i < 10 else "B" for i, code in enumerate(codes)}
    return FootprintOption("x", "Halves", "ward", assignment)


def test_footprints_are_lettered_beyond_z() -> None:
    assert [footprint_letter(i) for i in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_every_class_on_the_map_stands_in_its_legend(study: Study) -> None:
    state = choropleth_state(
        study, "ward", study.indicator_rows("ward", "bad_health"), study.catalogue["bad_health"]
    )
    assert state.legend is not None
    assert set(state.fill_by_area) == {entry.fill for entry in state.legend.entries}
    assert len(state.palette) == len(state.legend.entries) == 5
    assert state.legend.authority is not None
    assert state.legend.authority[1] == "York 4.2%"


def test_unknown_and_suppressed_areas_look_unlike_every_class(study: Study) -> None:
    rows = study.indicator_rows("ward", "bad_health").copy()
    unknown, hidden = study.areas("ward").index[:2]
    rows.loc[[unknown, hidden], "value"] = np.nan
    rows.loc[hidden, "suppressed"] = True
    state = choropleth_state(study, "ward", rows, study.catalogue["bad_health"])
    codes = list(study.topology("ward").area_codes)
    assert state.fill_by_area[codes.index(unknown)] == NO_DATA
    assert state.fill_by_area[codes.index(hidden)] == SUPPRESSED
    assert state.legend is not None
    labels = {entry.fill: entry.label for entry in state.legend.entries}
    assert labels[NO_DATA] == "No data"
    assert labels[SUPPRESSED] == "Suppressed: small count"


def test_areas_of_a_footprint_share_its_colour(study: Study, halves: FootprintOption) -> None:
    rows = study.indicator_rows(halves, "bad_health")
    state = choropleth_state(study, "ward", rows, study.catalogue["bad_health"], option=halves)
    by_footprint: dict[str, set[int]] = {}
    for code, fill in zip(study.topology("ward").area_codes, state.fill_by_area, strict=True):
        by_footprint.setdefault(halves.assignment[code], set()).add(fill)
    assert all(len(fills) == 1 for fills in by_footprint.values())


def test_unassigned_areas_are_in_no_footprint_on_the_map(study: Study, halves: FootprintOption) -> None:
    code = next(iter(halves.assignment))
    rest = {c: f for c, f in halves.assignment.items() if c != code}
    state = footprint_map_state(study, halves.with_changes(assignment=rest))
    position = list(study.topology("ward").area_codes).index(code)
    assert state.footprint_by_area[position] == UNASSIGNED


def test_an_area_that_changes_footprint_is_hatched_and_no_other(
    study: Study, halves: FootprintOption
) -> None:
    moved = next(iter(halves.assignment))
    other = halves.with_changes(name="Other", assignment={**halves.assignment, moved: "B"})
    state = comparison_map_state(study, other, halves, study.compare(halves, other))
    codes = study.topology("ward").area_codes
    assert [codes[i] for i in state.differing] == [moved]


def test_a_renamed_option_keeps_its_colours_and_is_not_hatched(study: Study, halves: FootprintOption) -> None:
    swapped = {code: {"A": "2", "B": "1"}[f] for code, f in halves.assignment.items()}
    other = halves.with_changes(name="Renamed", assignment=swapped)
    state = comparison_map_state(study, other, halves, study.compare(halves, other))
    first = footprint_map_state(study, halves)
    assert state.differing == ()

    def colours(of: object) -> list[str]:
        return [of.footprint_colours[i] for i in of.footprint_by_area]  # type: ignore[attr-defined]

    assert colours(state) == colours(first)
