"""With stops beside the hubs nobody is further, and the nearest is the nearest of both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from geodata.dataset import NewDataset
from geodata.errors import InputError
from neighbourhoods.hub.change import change_by
from neighbourhoods.outreach.reach import reach_without_and_with
from neighbourhoods.study.study import Study
from tests.neighbourhoods.outreach.toy_outreach import toy_params, toy_plan
from tests.neighbourhoods.toy_study import ORIGIN, toy_study


@pytest.fixture
def study(tmp_path: Path, toy_town: gpd.GeoDataFrame) -> Study:
    """The toy town with one library, in the middle of C."""
    store = toy_study(tmp_path, toy_town).store
    places = gpd.GeoDataFrame(
        {"name": ["Hub"], "kind": ["library"], "address": [""], "postcode": [""], "status": ["open"]},
        geometry=gpd.points_from_xy([2_500.0], [500.0]),
        index=["library:hub"],
        crs=27700,
    ).rename_axis("place_id")
    store.write([NewDataset("places:library", "places", "", places, ORIGIN, {"kind": "library"})])
    return Study(store)


def test_nobody_is_further_with_the_bus_and_those_at_its_stops_are_nearer(study: Study) -> None:
    without, with_stops = reach_without_and_with(study, toy_plan())
    assert (with_stops.minutes <= without.minutes).all()
    assert with_stops.places.index.tolist() == ["library:hub", "venue:ash", "library:elm"]
    hub_m = np.hypot(*(without.points.xy - [2_500, 500]).T)
    stop_m = np.minimum(
        np.hypot(*(without.points.xy - [700, 700]).T), np.hypot(*(without.points.xy - [1_500, 1_500]).T)
    )
    far = hub_m > 0
    expected = without.minutes[far] * np.minimum(hub_m, stop_m)[far] / hub_m[far]
    assert with_stops.minutes[far] == pytest.approx(expected)
    is_stop = with_stops.nearest > 0
    assert (is_stop == (stop_m < hub_m)).all()


def test_the_change_is_told_by_area(study: Study) -> None:
    without, with_stops = reach_without_and_with(study, toy_plan())
    rows = change_by(study, without, with_stops, "area", 15.0)
    assert rows is not None
    assert rows.loc["C", "minutes_before"] == rows.loc["C", "minutes_after"]
    assert rows.loc["A", "minutes_after"] < rows.loc["A", "minutes_before"]


def test_a_plan_without_visits_changes_nothing_and_a_hub_that_is_gone_is_named(study: Study) -> None:
    plan = toy_plan()
    bare = replace(plan, visits=plan.visits[:0], rounds=plan.rounds[:0])
    without, with_stops = reach_without_and_with(study, bare)
    assert with_stops.minutes.tolist() == without.minutes.tolist()
    with pytest.raises(InputError, match="'library:gone' is no longer"):
        reach_without_and_with(study, toy_plan(params=toy_params(hub_ids=("library:gone",))))
