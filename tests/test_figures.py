"""York's figures against plain arithmetic on the published files, done without the project's code.

The expected side reads the raw CSV files with pandas, adds, divides and puts its own limits round the
result; the other side is what the command line prints.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm

from cli import main

AUTHORITY = "E06000014"
LEVELS = ("ward", "lsoa21", "footprint")
CRIME_TYPES = {
    "crime_all": None,
    "asb": "Anti-social behaviour",
    "violence": "Violence and sexual offences",
    "shoplifting": "Shoplifting",
    "robbery": "Robbery",
    "weapons": "Possession of weapons",
}


@dataclass(frozen=True)
class Part:
    """Numerator and denominator by area, as added up here."""

    numerator: pd.Series
    denominator: pd.Series | None
    statistic: str
    multiplier: float
    by_ward: bool = False


def census(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / "indicators" / f"census2021-{table}-lsoa.csv").set_index("geography code")


def parts(folder: Path) -> dict[str, Part]:
    age = census(folder, "ts007a")
    people = age["Age: Total"].astype(float)
    found = {"pop_total": Part(people, None, "count", 1)}

    def proportion(
        name: str, table: pd.DataFrame, cells: list[str], whole: str, *, less: bool = False
    ) -> None:
        top = table[cells].sum(axis=1)
        top = table[whole] - top if less else top
        found[name] = Part(top.astype(float), table[whole].astype(float), "proportion", 100)

    old = [c for c in age.columns if c.startswith(("Age: Aged 65", "Age: Aged 7", "Age: Aged 8"))]
    proportion("pop_65plus", age, old, "Age: Total")
    young = ["Age: Aged 4 years and under", "Age: Aged 5 to 9 years", "Age: Aged 10 to 14 years"]
    proportion("pop_0_14", age, young, "Age: Total")
    health = census(folder, "ts037")
    bad = ["General health: Bad health", "General health: Very bad health"]
    proportion("bad_health", health, bad, "General health: Total: All usual residents")
    care = census(folder, "ts039")
    base = "Provision of unpaid care: Total: All usual residents aged 5 and over"
    proportion("carers", care, ["Provision of unpaid care: Provides no unpaid care"], base, less=True)
    tenure = census(folder, "ts054")
    homes = "Tenure of household: Total: All households"
    proportion("social_rent", tenure, ["Tenure of household: Social rented"], homes)
    found["household_size"] = Part(people, tenure[homes].astype(float), "ratio", 1)
    skill = census(folder, "ts067")
    level = "Highest level of qualification: "
    adults = f"{level}Total: All usual residents aged 16 years and over"
    proportion("level4", skill, [f"{level}Level 4 qualifications and above"], adults)
    found |= deprivation(folder, people, age[young].sum(axis=1).astype(float))
    found |= crime(folder, people, tenure[homes].astype(float))
    found |= by_ward(folder)
    return found


def deprivation(folder: Path, people: pd.Series, children: pd.Series) -> dict[str, Part]:
    tables = folder / "indicators"
    scores = pd.read_csv(tables / "DERIVED_imd2025_england_lsoa21.csv").set_index("lsoa21_code")
    counts = pd.read_csv(tables / "DERIVED_imd2025_england_lsoa21_indicators.csv").set_index("lsoa21_code")
    scores, counts = scores.reindex(people.index), counts.reindex(people.index)
    in_income = counts["income_domain_numerator"]
    of_children = counts["income_deprivation_affecting_children_index_idaci_numerator"]
    most = people.where(scores["IMD_decile"] <= 2, 0.0)
    return {
        "imd": Part(scores["IMD_score"] * people, people, "score", 1),
        "iod_health": Part(scores["Health_score"] * people, people, "score", 1),
        "income_dep": Part(in_income, in_income / scores["Income_score"], "proportion", 100),
        "idaci": Part(of_children, children, "ratio", 100),
        "imd_most_deprived": Part(most, people, "proportion", 100),
    }


def crime(folder: Path, people: pd.Series, homes: pd.Series) -> dict[str, Part]:
    """Twelve months of 2025; a crime with an id that is listed again counts once."""
    rows = pd.concat([pd.read_csv(f) for f in sorted((folder / "crime").glob("2025-*.csv"))])
    rows = rows[rows["LSOA code"].isin(people.index)]
    assert len(rows) == 19_297
    again = rows.duplicated(["Crime ID", "Crime type"]) & rows["Crime ID"].notna()
    rows = rows[~again]

    def count(kind: str | None) -> pd.Series:
        chosen = rows if kind is None else rows[rows["Crime type"] == kind]
        return chosen.groupby("LSOA code").size().reindex(people.index).fillna(0).astype(float)

    rates = {name: Part(count(kind), people, "rate", 1_000) for name, kind in CRIME_TYPES.items()}
    return rates | {"burglary": Part(count("Burglary"), homes, "rate", 1_000)}


def by_ward(folder: Path) -> dict[str, Part]:
    tables = folder / "indicators"
    bands = pd.read_csv(tables / "population-estimates-ages.csv")
    bands = bands[bands["geography_code"].str.startswith("E05")]
    age = bands.pivot_table(index="geography_code", columns="age_band", values="value")
    claims = pd.read_csv(tables / "claimant-count.csv")
    claims = claims[claims["variable_name"] == "Claimant count"].set_index("geography_code")["value"]
    fuel = pd.read_csv(tables / "fuel-poverty.csv")
    fuel = fuel.pivot_table(index="geography_code", columns="variable_name", values="value").reindex(
        age.index
    )
    low = pd.read_csv(tables / "4_AHC_Relative_Ward.csv", header=None, dtype=str, names=list(range(12)))
    low = low[low[3].isin(age.index)].set_index(3)
    number = low[5].str.replace(",", "").astype(float).reindex(age.index)
    share = low[7].str.rstrip("%").astype(float).reindex(age.index)
    adults = age["16-19"] + age["20-64"]
    return {
        "pop_mid_2020": Part(age["All Ages"], None, "count", 1, by_ward=True),
        "claimants": Part(claims.reindex(age.index), adults, "proportion", 100, by_ward=True),
        "fuel_poverty": Part(
            fuel["Number of households in fuel poverty"],
            fuel["Number of households"],
            "proportion",
            100,
            by_ward=True,
        ),
        "cilif_ahc": Part(number, number / share * 100, "proportion", 100, by_ward=True),
    }


def wilson(x: float, n: float, level: float) -> tuple[float, float]:
    z = norm.ppf(0.5 + level / 2)
    middle, half = 2 * x + z * z, z * math.sqrt(z * z + 4 * x * (1 - x / n))
    return (middle - half) / (2 * (n + z * z)), (middle + half) / (2 * (n + z * z))


def events(x: float, level: float) -> tuple[float, float]:
    """Exact Poisson below ten, Byar's from ten."""
    if x < 10:
        tail = (1 - level) / 2
        return (chi2.ppf(tail, 2 * x) / 2 if x else 0.0), chi2.ppf(1 - tail, 2 * x + 2) / 2
    z = norm.ppf(0.5 + level / 2)
    low = x * (1 - 1 / (9 * x) - z / (3 * math.sqrt(x))) ** 3
    high = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * math.sqrt(x + 1))) ** 3
    return low, high


