"""Draw: footprints clicked, brushed, typed, broken, mended, saved, reloaded and taken home."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.steps import (
    button,
    choose,
    click_area,
    download,
    footprint_of,
    headline,
    map_comes_to,
    on_map,
    settled,
    spot,
    tab,
    tab_past_the_cross,
    the_map,
    visit,
)

pytestmark = pytest.mark.journey

EMPTY = "Click wards into neighbourhoods"
# Census 2021 residents, sums of their LSOAs as published
ACOMB, WESTFIELD = 8_665, 13_976


def place_in(page: Page, footprint: str, position: int) -> None:
    """Choose the footprint that clicks go to, and wait until the map knows."""
    page.get_by_test_id("stButtonGroup").get_by_text(footprint, exact=True).click()
    map_comes_to(page, f"window.areaMap.state.active === {position}")


def test_wards_are_clicked_brushed_undone_and_locked(page: Page, york_url: str) -> None:
    visit(page, f"{york_url}/draw")
    expect(headline(page)).to_have_text(EMPTY)
    click_area(page, "Acomb")
    expect(headline(page)).to_have_text("1 footprint; 20 wards still to place")
    click_area(page, "Westfield")
    expect(headline(page)).to_have_text("1 footprint; 19 wards still to place")
    state = page.get_by_role("region", name="Population and state of each footprint", exact=True)
    row = state.locator("tbody tr", has_text="Footprint A").locator("td")
    expect(row.nth(1)).to_have_text(f"{ACOMB + WESTFIELD:,}")

    place_in(page, "Footprint B", 1)
    zoom = on_map(page, "() => areaMap.map.getZoom()")
    brush = the_map(page).get_by_role("button", name="Brush: drag to place many areas")
    brush.click()
    page.mouse.move(*spot(page, "Strensall"))
    page.mouse.down()
    page.mouse.move(*spot(page, "Haxby & Wigginton"), steps=12)
    page.mouse.up()
    brush.click()
    expect(headline(page)).to_contain_text("2 footprints; ")
    assert footprint_of(page, "Strensall") == footprint_of(page, "Haxby & Wigginton") == 1
    assert on_map(page, "() => areaMap.map.getZoom()") == zoom

    button(page, "Undo").click()
    expect(headline(page)).to_have_text("1 footprint; 19 wards still to place")
    map_comes_to(page, "areaMap.footprints[areaMap.geometry.names.indexOf('Strensall')] === -1")
    button(page, "Redo").click()
    expect(headline(page)).to_contain_text("2 footprints; ")
    map_comes_to(page, "areaMap.footprints[areaMap.geometry.names.indexOf('Strensall')] === 1")

    tab(page, "Edit footprints")
    button(page, "Lock").first.click()
    map_comes_to(page, "areaMap.locked.has(0)")
    click_area(page, "Acomb")
    expect(the_map(page).locator(".am-note")).to_contain_text("Footprint A is locked")
    assert footprint_of(page, "Acomb") == 0
    box = page.get_by_role("textbox", name="Name of Footprint B")
    box.fill("North")
    box.press("Enter")
    expect(page.get_by_test_id("stButtonGroup").get_by_text("North", exact=True)).to_be_visible()
    page.wait_for_url("**drawing=**")
    settled(page)
    said = headline(page).inner_text()
    page.reload()  # nothing was saved, and nothing is lost
    expect(page.get_by_text("Your unsaved drawing was brought back")).to_be_visible()
    expect(headline(page)).to_have_text(said)
    assert footprint_of(page, "Strensall") == 1
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_option_is_placed_by_keyboard_mended_saved_and_restored(
    page: Page, browser: Browser, york_url: str, tmp_path: Path
) -> None:
    visit(page, f"{york_url}/draw")
    tab(page, "Place areas from a list")
    box = page.get_by_role("combobox", name="Choose wards")
    place = page.locator("button", has_text="Place in Footprint A")
    box.focus()
    for name in ("Acomb", "Fishergate"):
        page.keyboard.type(name)
        expect(page.get_by_role("option", name=name)).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-tag-index] [title^='{name}']")).to_be_visible()
        expect(place).to_be_enabled()
        settled(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    place.focus()
    page.keyboard.press("Enter")
    expect(headline(page)).to_have_text("1 footprint; 19 wards still to place")

    message = (
        page.get_by_test_id("stMarkdownContainer").filter(has_text="Footprint A").filter(has_text="piece")
    )
    expect(message.first).to_be_visible()
    before = on_map(page, "() => areaMap.map.getZoom()")
    choose(page, "Zoom to what is broken", "Footprint A is in 2 pieces")
    map_comes_to(page, f"Math.abs(areaMap.map.getZoom() - {before}) > 0.05")

    expect(page.get_by_text("Option in hand: new option, not saved")).to_be_visible()
    button(page, "Save option").press("Enter")
    expect(page.get_by_role("dialog", name="Save option")).to_be_visible()
    tab_past_the_cross(page)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    page.keyboard.type("A first try")
    page.get_by_role("textbox", name="Who made it").fill("Planning team")
    page.get_by_role("textbox", name="Why these boundaries").fill("To see what two ends of York make.")
    page.get_by_role("textbox", name="Why these boundaries").press("Tab")
    settled(page)
    button(page, "Save").click()
    expect(page.get_by_text("Option in hand: A first try, draft, saved")).to_be_visible()
    page.wait_for_url("**option=**")

    colleague = browser.new_context(reduced_motion="reduce")
    try:
        other = colleague.new_page()
        visit(other, page.url)
        expect(headline(other)).to_have_text("1 footprint; 19 wards still to place")
        assert footprint_of(other, "Acomb") == footprint_of(other, "Fishergate") == 0
        expect(other.get_by_text("Option in hand: A first try, draft, saved")).to_be_visible()
    finally:
        colleague.close()


def test_option_file_is_opened_and_exported_in_every_form(
    page: Page, york_url: str, york_data: Path, tmp_path: Path
) -> None:
    given = york_data / "footprints" / "pcn_ward_groups.csv"
    visit(page, f"{york_url}/draw")
    tab(page, "Files and settings")
    page.locator("input[type=file]").last.set_input_files(given)
    opener = button(page, "Open this file")
    expect(opener).to_be_enabled()
    opener.click()
    expect(headline(page)).to_contain_text("6 footprints")
    tab(page, "Files and settings")

    wanted = pd.read_csv(given).set_index("ward_code")["footprint"]
    text = download(page, "Option as CSV", tmp_path)
    frame = pd.read_csv(text).dropna(subset=["footprint"]).set_index("area_code")
    assert frame["footprint"].to_dict() == wanted.to_dict()
    assert "Open Government Licence v3.0" in text.read_text()
    outlines = json.loads(download(page, "Option as GeoJSON", tmp_path).read_text())
    assert len(outlines["features"]) == 6
    assert outlines["notes"]
    package = download(page, "Option as GeoPackage", tmp_path)
    assert set(gpd.list_layers(package)["name"]) > {"notes"}
    shapes = gpd.read_file(download(page, "Option as Shapefile", tmp_path))
    assert len(shapes) == 6
    assert shapes.area.sum() == pytest.approx(gpd.read_file(package).area.sum(), rel=1e-6)


def test_wrong_option_file_says_what_was_found(page: Page, york_url: str) -> None:
    visit(page, f"{york_url}/draw")
    tab(page, "Files and settings")
    page.locator("input[type=file]").last.set_input_files(
        {"name": "wrong.csv", "mimeType": "text/csv", "buffer": b"place,colour\nAcomb,red\n"}
    )
    button(page, "Open this file").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("footprint")
    expect(headline(page)).to_have_text(EMPTY)


def test_drawing_on_the_sample(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/draw")
    click_area(page, "Westfield")
    expect(headline(page)).to_have_text("1 footprint; 20 wards still to place")
    tab(page, "Place areas from a list")
    choose(page, "Choose wards", "Acomb")
    page.keyboard.press("Escape")
    button(page, "Place in Footprint A").click()
    expect(headline(page)).to_have_text("1 footprint; 19 wards still to place")
    assert footprint_of(page, "Acomb") == 0
