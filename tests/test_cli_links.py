"""The command `links` as a script meets it: stable keys, what people say kept, one line for every fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import main
from tests.neighbourhoods.cut_town import cut_store

KEYS = ["focal", "focal_name", "neighbour", "neighbour_name", "kind", "distance_m", "by", "reason", "created"]
WHY = ("--reason", "Ferry stopped in 2024", "--author", "Ann")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    cut_store(tmp_path)
    return str(tmp_path)


def answer(
    capsys: pytest.CaptureFixture[str], folder: str, *arguments: str
) -> dict[str, list[dict[str, object]]]:
    capsys.readouterr()
    assert main(["links", *arguments, "--workspace", folder, "--json"]) == 0
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found


def pairs(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(row["focal"], row["neighbour"], row["kind"], row["by"]) for row in rows]


def test_links_are_listed_with_names_kind_distance_and_who(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, folder)
    assert list(found) == ["geography", "links", "parted", "passed_over"]
    assert [list(row) for row in found["links"]] == [KEYS, KEYS]
    assert found["links"][1] == {
        "focal": "C",
        "focal_name": "Cedar",
        "neighbour": "G",
        "neighbour_name": "Gull",
        "kind": "island",
        "distance_m": 700.0,
        "by": "automatic",
        "reason": "",
        "created": "",
    }
    assert (found["parted"], found["passed_over"]) == ([], [])


def test_a_link_is_taken_away_put_back_and_added(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, folder, "--geography", "ward", "--part", "G", "C", *WHY)
    assert pairs(found["links"]) == [("A", "D", "river", "automatic")]
    (parted,) = found["parted"]
    assert list(parted) == KEYS
    assert (parted["neighbour"], parted["by"], parted["reason"]) == ("G", "Ann", WHY[1])
    found = answer(capsys, folder, "--join", "C", "G", "--as", "automatic", *WHY)
    assert pairs(found["links"])[1] == ("C", "G", "island", "automatic")
    answer(capsys, folder, "--join", "F", "C", "--as", "river", *WHY)
    found = answer(capsys, folder)
    assert ("C", "F", "river", "Ann") in pairs(found["links"])
    capsys.readouterr()
    assert main(["links", "--workspace", folder]) == 0
    assert "A Ash and D Dale, across a river or channel, 100 m (automatic)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--join", "A", "B", "--as", "river", *WHY), "Ash and Birch share a border"),
        (("--join", "A", "Z", "--as", "river", *WHY), "no area 'Z'"),
        (("--join", "A", "A", "--as", "manual", *WHY), "given twice"),
        (("--join", "A", "E", "--as", "manual", "--author", "Ann"), "Reason"),
        (("--join", "A", "E", "--as", "manual", "--reason", "Bridge"), "Your name"),
        (("--join", "A", "E", *WHY), "--as river"),
        (("--part", "A", "E", *WHY), "no link to take away"),
        (("--part", "A", "D", "--as", "river", *WHY), "--as belongs to --join"),
        (WHY, "--join A B or --part A B"),
        (("--geography", "parish"), "no kind of area called 'parish'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    folder: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert main(["links", *arguments, "--workspace", folder, "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert message in said.err
