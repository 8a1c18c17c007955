"""What is asked and what comes of it survive being written as plain values, whatever fields they gain."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from geodata.errors import InputError
from geodata.run_file import read_run_result, write_run_result
from neighbourhoods.generation.generation import SCORED, GenerationParams, GenerationResult
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.run.codec import from_json, from_parts, to_json, to_parts
from neighbourhoods.run.part import UnknownTypeError
from neighbourhoods.run.run import RUN_KINDS, RunKind, function_at, generation_words, run_kind

KIND = run_kind("generate")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
CODES = st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=4, unique=True).map(tuple)
FINITE = st.floats(0.001, 1e6)
OPTIONS = st.builds(
    FootprintOption,
    id=TEXT,
    name=TEXT,
    geography=st.sampled_from(["ward", "lsoa21"]),
    assignment=st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from("XYZ"), min_size=1),
    footprint_names=st.dictionaries(st.sampled_from("XYZ"), TEXT),
    author=TEXT,
    created=TEXT,
    rationale=TEXT,
    status=st.sampled_from(["draft", "consulted", "approved", "superseded"]),
    parent_id=TEXT,
    seed=st.none() | st.integers(0, 2**31),
)


@st.composite
def asked(draw: st.DrawFn) -> GenerationParams:
    """What may be asked of a generation."""
    n_min = draw(st.integers(1, 6))
    as_now = draw(st.none() | OPTIONS)
    return GenerationParams(
        geography=draw(st.sampled_from(["ward", "lsoa21"])),
        n_min=n_min,
        n_max=n_min + draw(st.integers(0, 3)),
        tolerance=draw(st.floats(0, 10)),
        target=draw(FINITE),
        together=tuple(draw(st.lists(CODES, max_size=2))),
        apart=tuple(draw(st.lists(CODES, max_size=2))),
        as_now=as_now,
        locked=() if as_now is None else as_now.footprint_ids[:1],
        allow_enclosed=draw(st.booleans()),
        wishes=draw(st.sampled_from([(("balance", 1.0),), (("compactness", 0.5), ("round", 3.0))])),
        need=tuple(draw(st.lists(st.tuples(st.sampled_from(["imd", "bad_health"]), FINITE), max_size=2))),
        seed=draw(st.integers(0, 2**62)),
        most_options=draw(st.integers(0, 10**9)),
    )


@st.composite
def found(draw: st.DrawFn) -> GenerationResult:
    """What may come of one: no option, or some with figures of which some are not known."""
    n_options, n_areas = draw(st.integers(0, 4)), draw(st.integers(1, 6))
    values = st.floats(allow_infinity=False, width=64)
    scores = pd.DataFrame()
    if n_options:
        columns = {one: draw(hnp.arrays(float, n_options, elements=values)) for one in SCORED}
        scores = pd.DataFrame({"n_footprints": np.arange(n_options), **columns})
    return GenerationResult(
        params=draw(asked()),
        area_codes=pd.Index(list("ABCDEF")[:n_areas], name=draw(st.sampled_from(["area_code", None]))),
        people=draw(hnp.arrays(float, n_areas, elements=FINITE)),
        target=draw(FINITE),
        footprint=draw(hnp.arrays(np.int8, (n_options, n_areas), elements=st.integers(0, 31))),
        scores=scores,
        n_enclosed_left_out=draw(st.integers(0, 10)),
        is_complete=draw(st.booleans()),
        seed=draw(st.integers(0, 9)),
        n_steps=draw(st.integers(0, 10**9)),
        n_steps_expected=draw(FINITE),
        runtime_s=draw(FINITE),
        compile_s=draw(FINITE),
        as_now_scores=scores.iloc[0] if n_options and draw(st.booleans()) else None,
    )


@settings(deadline=None)
@given(asked())
def test_what_is_asked_survives_json(params: GenerationParams) -> None:
    text = json.dumps(KIND.params_to_json(params), allow_nan=False)
    assert KIND.params_from_json(json.loads(text)) == params


@settings(deadline=None)
@given(asked())
def test_every_field_of_what_is_asked_is_written(params: GenerationParams) -> None:
    document = KIND.params_to_json(params)
    assert set(document) == {one.name for one in fields(GenerationParams)}
    if params.as_now is not None:
        assert set(document["as_now"]) == {one.name for one in fields(FootprintOption)}  # type: ignore[call-overload]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(found())
def test_result_read_back_equals_result_written(tmp_path: Path, result: GenerationResult) -> None:
    parts = KIND.result_to_parts(result)
    name = write_run_result(tmp_path, "run", parts.arrays, parts.frames, parts.document)
    read = KIND.result_from_parts(read_run_result(tmp_path, name))
    assert isinstance(read, GenerationResult)
    assert_same(read, result)


def assert_same(read: GenerationResult, written: GenerationResult) -> None:
    """Field by field, whatever fields there are; types and order of rows and columns among it."""
    for one in fields(GenerationResult):
        if one.name.startswith("_"):
            continue
        a, b = getattr(read, one.name), getattr(written, one.name)
        if isinstance(b, np.ndarray):
            np.testing.assert_array_equal(a, b, strict=True)
        elif isinstance(b, pd.DataFrame):
            assert a.shape == b.shape
            if b.shape[1]:
                pd.testing.assert_frame_equal(a, b)
        elif isinstance(b, pd.Series):
            pd.testing.assert_series_equal(a, b)
        elif isinstance(b, pd.Index):
            pd.testing.assert_index_equal(a, b)
        else:
            assert a == b


# Fields that are yet to come


@dataclass(frozen=True)
class Bound:
    wish: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, eq=False)
class Rich:
    """One field of each type that can be kept."""

    bounds: tuple[Bound, ...]
    pair: tuple[str, int]
    method: Literal["search", "enumeration"]
    weights: Mapping[str, float]
    years: dict[int, tuple[float, ...]]
    names: frozenset[str]
    rows: list[list[int]]
    far: float
    scores_by_year: tuple[NDArray[np.float64], ...]
    tables: Mapping[str, pd.DataFrame]
    row: pd.Series | None
    later: str = "not said"
    _worked_out: dict[str, object] = field(default_factory=dict)


def rich(**changes: object) -> Rich:
    values: dict[str, object] = {
        "bounds": (Bound("balance", 0.1), Bound("round", None, 2.0)),
        "pair": ("A", 3),
        "method": "search",
        "weights": {"imd": 1.0},
        "years": {5: (1.0, 2.0), 10: ()},
        "names": frozenset({"b", "a"}),
        "rows": [[1, 2], []],
        "far": math.inf,
        "scores_by_year": (np.arange(3.0), np.zeros((0, 2))),
        "tables": {"north/east": pd.DataFrame({"n": [1]}), "..": pd.DataFrame({"m": ["x"]})},
        "row": pd.Series([1.0, np.nan], index=pd.Index(["a", "b"], name="code"), name=3),
    }
    return Rich(**(values | changes))  # type: ignore[arg-type]


def test_fields_of_every_kept_type_survive(tmp_path: Path) -> None:
    written = rich()
    written._worked_out["cache"] = print  # never kept
    parts = to_parts(written)
    name = write_run_result(tmp_path, "run", parts.arrays, parts.frames, parts.document)
    read = from_parts(read_run_result(tmp_path, name), Rich)
    plain = ("bounds", "pair", "method", "weights", "years", "names", "rows", "far", "later")
    assert [getattr(read, one) for one in plain] == [getattr(written, one) for one in plain]
    assert read._worked_out == {}
    for a, b in zip(read.scores_by_year, written.scores_by_year, strict=True):
        np.testing.assert_array_equal(a, b, strict=True)
    assert list(read.tables) == list(written.tables)
    for one in written.tables:
        pd.testing.assert_frame_equal(read.tables[one], written.tables[one])
    assert written.row is not None
    assert read.row is not None
    pd.testing.assert_series_equal(read.row, written.row)


class Named:
    """A type that only names another, as NumPy's NDArray does from 2.5 on with Python 3.12 and newer."""

    __value__ = NDArray[np.float64]


