"""Charts leave as files that stand alone."""

from __future__ import annotations

import json
from types import SimpleNamespace

import altair as alt
import pandas as pd
import pytest
import vl_convert

from indicators.catalogue import CATALOGUE
from pages.components import chart
from pages.components.chart import IN_THE_DARK, INK, on_paper, ranked_dots, themed

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
    return on_paper(themed(dots, "Bad health", "%, 2021", SOURCE))


def test_a_chart_becomes_a_png() -> None:
    assert vl_convert.vegalite_to_png(_specification(), scale=1).startswith(PNG)


def test_a_chart_carries_names_authority_and_licence() -> None:
    svg = vl_convert.vegalite_to_svg(_specification())
    for words in ("Acomb", "Clifton", "York", "Open Government Licence v3.0"):
        assert words in svg


def test_ink_is_light_on_a_dark_page_and_dark_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = _specification()
    monkeypatch.setattr(chart.st, "context", SimpleNamespace(theme=SimpleNamespace(type="dark")))
    rows = pd.DataFrame({"name": [INK], "value": [1.0]})  # what data say is never recoloured
    dark = themed(alt.Chart(rows).mark_text(color=INK).encode(text="name:N"), "T", "S", SOURCE)
    shown = json.dumps({key: part for key, part in dark.to_dict().items() if key != "datasets"})
    assert INK not in shown
    assert IN_THE_DARK[INK] in shown
    assert INK in json.dumps(dark.to_dict()["datasets"])
    assert INK in json.dumps(on_paper(dark)["mark"])
    assert on_paper(dark)["background"] == "#FFFFFF"
    assert plain["background"] == "#FFFFFF"
