"""The map as a person meets it: clicked, brushed, steered by keys, slow server, no internet.

Toy town, squares of 2 km; A to F are its codes, the places in the geometry file 0 to 5:

    D E F
    A B C
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from shapely import box

from benchmarks.click import PLACE, served
from geodata.geometry_file import geometry_bytes, publish_geometry
from geodata.topology import build_topology

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<img src=x onerror=window.hacked=1>"
SERIOUS = {"serious", "critical"}

PAGE = """
import time
import streamlit as st
from pages.components.area_map import area_map
from pages.components.area_map_state import *

st.set_page_config(page_title="Toy town", layout="wide")
query, state = st.query_params, st.session_state
CODES = "ABCDEF"
if "placed" not in state:
    state.placed, state.acts, state.chosen = [-1] * 6, [], None

def done(event):
    for action in event.actions:
        state.acts = [*state.acts, action]
    for code, footprint in event.assigned:
        state.placed = [footprint if CODES[i] == code else old for i, old in enumerate(state.placed)]
    if event.selected:
        state.chosen = event.selected

st.title("Toy town")
drawing = query.get("mode") == "draw"
toy = MapState(
    mode="draw" if drawing else "select",
    palette=("#C3D5E8", "#4F7FB0"),
    fill_by_area=(0, 1, 0, 1, NO_DATA, SUPPRESSED),
    selected=state.chosen,
    footprint_by_area=tuple(state.placed) if drawing else (),
    footprint_names=("North team", "South team") if drawing else (),
    footprint_labels=("N", "S") if drawing else (),
    footprint_colours=("#7FA3C7", "#8FD0CB"),
    active=0 if drawing else None,
    locked=(1,) if "locked" in query else (),
    legend=Legend("Bad health", "per cent", (
        LegendEntry(0, "2% to 4%"), LegendEntry(1, "4% to 6%"), LegendEntry(SUPPRESSED, "Suppressed"),
        LegendEntry(NO_DATA, "No data")), authority=(1, "Toy town 4.2%")),
    tooltips=Tooltips(("3.1%", "5.1%", "3.0%", "4.9%", "", ""), ("lower than Toy town",) * 4 + ("", "")),
    kinds=(PlaceKind("gp", "GP surgery", "cross", "#28A197"),) if "places" in query else (),
    points=(Point("gp", HOSTILE, -1.08, 53.96),) if "places" in query else (),
    base_map=("https://tiles.invalid/{z}/{x}/{y}.png", "Tiles") if "base" in query else None,
)
if "locked" in query and not state.acts:
    state.placed[1] = 1
    toy = MapState(**{**toy.__dict__, "footprint_by_area": tuple(state.placed)})
left, right = st.columns(2)
with left:
    area_map(URL, toy, key="one", label="Map of Toy town", height=400, group="toy", on_event=done)
if "two" in query:
    with right:
        area_map(URL, toy, key="two", label="Second map of Toy town", height=400, group="toy")
if "slow" in query:
    time.sleep(1.5)
placed = " ".join(str(footprint) for footprint in state.placed)
st.markdown(f"Placed: {placed} after {len(state.acts)} acts; chosen {state.chosen}.")
"""


@pytest.fixture(scope="module")
def toy_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page with a map of toy town on loopback."""
    folder = tmp_path_factory.mktemp("toy")
    shutil.copytree(ROOT / "static", folder / "static", ignore=shutil.ignore_patterns("geometry"))
    squares = [
        box(x, y, x + 2_000, y + 2_000) for y in (450_000, 452_000) for x in (459_000, 461_000, 463_000)
    ]
    names = ["Clifton", HOSTILE, "Heworth", "Acomb", "Fulford", "Micklegate"]
    areas = gpd.GeoDataFrame({"area_name": names}, index=list("ABCDEF"), geometry=squares, crs=27700)
    areas.index.name = "area_code"
    content = geometry_bytes(areas, build_topology(areas), tolerance_m=0)
    name = publish_geometry(content, folder / "static" / "geometry")
    constants = f"URL = {f'../../app/static/geometry/{name}'!r}\nHOSTILE = {HOSTILE!r}\n"
    (folder / "app.py").write_text(constants + PAGE)
    with served(folder) as url:
        yield url