def test_type_that_only_names_another_is_kept_as_that_one(tmp_path: Path) -> None:
    holder = make_dataclass("Holder", [("people", Named)])
    parts = to_parts(holder(np.arange(3.0)))
    name = write_run_result(tmp_path, "run", parts.arrays, parts.frames, parts.document)
    assert from_parts(read_run_result(tmp_path, name), holder).people.tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (object, 1),
        ("set", {1}),
        (int | str, 1),
        (complex, 1j),
        (type(print), print),
        (NDArray[np.object_], np.array([print], dtype=object)),
        (int, 1.5),
        (float, True),
        (str, 1),
        (tuple[int, int], (1, 2, 3)),
        (tuple[int, ...], 5),
        (Mapping[str, int], [1]),
        (Bound, GenerationParams("ward", 1, 1, 0.1)),
        (pd.DataFrame, pd.DataFrame({1: [2]})),
    ],
)
def test_type_that_cannot_be_kept_is_refused_by_the_name_of_its_field(hint: object, value: object) -> None:
    strange = make_dataclass("Strange", [("fine", int), ("odd", hint)])  # type: ignore[list-item]
    with pytest.raises(UnknownTypeError, match=r"Strange\.odd"):
        to_parts(strange(1, value))


def test_what_is_asked_holds_no_tables() -> None:
    holder = make_dataclass("Holder", [("people", NDArray[np.float64])])
    with pytest.raises(UnknownTypeError, match=r"Holder\.people"):
        to_json(holder(np.arange(3.0)))


