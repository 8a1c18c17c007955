"""Hubs as an estates lead tries them on York's real places: two fixed, six found, one closed, printed."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import (
    PATIENCE,
    button,
    choose,
    download,
    headline,
    map_comes_to,
    on_map,
    settled,
    tab,
    the_map,
    visit,
)

pytestmark = pytest.mark.journey

HUB, CLOSED = "Hub", "Closed"
# where on the page's second map a place can be clicked, and whether no other lies over it
SPOT = """(box, name) => {
  const m = areaMap, f = m.sheet.frame(m.geometry), rect = m.container.getBoundingClientRect();
  const p = m.points.find(point => point.name === name);
  const at = L.point(p.x * f.scale + f.x, p.y * f.scale + f.y).add(m.sheet._bounds.min);
  const here = m.map.layerPointToContainerPoint(at);
  return [rect.x + here.x, rect.y + here.y];
}"""
NOW = """() => ({said: areaMap.status.textContent, fills: Array.from(areaMap.classes).join(),
  kinds: areaMap.kindsNow, pending: areaMap.pending.length})"""
# what is done on the map is kept from the server until it is released
HOLD = """() => {
  const streamlit = window.Streamlit;
  window.kept = []; window.sends = streamlit.setComponentValue;
  streamlit.setComponentValue = value => { window.kept.push(value); };
}"""
RELEASE = """() => {
  window.Streamlit.setComponentValue = window.sends;
  if (window.kept.length) window.sends.call(window.Streamlit, window.kept[window.kept.length - 1]);
}"""
LABEL = "(box, name) => areaMap.points.find(point => point.name === name).style.label"


def spot_of(page: Page, name: str) -> tuple[float, float]:
    """Where a person would click to meet a place of the map under What if."""
    frame = page.locator("iframe").nth(1)
    frame.scroll_into_view_if_needed()
    outer, place = frame.bounding_box(), on_map(page, SPOT, name, 1)
    assert outer is not None
    assert isinstance(place, list)
    return outer["x"] + place[0], outer["y"] + place[1]


def browser_says_what_the_server_confirms(page: Page, name: str, kind: str) -> None:
    """Click a place: words, colours and symbol of before the server's answer are those of after it."""
    before = on_map(page, NOW, None, 1)
    on_map(page, HOLD, None, 1)
    page.mouse.click(*spot_of(page, name))
    first = on_map(page, NOW, None, 1)
    assert isinstance(before, dict)
    assert isinstance(first, dict)
    assert first["pending"] == 1  # the server has not been asked yet
    assert re.match(r"^[\d,]+ people have a shorter journey", first["said"])
    assert first["said"] != before["said"]
    assert on_map(page, LABEL, name, 1) == kind
    on_map(page, RELEASE, None, 1)
    map_comes_to(page, "() => areaMap.pending.length === 0", 1)
    settled(page)
    assert on_map(page, NOW, None, 1) == {**first, "pending": 0}
    assert on_map(page, LABEL, name, 1) == kind


def two_clicks_at_once_wait_for_the_server(page: Page) -> None:
    """Of two clicks that the server has not seen nothing is claimed; taken back, all is as it was."""
    before = on_map(page, NOW, None, 1)
    assert isinstance(before, dict)
    on_map(page, HOLD, None, 1)
    for name in ("Haxby Library", "Dunnington Library"):
        page.mouse.click(*spot_of(page, name))
    assert on_map(page, "() => areaMap.status.textContent", None, 1) == "Counting…"
    for name in ("Haxby Library", "Dunnington Library"):
        page.mouse.click(*spot_of(page, name))
    assert on_map(page, NOW, None, 1) == {**before, "pending": 4}
    on_map(page, RELEASE, None, 1)
    map_comes_to(page, "() => areaMap.pending.length === 0", 1)
    settled(page)
    assert on_map(page, NOW, None, 1) == before


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
    told = the_map(page, 1).get_by_role("status").filter(has_text="journey")
    expect(told).to_have_text(re.compile("^0 people have a shorter journey and [1-9]"))
    page.keyboard.press("Escape")
    settled(page)
    browser_says_what_the_server_confirms(page, "Haxby Library", CLOSED)
    browser_says_what_the_server_confirms(page, "Haxby Library", HUB)
    two_clicks_at_once_wait_for_the_server(page)
    button(page, "Save plan").click()
    expect(page.get_by_text("As changed under What if: 1 closed, 0 added.")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Acomb closed")
    page.get_by_role("textbox", name="Name").press("Enter")
    expect(page.get_by_text("Saved as Acomb closed. Compare it under Plans.")).to_be_visible()
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
    tab(page, "What if")
    told = the_map(page, 1).locator(".am-status")
    expect(told).to_have_text(re.compile("^Click a hub on the map"))
    page.emulate_media(media="print")
    expect(told).to_be_hidden()  # nothing can be clicked on paper
    expect(button(page, "Find hubs")).to_be_hidden()
    expect(headline(page)).to_be_visible()
