"""The bus as a planner edits it: a stop is dragged, what breaks is said, and the rest is found anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geodata.workspace import open_workspace
from neighbourhoods.outreach.edit_library import save_outreach
from neighbourhoods.outreach.outreach import suggest_outreach
from neighbourhoods.outreach.plan import OutreachParams, Session
from neighbourhoods.study.study import Study
from tests.journeys.steps import PATIENCE, button, headline, on_map, settled, the_map, visit

pytestmark = pytest.mark.journey

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
    """A saved plan of the sample: one round each on two days, of so many visits that no shift holds more."""
    study = Study(open_workspace(tmp_path / "workspace"))
    places = study.places()
    libraries = [str(one) for one in places.index[places["kind"] == "library"]]
    asked = OutreachParams(
        tuple(libraries[:1]),
        (Session("daytime", "everyone", (0, 2), 540, 780),),
        ("library", "gp_surgery"),
        libraries[1],
        stop_minutes=30.0,
        shift_minutes=240,
    )
    plan = suggest_outreach(study, asked)
    assert not plan.visits.empty
    return save_outreach(
        study.store, study.authority_code, plan, name="Autumn", author="Ann", version=study.version
    )


def test_a_stop_is_dragged_what_breaks_is_said_and_the_rest_is_found_anew(
    page: Page, own_sample_url: str, plan_id: str
) -> None:
    visit(page, f"{own_sample_url}/outreach?plan={plan_id}")
    found = headline(page).inner_text()
    the_map(page)
    x, y = on_map(page, HANDLE, 0)  # type: ignore[misc]
    box = page.locator("iframe").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + box["height"] - 60, steps=6)
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
    button(page, "Work out the rest anew").click()
    expect(page.get_by_text(BY_HAND)).to_have_count(0, timeout=PATIENCE)
    expect(headline(page)).to_have_text(re.compile(r"^\d+ stops? in"), timeout=2 * PATIENCE)
    settled(page)
    assert "run=" in page.url
    expect(page.get_by_text("What is asked has changed")).to_have_count(0)
