"""Test: an option is drawn, saved, tested, bettered by one move, taken back, and saved again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.options import THIRDS, two_options
from tests.journeys.steps import (
    PATIENCE,
    button,
    choose,
    click_area,
    download,
    headline,
    map_comes_to,
    on_map,
    settled,
    tab,
    table,
    the_map,
    visit,
)

pytestmark = pytest.mark.journey

MEASURES = "Measures of the option and its place among all"


def furthest(page: Page) -> float:
    """Per cent by which the worst neighbourhood is off the target, as the table has it."""
    tab(page, "Measures")
    rows = table(page, MEASURES).set_index("Measure")
    return float(str(rows.at["Furthest from target", "This option"]).rstrip("%"))


def save_as(page: Page, name: str) -> None:
    button(page, "Save option").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Name", exact=True).press("Tab")
    settled(page)
    button(page, "Save").click()
    expect(page.get_by_text(f"Option in hand: {name}, draft, saved")).to_be_visible()


def test_a_drawn_option_is_tested_and_bettered_by_its_best_single_move(
    page: Page, york_url: str, york_workspace: Path, tmp_path: Path
) -> None:
    halves, _ = two_options(york_workspace)
    visit(page, f"{york_url}/draw?option={halves}")
    page.get_by_test_id("stButtonGroup").get_by_text("East", exact=True).click()
    map_comes_to(page, "window.areaMap.state.active === 0")
    click_area(page, "Bishopthorpe")
    expect(page.get_by_text("Option in hand: East and west, not saved")).to_be_visible()
    save_as(page, "Two of a kind")

    settled(page)
    page.get_by_role("link", name="Test this option").click()
    expect(headline(page)).to_contain_text(
        re.compile(r"^Two of a kind meets all 4 rules that can be checked, .* of all [\d,]+ ways$"),
        timeout=PATIENCE,
    )
    page.wait_for_url("**/test?option=**")
    tested = page.url
    before = furthest(page)

    tab(page, "Single moves")
    button(page, "Apply").first.click()
    expect(page.get_by_text("Option in hand: Two of a kind, not saved")).to_be_visible()
    expect(headline(page)).to_contain_text(re.compile(r"^Two of a kind, changed .* of all"), timeout=PATIENCE)
    after = furthest(page)
    assert after < before

    button(page, "Undo").click()
    expect(headline(page)).to_contain_text(re.compile("^Two of a kind meets"))
    assert furthest(page) == before
    tab(page, "Single moves")
    button(page, "Apply").first.click()
    expect(headline(page)).to_contain_text(re.compile("^Two of a kind, changed"))
    save_as(page, "Two of a kind, bettered")
    expect(headline(page)).to_contain_text(
        re.compile(r"^Two of a kind, bettered meets .* of all"), timeout=PATIENCE
    )
    assert page.url != tested
    assert furthest(page) == after

    saved = download(page, "Table as CSV", tmp_path).read_text(encoding="utf-8-sig")
    assert "Furthest from target" in saved
    assert "Open Government Licence" in saved
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_what_breaks_a_rule_is_named_hatched_and_brought_into_view(
    page: Page, york_url: str, york_workspace: Path
) -> None:
    _, thirds = two_options(york_workspace)
    visit(page, f"{york_url}/test?option={thirds}")
    expect(headline(page)).to_contain_text(f"{THIRDS} meets 2 of 4 rules")
    before = on_map(page, "() => areaMap.map.getZoom()")
    page.locator(".st-key-rule_one_piece").get_by_role("button", name="Show where").click()
    map_comes_to(page, f"Math.abs(areaMap.map.getZoom() - {before}) > 0.05")
    hatched = on_map(page, "() => areaMap.differs.map(row => areaMap.geometry.names[row])")
    assert isinstance(hatched, list)
    said = page.get_by_text(re.compile("is in 2 pieces|is in 3 pieces")).first.inner_text()
    assert all(name in said for name in hatched)
    expect(the_map(page).get_by_text("Breaks a rule")).to_be_visible()


def test_another_option_is_chosen_and_the_address_follows(
    page: Page, york_url: str, york_workspace: Path
) -> None:
    halves, thirds = two_options(york_workspace)
    visit(page, f"{york_url}/test?option={halves}")
    expect(headline(page)).to_contain_text(re.compile("^East and west meets"))
    choose(page, "Option", THIRDS)
    expect(headline(page)).to_contain_text(f"{THIRDS} meets")
    page.wait_for_url(f"**option={thirds}**")
    page.go_back()
    expect(headline(page)).to_contain_text(re.compile("^East and west meets"))
