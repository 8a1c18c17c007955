"""Scenarios as a planner lays them side by side: hubs saved, one closed, both compared and printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import grave_violations
from tests.journeys.steps import button, choose, headline, settled, tab, table, the_map, visit

pytestmark = pytest.mark.journey

CLOSED = "Clifton Explore Library"
TOLD = re.compile(r"^About ([\d,]+) people of need come to be far from every hub, and 0 near one\.")
# how many maps stand beside another: they keep the width of the screen, so that paper would cut them
BESIDE = """() => {
  const boxes = Array.from(document.querySelectorAll("iframe"), one => one.getBoundingClientRect());
  return boxes.filter((box, i) => boxes.some((other, k) => k !== i && box.top < other.bottom
    && other.top < box.bottom)).length;
}"""


def save(page: Page, number: int, name: str) -> None:
    """Save what is in view, by the first of such buttons or a later one."""
    button(page, "Save scenario").or_(button(page, "Save as new")).nth(number).click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Saved as {name}.")).to_be_visible()
    settled(page)


def test_hubs_are_saved_one_is_closed_and_both_are_laid_side_by_side(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/scenarios")
    choose(page, "Hubs", "Each library that is open now")
    expect(headline(page)).to_have_text(re.compile("^18 hubs put "))
    save(page, 0, "All libraries")
    expect(page).to_have_url(re.compile("scenario="))

    tab(page, "Change hubs")
    choose(page, "Close", CLOSED)
    page.keyboard.press("Escape")
    told = page.get_by_text(TOLD)
    expect(told).to_be_visible()
    found = TOLD.match(told.inner_text())
    assert found is not None
    assert int(found[1].replace(",", "")) > 0
    save(page, 1, "Clifton closed")
    expect(headline(page)).to_have_text(re.compile("^17 hubs put "))

    tab(page, "Compare")
    rows = table(page, "Scenarios by cost, coverage and equity").set_index("Measure")
    assert rows.loc["Hubs", ["All libraries", "Clifton closed"]].tolist() == ["18", "17"]
    assert rows.loc["Cost a year", "Does best"] == "Clifton closed"
    assert rows.loc["Need within reach of a hub", "Does best"] == "All libraries"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_function(
            "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme", arg=scheme
        )
        settled(page)
        for number in range(3):
            the_map(page, number)
        assert grave_violations(page) == [], scheme

    page.emulate_media(media="print", color_scheme="light")
    expect(button(page, "Costs")).to_be_hidden()
    assert page.evaluate(BESIDE) == 0
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF")
