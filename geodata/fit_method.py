"""How data for one kind of area are carried to another: a matrix, its method, and who is near the line.

Counts are multiplied by the matrix; rates never are. Every way of joining is named, so that a page can
say "best fit" or "modelled" beside a figure. The mistake this prevents is joining two vintages by code:
most codes of 2011 and 2021 are the same, and the few that are not vanish in silence.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from geodata.geography import geography
from geodata.membership import Fit, fit_from_pairs, vintage_error
from geodata.straddle import containing, postcode_counts


def fit_exact(from_geography: str, to_geography: str, to_code_by_area: pd.Series) -> Fit:
    """Areas that nest: every from-area lies wholly in one to-area, so nobody is near the line."""
    known = to_code_by_area.dropna()
    fit = fit_from_pairs(
        from_geography,
        to_geography,
        "exact",
        pd.Index(to_code_by_area.index),
        pd.Index(sorted(set(known))),
        (known.index, known),
    )
    return replace(fit, straddling=pd.Series(0.0, index=fit.to_codes, name="straddling"))


def fit_by_lookup(
    from_geography: str,
    to_geography: str,
    lookup: pd.DataFrame,
    *,
    from_codes: pd.Index,
    to_codes: pd.Index,
) -> Fit:
    """Join by a published lookup.

    Parameters
    ----------
    lookup : DataFrame
        from_code, to_code, weight, method. With method "exact_change" (LSOA 2011 to 2021) unchanged and
        merged areas count in full and the parts of a split area are unknown: a count cannot be divided.
    from_codes, to_codes : pd.Index
        Areas in use. A lookup that knows none of the to-codes is of another vintage.

    Raises
    ------
    VintageError
        When lookup and areas share no code.
    """
    rows = lookup[lookup["from_code"].isin(from_codes) & lookup["to_code"].isin(to_codes)]
    if rows.empty:
        found = lookup["to_code"].iloc[0] if len(lookup) else "nothing"
        raise vintage_error(from_geography, to_geography, f"the lookup leads to {found} and its like")
    weight = rows["weight"].to_numpy(dtype=float)
    notes: tuple[str, ...] = ()
    exact = bool((lookup["method"] == "exact_change").all()) if "method" in lookup else False
    if exact:
        n_parts = rows.groupby("from_code")["to_code"].transform("size").to_numpy()
        weight = np.where(n_parts > 1, np.nan, 1.0)
        split = sorted(set(rows.loc[n_parts > 1, "from_code"]))
        if split:
            was = "was" if len(split) == 1 else "were"
            notes = (f"{', '.join(split[:5])} {was} split: its parts are unknown, not divided",)
    fit = fit_from_pairs(
        from_geography,
        to_geography,
        "exact" if exact else "best fit by lookup",
        from_codes,
        to_codes,
        (rows["from_code"], rows["to_code"]),
        weight,
        notes,
    )
    if exact:
        return replace(
            fit, straddling=pd.Series(fit.matrix.sum(axis=1) * 0.0, index=to_codes, name="straddling")
        )
    return fit


def fit_by_centroid(
    from_geography: str, to_geography: str, centroids: pd.DataFrame, to_areas: gpd.GeoDataFrame
) -> Fit:
    """Each from-area goes to the to-area that holds its population-weighted centroid.

    ONS best-fit policy (ONS, "A guide to ONS geography policy: best-fitting"). `centroids`: index
    area_code; x, y in EPSG:27700. `to_areas`: the polygons.
    """
    place = containing(shapely.points(centroids[["x", "y"]].to_numpy(dtype=float)), to_areas)
    known = place >= 0
    return fit_from_pairs(
        from_geography,
        to_geography,
        "best fit by centroid",
        pd.Index(centroids.index),
        to_areas.index,
        (centroids.index[known], to_areas.index[place[known]]),
    )


def fit_by_postcodes(
    from_geography: str,
    to_geography: str,
    postcodes: pd.DataFrame,
    from_areas: gpd.GeoDataFrame,
    to_areas: gpd.GeoDataFrame,
) -> Fit:
    """Each from-area is shared out in the proportion of its postcodes.

    The from-area of a postcode is the polygon that holds its point; the to-area is the ward code that
    Code-Point Open gives, or else the polygon. A from-area without postcodes goes where its inner point
    lies, and `notes` says how many did.
    """
    count = postcode_counts(to_geography, postcodes, from_areas, to_areas)
    total = np.asarray(count.sum(axis=0)).ravel()
    cells = count.tocoo()
    bare = np.flatnonzero(total == 0)
    place = containing(from_areas.geometry.iloc[bare].representative_point().to_numpy(), to_areas)
    placed = bare[place >= 0]
    rows = np.concatenate([cells.row, place[place >= 0]])
    columns = np.concatenate([cells.col, placed])
    weight = np.concatenate([cells.data / total[cells.col], np.ones(len(placed))])
    notes = (f"{len(bare)} areas hold no postcode and go where their middle lies",) if len(bare) else ()
    return fit_from_pairs(
        from_geography,
        to_geography,
        "by postcode",
        from_areas.index,
        to_areas.index,
        (from_areas.index[columns], to_areas.index[rows]),
        weight,
        notes,
    )


def fit_modelled(
    small_to_coarse: Fit, population_by_area: pd.Series, small_to_target: Fit | None = None
) -> Fit:
    """Spread figures of coarse areas over small ones by population, and gather them again in targets.

    Parameters
    ----------
    small_to_coarse : Fit
        From small areas (LSOA) to the areas the figures are for (ward, MSOA).
    population_by_area : pd.Series
        People in each small area.
    small_to_target : Fit, optional
        From the same small areas to footprints or other areas; without it the small areas themselves.

    Returns
    -------
    Fit
        From coarse areas to targets, method "modelled": everyone in a coarse area is taken to be alike.
    """
    people = population_by_area.reindex(small_to_coarse.from_codes).to_numpy(dtype=float)
    held = small_to_coarse.matrix.multiply(people[np.newaxis, :]).tocsr()
    total = np.asarray(held.sum(axis=1)).ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        share = held.multiply((1.0 / total)[:, np.newaxis]).T.tocsr()  # small areas x coarse areas
    if small_to_target is None:
        matrix, to_codes, to_geography = share, small_to_coarse.from_codes, small_to_coarse.from_geography
    else:
        matrix = (columns_for(small_to_target, small_to_coarse.from_codes) @ share).tocsr()
        to_codes, to_geography = small_to_target.to_codes, small_to_target.to_geography
    return Fit(
        small_to_coarse.to_geography,
        to_geography,
        "modelled",
        csr_array(matrix),
        to_codes,
        small_to_coarse.to_codes,
        pd.Series(np.nan, index=to_codes, name="straddling"),
        tuple(small_to_coarse.to_codes[total == 0]),
        ("modelled: figures are spread by population, as if everyone in the larger area were alike",),
    )


def fit_parts_by_population(fit: Fit, population_by_area: pd.Series) -> Fit:
    """The same fit with each unknown part weighed by the people who live in it.

    Parameters
    ----------
    fit : Fit
        Between two vintages; the parts of a split area weigh NaN.
    population_by_area : pd.Series
        People in each to-area. Where those of a part are unknown, so are all parts of that area.
    """
    cells = fit.matrix.tocoo()
    people = population_by_area.reindex(fit.to_codes).to_numpy(dtype=float)[cells.row]
    is_part = np.isnan(cells.data)
    total = np.bincount(cells.col, np.where(is_part, people, 0.0), minlength=len(fit.from_codes))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(is_part, people / total[cells.col], cells.data)
    matrix = csr_array((weight, (cells.row, cells.col)), shape=fit.matrix.shape)
    return replace(fit, matrix=matrix)


def columns_for(fit: Fit, from_codes: pd.Index) -> csr_array:
    """The fit's matrix with its columns in another order; columns it does not know are empty."""
    place = fit.from_codes.get_indexer(from_codes)
    known = np.flatnonzero(place >= 0)
    pick = csr_array(
        (np.ones(len(known)), (place[known], known)), shape=(len(fit.from_codes), len(from_codes))
    )
    return csr_array(fit.matrix @ pick)


def chain(first: Fit, second: Fit) -> Fit:
    """Two fits one after the other; unknown parts that end in the same place are known again."""
    keep = pd.Index(first.to_codes)
    onward = columns_for(second, keep)
    matrix = (onward @ first.matrix).tocoo()
    parts = first.matrix.copy()
    parts.data = np.ones_like(parts.data)
    reached = (onward != 0).astype(float) @ parts
    n_parts = np.asarray(parts.sum(axis=0)).ravel()
    n_here = np.asarray(reached[matrix.row, matrix.col]).ravel()
    whole = np.isnan(matrix.data) & (n_here == n_parts[matrix.col])
    weight = np.where(whole, 1.0, matrix.data)
    return fit_from_pairs(
        first.from_geography,
        second.to_geography,
        second.method,
        first.from_codes,
        second.to_codes,
        (first.from_codes[matrix.col], second.to_codes[matrix.row]),
        weight,
        (f"through {geography(first.to_geography).plural}", *second.notes),
    )
