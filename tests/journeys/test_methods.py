"""Methods: each indicator's making can be found, and the licence of each source is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import headline, settled, table, visit

pytestmark = pytest.mark.journey

MAKING = "Indicators: definitions, cells, intervals, sources"


def test_search_finds_an_indicator_and_sources_carry_their_licence(page: Page, york_url: str) -> None:
    visit(page, f"{york_url}/methods")
    expect(headline(page)).to_contain_text("measures are made")
    search = page.get_by_role("textbox", name="Find an indicator")
    search.fill("burglary")
    search.press("Enter")
    settled(page)
    page.wait_for_function(
        """() => {
          const grid = document.querySelector("[data-testid=stDataFrame] table[role=grid]");
          return grid && Number(grid.getAttribute("aria-rowcount")) < 10;
        }"""
    )
    found = table(page, MAKING)
    assert len(found) >= 1
    assert found.apply(lambda row: "burglary" in " ".join(row).lower(), axis=1).all()
    sources = page.get_by_role("listitem").filter(has_text="Census 2021")
    expect(sources.first).to_contain_text("Open Government Licence v3.0")
    expect(page.get_by_text("Contains OS data © Crown copyright").first).to_be_visible()
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_search_without_a_hit_breaks_nothing(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/methods")
    search = page.get_by_role("textbox", name="Find an indicator")
    search.fill("<b>nothing of the sort</b>")
    search.press("Enter")
    settled(page)
    expect(headline(page)).to_be_visible()
