"""Compare: two options side by side, and every resident accounted for."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.options import HALVES, THIRDS, two_options
from tests.journeys.steps import choose, download, headline, map_comes_to, on_map, tab, table, the_map, visit

pytestmark = pytest.mark.journey

RESIDENTS = 202_814
LICENCE = "Open Government Licence v3.0"


def test_two_options_side_by_side(page: Page, york_url: str, york_workspace: Path, tmp_path: Path) -> None:
    halves, thirds = two_options(york_workspace)
    visit(page, f"{york_url}/compare?options={halves},{thirds}")
    expect(headline(page)).to_contain_text(
        f"live in another neighbourhood under {THIRDS} than under {HALVES}"
    )
    said = re.match(r"([\d,]+) people \((\d+)%\)", headline(page).inner_text())
    assert said is not None
    moved = int(said[1].replace(",", ""))
    assert round(100 * moved / RESIDENTS) == int(said[2])

    # hatched are those whose band is not the one their half was matched with
    assert not on_map(page, "() => areaMap.differs", number=0)
    hatched = on_map(page, "() => areaMap.differs.length", number=1)
    assert isinstance(hatched, int)
    assert 0 < hatched < 21

    the_map(page, 0).get_by_role("button", name="Zoom in").click()
    zoom = on_map(page, "() => areaMap.map.getZoom()", number=0)
    map_comes_to(page, f"Math.abs(areaMap.map.getZoom() - {zoom}) < 0.001", number=1)

    winners = table(page, "Which option wins on what").set_index("Measure")
    assert "best" in " ".join(winners.loc["Border between footprints, km: shortest"])
    tab(page, "Measures")
    measures = pd.read_csv(download(page, "Table as CSV", tmp_path), dtype=str).set_index("Measure")
    assert measures.loc["Footprints", [HALVES, THIRDS]].tolist() == ["2", "3"]
    moves = measures.loc[f"People who change footprint, from {HALVES}", THIRDS]
    assert int(moves.replace(",", "")) == moved

    tab(page, "Who changes place")
    path = download(page, "Table as CSV", tmp_path, number=0)
    flows = pd.read_csv(path)
    assert LICENCE in path.read_text()
    people = pd.to_numeric(flows["people"], errors="coerce").dropna()
    assert people.sum() == pytest.approx(RESIDENTS, abs=1)
    changed = flows["changed"].astype(str) == "True"
    assert people[changed].sum() == pytest.approx(moved, abs=1)

    tab(page, "Indicators")
    choose(page, "Indicator", "Residents in bad or very bad health")
    facts = table(page, "Residents in bad or very bad health by footprint in each option")
    assert len(facts) == 5
    assert pd.to_numeric(facts["Value (%)"]).between(3, 6).all()
    differences = table(page, "Differences in Residents in bad or very bad health between matched footprints")
    assert len(differences) == 2
    assert set(differences["Finding"]) <= {"higher", "lower", "no clear difference"}
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_with_no_option_the_way_to_draw_one_is_shown(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/compare")
    expect(headline(page)).to_have_text("Two saved options are needed to compare")
    page.get_by_role("link", name="Draw an option").click()
    expect(headline(page)).to_have_text("Click wards into neighbourhoods")
