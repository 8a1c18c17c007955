"""An indicator as text and back, so that a council's own can be kept in the workspace."""

from __future__ import annotations

import json
from dataclasses import asdict

from indicators.indicator import Cells, Indicator


def to_json(indicator: Indicator) -> str:
    """The record as JSON text."""
    return json.dumps(asdict(indicator), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Indicator:
    """The record that `to_json` wrote.

    Raises
    ------
    ValueError
        When the text is not such a record.
    """
    try:
        fields = json.loads(text)
        numerator = _cells(fields.pop("numerator"))
        below = fields.pop("denominator")
        return Indicator(**fields, numerator=numerator, denominator=None if below is None else _cells(below))
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"not the record of an indicator: {fault}") from fault


def _cells(fields: dict[str, object]) -> Cells:
    return Cells(**{k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()})  # type: ignore[arg-type]
