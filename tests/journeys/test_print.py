"""Paper: headline, map, table and source stay; controls go."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.options import two_options
from tests.journeys.steps import headline, the_map, visit

pytestmark = pytest.mark.journey

ROWS = {
    "explore": 21,
    "profile?area=E05010330": 70,
    "compare": 8,
    "portraits?option=": 5,
    "options": 2,
    "test": 5,
    "scenarios": 15,
}
CONTROLS = (
    ".stSidebar, .stButton, .stDownloadButton, .stSelectbox, .stFileUploader, .stTextInput, .stPageLink"
)


@pytest.mark.parametrize(
    "path",
    ["explore", "profile?area=E05010330", "compare", "portraits?option=", "options", "test", "scenarios"],
)
def test_page_prints_without_controls(page: Page, york_url: str, york_workspace: Path, path: str) -> None:
    _, thirds = two_options(york_workspace)
    visit(page, f"{york_url}/{path}" + (thirds if path.endswith("option=") else ""))
    the_map(page)
    page.emulate_media(media="print")
    expect(headline(page)).to_be_visible()
    expect(page.locator("iframe").first).to_be_visible()
    on_paper = page.locator(".print-only table").first
    expect(on_paper).to_be_visible()
    assert on_paper.locator("tbody tr").count() >= ROWS[path]
    for header in page.locator("[data-testid=stDataFrame]").all():
        expect(header).to_be_hidden()
    expect(page.get_by_text("Source: ").last).to_be_visible()
    assert [c.inner_text() for c in page.locator(CONTROLS).all() if c.is_visible()] == []
    paper = page.pdf(format="A4", print_background=True)
    assert paper.startswith(b"%PDF")
    n_pages = paper.count(b"/Type /Page") - paper.count(b"/Type /Pages")
    assert 1 <= n_pages <= 8
