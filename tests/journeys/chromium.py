"""Find a Chromium for the browser journeys, or install one.

Looked for in this order: the CHROMIUM variable, the system's browsers, Playwright's own. If there
is none, the system's package manager installs one (Debian, as root), else Playwright downloads it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HEADLESS = "chromium-headless-shell"  # the same browser without a window of its own: two thirds of the work
NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def find_chromium() -> str | None:
    """Path of a browser, or None; an empty string means Playwright's own."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return wanted
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    if Path(MAC).exists():
        return MAC
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_chromium() -> None:
    """Install a browser by the system's package manager, else by Playwright."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "fonts-dejavu-core"]
        if (
            subprocess.run([*install, HEADLESS], check=False).returncode != 0
        ):  # older Debian has no such package
            subprocess.run([*install, "chromium"], check=True)
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    if find_chromium() is None:
        install_chromium()
    found = find_chromium()
    if found is None:
        sys.exit("No Chromium could be found or installed; set CHROMIUM to the path of one.")
