"""Parallel axes to brush: which of thousands of ways are left is counted in the browser while the hand moves.

Every measure is told in steps of what is shown of it, the same on both sides: the count in the browser and
the ways that the page goes on with cannot differ. The figures go to the browser once, by URL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from geodata.geometry_file import publish_values
from pages.components.loaders import STATIC

MOST_STEPS = 2_000
COMPONENT = "brush"
VALUES_URL = "app/static/geometry/"  # as seen from the page
HTML = """
<div class="brush">
  <div class="head"><span class="count" role="status">Reading the ways</span>
  <span class="help">Drag along an axis, or move its ends by arrow keys. The orange line is on the map.</span>
  <button type="button" disabled>Take all limits away</button></div>
  <div class="wide" tabindex="0" role="group" aria-label="Limits on each measure"><div class="board">
  <canvas aria-hidden="true"></canvas></div></div>
</div>
"""

Codes = NDArray[np.uint16]
Limits = dict[str, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Axis:
    """One measure of all ways, in steps.

    Parameters
    ----------
    id, label : str
    low, step : float
        Value at step 0, and what a step is worth, as they are shown.
    n_steps : int
        The last step.
    decimals : int
        With which values are written.
    direction : str
        Which end is wished for: "less is better".
    codes : uint16 (n_ways,)
        The step that is nearest to each way's value.
    """

    id: str
    label: str
    low: float
    step: float
    n_steps: int
    decimals: int
    direction: str
    codes: Codes


def axis(id: str, label: str, values: NDArray[np.float64], decimals: int, direction: str) -> Axis | None:
    """The axis of a measure; None where all ways are alike, so that nothing can be left out.

    Parameters
    ----------
    values : float (n_ways,)
        As they are shown.
    """
    step = 10.0**-decimals
    while (values.max() - values.min()) / step > MOST_STEPS:
        step *= 10
    first = np.floor(values.min() / step + 1e-9)
    n_steps = int(np.ceil(values.max() / step - 1e-9) - first)
    if n_steps < 1:
        return None
    codes = np.clip(np.rint(values / step - first), 0, n_steps).astype("<u2")
    return Axis(id, label, float(first * step), step, n_steps, decimals, direction, codes)


def kept(axes: list[Axis], limits: Mapping[str, tuple[int, int]], n: int) -> NDArray[np.bool_]:
    """True for each of n ways whose step is within the limits of every axis, ends included."""
    found = np.ones(n, dtype=bool)
    for one in axes:
        low, high = limits.get(one.id, (0, one.n_steps))
        found &= (one.codes >= low) & (one.codes <= high)
    return found


def brush(axes: list[Axis], *, key: str, shown: int) -> None:
    """Draw the axes; see `limits_in_hand` for what is set on them.

    Parameters
    ----------
    key : str
        Unique on the page; limits are kept under it while the visitor stays.
    shown : int
        The way that the map shows, drawn as a line of its own; negative for none.
    """
    life = life_of(axes)

    def take() -> None:
        said = _said(st.session_state.get(key), life, axes)
        if said is not None:
            st.session_state[_memory(key)] = (life, said)

    limits = limits_in_hand(axes, key)
    figures = publish_values(b"".join(one.codes.tobytes() for one in axes), STATIC / "geometry")
    drawn = [
        {
            "id": one.id,
            "label": one.label,
            "low": one.low,
            "step": one.step,
            "n_steps": one.n_steps,
            "decimals": one.decimals,
            "direction": one.direction,
            "limits": list(limits.get(one.id, (0, one.n_steps))),
        }
        for one in axes
    ]
    _component()(
        key=key,
        data={
            "life": life,
            "url": VALUES_URL + figures,
            "n": len(axes[0].codes),
            "shown": shown,
            "axes": drawn,
        },
        on_limits_change=take,
    )


def limits_in_hand(axes: list[Axis], key: str) -> Limits:
    """The limits that are set, in steps by axis id; they belong to these ways and are forgotten with them."""
    life, limits = st.session_state.get(_memory(key), ("", {}))
    return dict(limits) if life == life_of(axes) else {}


def _memory(key: str) -> str:
    return f"{key}_limits"


def life_of(axes: list[Axis]) -> str:
    """What tells these ways from any others."""
    content = hashlib.sha256(repr([(one.id, one.low, one.step) for one in axes]).encode())
    for one in axes:
        content.update(one.codes.tobytes())
    return content.hexdigest()[:16]


def _said(value: Any, life: str, axes: list[Axis]) -> Limits | None:
    """The limits that a browser sent; None where they are of other ways."""
    said = value.get("limits") if hasattr(value, "get") else None
    if not isinstance(said, Mapping) or said.get("life") != life or not isinstance(said["limits"], Mapping):
        return None
    found: Limits = {}
    for one in axes:
        pair = said["limits"].get(one.id)
        is_pair = isinstance(pair, list) and len(pair) == 2 and all(isinstance(end, int) for end in pair)
        if is_pair and 0 <= pair[0] <= pair[1] <= one.n_steps:
            found[one.id] = (pair[0], pair[1])
    return found


@cache
def _component() -> Any:
    read = {kind: (STATIC / f"brush.{kind}").read_text(encoding="utf-8") for kind in ("js", "css")}
    return st.components.v2.component(COMPONENT, html=HTML, css=read["css"], js=read["js"])
