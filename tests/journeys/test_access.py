"""Every page: axe-core finds nothing grave, keyboard alone reaches all, no request leaves, nothing is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.journeys.axe import grave_violations
from tests.journeys.options import two_options
from tests.journeys.steps import headline, settled, the_map, visit

pytestmark = pytest.mark.journey

PAGES = (
    "",
    "explore",
    "profile?area=E05010330",
    "draw",
    "generate",
    "test",
    "compare",
    "portraits",
    "options",
    "assets",
    "access",
    "hubs",
    "outreach",
    "scenarios",
    "data",
    "methods",
)
WITH_MAP = ("", "explore", "profile", "draw", "generate", "assets", "access", "scenarios")
# what Tab must reach: all that is shown, can be focused and is not switched off; in a group of choices the
# chosen one, since arrow keys go on from there
STOPS = """() => Array.from(
    document.querySelectorAll("a[href], button, input, select, textarea, iframe, [tabindex]"))
  .filter(e => e.tabIndex >= 0 && !e.disabled && !e.closest("[inert], [aria-hidden=true]")
    && e.getAttribute("aria-checked") !== "false"
    && e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 1)
  .map((e, i) => { e.dataset.stop = i; return e.dataset.stop; })"""
HERE = "() => document.activeElement && document.activeElement.dataset.stop || null"
# words of controls and headings that do not fit their box
CUT = """() => Array.from(document.querySelectorAll(
    "h1, h2, h3, label, button p, [role=tab], [data-testid=stCaptionContainer] p, input[role=combobox], a p"))
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1)
  .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline"
    && (e.tagName === "INPUT" || getComputedStyle(e).overflowX !== "visible"))
  .map(e => e.tagName + ": " + (e.value || e.innerText))"""


FITS = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return main.scrollWidth <= main.clientWidth;
}"""
SIZES = ((1280, 720), (1024, 576))  # a laptop, and the same at 125%


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_no_page_axe_finds_anything_grave_and_in_light_no_words_are_cut_and_the_main_thing_is_in_view(
    browser: Browser, york_url: str, york_workspace: Path, scheme: str
) -> None:
    two_options(york_workspace)
    width, height = SIZES[0]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        found: dict[str, object] = {}
        for path in PAGES:
            visit(page, f"{york_url}/{path}")
            for number in range(page.locator("iframe").count()):
                the_map(page, number)
            dark = page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme")
            assert dark == scheme
            faults = grave_violations(page)
            if scheme == "light":
                faults = [*faults, *out_of_place(page)]
            if faults:
                found[path or "home"] = faults
        assert found == {}
    finally:
        context.close()


def out_of_place(page: Page) -> list[str]:
    """What is cut, scrolls sideways or leaves the main thing out of view, in either size of window."""
    found: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => window.innerWidth === width", arg=width)
        settled(page)
        # a long name in a narrow box may be cut at 125%; everything else may not
        words = [w for w in page.evaluate(CUT) if width > 1_100 or not w.startswith("INPUT")]
        found += [f"cut at {width}: {word}" for word in words]
        try:
            page.wait_for_function(FITS, timeout=10_000)  # a map takes its new width a moment later
        except PlaywrightTimeoutError:
            wide = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
            found.append(f"scrolls sideways by {wide} px at {width}")
        main = page.locator("iframe, [data-testid=stDataFrame], [data-testid=stFileUploader]").first
        box = main.bounding_box()
        if box is None or box["y"] > height * 0.7:
            found.append(f"the main thing is out of view at {width}: {box}")
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    return found


@pytest.mark.parametrize("path", PAGES)
def test_keyboard_alone_reaches_every_control_and_no_request_leaves_the_machine(
    page: Page, sample_url: str, path: str
) -> None:
    visit(page, f"{sample_url}/{path}")
    if path.split("?")[0] in WITH_MAP:
        the_map(page)
    stops = set(page.evaluate(STOPS))
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    reached: set[str] = set()
    for _ in range(3 * len(stops) + 30):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is not None:
            reached.add(here)
        if reached >= stops:
            break
    missed = [
        page.locator(f"[data-stop='{stop}']").evaluate("e => e.outerHTML.slice(0, 200)")
        for stop in stops - reached
        if page.locator(f"[data-stop='{stop}']").count()
    ]
    assert missed == []
    assert page.requests_that_left == []  # type: ignore[attr-defined]


def test_areas_of_a_map_are_chosen_by_keys(page: Page, sample_url: str) -> None:
    visit(page, f"{sample_url}/explore")
    frame = the_map(page)
    page.get_by_role("link", name="Methods").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if frame.locator("#map_div").evaluate("box => document.activeElement === box"):
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(frame.locator("[aria-live=polite]").first).to_contain_text("per cent")
    said = frame.locator("[aria-live=polite]").first.inner_text().split(",")[0]
    page.keyboard.press("Enter")
    expect(headline(page)).to_contain_text(said)
