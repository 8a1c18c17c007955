"""Axes to brush: steps, limits at their edges, and what a browser may say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.components.brush import MOST_STEPS, Axis, _said, axis, kept, life_of

KM = np.array([41.44, 41.46, 50.0, 60.04])


def of(values: np.ndarray, decimals: int = 1, name: str = "border") -> Axis:
    made = axis(name, "Border", values, decimals, "less is better")
    assert made is not None
    return made


def test_steps_are_the_decimals_that_are_shown_and_reach_past_both_ends() -> None:
    made = of(KM)
    assert (made.low, made.step, made.n_steps) == (pytest.approx(41.4), 0.1, 187)  # 41.4 to 60.1
    assert made.codes.tolist() == [0, 1, 86, 186]  # 41.4, 41.5, 50.0, 60.0 as they are written


def test_way_at_a_limit_is_left_and_the_one_just_past_it_is_not() -> None:
    made = of(KM)
    assert kept([made], {"border": (1, 86)}, 4).tolist() == [False, True, True, False]
    assert kept([made], {"border": (1, 85)}, 4).tolist() == [False, True, False, False]
    assert kept([made], {}, 4).all()


def test_ways_that_are_alike_have_no_axis() -> None:
    assert axis("border", "Border", np.array([3.0, 3.0]), 1, "less is better") is None


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30), st.integers(0, 2))
def test_no_way_is_lost_between_the_ends(values: list[float], decimals: int) -> None:
    made = axis("border", "Border", np.array(values), decimals, "")
    if made is None:
        return
    assert made.n_steps <= MOST_STEPS + 2
    assert kept([made], {"border": (0, made.n_steps)}, len(values)).all()
    written = made.low + made.codes * made.step
    assert np.abs(written - values).max() <= made.step * 0.501


def test_limits_of_other_ways_are_not_taken() -> None:
    axes = [of(KM), of(KM * 2, name="other")]
    own, other = life_of(axes), life_of(axes[:1])
    assert own != other
    said = {"limits": {"life": own, "limits": {"border": [3, 9]}}}
    assert _said(said, own, axes) == {"border": (3, 9)}
    assert _said(said, other, axes[:1]) is None
    assert _said(None, own, axes) is None
    assert _said(SimpleNamespace(), own, axes) is None


@pytest.mark.parametrize("pair", [[9, 3], [-1, 3], [0, 188], [0], ["0", 3], "03", {"0": 3}, [0.5, 3]])
def test_limits_that_are_none_leave_the_axis_open(pair: object) -> None:
    axes = [of(KM)]
    said = {"limits": {"life": life_of(axes), "limits": {"border": pair, "unheard": [0, 1]}}}
    assert _said(said, life_of(axes), axes) == {}


def test_component_draws_itself_on_a_page() -> None:
    def page() -> None:
        import numpy as np

        from pages.components.brush import axis, brush

        made = axis("border", "Border", np.array([1.0, 2.0]), 0, "less is better")
        brush([made], key="b", shown=0)

    assert not AppTest.from_function(page).run().exception
