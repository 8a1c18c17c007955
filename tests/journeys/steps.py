"""What a person does on a page, and what he waits for: conditions, never clocks."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from playwright.sync_api import FrameLocator, Locator, Page, expect

PATIENCE = 60_000
RUNNING = "[data-testid=stApp][data-test-script-state=running], [data-stale=true], [data-testid=stSkeleton]"
# nothing runs, and nothing has begun to for a moment: a choice takes that long to reach the server
AT_REST = """running => {
  const now = performance.now();
  if (document.querySelector(running) || window.restless === undefined) window.restless = now;
  return now - window.restless > 150;
}"""
PAINTED = "() => window.areaMap?.state && window.areaMap.geometry && window.areaMap.paints > 0"
# where in an area a click meets the map and nothing that lies over it
PLACE = """(box, name) => {
  const m = window.areaMap, g = m.geometry, row = g.names.indexOf(name);
  if (row < 0) return null;
  const f = m.sheet.frame(g), edge = g.boxes[row], rect = m.container.getBoundingClientRect();
  for (let ring = 0; ring < 12; ring++) {
    for (let turn = 0; turn < 12; turn++) {
      const x = g.labels[row][0] + (edge[2] - edge[0]) * 0.04 * ring * Math.cos(turn * Math.PI / 6);
      const y = g.labels[row][1] + (edge[3] - edge[1]) * 0.04 * ring * Math.sin(turn * Math.PI / 6);
      if (!m.inside(row, x, y)) continue;
      const layer = L.point(x * f.scale + f.x, y * f.scale + f.y).add(m.sheet._bounds.min);
      const at = m.map.layerPointToContainerPoint(layer);
      const here = document.elementFromPoint(rect.x + at.x, rect.y + at.y);
      if (here && m.container.contains(here) && !here.closest(".am-legend, .am-buttons, .am-note")) {
        return [rect.x + at.x, rect.y + at.y];
      }
    }
  }
  return null;
}"""

expect.set_options(timeout=30_000)


def settled(page: Page) -> None:
    """Wait until the server has answered; no page may ever show a traceback."""
    page.evaluate("() => { delete window.restless; }")
    page.wait_for_function(AT_REST, arg=RUNNING, timeout=PATIENCE)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def visit(page: Page, address: str) -> None:
    """Open an address and wait for its headline and its answer."""
    page.goto(address)
    expect(headline(page)).to_be_visible(timeout=PATIENCE)
    expect(page.locator("footer, .stCaption, [data-testid=stCaptionContainer]").last).to_be_attached()
    settled(page)


def headline(page: Page) -> Locator:
    """The finding of the moment."""
    return page.get_by_role("heading", level=1)


def the_map(page: Page, number: int = 0) -> FrameLocator:
    """A map of the page, painted."""
    inside = page.locator("iframe").nth(number)
    inside.wait_for(state="attached", timeout=PATIENCE)
    frame = page.frame_locator("iframe").nth(number)
    expect(frame.locator("#map_div")).to_have_attribute("data-ready", "true", timeout=PATIENCE)
    handle = inside.element_handle().content_frame()
    assert handle is not None
    handle.wait_for_function(PAINTED, timeout=PATIENCE)
    return frame


def on_map(page: Page, script: str, argument: object = None, number: int = 0) -> object:
    """Value of a script `(box, argument) => ...` inside a painted map."""
    return the_map(page, number).locator("#map_div").evaluate(script, argument)


def map_comes_to(page: Page, script: str, number: int = 0) -> None:
    """Wait until an expression holds inside a map."""
    the_map(page, number)
    handle = page.locator("iframe").nth(number).element_handle().content_frame()
    assert handle is not None
    handle.wait_for_function(script, timeout=PATIENCE)


def spot(page: Page, name: str, number: int = 0) -> tuple[float, float]:
    """Where a person would click to meet an area, on the page; scrolled into view."""
    frame = page.locator("iframe").nth(number)
    the_map(page, number)
    frame.scroll_into_view_if_needed()
    place = on_map(page, PLACE, name, number)
    assert isinstance(place, list), f"{name} cannot be seen on the map"
    outer = frame.bounding_box()
    assert outer is not None
    return outer["x"] + place[0], outer["y"] + place[1]


def click_area(page: Page, name: str, number: int = 0) -> None:
    page.mouse.click(*spot(page, name, number))


def footprint_of(page: Page, name: str) -> object:
    """Position of the footprint that the map paints an area in; -1 for none."""
    return on_map(page, "(box, name) => areaMap.footprints[areaMap.geometry.names.indexOf(name)]", name)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a box by typing and taking the first that matches."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.press_sequentially(option)
    page.get_by_role("option", name=option).first.click()
    settled(page)


def button(page: Page, name: str) -> Locator:
    """The button of that name, not those of tables and charts."""
    return page.get_by_role("button", name=name, exact=True)


def tab(page: Page, name: str) -> None:
    """Turn to a tab."""
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    settled(page)


def download(page: Page, name: str, folder: Path, number: int = 0) -> Path:
    """Press a download button; the file that arrives, under its own name."""
    settled(page)
    with page.expect_download(timeout=PATIENCE) as waiting:
        button(page, name).nth(number).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def table(page: Page, alt: str) -> pd.DataFrame:
    """A table of the page as a screen reader has it: the rows in view, as text."""
    grid = page.get_by_role("region", name=alt, exact=True).first
    grid.scroll_into_view_if_needed()
    cells = grid.locator("table[role=grid]")
    expect(cells.locator("td").first).to_be_attached(timeout=PATIENCE)
    found = cells.evaluate(
        """grid => JSON.stringify({
            columns: Array.from(grid.querySelectorAll("th"), th => th.textContent),
            rows: Array.from(grid.querySelectorAll("tbody tr"),
                tr => Array.from(tr.querySelectorAll("td"), td => td.textContent)),
        })"""
    )
    content = json.loads(found)
    return pd.DataFrame(content["rows"], columns=content["columns"])


def in_view(locator: Locator) -> bool:
    """Whether all of it can be seen without scrolling."""
    box = locator.bounding_box()
    size = locator.page.viewport_size
    assert size is not None
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def tab_past_the_cross(page: Page) -> None:
    """By keyboard into the form that opened over the page, once it has the focus."""
    page.wait_for_function("() => document.querySelector('[role=dialog]')?.contains(document.activeElement)")
    settled(page)
    for _ in range(2):
        page.keyboard.press("Tab")