def frames(page: Page, url: str, n_maps: int = 1) -> list[Frame]:
    """Open the page; its maps, once painted."""
    page.goto(url)
    page.wait_for_function(f"document.querySelectorAll('iframe').length >= {n_maps}", timeout=30_000)
    found = []
    for handle in page.query_selector_all("iframe"):
        frame = handle.content_frame()
        assert frame is not None
        frame.wait_for_selector("[data-ready=true]", timeout=30_000)
        frame.wait_for_function("window.areaMap.state && window.areaMap.paints > 0", timeout=15_000)
        found.append(frame)
    return found


def spot(page: Page, frame: Frame, row: int) -> tuple[float, float]:
    """Where the area of that row stands on the page."""
    place = frame.evaluate(PLACE, row)
    assert place is not None, f"area {row} is hidden"
    outer = frame.frame_element().bounding_box()
    assert outer is not None
    return outer["x"] + place[0], outer["y"] + place[1]


def click(page: Page, frame: Frame, row: int) -> None:
    page.mouse.click(*spot(page, frame, row))


def colour_at(frame: Frame, row: int) -> list[int]:
    """Colour painted a little below the middle of an area."""
    return frame.evaluate(
        """([row, dy]) => {
          const m = window.areaMap, g = m.geometry, f = m.sheet.frame(g), r = window.devicePixelRatio;
          const x = (g.labels[row][0] * f.scale + f.x) * r, y = (g.labels[row][1] * f.scale + f.y + dy) * r;
          const pixel = m.sheet._context.getImageData(Math.round(x), Math.round(y), 1, 1);
          return Array.from(pixel.data).slice(0, 3);
        }""",
        [row, 14],
    )


def test_map_is_painted_with_no_internet_at_all(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, toy_url)
    assert colour_at(frame, 0) == [0xC3, 0xD5, 0xE8]
    assert colour_at(frame, 1) == [0x4F, 0x7F, 0xB0]
    assert page.requests_that_left == []


def test_click_selects_outlines_and_marks_the_legend(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, toy_url)
    click(page, frame, 2)
    expect(frame.locator(".am-chosen")).to_have_text("Heworth")
    assert colour_at(frame, 2) == [0xC3, 0xD5, 0xE8], "a selected area keeps its colour"
    expect(page.get_by_text("chosen C.")).to_be_visible()


