"""Needs and assets: catchments added up by hand, shares that add up to the assets, thirds at thresholds."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geodata.errors import InputError
from geodata.workspace import open_workspace
from indicators.catalogue import CATALOGUE
from neighbourhoods.register.edit import add_place, edit_place
from neighbourhoods.register.field import KINDS
from neighbourhoods.register.need_asset import (
    MISMATCH,
    NO_MISMATCH,
    NOT_KNOWN,
    NeedAssets,
    NeedParams,
    _ranked,
    catchment_shares,
    need_assets,
    theme_assets,
    theme_needs,
)
from neighbourhoods.register.need_asset_report import (
    evenness_words,
    finding_sentence,
    need_json,
    need_source_lines,
    need_words,
    people_words,
)
from neighbourhoods.register.theme import THEMES, theme, why_it_counts
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, access_by_fifth
from tests.neighbourhoods.toy_register import places, toy_register

OLDER = NeedParams("older_people", "ward")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("need")))


@pytest.fixture(scope="module")
def older(study: Study) -> NeedAssets:
    return need_assets(study, OLDER)


def test_each_asset_is_shared_among_the_people_within_reach() -> None:
    """Points of 10, 30 and 60 people; asset 1 reaches the first two, asset 2 the last two, asset 3 nobody."""
    within = np.array([[True, False, False], [True, True, False], [False, True, False]])
    shares = catchment_shares(np.array([10.0, 30.0, 60.0]), within)
    assert shares.tolist() == pytest.approx([1 / 40, 1 / 40 + 1 / 90, 1 / 90])


@given(
    arrays(float, 5, elements=st.floats(0, 1_000)),
    arrays(bool, (5, 4)),
)
def test_shares_add_up_to_the_assets_that_anybody_in_need_can_reach(
    people: np.ndarray, within: np.ndarray
) -> None:
    people = np.round(people)
    reached = int((people @ within > 0).sum())
    assert people @ catchment_shares(people, within) == pytest.approx(reached)


def test_an_area_without_anybody_in_need_still_has_a_figure_for_its_residents(older: NeedAssets) -> None:
    assert older.by_area["assets_per_1000"].notna().all()


def test_shares_of_real_wards_add_up_to_the_assets(older: NeedAssets) -> None:
    """An asset counts once somebody starts within 15 minutes: 80 m a minute over 1.3 times the line."""
    assert older.access is not None
    points = older.access.points.xy
    at = np.column_stack([older.assets.geometry.x, older.assets.geometry.y])
    reached = int((np.hypot(*(points[:, None] - at[None]).transpose(2, 0, 1)) * 1.3 / 80 <= 15).any(0).sum())
    assert 0 < reached <= len(older.assets)
    rows = older.by_area
    assert (rows["need_count"] * rows["assets_per_1000"]).sum() / 1_000 == pytest.approx(reached)
    assert isinstance(older.access, Access)
    assert set(older.access.places.index) == set(older.assets.index)


def test_need_is_the_figure_that_every_other_page_shows(study: Study, older: NeedAssets) -> None:
    rows = study.indicator_rows("ward", "pop_65plus").drop(study.authority_code)
    assert older.by_area["need_value"].to_dict() == rows["value"].to_dict()
    assert older.by_area["need_count"].to_dict() == rows["numerator"].to_dict()


def test_wider_reach_never_means_fewer_assets_within_it(study: Study, older: NeedAssets) -> None:
    wider = need_assets(study, NeedParams("older_people", "ward", minutes=30))
    assert (wider.by_area["n_within"] >= older.by_area["n_within"]).all()
    assert wider.by_area["minutes"].to_list() == pytest.approx(older.by_area["minutes"].to_list())


def frame(needs: list[float], assets: list[float]) -> pd.DataFrame:
    return _ranked(pd.DataFrame({"need_value": needs, "assets_per_1000": assets}))


def test_a_mismatch_is_need_in_the_top_third_and_assets_in_the_bottom_third() -> None:
    """Of six areas the two of highest need and the two of fewest assets; the third of either is not."""
    found = frame([60, 50, 40, 30, 20, 10], [1, 3, 2, 4, 5, 6])
    assert found["mismatch"].tolist() == [MISMATCH, *[NO_MISMATCH] * 5]
    found = frame([60, 50, 40, 30, 20, 10], [2, 1, 3, 4, 5, 6])
    assert found["mismatch"].tolist() == [MISMATCH, MISMATCH, *[NO_MISMATCH] * 4]
    assert found["need_rank"].tolist() == [1, 2, 3, 4, 5, 6]
    assert found["asset_rank"].tolist() == [5, 6, 4, 3, 2, 1]


def test_of_equals_all_are_in_a_third_as_soon_as_one_is() -> None:
    found = frame([9, 9, 9, 1, 1, 1], [0, 0, 0, 0, 0, 5])
    assert found["mismatch"].tolist() == [MISMATCH] * 3 + [NO_MISMATCH] * 3


def test_an_area_whose_need_is_not_known_is_not_ranked() -> None:
    found = frame([np.nan, 9, 5, 1], [0, 0, 3, 4])
    assert found["mismatch"].tolist() == [NOT_KNOWN, MISMATCH, NO_MISMATCH, NO_MISMATCH]
    assert np.isnan(found["need_rank"].iloc[0])
    two = frame([2, 1], [1, 2])  # a third of two areas is none
    assert two["mismatch"].tolist() == [NO_MISMATCH, NO_MISMATCH]


def test_candidates_do_not_help_anybody_yet(study: Study) -> None:
    first = str(theme_assets(study, "older_people").index[0])
    edit_place(study.renewed(), first, {"status": "candidate"}, author="Ann")
    assert first not in theme_assets(study.renewed(), "older_people").index


def test_a_venue_counts_for_the_themes_that_its_services_name(
    tmp_path: Path, toy_town: gpd.GeoDataFrame
) -> None:
    toy = toy_register(tmp_path / "workspace", toy_town)
    given = {"name": "Hall", "postcode": "TT1 1AA", "services": "Lunch Club; Carers' morning"}
    hall = add_place(toy, given, author="Ann")
    now = toy.renewed()
    assert theme_assets(now, "older_people").loc[hall, "why"] == "says “Lunch Club”"
    assert hall in theme_assets(now, "disability_carers").index
    assert hall not in theme_assets(now, "young_people").index
    assert "library:n" in theme_assets(now, "older_people").index


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("Mind drop-in", True),
        ("reminder service", False),  # only whole words count
        ("WELLBEING café", True),
        ("Psychology clinic", True),
        ("", False),
    ],
)
def test_words_are_looked_for_whole_and_in_any_case(said: str, counts: bool) -> None:
    venue = places("venue", {"a": ("Hall", 0, 0)}, services=said, type="")
    assert bool(why_it_counts(theme("mental_health"), venue).iloc[0]) == counts


def test_every_theme_is_complete() -> None:
    for one in THEMES.values():
        assert one.label
        assert one.needs
        assert one.words
        assert set(one.kinds) <= set(KINDS)
        for need in one.needs:
            assert CATALOGUE[need].statistic in ("proportion", "rate", "ratio", "score"), need
            assert CATALOGUE[need].polarity != "high_is_better", need


def test_what_is_not_there_is_refused_by_name(
    study: Study, tmp_path: Path, toy_town: gpd.GeoDataFrame
) -> None:
    with pytest.raises(InputError, match="no theme 'joy'"):
        need_assets(study, NeedParams("joy", "ward"))
    with pytest.raises(InputError, match="does not measure the need of older people"):
        need_assets(study, NeedParams("older_people", "ward", "claimants"))
    with pytest.raises(InputError, match="above nought"):
        NeedParams("older_people", "ward", minutes=0)
    toy = toy_register(tmp_path / "workspace", toy_town)
    assert theme_needs(toy, "older_people", "ward") == ()
    with pytest.raises(InputError, match="No figures are loaded"):
        need_assets(toy, OLDER)


def test_sentence_names_the_areas_and_counts_their_people(study: Study, older: NeedAssets) -> None:
    rows = older.by_area[older.by_area["mismatch"] == MISMATCH]
    said = finding_sentence(study, older)
    assert said.startswith(f"Older people: need is high and assets are few in {len(rows)} of 21 wards")
    most = rows.loc[rows["need_count"].idxmax(), "area_name"]
    assert str(most) in said
    assert f"{rows['need_count'].sum():,.0f} people" in people_words(study, older)
    assert "Concentration index" in evenness_words(study, older) or "not known" in evenness_words(
        study, older
    )
    assert said in need_words(study, older)


def test_json_has_a_row_for_every_area_and_says_why_each_asset_counts(
    study: Study, older: NeedAssets
) -> None:
    found = need_json(study, older)
    assert {row["area_code"] for row in found["areas"]} == set(study.areas("ward").index)  # type: ignore[attr-defined]
    assert all(one["why"] for one in found["assets"])  # type: ignore[attr-defined]
    lines = " ".join(need_source_lines(study, older))
    assert "Basic dataset for libraries" in lines or "librar" in lines.lower()


def test_a_suppressed_need_stays_suppressed(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its count is nowhere in the answer, and it moves no other area's figures by being hidden or not."""
    rows = study.profile("ward").copy()
    code = str(study.areas("ward").index[0])
    one = (rows["area_code"] == code) & (rows["indicator_id"] == "pop_65plus")
    hidden = float(rows.loc[one, "numerator"].iloc[0])
    rows.loc[one, "suppressed"] = True
    monkeypatch.setattr(study, "profile", lambda geography: rows)
    found = need_assets(study, OLDER)
    row = found.by_area.loc[code]
    assert row["suppressed"]
    assert np.isnan(row["need_count"])
    assert np.isnan(row["need_value"])
    assert row["mismatch"] == NOT_KNOWN
    assert hidden not in found.by_area["need_count"].to_list()
    rows.loc[one, "numerator"] = hidden + 3
    again = need_assets(study, OLDER)
    assert again.by_area.drop(index=code).equals(found.by_area.drop(index=code))


def test_who_is_within_reach_by_deprivation_is_told(study: Study, older: NeedAssets) -> None:
    assert older.access is not None
    fifths = access_by_fifth(study, older.access)
    said = evenness_words(study, older)
    if fifths is None:
        assert "not known" in said
    else:
        most = float(fifths.loc[1, "within_15"])
        share = "more than 99%" if 0.995 <= most < 1 else f"{most:.0%}"
        assert f"{share} of residents of the most deprived fifth" in said


def test_minutes_to_the_nearest_asset_are_those_of_the_access_page(older: NeedAssets) -> None:
    """In the sample journeys begin at one point for each ward, so that weights by need change nothing."""
    assert older.access is not None
    theirs = older.access.by_point_area["minutes"].reindex(older.by_area.index)
    assert older.by_area["minutes"].to_list() == pytest.approx(theirs.to_list())
