"""Figures by another fit, added up by hand; people who live across a line."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.dataset import NewDataset
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.measure.fit_sensitivity import BY_CENTROID, BY_POSTCODE, FitComparison, fit_sensitivity
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import RESIDENTS, Study
from tests.neighbourhoods.toy_study import ORIGIN

OPTION = FootprintOption("", "Two", "ward", {"P": "West", "Q": "East"})
PEOPLE, BAD = 1_000.0, {"a": 20.0, "b": 20.0, "c": 180.0, "d": 20.0, "e": 20.0}


def boxes(codes: str, edges: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"area_name": list(codes), "population": float("nan")},
        geometry=[shapely.box(1_000 * x, 0, 1_000 * y, 1_000) for x, y in edges],
        index=pd.Index(list(codes), name="area_code"),
        crs=27700,
    )


def cells(table: str, values: dict[str, dict[str, float]]) -> NewDataset:
    rows = [
        {
            "table": table,
            "geography": "lsoa21",
            "area_code": area,
            "period": "2021",
            "cell": cell,
            "value": v,
            "status": "",
        }
        for cell, by_area in values.items()
        for area, v in by_area.items()
    ]
    return NewDataset(f"cells:{table}:lsoa21:2021", "cells", "lsoa21", pd.DataFrame(rows), ORIGIN)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Small areas a to e, a kilometre wide; wards P (0 to 2.5 km) and Q (2.5 to 5 km)::

        a | b | c | d | e       1,000 people each, 180 of c in bad health and 20 of each other
        P P P P P|Q Q Q Q Q     c lies across the line

    The lookup gives c to P; its centroid lies in Q; of its four postcodes one lies in P and three in Q.
    """
    small = boxes("abcde", [(x, x + 1) for x in range(5)])
    lookup = pd.DataFrame(
        {"from_code": list("abcde"), "to_code": list("PPPQQ"), "weight": 1.0, "method": "best_fit"}
    )
    centroids = pd.DataFrame({"x": [500.0, 1_500, 2_600, 3_500, 4_500], "y": 500.0}, index=small.index)
    xs = [500.0, 1_500, 2_400, 2_600, 2_700, 2_800, 3_500, 4_500]
    postcodes = pd.DataFrame({"postcode": [f"T{i}" for i in range(8)], "x": xs, "y": 500.0, "ward_code": ""})
    store = Store(tmp_path / "fits")
    store.write(
        [
            NewDataset("areas:lsoa21", "areas", "lsoa21", small, ORIGIN),
            NewDataset("areas:ward", "areas", "ward", boxes("PQ", [(0, 2.5), (2.5, 5)]), ORIGIN),
            NewDataset(
                "lookup:lsoa21:ward:best_fit",
                "lookup",
                "lsoa21",
                lookup,
                ORIGIN,
                {"to_geography": "ward", "method": "best_fit"},
            ),
            NewDataset("centroids:lsoa21", "centroids", "lsoa21", centroids, ORIGIN),
            NewDataset("postcodes", "postcodes", "", postcodes, ORIGIN),
            cells(
                "ts007a",
                {"Age: Total": dict.fromkeys("abcde", PEOPLE)},
            ),
            cells(
                "ts037",
                {
                    "General health: Bad health": BAD,
                    "General health: Very bad health": dict.fromkeys("abcde", 0.0),
                    "General health: Total: All usual residents": dict.fromkeys("abcde", PEOPLE),
                },
            ),
        ],
        settings={"authority_code": "E06999999", "authority_name": "Toytown"},
    )
    return Study(store)


def of(comparison: FitComparison, indicator_id: str, footprint: str) -> pd.Series:
    rows = comparison.changes
    return rows[(rows["indicator_id"] == indicator_id) & (rows["footprint_id"] == footprint)].iloc[0]


