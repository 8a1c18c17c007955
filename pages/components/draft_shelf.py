"""Unsaved drawings by a name in the address, so that a reload or a lost connection loses no work.

A drawing that is taken up again goes on under a new name: two tabs that came by one address each have
their own. They last as long as the app runs; the ones that were left longest go first.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from neighbourhoods.option.draft import Draft

MOST_KEPT = 200


class DraftShelf:
    """Unsaved drawings of all visitors.

    Parameters
    ----------
    most : int
        How many are kept.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, draft: Draft, name: str = "") -> str:
        """Keep a drawing under its name, or under a new one; returns the name."""
        name = name or secrets.token_urlsafe(9)
        with self._lock:
            self._drafts[name] = draft
            self._drafts.move_to_end(name)
            while len(self._drafts) > self._most:
                self._drafts.popitem(last=False)
        return name

    def find(self, name: str) -> Draft | None:
        """The drawing of that name, where it is still kept."""
        return self._drafts.get(name)

    def drop(self, name: str) -> None:
        """Forget a drawing that was saved or given up."""
        with self._lock:
            self._drafts.pop(name, None)
