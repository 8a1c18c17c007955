"""The bus as a planner edits it: a stop is dragged, what breaks is said, it is undone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geodata.workspace import open_workspace
from neighbourhoods.outreach.edit_library import save_outreach
from neighbourhoods.outreach.plan import Session
from neighbourhoods.study.study import Study
from tests.journeys.steps import PATIENCE, button, headline, on_map, settled, the_map, visit
from tests.neighbourhoods.outreach.toy_outreach import toy_params
from tests.pages.outreach_page import hand_plan

pytestmark = pytest.mark.journey

# south and west of every area, on the screen
FAR_OFF = """() => {
  const m = window.areaMap, g = m.geometry, f = m.marks.frame(g), rect = m.container.getBoundingClientRect();
  const at = ([x, y]) => m.map.layerPointToContainerPoint(
    L.point(x * f.scale + f.x, y * f.scale + f.y).add(m.marks._bounds.min));
  const corners = Array.from(g.boxes, box => [at([box[0], box[1]]), at([box[2], box[3]])]).flat();
  return [rect.x + Math.min(...corners.map(one => one.x)), rect.y + Math.max(...corners.map(one => one.y))];
}"""
BY_HAND = re.compile("change by hand, not saved")
# where the movable place of a number stands on the screen
HANDLE = """(box, number) => {
  const m = window.areaMap, f = m.marks.frame(m.geometry), p = m.points.filter(one => one.movable)[number];
  const layer = L.point(p.x * f.scale + f.x, p.y * f.scale + f.y).add(m.marks._bounds.min);
  const at = m.map.layerPointToContainerPoint(layer), rect = m.container.getBoundingClientRect();
  return [rect.x + at.x, rect.y + at.y];
}"""


@pytest.fixture
def plan_id(own_sample_url: str, tmp_path: Path) -> str:
    """A saved plan of the sample, made by hand; Monday's round leaves its session and shift no room."""
    study = Study(open_workspace(tmp_path / "workspace"))
    places = study.places()
    libraries = [str(one) for one in places.index[places["kind"] == "library"]]
    sessions = (
        Session("advice", "everyone", (0, 1), 540, 736),
        Session("youth", "everyone", (3,), 1_020, 1_200),
    )
    params = toy_params(
        hub_ids=tuple(libraries[:1]), depot_id=libraries[2], stop_kinds=("library",), sessions=sessions
    )
    plan = hand_plan(study, params)
    return save_outreach(
        study.store, study.authority_code, plan, name="Autumn", author="Ann", version=study.version
    )


def test_a_stop_is_dragged_what_breaks_is_said_and_it_is_undone_and_done_again(
    page: Page, own_sample_url: str, plan_id: str
) -> None:
    visit(page, f"{own_sample_url}/outreach?plan={plan_id}")
    found = headline(page).inner_text()
    the_map(page)
    x, y = on_map(page, HANDLE, 0)  # type: ignore[misc]
    to_x, to_y = on_map(page, FAR_OFF)  # type: ignore[misc]
    box = page.locator("iframe").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + to_x, box["y"] + to_y, steps=6)
    page.mouse.up()
    expect(page.get_by_text(BY_HAND)).to_be_visible(timeout=PATIENCE)
    settled(page)
    expect(page.get_by_text("The last change breaks:")).to_be_visible()
    expect(
        page.get_by_text(re.compile(r"\d+ minutes? (beyond the shift|after the session)")).first
    ).to_be_visible()
    changed = headline(page).inner_text()
    page.reload()
    expect(page.get_by_text(BY_HAND)).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert headline(page).inner_text() == changed
    button(page, "Undo").click()
    expect(page.get_by_text(BY_HAND)).to_have_count(0)
    settled(page)
    expect(headline(page)).to_have_text(found)
    button(page, "Redo").click()
    expect(page.get_by_text(BY_HAND)).to_be_visible()
    settled(page)
    button(page, "Discard changes").click()
    expect(page.get_by_text(BY_HAND)).to_have_count(0)
