"""Development sites: points with homes to be built by year, from any table a council keeps of them.

The trajectory is the council's own: nothing is filled in for it. A row at fault stops the file and is named;
only sites outside the authority are left out, and counted.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.errors import InputError, MissingDataError, OtherAuthorityError
from geodata.layouts.centroid import xy_in_metres
from geodata.layouts.cut import REPEATED
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import authority, count_reasons, outside, provenance_of
from geodata.layouts.postcode import normal_postcodes
from geodata.layouts.site_column import (
    SiteColumns,
    is_site_table,
    require_single_years,
    site_columns,
)
from geodata.layouts.site_schedule import Schedule, schedule, text_of
from geodata.payload import Raw, RawFeatures

SITES_ID = "sites:development"
EDGE_M = 50.0  # a point so near an area's edge is of it: outlines are generalised
N_NAMED = 5


def parse_sites(raw: Raw, context: Context) -> Parsed:
    """The dataset of development sites that a table makes.

    Its frame has index site_id; site_name, people_per_home (NaN: the authority's average is wanted), a column
    of homes for each year ("2027"), and points in EPSG:27700.

    Raises
    ------
    InputError
        Names every faulty row (the first five in words) and what to do.
    MissingDataError
        When nothing says where the authority lies.
    OtherAuthorityError
        When no site lies in it.
    """
    columns = site_columns(raw)
    require_single_years(raw, columns)
    rows = raw.frame.index if isinstance(raw, RawFeatures) else raw.rows.index
    plan = schedule(raw, columns, rows)
    faults = dict(plan.faults)
    x, y, postcodes, notes = _points(raw, columns, rows)
    reasons = pd.Series("", index=rows, dtype=object)
    _find(x, y, postcodes, reasons, faults, context)
    if faults:
        raise InputError(_in_words(faults, plan, raw), where=raw.name)
    _mark_outside(x, y, reasons, context, raw)
    frame = _frame(plan, x, y)
    plain = pd.DataFrame(frame.drop(columns="geometry")).assign(x=x, y=y)
    repeated = plain.duplicated()
    reasons[(reasons == "") & repeated.to_numpy()] = REPEATED
    kept = (reasons == "").to_numpy()
    if not kept.any():
        raise OtherAuthorityError(
            f"None of the {len(rows)} sites lies in {authority(context)}. Check the coordinates, or give the "
            "authority's own sites.",
            where=raw.name,
        )
    sites = frame[kept].set_axis(pd.Index([str(i + 1) for i in range(kept.sum())], name="site_id"), axis=0)
    dropped = count_reasons(reasons)
    all_notes = (*notes, *plan.notes, *_size_notes(sites))
    years = [str(c) for c in sites.columns if str(c).isdecimal()]
    dataset = NewDataset(
        SITES_ID,
        "sites",
        "",
        sites,
        provenance_of(
            raw,
            context,
            "development_sites",
            period=f"{years[0]} to {years[-1]}",
            rows_in=len(rows),
            dropped=dropped,
            notes=all_notes,
        ),
    )
    return Parsed((dataset,), len(rows), int(kept.sum()), dropped, "", (*raw.notes, *all_notes))


def _points(
    raw: Raw, columns: SiteColumns, rows: pd.Index
) -> tuple[pd.Series, pd.Series, pd.Series, tuple[str, ...]]:
    """Coordinates in metres (NaN where the row has none), postcodes, and what was assumed."""
    postcodes = normal_postcodes(text_of(raw, columns, "postcode", rows))
    written = text_of(raw, columns, "postcode", rows)
    postcodes = postcodes.where(postcodes != "", written)
    if isinstance(raw, RawFeatures):
        shapes = raw.frame.geometry.to_numpy()
        is_point = shapely.get_type_id(shapes) == 0
        inner = shapely.point_on_surface(shapes)
        points = np.where(is_point, shapes, inner)
        x, y = (
            pd.Series(axis(points), index=rows, dtype="float64") for axis in (shapely.get_x, shapely.get_y)
        )
        n_drawn = int((~is_point).sum())
        notes = (f"{n_drawn} site(s) drawn as outlines: placed by a point inside",) if n_drawn else ()
        return x, y, postcodes, notes
    x_text, y_text = text_of(raw, columns, "x", rows), text_of(raw, columns, "y", rows)
    x, y, is_degrees = xy_in_metres(x_text.str.replace(",", ""), y_text.str.replace(",", ""))
    x, y = x.astype("float64"), y.astype("float64")
    odd = (x.isna() & (x_text != "")) | (y.isna() & (y_text != "")) | ((x_text == "") != (y_text == ""))
    x[odd], y[odd] = np.inf, np.inf  # told from a row that gives no coordinates
    return x, y, postcodes, (("coordinates taken as longitude and latitude",) if is_degrees else ())


def _find(
    x: pd.Series,
    y: pd.Series,
    postcodes: pd.Series,
    reasons: pd.Series,
    faults: dict[int, str],
    context: Context,
) -> None:
    """Fill in coordinates by postcode; rows that cannot be placed are faults."""
    sectors = set() if context.postcodes is None else set(context.postcodes.index.str.slice(0, -2))
    for row in x.index:
        if row in faults or np.isfinite(x[row]):
            continue
        code = str(postcodes[row])
        if np.isinf(x[row]):
            faults[row] = "easting and northing are not two numbers; put them right or leave both blank"
        elif not code:
            faults[row] = "it has no place; give easting and northing, or a postcode, or take the row out"
        elif context.postcodes is None:
            faults[row] = (
                f"it has only a postcode ({code}) and Code-Point Open is not loaded; import that first, or "
                "give easting and northing"
            )
        elif code in context.postcodes.index:
            x[row], y[row] = context.postcodes.loc[code, ["x", "y"]].astype(float)
        elif code[:-2] in sectors or " " not in code:
            faults[row] = (
                f"the postcode “{code[:12]}” is not in Code-Point Open; correct it, or give easting and "
                "northing"
            )
        else:
            reasons[row] = outside(context)


def _mark_outside(x: pd.Series, y: pd.Series, reasons: pd.Series, context: Context, raw: Raw) -> None:
    if context.outline is None:
        raise MissingDataError(
            f"Nothing says yet where {authority(context)} lies. Import its ward boundaries in the same go.",
            where=raw.name,
        )
    points = shapely.points(x.to_numpy(dtype=float), y.to_numpy(dtype=float))
    near = shapely.dwithin(context.outline, points, EDGE_M)
    reasons[(reasons == "") & ~near] = outside(context)


def _frame(plan: Schedule, x: pd.Series, y: pd.Series) -> gpd.GeoDataFrame:
    homes = plan.homes.set_axis([str(year) for year in plan.homes.columns], axis=1)
    front = pd.DataFrame({"site_name": plan.names, "people_per_home": plan.people_per_home})
    points = gpd.points_from_xy(x, y, crs="EPSG:27700")
    return gpd.GeoDataFrame(pd.concat([front, homes], axis=1), geometry=points)


def _size_notes(sites: pd.DataFrame) -> tuple[str, ...]:
    n_open = int(sites["people_per_home"].isna().sum())
    if not n_open:
        return ()
    return (f"{n_open} site(s) leave people per home open: the authority's average household size is used",)


def _in_words(faults: dict[int, str], plan: Schedule, raw: Raw) -> str:
    first = 1 if isinstance(raw, RawFeatures) or not raw.header else raw.header_row + 1
    named = [
        f"row {first + row}{f' ({plan.names[row][:40]})' if plan.names[row] else ''}: {faults[row]}"
        for row in sorted(faults)[:N_NAMED]
    ]
    more = f"; and {len(faults) - N_NAMED} rows more" if len(faults) > N_NAMED else ""
    return f"{'; '.join(named)}{more}. Nothing was stored."


DEVELOPMENT_SITES: tuple[Layout, ...] = (
    Layout("development_sites", "Development sites", 3, is_site_table, parse_sites),
)