def test_figures_by_centroid_and_by_postcode_are_those_of_the_areas_they_then_hold(study: Study) -> None:
    """West: a b c by the lookup, a b by centroid, a b and a quarter of c by postcode."""
    by_fit = {one.fit: one for one in fit_sensitivity(study, OPTION).others}
    assert set(by_fit) == {BY_CENTROID, BY_POSTCODE}
    centroid, postcode = by_fit[BY_CENTROID], by_fit[BY_POSTCODE]
    assert of(centroid, RESIDENTS, "West")[["now", "other", "difference"]].to_list() == [3_000, 2_000, -1_000]
    assert of(postcode, RESIDENTS, "West")["other"] == pytest.approx(2_250)
    health = of(centroid, "bad_health", "West")
    assert health["now"] == pytest.approx(100 * 220 / 3_000)
    assert health["other"] == pytest.approx(100 * 40 / 2_000)
    assert of(postcode, "bad_health", "West")["other"] == pytest.approx(100 * (40 + 45) / 2_250)


def test_a_comparison_that_becomes_another_is_a_flip_and_comes_first(study: Study) -> None:
    """5.2% in the whole: West has 7.3% by the lookup (higher), 2.0% by centroid (lower)."""
    centroid = next(one for one in fit_sensitivity(study, OPTION).others if one.fit == BY_CENTROID)
    west = of(centroid, "bad_health", "West")
    assert (west["comparison_now"], west["comparison_other"], bool(west["flips"])) == (
        "higher",
        "lower",
        True,
    )
    assert centroid.changes["flips"].tolist() == sorted(centroid.changes["flips"], reverse=True)
    assert centroid.n_flipped == int(centroid.changes["flips"].sum()) == 2


def test_people_across_the_line_are_counted_once_in_all_and_in_both_footprints(study: Study) -> None:
    fitting = fit_sensitivity(study, OPTION)
    assert (fitting.source, fitting.people_straddling) == ("lsoa21", 1_000)
    assert fitting.straddling["people"].tolist() == [3_000, 3_000]
    assert fitting.straddling["straddling"].tolist() == [1_000, 1_000]
    one = fit_sensitivity(study, OPTION.with_changes(assignment={"P": "All", "Q": "All"}))
    assert one.people_straddling == 0  # inside one footprint nobody is across its line
    assert all(other.n_changed == 0 for other in one.others)


def test_a_footprints_figure_says_how_many_people_live_across_its_line(study: Study) -> None:
    """Three small areas reach into each ward, 1,000 people each; one of them reaches into both."""
    rows = study.profile_option(OPTION)
    notes = rows[rows["indicator_id"] == "bad_health"].set_index("footprint_id")["note"]
    words = "Best fit: 33% of people live in small areas that cross the line."
    assert notes[["West", "East"]].tolist() == [words, words]
    whole = study.profile_option(OPTION.with_changes(assignment={"P": "All", "Q": "All"}))
    assert whole.loc[whole["footprint_id"] == "All", "note"].eq("").all()


def test_a_view_by_another_fit_writes_nothing_and_leaves_the_study_as_it_was(study: Study) -> None:
    before = study.profile_option(OPTION)
    view = study.fitted(BY_CENTROID)
    assert view.preferred_fit == BY_CENTROID
    assert study.preferred_fit is None
    assert view.population("ward").tolist() == [2_000, 3_000]
    assert study.population("ward").tolist() == [3_000, 2_000]
    assert study.store.settings().get("fit", "") == ""
    assert study.profile_option(OPTION).equals(before)
    assert view.outlines("ward") is study.outlines("ward")


def test_what_nests_or_is_published_for_the_areas_themselves_hangs_on_no_fit(tmp_path: Path) -> None:
    sample = Study(open_workspace(tmp_path / "sample"))
    codes = sample.areas("ward").index
    option = FootprintOption("", "Two", "ward", {c: "AB"[i % 2] for i, c in enumerate(codes)})
    fitting = fit_sensitivity(sample, option)
    assert (fitting.source, fitting.people_straddling, len(fitting.straddling)) == ("", 0.0, 0)
    assert all(one.why_not and not one.n_compared for one in fitting.others)
