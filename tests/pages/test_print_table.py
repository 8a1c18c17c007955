"""Tables on paper: one column, one number of decimals."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pages.components.print_table import paper_rows


def cells(frame: pd.DataFrame, decimals: int = 1) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", paper_rows(frame, decimals), flags=re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row) for row in rows]


def test_a_whole_number_among_others_keeps_their_decimals_and_people_have_none() -> None:
    frame = pd.DataFrame({"Minutes": [31.0, 27.25], "People": [13_976.0, 4_151.0], "Kept": [1, 2]})
    assert cells(frame) == [["31.0", "13,976", "1"], ["27.2", "4,151", "2"]]


def test_nought_has_no_sign_and_what_is_not_known_is_empty() -> None:
    frame = pd.DataFrame({"More": [-0.04, 1.5, np.nan], "Name": ["<b>", None, "x"]})
    assert cells(frame) == [["0.0", "&lt;b&gt;"], ["1.5", ""], ["", "x"]]
    assert cells(pd.DataFrame({"More": [0.125, 2.0]}), decimals=2) == [["0.12"], ["2.00"]]
