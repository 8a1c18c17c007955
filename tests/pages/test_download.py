"""Charts leave as files that stand alone."""

from __future__ import annotations

import pandas as pd
import vl_convert

from indicators.catalogue import CATALOGUE
from pages.components.chart import ranked_dots, themed
from pages.components.download import _on_paper

SOURCE = "Census 2021, Office for National Statistics. Licensed under the Open Government Licence v3.0."
PNG = b"\x89PNG\r\n\x1a\n"


def _specification() -> dict[str, object]:
    rows = pd.DataFrame(
        {
            "name": ["Acomb", "Clifton"],
            "value": [4.5, 5.4],
            "lower": [4.1, 5.0],
            "upper": [4.9, 5.9],
            "selected": [False, True],
        }
    )
    dots = ranked_dots(rows, CATALOGUE["bad_health"], 4.2, "York")
    return _on_paper(themed(dots, "Bad health", "%, 2021", SOURCE))


def test_a_chart_becomes_a_png() -> None:
    assert vl_convert.vegalite_to_png(_specification(), scale=1).startswith(PNG)


def test_a_chart_carries_names_authority_and_licence() -> None:
    svg = vl_convert.vegalite_to_svg(_specification())
    for words in ("Acomb", "Clifton", "York", "Open Government Licence v3.0"):
        assert words in svg
