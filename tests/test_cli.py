"""The command line as a script meets it: stable keys, and one line for every fault."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cli import main
from commands.figure import PROFILE_KEYS
from commands.opened import newest_of_kind

ROOT = Path(__file__).resolve().parents[1]
EVALUATE_KEYS = {"footprints", "option", "violations"}
FOOTPRINT_KEYS = {
    "footprint_id",
    "footprint_name",
    "population",
    "deviation_from_target",
    "contiguous",
    "holes",
    "polsby_popper",
    "reock",
    "area_km2",
    "perimeter_m",
    "n_areas",
}
WARDS = [f"E050103{n}" for n in range(11, 32)]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "workspace"
    assert main(["indicators", "--workspace", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def york(york_copy: Callable[[], Path]) -> Path:
    return york_copy()


def test_new_sample_workspace_is_said_beside_the_answer_and_only_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mistyped"
    arguments = ["indicators", "--workspace", str(folder), "--json"]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert said.err == f"A new workspace with the embedded sample was made at {folder}.\n"
    assert list(json.loads(said.out)) == ["indicators"]
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""


def option_file(folder: Path, rows: list[tuple[str, str]], name: str = "option.csv") -> str:
    path = folder / name
    path.write_text("ward_code,footprint\n" + "".join(f"{code},{label}\n" for code, label in rows))
    return str(path)


@pytest.fixture
def halves(tmp_path: Path) -> str:
    return option_file(tmp_path, [(code, "North" if i % 2 else "South") for i, code in enumerate(WARDS)])


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, list[dict[str, object]]]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    document: dict[str, list[dict[str, object]]] = json.loads(out)
    return document


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on standard error of a command that ends with status 2."""
    capsys.readouterr()
    try:
        status = main(list(arguments))
    except SystemExit as end:
        status = int(str(end.code))
    err = capsys.readouterr().err
    assert status == 2
    assert err.count("\n") == 1
    assert err.startswith("neighbourhoods")
    return err


# -- keys ------------------------------------------------------------------------------------


def test_indicators_have_their_keys(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "indicators", "--workspace", str(sample))["indicators"]
    assert len(found) >= 45
    assert {"indicator_id", "domain", "label", "unit", "waits_for", "areas_with_figures"} <= set(found[0])


