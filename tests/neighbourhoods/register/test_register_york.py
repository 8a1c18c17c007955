"""The register and its needs on York's real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geodata.store import Store
from neighbourhoods.register.duplicate import duplicates
from neighbourhoods.register.hours import parse_hours
from neighbourhoods.register.need_asset import NeedParams, assets_concentration, need_assets
from neighbourhoods.register.need_asset_report import counted_noun
from neighbourhoods.register.theme import THEMES
from neighbourhoods.study.study import Study


@pytest.fixture(scope="module")
def york(york_copy: Callable[[], Path]) -> Study:
    return Study(Store(york_copy()))


def test_york_medical_group_stands_in_two_lists(york: Study) -> None:
    """The practice is in epraccur and among the clinics of the NHS website, 96 m apart, in YO24 4HD."""
    found = duplicates(york)
    names = york.places()["name"]
    assert 1 <= len(found) <= 15  # few enough for a person to look at
    best = found[0]
    assert names[best.first_id] == names[best.second_id] == "York Medical Group"
    assert {best.first_id.split(":")[0], best.second_id.split(":")[0]} == {"clinic", "gp_surgery"}
    assert best.same_postcode


@pytest.mark.parametrize("theme_id", THEMES)
def test_every_theme_has_a_need_and_shares_that_add_up_to_its_assets(york: Study, theme_id: str) -> None:
    """Of York's assets each has somebody in need within 15 minutes, so that all of them count."""
    found = need_assets(york, NeedParams(theme_id, "ward"))
    rows = found.by_area
    assert len(rows) == 21
    assert (rows["need_count"] * rows["assets_per_1000"]).sum() / 1_000 == pytest.approx(len(found.assets))
    assert -1 <= assets_concentration(york, found) <= 1


def test_a_score_counts_nobody_so_assets_are_shared_among_residents(york: Study) -> None:
    found = need_assets(york, NeedParams("mental_health", "ward"))
    assert found.need.statistic == "score"
    assert found.counts_residents
    assert found.by_area["need_count"].to_dict() == york.population("ward").to_dict()
    assert counted_noun(found) == "residents"


def test_a_need_that_only_wards_know_is_spread_over_smaller_areas(york: Study) -> None:
    found = need_assets(york, NeedParams("money", "ward", "claimants"))
    assert found.is_spread
    rows = found.by_area
    assert (rows["need_count"] * rows["assets_per_1000"]).sum() / 1_000 == pytest.approx(len(found.assets))


def test_yorks_libraries_have_the_hours_that_the_council_published_whichever_list_is_kept(
    york: Study,
) -> None:
    """The national list is the newer and says no times; Haxby is not in the council's."""
    places = york.places()
    hours = {
        row["name"]: parse_hours(row["opening_hours"])
        for _, row in places.iterrows()
        if row["kind"] == "library"
    }
    assert len(hours) == 18
    assert [name for name, one in hours.items() if not one.is_known] == ["Haxby Library"]
    assert not any(one.unread for one in hours.values())
    assert hours["Acomb Explore Library"].by_day[2] == ((9 * 60, 14 * 60),)
    assert hours["York Explore Library & Archive"].meets("weekend")
    assert not hours["Clifton Explore Library"].is_open(6, 12 * 60)
