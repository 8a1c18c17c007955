"""The option library as a planner meets it: versions saved in Draw, decided on, restored, pinned as now."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import grave_violations
from tests.journeys.steps import button, choose, click_area, headline, settled, tab, table, the_map, visit

pytestmark = pytest.mark.journey

NAME = "River banks"


def save_in_draw(page: Page, why: str) -> None:
    """Press Save option, say who and why, save."""
    button(page, "Save option").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(NAME)
    page.get_by_role("textbox", name="Who made it").fill("Planning team")
    reason = page.get_by_role("textbox", name="Why these boundaries")
    reason.fill(why)
    reason.press("Tab")
    settled(page)
    button(page, "Save").click()
    expect(page.get_by_text(f"Saved as {NAME}.")).to_be_visible()
    page.keyboard.press("Escape")
    settled(page)


def test_versions_are_saved_decided_on_restored_and_pinned(page: Page, own_sample_url: str) -> None:
    visit(page, f"{own_sample_url}/draw")
    tab(page, "Place areas from a list")
    choose(page, "Choose wards", "Acomb")
    page.keyboard.press("Escape")
    button(page, "Place in Footprint A").click()
    expect(headline(page)).to_have_text("1 footprint; 20 wards still to place")
    save_in_draw(page, "To begin with.")
    choose(page, "Choose wards", "Westfield")
    page.keyboard.press("Escape")
    button(page, "Place in Footprint A").click()
    expect(headline(page)).to_have_text("1 footprint; 19 wards still to place")
    save_in_draw(page, "Westfield asked to join.")

    page.get_by_role("link", name="Options", exact=True).click()
    expect(headline(page)).to_have_text(re.compile(r"^\d+ options? saved; none is pinned as now$"))
    listed = table(page, "Saved options; choose a row to see the option on the map").set_index("Option")
    assert listed.loc[NAME, ["Status", "Versions", "Made by", "Who"]].tolist() == [
        "draft",
        "2",
        "drawn",
        "Planning team",
    ]
    expect(page.get_by_text("1 ward moved").first).to_be_visible()
    expect(page.get_by_text("Westfield asked to join.").first).to_be_visible()

    button(page, "Change status").click()
    choose(page, "New status", "approved")
    page.get_by_role("textbox", name="Who decided").fill("Cabinet")
    page.get_by_role("textbox", name="Why the status changes").fill("Agreed in June")
    page.get_by_role("textbox", name="Why the status changes").press("Enter")
    expect(headline(page)).to_contain_text(f"'{NAME}' is approved, none is pinned as now")
    tab(page, "Status: who decided, and why")
    decided = table(page, f"Every status of {NAME}")
    assert decided[["Version", "Status", "Who", "Why"]].iloc[-1].tolist() == [
        "2",
        "approved",
        "Cabinet",
        "Agreed in June",
    ]

    tab(page, f"Versions of {NAME}")
    button(page, "Restore this version").click()
    page.get_by_role("textbox", name="Who restores it").fill("Planning team")
    page.get_by_role("textbox", name="Why it is restored").fill("Westfield withdrew.")
    page.get_by_role("textbox", name="Why it is restored").press("Tab")
    settled(page)
    button(page, "Save as the newest version").click()
    expect(page.get_by_text("It is equal to version 1; nothing was removed.")).to_be_visible()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    expect(page.get_by_text("Version 1", exact=True)).to_be_visible()

    button(page, "Look at").last.click()  # the first version
    settled(page)
    expect(page.get_by_text(f"{NAME}, version 1 of 3")).to_be_visible()
    expect(button(page, "Pin as now")).to_have_count(1)  # the panel of the version before has gone
    button(page, "Pin as now").click()
    expect(headline(page)).to_contain_text(f"version 1 of '{NAME}' is a draft and pinned as now")
    page.wait_for_url("**version=**")
    the_map(page)
    assert grave_violations(page) == []

    # the second version against the newest, by its link, and back
    page.get_by_role("link", name="Compare with the newest").first.click()
    expect(headline(page)).to_contain_text(f"{NAME}, version 3 than under {NAME}, version 2")
    page.go_back()
    expect(headline(page)).to_contain_text("pinned as now")
    settled(page)
    page.get_by_role("link", name="Compare with the newest").last.click()
    # restored: so nobody moves
    expect(headline(page)).to_contain_text(f"between {NAME}, version 1 (as now) and {NAME}, version 3")
    expect(page.get_by_text("wins on").or_(page.get_by_text("No measure sets")).first).to_be_visible()
    settled(page)
    assert grave_violations(page) == []

    # a fresh visit to Compare begins with as now
    visit(page, f"{own_sample_url}/compare")
    expect(headline(page)).to_contain_text(f"between {NAME}, version 1 (as now) and")
    visit(page, f"{own_sample_url}/explore")
    page.get_by_role("combobox", name="By").click()
    expect(page.get_by_role("option", name=f"Footprints of {NAME} (as now)")).to_be_visible()
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_an_old_version_is_opened_in_draw(page: Page, own_sample_url: str) -> None:
    visit(page, f"{own_sample_url}/draw")
    click_area(page, "Westfield")
    expect(headline(page)).to_have_text("1 footprint; 20 wards still to place")
    save_in_draw(page, "A beginning.")
    first = page.url.split("option=")[1]
    click_area(page, "Acomb")
    expect(headline(page)).to_have_text("1 footprint; 19 wards still to place")
    save_in_draw(page, "More.")
    visit(page, f"{own_sample_url}/options?version={first}")
    page.get_by_role("link", name="Open in Draw").last.click()
    expect(headline(page)).to_have_text("1 footprint; 20 wards still to place")
    expect(page.get_by_text(f"Option in hand: {NAME}")).to_be_visible()
