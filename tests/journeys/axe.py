"""axe-core in a page and in each of its maps."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# what is being drawn again is faded for a moment, and its contrast is nobody's
STILL = """() => !document.querySelector("[data-stale=true]") &&
  document.getAnimations().every(
    one => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
GRAVE = ("serious", "critical")


@cache
def _script() -> str:
    return AXE.read_text()


def grave_violations(page: Page) -> list[str]:
    """One line for each element at fault: where, rule, element."""
    page.wait_for_function(STILL)
    found = []
    for frame in page.frames:
        if frame is not page.main_frame and frame.query_selector("#map_div") is None:
            continue
        frame.evaluate(_script())
        result = frame.evaluate("axe.run(document, {iframes: false}).then(result => result.violations)")
        where = "page" if frame is page.main_frame else "map"
        found += [
            f"{where}: {violation['id']}: {node['html'][:160]} ({node['failureSummary'][:160]})"
            for violation in result
            if violation["impact"] in GRAVE
            for node in violation["nodes"]
        ]
    return found
