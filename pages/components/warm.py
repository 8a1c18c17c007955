"""What the first visitor would wait for, begun while the server starts: imports, workspace, first figures.

Modules are imported by one thread at a time: app.py waits here for the imports before it begins its own.
The bridge to the map is left to the first run, since Streamlit takes a component in only inside a run.
What then stands stays for good, so that the collector of garbage need not look through it again and again.
At the end, on a computer's first start, a process of its own compiles what searches run on.
"""

from __future__ import annotations

import atexit
import gc
import sys
import threading
from importlib import import_module
from pathlib import Path
from subprocess import Popen

MODULES = ("pages.components.shell", "pages.components.chart", "folium")

_imported = threading.Event()
_imported.set()


def begin() -> threading.Thread:
    """Start; a fault is printed by the thread, and met again by the page that needs the same."""
    _imported.clear()
    thread = threading.Thread(target=_warm, name="warm", daemon=True)
    thread.start()
    return thread


def await_imports() -> None:
    """Return once nothing is being imported here; at once where nothing was begun."""
    _imported.wait()


def _warm() -> None:
    try:
        for name in MODULES:
            import_module(name)
    finally:
        _imported.set()
    study = import_module("pages.components.loaders").shared_study()
    import_module("neighbourhoods.study.preparation").prepare(study)
    gc.collect()
    gc.freeze()
    _compile()


def _compile() -> None:
    """Start the compiler where it has never run, on time that nothing else wants; it ends with the server."""
    compilation = import_module("neighbourhoods.compilation")
    if not compilation.is_compiled():
        command = [sys.executable, "-m", compilation.__name__, compilation.GENTLY]
        process = Popen(command, cwd=Path(__file__).resolve().parents[2])
        atexit.register(process.terminate)
