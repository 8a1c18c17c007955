"""How the areas of each geography, and the footprints of an option, count towards one another.

The mistake this prevents: two pages that fit the same small areas to the same wards in two ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from geodata.errors import InputError
from geodata.fit import Fit, choose_fit
from geodata.option_table import list_custom_indicators
from indicators.catalogue import CATALOGUE
from indicators.indicator import Indicator
from indicators.observe import observe
from indicators.record import from_json
from indicators.target import BEST_FIT, BY_POSTCODE, Membership, Target
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.ground import Ground
from neighbourhoods.study.straddling import people_across, touching

RESIDENTS = "pop_total"


class Fitted(Ground):
    """The indicators of a workspace as they are observed, and what joins one geography to another."""

    @property
    def catalogue(self) -> Mapping[str, Indicator]:
        """Every indicator by id, the council's own at the end."""
        return self._once(("catalogue",), self._catalogue)

    def observations(self) -> pd.DataFrame:
        """Numerators and denominators of every indicator at every geography that publishes it."""
        return self._once(("observations",), self._observations)

    def counted(self, geography: str) -> gpd.GeoDataFrame:
        """Outlines with the residents that are published for these areas themselves, else as stored."""
        return self._once(("counted", geography), lambda: self._with_own_count(geography))

    def fit(self, from_geography: str, to_geography: str, *, modelled: bool = False) -> Fit:
        """How areas of one geography are counted towards those of another.

        Raises
        ------
        InputError
            When nothing that is loaded joins the two.
        """
        return self._once(
            ("fit", from_geography, to_geography, modelled),
            lambda: choose_fit(
                _Counted(self), from_geography, to_geography, prefer=self.preferred_fit, modelled=modelled
            ),
        )

    def wards(self, geography: str) -> pd.Series | None:
        """Ward of each area by best fit; None for wards themselves, or where nothing says."""
        return self._once(("wards", geography), lambda: self._wards(geography))

    def _catalogue(self) -> dict[str, Indicator]:
        own = [from_json(text) for text in list_custom_indicators(self.store)]
        return {**CATALOGUE, **{i.id: i for i in own}}

    def _with_own_count(self, geography: str) -> gpd.GeoDataFrame:
        areas = self.outlines(geography).copy()
        known = self.observations()
        own = known[(known["geography"] == geography) & (known["indicator_id"] == RESIDENTS)]
        if len(own):
            areas["population"] = own.set_index("area_code")["numerator"].reindex(areas.index).to_numpy()
        return areas

    def _observations(self) -> pd.DataFrame:
        return observe(self._cells(), self._sizes(), self.catalogue)

    def _cells(self) -> pd.DataFrame:
        return self._once(("cells",), self.store.cells)

    def _sizes(self) -> dict[str, pd.DataFrame]:
        return {g: pd.DataFrame({"km2": self.outlines(g).geometry.area / 1e6}) for g in self.geographies}

    def _memberships(self, geography: str, *, modelled: bool) -> dict[str, Membership]:
        """How the areas of every geography with figures count towards those of `geography`."""
        key = ("memberships", geography, modelled)
        return self._once(
            key,
            lambda: self._joined(self.observations()["geography"].unique(), geography, modelled=modelled),
        )

    def _joined(self, sources: Iterable[str], geography: str, *, modelled: bool) -> dict[str, Membership]:
        found: dict[str, Membership] = {}
        for source in sources:
            if source == "lad":
                continue
            try:
                fit = self.fit(str(source), geography, modelled=modelled)
            except InputError:  # nothing joins them: its figures are not shown for these areas
                continue
            found[str(source)] = Membership(fit.matrix, fit.from_codes, fit.method, fit.straddling)
        return found

    def _geography_target(self, geography: str) -> Target:
        return Target(self.outlines(geography).index, self._memberships(geography, modelled=False))

    def _option_target(self, option: FootprintOption) -> Target:
        codes = self.outlines(option.geography).index
        ids, index = footprint_rows(option, codes)
        placed = np.flatnonzero(index >= 0)
        footprints = sparse.csr_array(
            (np.ones(len(placed)), (index[placed], placed)), shape=(len(ids), len(codes))
        )
        memberships = {
            source: Membership(
                sparse.csr_array(footprints @ m.matrix),
                m.from_codes,
                m.method,
                self._straddling(source, option.geography, ids, index) if _is_best_fit(m.method) else None,
            )
            for source, m in self._memberships(option.geography, modelled=True).items()
        }
        return Target(ids, memberships)

    def touching(self, source: str, geography: str) -> sparse.csr_array:
        """Whether each area of `source` reaches into each of `geography` (its areas x those of `source`)."""
        areas = (self.counted(source), self.outlines(geography))
        key = ("touching", source, geography)
        return self._once(key, lambda: touching(geography, *areas, self.store.postcodes()))

    def _straddling(
        self, source: str, geography: str, ids: pd.Index, footprint_index: NDArray[np.intp]
    ) -> pd.Series | None:
        """Share of people in areas that reach over each footprint's line; None where no outlines say."""
        if source not in self.geographies:
            return None
        people = self.counted(source)["population"].to_numpy(dtype=float)
        touches = self.touching(source, geography)
        all_people, over, _ = people_across(touches, footprint_index, len(ids), people)
        with np.errstate(divide="ignore", invalid="ignore"):
            return pd.Series(over / all_people, index=ids)

    def _wards(self, geography: str) -> pd.Series | None:
        if geography == "ward" or "ward" not in self.geographies:
            return None
        try:
            return self.fit(geography, "ward").assignment
        except InputError:  # no lookup and no centroids: split wards stay unknown
            return None


class _Counted:
    """The store as the fits need it: outlines carry the residents that are published for them."""

    def __init__(self, fitted: Fitted) -> None:
        self._fitted = fitted
        self.settings = fitted.store.settings
        self.lookup = fitted.lookup
        self.centroids = fitted.centroids
        self.postcodes = fitted.postcodes

    def areas(self, geography: str) -> gpd.GeoDataFrame | None:
        return self._fitted.counted(geography) if geography in self._fitted.geographies else None


def footprint_rows(option: FootprintOption, area_codes: pd.Index) -> tuple[pd.Index, np.ndarray]:
    """Footprint ids, and the position of each area's footprint among them; -1 where unassigned."""
    ids = pd.Index(option.footprint_ids, dtype=object, name="footprint_id")
    return ids, ids.get_indexer(pd.Index(option.footprint_by_area(area_codes).to_numpy(), dtype=object))


def _is_best_fit(method: str) -> bool:
    return method.startswith((BEST_FIT, BY_POSTCODE))
