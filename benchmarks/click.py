"""From a mouse click to a painted map and to new figures, in headless Chromium on a real Streamlit app.

    python -m benchmarks.click [FOLDER] [--clicks N]

FOLDER holds York's published files (default ../shared/data/york); without it only the synthetic areas are
clicked. Traffic stays on loopback, clicks and time are bounded, and only processes started here are ended.
Times are taken inside the browser: from the mouse event to the frame after the paint, and to the change of
the figures. Kilobytes are all websocket payload, both ways, divided by clicks.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from playwright.sync_api import Frame, Page, WebSocket, sync_playwright

from geodata.geometry_file import geometry_bytes, publish_geometry
from geodata.topology import build_topology
from tests.journeys.chromium import ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parents[1]
YORK = ROOT.parent / "shared" / "data" / "york"
REAL = {"21": "ward_E06000014", "121": "lsoa21_E06000014", "637": "oa11_E06000014"}
SYNTHETIC = 3_200
START_SECONDS, WAIT_MS = 60, 15_000
TARGET = "targets: paint median 100 ms, figures median 500 ms, 20 kB a click, zoom kept"

WATCH = """() => {
  window.clickTimes = [];
  const map = window.areaMap, painted = map.sheet._draw;
  document.addEventListener("pointerdown", () => {
    window.clicked = performance.now();
    window.waiting = true;
  }, true);
  map.sheet._draw = function (context, size) {
    painted(context, size);
    if (!window.waiting) return;
    window.waiting = false;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.clickTimes.push(performance.now() - window.clicked);
    channel.port2.postMessage(0);
  };
  const target = window.parent.document.body;
  window.figureTimes = [];
  window.count = 0;
  new MutationObserver(() => {
    const found = /Clicks counted: (\\d+)/.exec(target.innerText);
    if (found && +found[1] > window.count) {
      window.count = +found[1];
      window.figureTimes.push(performance.now() - window.clicked);
    }
  }).observe(target, { subtree: true, childList: true, characterData: true });
}"""
PLACE = """(row) => {
  const map = window.areaMap, g = map.geometry, scale = 256 * Math.pow(2, map.map.getZoom());
  const at = L.point((g.labels[row][0] + g.middle[0]) * scale, (g.labels[row][1] + g.middle[1]) * scale);
  const p = map.map.layerPointToContainerPoint(at.subtract(map.map.getPixelOrigin()));
  const size = map.map.getSize();
  const node = document.elementFromPoint(p.x, p.y);
  const shown = p.x > 5 && p.y > 5 && p.x < size.x - 5 && p.y < size.y - 5;
  const free = shown && !node.closest(".am-legend, .am-buttons");
  return free && map.areaAt(map.map.containerPointToLatLng(p)) === row ? [p.x, p.y] : null;
}"""


@dataclass(frozen=True)
class Result:
    """Milliseconds and kilobytes of one size."""

    n_areas: int
    paint_ms: tuple[float, ...]
    figures_ms: tuple[float, ...]
    kilobytes: float
    zoom_kept: bool


def synthetic_areas(n_areas: int, seed: int = 1) -> gpd.GeoDataFrame:
    """Voronoi cells of random points in a disc of 8 km around York, denser towards its middle."""
    random = np.random.default_rng(seed)
    radius, angle = 8_000 * random.random(n_areas) ** 0.8, random.random(n_areas) * 2 * np.pi
    centre = (460_000, 452_000)
    points = np.column_stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)])
    disc = shapely.buffer(shapely.Point(centre), 8_300)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=disc))
    cells = shapely.intersection(cells, disc)
    codes = [f"SYN{row:06d}" for row in range(len(cells))]
    return gpd.GeoDataFrame({"area_name": codes}, index=codes, geometry=cells, crs=27700).rename_axis(
        "area_code"
    )


def real_areas(path: Path) -> gpd.GeoDataFrame:
    """A published boundary file with its codes as index and names where it has any."""
    frame = gpd.read_file(path).to_crs(27700)
    code = next(name for name in frame.columns if name.endswith("CD"))
    name = next((name for name in frame.columns if name.endswith("NM")), code)
    frame = frame.rename(columns={code: "area_code"})
    frame["area_name"] = frame["area_code"] if name == code else frame[name]
    return frame.set_index("area_code")[["area_name", "geometry"]]


def write_site(folder: Path, york: Path) -> list[str]:
    """Lay out the app's folder: page, static files, geometry; returns the sizes that it can show."""
    shutil.copyfile(ROOT / "benchmarks" / "click_page.py", folder / "app.py")
    shutil.copytree(ROOT / "static", folder / "static", ignore=shutil.ignore_patterns("geometry"))
    areas = {str(SYNTHETIC): synthetic_areas(SYNTHETIC)}
    boundaries = york / "boundaries"
    if boundaries.is_dir():
        areas = {size: real_areas(boundaries / f"{name}.geojson") for size, name in REAL.items()} | areas
    content = {}
    for size, frame in areas.items():
        topology = build_topology(frame)
        name = publish_geometry(geometry_bytes(frame, topology), folder / "static" / "geometry")
        residents = np.random.default_rng(2).integers(200, 3_000, len(frame)).tolist()
        codes = list(topology.area_codes)
        content[size] = {"url": f"../../app/static/geometry/{name}", "codes": codes, "residents": residents}
    (folder / "click.json").write_text(json.dumps(content))
    return list(areas)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Streamlit on a free port of loopback, ended at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "enableStaticServing": "true"}
    arguments = [f"--server.{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), *arguments,
         "--server.fileWatcherType=none", "--browser.gatherUsageStats=false"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
                break
            except (urllib.error.URLError, TimeoutError):
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit("the benchmark's app did not start") from None
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def map_frame(page: Page) -> Frame:
    """The map's frame, once its areas are painted."""
    handle = page.wait_for_selector("iframe", timeout=WAIT_MS * 2)
    frame = handle.content_frame()
    if frame is None:
        raise SystemExit("the map's frame is missing")
    frame.wait_for_selector("[data-ready=true]", timeout=WAIT_MS * 2)
    frame.wait_for_function("window.areaMap.state !== null && window.areaMap.paints > 0", timeout=WAIT_MS)
    return frame


def _count(socket: WebSocket, traffic: list[int]) -> None:
    socket.on("framesent", lambda payload: traffic.append(len(payload)))
    socket.on("framereceived", lambda payload: traffic.append(len(payload)))


def measure(page: Page, url: str, size: str, n_clicks: int) -> Result:
    """Click `n_clicks` areas, one after the other's figures are there."""
    traffic: list[int] = []
    page.on("websocket", lambda socket: _count(socket, traffic))
    page.goto(f"{url}/?size={size}")
    frame = map_frame(page)
    page.wait_for_timeout(1_000)
    frame.evaluate("window.areaMap.map.zoomIn(1, {animate: false})")
    frame.evaluate(WATCH)
    zoom, before = frame.evaluate("window.areaMap.map.getZoom()"), sum(traffic)
    box = page.query_selector("iframe").bounding_box()
    done, row, n_areas = 0, 0, int(frame.evaluate("window.areaMap.geometry.count"))
    rows = np.random.default_rng(3).permutation(n_areas).tolist()
    while done < n_clicks and row < 40 * n_clicks:
        spot = frame.evaluate(PLACE, rows[row % n_areas])
        row += 1
        if spot is None:
            continue
        page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
        done += 1
        frame.wait_for_function(f"window.count >= {done}", timeout=WAIT_MS)
        page.wait_for_timeout(60)
    kept = frame.evaluate("window.areaMap.map.getZoom()") == zoom
    return Result(
        n_areas,
        tuple(frame.evaluate("window.clickTimes")),
        tuple(frame.evaluate("window.figureTimes")),
        (sum(traffic) - before) / 1_000 / max(done, 1),
        kept,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("york", nargs="?", type=Path, default=YORK)
    parser.add_argument("--clicks", type=int, default=20)
    given = parser.parse_args()
    run(given.york, min(max(given.clicks, 1), 200))


def run(york: Path = YORK, n_clicks: int = 20) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        sizes = write_site(Path(name), york)
        print(f"{n_clicks} clicks each; {TARGET}")
        print(" areas | paint median   p95 | figures median   p95 | kB a click | zoom kept")
        with served(Path(name)) as url:
            path = find_chromium()
            browser = playwright.chromium.launch(executable_path=path or None, args=list(ARGUMENTS))
            for size in sizes:
                context = browser.new_context(viewport={"width": 1280, "height": 720})
                result = measure(context.new_page(), url, size, n_clicks)
                context.close()
                paint, figures = np.array(result.paint_ms), np.array(result.figures_ms)
                print(
                    f"{result.n_areas:>6} | {np.median(paint):>9.0f} ms {np.quantile(paint, 0.95):>4.0f} |"
                    f" {np.median(figures):>11.0f} ms {np.quantile(figures, 0.95):>4.0f} |"
                    f" {result.kilobytes:>10.1f} | {'yes' if result.zoom_kept else 'NO'}",
                    flush=True,
                )
            browser.close()


if __name__ == "__main__":
    main()
