"""Every record whole, and York's published files fill as many as the catalogue says."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, get_args

import pytest

from geodata.geography import GEOGRAPHIES
from geodata.source import SOURCES
from indicators.catalogue import CATALOGUE, adults, children, crime, economy, health, population
from indicators.indicator import DOMAINS, Cells, Disclosure, Indicator, Polarity, Statistic
from indicators.profile import profile_rows
from tests.geodata.statistic_table import cells_of, parse, table

if TYPE_CHECKING:
    from tests.indicators.conftest import York

RECORDS = list(CATALOGUE.values())
FILLED = [record for record in RECORDS if not record.waits_for]
PARTS = [(record, part) for record in RECORDS for part in (record.numerator, record.denominator) if part]


def test_at_least_forty_five_indicators_six_or_more_filled_in_each_domain() -> None:
    assert len(RECORDS) >= 45
    assert len(FILLED) >= 60
    by_domain = Counter(record.domain for record in FILLED)
    assert all(by_domain[domain] >= 6 for domain in DOMAINS)


def test_ids_are_unique_over_the_six_files() -> None:
    modules = (adults, children, crime, economy, health, population)
    assert sum(len(module.INDICATORS) for module in modules) == len(CATALOGUE)
    assert all(
        record.domain == module.__name__.rsplit(".", 1)[1]
        for module in modules
        for record in module.INDICATORS
    )


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_each_record_is_whole(record: Indicator) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]+", record.id)
    for text in (record.label, record.definition, record.unit, record.vintage, record.cadence, record.caveat):
        assert text.strip() == text
        assert text
        assert "  " not in text
    assert record.definition.endswith(".")
    assert record.caveat.endswith(".")
    assert record.label[0].isupper()
    assert record.source_id in SOURCES
    assert record.geography in GEOGRAPHIES
    assert record.domain in DOMAINS
    assert record.statistic in get_args(Statistic)
    assert record.polarity in get_args(Polarity)
    assert record.disclosure in get_args(Disclosure)
    assert record.multiplier > 0


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_each_record_can_be_put_into_a_sentence(record: Indicator) -> None:
    for text in (record.subject, record.predicate):
        assert text.strip() == text
        assert text
        assert not text.endswith(".")
    assert record.subject[0].islower()
    assert "{}" not in record.subject
    has_place = record.statistic not in ("proportion", "rate")
    assert record.predicate.count("{}") == has_place


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_the_statistic_rules_denominator_interval_and_aggregation(record: Indicator) -> None:
    assert (record.denominator is None) == (record.statistic == "count")
    expected = {"proportion": "Wilson", "rate": "Byar's or exact Poisson"}.get(record.statistic, "none")
    assert record.interval == expected
    allowed = {
        "count": {"sum"},
        "score": {"population-weighted mean", "not combined"},
    }.get(record.statistic, {"sum then divide", "not combined"})
    assert record.aggregation in allowed
    if record.statistic == "proportion":
        assert record.multiplier == 100
        assert record.unit == "%"


@pytest.mark.parametrize(("record", "part"), PARTS, ids=lambda value: getattr(value, "id", ""))
def test_each_side_names_its_cells(record: Indicator, part: Cells) -> None:
    assert part.table
    assert part.add or part.area_km2
    assert all(name == " ".join(name.split()) for name in part.add + part.subtract)
    assert not any("measures:" in name for name in part.add + part.subtract)  # taken off at import
    assert part.months in (0, 12)


@pytest.mark.parametrize(
    "record", [one for one in RECORDS if "tidy table" in one.waits_for], ids=lambda record: record.id
)
def test_a_tidy_table_with_the_variables_that_an_indicator_names_gives_its_cells(record: Indicator) -> None:
    wanted = [p for p in (record.numerator, record.denominator) if p and p.table == record.numerator.table]
    variables = [name for part in wanted for name in part.add]
    assert all(name in record.waits_for for name in variables)
    rows = "".join(f"2025,E05000001,{name},{n}\n" for n, name in enumerate(variables, start=1))
    parsed = parse(table("date,geography_code,variable_name,value\n" + rows))
    cells = cells_of(parsed)
    assert set(cells["table"]) == {record.numerator.table}
    assert sorted(cells["cell"]) == sorted(variables)
    assert {dataset.provenance.source_id for dataset in parsed.datasets} == {record.source_id}


def test_crime_is_over_twelve_months_and_burglary_over_households() -> None:
    recorded = [record for record in crime.INDICATORS if record.source_id == "police_uk"]
    assert len(recorded) >= 12
    assert all(record.numerator.months == 12 and record.multiplier == 1000 for record in recorded)
    assert CATALOGUE["burglary"].denominator == Cells(
        "ts054", ("Tenure of household: Total: All households",)
    )


def test_what_is_published_by_ward_says_so_and_names_only_ward_tables() -> None:
    by_ward = {"cilif_ahc", "claimants", "housing_benefit", "fuel_poverty", "pop_mid_2020"}
    assert {record.id for record in FILLED if record.geography == "ward"} == by_ward


def test_the_cells_of_filled_indicators_are_in_yorks_files(york: York) -> None:
    held = set(zip(york.cells["table"], york.cells["cell"], strict=True))
    tables = {table for table, _ in held}
    for record in FILLED:
        for part in (record.numerator, record.denominator):
            if part is None or part.area_km2:
                continue
            named = [(part.table, name) for name in part.add + part.subtract if not name.endswith("*")]
            named += [pair[:2] for pair in (part.where, part.divide_by) if pair]
            assert part.table in tables, record.id
            assert not [pair for pair in named if pair not in held], record.id


def test_york_wards_have_forty_two_indicators_or_more_six_in_each_domain(york: York) -> None:
    rows = profile_rows(york.observations, york.ward_target, CATALOGUE, authority_code="E06000014")
    wards = rows[rows["area_code"].isin(york.wards)]
    full = wards.groupby(["domain", "indicator_id"])["value"].agg(lambda value: value.notna().sum() == 21)
    assert full.sum() >= 42
    assert all(full.xs(domain).sum() >= 6 for domain in DOMAINS)


def test_york_lsoas_have_thirty_six_indicators_or_more(york: York) -> None:
    rows = profile_rows(york.observations, york.lsoa_target, CATALOGUE, authority_code="E06000014")
    lsoas = rows[rows["area_code"].isin(york.lsoas)]
    full = lsoas.groupby("indicator_id")["value"].agg(lambda value: value.notna().sum() == 121)
    assert full.sum() >= 36
    for indicator_id in ("cilif_ahc", "claimants", "housing_benefit", "fuel_poverty", "pop_mid_2020"):
        ward_only = lsoas[lsoas["indicator_id"] == indicator_id]
        assert ward_only["value"].isna().all()
        assert ward_only["note"].str.contains("Published by").all()
