"""DWP's children in low income families after housing costs, by ward or by local authority.

The table has a preamble, line breaks inside its headers, two columns called "Area Code" in the ward
table, thousand separators and percent signs: positions come from the header's order, years from its words.
"""

from __future__ import annotations

import re

import pandas as pd

from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.cut import add_dropped, cut_to_authority, dropped_by
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.table_row import filled_rows, squeeze, table_layout, wide_cells, without_repeats
from geodata.payload import RawTable

COUNT = "Children in low income families"
PERCENT = "Per cent of children"
_FIGURE = re.compile(r"^(number|percentage) of children\b.*?\bFYE (\d{4})", re.IGNORECASE)


def _figures(raw: RawTable) -> dict[int, tuple[str, str]]:
    """Position -> (cell, period)."""
    found = {i: _FIGURE.match(squeeze(name)) for i, name in enumerate(raw.header)}
    return {
        i: (COUNT if m.group(1).lower() == "number" else PERCENT, f"FYE {m.group(2)}")
        for i, m in found.items()
        if m
    }


def _code_columns(raw: RawTable) -> list[int]:
    return [i for i, name in enumerate(raw.header) if squeeze(name).casefold() == "area code"]


def _matches(raw: RawTable) -> bool:
    return bool(_figures(raw)) and len(_code_columns(raw)) in (1, 2)


def _parse(raw: RawTable, context: Context) -> Parsed:
    rows, empty = filled_rows(raw)
    code_columns = _code_columns(raw)
    codes = raw.rows.loc[rows, code_columns[-1]]
    lad_codes = raw.rows.loc[rows, code_columns[0]] if len(code_columns) == 2 else None
    is_text = ~codes.str.fullmatch(r"[A-Z]\d{8}")
    reasons = pd.Series("", index=rows, dtype=object).mask(is_text, "note or heading, no area")
    with_code = rows[~is_text.to_numpy()]
    cut = cut_to_authority(
        codes.loc[with_code],
        context,
        lad_codes=None if lad_codes is None else lad_codes.loc[with_code],
        names=raw.rows.loc[with_code, 0],
        where=raw.name,
    )
    figures = _figures(raw)
    keys = codes.to_frame("code").reindex(raw.rows.index)
    kept = without_repeats(raw, with_code[cut.keep.to_numpy()], keys, list(figures))
    cells = pd.concat(
        [
            cell_frame(
                wide_cells(raw, kept, {position: cell}),
                table="cilif_ahc",
                level=cut.geography,
                area_code=codes,
                period=period,
            )
            for position, (cell, period) in figures.items()
        ],
        ignore_index=True,
    )
    origin = Origin(
        "dwp_cilif",
        len(raw.rows),
        add_dropped(empty, dropped_by(reasons), cut.dropped),
        ("children aged 0 to 15, relative low income after housing costs",),
    )
    return parsed_cells(cells, raw, context, origin, len(kept))


DWP = (
    table_layout("dwp_cilif", "Children in low income families, after housing costs (DWP)", _matches, _parse),
)
