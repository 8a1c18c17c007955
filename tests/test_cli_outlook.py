"""Growth and partners' areas on the command line. Every site here is synthetic."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import main

WARDS = [f"E050103{n}" for n in range(11, 32)]


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    document: dict[str, object] = json.loads(out)
    return document


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    return err


@pytest.fixture
def workspace(tmp_path: Path) -> tuple[str, str]:
    folder = str(tmp_path / "workspace")
    assert main(["indicators", "--workspace", folder]) == 0
    return "--workspace", folder


@pytest.fixture
def groups(tmp_path: Path) -> str:
    """A partner's set: the first seven wards, the next seven, the last seven."""
    path = tmp_path / "groups.csv"
    path.write_text("ward_code,footprint\n" + "".join(f"{c},{'XYZ'[i // 7]}\n" for i, c in enumerate(WARDS)))
    return str(path)


@pytest.fixture(scope="module")
def york(tmp_path_factory: pytest.TempPathFactory, york_data: Path) -> tuple[str, str]:
    folder = str(tmp_path_factory.mktemp("york") / "workspace")
    files = [
        "boundaries/ward_E06000014.geojson",
        "boundaries/lsoa21_E06000014.geojson",
        "lookups/DERIVED_lookup_lsoa21_ward24_ltla24.csv",
        "indicators/census2021-ts007a-lsoa.csv",
        "indicators/census2021-ts054-ltla.csv",
    ]
    assert main(["import", *(str(york_data / name) for name in files), "--workspace", folder]) == 0
    return "--workspace", folder


def test_a_partners_set_is_added_listed_used_and_removed(
    workspace: tuple[str, str], groups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    added = answer(capsys, "partners", "--add", groups, "--name", "Beats", *workspace)
    assert {"id", "name", "kind", "n_areas", "registered", "rows_in", "rows_kept", "dropped", "notes"} <= set(
        added
    )
    assert (added["id"], added["n_areas"]) == ("partner:beats", 3)
    assert answer(capsys, "partners", *workspace)["partners"] == [
        {"id": "partner:beats", "name": "Beats", "kind": "ward", "n_areas": 3, "registered": None}
    ]
    fit = answer(capsys, "partners", "--fit", groups, "--with", "Beats", *workspace)
    assert fit["people_outside"] == 0
    assert answer(capsys, "partners", "--remove", "Beats", *workspace) == {"removed": "partner:beats"}
    assert answer(capsys, "partners", *workspace)["partners"] == []


def test_generate_keeps_a_partners_areas_whole_and_says_so(
    workspace: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = tmp_path / "pair.csv"
    pair.write_text(f"ward_code,footprint\n{WARDS[0]},West\n{WARDS[10]},West\n")
    answer(capsys, "partners", "--add", str(pair), "--name", "Pair", *workspace)
    asked = ("generate", "--n", "4", "--tolerance", "0.1", "--top", "1", *workspace)
    together = answer(capsys, *asked, "--together", f"{WARDS[0]},{WARDS[10]}")
    whole = answer(
        capsys, *asked, "--keep-whole", "Pair", "--partner", "partner:pair", "--wish", "partners=1"
    )
    assert whole["n_ways"] == together["n_ways"]
    params = whole["params"]
    assert isinstance(params, dict)
    assert (params["keep_whole"], params["partner"]) == (["partner:pair"], "partner:pair")
    measured = {m["measure_id"] for m in whole["measures"]}  # type: ignore[attr-defined]
    assert "people_outside_partner" in measured


def test_generate_weighs_nearness_at_the_speed_that_is_asked(
    workspace: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("generate", "--n", "4", "--wish", "travel=1", "--top", "1", *workspace)
    walking, cycling = answer(capsys, *asked), answer(capsys, *asked, "--km-h", "9.6")
    minutes = [
        next(m["min"] for m in found["measures"] if m["measure_id"] == "travel_minutes_mean")  # type: ignore[attr-defined]
        for found in (walking, cycling)
    ]
    assert minutes[0] == pytest.approx(2 * minutes[1])


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (
            ("generate", "--n", "4", "--not-across", "nobody"),
            "neither the id nor the name of a partner's set",
        ),
        (("generate", "--n", "4", "--wish", "partners=1"), "choose the partner's areas"),
        (("generate", "--n", "4", "--wish", "future=1"), "choose the year"),
        (("generate", "--n", "4", "--future-years", "10"), "No development sites are loaded"),
        (("partners", "--add", "no-such-file.gpkg", "--name", "X"), "there is no such file"),
        (("partners", "--remove", "nobody"), "neither the id nor the name"),
    ],
)
def test_what_is_missing_is_said_in_words(
    workspace: tuple[str, str], arguments: tuple[str, ...], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fault in refusal(capsys, *arguments, *workspace)


def test_a_line_that_cannot_be_kept_is_named_with_what_helps(
    workspace: tuple[str, str], groups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "partners", "--add", groups, "--name", "Police beats", *workspace)
    said = refusal(capsys, "generate", "--n", "4", "--not-across", "Police beats", *workspace)
    assert "the line of Police beats" in said
    assert "not to keep to the line of Police beats" in said


def test_an_evaluation_has_future_years_when_sites_are_loaded(
    york: tuple[str, str], york_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A synthetic site of 100 homes a year from 2022 to 2031, 2 people each, in the middle of Acomb."""
    option = str(york_data / "footprints" / "pcn_ward_groups.csv")
    assert "future" not in answer(capsys, "evaluate", option, *york)
    sites = tmp_path / "sites (synthetic).csv"
    sites.write_text(
        "Site,Easting,Northing,Homes per year,First year,Last year,People per home\n"
        "Synthetic,457148,452334,100,2022,2031,2\n"
    )
    report = answer(capsys, "import", str(sites), *york)
    assert report["files"][0]["recognised_as"] == "Development sites"  # type: ignore[index]
    found = answer(capsys, "evaluate", option, "--target", "34000", *york)
    years = found["future"]
    assert isinstance(years, list)
    assert [y["year"] for y in years] == [2021, 2026, 2031, 2036]
    assert [sum(f["added"] for f in y["footprints"]) for y in years] == [0, 1_000, 2_000, 2_000]
    assert [max(f["added"] for f in y["footprints"]) for y in years] == [0, 1_000, 2_000, 2_000]
    assert years[0]["max_deviation"] == found["option"]["max_deviation"]  # type: ignore[index]
    assert "Counted from 2021" in str(found["future_note"])
    ways = answer(
        capsys, "generate", "--n", "4", "--wish", "future=1", "--future-years", "10", "--top", "1", *york
    )
    assert ways["params"]["future_years"] == 10  # type: ignore[index]


def test_a_future_that_cannot_be_told_says_what_is_missing(
    york_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """People per home are left open, and no table of households is loaded."""
    sites = tmp_path / "sites.csv"
    sites.write_text("Site,Easting,Northing,2027,2028\nSynthetic,457148,452334,100,100\n")
    names = ["boundaries/ward_E06000014.geojson", "boundaries/lsoa21_E06000014.geojson"]
    names += ["lookups/DERIVED_lookup_lsoa21_ward24_ltla24.csv", "indicators/census2021-ts007a-lsoa.csv"]
    folder = ("--workspace", str(tmp_path / "workspace"))
    assert main(["import", str(sites), *(str(york_data / name) for name in names), *folder]) == 0
    option = str(york_data / "footprints" / "pcn_ward_groups.csv")
    found = answer(capsys, "evaluate", option, *folder)
    assert found["future"] == []
    assert "People per home are not given for Synthetic" in str(found["future_note"])
