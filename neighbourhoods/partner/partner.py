"""A partner's areas (primary care networks, police beats, school clusters) seen from ours.

Each of our areas belongs to the partner's area that its people are fitted to, or to none. Boundaries of
partners seldom follow ours: the mistake this prevents is to read a fit as if it were the line itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.dataset import Dataset
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.polygon import FittingReport, fit_option_polygons

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
TOTAL = "total"  # the registered people of a whole partner's area stand in each of its rows


@dataclass(frozen=True, eq=False)
class PartnerSet:
    """One partner's areas, fitted to areas of one geography.

    Parameters
    ----------
    id, name : str
        Of the whole set: "Primary care networks".
    labels : tuple of str
        Names of the partner's areas.
    row : int64 (n_areas,)
        Place in `labels` of the partner's area that each of our areas is fitted to; -1 for none.
    """

    id: str
    name: str
    labels: tuple[str, ...]
    row: Rows

    @property
    def groups(self) -> tuple[frozenset[int], ...]:
        """Our areas (by place) of each of the partner's that has two or more."""
        return tuple(group for _, group in self.named_groups)

    @property
    def named_groups(self) -> tuple[tuple[str, frozenset[int]], ...]:
        """The same with the name of the partner's area in front."""
        held = ((label, np.flatnonzero(self.row == n)) for n, label in enumerate(self.labels))
        return tuple((label, frozenset(rows.tolist())) for label, rows in held if len(rows) > 1)


@dataclass(frozen=True, eq=False)
class PartnerSource:
    """One partner's areas as they were imported, or a saved option taken as such.

    Parameters
    ----------
    id, name : str
    labels : tuple of str
    registered : float (n_labels,)
        People registered with each; NaN where it is not known.
    polygons : GeoDataFrame or None
        footprint (the label) and outline, EPSG:27700; several rows may be of one label.
    geography : str
        Kind of area that `links` speaks of; empty for polygons.
    links : DataFrame or None
        area_code, row (place in labels), share (of the area's people; they add up to 1), is_equal (whether
        the area is shared between several and nothing says how: then in equal parts).
    """

    id: str
    name: str
    labels: tuple[str, ...]
    registered: Floats
    polygons: gpd.GeoDataFrame | None = None
    geography: str = ""
    links: pd.DataFrame | None = None

    @property
    def has_equal_parts(self) -> bool:
        """Whether some area is shared and nothing says how."""
        return self.links is not None and bool(self.links["is_equal"].any())

    @property
    def certain(self) -> PartnerSource:
        """The same without areas that are shared in equal parts: no line follows from those."""
        if self.links is None or not self.has_equal_parts:
            return self
        return replace(self, links=self.links[~self.links["is_equal"]])

    def shares(self, area_codes: pd.Index) -> csr_array:
        """Share of each area (columns) in each of the partner's (rows); a set of links only."""
        links = pd.DataFrame(columns=["area_code", "row", "share"]) if self.links is None else self.links
        column = area_codes.get_indexer(pd.Index(links["area_code"]))
        known = column >= 0
        cells = (links["row"].to_numpy(dtype=np.int64)[known], column[known])
        share = links["share"].to_numpy(dtype=float)[known]
        return csr_array((share, cells), shape=(len(self.labels), len(area_codes)))


def partner_source(dataset: Dataset, frame: pd.DataFrame) -> PartnerSource:
    """A stored partner's set; see `neighbourhoods.partner.file` for how it is stored."""
    labels = tuple(dict.fromkeys(frame["partner_area"].astype(str)))
    by_label = frame.groupby("partner_area", sort=False)["registered"]
    is_total = dataset.extra.get("registered") == TOTAL
    registered = (by_label.first() if is_total else by_label.sum(min_count=1)).reindex(list(labels))
    name = dataset.extra["name"]
    people = registered.to_numpy(dtype=float)
    if isinstance(frame, gpd.GeoDataFrame):
        polygons = frame.rename(columns={"partner_area": "footprint"})[["footprint", "geometry"]]
        return PartnerSource(dataset.id, name, labels, people, polygons)
    counts = frame["registered"] * (np.nan if is_total else 1.0)
    n_parts = frame.groupby("area_code")["partner_area"].transform("size")
    summed = counts.groupby(frame["area_code"]).transform(lambda c: c.sum(skipna=False))
    by_count = summed > 0
    share = (counts / summed).where(by_count, 1.0 / n_parts)
    place = {label: row for row, label in enumerate(labels)}
    links = pd.DataFrame(
        {
            "area_code": frame["area_code"].astype(str),
            "row": frame["partner_area"].map(place),
            "share": share,
            "is_equal": (n_parts > 1) & ~by_count,
        }
    )
    return PartnerSource(
        dataset.id,
        name,
        labels,
        people,
        geography=dataset.geography,
        links=links,
    )


def partner_source_of_option(option: FootprintOption) -> PartnerSource:
    """A saved option's footprints taken as a partner's areas."""
    ids = option.footprint_ids
    place = {one: number for number, one in enumerate(ids)}
    links = pd.DataFrame(
        [(code, place[one], 1.0, False) for code, one in option.assignment.items()],
        columns=["area_code", "row", "share", "is_equal"],
    )
    labels = tuple(option.footprint_name(one) for one in ids)
    nobody = np.full(len(ids), np.nan)
    return PartnerSource(option.id, option.name, labels, nobody, None, option.geography, links)


def partner_set_of_option(option: FootprintOption, area_codes: pd.Index) -> PartnerSet:
    """A saved option's footprints taken as a partner's areas; areas it leaves out belong to none."""
    source = partner_source_of_option(option)
    return PartnerSet(source.id, source.name, source.labels, leading_row(source.shares(area_codes)))


def fit_partner_polygons(
    source: PartnerSource, areas: gpd.GeoDataFrame, geography: str, centroids: pd.DataFrame | None
) -> tuple[PartnerSet, FittingReport]:
    """Each area to the partner's polygon that contains its population-weighted centroid (ONS best fit).

    Raises
    ------
    OptionError
        When the polygons contain no area at all.
    """
    option, report = fit_option_polygons(
        gpd.GeoDataFrame(source.polygons), areas, geography=geography, centroids=centroids
    )
    place = {label: row for row, label in enumerate(source.labels)}
    row = [place.get(option.assignment.get(str(code), ""), -1) for code in areas.index]
    return PartnerSet(source.id, source.name, source.labels, np.array(row, dtype=np.int64)), report


def one_hot(row: Rows, n_labels: int) -> csr_array:
    """Rows of labels (-1 for none) as shares, labels x areas."""
    known = np.flatnonzero(row >= 0)
    return csr_array((np.ones(len(known)), (row[known], known)), shape=(n_labels, len(row)))


def leading_row(share: csr_array) -> Rows:
    """For each column (an area, its parts adding up to 1 or less) the row with the largest part.

    -1 where two have as much, and where more is in no row than in any.
    """
    parts = np.asarray(share.todense(), dtype=float)
    parts = np.vstack([parts, np.clip(1 - parts.sum(axis=0), 0.0, None)])
    is_most = parts >= parts.max(axis=0) - 1e-9
    row = parts.argmax(axis=0)
    return np.where((is_most.sum(axis=0) == 1) & (row < len(parts) - 1), row, -1).astype(np.int64)
