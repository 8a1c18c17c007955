"""From nothing to the first map: the server's start, a first visit and a second one, page by page.

    python -m benchmarks.page_start [--data FOLDER] [--workspace FOLDER] [--repeat 3] [--page draw ...]

Each row starts the real app anew, so that the first visit finds nothing computed. The second visit is
another person's: a browser that has fetched nothing, a server that has. A visit ends when the map is
painted; on pages without a map, when the page has stopped running. Only processes started here are ended.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.app_server import App, end_cleanly_when_told, machine, memory_mb, processor_s, running_app
from benchmarks.workspace import DEFAULT_DATA, Prepared, absence, prepared_workspace
from tests.journeys.chromium import ARGUMENTS, find_chromium

WAIT_MS = 120_000
MOST_REPEATS = 20
PAGES = ("home", "explore", "profile", "draw", "compare", "data", "methods")
WITHOUT_MAP = ("data", "methods")
STOPPED = "[data-testid=stApp][data-test-script-state=notRunning] h1"


@dataclass(frozen=True)
class Start:
    """Seconds of one start, and of the server on a core until its first map; its memory after both visits."""

    server_s: float
    first_s: float
    core_s: float
    second_s: float
    memory_mb: float


def address(page: str, prepared: Prepared) -> str:
    """Path and query of a page with something on it."""
    queries = {
        "explore": f"?layer={prepared.geography}",
        "draw": f"?option={prepared.option_ids[0]}",
        "compare": f"?options={','.join(prepared.option_ids)}",
    }
    return ("" if page == "home" else page) + queries.get(page, "")


def visit(browser: Browser, app: App, page: str, prepared: Prepared) -> float:
    """Seconds from opening the address to the painted map."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        visitor = context.new_page()
        began = time.perf_counter()
        visitor.goto(f"{app.url}/{address(page, prepared)}", timeout=WAIT_MS)
        if page in WITHOUT_MAP:
            visitor.wait_for_selector(STOPPED, timeout=WAIT_MS)
        else:
            handle = visitor.wait_for_selector("iframe", timeout=WAIT_MS)
            frame = handle.content_frame() if handle else None
            if frame is None:
                raise SystemExit(f"the map of {page} has no frame")
            frame.wait_for_selector("[data-ready=true]", timeout=WAIT_MS)
            frame.wait_for_function("window.areaMap.state && window.areaMap.paints > 0", timeout=WAIT_MS)
        return time.perf_counter() - began
    finally:
        context.close()


def start(browser: Browser, page: str, prepared: Prepared) -> Start:
    """One cold start and two visits."""
    with running_app(prepared.folder) as app:
        first = visit(browser, app, page, prepared)
        core_s = processor_s(app.pid)
        second = visit(browser, app, page, prepared)
        return Start(app.start_s, first, core_s, second, memory_mb(app.pid))


def middle(starts: Sequence[Start]) -> Start:
    """Medians."""
    return Start(
        statistics.median(s.server_s for s in starts),
        statistics.median(s.first_s for s in starts),
        statistics.median(s.core_s for s in starts),
        statistics.median(s.second_s for s in starts),
        statistics.median(s.memory_mb for s in starts),
    )


def run(
    data: Path = DEFAULT_DATA,
    *,
    workspace: Path | None = None,
    n_repeats: int = 3,
    pages: Sequence[str] = PAGES,
) -> None:
    """Print the table."""
    with prepared_workspace(data, workspace) as prepared, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium() or None, args=list(ARGUMENTS))
        if workspace is None and (reason := absence(data)):
            print(f"On the sample, since {reason}.")
        print(f"Medians of {n_repeats} in seconds; {prepared.words}; {machine()}.")
        print("page    | server start | first visit | core until then | second visit | server MB")
        for page in pages:
            one = middle([start(browser, page, prepared) for _ in range(n_repeats)])
            print(
                f"{page:<7} | {one.server_s:>12.1f} | {one.first_s:>11.1f} | {one.core_s:>15.1f} |"
                f" {one.second_s:>12.1f} | {one.memory_mb:>9.0f}",
                flush=True,
            )
        browser.close()


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks.page_start", description=__doc__.splitlines()[0]
    )
    made.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of York's published files")
    made.add_argument("--workspace", type=Path, help="an imported workspace; it is copied, never written")
    made.add_argument("--repeat", type=int, default=3)
    made.add_argument("--page", choices=PAGES, nargs="+", default=list(PAGES))
    return made


def main() -> None:
    end_cleanly_when_told()
    given = parser().parse_args()
    n_repeats = min(max(given.repeat, 1), MOST_REPEATS)
    run(given.data, workspace=given.workspace, n_repeats=n_repeats, pages=given.page)


if __name__ == "__main__":
    main()
