"""One workspace, joined up: areas, figures, fits and options, each computed once.

The pages and the command line both call this and nothing deeper, so a figure on a page and the
same figure in a script cannot differ. A study is bound to one version of the workspace's data and
is never changed; after an import a new one is made. Options are read afresh, being few.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.geography import geography as geography_record
from geodata.option_table import option_version
from geodata.outline import outline_polygons
from geodata.source import SOURCES
from indicators.wording import table_words
from neighbourhoods.comparison.comparison import OptionComparison, compare_options
from neighbourhoods.measure.evaluate import Evaluation, evaluate_option
from neighbourhoods.need.need import NeedTable, need_table
from neighbourhoods.option.library import pinned_option_id
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.polygon import area_points
from neighbourhoods.option.version import OptionLine, VersionChange, option_lines, version_change
from neighbourhoods.partner.partnership import Partnership
from neighbourhoods.study.figure import assignment_key, names_key
from neighbourhoods.study.fitted import RESIDENTS, footprint_rows
from neighbourhoods.study.ground import FIT_SETTING, FITS, GEOGRAPHY_ORDER
from neighbourhoods.travel.straight_line import WALKING_KM_H, straight_line_minutes

Floats = NDArray[np.float64]

__all__ = ["FITS", "FIT_SETTING", "GEOGRAPHY_ORDER", "RESIDENTS", "Study"]


class Study(Partnership):
    """What one version of a workspace can answer; see also `Partnership`, `Outlook`, `Figures` and `Ground`.

    Parameters
    ----------
    store : Store
        The workspace.
    """

    def footprint_areas(self, option: FootprintOption) -> gpd.GeoDataFrame:
        """Outline polygons of an option's footprints, by footprint_id, for exports."""
        topology = self.topology(option.geography)
        ids, index = footprint_rows(option, topology.area_codes)
        polygons = outline_polygons(topology, index, len(ids))
        names = [option.footprint_name(i) for i in ids]
        frame = gpd.GeoDataFrame({"footprint_name": names}, geometry=list(polygons), crs=27700, index=ids)
        return cast(gpd.GeoDataFrame, frame.rename_axis("footprint_id"))

    def evaluate(
        self, option: FootprintOption, target: float | None = None, tolerance: float = 0.10
    ) -> Evaluation:
        """Measures of an option and what is broken in it."""
        wanted = float(target or self.target_population)
        key = ("evaluate", option.geography, assignment_key(option), names_key(option), wanted, tolerance)
        return self._once(key, lambda: self._evaluate(option, wanted, tolerance))

    def compare(self, first: FootprintOption, second: FootprintOption) -> OptionComparison:
        """Who changes footprint between two options, at the finer of their geographies."""
        geography = max((first.geography, second.geography), key=lambda g: len(self.outlines(g)))
        return compare_options(
            self.in_geography(first, geography),
            self.in_geography(second, geography),
            self.population(geography),
        )

    @property
    def as_now_id(self) -> str:
        """Id of the option version that is pinned as now; empty for none."""
        return self._once(
            ("options", "pin", option_version(self.store)), lambda: pinned_option_id(self.store)
        )

    def option_lines(self) -> tuple[OptionLine, ...]:
        """Saved options with all their versions, the one that was saved last first."""
        key = ("options", "lines", option_version(self.store))
        return self._once(key, lambda: option_lines(self.options(latest_only=False)))

    def find_option(self, given: str) -> FootprintOption | None:
        """A saved version by its id, or the newest version of the option with a name; None for neither."""
        lines = self.option_lines()
        by_id = [version for line in lines for version in line.versions if version.id == given]
        named = [line.newest for line in lines if line.name == given]
        return next(iter([*by_id, *named]), None)  # of two options with a name the one saved last

    def version_change(self, before: FootprintOption, after: FootprintOption) -> VersionChange:
        """What one version changed against another."""
        return version_change(before, after, self.compare(before, after))

    def sums_of_parts(self, option: FootprintOption, indicator_id: str) -> pd.DataFrame:
        """Rows of one indicator for footprints that are only worked with and never shown, by footprint id.

        Raises
        ------
        ValueError
            For a local and sensitive indicator: its small counts would not be hidden.
        """
        indicator = self.catalogue[indicator_id]
        if indicator.disclosure == "local_sensitive":
            raise ValueError(f"{indicator_id} is local and sensitive; its figures come from profile_option")

        def work() -> pd.DataFrame:
            rows = self._rows(self._option_target(option), {indicator_id: indicator}, "footprint_id")
            return rows[rows["footprint_id"] != self.authority_code].set_index("footprint_id")

        key = ("profile_option", "parts", option.geography, assignment_key(option), indicator_id)
        return self._once(key, work)

    def fit_codes(self, area_codes: Sequence[str], geography: str) -> frozenset[str]:
        """The areas of `geography` that hold, or are held by, some areas of any geography."""
        wanted = frozenset(area_codes)
        own = self.outlines(geography).index
        if wanted <= set(own):
            return wanted
        source = next(g for g in self.geographies if wanted <= set(self.outlines(g).index))
        target = self.fit(source, geography).assignment
        return frozenset(str(code) for code in target[target.index.isin(wanted)].dropna())

    def travel_minutes(self, geography: str, km_h: float = WALKING_KM_H) -> Floats:
        """Estimated minutes between areas (n_areas, n_areas), in the topology's order."""
        return self._once(("travel", geography, km_h), lambda: self._travel_minutes(geography, km_h))

    def _travel_minutes(self, geography: str, km_h: float) -> Floats:
        topology = self.topology(geography)
        points = area_points(self.outlines(geography), self.store.centroids(geography))[0]
        inner = pd.DataFrame(shapely.get_coordinates(points), index=self.outlines(geography).index)
        xy = inner.reindex(topology.area_codes).to_numpy(dtype=float)
        return straight_line_minutes(xy, topology.area_m2, km_h=km_h)

    def gap_words(self, indicator_id: str) -> str:
        """What is missing of an indicator at the geography that publishes it; empty for nothing."""
        indicator = self.catalogue[indicator_id]
        reached = self.coverage().get(indicator_id, {})
        if not reached:
            title = SOURCES[indicator.source_id].title
            tables = table_words(indicator)
            lacking_words = f"{tables} is not loaded" if tables else "no table of it is loaded"
            return indicator.waits_for or f"{lacking_words} ({title})"
        home = indicator.geography if indicator.geography in self.geographies else next(iter(reached))
        n_areas = len(self.outlines(home))
        lacking = n_areas - reached.get(home, 0)
        return f"{lacking} of {n_areas} {geography_record(home).plural} have no figure" if lacking else ""

    def source_lines(self, indicator_ids: Sequence[str] | None = None) -> list[str]:
        """Source and licence lines to stand under a page or inside an export."""
        if indicator_ids is None:
            used = {d.provenance.source_id for d in self.datasets}
        else:
            used = {self.catalogue[i].source_id for i in indicator_ids}
        sources = [SOURCES[source_id] for source_id in sorted(used)]
        lines = [f"{s.title}, {s.publisher}. {s.attribution}" for s in sources]
        made = f"{self.authority_name}; workspace version {self.version}; newest import {self.newest_import}."
        return [*lines, made]

    def source_sentence(self, indicator_ids: Sequence[str], geography: str = "") -> str:
        """One short source line for a page: publications, then each licence once."""
        used = {self.catalogue[i].source_id for i in indicator_ids}
        used |= {
            d.provenance.source_id for d in self.datasets if d.kind == "areas" and d.geography == geography
        }
        sources = [SOURCES[source_id] for source_id in sorted(used)]
        titles = "; ".join(f"{s.title} ({s.publisher})" for s in sources)
        licences = "; ".join(sorted({s.licence for s in sources}))
        maps = " Contains OS data © Crown copyright and database right." if geography else ""
        return f"Source: {titles}. Licence: {licences}.{maps}"

    def _evaluate(self, option: FootprintOption, target: float, tolerance: float) -> Evaluation:
        return evaluate_option(
            option,
            self.areas(option.geography),
            self.topology(option.geography),
            target=target,
            tolerance=tolerance,
            ward_by_area=self.wards(option.geography),
            need=self._once(("need", option.geography), lambda: self._need(option.geography)),
        )

    def _need(self, geography: str) -> NeedTable:
        """Indicators known for every area of a geography."""
        rows = self.profile(geography)
        rows = rows[rows["area_code"] != self.authority_code]
        return need_table(rows.assign(geography=geography, status=""), self.topology(geography).area_codes)
