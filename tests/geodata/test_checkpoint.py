"""Parts of long work are there again, those of other work are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.checkpoint import Checkpoint
from geodata.errors import InputError
from geodata.run_file import RunResult


def part(number: int) -> RunResult:
    return RunResult({"a": np.arange(number)}, {"t": pd.DataFrame({"x": [1.5]})}, {"number": number})


def test_parts_come_back_in_the_order_of_their_names(tmp_path: Path) -> None:
    folder = Checkpoint(str(tmp_path / "new" / "folder"), "k")
    assert folder.kept() == []
    folder.keep("b", part(2))
    folder.keep("a", part(1))
    found = Checkpoint(str(tmp_path / "new" / "folder"), "k").kept()
    assert [one.document["number"] for one in found] == [1, 2]
    assert found[1].arrays["a"].tolist() == [0, 1]
    assert found[1].frames["t"]["x"].tolist() == [1.5]


def test_damaged_part_is_passed_over(tmp_path: Path) -> None:
    folder = Checkpoint(str(tmp_path), "k")
    folder.keep("a", part(1))
    folder.keep("b", part(2))
    next(tmp_path.rglob("a-*.zip")).write_bytes(b"half of it")
    assert [one.document["number"] for one in folder.kept()] == [2]


def test_parts_of_other_work_are_refused(tmp_path: Path) -> None:
    Checkpoint(str(tmp_path), "k").keep("a", part(1))
    with pytest.raises(InputError, match="other work"):
        Checkpoint(str(tmp_path), "another").kept()


def test_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made"):
        Checkpoint(str(tmp_path / "file" / "folder"), "k")
