"""From wishes to an option in hand, as a planner would, in a real browser on the embedded sample."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import grave_violations
from tests.journeys.steps import settled, visit

pytestmark = pytest.mark.journey

FOUND = re.compile(r"^There are [\d,]+ ways to make four neighbourhoods within 5%")


def test_every_way_is_found_filtered_opened_and_saved(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/generate")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "How many ways are there to make four neighbourhoods?", timeout=60_000
    )
    page.get_by_role("button", name="Find every way").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FOUND, timeout=60_000)
    n_ways = int(re.sub(r"\D", "", page.get_by_role("heading", level=1).inner_text().split("ways")[0]))

    expect(page.get_by_text(f"{n_ways:,} of {n_ways:,} ways left")).to_be_visible()
    slider = page.get_by_role("slider", name="Border between them, km").last
    slider.focus()
    for _ in range(5):  # by the keyboard alone; each takes a tenth off
        page.keyboard.press("PageDown")
    left = page.get_by_text(re.compile(rf"of {n_ways:,} ways left"))
    expect(left).not_to_have_text(f"{n_ways:,} of {n_ways:,} ways left")

    words = page.get_by_text(re.compile(r"^In words: A "))
    first = words.inner_text()
    place = page.get_by_role("spinbutton", name="Place in the ranking")
    place.fill("2")
    place.press("Enter")
    expect(words).not_to_have_text(first)

    page.get_by_role("button", name="Save option").click()
    page.get_by_role("textbox", name="Name").fill("Second best")
    page.get_by_role("textbox", name="Name").press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as Second best.")).to_be_visible()
    page.keyboard.press("Escape")

    settled(page)
    assert grave_violations(page) == []

    page.get_by_role("button", name="Open in Draw").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("4 footprints"), timeout=30_000)
    assert page.requests_that_left == []  # type: ignore[attr-defined]
