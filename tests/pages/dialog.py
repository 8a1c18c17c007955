"""The form that stands open over a page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block


def press(app: AppTest, key: str) -> None:
    """Press a button of the page or of the form."""
    app.button(key=key).click().run()
    assert not app.exception, app.exception


def is_open(app: AppTest) -> bool:
    """Whether any form stands over the page."""
    return _open_forms(app) != []


def in_dialog(app: AppTest) -> Block:
    """What stands in the one that is open."""
    (found,) = _open_forms(app)
    return found


def _open_forms(app: AppTest) -> list[Block]:
    return [one for one in app.get("dialog") if isinstance(one, Block)]
