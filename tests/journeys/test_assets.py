"""Assets on York's real places: one is chosen on the map, changed, found in the record, and taken back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import _serve
from tests.journeys.steps import button, choose, headline, settled, tab, the_map, visit

pytestmark = pytest.mark.journey

# where a click meets a place of that name
SPOT = """(box, name) => {
  const m = window.areaMap, f = m.sheet.frame(m.geometry), p = m.points.find(one => one.name === name);
  const layer = L.point(p.x * f.scale + f.x, p.y * f.scale + f.y).add(m.sheet._bounds.min);
  const at = m.map.layerPointToContainerPoint(layer), rect = m.container.getBoundingClientRect();
  return [rect.x + at.x, rect.y + at.y];
}"""
SCHOOL = "Wheldrake with Thorganby Church of England Primary School"


@pytest.fixture
def own_york_url(york_workspace: Path, tmp_path: Path) -> Iterator[str]:
    """The app on a copy of York, so that no other journey meets what is changed here."""
    shutil.copytree(york_workspace, tmp_path / "workspace")
    yield from _serve(tmp_path / "workspace", tmp_path / "app.log")


def test_a_venue_is_changed_and_taken_back(page: Page, own_york_url: str) -> None:
    visit(page, f"{own_york_url}/assets")
    expect(headline(page)).to_have_text(re.compile(r"register holds [\d,]+ places of \d kinds; nobody"))
    box = the_map(page).locator("#map_div")
    inner = box.evaluate(SPOT, SCHOOL)
    outer = page.locator("iframe").first.bounding_box()
    assert outer is not None
    page.mouse.click(outer["x"] + inner[0], outer["y"] + inner[1])
    expect(page.get_by_role("heading", name=SCHOOL)).to_be_visible()

    page.get_by_role("textbox", name="Your name").first.fill("A. Planner")
    page.keyboard.press("Tab")
    settled(page)
    form = page.get_by_test_id("stForm").first
    status = form.get_by_role("combobox", name="Status")
    status.click()
    status.press_sequentially("may")
    page.get_by_role("option", name="may close").click()
    form.get_by_role("textbox", name="Why (may be left empty)").fill("Review of June")
    form.get_by_role("button", name="Save change").click()
    expect(headline(page)).to_have_text(re.compile("1 may close$"))
    settled(page)
    link = page.url
    page.reload()
    expect(headline(page)).to_have_text(re.compile("1 may close$"))
    settled(page)
    assert page.url == link
    tab(page, "Changes")
    expect(page.get_by_role("region", name="Every change of the register, newest first")).to_be_visible()

    tab(page, "Register")
    page.get_by_role("textbox", name="Your name").first.fill("A. Planner")
    page.keyboard.press("Tab")
    settled(page)
    button(page, "Undo last change").click()
    expect(headline(page)).to_have_text(re.compile("nobody has said yet which stay$"))
    settled(page)

    tab(page, "Needs and assets")
    expect(headline(page)).to_have_text(re.compile("^Older people: need is high and assets are few in"))
    choose(page, "Theme", "Money and work")
    expect(headline(page)).to_have_text(re.compile("^Money and work: "))
