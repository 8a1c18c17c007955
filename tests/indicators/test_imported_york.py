"""After one import of all of York's published files, how many indicators are there for every area."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geodata.fit import choose_fit
from geodata.importer import ImportReport
from geodata.store import Store
from indicators.catalogue import CATALOGUE
from indicators.indicator import DOMAINS
from indicators.observe import observe
from indicators.profile import profile_rows
from indicators.target import Membership, Target

SOURCES_BY_TARGET = {"ward": ("ward", "lsoa21", "lsoa11"), "lsoa21": ("lsoa21", "lsoa11")}


@pytest.fixture(scope="module")
def profiles(york_import: tuple[Path, ImportReport]) -> dict[str, pd.DataFrame]:
    """Rows by geography, without the authority's."""
    store = Store(york_import[0])
    frames = {geography: store.areas(geography) for geography in ("ward", "lsoa21", "lsoa11")}
    areas = {
        geography: pd.DataFrame({"km2": frame.geometry.area / 1e6})
        for geography, frame in frames.items()
        if frame is not None
    }
    assert {geography: len(frame) for geography, frame in areas.items()} == {
        "ward": 21,
        "lsoa21": 121,
        "lsoa11": 120,
    }
    observations = observe(store.cells(), areas, CATALOGUE)
    rows = {}
    for geography, sources in SOURCES_BY_TARGET.items():
        memberships = {}
        for source in sources:
            fit = choose_fit(store, source, geography)
            memberships[source] = Membership(fit.matrix, fit.from_codes, fit.method, fit.straddling)
        target = Target(fit.to_codes, memberships)
        frame = profile_rows(observations, target, CATALOGUE, authority_code="E06000014")
        rows[geography] = frame[frame["area_code"] != "E06000014"]
    return rows


def _full(rows: pd.DataFrame) -> pd.Series:
    """Domain by indicator with a figure for every area that is not modelled."""
    known = rows["value"].notna() & (rows["fit"] != "modelled")
    full = known.groupby([rows["domain"], rows["indicator_id"]]).all()
    return full[full].reset_index().set_index("indicator_id")["domain"]


def test_every_ward_has_forty_two_indicators_or_more_six_in_each_domain(
    profiles: dict[str, pd.DataFrame],
) -> None:
    full = _full(profiles["ward"])
    assert len(full) >= 42
    assert full.value_counts().reindex(list(DOMAINS), fill_value=0).min() >= 6


def test_every_lsoa_has_thirty_six_indicators_or_more(profiles: dict[str, pd.DataFrame]) -> None:
    assert len(_full(profiles["lsoa21"])) >= 36


def test_every_record_that_waits_for_no_file_has_figures_and_those_that_wait_have_none(
    profiles: dict[str, pd.DataFrame],
) -> None:
    wards = profiles["ward"]
    known = set(wards.loc[wards["value"].notna(), "indicator_id"])
    assert known == {record.id for record in CATALOGUE.values() if not record.waits_for}


def test_crime_of_2025_is_counted_once(profiles: dict[str, pd.DataFrame]) -> None:
    rows = profiles["lsoa21"]
    crimes = rows[rows["indicator_id"] == "crime_all"]
    assert set(crimes["period"]) == {"2025-01 to 2025-12"}
    assert crimes["numerator"].sum() == 19_297 - 226  # the data manifest: rows, and repeated crimes


def test_what_is_published_by_ward_is_never_spread_to_lsoas(profiles: dict[str, pd.DataFrame]) -> None:
    rows = profiles["lsoa21"]
    for indicator_id in ("cilif_ahc", "claimants", "housing_benefit", "fuel_poverty", "pop_mid_2020"):
        assert rows.loc[rows["indicator_id"] == indicator_id, "value"].isna().all()
