"""Somebody who reads every table that is shown and solves for the small counts that are not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.dataset import NewDataset
from geodata.provenance import Provenance
from geodata.store import Store
from indicators.custom import parse_custom
from indicators.custom_form import CustomForm
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.export import export_bytes
from neighbourhoods.study.own_indicator import keep_indicator
from neighbourhoods.study.study import Study

ORIGIN = Provenance("local", "a.csv", "0" * 64, "2025", "2026-01-01", 24, 24)
N_LSOAS, PER_WARD = 24, 4
LSOAS = [f"E010900{i:02d}" for i in range(N_LSOAS)]
WARDS = [f"E050900{i:02d}" for i in range(N_LSOAS // PER_WARD)]
FORM = CustomForm("visits", "Visits", "adults", "visits", "no_judgement", "count", "The council", "2025")


def areas(geography: str, codes: list[str], width: int) -> NewDataset:
    frame = gpd.GeoDataFrame(
        {"area_name": codes, "population": np.nan},
        geometry=[shapely.box(i * width, 0, (i + 1) * width, 1_000) for i in range(len(codes))],
        index=pd.Index(codes, name="area_code"),
        crs=27700,
    )
    return NewDataset(f"areas:{geography}", "areas", geography, frame, ORIGIN)


def workspace(folder: Path, counts: np.ndarray) -> Store:
    """Wards of four LSOAs each, an own sensitive count, and two saved options of two footprints."""
    store = Store(folder)
    links = pd.DataFrame(
        {"from_code": LSOAS, "to_code": [WARDS[i // PER_WARD] for i in range(N_LSOAS)], "weight": 1.0}
    )
    extra = {"to_geography": "ward", "method": "best_fit"}
    store.write(
        [
            areas("lsoa21", LSOAS, 100),
            areas("ward", WARDS, 100 * PER_WARD),
            NewDataset("lookup:lsoa21:ward:best_fit", "lookup", "lsoa21", links, ORIGIN, extra),
        ],
        settings={"authority_code": "E07009999", "authority_name": "Testshire"},
    )
    table = pd.DataFrame({"area_code": LSOAS, "numerator": counts})
    indicator, cells = parse_custom(table, FORM, {"lsoa21": frozenset(LSOAS)})
    keep_indicator(store, indicator, cells, file_name="a.csv", content=b"", source="The council")
    return store


def option(shift: int, size: int) -> FootprintOption:
    """Footprints of `size` LSOAs in a row, the first border moved by `shift`."""
    return FootprintOption(
        "", f"Shift {shift}", "lsoa21", {code: f"F{(i + shift) // size}" for i, code in enumerate(LSOAS)}
    )


def equations(study: Study, views: list[str | FootprintOption]) -> tuple[np.ndarray, np.ndarray]:
    """Every sum over LSOAs that some table shows, and its value."""
    rows, values = [], []
    for view in views:
        is_option = isinstance(view, FootprintOption)
        table = study.profile_option(view) if is_option else study.profile(str(view))
        table = table[table["indicator_id"] == "visits"]
        for target, value in zip(table.iloc[:, 2], table["value"], strict=True):
            if np.isnan(value):
                continue
            if is_option and target != "E07009999":
                member = [view.assignment[c] == target for c in LSOAS]
            elif target == "E07009999":
                member = [True] * N_LSOAS
            elif view == "ward":
                member = [WARDS[i // PER_WARD] == target for i in range(N_LSOAS)]
            else:
                member = [c == target for c in LSOAS]
            rows.append(member)
            values.append(value)
            if value == 0:  # nobody here means nobody in any part
                rows += [[c == d for d in LSOAS] for c, m in zip(LSOAS, member, strict=True) if m]
                values += [0.0] * sum(member)
    return np.array(rows, dtype=float), np.array(values)


def solved(system: np.ndarray, counts: np.ndarray) -> list[str]:
    """LSOAs with a small count that the shown sums determine."""
    rank = np.linalg.matrix_rank(system)
    small = np.flatnonzero((counts > 0) & (counts < 5))
    unit = np.eye(N_LSOAS)
    return [LSOAS[i] for i in small if np.linalg.matrix_rank(np.vstack([system, unit[i]])) == rank]


@pytest.mark.parametrize("seed", range(12))
def test_no_small_count_follows_from_wards_lsoas_and_saved_options(tmp_path: Path, seed: int) -> None:
    counts = np.random.default_rng(seed).choice(
        [0, 2, 3, 8, 12, 30], N_LSOAS, p=[0.1, 0.1, 0.1, 0.3, 0.2, 0.2]
    )
    store = workspace(tmp_path / "w", counts)
    saved = [save_option(store, option(shift, size)) for shift, size in ((0, 6), (1, 6), (1, 5), (3, 8))]
    study = Study(store)
    unsaved = option(2, 6)
    system, values = equations(study, ["ward", "lsoa21", *saved, unsaved])
    assert system @ counts == pytest.approx(values)
    assert solved(system, counts) == []


def test_an_option_that_completes_a_subtraction_with_a_saved_one_is_hidden(tmp_path: Path) -> None:
    # Hidden: 1, 2 in one ward and 5, 6 in another; wards show 1 + 2 and 5 + 6. A saved option shows 2 + 6.
    # Another with 2 + 5 would: (2 + 6) + (2 + 5) less (5 + 6) is twice 2.
    counts = np.full(N_LSOAS, 20)
    counts[[1, 2, 5, 6]] = 3

    def pair(*places: int) -> FootprintOption:
        return FootprintOption(
            "", "Pair", "lsoa21", {c: "B" if i in places else "A" for i, c in enumerate(LSOAS)}
        )

    other = workspace(tmp_path / "v", counts)
    alone = Study(other).profile_option(save_option(other, pair(2, 5))).set_index("footprint_id")
    assert alone.loc["B", "value"] == 6
    store = workspace(tmp_path / "w", counts)
    save_option(store, pair(2, 6))
    beside = Study(store).profile_option(pair(2, 5)).set_index("footprint_id")
    assert beside.loc[["A", "B"], "suppressed"].all()
    assert beside.loc["E07009999", "value"] == counts.sum()


@pytest.mark.parametrize("seed", range(2))
def test_options_that_nobody_saved_give_no_small_count_away_however_many_are_tried(
    tmp_path: Path, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.choice([0, 2, 3, 8, 12, 30], N_LSOAS, p=[0.1, 0.1, 0.1, 0.3, 0.2, 0.2])
    store = workspace(tmp_path / "w", counts)
    drawn = FootprintOption("", "Drawn", "lsoa21", {c: f"F{rng.integers(3)}" for c in LSOAS})
    others = [
        drawn.with_changes(assignment={**drawn.assignment, c: "F3"})
        for c, n in zip(LSOAS, counts, strict=True)
        if n < 5
    ]
    saved = save_option(store, option(0, 6))
    system, values = equations(Study(store), ["ward", "lsoa21", drawn, *others, saved])
    later = save_option(store, others[0])
    more, values_after = equations(Study(store), [later])
    assert np.vstack([system, more]) @ counts == pytest.approx(np.append(values, values_after))
    assert solved(np.vstack([system, more]), counts) == []


def test_an_option_that_nobody_saved_shows_footprints_of_whole_wards_and_says_why_others_are_hidden(
    tmp_path: Path,
) -> None:
    counts = np.full(N_LSOAS, 20)
    counts[[1, 2, 5, 6]] = 3
    study = Study(workspace(tmp_path / "w", counts))
    whole = study.profile_option(option(0, PER_WARD)).set_index("footprint_id")
    assert whole.loc["F0", "value"] == 46
    divided = study.profile_option(option(2, PER_WARD)).set_index("footprint_id")
    assert divided.loc["F0", "suppressed"]
    assert "not saved" in divided.loc["F0", "note"]
    assert divided.loc["F3", "value"] == 80


def test_a_saved_option_shows_the_same_before_and_after_another_is_saved(tmp_path: Path) -> None:
    counts = np.full(N_LSOAS, 20)
    counts[[6, 13]] = 3
    store = workspace(tmp_path / "w", counts)
    first = save_option(store, option(0, 6))
    study = Study(store)
    before = study.profile_option(first)
    later = save_option(store, option(1, 6))
    assert study.profile_option(first).equals(before)
    assert study.profile_option(later)["suppressed"].any()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_exports_hold_no_hidden_count(tmp_path: Path, file_format: str) -> None:
    counts = np.full(N_LSOAS, 20)
    counts[[6, 13]] = 3
    study = Study(workspace(tmp_path / "w", counts))
    content = export_bytes(study, "profile", file_format, option=None, geography="lsoa21")
    table = pd.read_csv(BytesIO(content)) if file_format == "csv" else pd.read_excel(BytesIO(content))
    table = table[table["indicator_id"] == "visits"].set_index("area_code")
    hidden = table.loc[[LSOAS[6], LSOAS[13]]]
    assert hidden[["numerator", "denominator", "value", "lower", "upper"]].isna().all(axis=None)


def test_an_own_indicator_given_again_by_other_areas_replaces_the_first(tmp_path: Path) -> None:
    counts = np.full(N_LSOAS, 20)
    store = workspace(tmp_path / "w", counts)
    table = pd.DataFrame({"area_code": WARDS, "numerator": 80})
    indicator, cells = parse_custom(table, FORM, {"ward": frozenset(WARDS)})
    keep_indicator(store, indicator, cells, file_name="b.csv", content=b"b", source="The council")
    assert [d.geography for d in store.datasets() if d.kind == "cells"] == ["ward"]


def test_without_sensitive_counts_saved_options_are_not_even_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study(workspace(tmp_path / "w", np.full(N_LSOAS, 20)))
    monkeypatch.setattr(Study, "_has_local_counts", lambda _: False)
    monkeypatch.setattr(
        "neighbourhoods.study.figure.list_options", lambda *_: pytest.fail("options were read")
    )
    assert len(study.profile_option(option(0, 6))) > 0
