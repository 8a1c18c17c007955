"""One workspace, joined up: areas, figures, fits and options, each computed once.

The pages and the command line both call this and nothing deeper, so a figure on a page and the
same figure in a script cannot differ. A study is bound to one version of the workspace's data and
is never changed; after an import a new one is made. Options are read afresh, being few.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import sparse

from geodata.errors import InputError, MissingDataError
from geodata.fit import Fit, Method, choose_fit
from geodata.geography import geography as geography_record
from geodata.option_table import list_custom_indicators, list_options, option_version
from geodata.outline import outline_polygons
from geodata.source import SOURCES
from geodata.store import Store
from geodata.topology import Topology, build_topology
from indicators.catalogue import CATALOGUE
from indicators.coverage import coverage_by_indicator
from indicators.indicator import Indicator
from indicators.observe import observe
from indicators.profile import profile_rows
from indicators.record import from_json
from indicators.target import Membership, Target
from neighbourhoods.evaluate import Evaluation, evaluate_option
from neighbourhoods.need import NeedTable, need_table
from neighbourhoods.option import FootprintOption
from neighbourhoods.option_comparison import OptionComparison, compare_options
from neighbourhoods.option_library import saved_option, saved_options

GEOGRAPHY_ORDER = ("ward", "lsoa21", "oa21", "msoa21", "lsoa11", "oa11", "msoa11", "synthetic")
RESIDENTS = "pop_total"
FIT_SETTING = "fit"
FITS: dict[str, str] = {
    "": "Published best-fit lookup, else population-weighted centroids",
    "best fit by centroid": "Best fit by population-weighted centroid",
    "by postcode": "Shared by where its postcodes lie (Code-Point Open)",
}
MEMO_LIMIT = 400
OF_OPTIONS = ("profile_option", "evaluate", "options")

T = TypeVar("T")


class Study:
    """What one version of a workspace can answer.

    Parameters
    ----------
    store : Store
        The workspace.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.version = store.version
        self.datasets = store.datasets()
        self._settings = store.settings()
        self._memo: dict[tuple[object, ...], object] = {}
        self._lock = threading.RLock()

    # -- what is loaded ---------------------------------------------------------------------

    @property
    def authority_code(self) -> str:
        """GSS code of the authority; empty before the first import."""
        return self._settings.get("authority_code", "")

    @property
    def authority_name(self) -> str:
        """Name of the authority, or its code."""
        return self._settings.get("authority_name") or self.authority_code or "No authority yet"

    @property
    def is_sample(self) -> bool:
        """Whether the workspace holds the embedded sample."""
        return self._settings.get("is_sample") == "yes"

    @property
    def target_population(self) -> int:
        """Residents wanted in each footprint."""
        return int(self._settings.get("target_population", "50000"))

    @property
    def n_kept(self) -> int:
        """How many results it holds that last: all but those of single options."""
        return sum(key[0] not in OF_OPTIONS for key in tuple(self._memo))

    @property
    def preferred_fit(self) -> Method | None:
        """How small areas are fitted to larger ones, if not by the published lookup."""
        wanted = self._settings.get(FIT_SETTING, "")
        return cast(Method, wanted) if wanted in FITS and wanted else None

    @property
    def newest_import(self) -> str:
        """Date of the newest import as a person says it; "never" for none."""
        dates = [d.provenance.retrieved for d in self.datasets if d.provenance.retrieved]
        if not dates:
            return "never"
        stamp = pd.Timestamp(max(dates))
        return f"{stamp.day} {stamp:%B %Y}"

    @property
    def geographies(self) -> tuple[str, ...]:
        """Kinds of area whose outlines are loaded, wards first; earlier wards last."""
        loaded = {d.geography for d in self.datasets if d.kind == "areas"} - {"lad"}
        known = [g for g in GEOGRAPHY_ORDER if g in loaded]
        return tuple(known + sorted(loaded - set(known)))

    @property
    def catalogue(self) -> Mapping[str, Indicator]:
        """Every indicator by id, the council's own at the end."""
        return self._once(("catalogue",), self._catalogue)

    # -- areas ------------------------------------------------------------------------------

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

    def places(self) -> gpd.GeoDataFrame:
        """Places of every kind."""
        return self._once(("places",), self.store.places)

    @property
    def place_kinds(self) -> frozenset[str]:
        """Kinds of place that are loaded."""
        return self._once(("place_kinds",), lambda: frozenset(map(str, self.places()["kind"].unique())))

    def topology(self, geography: str) -> Topology:
        """Shared arcs of a geography."""
        return self._once(("topology", geography), lambda: build_topology(self._outlines(geography)))

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

    def footprint_areas(self, option: FootprintOption) -> gpd.GeoDataFrame:
        """Outline polygons of an option's footprints, by footprint_id, for exports."""
        topology = self.topology(option.geography)
        ids, index = footprint_rows(option, topology.area_codes)
        polygons = outline_polygons(topology, index, len(ids))
        names = [option.footprint_name(i) for i in ids]
        frame = gpd.GeoDataFrame({"footprint_name": names}, geometry=list(polygons), crs=27700, index=ids)
        return cast(gpd.GeoDataFrame, frame.rename_axis("footprint_id"))

    # -- figures ----------------------------------------------------------------------------

    def observations(self) -> pd.DataFrame:
        """Numerators and denominators of every indicator at every geography that publishes it."""
        return self._once(("observations",), self._observations)

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
        key = ("profile_option", option.geography, _assignment_key(option), saved)
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
            observations = observe(self.store.cells(), self._sizes(), one)
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

    def evaluate(
        self, option: FootprintOption, target: float | None = None, tolerance: float = 0.10
    ) -> Evaluation:
        """Measures of an option and what is broken in it."""
        wanted = float(target or self.target_population)
        key = ("evaluate", option.geography, _assignment_key(option), _names_key(option), wanted, tolerance)
        return self._once(key, lambda: self._evaluate(option, wanted, tolerance))

    def compare(self, first: FootprintOption, second: FootprintOption) -> OptionComparison:
        """Who changes footprint between two options, at the finer of their geographies."""
        geography = max((first.geography, second.geography), key=lambda g: len(self._outlines(g)))
        return compare_options(
            self.in_geography(first, geography),
            self.in_geography(second, geography),
            self.population(geography),
        )

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

    def fit_codes(self, area_codes: Sequence[str], geography: str) -> frozenset[str]:
        """The areas of `geography` that hold, or are held by, some areas of any geography."""
        wanted = frozenset(area_codes)
        own = self._outlines(geography).index
        if wanted <= set(own):
            return wanted
        source = next(g for g in self.geographies if wanted <= set(self._outlines(g).index))
        target = self.fit(source, geography).assignment
        return frozenset(str(code) for code in target[target.index.isin(wanted)].dropna())

    # -- options ----------------------------------------------------------------------------

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

    # -- words ------------------------------------------------------------------------------

    def coverage(self) -> dict[str, dict[str, int]]:
        """Areas with a figure, by indicator and geography."""
        return self._once(("coverage",), self._coverage)

    def authority_value(self, indicator_id: str) -> float:
        """The authority's value of an indicator; NaN where it is not known."""
        for geography in self.geographies:
            rows = self.profile(geography)
            chosen = (rows["area_code"] == self.authority_code) & (rows["indicator_id"] == indicator_id)
            values = rows.loc[chosen, "value"].dropna()
            if len(values):
                return float(values.iloc[0])
        return float("nan")

    def gap_words(self, indicator_id: str) -> str:
        """What is missing of an indicator at the geography that publishes it; empty for nothing."""
        indicator = self.catalogue[indicator_id]
        reached = self.coverage().get(indicator_id, {})
        if not reached:
            return indicator.waits_for or f"no table of it is loaded ({SOURCES[indicator.source_id].title})"
        home = indicator.geography if indicator.geography in self.geographies else next(iter(reached))
        n_areas = len(self._outlines(home))
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

    def boundary_line(self, geography: str) -> str:
        """Licence line of a geography's outlines."""
        for dataset in self.datasets:
            if dataset.kind == "areas" and dataset.geography == geography:
                return SOURCES[dataset.provenance.source_id].attribution
        return ""

    # -- inside -----------------------------------------------------------------------------

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        with self._lock:
            if key not in self._memo:
                if len(self._memo) > MEMO_LIMIT:
                    self._forget_options()
                self._memo[key] = make()
            return cast(T, self._memo[key])

    def _forget_options(self) -> None:
        for key in [k for k in self._memo if k[0] in OF_OPTIONS]:
            del self._memo[key]

    def _catalogue(self) -> dict[str, Indicator]:
        own = [from_json(text) for text in list_custom_indicators(self.store)]
        return {**CATALOGUE, **{i.id: i for i in own}}

    def _outlines(self, geography: str) -> gpd.GeoDataFrame:
        areas = self._once(("outlines", geography), lambda: self.store.areas(geography))
        if areas is None:
            try:
                label = geography_record(geography).plural
            except KeyError as fault:
                loaded = ", ".join(self.geographies) or "none"
                raise InputError(
                    f"There is no kind of area called {geography!r}; loaded are {loaded}."
                ) from fault
            raise MissingDataError(f"No outlines of {label} are loaded; import a boundary file of them.")
        return areas

    def _areas(self, geography: str) -> gpd.GeoDataFrame:
        areas = self.counted(geography)
        if areas["population"].notna().any():
            return areas
        memberships = self._memberships(geography, modelled=True)
        target = Target(areas.index, memberships)
        rows = self._rows(target, {RESIDENTS: self.catalogue[RESIDENTS]})
        values = rows.drop_duplicates("area_code").set_index("area_code")["value"] if len(rows) else None
        if values is not None:
            areas["population"] = values.reindex(areas.index).to_numpy()
        return areas

    def counted(self, geography: str) -> gpd.GeoDataFrame:
        """Outlines with the residents that are published for these areas themselves, else as stored."""
        areas = self._outlines(geography).copy()
        known = self.observations()
        own = known[(known["geography"] == geography) & (known["indicator_id"] == RESIDENTS)]
        if len(own):
            areas["population"] = own.set_index("area_code")["numerator"].reindex(areas.index).to_numpy()
        return areas

    def _observations(self) -> pd.DataFrame:
        return observe(self.store.cells(), self._sizes(), self.catalogue)

    def _sizes(self) -> dict[str, pd.DataFrame]:
        return {g: pd.DataFrame({"km2": self._outlines(g).geometry.area / 1e6}) for g in self.geographies}

    def _memberships(self, geography: str, *, modelled: bool) -> dict[str, Membership]:
        """How the areas of every geography with figures count towards those of `geography`."""
        key = ("memberships", geography, modelled)
        return self._once(key, lambda: self._make_memberships(geography, modelled))

    def _make_memberships(self, geography: str, modelled: bool) -> dict[str, Membership]:
        found: dict[str, Membership] = {}
        for source in self.observations()["geography"].unique():
            if source == "lad":
                continue
            try:
                fit = self.fit(str(source), geography, modelled=modelled)
            except InputError:  # nothing joins them: its figures are not shown for these areas
                continue
            found[str(source)] = Membership(fit.matrix, fit.from_codes, fit.method, fit.straddling)
        return found

    def _geography_target(self, geography: str) -> Target:
        return Target(self._outlines(geography).index, self._memberships(geography, modelled=False))

    def _option_target(self, option: FootprintOption) -> Target:
        codes = self._outlines(option.geography).index
        ids, index = footprint_rows(option, codes)
        placed = np.flatnonzero(index >= 0)
        footprints = sparse.csr_array(
            (np.ones(len(placed)), (index[placed], placed)), shape=(len(ids), len(codes))
        )
        memberships = {
            source: Membership(sparse.csr_array(footprints @ m.matrix), m.from_codes, m.method)
            for source, m in self._memberships(option.geography, modelled=True).items()
        }
        return Target(ids, memberships)

    def _has_local_counts(self) -> bool:
        return any(one.disclosure == "local_sensitive" for one in self.catalogue.values())

    def _shown_before(self, view: FootprintOption | str) -> tuple[Target, ...]:
        """What readers may have beside this view: other kinds of area, then saved options, oldest first.

        Empty where no indicator is local and sensitive. A saved option is settled against the options
        saved before it; one that is not saved, against all.
        """
        if not self._has_local_counts():
            return ()
        if isinstance(view, str):
            before = self.geographies[: self.geographies.index(view)] if view in self.geographies else ()
            return tuple(self._geography_target(g) for g in before)
        targets = [self._geography_target(g) for g in self.geographies]
        seen = set()
        rows = list_options(self.store)
        for one in reversed([saved_option(self.store, str(row["id"])) for row in rows]):
            key = (one.geography, _assignment_key(one))
            if key == (view.geography, _assignment_key(view)):
                break
            if key not in seen and one.geography in self.geographies:
                seen.add(key)
                targets.append(self._option_target(one))
        return tuple(targets)

    def _rows(
        self,
        target: Target,
        catalogue: Mapping[str, Indicator],
        id_column: str = "area_code",
        *,
        earlier: Sequence[Target] = (),
    ) -> pd.DataFrame:
        return profile_rows(
            self.observations(),
            target,
            catalogue,
            authority_code=self.authority_code,
            id_column=id_column,
            earlier=earlier,
        )

    def _periods(self, indicator_id: str) -> tuple[str, ...]:
        indicator = self.catalogue[indicator_id]
        cells = self._once(("cells",), self.store.cells)
        if indicator.numerator.months or indicator.numerator.period:
            return ("",)
        own = cells["table"] == indicator.numerator.table
        periods = sorted(cells.loc[own, "period"].unique(), reverse=True)
        return tuple(str(p) for p in periods) or ("",)

    def _coverage(self) -> dict[str, dict[str, int]]:
        rows = {g: self.profile(g) for g in self.geographies}
        return coverage_by_indicator({g: r[r["area_code"] != self.authority_code] for g, r in rows.items()})

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

    def _wards(self, geography: str) -> pd.Series | None:
        if geography == "ward" or "ward" not in self.geographies:
            return None
        try:
            return self.fit(geography, "ward").assignment
        except InputError:  # no lookup and no centroids: split wards stay unknown
            return None

    def _need(self, geography: str) -> NeedTable:
        """Indicators known for every area of a geography."""
        rows = self.profile(geography)
        rows = rows[rows["area_code"] != self.authority_code]
        return need_table(rows.assign(geography=geography, status=""), self.topology(geography).area_codes)


class _Counted:
    """A study's store as the fits need it: outlines carry the residents that are published for them."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self.settings = study.store.settings
        self.lookup = study.store.lookup
        self.centroids = study.store.centroids
        self.postcodes = study.store.postcodes

    def areas(self, geography: str) -> gpd.GeoDataFrame | None:
        return self._study.counted(geography) if geography in self._study.geographies else None


def footprint_rows(option: FootprintOption, area_codes: pd.Index) -> tuple[pd.Index, np.ndarray]:
    """Footprint ids, and the position of each area's footprint among them; -1 where unassigned."""
    ids = pd.Index(option.footprint_ids, dtype=object, name="footprint_id")
    return ids, ids.get_indexer(pd.Index(option.footprint_by_area(area_codes).to_numpy(), dtype=object))


def _at_period(indicator: Indicator, period: str) -> Indicator:
    return replace(indicator, numerator=replace(indicator.numerator, period=period), vintage=period)


def _assignment_key(option: FootprintOption) -> int:
    return hash(frozenset(option.assignment.items()))


def _names_key(option: FootprintOption) -> int:
    return hash(frozenset(option.footprint_names.items()))