def test_click_places_an_area_once_and_keeps_the_zoom(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?mode=draw")
    frame.get_by_role("button", name="Zoom in").click()
    zoom = frame.evaluate("window.areaMap.map.getZoom()")
    click(page, frame, 4)
    expect(page.get_by_text("Placed: -1 -1 -1 -1 0 -1 after 1 acts")).to_be_visible()
    frame.wait_for_function("window.areaMap.pending.length === 0")
    assert frame.evaluate("window.areaMap.map.getZoom()") == zoom
    assert frame.evaluate("Array.from(window.areaMap.footprints)") == [-1, -1, -1, -1, 0, -1]


def test_no_click_is_lost_or_undone_while_the_server_is_slow(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?mode=draw&slow=1")
    for row in (0, 1, 2, 4):
        click(page, frame, row)
        page.wait_for_timeout(250)
        assert frame.evaluate("Array.from(window.areaMap.footprints)")[row] == 0
    shown = set()
    for _ in range(30):
        shown.add(tuple(frame.evaluate("Array.from(window.areaMap.footprints)")))
        page.wait_for_timeout(100)
    assert shown == {(0, 0, 0, -1, 0, -1)}
    expect(page.get_by_text("Placed: 0 0 0 -1 0 -1 after 4 acts")).to_be_visible(timeout=15_000)


def test_an_answer_from_before_a_click_does_not_undo_it(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?mode=draw")
    placed = frame.evaluate(
        """() => {
          const map = window.areaMap, before = JSON.parse(JSON.stringify(map.state));
          map.choose(2);
          map.update(before);
          return Array.from(map.footprints);
        }"""
    )
    assert placed == [-1, -1, 0, -1, -1, -1]
    expect(page.get_by_text("Placed: -1 -1 0 -1 -1 -1 after 1 acts")).to_be_visible()


def test_an_answer_in_the_middle_of_a_stroke_does_not_undo_it(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?mode=draw")
    frame.get_by_role("button", name="Brush: drag to place many areas").click()
    page.mouse.move(*spot(page, frame, 0))
    page.mouse.down()
    frame.evaluate("window.areaMap.update(window.areaMap.state)")
    assert frame.evaluate("Array.from(window.areaMap.footprints)") == [0, -1, -1, -1, -1, -1]
    page.mouse.move(*spot(page, frame, 1), steps=8)
    page.mouse.up()
    expect(page.get_by_text("Placed: 0 0 -1 -1 -1 -1 after 1 acts")).to_be_visible()


def test_brush_places_what_it_passes_as_one_act(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?mode=draw")
    frame.get_by_role("button", name="Brush: drag to place many areas").click()
    before = frame.evaluate("window.areaMap.map.getCenter()")
    page.mouse.move(*spot(page, frame, 0))
    page.mouse.down()
    page.mouse.move(*spot(page, frame, 1), steps=8)
    page.mouse.move(*spot(page, frame, 2), steps=8)
    page.mouse.up()
    expect(page.get_by_text("Placed: 0 0 0 -1 -1 -1 after 1 acts")).to_be_visible()
    assert frame.evaluate("window.areaMap.map.getCenter()") == before


def test_locked_footprint_keeps_its_area_and_says_so(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?mode=draw&locked=1")
    click(page, frame, 1)
    expect(frame.locator(".am-note")).to_contain_text("South team is locked")
    click(page, frame, 2)
    expect(page.get_by_text("Placed: -1 1 0 -1 -1 -1 after 1 acts")).to_be_visible()


def test_keys_move_announce_place_and_leave(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?mode=draw")
    box_, live = frame.locator("#map_div"), frame.locator("[aria-live=polite]")
    box_.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect(live).to_have_text("Clifton, 3.1 per cent, lower than Toy town, In no footprint")
    page.keyboard.press("Enter")
    expect(live).to_have_text("Clifton is now in North team")
    expect(page.get_by_text("Placed: 0 -1 -1 -1 -1 -1 after 1 acts")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(live).to_have_text("Acomb, 4.9 per cent, lower than Toy town, In no footprint")
    zoom = frame.evaluate("window.areaMap.map.getZoom()")
    page.keyboard.press("+")
    frame.wait_for_function(f"window.areaMap.map.getZoom() > {zoom}")
    page.keyboard.press("Escape")
    assert frame.evaluate("document.activeElement === document.body")


def test_html_in_names_is_only_text(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?places=1")
    page.mouse.move(*spot(page, frame, 1))
    expect(frame.locator(".am-tip strong")).to_have_text(HOSTILE)
    click(page, frame, 1)
    expect(frame.locator(".am-chosen")).to_have_text(HOSTILE)
    expect(frame.get_by_label("Places on the map").locator("li")).to_have_text(f"{HOSTILE} (GP surgery)")
    assert frame.evaluate("window.hacked === undefined")
    assert frame.locator("img").count() == 0


def test_maps_of_one_group_move_together(page: Page, toy_url: str) -> None:
    first, second = frames(page, f"{toy_url}/?two=1", n_maps=2)
    first.get_by_role("button", name="Zoom in").click()
    zoom = first.evaluate("window.areaMap.map.getZoom()")
    second.wait_for_function(f"Math.abs(window.areaMap.map.getZoom() - {zoom}) < 0.001")


def test_missing_base_map_leaves_the_areas_and_a_quiet_note(page: Page, toy_url: str) -> None:
    (frame,) = frames(page, f"{toy_url}/?base=1")
    expect(frame.locator(".am-credit")).to_contain_text("Background map out of reach")
    assert colour_at(frame, 0) == [0xC3, 0xD5, 0xE8]


def test_dark_theme_of_the_app_reaches_the_map(browser: Browser, toy_url: str) -> None:
    context = browser.new_context(color_scheme="dark")
    (frame,) = frames(context.new_page(), toy_url)
    expect(frame.locator("#map_div")).to_have_class(re.compile("am-dark"))
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation_on_page_or_map(browser: Browser, toy_url: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    (frame,) = frames(page, f"{toy_url}/?mode=draw&places=1")
    script = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
    for part in (page.main_frame, frame):
        part.evaluate(script)
        found = part.evaluate("axe.run(document, {iframes: false}).then(result => result.violations)")
        serious = [v for v in found if v["impact"] in SERIOUS]
        assert serious == [], json.dumps(serious, indent=1)[:3_000]
    context.close()
