"""An area that was split or merged between two vintages, from the stored lookup to the fit."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.dataset import NewDataset
from geodata.fit import choose_fit
from geodata.provenance import Provenance
from geodata.store import Store

ORIGIN = Provenance(
    source_id="ons_lookups",
    file_name="a.csv",
    sha256="0" * 64,
    period="2022",
    retrieved="",
    rows_in=3,
    rows_kept=3,
)
OLD = ("E01000001", "E01000002")
NEW = ("E01000001", "E01030001", "E01030002")


def areas(geography: str, codes: tuple[str, ...], people: tuple[float, ...]) -> NewDataset:
    frame = gpd.GeoDataFrame(
        {"area_name": list(codes), "population": list(people)},
        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(len(codes))],
        index=pd.Index(codes, name="area_code"),
        crs=27700,
    )
    return NewDataset(f"areas:{geography}", "areas", geography, frame, ORIGIN)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """E01000002 of 2011 became E01030001 (300 people) and E01030002 (100 people)."""
    links = pd.DataFrame(
        {"from_code": [OLD[0], OLD[1], OLD[1]], "to_code": list(NEW), "weight": [1.0, 0.5, 0.5]}
    )
    extra = {"to_geography": "lsoa21", "method": "exact_change"}
    made = Store(tmp_path / "workspace")
    made.write(
        [
            areas("lsoa11", OLD, (np.nan, np.nan)),
            areas("lsoa21", NEW, (50.0, 300.0, 100.0)),
            NewDataset("lookup:lsoa11:lsoa21:exact_change", "lookup", "lsoa11", links, ORIGIN, extra),
        ]
    )
    return made


def test_parts_of_a_split_area_are_unknown_never_equal_halves(store: Store) -> None:
    fit = choose_fit(store, "lsoa11", "lsoa21")
    counts = fit.matrix @ np.array([10.0, 80.0])
    assert fit.method == "exact"
    assert counts[0] == 10.0
    assert np.isnan(counts[1:]).all()


def test_parts_of_a_split_area_follow_population_where_modelled_is_asked_for(store: Store) -> None:
    fit = choose_fit(store, "lsoa11", "lsoa21", modelled=True)
    assert (fit.matrix @ np.array([10.0, 80.0])).tolist() == [10.0, 60.0, 20.0]


def test_new_parts_add_up_to_the_old_area_in_full(store: Store) -> None:
    fit = choose_fit(store, "lsoa21", "lsoa11")
    assert fit.method == "exact"
    assert (fit.matrix @ np.array([50.0, 300.0, 100.0])).tolist() == [50.0, 400.0]


def test_a_best_fit_lookup_read_backwards_counts_everybody_once(store: Store) -> None:
    links = pd.DataFrame({"from_code": list(OLD), "to_code": [NEW[0], NEW[1]], "weight": [1.0, 1.0]})
    back = pd.DataFrame({"from_code": [OLD[1], OLD[1]], "to_code": list(NEW[1:]), "weight": [0.5, 0.5]})
    extra = {"to_geography": "lsoa21", "method": "best_fit"}
    store.remove("lookup:lsoa11:lsoa21:exact_change")
    both = pd.concat([links.head(1), back], ignore_index=True)
    store.write([NewDataset("lookup:lsoa11:lsoa21:best_fit", "lookup", "lsoa11", both, ORIGIN, extra)])
    fit = choose_fit(store, "lsoa21", "lsoa11")
    assert (fit.matrix @ np.array([50.0, 300.0, 100.0])).tolist() == [50.0, 400.0]