def figure(part: Part, top: float, bottom: float) -> dict[str, float]:
    if part.denominator is None:
        return {"numerator": top, "value": top}
    if math.isnan(top) or math.isnan(bottom):
        return dict.fromkeys(("numerator", "denominator", "value", "lower", "upper"), math.nan)
    found = {"numerator": top, "denominator": bottom, "value": top / bottom * part.multiplier}
    limits = (math.nan, math.nan)
    if part.statistic == "proportion":
        limits = wilson(top, bottom, 0.95)
    elif part.statistic == "rate":
        low, high = events(top, 0.95)
        limits = (low / bottom, high / bottom)
    return found | {"lower": limits[0] * part.multiplier, "upper": limits[1] * part.multiplier}


def word(one: dict[str, float], reference: float) -> str:
    if math.isnan(reference) or math.isnan(one.get("lower", math.nan)):
        return "not compared"
    return "higher" if one["lower"] > reference else "lower" if one["upper"] < reference else "similar"


@pytest.fixture(scope="module")
def raw(york_data: Path) -> dict[str, Part]:
    return parts(york_data)


@pytest.fixture(scope="module")
def target_of(york_data: Path) -> Callable[[Part, str], pd.Series]:
    """For each area of a part, the target that it belongs to."""
    lookup = pd.read_csv(york_data / "lookups" / "DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    ward = lookup.set_index("lsoa21_code")["ward24_code"]
    group = pd.read_csv(york_data / "footprints" / "pcn_ward_groups.csv").set_index("ward_code")["footprint"]

    def target(part: Part, level: str) -> pd.Series:
        codes = pd.Series(part.numerator.index, index=part.numerator.index)
        if level == "footprint":
            return codes.map(group) if part.by_ward else codes.map(ward).map(group)
        return codes if part.by_ward or level == "lsoa21" else codes.map(ward)

    return target


@pytest.fixture(scope="module")
def folder(york_copy: Callable[[], Path]) -> str:
    """A workspace with the published files."""
    return str(york_copy())


@pytest.fixture(scope="module")
def printed(
    tmp_path_factory: pytest.TempPathFactory, york_data: Path, folder: str
) -> dict[str, pd.DataFrame]:
    """What the command line prints at each level, by indicator and target."""
    option = str(york_data / "footprints" / "pcn_ward_groups.csv")
    found = {}
    for level in LEVELS:
        choice = ["--option", option] if level == "footprint" else ["--geography", level]
        capture = tmp_path_factory.mktemp("out") / "rows.json"
        with capture.open("w") as out, pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdout", out)
            assert main(["profile", *choice, "--workspace", folder, "--json"]) == 0
        rows = pd.DataFrame(json.loads(capture.read_text())["rows"])
        key = "footprint_id" if level == "footprint" else "area_code"
        found[level] = rows.set_index(["indicator_id", key]).sort_index()
    return found


@pytest.mark.parametrize("level", LEVELS)
def test_every_figure_agrees_with_arithmetic_on_the_published_files(
    level: str,
    raw: dict[str, Part],
    target_of: Callable[[Part, str], pd.Series],
    printed: dict[str, pd.DataFrame],
) -> None:
    n_checked = 0
    faults = []
    for name, part in raw.items():
        if part.by_ward and level == "lsoa21":
            continue
        targets = target_of(part, level)
        bottom = part.numerator * np.nan if part.denominator is None else part.denominator
        tops, bottoms = (
            s.groupby(targets).agg(lambda x: x.sum(skipna=False)) for s in (part.numerator, bottom)
        )
        whole = figure(part, part.numerator.sum(skipna=False), bottom.sum(skipna=False))
        reference = float(printed[level].loc[(name, AUTHORITY), "value"] or math.nan)
        if not math.isnan(whole["value"]):
            assert reference == pytest.approx(whole["value"], rel=1e-9)
        for target in tops.index:
            expected = figure(part, float(tops[target]), float(bottoms[target]))
            shown = printed[level].loc[(name, target)]
            for key, value in expected.items():
                got = math.nan if shown[key] is None else float(shown[key])
                n_checked += 1
                if got != pytest.approx(value, rel=1e-9, abs=1e-12, nan_ok=True):
                    faults.append(f"{name} {target} {key}: {got}, by hand {value}")
            if shown["comparison"] != word(expected, reference):
                faults.append(f"{name} {target}: {shown['comparison']}, by hand {word(expected, reference)}")
    assert faults == []
    assert n_checked >= {"ward": 2_000, "lsoa21": 10_000, "footprint": 500}[level]


def test_crimes_of_2025_are_those_with_a_place_in_york_each_counted_once(
    printed: dict[str, pd.DataFrame],
) -> None:
    assert printed["ward"].loc[("crime_all", AUTHORITY), "numerator"] == 19_297 - 226
    assert printed["ward"].loc[("crime_all", AUTHORITY), "period"] == "2025-01 to 2025-12"


def test_what_the_publisher_hid_is_suppressed_and_what_is_lacking_is_unknown(
    printed: dict[str, pd.DataFrame],
) -> None:
    idaci = printed["lsoa21"].loc["idaci"].drop(AUTHORITY)
    assert idaci["suppressed"].sum() == idaci["value"].isna().sum() == 9
    fuel = printed["ward"].loc["fuel_poverty"]
    assert list(fuel.index[fuel["value"].isna()]) == ["E05010317"]  # Fulford & Heslington is not in the file
    assert not fuel["suppressed"].any()


def test_a_figure_for_half_of_a_split_lsoa_is_never_made_up(printed: dict[str, pd.DataFrame]) -> None:
    cars = printed["lsoa21"].loc["no_car_2011"].drop(AUTHORITY)
    assert sorted(cars.index[cars["value"].isna()]) == ["E01034761", "E01034762"]
    assert set(cars["fit"]) == {"exact"}


def test_density_is_residents_over_the_size_of_the_outline(
    york_data: Path, raw: dict[str, Part], printed: dict[str, pd.DataFrame]
) -> None:
    outlines = gpd.read_file(york_data / "boundaries" / "lsoa21_E06000014.geojson").to_crs(27700)
    code = next(c for c in outlines.columns if c.startswith("LSOA21CD") or c == "LSOACD")
    km2 = outlines.set_index(code).geometry.area / 1e6
    expected = raw["pop_total"].numerator / km2
    shown = printed["lsoa21"].loc["pop_density"].drop(AUTHORITY)["value"].astype(float)
    assert shown.to_dict() == pytest.approx(expected.to_dict(), rel=1e-9)


def test_sentences_of_real_footprints_hold_what_the_published_files_add_up_to(
    york_data: Path,
    raw: dict[str, Part],
    target_of: Callable[[Part, str], pd.Series],
    folder: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Value, limits and what they are set against, by hand, for every sentence on an indicator known here."""
    capsys.readouterr()
    option = str(york_data / "footprints" / "pcn_ward_groups.csv")
    assert main(["portrait", option, "--workspace", folder, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    n_checked = {"higher": 0, "lower": 0, "pocket": 0}
    for footprint in document["footprints"]:
        for said in footprint["sentences"]:
            part = raw.get(said["indicator_id"] or "")
            if part is None or part.denominator is None:
                continue
            inside = target_of(part, "footprint") == footprint["footprint_id"]
            if said["kind"] == "pocket":
                here = inside & (part.numerator.index == said["area_code"])
                against = inside & ~here
            else:
                here, against = inside, inside | True
            own = figure(part, part.numerator[here].sum(), part.denominator[here].sum())
            other = part.numerator[against].sum() / part.denominator[against].sum() * part.multiplier
            sign = "%" if part.multiplier == 100 else ""
            written = [f"{v:.1f}{sign}" for v in (own["value"], own["lower"], own["upper"], other)]
            assert f"{written[1]} to {written[2]})" in said["text"]
            assert written[0] in said["text"]
            assert f"({written[3]})" in said["text"] or f"against {written[3]} in" in said["text"]
            assert ("more than" in said["text"]) == (said["kind"] == "higher")
            n_checked[said["kind"]] += 1
    assert sum(n_checked.values()) >= 5
    assert n_checked["pocket"] >= 2
