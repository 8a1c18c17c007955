"""Compiled once, known to be compiled, and compiled again when a source has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.compiled_code import is_marked, mark
from neighbourhoods import compilation


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_what_was_compiled_is_known_until_a_source_or_the_compiler_changes(tmp_path: Path) -> None:
    source = tmp_path / "kernel.py"
    source.write_text("one = 1\n")
    assert not is_marked("numba 1", sources=(str(source),))
    mark("numba 1", sources=(str(source),))
    assert is_marked("numba 1", sources=(str(source),))
    assert not is_marked("numba 2", sources=(str(source),))
    source.write_text("one = 2\n")
    assert not is_marked("numba 1", sources=(str(source),))


def test_every_file_that_asks_for_the_compiler_is_a_source() -> None:
    named = {Path(one).name for one in compilation.compiled_sources()}
    assert {one.name for one in compilation.HERE.rglob("*_kernel.py")} <= named


def test_on_a_new_computer_nothing_is_taken_for_compiled() -> None:
    assert not compilation.is_compiled()