def test_profile_of_wards_has_every_ward_and_the_authority(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answer(capsys, "profile", "--indicator", "bad_health", "--workspace", str(sample))["rows"]
    assert [row["area_code"] for row in rows] == [*WARDS, "E06000014"]
    assert list(rows[0]) == [key for key in PROFILE_KEYS if key != "footprint_id"]


def test_profile_of_one_area_is_the_same_figure(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("profile", "--indicator", "bad_health", "--workspace", str(sample))
    every = answer(capsys, *given)["rows"]
    one = answer(capsys, *given, "--area", WARDS[3])["rows"]
    assert one == [every[3]]


def test_profile_of_an_option_adds_up_to_the_authority(
    sample: Path, halves: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = answer(
        capsys, "profile", "--option", halves, "--indicator", "pop_total", "--workspace", str(sample)
    )["rows"]
    value = {row["footprint_id"]: row["value"] for row in rows}
    assert list(rows[0]) == [key for key in PROFILE_KEYS if key != "area_code"]
    assert float(str(value["North"])) + float(str(value["South"])) == value["E06000014"] == 202_814


def test_evaluation_has_its_keys(sample: Path, halves: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "evaluate", halves, "--target", "100,000", "--workspace", str(sample))
    assert set(found) == EVALUATE_KEYS
    first = found["footprints"][0]
    assert set(first) == FOOTPRINT_KEYS
    assert first["deviation_from_target"] == pytest.approx(float(str(first["population"])) / 100_000 - 1)
    assert {"cut_edges", "shared_border_m", "n_footprints", "n_unassigned"} <= set(found["option"])


def test_an_option_compared_with_itself_moves_nobody(
    sample: Path, halves: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "compare", halves, halves, "--workspace", str(sample))
    assert len(found["options"]) == 2
    assert found["people_who_move"] == 0


def test_a_saved_option_is_found_by_id_and_by_name(
    sample: Path, halves: str, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = answer(capsys, "options", "--save", halves, "--name", "Two halves", "--workspace", str(sample))
    listed = answer(capsys, "options", "--workspace", str(sample))["options"]
    assert "Two halves" in [row["name"] for row in listed]
    by_id = answer(capsys, "evaluate", str(saved["id"]), "--workspace", str(sample))
    assert by_id == answer(capsys, "evaluate", "Two halves", "--workspace", str(sample))


def test_of_two_options_with_one_name_the_newer_is_meant(
    sample: Path, halves: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = option_file(tmp_path, [(code, "All") for code in WARDS], "whole.csv")
    for file in (halves, whole):
        answer(capsys, "options", "--save", file, "--name", "Same", "--workspace", str(sample))
    found = answer(capsys, "evaluate", "Same", "--workspace", str(sample))
    assert [row["footprint_id"] for row in found["footprints"]] == ["All"]


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "geojson", "gpkg", "shp"])
def test_export_writes_the_bytes_that_it_says(
    sample: Path, halves: str, tmp_path: Path, file_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"out.{file_format}"
    given = ("export", "option", "--option", halves, "--format", file_format, "--out", str(out))
    found = answer(capsys, *given, "--workspace", str(sample))
    assert out.stat().st_size == found["bytes"]


def test_an_option_of_small_areas_comes_back_from_its_outlines_unchanged(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Fitted to wards, which its footprints cut, it would be another option.
    areas = tmp_path / "areas.csv"
    given = ("--geography", "synthetic", "--out", str(areas), "--workspace", str(sample))
    answer(capsys, "export", "areas", *given)
    known = pd.read_csv(areas)["area_code"].dropna()
    codes = known[known.str.startswith("SYN")]
    drawn = option_file(tmp_path, [(c, "North" if i % 3 else "South, <b>") for i, c in enumerate(codes)])
    drawn = shutil.copy(drawn, tmp_path / "drawn.csv")
    Path(drawn).write_text(Path(drawn).read_text().replace("South, <b>", '"South, <b>"'))
    out = str(tmp_path / "drawn.gpkg")
    answer(capsys, "export", "option", "--option", str(drawn), "--format", "gpkg", "--out", out, *given[4:])
    assert main(["compare", str(drawn), out, "--json", *given[4:]]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["n_areas_that_move"] == 0
    assert "fitted to synthetic small areas" in said.err


def test_figures_for_people_have_commas_and_no_powers_of_ten(
    sample: Path, halves: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in (("profile", "--area", "e05010311"), ("evaluate", halves)):
        assert main([*given, "--workspace", str(sample)]) == 0
        said = capsys.readouterr().out
        assert re.search(r"\d,\d{3}", said)
        assert not re.search(r"\de[+-]\d|NaN|None", said)


def test_an_indicator_without_figures_says_which_file_it_waits_for(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", "--indicator", "obese_r", "--workspace", str(sample)]) == 0
    assert "waits for: Fingertips CSV" in capsys.readouterr().out
    assert answer(capsys, "profile", "--indicator", "obese_r", "--workspace", str(sample)) == {"rows": []}


def test_a_councils_own_indicator_is_added_read_and_removed(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "visits.csv"
    own.write_text('Area code,Numerator,Denominator\ne05010311,"1,200",8000\nE05010312,3,4000\n')
    where = ("--workspace", str(sample))
    form = ("--domain", "adults", "--label", 'Visits, "urgent"', "--period", "2025", "--source", "Case list")
    added = answer(capsys, "indicators", "--add", str(own), *form, *where)
    assert added == {"indicator_id": "own_visits_urgent", "label": 'Visits, "urgent"'}
    rows = answer(capsys, "profile", "--indicator", "own_visits_urgent", *where)["rows"]
    by_area = {row["area_code"]: row for row in rows}
    assert by_area["E05010311"]["value"] == 15
    assert (by_area["E05010312"]["value"], by_area["E05010312"]["suppressed"]) == (None, True)
    assert "published" in refusal(capsys, "indicators", "--remove", "pop_total", *where)
    assert answer(capsys, "indicators", "--remove", "own_visits_urgent", *where) == {
        "removed": "own_visits_urgent"
    }
    assert "own_visits" in refusal(capsys, "profile", "--indicator", "own_visits_urgent", *where)


# -- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("E05001745", "A")], "wards"),
        ([(WARDS[0], "A"), (WARDS[0], "B")], "twice"),
        ([(WARDS[0], "A")], "missing"),
        ([("E00067299", "A")], "output area"),
        ([("E01013335", "A")], "LSOA"),
    ],
    ids=["old wards", "an area twice", "missing areas", "output areas", "LSOAs without outlines"],
)
def test_a_faulty_option_is_refused(
    sample: Path,
    tmp_path: Path,
    rows: list[tuple[str, str]],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = option_file(tmp_path, rows)
    assert words in refusal(capsys, "evaluate", given, "--workspace", str(sample))


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "no-such-file.csv"),
        ("evaluate", ""),
        ("profile", "--indicator", "no_such"),
        ("profile", "--area", "E05099999"),
        ("profile", "--geography", "no_such"),
        ("profile", "--geography", ""),
        ("profile", "--geography", "wardxx"),
        ("profile", "--geography", "oa21"),
        ("profile", "--geography", "ward", "--option", "x.csv"),
        ("indicators", "--add", "no-such-file.csv"),
        ("indicators", "--domain", "no_such"),
        ("export", "areas", "--geography", "no_such", "--out", "x.csv"),
        ("export", "areas", "--out", "/no/such/folder/x.csv"),
        ("export", "areas", "--out", "/"),
        ("export", "option", "--out", "x.csv"),
        ("export", "profile", "--format", "gpkg", "--out", "x.gpkg"),
        ("compare", "one", "two"),
        ("import", "no-such-folder"),
        ("no-such-command",),
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_refused_in_one_line(
    sample: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    refusal(capsys, *arguments, "--workspace", str(sample))


@pytest.mark.parametrize("target", ["0", "-5", "nan", "inf", "many"])
def test_a_target_that_is_no_number_of_people_is_refused(
    sample: Path, halves: str, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal(capsys, "evaluate", halves, "--target", target, "--workspace", str(sample))
    refusal(capsys, "compare", halves, halves, "--target", target, "--workspace", str(sample))


@pytest.mark.parametrize("tolerance", ["-0.1", "nan"])
def test_a_tolerance_below_nought_is_refused(
    sample: Path, halves: str, tolerance: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal(capsys, "evaluate", halves, f"--tolerance={tolerance}", "--workspace", str(sample))


def test_an_import_that_puts_nothing_in_reports_and_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.csv").touch()
    given = ["import", str(tmp_path / "empty.csv"), "--workspace", str(tmp_path / "w"), "--json"]
    assert main(given) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["files"][0]["message"] == "The file is empty."
    assert err == "neighbourhoods: empty.csv: The file is empty; nothing was changed\n"


def test_an_import_of_a_folder_without_files_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nothing").mkdir()
    message = refusal(capsys, "import", str(tmp_path / "nothing"), "--workspace", str(tmp_path / "w"))
    assert "no files" in message


def test_a_workspace_that_is_no_database_is_refused(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(sample, broken)
    for path in broken.glob("workspace.sqlite*"):
        path.unlink()
    (broken / "workspace.sqlite").write_bytes(b"no database" * 999)
    assert str(broken) in refusal(capsys, "profile", "--workspace", str(broken))


def test_a_workspace_with_lost_tables_is_refused(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(sample, broken)
    for path in (broken / "data").iterdir():
        path.write_bytes(b"PAR1")
    assert "missing or damaged" in refusal(capsys, "profile", "--workspace", str(broken))


# -- as a process ----------------------------------------------------------------------------


def test_the_command_line_starts_without_a_compiler_or_anything_that_draws() -> None:
    code = "import sys, cli; sys.exit(bool({'numba', 'streamlit', 'folium', 'altair'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_reader_that_goes_away_is_no_fault(sample: Path) -> None:
    command = [sys.executable, "-m", "cli", "profile", "--workspace", str(sample)]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")
def test_a_full_device_is_refused_and_never_replaced(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No space left" in refusal(
        capsys, "export", "areas", "--out", "/dev/full", "--workspace", str(sample)
    )
    assert Path("/dev/full").is_char_device()


def test_an_export_through_a_link_writes_what_it_points_to(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link, real = tmp_path / "link.csv", tmp_path / "real.csv"
    link.symlink_to(real)
    answer(capsys, "export", "areas", "--out", str(link), "--workspace", str(sample))
    assert link.is_symlink()
    assert real.stat().st_size > 0


# -- York ------------------------------------------------------------------------------------


def test_york_import_reports_every_file_and_reconciles(
    york: Path, york_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = york_data / "indicators" / "census2021-ts054-lsoa.csv"
    found = answer(capsys, "import", str(table), "--workspace", str(york))
    assert set(found) == {"files", "reconciliation", "reconciliation_by_cell"}
    assert set(found["files"][0]) >= {
        "path",
        "recognised_as",
        "geography",
        "rows_in",
        "rows_kept",
        "dropped",
    }
    assert found["files"][0]["rows_kept"] == 121
    row = next(r for r in found["reconciliation"] if r["indicator_id"] == "social_rent")
    assert set(row) >= {"geography", "period", "sum_of_areas", "published", "difference"}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("lsoa", "lsoa21"),
        ("LSOA", "lsoa21"),
        ("lsoa11", "lsoa11"),
        ("Ward", "ward"),
        ("oa", "oa"),
        ("x", "x"),
    ],
)
def test_a_kind_of_area_without_its_year_is_the_newest_that_is_loaded(given: str, meant: str) -> None:
    assert newest_of_kind(given, ("ward", "lsoa21", "lsoa11", "ward22")) == meant


@pytest.mark.parametrize("geography", ["ward", "lsoa21", "msoa21", "lsoa11"])
def test_residents_of_york_add_up_whatever_the_areas(
    york: Path, geography: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("profile", "--geography", geography, "--indicator", "pop_total", "--workspace", str(york))
    rows = answer(capsys, *given)["rows"]
    assert sum(float(str(row["value"])) for row in rows[:-1]) == rows[-1]["value"] == 202_814


def test_an_option_over_lsoas_has_the_figures_of_the_same_option_over_wards(
    york: Path, york_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lookup = pd.read_csv(york_data / "lookups" / "DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    wards = york_data / "footprints" / "pcn_ward_groups.csv"
    footprint = pd.read_csv(wards).set_index("ward_code")["footprint"]
    fine = pd.DataFrame(
        {"LSOA21CD": lookup["lsoa21_code"], "footprint": lookup["ward24_code"].map(footprint)}
    )
    fine.to_csv(tmp_path / "fine.csv", index=False)
    given = ("profile", "--indicator", "bad_health", "--workspace", str(york), "--option")
    figures = [
        [(r["footprint_id"], r["numerator"], r["denominator"]) for r in answer(capsys, *given, file)["rows"]]
        for file in (str(wards), str(tmp_path / "fine.csv"))
    ]
    assert figures[0] == figures[1]


def test_scorecard_of_practice_groups_says_how_they_stand_and_what_hangs_on_the_fit(
    york: Path, york_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = str(york_data / "footprints" / "pcn_ward_groups.csv")
    card: dict[str, Any] = answer(capsys, "test", groups, "--workspace", str(york))
    assert card["alternatives"]["kind"] == "all ways"
    assert card["params"]["target"] == pytest.approx(202_814 / 6)
    people = [one["population"] for one in card["future"][0]["footprints"]]
    assert sum(people) == 202_814
    worst = max(abs(n * 6 / 202_814 - 1) for n in people)
    assert card["alternatives"]["tolerance"] == pytest.approx(math.ceil(100 * worst) / 100)
    out = [n for n in people if abs(n * 6 / 202_814 - 1) > 0.10]
    band = next(rule for rule in card["constraints"] if rule["id"] == "band_today")
    assert len(band["breaks"]) == len(out) > 0
    for one in card["measures"]:
        assert 0 <= one["better_than"] <= 1
        assert one["best"] == one["bound"]
        assert one["distance"] >= 0
    by_fit = {one["fit"]: one for one in card["fitting"]["others"]}
    assert by_fit["by postcode"]["n_changed"] > 0
    assert 0 < card["fitting"]["people_straddling"] < 202_814
