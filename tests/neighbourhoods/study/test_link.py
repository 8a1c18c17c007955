"""Links that people add or take away reach every answer of a study, and nothing of it is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.dataset import NewDataset
from geodata.errors import InputError
from neighbourhoods.generation.generate import generate
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.study.link import Link, distance_words, join_areas, link_words, part_areas
from neighbourhoods.study.study import Study
from tests.neighbourhoods.cut_town import ORIGIN, cut_option, cut_study, cut_town

WHY = {"reason": "Asked the harbour master", "author": "Ann"}
SOUTH_AND_ISLAND = cut_option("1112221")


def in_force(study: Study) -> list[tuple[str, str, str, str]]:
    return [(one.focal, one.neighbour, one.kind, one.by) for one in study.links("ward").links]


def broken(study: Study) -> list[str]:
    return [v.kind for v in study.evaluate(SOUTH_AND_ISLAND, tolerance=0.5).violations]


def test_the_outlines_join_banks_by_a_river_and_the_island_by_water(tmp_path: Path) -> None:
    study = cut_study(tmp_path)
    assert in_force(study) == [("A", "D", "river", "automatic"), ("C", "G", "island", "automatic")]
    assert [one.distance_m for one in study.links("ward").links] == [100.0, 700.0]
    assert broken(study) == []


def test_a_link_that_is_taken_away_leaves_the_island_apart_until_it_is_put_back(tmp_path: Path) -> None:
    study = cut_study(tmp_path)
    part_areas(study, "ward", ("G", "C"), **WHY)
    now = study.renewed()
    assert in_force(now) == [("A", "D", "river", "automatic")]
    (parted,) = now.links("ward").parted
    assert (parted.pair, parted.by, parted.reason) == (("C", "G"), "Ann", WHY["reason"])
    assert broken(now) == ["not_contiguous"]
    assert broken(study) == [], "a study is of one version"
    join_areas(now, "ward", ("C", "G"), "automatic", **WHY)
    again = now.renewed()
    assert in_force(again) == in_force(study)
    assert (again.links("ward").parted, broken(again)) == ((), [])


def test_a_bridge_that_a_person_names_joins_what_no_outline_joins(tmp_path: Path) -> None:
    study = cut_study(tmp_path)
    option = cut_option("1121122")  # A, B with E, D; C with F, G
    assert "not_contiguous" in [v.kind for v in study.evaluate(option, tolerance=1).violations]
    join_areas(study, "ward", ("F", "C"), "river", **WHY)
    now = study.renewed()
    assert ("C", "F", "river", "Ann") in in_force(now)
    assert [v.kind for v in now.evaluate(option, tolerance=1).violations] == []
    part_areas(now, "ward", ("C", "F"), **WHY)
    assert in_force(now.renewed()) == in_force(study)
    assert now.renewed().links("ward").parted == (), "only automatic links can be put back"


def test_a_person_may_say_more_of_a_link_that_is_there(tmp_path: Path) -> None:
    study = cut_study(tmp_path)
    join_areas(study, "ward", ("C", "G"), "manual", **WHY)
    links = study.renewed().links("ward")
    assert [(one.pair, one.kind, one.by) for one in links.links][1] == (("C", "G"), "manual", "Ann")
    assert len(links.links) == 2


def test_figures_outlive_a_change_of_links_and_the_topology_does_not(tmp_path: Path) -> None:
    study = cut_study(tmp_path)
    study.profile("ward")
    built = study.topology("ward")
    part_areas(study, "ward", ("C", "G"), **WHY)
    now = study.renewed()
    assert now.holds("profile", "ward")
    assert not now.holds("links", "ward")
    assert len(now.topology("ward").links) == 1
    assert len(built.links) == 2
    assert now.figures_changed_since(study.version), "runs that rest on neighbours are done anew"
    assert now.fitted("best fit by centroid").topology("ward") is now.topology("ward")
    assert Study(study.store).topology("ward").links.equals(now.topology("ward").links)


def test_ways_are_counted_over_the_links_in_force(tmp_path: Path) -> None:
    """South with the island, and north, is one way; without its link the island is a footprint or nothing."""
    study = cut_study(tmp_path)
    params = GenerationParams(n_min=2, n_max=2, target=11_000, tolerance=0.5, geography="ward")
    before = len(generate(study, params).footprint)
    assert before > 0
    part_areas(study, "ward", ("C", "G"), **WHY)
    with pytest.raises(InputError):
        generate(study.renewed(), params)


def test_rows_about_areas_that_are_gone_are_passed_over_and_listed(tmp_path: Path) -> None:
    study = cut_study(tmp_path)
    join_areas(study, "ward", ("F", "G"), "manual", **WHY)
    join_areas(study, "ward", ("C", "F"), "river", **WHY)
    newer = cut_town().drop(index="G")
    study.store.write([NewDataset("areas:ward", "areas", "ward", newer, ORIGIN)])
    now = Study(study.store)
    (gone,) = now.links("ward").passed_over
    assert (gone.focal, gone.neighbour, gone.by) == ("F", "G", "Ann")
    assert "G" in gone.why
    assert in_force(now) == [("A", "D", "river", "automatic"), ("C", "F", "river", "Ann")]


def test_what_is_not_there_is_neither_put_back_nor_taken_away(tmp_path: Path) -> None:
    study = cut_study(tmp_path)
    with pytest.raises(InputError, match=r"Ash and Gull.* no link to take away"):
        part_areas(study, "ward", ("A", "G"), **WHY)
    with pytest.raises(InputError, match=r"Ash and Gull.* nothing to put back"):
        join_areas(study, "ward", ("A", "G"), "automatic", **WHY)
    assert study.store.version == study.version


def test_links_are_told_in_words() -> None:
    assert [distance_words(m) for m in (0, 0.6, 340.4, 1_249)] == [
        "less than 1 m",
        "less than 1 m",
        "340 m",
        "1.2 km",
    ]
    link = Link("H", "Holy Island", "B", "Bamburgh", "island", 1_234.0)
    assert link_words(link) == "Holy Island is joined to Bamburgh across 1.2 km of water"
    by_hand = Link("A", "Ash", "E", "Elm", "manual", 450.0, "Ann", "Bus 7")
    assert link_words(by_hand) == "Ash is joined to Elm by hand, 450 m apart"
    corner = Link("A", "Ash", "E", "Elm", "island", 0.0)
    assert link_words(corner) == "Ash is joined to Elm, which it touches in a point"
    bridge = Link("A", "Ash", "E", "Elm", "river", 450.0, "Ann", "Old bridge")
    assert link_words(bridge) == "Ash is joined to Elm by a bridge, tunnel or ferry, 450 m apart"
