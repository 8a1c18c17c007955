"""The option library from a script: versions, status, restore, as now."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import main
from neighbourhoods.comparison.difference import COLUMNS
from tests.test_cli import WARDS, answer, option_file, refusal

OPTION_KEYS = {
    "id",
    "name",
    "geography",
    "status",
    "author",
    "created",
    "parent_id",
    "n_footprints",
    "smallest",
    "largest",
    "n_versions",
    "made_by",
    "seed",
    "is_as_now",
}
CONTEST_KEYS = {"measure_id", "label", "first", "second", "winner", "not_judged"}
VERSION_KEYS = OPTION_KEYS | {"number", "rationale", "is_newest", "equal_to", "change", "statuses"}


@pytest.fixture
def library(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """A workspace with one option from a file, and the id of it."""
    folder = str(tmp_path / "workspace")
    assert main(["indicators", "--workspace", folder]) == 0  # makes the sample, and says so
    file = option_file(tmp_path, [(code, "North" if i % 2 else "South") for i, code in enumerate(WARDS)])
    saved = answer(
        capsys, "options", "--save", file, "--name", "Halves", "--author", "A", "--workspace", folder
    )
    return folder, str(saved["id"])


def test_listing_has_its_keys_and_people_from_smallest_to_largest(
    library: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = library
    (row,) = answer(capsys, "options", "--workspace", folder)["options"]
    assert set(row) == OPTION_KEYS
    assert (row["made_by"], row["seed"], row["n_versions"], row["is_as_now"]) == ("imported", None, 1, False)
    assert float(str(row["smallest"])) + float(str(row["largest"])) == 202_814


def test_status_restore_and_versions(library: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    folder, first = library
    given = ("--workspace", folder)
    done = answer(
        capsys, "options", "--status", "approved", first, "--author", "B", "--reason", "Agreed", *given
    )
    assert done == {"id": first, "name": "Halves", "status": "approved"}
    # the newest version by its name is the one that is changed
    answer(capsys, "options", "--status", "superseded", "Halves", "--author", "C", "--reason", "New", *given)
    assert "newest version" in refusal(capsys, "options", "--restore", first, *given)
    found = answer(capsys, "options", "--versions", "Halves", *given)
    (version,) = found["versions"]
    assert set(version) == VERSION_KEYS
    statuses = version["statuses"]
    assert isinstance(statuses, list)
    assert [set(one) for one in statuses] == [{"status", "created", "author", "reason"}] * 3
    assert [one["status"] for one in statuses] == ["draft", "approved", "superseded"]


def test_a_pinned_version_is_first_and_unpinned_again(
    library: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, first = library
    given = ("--workspace", folder)
    whole = option_file(tmp_path, [(code, "All") for code in WARDS], "whole.csv")
    second = answer(capsys, "options", "--save", whole, "--name", "Whole", *given)["id"]
    assert [row["id"] for row in answer(capsys, "options", *given)["options"]] == [second, first]
    assert answer(capsys, "options", "--pin", first, *given) == {"id": first, "name": "Halves"}
    listed = answer(capsys, "options", *given)["options"]
    assert [(row["id"], row["is_as_now"]) for row in listed] == [(first, True), (second, False)]
    answer(capsys, "options", "--unpin", *given)
    assert [row["is_as_now"] for row in answer(capsys, "options", *given)["options"]] == [False, False]


def test_comparison_says_who_wins_on_what_and_how_far_apart_figures_are(
    library: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, first = library
    given = ("--workspace", folder)
    file = option_file(tmp_path, [(c, "A" if i < 10 else "B") for i, c in enumerate(WARDS)], "other.csv")
    found = answer(capsys, "compare", first, file, "--indicator", "bad_health", *given)
    assert all(set(row) == CONTEST_KEYS for row in found["contest"])
    assert {row["winner"] for row in found["contest"]} <= {"first", "second", None}
    assert [tuple(row) for row in found["differences"]] == [COLUMNS] * 2
    assert "no indicator" in refusal(capsys, "compare", first, file, "--indicator", "no_such", *given)
    # as now moves nobody: with one other there is nothing to judge, wherever it stands
    answer(capsys, "options", "--pin", first, *given)
    for pair in ((first, file), (file, first), (first, first)):
        rows = {row["measure_id"]: row for row in answer(capsys, "compare", *pair, *given)["contest"]}
        assert rows["people_who_move"]["winner"] is None
        assert rows["people_who_move"]["second" if pair[1] == first else "first"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--versions", "no such option"),
        ("--restore", "no such option"),
        ("--pin", "no such option"),
        ("--status", "approved", "no such option", "--author", "A", "--reason", "B"),
        ("--status", "final", "Halves", "--author", "A", "--reason", "B"),
        ("--status", "approved", "Halves"),
        ("--status", "approved"),
        ("--pin", "Halves", "--unpin"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_refused_in_one_line(
    library: tuple[str, str], arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    refusal(capsys, "options", *arguments, "--workspace", library[0])


def test_words_for_a_terminal_name_the_versions(
    library: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, first = library
    capsys.readouterr()
    assert main(["options", "--versions", "Halves", "--workspace", folder]) == 0
    assert first in capsys.readouterr().out
