"""Hubs by bus and by an evening hour: two firms' buses and opening hours decide where the one hub stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from geodata.workspace import open_workspace
from neighbourhoods.register.edit import edit_place
from neighbourhoods.study.study import Study
from neighbourhoods.travel.starting_point import starting_points
from tests.journeys.conftest import _serve
from tests.journeys.steps import PATIENCE, button, choose, download, headline, settled, tab, the_map, visit
from tests.neighbourhoods.travel.test_timetable_feed import feed_datasets

pytestmark = pytest.mark.journey

HAXBY, ACOMB = "library_haxby_library", "library_acomb_explore_library"
WARDS = (
    "Hull Road",
    "Guildhall",
    "Heworth",
    "Micklegate",
    "Westfield",
    "Holgate",
    "Dringhouses & Woodthorpe",
)


def with_buses_to_haxby(study: Study) -> None:
    """Every ten minutes, in five, from the populous wards to Haxby's library: by two firms."""
    haxby = study.places().geometry[HAXBY]
    areas = study.areas("ward").set_index("area_name").geometry.representative_point()
    for name, wards, day in (("red", WARDS[:4], "2026-11-03"), ("blue", WARDS[4:], "2026-11-10")):
        stops = [(haxby.x, haxby.y), *((areas[ward].x, areas[ward].y) for ward in wards)]
        trips = [[(i, 10 * n), (0, 10 * n + 5)] for i in range(1, len(stops)) for n in range(30)]
        study.store.write(feed_datasets(name, stops, trips, day))


@pytest.fixture
def bus_url(tmp_path: Path) -> Iterator[str]:
    """The app on the sample with two feeds, and two libraries that are known to be open in the evening."""
    study = Study(open_workspace(tmp_path / "workspace"))
    with_buses_to_haxby(study)
    for place in (HAXBY, ACOMB):
        edit_place(study, place, {"opening_hours": "Mon-Fri 9am-8pm"}, author="Ann")
        study = study.renewed()
    yield from _serve(tmp_path / "workspace", tmp_path / "app.log")


def on_foot_m(workspace: Path, place: str) -> float:
    """Metres in a straight line from where people live, on average."""
    study = Study(open_workspace(workspace))
    at, points = study.places().geometry[place], starting_points(study, "ward")
    return float(np.average(np.hypot(*(points.xy - [at.x, at.y]).T), weights=points.population[points.row]))


def test_one_hub_that_is_open_in_the_evening_stands_where_buses_go(
    page: Page, bus_url: str, tmp_path: Path
) -> None:
    assert on_foot_m(tmp_path / "workspace", ACOMB) < on_foot_m(tmp_path / "workspace", HAXBY)
    visit(page, f"{bus_url}/hubs")
    page.get_by_role("spinbutton", name="Hubs", exact=True).fill("1")
    page.get_by_role("spinbutton", name="Hubs", exact=True).press("Enter")
    page.get_by_text("More", exact=True).first.click()
    choose(page, "Open", "On a weekday after 6pm")
    choose(page, "By", "Bus")
    button(page, "Find hubs").click()
    expect(headline(page)).to_have_text(re.compile("^1 hub puts? .*bus"), timeout=4 * PATIENCE)
    settled(page)
    path = download(page, "Table as CSV", tmp_path)
    hubs = pd.read_csv(path, comment="#").dropna(subset=["People nearest"])["Hub"]
    assert list(hubs) == ["Haxby Library"]
    notes = path.read_text()
    assert "Only places open on a weekday after 6pm count: 2 of 29" in notes
    assert "3 November 2026" in notes
    assert "10 November 2026" in notes
    tab(page, "What if")
    choose(page, "Close", "Haxby Library")
    page.keyboard.press("Escape")
    told = the_map(page, 1).locator(".am-status")
    expect(told).to_have_text("A plan needs at least one hub: leave one open, or add another.")
    choose(page, "Add", "Acomb Explore Library")
    expect(told).to_have_text(re.compile(r"^[\d,]+ people have a shorter journey and [1-9].* longer\.$"))
    page.keyboard.press("Escape")
