"""What a second import does to the first: it adds, puts right, and never takes away."""

from __future__ import annotations

from pathlib import Path

import pytest

import geodata.importer
from geodata.errors import InputError, OvertakenError, WorkspaceError
from geodata.importer import ImportReport, import_paths
from geodata.sample.build import write_sample
from geodata.store import Store
from geodata.workspace import open_workspace
from tests.geodata.file_fixture import (
    AUTHORITY,
    LSOAS,
    census,
    codepoint,
    lsoa_boundaries,
    lsoa_ward_lookup,
    ward_boundaries,
)

OUTLINES = [("wards.geojson", ward_boundaries()), ("lsoas.geojson", lsoa_boundaries())]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "workspace")
    import_paths(store, OUTLINES)
    return store


def bring(store: Store, name: str, text: str) -> ImportReport:
    return import_paths(store, [(name, text.encode())])


def bad_health(store: Store) -> dict[str, float]:
    cells = store.cells("lsoa21")
    found = cells[cells["cell"] == "General health: Bad health"]
    return dict(zip(found["area_code"], found["value"], strict=True))


def test_a_table_cut_to_some_areas_does_not_take_the_place_of_the_whole(store: Store) -> None:
    bring(store, "whole.csv", census())
    report = bring(store, "some.csv", census(rows=LSOAS[:2]))
    assert report.files[0].rows_kept == 0
    assert "fuller copy" in report.files[0].dropped[0].reason
    assert "whole.csv" in report.files[0].dropped[0].reason
    assert bad_health(store) == {code: i + 1 for i, code in enumerate(LSOAS)}


def test_a_whole_table_with_other_figures_puts_them_right(store: Store) -> None:
    bring(store, "whole.csv", census())
    bring(store, "right.csv", census().replace(f"{LSOAS[5]},100,6", f"{LSOAS[5]},100,*"))
    assert bad_health(store)[LSOAS[4]] == 5
    assert store.cells("lsoa21")["status"].value_counts()["suppressed"] == 1


def test_two_parts_of_a_table_are_joined_one_after_the_other_and_together(tmp_path: Path) -> None:
    expected = {code: i + 1 for i, code in enumerate(LSOAS)}
    lines = census().splitlines(keepends=True)
    parts = ["".join(lines[:4]), "".join([lines[0], *lines[4:]])]
    apart, together = Store(tmp_path / "apart"), Store(tmp_path / "together")
    import_paths(apart, OUTLINES)
    for part in parts:
        bring(apart, f"part {parts.index(part)}.csv", part)
    files = [(f"part {i}.csv", part.encode()) for i, part in enumerate(parts)]
    report = import_paths(together, [*OUTLINES, *files])
    assert [file.rows_kept for file in report.files[2:]] == [3, 3]
    for store in (apart, together):
        assert bad_health(store) == expected
        (origin,) = [d.provenance for d in store.datasets() if d.kind == "cells"]
        assert origin.file_name == "part 0.csv + part 1.csv"
        assert (origin.rows_in, origin.rows_kept) == (6, 6)
        assert not any("no row" in note for note in origin.notes)


def test_figures_of_superseded_wards_are_no_part_of_a_new_table(tmp_path: Path) -> None:
    store = Store(tmp_path)
    codes = ("E05000011", "E05000012", "E05000013")
    import_paths(
        store, [("old.geojson", ward_boundaries("13", codes)), ("t.csv", census(rows=codes).encode())]
    )
    new = [("new.geojson", ward_boundaries()), ("t.csv", census(rows=("E05000001", "E05000002")).encode())]
    import_paths(store, new)
    assert set(store.cells("ward")["area_code"]) == {"E05000001", "E05000002"}


def test_another_authority_cannot_move_into_a_workspace(store: Store) -> None:
    bring(store, "whole.csv", census())
    before = store.version
    with pytest.raises(InputError, match=r"is of Toytown \(E06000099\)"):
        import_paths(store, [("t.csv", census().encode())], authority="E08000035")
    assert store.version == before
    assert store.settings()["authority_code"] == AUTHORITY


