"""From wishes to an option in hand, as a planner would, in a real browser on the embedded sample."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import grave_violations
from tests.journeys.steps import PATIENCE, button, choose, headline, settled, tab_past_the_cross, visit

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
    left = page.get_by_text(re.compile(rf"^[\d,]+ of {n_ways:,} ways left$"))
    page.get_by_role("slider", name="Border between them, km, most").focus()
    for _ in range(5):  # by the keyboard alone; each takes a tenth off
        page.keyboard.press("PageDown")
    expect(left).not_to_have_text(f"{n_ways:,} of {n_ways:,} ways left")
    by_keys = left.inner_text()
    handle = page.get_by_role("slider", name="Furthest from target, %, most")
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 130, steps=4)
    page.mouse.up()
    expect(left).not_to_have_text(by_keys)
    n_left = int(left.inner_text().split(" of ")[0].replace(",", ""))
    assert 0 < n_left < 100
    expect(page.get_by_text(f"The best {n_left} by your wishes")).to_be_visible()  # the server agrees

    words = page.get_by_text(re.compile(r"^In words: A "))
    first = words.inner_text()
    place = page.get_by_role("spinbutton", name="Place in the ranking")
    place.fill("2")
    place.press("Enter")
    expect(words).not_to_have_text(first)
    settled(page)

    button(page, "Save option").press("Enter")
    form = page.get_by_role("dialog", name="Save option")
    expect(form).to_be_visible()
    settled(page)
    assert grave_violations(page) == []
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    settled(page)
    expect(button(page, "Save option")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form).to_be_visible()
    tab_past_the_cross(page)
    name = form.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    name.fill("")
    form.get_by_role("textbox", name="Why this one").fill("It is even")
    name.press("Enter")
    expect(form.get_by_text("The option has no name")).to_be_visible()
    expect(form.get_by_role("textbox", name="Why this one")).to_have_value("It is even")
    name.fill("Second best")
    name.press("Enter")
    expect(page.get_by_text("Saved as Second best.")).to_be_visible()
    expect(form).to_have_count(0)

    settled(page)
    assert grave_violations(page) == []

    page.get_by_role("button", name="Open in Draw").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("4 footprints"), timeout=30_000)
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def ask_for_much(page: Page, address: str) -> None:
    """Ask for what takes a good while: four neighbourhoods within 25%, some ten million steps."""
    visit(page, f"{address}/generate?generate_band=25")
    button(page, "Find every way").click()
    expect(button(page, "Cancel")).to_be_visible(timeout=PATIENCE)


def test_long_search_survives_a_reload_in_the_middle_and_after(page: Page, sample_url: str) -> None:
    ask_for_much(page, sample_url)
    expect(page).to_have_url(re.compile(r"[?&]run=[0-9a-f]{12}"))
    link = page.url
    page.reload()
    expect(page.get_by_text(re.compile("^Finding ways: "))).to_be_visible(timeout=PATIENCE)
    expect(headline(page)).to_have_text(
        re.compile(r"^There are [\d,]+ ways .* within 25%"), timeout=2 * PATIENCE
    )
    found = headline(page).inner_text()

    page.reload()
    expect(headline(page)).to_have_text(found, timeout=PATIENCE)
    colleague = page.context.browser.new_context()  # type: ignore[union-attr]
    try:
        theirs = colleague.new_page()
        theirs.goto(link)
        expect(headline(theirs)).to_have_text(found, timeout=PATIENCE)
    finally:
        colleague.close()

    page.get_by_role("link", name="Draw").first.click()
    expect(headline(page)).not_to_have_text(found, timeout=PATIENCE)
    page.get_by_role("link", name="Generate").first.click()
    expect(headline(page)).to_have_text(found, timeout=PATIENCE)
    settled(page)
    assert grave_violations(page) == []


def test_long_search_holds_up_no_other_visitor_and_is_cancelled(page: Page, sample_url: str) -> None:
    """The other visitor's click is answered while the search still goes on, not after it."""
    other = page.context.new_page()
    visit(other, f"{sample_url}/explore")
    choose(other, "Indicator", "Good health")
    visit(page, f"{sample_url}/generate?generate_geography=synthetic")
    button(page, "Find the best").click()
    at_work = page.get_by_text(re.compile("^Finding ways: .*kept so far"))
    expect(at_work).to_be_visible(timeout=2 * PATIENCE)  # the first search on a computer is compiled

    before = headline(other).inner_text()
    choose(other, "Indicator", "Bad")
    expect(headline(other)).not_to_have_text(before)
    expect(button(page, "Cancel")).to_be_visible()

    button(page, "Cancel").dispatch_event("click")  # it is drawn anew with each step of the progress
    expect(button(page, "Cancel")).to_have_count(0, timeout=PATIENCE)
    expect(button(page, "Find the best")).to_be_enabled()
    expect(headline(page)).to_have_text(re.compile("^(The most compact|What are the best)"))
    button(page, "Earlier runs").click()
    expect(page.get_by_text(re.compile(r"4 neighbourhoods within 5%[\s\S]*cancelled"))).to_be_visible()
