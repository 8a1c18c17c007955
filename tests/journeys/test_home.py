"""Home: what is loaded, and where to start."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import headline, on_map, table, visit

pytestmark = pytest.mark.journey
LOADED = "Indicators loaded by domain and how fresh they are"


def test_home_says_what_is_loaded_for_york(page: Page, york_url: str) -> None:
    visit(page, york_url)
    expect(headline(page)).to_have_text("Where should York's neighbourhoods begin and end?")
    expect(page.get_by_text("21 wards, 202,814 residents")).to_be_visible()
    assert on_map(page, "() => areaMap.geometry.count") == 21
    loaded = table(page, LOADED)
    assert len(loaded) == 6
    assert (loaded["Indicators with figures"].astype(int) >= 6).all()
    assert page.requests_that_left == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("See need on a map", "explore"),
        ("Read an area's profile", "profile"),
        ("Draw neighbourhoods", "draw"),
        ("Generate options", "generate"),
        ("Compare options", "compare"),
        ("See who is within reach", "access"),
        ("Bring in your own files", "data"),
    ],
)
def test_home_leads_to_each_page_and_back(page: Page, sample_url: str, link: str, address: str) -> None:
    visit(page, sample_url)
    expect(page.get_by_text("Illustrative outlines:")).to_be_visible()
    page.get_by_role("link", name=link).click()
    page.wait_for_url(f"{sample_url}/{address}**")
    expect(headline(page)).not_to_have_text("Where should York's neighbourhoods begin and end?")
    expect(page.get_by_text("Illustrative outlines:")).to_be_visible()
    page.go_back()
    expect(headline(page)).to_have_text("Where should York's neighbourhoods begin and end?")
