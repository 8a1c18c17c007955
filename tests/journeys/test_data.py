"""Data: real files brought in, a wrong one refused, provenance and gaps said, an own indicator added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import _serve
from tests.journeys.steps import (
    button,
    choose,
    download,
    headline,
    on_map,
    settled,
    tab,
    table,
    visit,
)

pytestmark = pytest.mark.journey

LICENCE = "Open Government Licence v3.0"
REPORT = "What became of each file"
WAIT = 120_000


@pytest.fixture(scope="module")
def fresh_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on a sample of its own, which an import may replace."""
    folder = tmp_path_factory.mktemp("fresh")
    yield from _serve(folder / "workspace", folder / "app.log")


def give(page: Page, files: list[Path | dict[str, object]]) -> None:
    """Choose files and press the button."""
    page.locator("input[type=file]").first.set_input_files(files)  # type: ignore[arg-type]
    start = button(page, "Import these files")
    expect(start).to_be_enabled(timeout=WAIT)
    start.click()


def test_real_files_replace_the_sample_and_a_wrong_one_is_refused(
    page: Page, fresh_url: str, york_data: Path, tmp_path: Path
) -> None:
    visit(page, f"{fresh_url}/data")
    wrong = tmp_path / "minutes.csv"
    wrong.write_text("agenda,speaker\nparking,Councillor Smith\n")
    give(
        page,
        [
            york_data / "boundaries" / "ward_E06000014.geojson",
            york_data / "boundaries" / "lsoa21_E06000014.geojson",
            york_data / "lookups" / "DERIVED_lookup_lsoa21_ward24_ltla24.csv",
            york_data / "indicators" / "census2021-ts037-lsoa.csv",
            york_data / "indicators" / "census2021-ts007a-lsoa.csv",
            wrong,
        ],
    )
    expect(page.get_by_text("5 files imported, 1 file left out.")).to_be_visible(timeout=WAIT)
    report = table(page, REPORT).set_index("File")
    assert report.loc["minutes.csv", "Recognised as"] == "not recognised"
    assert report.loc["minutes.csv", "Message"]
    assert report.loc["census2021-ts037-lsoa.csv", "Rows kept"] == "121"
    visit(page, f"{fresh_url}/explore?indicator=bad_health&layer=ward")
    expect(headline(page)).to_contain_text("highest in Huntington & New Earswick, 5.8%, against 4.2% in York")
    expect(page.get_by_text("Illustrative outlines:")).to_have_count(0)


def test_import_shows_progress_and_can_be_stopped(page: Page, fresh_url: str, york_data: Path) -> None:
    visit(page, f"{fresh_url}/data")
    before = headline(page).inner_text()
    give(page, sorted((york_data / "crime").glob("2025-*.csv")))
    expect(page.get_by_role("progressbar")).to_be_visible()
    button(page, "Cancel").click()
    expect(page.get_by_text("Cancelled: nothing was changed.")).to_be_visible(timeout=WAIT)
    expect(headline(page)).to_have_text(before)


def test_every_table_says_where_it_came_from(page: Page, york_url: str, tmp_path: Path) -> None:
    visit(page, f"{york_url}/data")
    expect(headline(page)).to_contain_text("indicators have figures for York")
    path = download(page, "Table as CSV", tmp_path)
    listing = pd.read_csv(path).dropna(subset=["SHA-256"]).set_index("File")
    census = listing.loc["indicators/census2021-ts037-lsoa.csv"]
    assert (census["Rows in"], census["Rows kept"]) == (121, 121)
    assert census["Publisher"].startswith("Office for National Statistics")
    assert listing["SHA-256"].str.fullmatch(r"[0-9a-f]{64}").all()
    assert LICENCE in path.read_text()
    tab(page, "Coverage and gaps")
    coverage = table(page, "Indicators with a figure for every area, by domain").set_index("Domain")
    assert (coverage["wards"].astype(int) >= 6).all()
    assert (coverage["wards"].astype(int) <= coverage["Indicators"].astype(int)).all()
    assert coverage["wards"].astype(int).sum() >= 40
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_own_indicator_is_added_shown_and_suppressed(page: Page, fresh_url: str) -> None:
    wards = ["E05010311", "E05010312", "E05010313", "E05010314", "E05010315"]
    counts = [40, 3, 25, 30, 50]
    lines = "".join(f"{code},{count},1000\n" for code, count in zip(wards, counts, strict=True))
    visit(page, f"{fresh_url}/data")
    tab(page, "Add your own indicator")
    page.locator("input[type=file]").last.set_input_files(
        {
            "name": "visits.csv",
            "mimeType": "text/csv",
            "buffer": f"area_code,numerator,denominator\n{lines}".encode(),
        }
    )
    page.get_by_role("textbox", name="Name, as a map title").fill("People with a support visit")
    page.get_by_role("textbox", name="Definition, one sentence").fill("People visited at least once.")
    page.get_by_role("textbox", name="Period, such as 2025").fill("2025")
    page.get_by_role("textbox", name="Where the figures come from").fill("Case system")
    button(page, "Add indicator").click()
    expect(page.get_by_text("is added; choose it on the Explore page")).to_be_visible(timeout=WAIT)
    visit(page, f"{fresh_url}/explore?layer=ward")
    choose(page, "Indicator", "People with a support visit")
    expect(headline(page)).to_contain_text("highest in Dringhouses & Woodthorpe, 5.0%")
    # Bishopthorpe's count is 3, so it must not be seen anywhere
    expect(page.get_by_text("Bishopthorpe (suppressed")).to_be_visible()
    fill = on_map(page, "() => areaMap.classes[areaMap.geometry.names.indexOf('Bishopthorpe')]")
    assert fill == -2
    settled(page)
