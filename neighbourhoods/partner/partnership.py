"""Partners' areas of a workspace: which there are, how they fit ours, how an option agrees with them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.errors import InputError, MissingDataError
from geodata.geography import geography as geography_record
from geodata.outline import outline_polygons
from geodata.straddle import shares_by_outline
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.polygon import FittingReport
from neighbourhoods.outlook.outlook import Outlook
from neighbourhoods.partner.fit import PartnerFit, Straddle, partner_fit, straddle_by_land, straddle_by_parts
from neighbourhoods.partner.partner import (
    PartnerSet,
    PartnerSource,
    fit_partner_polygons,
    leading_row,
    one_hot,
    partner_source,
    partner_source_of_option,
)
from neighbourhoods.study.figure import assignment_key, names_key
from neighbourhoods.study.fitted import footprint_rows

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Partnership(Outlook):
    """Partners' areas beside ours."""

    def in_geography(self, option: FootprintOption, geography: str) -> FootprintOption:
        """The same footprints made of another kind of area, by best fit."""
        if option.geography == geography:
            return option
        fit = self.fit(geography, option.geography)
        target = fit.assignment
        assignment = {
            str(code): option.assignment[str(to_code)]
            for code, to_code in target.items()
            if str(to_code) in option.assignment
        }
        return option.with_changes(geography=geography, assignment=assignment)

    def partner_sets(self) -> dict[str, str]:
        """Names by id: imported partners' sets in order of id, then saved options, newest first."""
        imported = {d.id: d.extra["name"] for d in self.datasets if d.kind == "partner"}
        return imported | {o.id: o.name for o in self.options_on_a_map()}

    def partner_source(self, partner_id: str) -> PartnerSource:
        """A partner's areas as they were imported; a saved option counts as one, by its id.

        Raises
        ------
        InputError
            When there is none of this id.
        """
        dataset = next((d for d in self.datasets if d.id == partner_id and d.kind == "partner"), None)
        if dataset is None:
            return partner_source_of_option(self.option(partner_id))
        return self._once(
            ("partner_source", partner_id), lambda: partner_source(dataset, self.store.read(partner_id))
        )

    def partner_set(self, partner_id: str, geography: str) -> PartnerSet:
        """A partner's areas fitted to ours; a saved option counts as one, by its id.

        Polygons take each area by its population-weighted centroid (ONS best fit). Tables and options are
        carried over by the fit between the two kinds of area; larger areas go where most of their people are.

        Raises
        ------
        InputError
            When there is none of this id, or no area of ours lies in one partner's area more than another.
        """
        source = self.partner_source(partner_id)
        key = ("partner_set", partner_id, geography)
        found = self._once(key, lambda: self._fit_partner(source, geography)[0])
        if not (found.row >= 0).any():
            plural = geography_record(geography).plural
            raise InputError(
                f"No line follows from {source.name}: the {plural} each lie in several of its areas and "
                "nothing says how many people in which. Give polygons, or people by area and partner's area."
            )
        return found

    def partner_outlines(self, partner_id: str, geography: str) -> gpd.GeoDataFrame:
        """Outlines of a partner's areas, by name: its own polygons, else round the areas fitted to each."""
        key = ("partner_outlines", partner_id, geography)
        return self._once(key, lambda: self._partner_outlines(self.partner_source(partner_id), geography))

    def _partner_outlines(self, source: PartnerSource, geography: str) -> gpd.GeoDataFrame:
        if source.polygons is not None:
            return _dissolved(source)
        fine = source.geography if source.geography in self.geographies else geography
        row = self._fit_partner(source, fine)[0].row.astype(np.int32)
        shapes = outline_polygons(self.topology(fine), row, len(source.labels))
        outlines = gpd.GeoDataFrame(geometry=list(shapes), index=list(source.labels), crs=27700)
        return outlines[~outlines.geometry.is_empty]

    def partner_report(self, partner_id: str, geography: str) -> FittingReport | None:
        """What did not fit when polygons were fitted to a kind of area; None for tables and options."""
        return self._fit_partner(self.partner_source(partner_id), geography)[1]

    def counting_geography(self, geography: str) -> str:
        """The smallest kind of area, of those inside `geography`, whose residents are all published."""
        n_areas = {g: len(self.outlines(g)) for g in self.geographies}
        smaller = [
            g for g in self.geographies if n_areas[g] > n_areas[geography] and self._is_inside(g, geography)
        ]
        return max(smaller, key=lambda g: n_areas[g], default=geography)

    def centres(self, geography: str) -> pd.DataFrame | None:
        """Population-weighted centroids (x, y by area code): published, else worked out from smaller areas'
        points and residents; None where neither is possible."""
        return self._once(("centres", geography), lambda: self._centres(geography))

    def partner_fit(self, option: FootprintOption, partner_id: str) -> PartnerFit:
        """How an option agrees with a partner's areas.

        Raises
        ------
        InputError
            When there is no partner's set of this id, or it cannot be carried to our areas.
        """
        return self._once(
            ("partner_fit", partner_id, option.geography, assignment_key(option), names_key(option)),
            lambda: self._partner_fit(option, self.partner_source(partner_id)),
        )

    def _partner_fit(self, option: FootprintOption, source: PartnerSource) -> PartnerFit:
        base = self.counting_geography(option.geography)
        codes = self.topology(base).area_codes
        people = self.population(base).reindex(codes).to_numpy(dtype=float)
        shares = self._partner_shares(source, base)
        _, footprint = footprint_rows(self.in_geography(option, base), codes)
        return partner_fit(
            option,
            source,
            footprint=footprint.astype(np.int64),
            people=np.nan_to_num(people),
            shares=shares,
            counted_by=geography_record(base).plural,
            straddle=self._straddle(source, option.geography, base, np.nan_to_num(people), shares),
        )

    def _straddle(
        self, source: PartnerSource, geography: str, base: str, people: Floats, shares: csr_array
    ) -> Straddle:
        if source.has_equal_parts:
            return Straddle(float("nan"), float("nan"), "not known: areas lie in several of the partner's")
        if base != geography:
            own = self.topology(geography).area_codes
            into = self.fit(base, geography).assignment.reindex(self.topology(base).area_codes)
            area = own.get_indexer(pd.Index(into)).astype(np.int64)
            row = self._fit_partner(source, geography)[0].row
            return straddle_by_parts(area, row, people, shares, geography_record(base).plural)
        if source.polygons is not None:
            areas = self.outlines(geography).reindex(self.topology(geography).area_codes)
            return straddle_by_land(shares_by_outline(areas, _dissolved(source)), people)
        return Straddle(float("nan"), float("nan"), "not known: there is no line, only a table of areas")

    def _fit_partner(self, source: PartnerSource, geography: str) -> tuple[PartnerSet, FittingReport | None]:
        if source.polygons is not None:
            return fit_partner_polygons(source, self.areas(geography), geography, self.centres(geography))
        row = leading_row(self._carried(source.certain, geography))
        return PartnerSet(source.id, source.name, source.labels, row), None

    def _partner_shares(self, source: PartnerSource, geography: str) -> csr_array:
        """Share of each area in each of the partner's (n_labels, n_areas)."""
        if source.polygons is not None:
            return one_hot(self._fit_partner(source, geography)[0].row, len(source.labels))
        return self._carried(source, geography)

    def _carried(self, source: PartnerSource, geography: str) -> csr_array:
        """The same of a table or an option, by the fit between its kind of area and ours."""
        codes = self.topology(geography).area_codes
        if source.geography == geography:
            return source.shares(codes)
        try:
            into = self.fit(geography, source.geography).assignment.reindex(codes)
        except MissingDataError:  # ours are larger, or cross theirs
            return self._gathered(source, geography)
        return _spread(source, into)

    def _gathered(self, source: PartnerSource, geography: str) -> csr_array:
        """Shares of larger areas by the residents of small ones inside both kinds."""
        small = self.counting_geography(geography)
        if small == geography:
            small = source.geography
        codes = self.topology(small).area_codes
        people = self.population(small).reindex(codes).to_numpy(dtype=float)
        people = np.ones(len(codes)) if np.isnan(people).any() else people
        into = self.fit(small, geography).assignment.reindex(codes)
        ours = self.topology(geography).area_codes
        member = one_hot(ours.get_indexer(pd.Index(into)).astype(np.int64), len(ours))
        inside = (self._carried(source, small) * people) @ member.T
        total = member @ people
        return csr_array(inside * np.divide(1.0, total, out=np.zeros_like(total), where=total > 0))

    def _is_inside(self, small: str, large: str) -> bool:
        if self.counted(small)["population"].isna().any():
            return False
        try:
            return bool(self.fit(small, large).assignment.notna().all())
        except InputError:  # nothing joins the two
            return False

    def _centres(self, geography: str) -> pd.DataFrame | None:
        published = self.store.centroids(geography)
        if published is not None:
            return published
        base = self.counting_geography(geography)
        if base == geography:
            return None
        inner = self.outlines(base).geometry.representative_point()
        points = pd.DataFrame({"x": inner.x, "y": inner.y})
        known = self.store.centroids(base)
        points = points if known is None else known.reindex(points.index).fillna(points)
        people = self.population(base).reindex(points.index)
        into = self.fit(base, geography).assignment.reindex(points.index)
        total = people.groupby(into).sum()
        return points.mul(people, axis=0).groupby(into).sum().div(total[total > 0], axis=0).dropna()


def _spread(source: PartnerSource, into: pd.Series) -> csr_array:
    """Each area takes the shares of the one that it is fitted to."""
    theirs = pd.Index(sorted(set(into.dropna().astype(str))))
    place = theirs.get_indexer(pd.Index(into)).astype(np.int64)
    return csr_array(source.shares(theirs) @ one_hot(place, len(theirs)))


def _dissolved(source: PartnerSource) -> gpd.GeoDataFrame:
    polygons = gpd.GeoDataFrame(source.polygons)
    return polygons.dissolve("footprint").reindex(list(source.labels))
