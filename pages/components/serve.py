"""Start the app: `python -m pages.components.serve [--server.port 8600 ...]`.

Streamlit takes a folder called pages/ for its older kind of multipage app until the first visitor has
been served, and greets a first visit by deep link with "Page not found". Saying beforehand that the app
lists its own pages prevents that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.cli import main

from pages.components.warm import begin

APP = Path(__file__).resolve().parents[2] / "app.py"


def serve(arguments: list[str]) -> None:
    """Run the server until it is stopped; `arguments` are Streamlit's own options."""
    PagesManager.uses_pages_directory = False
    sys.argv = ["streamlit", "run", str(APP), *arguments]
    begin()
    main()


if __name__ == "__main__":
    serve(sys.argv[1:])
