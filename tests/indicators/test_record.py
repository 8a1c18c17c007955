"""Records as text."""

from __future__ import annotations

import pytest

from indicators.catalogue import CATALOGUE
from indicators.indicator import Indicator
from indicators.record import from_json, to_json


@pytest.mark.parametrize("indicator", CATALOGUE.values(), ids=lambda i: i.id)
def test_every_record_comes_back_as_it_was(indicator: Indicator) -> None:
    assert from_json(to_json(indicator)) == indicator


def test_text_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="not the record"):
        from_json('{"id": "x"}')
