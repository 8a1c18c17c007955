"""York's published files as cells, read by tests without the importer: an independent way in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from indicators.catalogue import CATALOGUE
from indicators.observe import observe
from indicators.target import Membership, Target, published_at

COLUMNS = ["table", "geography", "area_code", "period", "cell", "value", "status"]
_LEVELS = {"lsoa": "lsoa21", "msoa": "msoa21", "ltla": "lad"}


def _long(wide: pd.DataFrame, table: str, geography: str, period: str) -> pd.DataFrame:
    """Index area code, columns cells -> the cells frame; blanks count as suppressed at source."""
    long = wide.rename_axis("area_code").reset_index().melt("area_code", var_name="cell", value_name="value")
    long["value"] = long["value"].astype("float64")
    status = long["value"].isna().map({True: "suppressed", False: ""})
    return long.assign(table=table, geography=geography, period=period, status=status)[COLUMNS]


def _census(folder: Path) -> list[pd.DataFrame]:
    frames = []
    for path in sorted(folder.glob("census2021-ts*.csv")):
        _, table, level = path.stem.split("-")
        wide = pd.read_csv(path).drop(columns=["date", "geography"]).set_index("geography code")
        frames.append(_long(wide, table, _LEVELS[level], "2021"))
    return frames


def _tidy_census(folder: Path) -> list[pd.DataFrame]:
    frames = []
    for name, table, column in (
        ("household_deprivation", "ts011", "deprivation_dimensions"),
        ("household_type", "dwelling_type", "type"),
        ("overcrowding", "ts052", "occupancy_rating"),
    ):
        tidy = pd.read_csv(folder / f"DERIVED_census21_{name}_lsoa21.csv")
        wide = tidy.pivot_table(index="lsoa21_code", columns=column, values="n")
        wide["total_households"] = tidy.groupby("lsoa21_code")["total_households"].first()
        frames.append(_long(wide, table, "lsoa21", "2021"))
    return frames


def _deprivation(folder: Path) -> list[pd.DataFrame]:
    frames = []
    for suffix, table in (("", "scores"), ("_indicators", "indicators"), ("_subdomains", "subdomains")):
        wide = pd.read_csv(folder / f"DERIVED_imd2025_england_lsoa21{suffix}.csv").set_index("lsoa21_code")
        frames.append(_long(wide, f"iod2025_{table}", "lsoa21", "2025"))
    supplementary = pd.read_excel(
        folder / "File_3_IoD2025_Supplementary_Indices_IDACI_and_IDAOPI.xlsx", sheet_name=1
    )
    names = ["IMD_rank", "IMD_decile", "IDACI_rank", "IDACI_decile", "IDAOPI_rank", "IDAOPI_decile"]
    wide = supplementary.set_index(supplementary.columns[0]).iloc[:, 3:]
    wide.columns = pd.Index(names)
    frames.append(_long(wide, "iod2025_supplementary", "lsoa21", "2025"))
    frames.append(_long(wide[["IMD_rank", "IMD_decile"]], "iod2025_imd", "lsoa21", "2025"))
    return frames


def _by_variable(folder: Path) -> list[pd.DataFrame]:
    frames = []
    for name, table in (("claimant-count", "claimant_count"), ("fuel-poverty", "fuel_poverty")):
        tidy = pd.read_csv(folder / f"{name}.csv", dtype={"date": str})
        frames.append(_rows(tidy, table, tidy["date"], tidy["variable_name"]))
    benefit = pd.read_csv(folder / "hb-claimants.csv")
    frames.append(_rows(benefit, "hb_claimants", benefit["Month"], benefit["variable_name"]))
    people = pd.read_csv(folder / "population-estimates-ages.csv", dtype={"date": str})
    bands = people["age_band"].where(people["age_band"] == "All Ages", "Aged " + people["age_band"])
    frames.append(_rows(people, "population_estimates", "mid-" + people["date"], bands))
    return frames


def _rows(tidy: pd.DataFrame, table: str, period: pd.Series, cell: pd.Series) -> pd.DataFrame:
    geography = tidy["geography_code"].str.startswith("E05").map({True: "ward", False: "lad"})
    return pd.DataFrame(
        {
            "table": table,
            "geography": geography,
            "area_code": tidy["geography_code"],
            "period": period,
            "cell": cell,
            "value": tidy["value"].astype("float64"),
            "status": "",
        }
    )


def _low_income(folder: Path) -> list[pd.DataFrame]:
    frames = []
    for name, code_column, geography in (
        ("4_AHC_Relative_Ward", 3, "ward"),
        ("2_AHC_Relative_LA", 1, "lad"),
    ):
        raw = pd.read_csv(
            folder / f"{name}.csv", header=None, names=range(12), dtype=str, encoding="utf-8-sig"
        )
        rows = raw[raw[0] == "York"]
        for offset, year in ((1, "FYE 2024"), (2, "FYE 2025")):
            count = rows[code_column + offset].str.replace(",", "").astype(float)
            percent = rows[code_column + 2 + offset].str.rstrip("%").astype(float)
            wide = pd.DataFrame(
                {
                    "Children in low income families": count.to_numpy(),
                    "Per cent of children": percent.to_numpy(),
                },
                index=pd.Index(rows[code_column]),
            )
            frames.append(_long(wide, "cilif_ahc", geography, year))
    return frames


def _crime(folder: Path, lsoas: pd.Index) -> pd.DataFrame:
    """Each crime once, though it is listed again with another outcome; no row in a month is a zero."""
    rows = pd.concat([pd.read_csv(path, dtype=str) for path in sorted(folder.glob("202*-street.csv"))])
    again = rows["Crime ID"].notna() & rows.duplicated(["Crime ID", "Crime type", "LSOA code"])
    counted = rows[~again].groupby(["Month", "LSOA code", "Crime type"]).size().unstack(fill_value=0)
    every = pd.MultiIndex.from_product([sorted(set(rows["Month"])), lsoas])
    counted = counted.reindex(every, fill_value=0)
    frames = [
        _long(counted.loc[month], "crime", "lsoa21", str(month)) for month in counted.index.unique(level=0)
    ]
    return pd.concat(frames)


def _census_2011(folder: Path) -> list[pd.DataFrame]:
    return [
        _long(
            pd.read_csv(folder / f"DERIVED_census2011_{table}_lsoa11.csv").set_index("GEOGRAPHY_CODE"),
            table.lower(),
            "lsoa11",
            "2011",
        )
        for table in ("QS416EW", "QS601EW")
    ]


def _all_cells(data: Path, lsoas: pd.Index) -> pd.DataFrame:
    folder = data / "indicators"
    loneliness = pd.read_csv(folder / "england_cls_loneliness_lsoa.csv").set_index("lsoa21_code")
    frames = [
        *_census(folder),
        *_tidy_census(folder),
        *_deprivation(folder),
        *_by_variable(folder),
        *_low_income(folder),
        *_census_2011(folder),
        _long(loneliness, "loneliness_modelled", "lsoa21", "2020-21"),
        _crime(data / "crime", lsoas),
    ]
    return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True)
class York:
    """York's published figures: cells, observations, and the best fit of LSOAs to wards."""

    data: Path
    cells: pd.DataFrame
    observations: pd.DataFrame
    wards: pd.Index
    lsoas: pd.Index
    ward_target: Target
    lsoa_target: Target


@pytest.fixture(scope="session")
def york(york_data: Path) -> York:
    """York read without the importer."""
    lookup = pd.read_csv(york_data / "lookups" / "DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    wards = pd.Index(sorted(set(lookup["ward24_code"])))
    lsoas = pd.Index(sorted(lookup["lsoa21_code"]))
    cells = _all_cells(york_data, lsoas)
    areas = {
        "ward": pd.DataFrame({"km2": 13.0}, index=wards),
        "lsoa21": pd.DataFrame({"km2": 2.0}, index=lsoas),
    }
    place = (wards.get_indexer(lookup["ward24_code"]), lsoas.get_indexer(lookup["lsoa21_code"]))
    matrix = csr_array((np.ones(len(lookup)), place), shape=(len(wards), len(lsoas)))
    best_fit = Membership(matrix, lsoas, "best fit by lookup")
    return York(
        york_data,
        cells,
        observe(cells, areas, CATALOGUE),
        wards,
        lsoas,
        Target(wards, {"ward": published_at(wards), "lsoa21": best_fit}),
        Target(lsoas, {"lsoa21": published_at(lsoas)}),
    )
