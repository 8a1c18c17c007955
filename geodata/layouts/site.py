"""From rows of any list of places to points of the workspace, located, cut to the authority and counted.

Every place layout ends here. A row without coordinates is found by its postcode in Code-Point Open; a row
that cannot be found is dropped with that reason and never put somewhere near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.errors import MissingDataError, OtherAuthorityError
from geodata.layouts.centroid import xy_in_metres
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.origin import authority, count_reasons, outside, provenance_of
from geodata.layouts.postcode import normal_postcodes
from geodata.payload import Raw, RawTable
from geodata.text import repair_mojibake

NO_POSTCODES = "postcode not found; import Code-Point Open"


@dataclass(frozen=True)
class Listing:
    """What a layout says of its list.

    Parameters
    ----------
    source_id : str
    period : str
    precedence : str
        Of two lists of one kind and source in an import, the greater is kept.
    notes : tuple of str
    """

    source_id: str
    period: str = "not stated in the file"
    precedence: str = ""
    notes: tuple[str, ...] = ()


def text_column(raw: RawTable, *names: str) -> pd.Series:
    """The first of these columns that is there, mojibake repaired; blanks when none is."""
    for name in names:
        if raw.column(name) is not None:
            return raw.values(name).map(repair_mojibake)
    return pd.Series("", index=raw.rows.index)


def joined_address(parts: Sequence[pd.Series]) -> pd.Series:
    """Parts of an address with commas between them; blanks, "N/A" and repeats left out."""
    frame = pd.concat(list(parts), axis=1)
    return pd.Series(
        [
            ", ".join(dict.fromkeys(cell.strip(" ,") for cell in row if cell.strip(" ,") not in ("", "N/A")))
            for row in frame.to_numpy()
        ],
        index=frame.index,
    )


def parsed_sites(
    sites: pd.DataFrame,
    reasons: pd.Series,
    raw: Raw,
    context: Context,
    listing: Listing,
    *,
    details: pd.DataFrame | None = None,
) -> Parsed:
    """Datasets of places, one per kind.

    Parameters
    ----------
    sites : DataFrame
        One row per source row: id, name, kind, address, postcode, status; x and y as text or numbers
        (metres or degrees), or neither column where only postcodes locate them.
    reasons : Series of str
        Why a row is left out by its own values ("closed"); "" for the others.
    details : DataFrame, optional
        More columns of the same rows, to be kept as they are.

    Raises
    ------
    MissingDataError
        When nothing can be located, or nothing says where the authority is.
    OtherAuthorityError
        When no row is of the authority.
    """
    reasons = reasons.copy()
    sites = sites.assign(postcode=normal_postcodes(sites["postcode"]))
    x, y = _located(sites, reasons == "", reasons, context)
    _mark_outside(x, y, reasons, raw, context)
    open_rows = reasons == ""
    repeated = sites[open_rows].duplicated(subset=["kind", "id"])
    reasons[repeated.index[repeated]] = "place listed twice"
    kept = reasons == ""
    if not kept.any():
        _refuse(reasons, raw, context)
    points = gpd.GeoDataFrame(
        {
            "name": sites["name"][kept].to_numpy(),
            "kind": sites["kind"][kept].to_numpy(),
            "address": sites["address"][kept].to_numpy(),
            "postcode": sites["postcode"][kept].to_numpy(),
            "source_id": listing.source_id,
            "status": sites["status"][kept].to_numpy(),
            **({} if details is None else {str(c): details[c][kept].to_numpy() for c in details}),
        },
        geometry=shapely.points(x[kept].to_numpy(dtype=float), y[kept].to_numpy(dtype=float)),
        index=pd.Index((sites["kind"] + ":" + sites["id"])[kept].to_numpy(), name="place_id"),
        crs="EPSG:27700",
    ).sort_index()
    dropped = count_reasons(reasons)
    provenance = provenance_of(
        raw,
        context,
        listing.source_id,
        period=listing.period,
        rows_in=len(sites),
        dropped=dropped,
        notes=listing.notes,
    )
    datasets = tuple(
        NewDataset(
            f"places:{kind}:{listing.source_id}",
            "places",
            "",
            part,
            provenance,
            {"kind": str(kind), "precedence": listing.precedence},
        )
        for kind, part in points.groupby("kind", sort=True)
    )
    return Parsed(datasets, len(sites), int(kept.sum()), dropped, "", (*raw.notes, *listing.notes))


def _located(
    sites: pd.DataFrame, rows: pd.Series, reasons: pd.Series, context: Context
) -> tuple[pd.Series, pd.Series]:
    """Coordinates in metres: the row's own, else its postcode's; the reason is set where there is neither."""
    if "x" in sites and "y" in sites:
        x, y, _ = xy_in_metres(sites["x"], sites["y"])
        x, y = x.astype("float64"), y.astype("float64")
        x[(x == 0) | (y == 0)] = np.nan
    else:
        x = pd.Series(np.nan, index=sites.index)
        y = x.copy()
    lost = rows & (x.isna() | y.isna())
    if not lost.any():
        return x, y
    if context.postcodes is None:
        reasons[lost] = NO_POSTCODES
        return x, y
    found = context.postcodes.reindex(sites.loc[lost, "postcode"])
    x[lost], y[lost] = found["x"].to_numpy(dtype=float), found["y"].to_numpy(dtype=float)
    still = lost & x.isna()
    of_authority = _of_authority_sectors(sites["postcode"], context)
    reasons[still] = outside(context)
    reasons[still & of_authority] = "postcode not in Code-Point Open"
    return x, y


def _of_authority_sectors(postcodes: pd.Series, context: Context) -> pd.Series:
    """Whether a postcode's sector ("YO31 8") holds postcodes of the authority."""
    if context.postcodes is None:
        return pd.Series(False, index=postcodes.index)
    sectors = set(context.postcodes.index.str.slice(0, -2))
    return postcodes.ne("") & postcodes.str.slice(0, -2).isin(sectors)


def _mark_outside(x: pd.Series, y: pd.Series, reasons: pd.Series, raw: Raw, context: Context) -> None:
    rows = reasons == ""
    if not context.authority_code or not rows.any():
        return
    if context.outline is not None:
        within = shapely.contains_xy(
            context.outline, x[rows].to_numpy(dtype=float), y[rows].to_numpy(dtype=float)
        )
        reasons[rows.index[rows][~within]] = outside(context)
        return
    if context.postcodes is None:
        raise MissingDataError(
            f"Nothing says yet where {authority(context)} lies. Import its ward boundaries in the same go.",
            where=raw.name,
        )


def _refuse(reasons: pd.Series, raw: Raw, context: Context) -> None:
    if (reasons == NO_POSTCODES).any():
        raise MissingDataError(
            f"None of the {int((reasons == NO_POSTCODES).sum()):,} open places has coordinates. Import "
            "Code-Point Open first, or in the same go: it places them by postcode.",
            where=raw.name,
        )
    if (reasons == outside(context)).any():
        raise OtherAuthorityError(
            f"None of the places lies in {authority(context)}. Import the list for the authority, or the "
            "national one.",
            where=raw.name,
        )
    raise MissingDataError(f"No place is open: {reasons.mode().iloc[0]}.", where=raw.name)
