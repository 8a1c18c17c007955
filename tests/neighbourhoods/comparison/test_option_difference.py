"""Differences between matched footprints: right about shared people, and silent about small counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.workspace import open_workspace
from indicators.custom import parse_custom
from indicators.custom_form import CustomForm
from indicators.difference import Part, difference
from neighbourhoods.comparison.difference import AS_SEPARATE, BY_PARTS, COLUMNS, option_differences
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.own_indicator import keep_indicator
from neighbourhoods.study.study import Study
from tests.neighbourhoods.test_disclosure_attack import LSOAS, N_LSOAS, equations, option, solved, workspace

SHARE, RATE, COUNT, RATIO = "bad_health", "crime_all", "pop_total", "household_size"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("difference") / "workspace"))


def bands(study: Study, shift: int, name: str = "Bands") -> FootprintOption:
    """York's wards in three footprints in the order of their codes, the borders moved by `shift`."""
    codes = list(study.areas("ward").index)
    return FootprintOption(
        "", name, "ward", {c: "ABC"[min((i + shift) // 7, 2)] for i, c in enumerate(codes)}
    )


def sums(study: Study, indicator_id: str, codes: list[str]) -> Part:
    """Numerator and denominator over some wards, added up by hand."""
    rows = study.profile("ward")
    rows = rows[(rows["indicator_id"] == indicator_id) & rows["area_code"].isin(codes)]
    return Part(np.array([rows["numerator"].sum()]), np.array([rows["denominator"].sum()]))


@pytest.mark.parametrize("indicator_id", [SHARE, RATE])
def test_limits_rest_on_who_is_only_in_one_and_who_is_in_both(study: Study, indicator_id: str) -> None:
    first, second = bands(study, 0), bands(study, 2)
    rows = option_differences(study, first, second, indicator_id)
    assert tuple(rows.columns) == COLUMNS
    assert rows["footprint_id"].tolist() == ["A", "B", "C"]
    assert set(rows["limits"]) == {BY_PARTS}
    a = {code for code, one in first.assignment.items() if one == "B"}
    b = {code for code, one in second.assignment.items() if one == "B"}
    indicator = study.catalogue[indicator_id]
    by_hand = difference(
        indicator.statistic,
        *(sums(study, indicator_id, sorted(codes)) for codes in (a - b, b - a, a & b)),
        multiplier=indicator.multiplier,
    )
    row = rows.iloc[1]
    assert row["difference"] == pytest.approx(row["other_value"] - row["value"])
    assert row["difference"] == pytest.approx(by_hand.value[0])
    assert (row["lower"], row["upper"]) == pytest.approx((by_hand.lower[0], by_hand.upper[0]))


def test_values_are_those_of_the_profile(study: Study) -> None:
    first, second = bands(study, 0), bands(study, 2)
    rows = option_differences(study, first, second, SHARE)
    for column, one in (("value", first), ("other_value", second)):
        shown = study.indicator_rows(one, SHARE)["value"]
        assert rows[column].tolist() == shown[["A", "B", "C"]].tolist()


def test_an_option_does_not_differ_from_itself_made_of_finer_areas(study: Study) -> None:
    first = bands(study, 0)
    rows = option_differences(study, first, study.in_geography(first, "synthetic"), SHARE)
    assert rows["finding"].tolist() == ["the same people"] * 3
    assert (rows[["difference", "lower", "upper"]] == 0).all(axis=None)


def test_footprints_without_a_match_are_left_out(study: Study) -> None:
    whole = bands(study, 0).with_changes(assignment=dict.fromkeys(bands(study, 0).assignment, "All"))
    rows = option_differences(study, bands(study, 0), whole, SHARE)
    assert rows["other_footprint_id"].tolist() == ["All"]


@pytest.mark.parametrize("indicator_id", [COUNT, RATIO])
def test_what_has_no_interval_is_not_judged(study: Study, indicator_id: str) -> None:
    rows = option_differences(study, bands(study, 0), bands(study, 2), indicator_id)
    assert rows["difference"].notna().all()
    assert rows[["lower", "upper"]].isna().all(axis=None)
    assert rows["finding"].tolist() == ["not judged"] * 3


# -- what must not be told -------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_tables_of_differences_hold_no_figure_that_is_not_shown_already(tmp_path: Path, seed: int) -> None:
    """A reader of every comparison solves for no small count: each table is two columns of profiles."""
    counts = np.random.default_rng(seed).choice(
        [0, 2, 3, 8, 12, 30], N_LSOAS, p=[0.1, 0.1, 0.1, 0.3, 0.2, 0.2]
    )
    store = workspace(tmp_path / "w", counts)
    saved = [save_option(store, option(shift, size)) for shift, size in ((0, 6), (1, 6), (1, 5), (3, 8))]
    study = Study(store)
    system, values = equations(study, ["ward", "lsoa21", *saved])
    rows, sums_shown = [system], [values]
    for first in saved:
        for second in saved:
            table = option_differences(study, first, second, "visits")
            assert (table["value"].isna() | table["other_value"].isna()).equals(table["difference"].isna())
            for row in table.dropna(subset=["difference"]).to_dict("records"):
                into = [second.assignment[c] == row["other_footprint_id"] for c in LSOAS]
                out_of = [first.assignment[c] == row["footprint_id"] for c in LSOAS]
                rows.append(np.array(into, dtype=float)[None] - np.array(out_of, dtype=float)[None])
                sums_shown.append(np.array([row["difference"]]))
    together, told = np.vstack(rows), np.concatenate(sums_shown)
    assert together @ counts == pytest.approx(told)
    assert np.linalg.matrix_rank(together) == np.linalg.matrix_rank(system)
    assert solved(together, counts) == []


SHARES = CustomForm(
    "visited", "Visited", "adults", "%", "no_judgement", "proportion", "The council", "2025", multiplier=100
)


def town_of_shares(folder: Path, counts: np.ndarray) -> Study:
    """A sensitive share of 40 people in each small area, and two saved options."""
    store = workspace(folder, np.full(N_LSOAS, 20))
    table = pd.DataFrame({"area_code": LSOAS, "numerator": counts, "denominator": 40})
    indicator, cells = parse_custom(table, SHARES, {"lsoa21": frozenset(LSOAS)})
    keep_indicator(store, indicator, cells, file_name="b.csv", content=b"b", source="The council")
    for shift in (0, 1):
        save_option(store, option(shift, 6))
    return Study(store)


def test_limits_of_a_sensitive_share_do_not_change_with_what_is_hidden(tmp_path: Path) -> None:
    """Two towns that look alike in every profile, with other small counts behind, look alike here too."""
    counts = np.full(N_LSOAS, 20)
    counts[[4, 5]] = 1, 3  # area 5 alone moves from the first footprint to the second
    other = counts.copy()
    other[[4, 5]] = 3, 1
    tables = []
    for name, town in (("one", counts), ("other", other)):
        study = town_of_shares(tmp_path / name, town)
        second, first = study.options()
        profiles = pd.concat([study.profile_option(first), study.profile_option(second)])
        table = option_differences(study, first, second, "visited")
        tables.append((profiles.drop(columns="note"), table))
    pd.testing.assert_frame_equal(tables[0][0], tables[1][0])
    pd.testing.assert_frame_equal(tables[0][1], tables[1][1])
    shown = tables[0][1].dropna(subset=["lower"])
    assert len(shown)
    assert AS_SEPARATE in set(shown["limits"])


def test_parts_of_a_sensitive_indicator_are_refused(tmp_path: Path) -> None:
    study = town_of_shares(tmp_path, np.full(N_LSOAS, 20))
    with pytest.raises(ValueError, match="local and sensitive"):
        study.sums_of_parts(option(0, 6), "visited")
