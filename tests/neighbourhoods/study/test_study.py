"""One workspace joined up: the embedded sample, with figures that are published."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.errors import MissingDataError
from geodata.workspace import open_workspace
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import RESIDENTS, Study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("study") / "workspace"))


def _whole(study: Study) -> FootprintOption:
    return FootprintOption("", "Whole", "ward", dict.fromkeys(study.areas("ward").index, "A"))


def test_sample_is_said_to_be_one(study: Study) -> None:
    assert study.is_sample
    assert study.authority_name == "York"
    assert study.geographies == ("ward", "synthetic")


def test_residents_of_the_wards_sum_to_the_census_table(study: Study) -> None:
    assert study.population("ward").sum() == 202_814
    assert study.authority_value(RESIDENTS) == 202_814


def test_residents_of_synthetic_areas_sum_to_those_of_the_wards(study: Study) -> None:
    assert study.population("synthetic").sum() == study.population("ward").sum()


def test_one_footprint_of_everything_has_the_authoritys_figures(study: Study) -> None:
    rows = study.profile_option(_whole(study))
    values = rows.pivot(index="indicator_id", columns="footprint_id", values="value").dropna()
    assert len(values) >= 40
    assert values["A"].to_list() == pytest.approx(values["E06000014"].to_list())


def test_figures_of_two_footprints_sum_to_the_authority(study: Study) -> None:
    codes = list(study.areas("ward").index)
    option = FootprintOption("", "Two", "ward", {c: "AB"[i % 2] for i, c in enumerate(codes)})
    rows = study.profile_option(option)
    rows = rows[rows["indicator_id"] == "bad_health"].set_index("footprint_id")
    assert rows.loc[["A", "B"], "numerator"].sum() == rows.loc["E06000014", "numerator"]


def test_an_option_of_wards_becomes_one_of_the_areas_inside_them(study: Study) -> None:
    codes = list(study.areas("ward").index)
    option = FootprintOption("", "Two", "ward", {c: "AB"[i % 2] for i, c in enumerate(codes)})
    fine = study.in_geography(option, "synthetic")
    assert set(fine.assignment) == set(study.areas("synthetic").index)
    people = study.evaluate(option).footprints["population"].to_list()
    assert study.evaluate(fine).footprints["population"].to_list() == people


def test_an_option_in_two_geographies_moves_nobody(study: Study) -> None:
    codes = list(study.areas("ward").index)
    option = FootprintOption("", "Two", "ward", {c: "AB"[i % 2] for i, c in enumerate(codes)})
    comparison = study.compare(option, study.in_geography(option, "synthetic"))
    assert comparison.people_who_move == 0


def test_areas_that_are_not_loaded_are_named_in_words(study: Study) -> None:
    with pytest.raises(MissingDataError, match=r"No outlines of LSOAs \(2021\) are loaded"):
        study.areas("lsoa21")


def test_a_saved_option_is_seen_at_once_without_a_new_study(tmp_path: Path) -> None:
    study = Study(open_workspace(tmp_path / "workspace"))
    assert study.options() == ()
    saved = save_option(study.store, _whole(study))
    assert [o.id for o in study.options()] == [saved.id]
    assert study.option(saved.id).assignment == saved.assignment


def test_source_lines_carry_the_licence(study: Study) -> None:
    lines = study.source_lines(["bad_health"])
    assert any("Open Government Licence v3.0" in line for line in lines)
    assert "Census 2021" in study.source_sentence(["bad_health"])
