"""Code-Point Open: postcodes with a point, a district and a ward, with or without a row of column names.

A file without names is recognised by its values: a postcode, a quality from 10 to 90, two coordinates in
metres and, last, a district and a ward code.
"""

from __future__ import annotations

import pandas as pd

from geodata.dataset import NewDataset
from geodata.errors import InputError, OtherAuthorityError
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import authority, count_reasons, outside, provenance_of
from geodata.payload import Raw, RawTable

POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}"
_DISTRICT = r"[EWSN]\d{8}"
_SHORT = ("PC", "PQ", "EA", "NO", "DC", "WC")
_LONG = (
    "Postcode",
    "Positional_quality_indicator",
    "Eastings",
    "Northings",
    "Admin_district_code",
    "Admin_ward_code",
)
_POSITIONS = (0, 1, 2, 3, 8, 9)


def normal_postcodes(values: pd.Series) -> pd.Series:
    """Postcodes in capitals with one space before the last three characters; "" for anything else."""
    squeezed = values.astype(str).str.upper().str.replace(r"\s+", "", regex=True)
    spaced = squeezed.str.slice(0, -3) + " " + squeezed.str.slice(-3)
    return spaced.where(spaced.str.fullmatch(POSTCODE), "")


def _columns(raw: Raw) -> tuple[int, ...] | None:
    """Positions of postcode, quality, x, y, district and ward; None when this is no Code-Point table."""
    if not isinstance(raw, RawTable):
        return None
    for names in (_SHORT, _LONG):
        if raw.header and raw.has(*names):
            return tuple(position for name in names if (position := raw.column(name)) is not None)
    if raw.header or raw.rows.shape[1] != 10:
        return None
    head = raw.rows.head(50)
    by_values = (
        head[0].str.fullmatch(POSTCODE).mean() > 0.9
        and head[1].str.fullmatch(r"\d{2}").mean() > 0.9
        and head[2].str.fullmatch(r"\d{1,6}").mean() > 0.9
        and head[3].str.fullmatch(r"\d{1,7}").mean() > 0.9
        and head[8].str.fullmatch(_DISTRICT).mean() > 0.5
    )
    return _POSITIONS if by_values else None


def _matches(raw: Raw) -> bool:
    columns = _columns(raw)
    return columns is not None and bool(raw.rows[columns[0]].str.fullmatch(POSTCODE).any())  # type: ignore[union-attr]


def _parse(raw: Raw, context: Context) -> Parsed:
    columns = _columns(raw)
    if columns is None or not isinstance(raw, RawTable):
        raise InputError("This is no Code-Point Open table.", where=raw.name)
    postcode, quality, x, y, lad, ward = (raw.rows[position] for position in columns)
    table = pd.DataFrame(
        {
            "postcode": normal_postcodes(postcode),
            "x": pd.to_numeric(x, errors="coerce"),
            "y": pd.to_numeric(y, errors="coerce"),
            "ward_code": ward,
            "lad_code": lad,
            "quality": pd.to_numeric(quality, errors="coerce").fillna(90).astype("int64"),
        }
    )
    reasons = pd.Series("", index=table.index, dtype=object)
    reasons[~((table["x"] > 0) & (table["y"] > 0))] = "no location"
    if context.authority_code:
        reasons[table["lad_code"] != context.authority_code] = outside(context)
    reasons[table["postcode"] == ""] = "no postcode"
    reasons[table["postcode"].duplicated() & (reasons == "")] = "row listed twice"
    kept = table[reasons == ""]
    if kept.empty:
        raise OtherAuthorityError(
            f"No postcode is of {authority(context)}; the file runs from "
            f"{postcode.iloc[0]} to {postcode.iloc[-1]}. Import the postcode areas that cover the authority.",
            where=raw.name,
        )
    dropped = count_reasons(reasons)
    frame = kept.set_index("postcode").sort_index().astype({"x": "float64", "y": "float64"})
    # Each postcode area is published as a file of its own: they stand side by side.
    areas = "_".join(sorted(frame.index.str.extract(r"^([A-Z]+)", expand=False).unique())).lower()
    dataset = NewDataset(
        f"postcodes:{areas}",
        "postcodes",
        "",
        frame,
        provenance_of(
            raw, context, "os_codepoint", period="not stated in the file", rows_in=len(table), dropped=dropped
        ),
        {"precedence": f"{len(frame):07d}"},
    )
    return Parsed((dataset,), len(table), len(frame), dropped, "postcode", raw.notes)


POSTCODES: tuple[Layout, ...] = (Layout("code_point", "Code-Point Open", 1, _matches, _parse),)
