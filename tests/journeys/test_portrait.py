"""Portraits: from an option to sentences that can be read aloud, and to a need index under other weights."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.options import HALVES, THIRDS, two_options
from tests.journeys.steps import (
    choose,
    download,
    headline,
    in_view,
    on_map,
    settled,
    tab,
    table,
    the_map,
    visit,
)

pytestmark = pytest.mark.journey

LICENCE = "Open Government Licence v3.0"


def test_neighbourhoods_in_sentences_and_by_need(
    page: Page, york_url: str, york_workspace: Path, tmp_path: Path
) -> None:
    halves, thirds = two_options(york_workspace)
    visit(page, f"{york_url}/portraits?option={thirds}")
    expect(headline(page)).to_have_text(re.compile(r"^(South|Middle|North) stands out most: .* in York$"))
    the_map(page)
    assert on_map(page, "() => areaMap.state.footprintLabels") == ["A", "B", "C"]
    assert in_view(page.get_by_text("A: Middle"))  # beside the map, at once
    said = page.get_by_role("listitem").filter(has_text="than in York as a whole")
    assert said.count() >= 3
    expect(page.get_by_role("listitem").filter(has_text="Within it, York")).to_have_count(3)

    path = download(page, "Table as CSV", tmp_path)
    assert LICENCE in path.read_text()
    sentences = pd.read_csv(path)["Sentence"].dropna()
    first = said.first.inner_text()
    assert first in set(sentences)

    tab(page, "Need index")
    expect(page.get_by_text(re.compile("is neediest in .* weightings"))).to_be_visible()
    page.get_by_role("radio", name="Ranks").click()
    settled(page)
    expect(page).to_have_url(re.compile("standardise=rank"))
    shares = ranked_shares(page)
    assert sorted(shares["Neighbourhood"]) == ["A Middle", "B North", "C South"]
    assert pd.to_numeric(shares["Need index"]).between(0, 100).all()

    choose(page, "Option", HALVES)
    expect(page).to_have_url(re.compile(f"option={halves}"))
    expect(headline(page)).to_contain_text(re.compile("^(East|West) stands out most"))
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def ranked_shares(page: Page) -> pd.DataFrame:
    """The table once it is by ranks, when no index is below nought; as it stands after ten seconds."""
    for _ in range(40):
        shares = table(page, "Share of weightings in which each neighbourhood holds each rank")
        if (pd.to_numeric(shares["Need index"]) >= 0).all():
            break
        page.wait_for_timeout(250)
    return shares


def test_with_no_option_the_way_to_make_one_is_shown(page: Page, own_sample_url: str) -> None:
    visit(page, f"{own_sample_url}/portraits")
    expect(headline(page)).to_have_text("A saved option is needed for portraits")
    page.get_by_role("link", name="Generate options").click()
    expect(headline(page)).to_have_text(re.compile("^How many ways"), timeout=60_000)


def test_a_colleague_sees_the_same_page_by_its_address(
    page: Page, york_url: str, york_workspace: Path
) -> None:
    _, thirds = two_options(york_workspace)
    visit(
        page, f"{york_url}/portraits?option={thirds}&domain=health&need=imd:2,bad_health:1&standardise=rank"
    )
    expect(page.get_by_text(f"Option in hand: {THIRDS}")).to_be_visible()
    figures = table(page, "Figures of each neighbourhood, and the lowest and highest area inside it")
    assert set(figures["Domain"]) == {"Health"}
    tab(page, "Need index")
    expect(page.get_by_role("slider", name="Weight of Index of Multiple Deprivation score")).to_have_value(
        "2"
    )
    expect(page.get_by_role("radio", name="Ranks")).to_be_checked()
