"""Keep the collector away from what lasts.

After every run Streamlit collects garbage over all objects. The workspace's frames and records are some
200,000 of them, and walking them took longer than the run itself. Once they are made they are frozen:
the collector then walks only what is new.
"""

from __future__ import annotations

import gc
import threading
import time

SECONDS_BETWEEN = 60.0

_lock = threading.Lock()
_state = {"kept": -1, "at": 0.0}


def settle(n_kept: int) -> bool:
    """Freeze what lasts when there is more of it, and once a minute; returns whether it did.

    Parameters
    ----------
    n_kept : int
        How many lasting results the study holds; it grows when something new was worked out.
    """
    with _lock:
        if n_kept == _state["kept"] and time.monotonic() - _state["at"] < SECONDS_BETWEEN:
            return False
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        _state.update(kept=n_kept, at=time.monotonic())
        return True
