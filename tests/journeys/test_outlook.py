"""Development sites and partners' areas as a planner brings them in and uses them. The site is synthetic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import grave_violations
from tests.journeys.conftest import _serve
from tests.journeys.steps import button, choose, download, map_comes_to, settled, tab, table, visit

pytestmark = pytest.mark.journey

WAIT = 120_000
WARDS = [f"E050103{n}" for n in range(11, 32)]
SITES = "Site,Easting,Northing,Homes per year,First year,Last year,People per home\n"
SITES += "Synthetic meadow,457148,452334,100,2022,2031,2\n"  # in Acomb
BEATS = "ward_code,footprint\n" + "".join(f"{code},Beat {i // 7 + 1}\n" for i, code in enumerate(WARDS))


@pytest.fixture(scope="module")
def own_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on real York wards with their people, in a workspace of its own."""
    folder = tmp_path_factory.mktemp("outlook")
    yield from _serve(folder / "workspace", folder / "app.log")


def upload(name: str, text: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_sites_come_in_are_told_by_ward_and_offer_an_empty_table(
    page: Page, own_url: str, york_data: Path, tmp_path: Path
) -> None:
    visit(page, f"{own_url}/data")
    page.locator("input[type=file]").first.set_input_files(
        [
            york_data / "boundaries" / "ward_E06000014.geojson",
            york_data / "boundaries" / "lsoa21_E06000014.geojson",
            york_data / "lookups" / "DERIVED_lookup_lsoa21_ward24_ltla24.csv",
            york_data / "indicators" / "census2021-ts007a-lsoa.csv",
        ]
    )
    button(page, "Import these files").click()
    expect(page.get_by_text("4 files imported, 0 files left out.")).to_be_visible(timeout=WAIT)
    settled(page)
    tab(page, "Development sites")
    expect(page.get_by_text("No development sites are loaded.")).to_be_visible()
    empty = download(page, "Empty table to fill in", tmp_path).read_text(encoding="utf-8-sig")
    assert empty.startswith("Site,Easting,Northing,Postcode,People per home")
    assert empty.count("\n") == 1

    visit(page, f"{own_url}/data")
    page.locator("input[type=file]").first.set_input_files(upload("sites.csv", SITES))  # type: ignore[arg-type]
    button(page, "Import these files").click()
    expect(page.get_by_text("1 file imported, 0 files left out.")).to_be_visible(timeout=WAIT)
    settled(page)
    tab(page, "Development sites")
    expect(page.get_by_text("1 site with 1,000 homes")).to_be_visible(timeout=WAIT)
    by_ward = table(page, "Residents of wards with new homes, by year").set_index("Ward")
    now = int(by_ward.loc["Acomb", "2021"].replace(",", ""))
    assert [int(by_ward.loc["Acomb", y].replace(",", "")) - now for y in ("2026", "2031", "2036")] == [
        1_000,
        2_000,
        2_000,
    ]
    settled(page)
    assert grave_violations(page) == []


def test_a_partner_comes_in_is_drawn_over_the_map_and_its_line_is_held(page: Page, own_url: str) -> None:
    visit(page, f"{own_url}/data")
    tab(page, "Partners' areas")
    page.locator("input[type=file]").last.set_input_files(upload("beats.csv", BEATS))  # type: ignore[arg-type]
    page.get_by_role("textbox", name="Name of the set").fill("Police beats")
    button(page, "Add partner's areas").click()
    expect(page.get_by_text("Police beats: 3 areas, 21 rows kept")).to_be_visible(timeout=WAIT)
    settled(page)
    assert grave_violations(page) == []

    visit(page, f"{own_url}/draw")
    tab(page, "Files and settings")
    choose(page, "Lines of a partner", "Police beats")
    expect(page.get_by_text("Dashed: the lines of Police beats.")).to_be_visible()
    map_comes_to(page, "() => areaMap.overlay && areaMap.overlay.names.length === 3")

    visit(page, f"{own_url}/generate")
    page.get_by_text("More", exact=True).click()
    choose(page, "Partner's areas", "Police beats")
    page.get_by_text("Its lines may not be crossed").click()
    settled(page)
    button(page, "Find every way").click()
    expect(page.get_by_text(re.compile("the line of Police beats"))).to_be_visible(timeout=WAIT)
    assert page.requests_that_left == []  # type: ignore[attr-defined]
