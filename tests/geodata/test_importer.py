"""An import is one transaction, does not depend on the order of files, and says what became of each."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.dataset import NewDataset
from geodata.errors import InputError
from geodata.importer import FileReport, ImportReport, import_paths
from geodata.payload import Limits
from geodata.provenance import Provenance
from geodata.store import Store
from tests.geodata.file_fixture import (
    AUTHORITY,
    LSOAS,
    SQUARES,
    WARDS,
    census,
    codepoint,
    geojson,
    lsoa_boundaries,
    lsoa_ward_lookup,
    square,
    ward_boundaries,
    zipped,
)

OLD_WARDS = ("E05900001", "E05900002", "E05900003")
COPIED = geojson(
    [{"name": code, "LSOA21NM": "Toytown"} for code in LSOAS], [square(*place) for place in SQUARES]
)
FILES: dict[str, bytes] = {
    "wards.geojson": ward_boundaries(),
    "old-wards.geojson": ward_boundaries("13", OLD_WARDS),
    "lsoas.geojson": lsoa_boundaries(),
    "copied-lsoas.geojson": COPIED,
    "lookup.csv": lsoa_ward_lookup().encode(),
    "older-lookup.csv": lsoa_ward_lookup().replace("WD25", "WD22").encode(),
    "postcodes.csv": codepoint().encode(),
    "census.csv": census().encode(),
    "cafe.csv": b"Local authority,Library name,Address 1,Postcode,Type of library,Year closed\n"
    b"Toytown,Central,High St,TT1 1AA,CL,\n",
    "nonsense.csv": b"colour,taste\nred,sweet\n",
}


def run(store: Store, names: list[str], **options: object) -> ImportReport:
    return import_paths(store, [(name, FILES[name]) for name in names], **options)  # type: ignore[arg-type]


def by_path(report: ImportReport) -> dict[str, FileReport]:
    return {file.path: file for file in report.files}


def content(store: Store) -> dict[str, str]:
    """Every stored frame as text, but for the time of the import."""
    return {dataset.id: store.read(dataset.id).to_csv() for dataset in store.datasets()}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "workspace")


def test_a_whole_import_in_one_go(store: Store) -> None:
    report = run(store, list(FILES))
    assert report.authority_code == AUTHORITY
    assert store.settings()["authority_name"] == "Toytown"
    assert list(store.areas("ward").index) == list(WARDS)  # type: ignore[union-attr]
    assert list(store.areas("ward13").index) == list(OLD_WARDS)  # type: ignore[union-attr]
    assert len(store.cells("lsoa21")) == 12
    assert store.places().index.tolist() == ["library:central"]
    faults = {file.path: file.message for file in report.files if file.message}
    assert list(faults) == ["nonsense.csv"]
    assert "colour" in faults["nonsense.csv"]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_the_order_of_files_changes_nothing(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    names = list(FILES)
    random.Random(seed).shuffle(names)
    straight, shuffled = (Store(tmp_path_factory.mktemp("s") / "w") for _ in range(2))
    first, second = run(straight, list(FILES)), run(shuffled, names)
    assert content(straight) == content(shuffled)
    assert by_path(first) == by_path(second)


def test_the_same_import_again_changes_no_table(store: Store) -> None:
    run(store, list(FILES))
    before = content(store)
    run(store, list(FILES))
    assert content(store) == before


def test_the_same_file_twice_in_one_import_is_taken_once(store: Store) -> None:
    files = [("a.geojson", FILES["wards.geojson"]), ("b.geojson", FILES["wards.geojson"])]
    report = import_paths(store, files)
    assert [file.rows_kept for file in report.files] == [3, 0]
    assert report.files[1].notes == ("the same file as a.geojson: nothing to add",)


def test_a_copy_never_replaces_the_published_outlines(store: Store) -> None:
    run(store, ["wards.geojson", "lsoas.geojson"])
    before = content(store)["areas:lsoa21"]
    report = run(store, ["copied-lsoas.geojson"])
    assert content(store)["areas:lsoa21"] == before
    assert "an equal set of outlines is already there" in report.files[0].dropped[0].reason
    assert report.files[0].rows_kept == 0


def test_published_outlines_replace_a_copy(store: Store) -> None:
    run(store, ["wards.geojson", "copied-lsoas.geojson"])
    run(store, ["lsoas.geojson"])
    kept = next(dataset for dataset in store.datasets() if dataset.id == "areas:lsoa21")
    assert kept.provenance.file_name == "lsoas.geojson"


def test_newer_wards_move_older_ones_aside(store: Store) -> None:
    run(store, ["old-wards.geojson"])
    assert list(store.areas("ward").index) == list(OLD_WARDS)  # type: ignore[union-attr]
    run(store, ["wards.geojson"])
    assert list(store.areas("ward").index) == list(WARDS)  # type: ignore[union-attr]
    assert list(store.areas("ward13").index) == list(OLD_WARDS)  # type: ignore[union-attr]


def test_older_wards_that_come_later_do_not_replace_those_in_force(store: Store) -> None:
    run(store, ["wards.geojson"])
    run(store, ["old-wards.geojson"])
    assert list(store.areas("ward").index) == list(WARDS)  # type: ignore[union-attr]
    assert list(store.areas("ward13").index) == list(OLD_WARDS)  # type: ignore[union-attr]


def test_the_newer_best_fit_is_kept_whichever_comes_first(store: Store) -> None:
    run(store, ["wards.geojson", "lookup.csv"])
    run(store, ["older-lookup.csv"])
    kept = next(dataset for dataset in store.datasets() if dataset.kind == "lookup")
    assert kept.extra["year"] == "25"


FAULTY: list[tuple[str, bytes, str]] = [
    ("empty.csv", b"", "empty"),
    ("bomb.zip", zipped({"z.csv": b"0" * 20_000_000}), "bomb"),
    ("path.zip", zipped({"../census.csv": census()}), "leads out"),
    ("cut.geojson", FILES["wards.geojson"][:-40], "cut or damaged"),
    ("cut.zip", zipped({"census.csv": census() * 50})[:-10], "Download it again"),
    ("other.geojson", ward_boundaries("25").replace(AUTHORITY.encode(), b"E06000098"), "Toytown"),
    ("page.csv", b"<html>Service unavailable</html>", "web page"),
    ("wales.csv", census(rows=["E01777777"]).encode(), "Toytown"),
]


@pytest.mark.parametrize(("name", "bad", "words"), FAULTY, ids=[name for name, _, _ in FAULTY])
def test_a_file_at_fault_puts_nothing_in_and_stops_no_other(
    store: Store, name: str, bad: bytes, words: str
) -> None:
    run(store, ["wards.geojson", "lsoas.geojson", "lookup.csv"])
    report = import_paths(store, [(name, bad), ("census.csv", FILES["census.csv"])])
    fault, good = report.files
    assert words in fault.message
    assert fault.rows_kept == 0
    assert good.rows_kept == 6
    assert {d.provenance.file_name for d in store.datasets() if d.kind == "cells"} == {"census.csv"}


def test_a_file_over_the_limit_says_so(store: Store) -> None:
    limits = Limits(file_bytes=len(FILES["wards.geojson"]))
    report = import_paths(
        store,
        [("wards.geojson", FILES["wards.geojson"]), ("big.csv", b"x,y\n" * 5_000)],
        limits=limits,
    )
    assert report.files[0].message == ""
    assert "limit" in report.files[1].message


def test_a_path_that_is_not_there_is_reported(store: Store, tmp_path: Path) -> None:
    report = import_paths(store, [tmp_path / "nothing.csv"])
    assert "no such file" in report.files[0].message
    assert store.datasets() == ()


def test_folders_and_zips_are_reported_member_by_member(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    (folder / "wards.geojson").write_bytes(FILES["wards.geojson"])
    (tmp_path / "in" / "all.zip").write_bytes(
        zipped({"lookup.csv": FILES["lookup.csv"], "x/census.csv": FILES["census.csv"]})
    )
    report = import_paths(store, [tmp_path / "in"])
    assert [file.path for file in report.files] == [
        "all.zip/lookup.csv",
        "all.zip/x/census.csv",
        "deep/wards.geojson",
    ]
    assert all(file.message == "" for file in report.files)


def test_statistics_without_an_authority_say_what_to_import_first(store: Store) -> None:
    report = run(store, ["census.csv"])
    assert "Import ward boundaries" in report.files[0].message
    assert store.datasets() == ()


def test_files_of_two_authorities_ask_which_is_meant(store: Store) -> None:
    other = ward_boundaries("25", ("E05000007", "E05000008", "E05000009")).replace(
        AUTHORITY.encode(), b"E06000098"
    )
    files = [("a.geojson", FILES["wards.geojson"]), ("b.geojson", other)]
    with pytest.raises(InputError, match="--authority"):
        import_paths(store, files)
    report = import_paths(store, files, authority=AUTHORITY)
    assert report.files[0].rows_kept == 3
    assert "Toytown" in report.files[1].message


def test_the_authority_may_be_given_by_the_name_in_the_files(store: Store) -> None:
    assert run(store, ["wards.geojson"], authority="toytown").authority_code == AUTHORITY
    with pytest.raises(InputError, match="Nowhere"):
        run(store, ["wards.geojson"], authority="Nowhere")


def test_cancelling_stores_nothing(store: Store) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 4

    report = run(store, list(FILES), cancelled=stop)
    assert report.cancelled
    assert store.datasets() == ()
    assert store.version == 0


def test_progress_runs_from_nought_to_the_end_and_never_back(store: Store) -> None:
    steps: list[tuple[int, int]] = []
    run(store, list(FILES), progress=lambda done, total, _: steps.append((done, total)))
    shares = [done / total for done, total in steps]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1


def test_the_first_real_import_clears_the_sample(store: Store) -> None:
    frame = pd.DataFrame(
        [["t", "ward", "E05010311", "2021", "c", 1.0, ""]],
        columns=["table", "geography", "area_code", "period", "cell", "value", "status"],
    )
    origin = Provenance("sample", "sample", "", "2021", "", 1, 1)
    store.write(
        [NewDataset("cells:t:ward:2021", "cells", "ward", frame, origin)],
        settings={"is_sample": "yes", "authority_code": "E06000014", "authority_name": "York"},
    )
    import_paths(store, [("bad.csv", b"")])
    assert store.settings()["is_sample"] == "yes"
    report = run(store, ["wards.geojson", "lsoas.geojson", "census.csv"])
    assert report.authority_code == AUTHORITY
    assert store.settings()["is_sample"] == "no"
    assert "cells:t:ward:2021" not in {dataset.id for dataset in store.datasets()}


def test_rows_in_are_rows_kept_plus_rows_dropped(store: Store) -> None:
    for file in run(store, list(FILES)).files:
        if not file.message:
            assert file.rows_in == file.rows_kept + sum(entry.n_rows for entry in file.dropped), file.path
