"""What a figure is made of, in words that an analyst can check against the publication."""

from __future__ import annotations

from indicators.indicator import Cells, Indicator


def numerator_words(indicator: Indicator) -> str:
    """Table and cells above the line."""
    return cells_words(indicator.numerator)


def denominator_words(indicator: Indicator) -> str:
    """Table and cells below the line; "none" for a count."""
    return "none" if indicator.denominator is None else cells_words(indicator.denominator)


def table_words(indicator: Indicator) -> str:
    """Census tables that it is made of, "TS007A or TS054"; empty where its own table has no such name."""
    cells = [indicator.numerator, *([indicator.denominator] if indicator.denominator else [])]
    names = dict.fromkeys(one.table.upper() for one in cells if one.table[:2] == "ts")
    return " or ".join(names) if indicator.numerator.table[:2] == "ts" else ""


def cells_words(cells: Cells) -> str:
    """ "table ts037: General health: Bad health + General health: Very bad health"."""
    if cells.area_km2:
        return "size of the area in square kilometres, from its outline"
    text = f"table {cells.table}: {' + '.join(cells.add)}"
    if cells.subtract:
        text += f" less {' + '.join(cells.subtract)}"
    if cells.months:
        text += f", sum of the last {cells.months} complete months"
    if cells.period:
        text += f", {cells.period}"
    if cells.where is not None:
        table, cell, low, high = cells.where
        text += f", only where {cell} (table {table}) is {low:g} to {high:g}"
    return text
