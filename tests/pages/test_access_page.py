"""The Access page on the embedded sample: its headline is its figures, in every mode and for every kind."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geodata.source import SOURCES
from geodata.workspace import open_workspace
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import AccessParams, access, access_by_area
from neighbourhoods.travel.band import reach_bands
from neighbourhoods.travel.catchment import catchment
from pages.components.area_map_state import overlay_content
from pages.components.band_overlay import band_overlay
from pages.components.catchment_tab import FEW, _in_view, drawn_limits
from pages.components.reach_view import (
    deprivation_words,
    furthest_words,
    kind_words,
    reach_map_state,
    reach_table,
    share_words,
    steps_for,
)
from pages.components.words import plain
from tests.neighbourhoods.travel.street_town import road_dataset
from tests.neighbourhoods.travel.test_timetable_journey import with_buses

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/deliver/access.py"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    return Study(open_workspace(tmp_path / "workspace"))


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    return app.switch_page(PAGE).run()


def test_headline_is_the_share_within_reach_and_follows_the_choices(study: Study) -> None:
    app = opened()
    assert not app.exception
    whole = access(study, AccessParams(("library",), "ward")).whole
    beyond = whole["people"] * (1 - whole["within_15"])
    assert app.title[0].value == (
        f"{share_words(whole['within_15'])} of York's residents are within 15 minutes' walk of a library; "
        f"{beyond:,.0f} are not"
    )
    app.selectbox(key="place").select("gp_surgery")
    app.selectbox(key="mode").select("cycle")
    app.selectbox(key="within").select("10")
    app.run()
    assert not app.exception
    whole = access(study, AccessParams(("gp_surgery",), "ward", "cycle")).whole
    assert app.title[0].value.startswith(
        f"{share_words(whole['within_10']).capitalize()} of York's residents are within 10 minutes' cycle "
        "ride of a GP surgery"
    )


def test_an_option_is_compared_by_its_neighbourhoods(study: Study) -> None:
    codes = study.areas("ward").index
    option = save_option(
        study.store, FootprintOption("", "Halves", "ward", {c: "AB"[i % 2] for i, c in enumerate(codes)})
    )
    app = opened()
    assert not app.exception
    assert app.selectbox(key="option").value == option.id
    tables = [frame.value for frame in app.dataframe if "Neighbourhood" in frame.value]
    assert tables[0]["People"].sum() == study.population("ward").sum()


def test_every_source_of_the_page_is_cited(study: Study) -> None:
    app = opened()
    said = next(c.value for c in app.caption if c.value.startswith("Source: "))
    kinds = {d.provenance.source_id for d in study.datasets if d.extra.get("kind") == "library"}
    assert kinds
    for one in (*kinds, study.catalogue["bad_health"].source_id):
        assert SOURCES[one].title in said


def test_map_has_a_step_for_every_area_and_each_place(study: Study) -> None:
    found = access(study, AccessParams(("library", "gp_surgery"), "ward"))
    areas = access_by_area(study, found)
    state = reach_map_state(study, found, areas, 15)
    assert len(state.fill_by_area) == len(areas)
    assert len(state.points) == len(found.places)
    minutes = areas.reindex(study.topology("ward").area_codes)["minutes"]
    for fill, mean in zip(state.fill_by_area, minutes, strict=True):
        assert fill == sum(mean > step for step in steps_for(minutes.to_numpy()))
    table = reach_table(areas, "area_name", "Ward", found.params)
    assert list(table) == [
        "Ward",
        "People",
        "Minutes, mean",
        "Within 10 (%)",
        "Within 15 (%)",
        "Within 20 (%)",
        "People beyond 20",
    ]
    assert furthest_words(areas, 1).startswith(areas["area_name"][areas["minutes"].idxmax()])


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0%"), (0.004, "fewer than 1%"), (0.556, "56%"), (0.997, "more than 99%"), (1.0, "100%")],
)
def test_shares_are_never_rounded_to_none_or_all(share: float, said: str) -> None:
    assert share_words(share) == said


def test_steps_of_the_map_grow_until_most_areas_are_told_apart() -> None:
    assert steps_for(np.array([4.0, 12.0, 19.0, 60.0, np.nan])) == (5, 10, 15, 20)
    assert steps_for(np.array([4.0, 32.0, 39.0, 60.0])) == (10, 20, 30, 40)
    assert steps_for(np.array([500.0, 600.0])) == (30, 60, 90, 120)
    assert steps_for(np.array([np.nan])) == (5, 10, 15, 20)


def test_kinds_are_said_with_their_article() -> None:
    assert kind_words(("library",)) == "a library"
    assert kind_words(("gp_surgery", "clinic")) == "a GP surgery or a clinic"


def test_deprivation_is_told_by_which_fifth_is_within_reach_more_often(study: Study) -> None:
    found = access(study, AccessParams(("library",), "ward"))
    fifths = found.over(found.points.population, found.nearest * 0, 1).iloc[[0] * 5].set_axis(range(1, 6))
    assert "as often within 15 minutes as" in deprivation_words(fifths, 0.0, 15)
    fifths.loc[1, "within_15"] += 0.1
    said = deprivation_words(fifths, -0.05, 15)
    assert "10 percentage points more often within 15 minutes than" in said
    assert said.endswith("-0.05: the less deprived travel longer.")


def test_a_catchment_is_drawn_counted_and_kept_in_the_address(study: Study) -> None:
    app = opened()
    assert not any("Dashed" in caption.value for caption in app.caption)
    place = study.places().query("kind == 'library'").index[0]
    name = study.places()["name"][place]
    app.multiselect(key="catchment_places").select(place).run()
    assert not app.exception
    assert app.query_params["catchment"] == place
    caught = access(study, AccessParams(("library",), "ward"), only=[place])
    people = catchment(study, caught).loc["pop_total", "people_within_15"]
    assert any(
        f"Dashed: the ground within 10, 15 and 20 minutes' walk of {plain(name)}" in c.value
        for c in app.caption
    )
    assert any(f"{people:,.0f} within 15" in one.value for one in app.markdown)
    table = next(frame.value for frame in app.dataframe if "People within 15" in frame.value)
    assert table["People within 15"].iloc[0] == round(people)
    app.multiselect(key="catchment_places").unselect(place).run()
    assert "catchment" not in app.query_params


def test_bands_of_a_few_places_are_all_drawn_and_of_many_one(study: Study) -> None:
    params = AccessParams(("library",), "ward")
    assert len(study.places().query("kind == 'library'")) > FEW
    many = access(study, params)
    few = access(study, params, only=list(many.places.index[:FEW]))
    assert drawn_limits(many, 15.0) == (15.0,)
    assert drawn_limits(few, 15.0) == params.limits
    overlay = band_overlay(reach_bands(study, few))
    assert [name for name, _, _ in overlay.names] == ["10 min", "15 min", "20 min"]
    assert overlay_content(overlay)["fine"] is True
    assert {len(line) % 2 for line in overlay.lines} == {0}


def test_streets_are_chosen_for_and_their_absence_is_said(study: Study) -> None:
    app = opened()
    assert app.selectbox(key="route").disabled
    assert any("no street network is loaded" in c.value for c in app.caption)
    centre = study.areas("ward").geometry.representative_point()
    order = centre.x.sort_values().index
    line = [(p.x, p.y) for p in centre.loc[order]]
    study.store.write([road_dataset([({"highway": "footway"}, line)])])
    app = opened()
    assert not app.selectbox(key="route").disabled
    app.selectbox(key="route").select("streets").run()
    assert not app.exception
    assert any("Along streets (OpenStreetMap" in c.value for c in app.caption)
    assert any("© OpenStreetMap contributors" in c.value for c in app.caption)
    app.selectbox(key="mode").select("drive").run()
    assert not app.exception
    assert app.title[0].value == "These journeys cannot be worked out"
    assert "open to driving" in app.error[0].value


def test_the_bus_is_offered_with_a_timetable_and_else_it_is_said_what_to_import(study: Study) -> None:
    app = opened()
    assert "stop_times.txt" in app.selectbox(key="mode").help
    assert "Bus and walking" not in app.selectbox(key="mode").options
    served = with_buses(study)
    app = opened()
    app.selectbox(key="mode").select("bus").run()
    assert not app.exception
    whole = access(served, AccessParams(("library",), "ward", "bus")).whole
    assert f"{share_words(whole['within_15'])} of York's residents are within 15 minutes' journey by bus" in (
        app.title[0].value.lower().replace("york", "York")
    )
    assert any("Tuesday 17 November 2026" in caption.value for caption in app.caption)


def test_areas_in_view_are_those_the_band_reaches_but_not_much_wider_ones() -> None:
    """A band 2 km wide at the corner of a small area, beside one of 10 km that it reaches, too."""
    small, far, vast = (
        shapely.box(0, 0, 900, 900),
        shapely.box(3_000, 0, 3_900, 900),
        shapely.box(-10_000, 0, 0, 900),
    )
    areas = gpd.GeoDataFrame(geometry=[small, far, vast], index=["S", "F", "V"], crs=27700)
    drawn = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0).buffer(1_000)], crs=27700)
    caught = SimpleNamespace(places=gpd.GeoDataFrame(geometry=[shapely.Point(-5, 5)], crs=27700))
    assert _in_view(areas, caught, drawn) == ("S",)
    assert _in_view(areas.loc[["F", "V"]], caught, drawn) == ("V",)
