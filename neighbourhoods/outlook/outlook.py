"""What a study knows of years to come, out of the council's own table of development sites.

Without such a table there is no future year: every answer says which file to import. The mistake this
prevents: an option that is even today and not when the homes are built, chosen unawares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.errors import MissingDataError
from geodata.geography import geography as geography_record
from geodata.layouts.development_site import SITES_ID
from neighbourhoods.measure.evaluate import Evaluation, evaluate_option
from neighbourhoods.measure.violation import names_in_words
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outlook.growth import (
    HORIZONS,
    MEANING,
    area_of_sites,
    base_year_of,
    homes_built,
    people_added,
    people_to_come,
    year_columns,
)
from neighbourhoods.outlook.household import HouseholdSize, average_household_size
from neighbourhoods.study.figure import Figures
from neighbourhoods.study.fitted import RESIDENTS

NO_SITES = "No development sites are loaded; import a table of them on the Data page."


class Outlook(Figures):
    """Residents in future years."""

    @property
    def has_sites(self) -> bool:
        """Whether development sites are loaded."""
        return any(d.kind == "sites" for d in self.datasets)

    def sites(self) -> gpd.GeoDataFrame:
        """Development sites by site_id: site_name, people_per_home, homes by year, points.

        Raises
        ------
        MissingDataError
            When none are loaded.
        """
        if not self.has_sites:
            raise MissingDataError(NO_SITES)
        return cast(gpd.GeoDataFrame, self._once(("sites",), lambda: self.store.read(SITES_ID)))

    def base_year(self, geography: str) -> int:
        """The year of the population figures in use for a geography.

        Raises
        ------
        MissingDataError
            When there are none, or they name no year.
        """
        known = self.observations()
        known = known[(known["indicator_id"] == RESIDENTS) & known["numerator"].notna()]
        own = known[known["geography"] == geography]
        periods = (own if len(own) else known[known["geography"] != "lad"])["period"]
        if periods.empty:
            raise MissingDataError("No population table is loaded; import Census table TS007A.")
        return base_year_of(str(periods.iloc[0]))

    def household_size(self) -> HouseholdSize | None:
        """The authority's average household size from the census tables that are loaded."""
        return self._once(("household_size",), self._household_size)

    def _household_size(self) -> HouseholdSize | None:
        residents = float(self.population(self.geographies[0]).sum(skipna=False))
        return average_household_size(self.store.cells(), self.authority_code, residents)

    def population_in(self, geography: str, years: int) -> pd.Series:
        """Residents by area code so many years after the base year, with the homes built by then.

        Raises
        ------
        MissingDataError
            When no development sites are loaded, or people per home are open and nothing says them.
        """
        if years == 0:
            return self.population(geography)
        return self._once(("population_in", geography, years), lambda: self._population_in(geography, years))

    def _population_in(self, geography: str, years: int) -> pd.Series:
        sites = self.sites()
        size = self.household_size()
        average = float("nan") if size is None else size.people
        people = people_to_come(sites, self.base_year(geography), years, average)
        codes = self.outlines(geography).index
        return self.population(geography) + people_added(people, self._area_of_sites(geography), codes)

    def _area_of_sites(self, geography: str) -> pd.Series:
        return self._once(
            ("area_of_sites", geography), lambda: area_of_sites(self.sites(), self.outlines(geography))
        )

    def growth_table(self, geography: str) -> pd.DataFrame:
        """Residents by area (rows) in 0, 5, 10 and 15 years from the base year (columns, as numbers).

        Raises
        ------
        MissingDataError
            As `population_in`.
        """
        return pd.DataFrame({years: self.population_in(geography, years) for years in HORIZONS})

    def growth_words(self, geography: str) -> str:
        """How residents in future years are worked out, in sentences to stand beside them.

        Raises
        ------
        MissingDataError
            When no development sites are loaded.
        """
        sites, base = self.sites(), self.base_year(geography)
        n_open = int(sites["people_per_home"].isna().sum())
        parts = [f"Counted from {base}, the year of the population figures: {MEANING}."]
        size = self.household_size()
        if n_open and size is not None:
            parts.append(
                f"{n_open} of {len(sites)} sites leave people per home open and take the authority's "
                f"average, {size.people:.2f}: {size.source}."
            )
        before = sites[[c for c, year in year_columns(sites).items() if year <= base]].to_numpy().sum()
        if before:
            parts.append(f"{before:,.0f} homes of {base} and before are taken to be lived in already.")
        late = float(homes_built(sites, base + HORIZONS[-1], 200).sum())
        if late:
            parts.append(
                f"{late:,.0f} homes come after {base + HORIZONS[-1]} and are in none of these years."
            )
        lost = self._area_of_sites(geography).isna()
        if lost.any():
            names = sites.loc[lost.to_numpy(), "site_name"].astype(str).tolist()
            plural = geography_record(geography).plural
            parts.append(f"Not counted, for lying in none of the {plural}: {names_in_words(names)}.")
        return " ".join(parts)

    def evaluate_in(
        self, option: FootprintOption, years: int, target: float | None = None, tolerance: float = 0.10
    ) -> Evaluation:
        """Measures of an option with the residents of a future year, against the same target.

        Raises
        ------
        MissingDataError
            As `population_in`.
        """
        people = self.population_in(option.geography, years)
        return evaluate_option(
            option,
            self.areas(option.geography).assign(population=people),
            self.topology(option.geography),
            target=float(target or self.target_population),
            tolerance=tolerance,
        )

    def future(
        self, option: FootprintOption, target: float | None = None, tolerance: float = 0.10
    ) -> list[dict[str, object]]:
        """The option in each of 0, 5, 10 and 15 years, as plain values; empty without development sites.

        Keys of each: years, year, residents, target, grown_target (the target grown as the whole has),
        footprints (footprint_id, footprint_name, population, deviation_from_target, added), max_deviation,
        max_deviation_from_grown_target, n_violations.

        Raises
        ------
        MissingDataError
            When people per home are open and nothing says them.
        """
        if not self.has_sites:
            return []
        return [
            self._in_year(option, years, float(target or self.target_population), tolerance)
            for years in HORIZONS
        ]

    def future_json(
        self, option: FootprintOption, target: float | None = None, tolerance: float = 0.10
    ) -> dict[str, object]:
        """`future` and how it is worked out (`future_note`), or what is missing; no key without sites."""
        if not self.has_sites:
            return {}
        try:
            years = self.future(option, target, tolerance)
        except MissingDataError as fault:
            return {"future": [], "future_note": fault.message}
        return {"future": years, "future_note": self.growth_words(option.geography)}

    def _in_year(
        self, option: FootprintOption, years: int, target: float, tolerance: float
    ) -> dict[str, object]:
        evaluation = self.evaluate_in(option, years, target, tolerance)
        now = self.evaluate_in(option, 0, target, tolerance).footprints["population"].to_numpy(dtype=float)
        people = evaluation.footprints["population"].to_numpy(dtype=float)
        residents = float(self.population_in(option.geography, years).sum())
        grown = target * residents / float(self.population(option.geography).sum())
        rows: list[Mapping[str, object]] = [
            {
                "footprint_id": row["footprint_id"],
                "footprint_name": row["footprint_name"],
                "population": row["population"],
                "deviation_from_target": row["deviation_from_target"],
                "added": float(people[i] - now[i]),
            }
            for i, row in enumerate(evaluation.footprints.to_dict("records"))
        ]
        return {
            "years": years,
            "year": self.base_year(option.geography) + years,
            "residents": residents,
            "target": target,
            "grown_target": grown,
            "footprints": rows,
            "max_deviation": evaluation.option["max_deviation"],
            "max_deviation_from_grown_target": float(np.abs(people / grown - 1).max())
            if len(people)
            else None,
            "n_violations": len(evaluation.violations),
        }
