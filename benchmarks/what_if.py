"""From a click on a hub under What if to the painted sentence, the painted symbol and the server's answer.

    python -m benchmarks.what_if [--data FOLDER] [--workspace FOLDER] [--clicks N]

The real app finds hubs; then hubs are closed and places added on the map in headless Chromium, each click
when the one before has been answered. Times run from the event in the browser to the frame after the paint;
the server's answer is there when the browser holds no click back any more. A sentence that a click does not
change (a place beside one that was added) counts among the symbols only. Kilobytes are all websocket
payload, both ways; those of the map are its state alone, with what every next click would do.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Frame, Page, WebSocket, sync_playwright

from benchmarks.app_server import end_cleanly_when_told, machine, running_app
from benchmarks.workspace import DEFAULT_DATA, absence, prepared_workspace
from tests.journeys.chromium import ARGUMENTS, find_chromium
from tests.journeys.steps import button, headline, settled, tab, the_map

WAIT_MS = 120_000
MOST_CLICKS = 100
TARGET = "target: sentence painted within 100 ms, median"
MAP_MESSAGE = b"areaMap.update"

WATCH = """() => {
  const map = window.areaMap, painted = map.marks._draw;
  const told = {words: null, symbol: null, answer: null};
  window.told = told;
  let clicked = 0, waiting = false;
  const after = use => { // the frame has been painted when a message of its end arrives
    const channel = new MessageChannel();
    channel.port1.onmessage = () => use(performance.now() - clicked);
    channel.port2.postMessage(0);
  };
  document.addEventListener("pointerup", event => {
    clicked = event.timeStamp;
    waiting = true;
    told.words = told.symbol = told.answer = null;
  }, true);
  new MutationObserver(() => {
    if (told.words === null) requestAnimationFrame(() => after(ms => { told.words ??= ms; }));
  }).observe(map.status, { subtree: true, childList: true, characterData: true });
  map.marks._draw = function (context, size) {
    painted(context, size);
    if (!waiting || !map.turned.size) return;
    waiting = false;
    after(ms => { told.symbol = ms; });
  };
  const update = map.update;
  map.update = function (state) {
    update.call(map, state);
    if (!map.pending.length && told.answer === null) after(ms => { told.answer = ms; });
  };
}"""
# where each place is in the frame; none where another place or the legend lies over it
SPOTS = """() => {
  const m = window.areaMap, f = m.sheet.frame(m.geometry), rect = m.container.getBoundingClientRect();
  return m.points.filter(p => p.id).map(p => {
    const at = L.point(p.x * f.scale + f.x, p.y * f.scale + f.y).add(m.sheet._bounds.min);
    const here = m.map.layerPointToContainerPoint(at), found = m.pointAt(m.map.containerPointToLatLng(here));
    const node = document.elementFromPoint(rect.x + here.x, rect.y + here.y);
    const free = node && m.container.contains(node) && !node.closest(".am-legend, .am-buttons");
    return free && found && found.id === p.id ? [rect.x + here.x, rect.y + here.y] : null;
  }).filter(spot => spot);
}"""


@dataclass(frozen=True)
class Result:
    """Milliseconds by click, and kilobytes a click."""

    n_places: int
    words_ms: tuple[float, ...]
    symbol_ms: tuple[float, ...]
    answer_ms: tuple[float, ...]
    kilobytes: float
    map_kilobytes: float


def line(label: str, values: tuple[float, ...]) -> str:
    """One row of the table."""
    if not values:
        return f"{label:<19} | no click was measured"
    return (
        f"{label:<19} | {len(values):>6} | {np.median(values):>6.0f} | {min(values):>5.0f} | "
        f"{np.quantile(values, 0.95):>5.0f} | {max(values):>5.0f}"
    )


def opened(page: Page, url: str) -> Frame:
    """The map under What if of hubs that were just found."""
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{url}/hubs")
    button(page, "Find hubs").click()
    headline(page).filter(has_text="hubs put").wait_for()
    settled(page)
    tab(page, "What if")
    the_map(page, 1)
    frame = page.locator("iframe").nth(1).element_handle().content_frame()
    if frame is None:
        raise SystemExit("the map under What if has no frame")
    frame.wait_for_function("window.areaMap.points.length > 0")
    page.locator("iframe").nth(1).scroll_into_view_if_needed()
    page.wait_for_timeout(1_000)
    return frame


def measure(page: Page, url: str, n_clicks: int) -> Result:
    """Click places in turn, each when the server has answered the one before."""
    sent: list[int] = []
    of_map: list[int] = []

    def count(payload: str | bytes) -> None:
        sent.append(len(payload))
        if isinstance(payload, bytes) and MAP_MESSAGE in payload:
            of_map.append(len(payload))

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", count)
        socket.on("framereceived", count)

    page.on("websocket", listen)
    frame = opened(page, url)
    frame.evaluate(WATCH)
    spots = frame.evaluate(SPOTS)
    box = page.locator("iframe").nth(1).bounding_box()
    if not spots or box is None:
        raise SystemExit("no place can be clicked")
    sent.clear()
    of_map.clear()
    times: list[dict[str, float | None]] = []
    for click in range(n_clicks):
        x, y = spots[click % len(spots)]
        page.mouse.click(box["x"] + x, box["y"] + y)
        frame.wait_for_function("window.told.answer !== null")
        page.wait_for_timeout(500)  # the tables below follow
        times.append(frame.evaluate("window.told"))

    def known(name: str) -> tuple[float, ...]:
        return tuple(one for told in times if (one := told[name]) is not None)

    return Result(
        int(frame.evaluate("window.areaMap.points.length")),
        known("words"),
        known("symbol"),
        known("answer"),
        sum(sent) / 1_000 / n_clicks,
        sum(of_map) / 1_000 / n_clicks,
    )


def visitor(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1280, "height": 900}).new_page()


def run(data: Path = DEFAULT_DATA, *, workspace: Path | None = None, n_clicks: int = 20) -> None:
    """Print the table."""
    with prepared_workspace(data, workspace) as prepared, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium() or None, args=list(ARGUMENTS))
        if workspace is None and (reason := absence(data)):
            print(f"On the sample, since {reason}.")
        with running_app(prepared.folder) as app:
            result = measure(visitor(browser), app.url, n_clicks)
        browser.close()
    print(f"{n_clicks} clicks among {result.n_places} places; {prepared.words}; {machine()}; {TARGET}")
    print("ms after the click  | clicks | median |   min |   p95 |   max")
    print(line("sentence painted", result.words_ms))
    print(line("symbol painted", result.symbol_ms))
    print(line("server has answered", result.answer_ms))
    print(f"{result.kilobytes:.1f} kB a click, {result.map_kilobytes:.1f} of them the map's")


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.what_if", description=__doc__.splitlines()[0])
    made.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of York's published files")
    made.add_argument("--workspace", type=Path, help="an imported workspace; it is copied, never written")
    made.add_argument("--clicks", type=int, default=20)
    return made


def main() -> None:
    end_cleanly_when_told()
    given = parser().parse_args()
    run(given.data, workspace=given.workspace, n_clicks=min(max(given.clicks, 1), MOST_CLICKS))


if __name__ == "__main__":
    main()
