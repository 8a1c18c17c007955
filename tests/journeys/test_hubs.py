"""Hubs as an estates lead tries them on York's real places: two fixed, six found, one closed, printed."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import PATIENCE, button, choose, download, headline, settled, tab, the_map, visit

pytestmark = pytest.mark.journey


def test_six_hubs_two_of_them_fixed_and_one_closed(page: Page, york_url: str, tmp_path: Path) -> None:
    visit(page, f"{york_url}/hubs")
    expect(headline(page)).to_have_text(re.compile("^Where should teams stand"))
    page.get_by_text("More", exact=True).first.click()
    for name in ("Acomb Explore Library", "Haxby Library"):
        choose(page, "Must be a hub", name)
    page.keyboard.press("Escape")
    expect(page.locator("[data-tag-index]").filter(has_text="Haxby Library")).to_be_visible()
    button(page, "Find hubs").click()
    expect(headline(page)).to_have_text(
        re.compile(r"^6 hubs put \d+% of York's residents within 15 minutes' walk of one"),
        timeout=4 * PATIENCE,  # the first search on a computer is compiled
    )
    settled(page)
    the_map(page)
    expect(page.get_by_text(re.compile("Proven best among"))).to_be_visible()
    found = headline(page).inner_text()
    path = download(page, "Table as CSV", tmp_path)
    hubs = pd.read_csv(path, comment="#").dropna(subset=["People nearest"])
    assert len(hubs) == 6
    assert set(hubs.loc[hubs["Fixed"] == "yes", "Hub"]) == {"Acomb Explore Library", "Haxby Library"}
    assert abs(hubs["People nearest"].sum() - 202_814) <= 6

    tab(page, "What if")
    choose(page, "Close", "Acomb Explore Library")
    expect(page.get_by_text(re.compile("^0 people have a shorter journey and [1-9]"))).to_be_visible()
    page.keyboard.press("Escape")
    button(page, "Save plan").click()
    page.get_by_role("textbox", name="Name").fill("Acomb closed")
    page.get_by_role("textbox", name="Name").press("Enter")
    expect(page.get_by_text("As changed under What if: 1 closed, 0 added.")).to_be_visible()
    button(page, "Save").click()
    expect(page.get_by_text("Saved as Acomb closed. Compare it under Plans.")).to_be_visible()
    page.keyboard.press("Escape")
    settled(page)
    tab(page, "Plans")
    path = download(page, "Table as CSV", tmp_path)
    compared = pd.read_csv(path, comment="#").set_index("Plan")
    assert compared.loc["Acomb closed", "Hubs"] == 5
    assert compared.loc["As now", "Minutes, mean"] < compared.loc["Acomb closed", "Minutes, mean"]
    page.get_by_role("button", name="Show Acomb closed on the map").click()
    expect(headline(page)).to_have_text(re.compile(r"^5 hubs put "), timeout=PATIENCE)
    page.go_back()
    expect(headline(page)).to_have_text(found, timeout=PATIENCE)
    page.reload()
    expect(headline(page)).to_have_text(found, timeout=PATIENCE)
    page.get_by_role("link", name="Access").first.click()
    expect(headline(page)).to_have_text(re.compile("minutes' walk of"), timeout=PATIENCE)
    settled(page)
    page.get_by_role("link", name="Hubs").first.click()
    expect(headline(page)).to_have_text(found, timeout=PATIENCE)
    settled(page)
    expect(page.get_by_text("What is asked has changed")).to_have_count(0)
    page.emulate_media(media="print")
    expect(button(page, "Find hubs")).to_be_hidden()
    expect(headline(page)).to_be_visible()
