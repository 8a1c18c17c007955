"""What is done while the server starts."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from neighbourhoods import compilation
from neighbourhoods.study.preparation import is_prepared
from pages.components import loaders, warm

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that were to be run beside the server; none is."""
    commands: list[list[str]] = []

    class Started:
        def __init__(self, command: list[str], **_: object) -> None:
            commands.append(command)

        def terminate(self) -> None:
            """Nothing to end."""

    monkeypatch.setattr(warm, "Popen", Started)
    monkeypatch.setattr(compilation, "is_compiled", lambda: True)
    return commands


@pytest.mark.parametrize("is_compiled", [True, False])
def test_the_compiler_runs_beside_the_server_where_it_never_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[list[str]], *, is_compiled: bool
) -> None:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(compilation, "is_compiled", lambda: is_compiled)
    warm.begin().join(60)
    assert [command[1:] for command in started] == (
        [] if is_compiled else [["-m", "neighbourhoods.compilation", "--gently"]]
    )


def test_first_visitor_finds_the_figures_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    warm.begin().join(60)
    assert is_prepared(loaders.shared_study())


def test_the_app_waits_until_nothing_is_being_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEIGHBOURHOODS_WORKSPACE", str(tmp_path / "workspace"))
    importing, go_on = threading.Event(), threading.Event()
    load = warm.import_module

    def slow(name: str) -> object:
        importing.set()
        assert go_on.wait(60)
        return load(name)

    monkeypatch.setattr(warm, "import_module", slow)
    begun = warm.begin()
    assert importing.wait(60)
    waiting = threading.Thread(target=warm.await_imports)
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    go_on.set()
    waiting.join(60)
    assert not waiting.is_alive()
    begun.join(60)


def test_where_nothing_was_begun_nobody_waits() -> None:
    waiting = threading.Thread(target=warm.await_imports, daemon=True)
    waiting.start()
    waiting.join(60)
    assert not waiting.is_alive()


@pytest.mark.parametrize("unwanted", ["streamlit_folium", "numba", "geodata.importer"])
def test_nothing_is_imported_early_that_a_run_must_import_or_no_page_begins_with(unwanted: str) -> None:
    code = (
        "import sys; from importlib import import_module; from pages.components.warm import MODULES; "
        f"[import_module(m) for m in MODULES]; sys.exit({unwanted!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
