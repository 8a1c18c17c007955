"""The figures of a study: rows of them for areas and for the footprints of an option.

The mistake this prevents: the same figure worked out in two ways on two pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import geopandas as gpd
import pandas as pd

from geodata.option_table import list_options, option_version
from indicators.coverage import coverage_by_indicator
from indicators.indicator import Indicator
from indicators.local_count import Shown
from indicators.observe import observe
from indicators.observed import by_geography
from indicators.profile import NOTHING_SHOWN, profile_rows
from indicators.target import Target
from neighbourhoods.option.library import saved_option, saved_options
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.fitted import RESIDENTS, Fitted


class Figures(Fitted):
    """What the areas of a workspace, and the footprints of an option, come to."""

    def areas(self, geography: str) -> gpd.GeoDataFrame:
        """The areas frame of a geography with its populations.

        Raises
        ------
        MissingDataError
            When no outlines of that geography are loaded.
        """
        return self._once(("areas", geography), lambda: self._areas(geography))

    def population(self, geography: str) -> pd.Series:
        """Residents by area; NaN where no table says."""
        return cast(pd.Series, self.areas(geography)["population"])

    def profile(self, geography: str) -> pd.DataFrame:
        """Rows of figures for every area of a geography and for the authority."""
        key = ("profile", geography)
        return self._once(
            key,
            lambda: self._rows(
                self._geography_target(geography), self.catalogue, earlier=self._shown_before(geography)
            ),
        )

    def profile_option(self, option: FootprintOption) -> pd.DataFrame:
        """Rows of figures for every footprint of an option and for the authority."""
        saved = option_version(self.store) if self._has_local_counts() else 0
        key = ("profile_option", option.geography, assignment_key(option), saved)
        return self._once(
            key,
            lambda: self._rows(
                self._option_target(option),
                self.catalogue,
                "footprint_id",
                earlier=self._shown_before(option),
            ),
        )

    def indicator_rows(
        self, option_or_geography: FootprintOption | str, indicator_id: str, period: str = ""
    ) -> pd.DataFrame:
        """Rows of one indicator, the authority's among them, by area code or footprint id.

        Parameters
        ----------
        period : str
            One of `periods(indicator_id)`; empty for the newest.
        """
        is_option = isinstance(option_or_geography, FootprintOption)
        id_column = "footprint_id" if is_option else "area_code"
        if not period or period == self.periods(indicator_id)[0]:
            rows = (
                self.profile_option(cast(FootprintOption, option_or_geography))
                if is_option
                else self.profile(str(option_or_geography))
            )
        else:
            target = (
                self._option_target(cast(FootprintOption, option_or_geography))
                if is_option
                else self._geography_target(str(option_or_geography))
            )
            one = {indicator_id: _at_period(self.catalogue[indicator_id], period)}
            observations = observe(self._cells(), self._sizes(), one)
            rows = profile_rows(
                observations,
                target,
                one,
                authority_code=self.authority_code,
                id_column=id_column,
                earlier=self._shown_before(option_or_geography),
            )
        return rows[rows["indicator_id"] == indicator_id].set_index(id_column)

    def periods(self, indicator_id: str) -> tuple[str, ...]:
        """Periods of an indicator that can be shown, newest first; one for sums over months."""
        return self._once(("periods", indicator_id), lambda: self._periods(indicator_id))

    def coverage(self) -> dict[str, dict[str, int]]:
        """Areas with a figure, by indicator and geography."""
        return self._once(("coverage",), self._coverage)

    @property
    def filled(self) -> frozenset[str]:
        """Indicators with a figure for at least one area of some kind."""
        return self._once(("filled",), self._filled)

    def authority_value(self, indicator_id: str) -> float:
        """The authority's value of an indicator; NaN where it is not known."""
        for geography in self.geographies:
            rows = self.profile(geography)
            chosen = (rows["area_code"] == self.authority_code) & (rows["indicator_id"] == indicator_id)
            values = rows.loc[chosen, "value"].dropna()
            if len(values):
                return float(values.iloc[0])
        return float("nan")

    def _areas(self, geography: str) -> gpd.GeoDataFrame:
        areas = self.counted(geography)
        if areas["population"].notna().any():
            return areas
        areas = areas.copy()
        known = self.observations()
        sources = known.loc[known["indicator_id"] == RESIDENTS, "geography"].unique()
        target = Target(areas.index, self._joined(sources, geography, modelled=True))
        rows = self._rows(target, {RESIDENTS: self.catalogue[RESIDENTS]})
        values = rows.drop_duplicates("area_code").set_index("area_code")["value"] if len(rows) else None
        if values is not None:
            areas["population"] = values.reindex(areas.index).to_numpy()
        return areas

    def _has_local_counts(self) -> bool:
        return any(one.disclosure == "local_sensitive" for one in self.catalogue.values())

    def _shown_before(self, view: FootprintOption | str) -> Shown:
        """What readers may have beside this view: other kinds of area, then saved options, oldest first.

        Empty where no indicator is local and sensitive. A saved option is settled against the options
        saved before it; one that is not saved, against all, and shows only what no other such option
        could give away.
        """
        if not self._has_local_counts():
            return Shown()
        if isinstance(view, str):
            before = self.geographies[: self.geographies.index(view)] if view in self.geographies else ()
            return Shown(tuple(self._geography_target(g) for g in before))
        own = (view.geography, assignment_key(view))
        targets: dict[tuple[str, int], Target] = {}
        rows = list_options(self.store)
        is_saved = False
        for one in reversed([saved_option(self.store, str(row["id"])) for row in rows]):
            key = (one.geography, assignment_key(one))
            is_saved = key == own
            if is_saved:
                break
            if key not in targets and one.geography in self.geographies:
                targets[key] = self._option_target(one)
        areas = tuple(self._geography_target(g) for g in self.geographies)
        return Shown(areas, tuple(targets.values()), is_option=True, is_saved=is_saved)

    def _rows(
        self,
        target: Target,
        catalogue: Mapping[str, Indicator],
        id_column: str = "area_code",
        *,
        earlier: Shown = NOTHING_SHOWN,
    ) -> pd.DataFrame:
        return profile_rows(
            self._once(("observed",), lambda: by_geography(self.observations(), self.catalogue)),
            target,
            catalogue,
            authority_code=self.authority_code,
            id_column=id_column,
            earlier=earlier,
        )

    def _periods(self, indicator_id: str) -> tuple[str, ...]:
        indicator = self.catalogue[indicator_id]
        cells = self._cells()
        if indicator.numerator.months or indicator.numerator.period:
            return ("",)
        own = cells["table"] == indicator.numerator.table
        periods = sorted(cells.loc[own, "period"].unique(), reverse=True)
        return tuple(str(p) for p in periods) or ("",)

    def _coverage(self) -> dict[str, dict[str, int]]:
        rows = {g: self.profile(g) for g in self.geographies}
        return coverage_by_indicator({g: r[r["area_code"] != self.authority_code] for g, r in rows.items()})

    def options(self, *, latest_only: bool = True) -> tuple[FootprintOption, ...]:
        """Saved options, newest first; with `latest_only` the newest version of each."""
        key = ("options", option_version(self.store), latest_only)
        return self._once(key, lambda: saved_options(self.store, latest_only=latest_only))

    def options_on_a_map(self) -> tuple[FootprintOption, ...]:
        """Saved options whose kind of area is loaded, newest first."""
        return tuple(o for o in self.options() if o.geography in self.geographies)

    def option(self, option_id: str) -> FootprintOption:
        """A saved option.

        Raises
        ------
        InputError
            When there is none with that id.
        """
        return saved_option(self.store, option_id)

    def _filled(self) -> frozenset[str]:
        known = self.observations()
        known = known[known["numerator"].notna() & (known["geography"] != "lad")]
        return frozenset(map(str, known["indicator_id"].unique()))


def _at_period(indicator: Indicator, period: str) -> Indicator:
    return replace(indicator, numerator=replace(indicator.numerator, period=period), vintage=period)


def assignment_key(option: FootprintOption) -> int:
    """A key of who is where, for caches."""
    return hash(frozenset(option.assignment.items()))


def names_key(option: FootprintOption) -> int:
    """A key of what footprints are called, for caches."""
    return hash(frozenset(option.footprint_names.items()))