def test_field_that_was_added_since_takes_its_default() -> None:
    document = KIND.params_to_json(GenerationParams("ward", 4, 4, 0.05))
    del document["allow_enclosed"]
    assert KIND.params_from_json(document) == GenerationParams("ward", 4, 4, 0.05)


@pytest.mark.parametrize("change", [{"fun": 1}, {"geography": None}])
def test_fields_of_another_version_are_refused_in_words(change: dict[str, object]) -> None:
    document = KIND.params_to_json(GenerationParams("ward", 4, 4, 0.05)) | change
    document = {key: value for key, value in document.items() if value is not None or key == "target"}
    with pytest.raises(InputError, match="another version"):
        from_json(document, GenerationParams)


def test_values_that_contradict_each_other_are_refused_on_reading() -> None:
    document = KIND.params_to_json(GenerationParams("ward", 4, 4, 0.05))
    with pytest.raises(InputError, match="There can be no 0 to 4"):
        KIND.params_from_json(document | {"n_min": 0})


# Kinds


@pytest.mark.parametrize("kind", RUN_KINDS.values(), ids=list(RUN_KINDS))
def test_record_of_a_kind_is_complete(kind: RunKind) -> None:
    assert RUN_KINDS[kind.id] is kind
    assert kind.label
    assert kind.method
    assert callable(function_at(kind.work))
    assert not kind.prepare or callable(function_at(kind.prepare))


def test_unknown_kind_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="There is no kind of run called 'dance'"):
        run_kind("dance")


def test_what_was_asked_of_a_generation_is_said_in_a_phrase() -> None:
    params = GenerationParams(
        "ward", 3, 5, 0.10, target=50_000.0, together=(("A", "B"),), apart=(("C", "D"),)
    )
    assert generation_words(params) == (
        "Wards: 3 to 5 neighbourhoods within 10%, of 50,000 people, 2 areas together, 2 areas apart"
    )
    assert generation_words(GenerationParams("ward", 4, 4, 0.05)) == "Wards: 4 neighbourhoods within 5%"
