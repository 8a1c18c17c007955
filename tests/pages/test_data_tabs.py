"""Development sites and partners' areas on the Data page. Every site here is synthetic."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geodata.content import parse_payload
from geodata.errors import InputError
from geodata.layouts.site_column import is_site_table
from geodata.payload import Payload
from geodata.site_table import FIXED_COLUMNS, editable_sites, save_sites, template
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.partner.library import add_partner
from neighbourhoods.study.study import Study
from pages.components.tables import _periods

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    folder = tmp_path / "workspace"
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(folder))
    return open_workspace(folder)


def data_page(tab: str) -> AppTest:
    """The Data page turned to one of its tabs."""
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    page = opened.switch_page("pages/about/data.py")
    page.session_state["data_tabs"] = tab
    return page.run()


def middle(store: Store, position: int = 0) -> tuple[float, float]:
    """A point inside a ward of the sample."""
    point = Study(store).outlines("ward").geometry.representative_point().iloc[position]
    return round(point.x, 1), round(point.y, 1)


def typed(store: Store, *rows: dict[str, object]) -> pd.DataFrame:
    empty = editable_sites(None, 2021)
    return pd.concat([empty, pd.DataFrame(rows)], ignore_index=True).reindex(columns=empty.columns)


def test_without_sites_the_tab_says_what_is_needed_and_offers_an_empty_table(store: Store) -> None:
    app = data_page("Development sites")
    assert not app.exception
    assert any("No development sites are loaded" in m.value for m in app.markdown)
    content = template(2021)
    assert content.decode("utf-8-sig").strip().split(",")[: len(FIXED_COLUMNS)] == list(FIXED_COLUMNS)
    assert content.count(b"\n") == 1  # nothing is filled in for a council


def test_the_empty_table_once_filled_in_is_recognised_as_sites(store: Store) -> None:
    x, y = middle(store)
    years = ["50"] + [""] * 14
    row = ",".join(["Synthetic", str(x), str(y), "", "2", "", "", "", *years])
    (raw,) = parse_payload(Payload("t.csv", "", template(2021) + f"{row}\r\n".encode()))
    assert is_site_table(raw)


def test_what_is_typed_is_saved_shown_and_comes_back_as_it_was(store: Store) -> None:
    (x, y), (x2, y2) = middle(store, 0), middle(store, 1)
    table = typed(
        store,
        {
            "Site": "One (synthetic)",
            "Easting": x,
            "Northing": y,
            "People per home": 2.0,
            "2025": 30.0,
            "2030": 20.0,
        },
        {
            "Site": "Two (synthetic)",
            "Easting": x2,
            "Northing": y2,
            "Homes in all": 40.0,
            "First year": 2027.0,
            "Last year": 2030.0,
        },
        {},
    )
    parsed = save_sites(store, table)
    assert parsed is not None
    assert parsed.rows_kept == 2
    study = Study(store)
    again = editable_sites(study.sites(), 2021)
    assert again["Site"].tolist() == ["One (synthetic)", "Two (synthetic)"]
    assert again.loc[0, "2025"] == 30
    assert again.loc[1, ["2027", "2028", "2029", "2030"]].tolist() == [10] * 4
    assert again.loc[0, ["Easting", "Northing"]].tolist() == [x, y]
    assert save_sites(store, again) is not None
    assert editable_sites(Study(store).sites(), 2021).equals(again)
    app = data_page("Development sites")
    assert not app.exception
    assert any("2 sites with 90 homes" in m.value for m in app.markdown)
    assert any("more people by 2036" in m.value for m in app.markdown)


def test_a_faulty_row_is_named_and_nothing_is_saved(store: Store) -> None:
    version = store.version
    with pytest.raises(InputError, match=r"row 1 \(Nowhere\): it has no place"):
        save_sites(store, typed(store, {"Site": "Nowhere", "2025": 30.0}))
    assert store.version == version


def test_an_empty_table_takes_the_sites_away(store: Store) -> None:
    x, y = middle(store)
    save_sites(store, typed(store, {"Site": "One", "Easting": x, "Northing": y, "2025": 30.0}))
    assert Study(store).has_sites
    assert save_sites(store, typed(store)) is None
    assert not Study(store).has_sites
    assert save_sites(store, typed(store)) is None


def test_without_partners_the_tab_says_what_they_are_for(store: Store) -> None:
    app = data_page("Partners' areas")
    assert not app.exception
    assert any("No partner's areas are loaded yet" in m.value for m in app.markdown)


def test_partners_are_listed_with_their_fit_and_can_be_removed(store: Store) -> None:
    study = Study(store)
    codes = list(study.areas("ward").index)
    table = "ward_code,footprint\n" + "".join(f"{c},{'WE'[i % 2]}\n" for i, c in enumerate(codes))
    add_partner(study, table.encode(), "beats.csv", name="Police beats")
    app = data_page("Partners' areas")
    assert not app.exception
    assert app.selectbox(key="partner_seen").value == "partner:police_beats"
    next(b for b in app.button if b.label == "Remove this set").click().run()
    assert any("Police beats is removed" in s.value for s in app.success)
    assert Study(store).partner_sets() == {}


def test_a_partner_without_a_file_is_not_added(store: Store) -> None:
    app = data_page("Partners' areas")
    next(b for b in app.button if b.label == "Add partner's areas").click().run()
    assert any("A file and a name are needed" in e.value for e in app.error)


def test_a_mark_of_the_publisher_is_not_shown_as_the_first_year() -> None:
    assert _periods(["0 to 2025-26"]) == "up to 2025-26"
    assert _periods(["2014-16 to 2025-26"]) == "2014-16 to 2025-26"
    assert _periods(["2021"]) == "2021"
