"""A real app on loopback and a real browser, for journeys that click as a person does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.chromium import ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
AT_HOME = ("http://127.0.0.1", "data:", "blob:")
VIEWPORT = {"width": 1280, "height": 720}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _serve(workspace: Path, log: Path) -> Iterator[str]:
    """Start the app on a free port of loopback; ends only the process that it started."""
    port = _free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "pages.components.serve",
                f"--server.port={port}",
                "--server.address=127.0.0.1",
            ],
            cwd=ROOT,
            env={**os.environ, "NEIGHBOURHOODS_WORKSPACE": str(workspace)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"the app stopped at its start:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the app did not answer within {START_SECONDS} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def sample_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on its embedded sample."""
    folder = tmp_path_factory.mktemp("sample")
    yield from _serve(folder / "workspace", folder / "app.log")


@pytest.fixture
def own_sample_url(tmp_path: Path) -> Iterator[str]:
    """The app on an embedded sample that no other journey has saved anything in."""
    yield from _serve(tmp_path / "workspace", tmp_path / "app.log")


@pytest.fixture(scope="session")
def york_workspace(york_copy: Callable[[], Path]) -> Path:
    """A workspace with all of York's real files, of this process's own."""
    return york_copy()


@pytest.fixture(scope="session")
def york_url(york_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on York's real files."""
    yield from _serve(york_workspace, tmp_path_factory.mktemp("york_app") / "app.log")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    path = find_chromium()
    if path is None:
        pytest.fail("no Chromium was found; run `make test`, or set CHROMIUM to the path of one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Iterator[BrowserContext]:
    """Where visitors of the whole run come from: what the app serves to the first need not be read again."""
    context = browser.new_context(viewport=VIEWPORT, accept_downloads=True, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(visitors: BrowserContext) -> Iterator[Page]:
    """A fresh visitor; the browser reaches this machine alone, and keeps in mind what would leave it."""
    left: list[str] = []
    visitor = visitors.new_page()
    visitor.on("request", lambda request: request.url.startswith(AT_HOME) or left.append(request.url))
    visitor.requests_that_left = left  # type: ignore[attr-defined]
    yield visitor
    if visitor.url.startswith("http"):
        visitor.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    for one in visitors.pages:
        one.close()
    visitors.clear_cookies()
