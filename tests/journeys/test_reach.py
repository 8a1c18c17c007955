"""Access on York's real places: from a headline to one area, to a group, to a table that is taken away."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.options import two_options
from tests.journeys.steps import choose, click_area, download, headline, settled, tab, the_map, visit

pytestmark = pytest.mark.journey


def test_who_is_within_reach_of_a_library(
    page: Page, york_url: str, york_workspace: Path, tmp_path: Path
) -> None:
    two_options(york_workspace)
    visit(page, f"{york_url}/access")
    expect(headline(page)).to_have_text(
        re.compile(r"^\d+% of York's residents are within 15 minutes' walk of a library; [\d,]+ are not$")
    )
    the_map(page)
    before = headline(page).inner_text()
    click_area(page, "Wheldrake")
    expect(page.get_by_text(re.compile("^Wheldrake: .* minutes on average"))).to_be_visible()

    choose(page, "Nearest", "GP surgery")
    expect(headline(page)).to_have_text(re.compile("walk of a GP surgery"))
    choose(page, "By", "Cycling")
    expect(headline(page)).to_have_text(re.compile("cycle ride of a GP surgery"))
    assert headline(page).inner_text() != before
    link = page.url
    page.reload()
    expect(headline(page)).to_have_text(re.compile("cycle ride of a GP surgery"))
    assert page.url == link
    settled(page)

    page.get_by_role("combobox", name="Catchment of").click()
    page.get_by_role("option", name="Priory Medical").first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_text(re.compile("^Dashed: the ground within 10, 15 and 20 minutes"))).to_be_visible()
    assert "catchment=gp_surgery" in page.url

    path = download(page, "Table as CSV", tmp_path)
    wards = pd.read_csv(path, comment="#")
    assert "Open Government Licence" in path.read_text()
    assert wards["People"].dropna().sum() == 202_814
    for name, said in (
        ("Who", "People of each group"),
        ("Catchment", "^Of [\\d,]+ residents, "),
        ("Places", "Each resident counted at the nearest"),
    ):
        tab(page, name)
        settled(page)
        expect(page.get_by_text(re.compile(said)).first).to_be_visible()
