"""Tables fetched from the Nomis interface: one row per observation, with its dimensions spelled out.

A blank or an observation of status Q is missing, never nought; a download cut at the guest limit of 25,000
rows says so itself, by its record count.
"""

from __future__ import annotations

import re

import pandas as pd

from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.cut import add_dropped, cut_to_authority
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import KNOWN, MISSING, numbers
from geodata.layouts.table_row import at, filled_rows, slug, squeeze, table_layout, without_repeats
from geodata.payload import RawTable

GUEST_LIMIT = 25_000
_NOT_DIMENSIONS = {"date", "geography", "measures", "obs_status", "obs_conf"}
_DATASET = re.compile(r"^nm-(\d+)d", re.IGNORECASE)
_POPULATION = {"2002": "population_estimates_nomis"}


def _matches(raw: RawTable) -> bool:
    return raw.has("GEOGRAPHY_CODE", "OBS_VALUE") and (raw.has("DATE_NAME") or raw.has("DATE"))


def _dimensions(raw: RawTable) -> list[str]:
    """Names of the dimensions that have a column of labels."""
    found = [name[:-5] for name in raw.header if name.upper().endswith("_NAME")]
    return [name for name in found if name.casefold() not in _NOT_DIMENSIONS]


def _table(raw: RawTable) -> tuple[str, str]:
    """Table id and source: by the dataset number in the record's URN where it is there."""
    numbers_found = raw.values("URN").str.extract(_DATASET, expand=False) if raw.has("URN") else None
    dataset = (
        None if numbers_found is None or numbers_found.dropna().empty else numbers_found.dropna().iloc[0]
    )
    dimensions = _dimensions(raw)
    if dataset in _POPULATION or (dataset is None and [d.upper() for d in dimensions] == ["GENDER", "C_AGE"]):
        return "population_estimates_nomis", "ons_population_estimates"
    source = "claimant_count" if dataset == "162" else "ons_census_2021"
    if dataset is not None:
        return f"nomis_{dataset}", source
    return "nomis_" + slug("_".join(dimensions) or "values"), source


def _vintage(raw: RawTable, rows: pd.Index) -> str:
    if not raw.has("GEOGRAPHY_TYPE"):
        return "21"
    types = raw.values("GEOGRAPHY_TYPE").loc[rows].str.casefold()
    return "11" if types.str.contains("2011", regex=False).all() and len(types) else "21"


def _cells(raw: RawTable) -> pd.Series:
    """Labels of all dimensions, joined: "Total: Aged 0 to 15"; measures other than values are named."""
    parts = [raw.values(f"{name}_NAME").map(squeeze) for name in _dimensions(raw)]
    cells = parts[0] if parts else pd.Series("Value", index=raw.rows.index)
    for part in parts[1:]:
        cells = cells + ": " + part
    if raw.has("MEASURES_NAME"):
        measure = raw.values("MEASURES_NAME").map(squeeze)
        cells = cells.where(measure.str.casefold() == "value", cells + " (" + measure + ")")
    return cells


def _notes(raw: RawTable) -> tuple[str, ...]:
    if not raw.has("RECORD_COUNT") or len(raw.rows) != GUEST_LIMIT:
        return ()
    published = pd.to_numeric(raw.values("RECORD_COUNT"), errors="coerce").max()
    if not published > GUEST_LIMIT:
        return ()
    return (
        f"Nomis cut this download at {GUEST_LIMIT:,} of {int(published):,} rows: "
        "fetch the rest with recordoffset",
    )


def _parse(raw: RawTable, context: Context) -> Parsed:
    table, source_id = _table(raw)
    rows, empty = filled_rows(raw)
    codes = raw.values("GEOGRAPHY_CODE").loc[rows]
    names = raw.values("GEOGRAPHY_NAME").loc[rows] if raw.has("GEOGRAPHY_NAME") else None
    cut = cut_to_authority(codes, context, vintage=_vintage(raw, rows), names=names, where=raw.name)
    periods = raw.values("DATE_NAME" if raw.has("DATE_NAME") else "DATE").map(squeeze)
    if table == "population_estimates_nomis":
        periods = "mid-" + periods
    cells = _cells(raw)
    value_at = at(raw, "OBS_VALUE")
    keys = pd.DataFrame({"code": raw.values("GEOGRAPHY_CODE"), "period": periods, "cell": cells})
    kept = without_repeats(raw, rows[cut.keep.to_numpy()], keys, [value_at])
    values, statuses = numbers(raw.rows.loc[kept, value_at], where=raw.name)
    if raw.has("OBS_STATUS"):
        is_missing = (raw.values("OBS_STATUS").loc[kept].str.upper() == "Q").to_numpy(dtype=bool)
        values[is_missing] = float("nan")
        statuses[is_missing & (statuses == KNOWN)] = MISSING
    long = pd.DataFrame(
        {"row": kept, "cell": cells.loc[kept].to_numpy(), "value": values, "status": statuses}
    )
    frame = cell_frame(long, table=table, level=cut.geography, area_code=codes, period=periods)
    origin = Origin(source_id, len(raw.rows), add_dropped(empty, cut.dropped), _notes(raw))
    return parsed_cells(frame, raw, context, origin, len(kept))


NOMIS = (table_layout("nomis_api", "Nomis table (API download)", _matches, _parse),)
