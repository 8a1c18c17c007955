"""Area profile: a ward, a footprint and the authority, six domains each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.options import two_options
from tests.journeys.steps import choose, click_area, download, headline, settled, visit

pytestmark = pytest.mark.journey

DOMAINS = {"Adults", "Children", "Crime and anti-social behaviour", "Economy", "Health", "Population"}
N_HEALTH = 12
LICENCE = "Open Government Licence v3.0"


def test_profile_of_the_authority_a_ward_and_a_domain(page: Page, york_url: str, tmp_path: Path) -> None:
    visit(page, f"{york_url}/profile")
    expect(headline(page)).to_contain_text("York: 202,814 residents")
    click_area(page, "Westfield")
    expect(headline(page)).to_contain_text("Westfield: worse than York on")
    page.wait_for_url("**area=E05010330**")
    expect(page.get_by_role("heading", name="How distinct is Westfield?")).to_be_visible()
    settled(page)
    rows = pd.read_csv(download(page, "Table as CSV", tmp_path))
    assert LICENCE in (tmp_path / "profile_E05010330.csv").read_text()
    figures = rows.dropna(subset=["Indicator", "Westfield"]).set_index("Indicator")
    assert figures.loc["Residents in bad or very bad health", "Westfield"] == "5.6%"
    assert set(figures["Domain"].dropna()) >= DOMAINS
    page.get_by_test_id("stButtonGroup").get_by_text("Health", exact=True).click()
    page.wait_for_url("**domain=health**")
    settled(page)
    expect(page.locator(".print-only tbody tr")).to_have_count(N_HEALTH)  # the table that follows the pill
    shown = " ".join(page.locator(".print-only tbody tr").all_text_contents())
    assert "Residents in bad or very bad health" in shown
    assert "Population density" not in shown


def test_profile_of_a_footprint(page: Page, york_url: str, york_workspace: Path) -> None:
    halves, _ = two_options(york_workspace)
    visit(page, f"{york_url}/profile?layer=option:{halves}&area=West")
    expect(headline(page)).to_contain_text("West: worse than York on")
    choose(page, "Area", "East")
    expect(headline(page)).to_contain_text("East: worse than York on")
    page.reload()
    expect(headline(page)).to_contain_text("East: worse than York on")


def test_profile_on_the_sample(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/profile?area=E05010330")
    expect(headline(page)).to_contain_text("Westfield: worse than York on")
    expect(page.get_by_text("Illustrative outlines:")).to_be_visible()