@pytest.mark.parametrize("given", ["Toytown", "toytown", AUTHORITY, AUTHORITY.lower()])
def test_the_own_authority_may_be_named_again(store: Store, given: str) -> None:
    report = import_paths(store, [("t.csv", census().encode())], authority=given)
    assert report.authority_code == AUTHORITY


def test_outlines_that_name_no_authority_ask_for_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    report = import_paths(store, [("lsoas.geojson", lsoa_boundaries())])
    assert "not known yet which authority" in report.files[0].message
    assert store.datasets() == ()
    report = import_paths(store, [("lsoas.geojson", lsoa_boundaries())], authority=AUTHORITY)
    assert report.files[0].rows_kept == 6


def test_the_name_of_the_sample_s_authority_goes_with_the_sample(tmp_path: Path) -> None:
    store = open_workspace(tmp_path)
    import_paths(store, [("lsoas.geojson", lsoa_boundaries())], authority=AUTHORITY)
    assert store.settings()["authority_code"] == AUTHORITY
    assert store.settings()["authority_name"] == ""
    import_paths(store, [("wards.geojson", ward_boundaries())])
    assert store.settings()["authority_name"] == "Toytown"


def test_deprivation_workbooks_name_the_authority_in_full_words(tmp_path: Path) -> None:
    table = (
        "LSOA code (2021),LSOA name (2021),Local Authority District code (2024),"
        "Local Authority District name (2024),Index of Multiple Deprivation (IMD) Rank\n"
        f"{LSOAS[0]},Toytown 001A,{AUTHORITY},Toytown,7\n"
    )
    assert bring(Store(tmp_path), "imd.csv", table).authority_name == "Toytown"


def test_column_names_without_rows_are_told_as_that(store: Store) -> None:
    report = bring(store, "t.csv", census().splitlines()[0] + "\n")
    assert "no rows" in report.files[0].message


def overtaken(store: Store, monkeypatch: pytest.MonkeyPatch, files: list[tuple[str, bytes]]) -> None:
    """Let another process import these files while the next import makes up its mind."""
    choose, left = geodata.importer.choose_datasets, [files]

    def slow(*arguments: object) -> object:
        chosen = choose(*arguments)  # type: ignore[arg-type]
        if left:
            import_paths(Store(store.root), left.pop())
        return chosen

    monkeypatch.setattr(geodata.importer, "choose_datasets", slow)


def test_two_first_imports_at_once_onto_the_sample_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_workspace(tmp_path)
    overtaken(store, monkeypatch, [*OUTLINES, ("lookup.csv", lsoa_ward_lookup().encode())])
    import_paths(store, [("postcodes.csv", codepoint().encode())], authority=AUTHORITY)
    kinds = [dataset.kind for dataset in store.datasets()]
    assert sorted(kinds) == ["areas", "areas", "lookup", "postcodes"]
    assert store.settings()["is_sample"] == "no"


def test_an_import_that_is_overtaken_weighs_what_the_other_brought(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtaken(store, monkeypatch, [("whole.csv", census().encode())])
    bring(store, "some.csv", census(rows=LSOAS[:2]))
    assert bad_health(store) == {code: i + 1 for i, code in enumerate(LSOAS)}


def test_an_import_that_never_gets_its_turn_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: object, **_named: object) -> None:
        raise OvertakenError("too late")

    monkeypatch.setattr(Store, "write", never)
    with pytest.raises(WorkspaceError, match="Nothing was changed"):
        bring(store, "t.csv", census())


def test_a_sample_is_not_written_over_what_came_meanwhile(tmp_path: Path) -> None:
    store = Store(tmp_path)
    import_paths(store, OUTLINES)
    with pytest.raises(OvertakenError):
        write_sample(store, at_version=0)
    assert [dataset.kind for dataset in store.datasets()] == ["areas", "areas"]
