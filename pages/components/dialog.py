"""A form that opens over the page: the next key enters it, Escape or what it has done closes it.

Which one is open is kept, so that it stays while the page behind it is drawn anew, as when a run ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

import streamlit as st

from geodata.errors import InputError
from pages.components import words

AUTHOR = "save_author"
_OPEN, _ABOUT, _FAULT, _PAGE = "dialog_open", "dialog_about", "dialog_fault", "dialog_page"
Subject = TypeVar("Subject")


def dialog_button(
    label: str,
    key: str,
    about: Subject,
    form: Callable[[Subject], None],
    *,
    kind: Literal["primary", "secondary"] = "secondary",
) -> None:
    """A button, and the form that it opens.

    Parameters
    ----------
    about : Subject
        What the form is about: it stays what it was when the form was opened, whatever the page shows since.
    form : callable
        Draws what stands in it; its acts go through `attempt`.
    """
    st.button(label, key=f"{key}_open", type=kind, on_click=_open, args=(key, about))
    if st.session_state.get(_OPEN) == key:
        st.dialog(label, on_dismiss=close)(_body)(key, form)


def attempt(act: Callable[[], object]) -> None:
    """Do it and close the form; what is refused leaves it open, with the reason and what was typed."""
    st.session_state.pop(_FAULT, None)
    try:
        act()
    except InputError as fault:
        st.session_state[_FAULT] = str(fault)
    else:
        close()


def close() -> None:
    """Close what is open."""
    for key in (_OPEN, _ABOUT, _FAULT):
        st.session_state.pop(key, None)


def close_elsewhere(page: str) -> None:
    """Close what was left open on another page, as by the browser's Back."""
    if st.session_state.get(_PAGE) != page:
        close()
        st.session_state[_PAGE] = page


def ask_author(label: str) -> None:
    """A box for who does it: begins with who was last named in any of these forms."""
    st.text_input(label, key=AUTHOR, persist_state="session")


def typed(key: str) -> str:
    """What stands in a box of the form at this moment."""
    return str(st.session_state.get(key) or "")


def _open(key: str, about: object) -> None:
    close()
    st.session_state.update({_OPEN: key, _ABOUT: about})


def _body(key: str, form: Callable[[Subject], None]) -> None:
    if st.session_state.get(_OPEN) != key:  # an act of the form has closed it
        st.rerun()
    form(st.session_state[_ABOUT])
    if fault := st.session_state.get(_FAULT, ""):
        st.error(words.plain(fault), icon=":material/error:")
