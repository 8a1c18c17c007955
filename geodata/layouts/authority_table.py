"""Tables published for whole authorities only: DfE's Local Authority Interactive Tool and Oflog's measures.

They are comparators beside the neighbourhoods, never spread down to them. The first has no official codes:
the authority is found by its name and carries DfE's own number.
"""

from __future__ import annotations

import pandas as pd

from geodata.errors import InputError, OtherAuthorityError
from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.cut import ABOVE, OTHER_AUTHORITY, add_dropped, cut_to_authority, dropped_by
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import numbers
from geodata.layouts.table_row import at, filled_rows, squeeze, table_layout, without_repeats
from geodata.payload import RawTable

_FIRST_REGION_NUMBER = 970  # DfE numbers England 970 and its regions and groups above; authorities below
NOT_ITS_OWN = "group of authorities, not one"
_SERIES = "series"


def _matches_lait(raw: RawTable) -> bool:
    return raw.has("Short Desc", "Years", "LA and Regions", "Values", "LA Number")


def _matches_oflog(raw: RawTable) -> bool:
    return raw.has("Financial year", "Local authority code", "Measure", "Value")


def _parse_lait(raw: RawTable, context: Context) -> Parsed:
    if not context.authority_code or not context.authority_name:
        raise InputError(
            "This table names authorities without their official codes. Import boundaries or a lookup first, "
            "so that the workspace knows its authority.",
            where=raw.name,
        )
    rows, empty = filled_rows(raw)
    names = raw.values("LA and Regions").loc[rows].map(squeeze)
    number = pd.to_numeric(raw.values("LA Number").loc[rows], errors="coerce")
    is_ours = (names.str.casefold() == context.authority_name.casefold()) & ~(number >= _FIRST_REGION_NUMBER)
    reasons = pd.Series("", index=rows, dtype=object).mask(~is_ours, OTHER_AUTHORITY)
    reasons = reasons.mask(~is_ours & (number >= _FIRST_REGION_NUMBER), ABOVE)
    if not is_ours.any():
        first = names.iloc[0] if len(names) else "nobody"
        raise OtherAuthorityError(
            f"No row is of {context.authority_name}; the first is of {first}. "
            f"Import the tool's table with {context.authority_name} in it.",
            where=raw.name,
        )
    return _series(
        raw,
        context,
        rows[is_ours.to_numpy()],
        codes=pd.Series(context.authority_code, index=raw.rows.index, dtype=object),
        cells=raw.values("Short Desc").map(squeeze),
        periods=raw.values("Years").map(squeeze),
        value_at=at(raw, "Values"),
        table="lait",
        origin=Origin("dfe_lait", len(raw.rows), add_dropped(empty, dropped_by(reasons)), complete=False),
        any_text=True,
    )


def _parse_oflog(raw: RawTable, context: Context) -> Parsed:
    rows, empty = filled_rows(raw)
    reasons = pd.Series("", index=rows, dtype=object)
    if raw.has("Grouping"):
        reasons[raw.values("Grouping").loc[rows].str.casefold() != "la_raw"] = NOT_ITS_OWN
    own = rows[(reasons == "").to_numpy()]
    names = raw.values("Local authority name").loc[own] if raw.has("Local authority name") else None
    cut = cut_to_authority(raw.values("Local authority code").loc[own], context, names=names, where=raw.name)
    return _series(
        raw,
        context,
        own[cut.keep.to_numpy()],
        codes=raw.values("Local authority code"),
        cells=raw.values("Measure").map(squeeze),
        periods=raw.values("Financial year").map(squeeze),
        value_at=at(raw, "Value"),
        table="oflog_asc",
        origin=Origin(
            "oflog",
            len(raw.rows),
            add_dropped(empty, dropped_by(reasons), cut.dropped),
            complete=False,
        ),
        any_text=False,
    )


def _series(
    raw: RawTable,
    context: Context,
    rows: pd.Index,
    *,
    codes: pd.Series,
    cells: pd.Series,
    periods: pd.Series,
    value_at: int,
    table: str,
    origin: Origin,
    any_text: bool,
) -> Parsed:
    """One dataset with all periods: the publication always comes as a whole."""
    keys = pd.DataFrame({"code": codes, "cell": cells, "period": periods})
    kept = without_repeats(raw, rows, keys, [value_at])
    values, statuses = numbers(raw.rows.loc[kept, value_at], any_text=any_text, where=raw.name)
    long = pd.DataFrame(
        {"row": kept, "cell": cells.loc[kept].to_numpy(), "value": values, "status": statuses}
    )
    level = pd.Series("lad", index=raw.rows.index, dtype=object)
    frame = cell_frame(long, table=table, level=level, area_code=codes, period=periods)
    key = pd.Series(_SERIES, index=frame.index, dtype=object)
    return parsed_cells(frame, raw, context, origin, len(kept), key=key)


AUTHORITY_TABLES = (
    table_layout(
        "dfe_lait", "Local Authority Interactive Tool, long table (DfE)", _matches_lait, _parse_lait
    ),
    table_layout("oflog_asc", "Adult social care measures (Oflog)", _matches_oflog, _parse_oflog),
)
