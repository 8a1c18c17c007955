"""Which rows are the authority's is told by codes, and every other row has a reason."""

from __future__ import annotations

import pandas as pd
import pytest

from geodata.errors import InputError, OtherAuthorityError, VintageError
from geodata.layouts.cut import cut_to_authority
from geodata.layouts.layout import Context
from tests.geodata.statistic_table import NOWHERE, TOYTOWN


def _reasons(codes: list[str], context: Context = TOYTOWN, **options: object) -> dict[str, int]:
    cut = cut_to_authority(pd.Series(codes), context, **options)  # type: ignore[arg-type]
    return {entry.reason: entry.n_rows for entry in cut.dropped}


def test_levels_are_told_by_codes() -> None:
    cut = cut_to_authority(pd.Series(["E01000001", "E02000001", "E05000002", "E06000099"]), TOYTOWN)
    assert cut.geography.tolist() == ["lsoa21", "msoa21", "ward", "lad"]
    assert cut.keep.all()


def test_each_kind_of_foreign_row_has_its_own_reason() -> None:
    codes = ["E01000001", "E01999999", "E01000002", "W01000001", "S01000001", "E12000003", "", "A81043"]
    assert _reasons(codes) == {
        "other authority": 1,
        "code of another vintage": 1,
        "Wales": 1,
        "Scotland": 1,
        "above authority level": 1,
        "no area code": 1,
        "not the code of an English area": 1,
    }


def test_rows_with_a_district_need_no_codes_known_beforehand() -> None:
    context = Context(authority_code="E06000099", authority_name="Toytown")
    codes, districts = ["E05000001", "E05000009"], pd.Series(["E06000099", "E06000001"])
    assert _reasons(codes, context, lad_codes=districts) == {"other authority": 1}


def test_unknown_codes_ask_for_boundaries_or_a_lookup() -> None:
    context = Context(authority_code="E06000099", authority_name="Toytown")
    with pytest.raises(InputError, match=r"LSOAs \(2021\) of Toytown are not known yet"):
        cut_to_authority(pd.Series(["E01000001"]), context)


def test_another_authority_is_named() -> None:
    with pytest.raises(OtherAuthorityError, match="Its rows are of Leeds"):
        cut_to_authority(pd.Series(["E01999999"]), TOYTOWN, names=pd.Series(["Leeds 012A"]))


def test_old_wards_are_a_vintage_error_and_not_another_place() -> None:
    with pytest.raises(VintageError, match="another vintage"):
        cut_to_authority(pd.Series(["E05000091"]), TOYTOWN)


def test_a_column_without_any_code_is_refused_with_its_first_text() -> None:
    with pytest.raises(InputError, match="the first is “e01000001”"):
        _reasons(["e01000001", "e01000002", ""])
    assert _reasons(["K04000001", "A81043"]) == {
        "above authority level": 1,
        "not the code of an English area": 1,
    }


def test_nothing_is_cut_while_no_authority_is_known() -> None:
    cut = cut_to_authority(pd.Series(["E01000001", "E01999999", "W01000001"]), NOWHERE)
    assert cut.keep.tolist() == [True, True, False]
