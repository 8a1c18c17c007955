"""Explore: a figure that was published is the same in headline, map, legend, table and every download."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.options import HALVES, two_options
from tests.journeys.steps import (
    choose,
    click_area,
    download,
    headline,
    on_map,
    settled,
    tab,
    table,
    the_map,
    visit,
)

pytestmark = pytest.mark.journey

RANKING = "Residents in bad or very bad health by ward, highest first"
HIGHEST = "highest in Huntington & New Earswick, 5.8%, against 4.2% in York"
LICENCE = "Open Government Licence v3.0"
# Census 2021 TS037: 719 of 12,418 residents of the ward's LSOAs
COUNTED, RESIDENTS = 719, 12_418


def test_published_figure_stands_in_headline_table_and_legend(page: Page, york_url: str) -> None:
    visit(page, f"{york_url}/explore?indicator=bad_health&layer=ward")
    expect(headline(page)).to_contain_text(HIGHEST)
    first = table(page, RANKING).iloc[0]
    assert first["Ward"] == "Huntington & New Earswick"
    assert round(float(first["Value (%)"]), 1) == 5.8
    assert float(first["Value (%)"]) == pytest.approx(100 * COUNTED / RESIDENTS)
    assert first["Against York"] == "higher than York"
    legend = the_map(page).locator(".am-legend")
    expect(legend.locator(".am-authority")).to_have_text("York 4.2%")
    click_area(page, "Huntington & New Earswick")
    expect(headline(page)).to_contain_text("5.8% in Huntington & New Earswick, against 4.2% in York")
    expect(legend.locator(".am-chosen")).to_have_text("Huntington & New Earswick")
    expect(legend.locator("li", has=page.locator(".am-chosen"))).to_contain_text("to 5.8")
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_address_restores_the_page_for_a_colleague(page: Page, browser: Browser, york_url: str) -> None:
    visit(page, f"{york_url}/explore")
    click_area(page, "Westfield")
    expect(headline(page)).to_contain_text("in Westfield")
    choose(page, "Show by", "LSOAs")
    expect(headline(page)).to_contain_text("York 004A")
    choose(page, "Show by", "Wards")
    click_area(page, "Clifton")
    expect(headline(page)).to_contain_text("in Clifton")
    said = headline(page).inner_text()
    page.wait_for_url("**area=E05010313**")
    colleague = browser.new_context(reduced_motion="reduce")
    try:
        other = colleague.new_page()
        visit(other, page.url)
        expect(headline(other)).to_have_text(said)
        assert on_map(other, "() => areaMap.geometry.names[areaMap.selected]") == "Clifton"
    finally:
        colleague.close()
    page.reload()
    expect(headline(page)).to_have_text(said)


def test_row_of_the_table_selects_its_area_on_the_map(page: Page, york_url: str) -> None:
    visit(page, f"{york_url}/explore")
    assert table(page, RANKING).iloc[1]["Ward"] == "Westfield"
    row = page.get_by_test_id("stDataFrame").first.locator("canvas").first
    # rows are 35 px high under a heading of 36 px; the box for choosing is at the left
    row.click(position={"x": 16, "y": 36 + 35 + 17}, force=True)
    expect(headline(page)).to_contain_text("5.6% in Westfield")
    assert on_map(page, "() => areaMap.geometry.names[areaMap.selected]") == "Westfield"


def test_smaller_areas_and_footprints_on_the_same_map(
    page: Page, york_url: str, york_workspace: Path, tmp_path: Path
) -> None:
    halves, _ = two_options(york_workspace)
    visit(page, f"{york_url}/explore")
    choose(page, "Show by", "LSOAs")
    expect(headline(page)).to_contain_text("York 004A")
    assert on_map(page, "() => areaMap.geometry.count") == 121
    choose(page, "Show by", f"Footprints of {HALVES}")
    expect(page.get_by_text("2 footprints with a figure of 2")).to_be_visible()
    page.wait_for_url(f"**layer=option*{halves}**")
    click_area(page, "Westfield")
    expect(headline(page)).to_contain_text("in West, against 4.2% in York")
    expect(the_map(page).locator(".am-chosen")).to_have_text("West")
    shown = table(page, "Residents in bad or very bad health by footprint, highest first")
    assert sorted(shown["Footprint"]) == ["East", "West"]
    # every resident counted by the Census question is in one of the two
    everyone = pd.to_numeric(shown["Denominator"]).sum()
    choose(page, "Show by", "Wards")
    wards = pd.read_csv(download(page, "Table as CSV", tmp_path)).dropna(subset=["Code"])
    assert everyone == pytest.approx(wards["Denominator"].sum())


def test_every_download_opens_and_holds_its_source(page: Page, york_url: str, tmp_path: Path) -> None:
    visit(page, f"{york_url}/explore?indicator=bad_health&layer=ward")
    text = download(page, "Table as CSV", tmp_path).read_text(encoding="utf-8-sig")
    assert text.startswith("Ward,")
    assert "Huntington & New Earswick,5.78" in text
    assert LICENCE in text

    book = openpyxl.load_workbook(download(page, "Table as Excel", tmp_path))
    assert book.worksheets[0].max_row == 22
    assert LICENCE in " ".join(str(c.value) for row in book["Source"].iter_rows() for c in row)

    package = download(page, "Map as GeoPackage", tmp_path)
    layers = list(gpd.list_layers(package)["name"])
    areas = gpd.read_file(package, layer=next(name for name in layers if name != "notes"))
    assert len(areas) == 21
    assert areas.crs.to_epsg() == 27700
    assert LICENCE in gpd.read_file(package, layer="notes").to_csv()

    features = json.loads(download(page, "Map as GeoJSON", tmp_path).read_text())
    assert len(features["features"]) == 21
    assert LICENCE in json.dumps(features["notes"])
    values = {f["properties"]["area_name"]: f["properties"]["value"] for f in features["features"]}
    assert values["Huntington & New Earswick"] == pytest.approx(100 * COUNTED / RESIDENTS)

    tab(page, "Chart")
    picture = download(page, "Chart as PNG", tmp_path).read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    drawing = download(page, "Chart as SVG", tmp_path).read_text()
    assert drawing.startswith("<svg")
    assert "Huntington" in drawing
    assert LICENCE in " ".join(re.sub("<[^>]+>", " ", drawing).split())


def test_back_and_forward_keep_the_state(page: Page, york_url: str) -> None:
    visit(page, f"{york_url}/explore?indicator=bad_health&layer=ward&area=E05010330")
    expect(headline(page)).to_contain_text("5.6% in Westfield")
    page.get_by_role("link", name="Area profile").click()
    expect(headline(page)).to_contain_text("Westfield")
    settled(page)
    page.go_back()
    expect(headline(page)).to_contain_text("5.6% in Westfield")
    page.go_forward()
    expect(headline(page)).to_contain_text("Westfield: worse than York")
    settled(page)


def test_sample_tells_the_same_figure_and_that_outlines_are_illustrative(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/explore")
    expect(headline(page)).to_contain_text(HIGHEST)
    expect(page.get_by_text("Illustrative outlines:")).to_be_visible()
    click_area(page, "Westfield")
    expect(headline(page)).to_contain_text("5.6% in Westfield")
    assert page.requests_that_left == []  # type: ignore[attr-defined]
