"""One workspace, joined up: areas, figures, fits and options, each computed once.

The pages and the command line both call this and nothing deeper, so a figure on a page and the
same figure in a script cannot differ. A study is bound to one version of the workspace and is
never changed; after an import a new one is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
from geodata.fit import Fit, choose_fit
from geodata.option_table import list_custom_indicators
from geodata.source import SOURCES
from geodata.store import Store
from geodata.topology import Topology, build_topology
from indicators.coverage import coverage_by_indicator
from indicators.custom import indicator_from_json
from indicators.observe import observe
from indicators.profile import Membership, Target, profile_rows
from scipy import sparse

from geodata.errors import InputError, MissingDataError
from geodata.geography import geography as geography_record
from indicators.catalogue import CATALOGUE
from indicators.indicator import Indicator
from neighbourhoods.evaluate import Evaluation, evaluate_option
from neighbourhoods.option import FootprintOption
from neighbourhoods.option_comparison import OptionComparison, compare_options

GEOGRAPHY_ORDER = ("ward", "lsoa21", "oa21", "msoa21", "lsoa11", "oa11", "msoa11", "synthetic")
RESIDENTS = "residents"

T = TypeVar("T")


class Study:
    """What one version of a workspace can answer.

    Parameters
    ----------
    store : Store
        The workspace.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.version = store.version
        self._settings = store.settings()
        self.datasets = store.datasets()
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
    def n_datasets(self) -> int:
        """How many tables the workspace holds."""
        return len(self.datasets)

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
        """Kinds of area whose outlines are loaded, wards first."""
        loaded = {d.geography for d in self.datasets if d.kind == "areas"}
        known = [g for g in GEOGRAPHY_ORDER if g in loaded]
        return tuple(known + sorted(loaded - set(known)))

    @property
    def catalogue(self) -> Mapping[str, Indicator]:
        """Every indicator by id, the council's own at the end."""
        return self._once(("catalogue",), self._catalogue)

    # -- areas ------------------------------------------------------------------------------

    def areas(self, geography: str) -> pd.DataFrame:
        """The areas frame of a geography with its populations.

        Raises
        ------
        MissingDataError
            When no outlines of that geography are loaded.
        """
        return self._once(("areas", geography), lambda: self._areas(geography))

    def population(self, geography: str) -> pd.Series:
        """Residents by area; NaN where no table says."""
        return self.areas(geography)["population"]

    def topology(self, geography: str) -> Topology:
        """Shared arcs of a geography."""
        return self._once(("topology", geography), lambda: build_topology(self._outlines(geography)))

    def fit(self, from_geography: str, to_geography: str) -> Fit:
        """How areas of one geography are counted towards those of another."""
        return self._once(
            ("fit", from_geography, to_geography),
            lambda: choose_fit(self._store, from_geography, to_geography),
        )

    # -- figures ----------------------------------------------------------------------------

    def observations(self) -> pd.DataFrame:
        """Numerators and denominators of every indicator at every geography that publishes it."""
        return self._once(("observations",), self._observations)

    def profile(self, geography: str) -> pd.DataFrame:
        """Rows of figures for every area of a geography and for the authority."""
        return self._once(("profile", geography), lambda: self._profile_geography(geography))

    def profile_option(self, option: FootprintOption) -> pd.DataFrame:
        """Rows of figures for every footprint of an option and for the authority."""
        key = ("profile_option", option.geography, _assignment_key(option))
        return self._once(key, lambda: self._profile_option(option))

    def evaluate(
        self, option: FootprintOption, target: float | None = None, tolerance: float = 0.10
    ) -> Evaluation:
        """Measures of an option and what is broken in it."""
        wanted = float(target or self.target_population)
        key = ("evaluate", option.geography, _assignment_key(option), _names_key(option), wanted, tolerance)
        return self._once(key, lambda: self._evaluate(option, wanted, tolerance))

    def compare(self, first: FootprintOption, second: FootprintOption) -> OptionComparison:
        """Who changes footprint between two options of the same or different geographies."""
        geography = self._common_geography(first, second)
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
        best = np.asarray(fit.matrix.argmax(axis=0)).ravel()
        targets = (str(fit.to_codes[row]) for row in best)
        assignment = {
            str(code): option.assignment[target]
            for code, target in zip(fit.from_codes, targets, strict=True)
            if target in option.assignment
        }
        return option.with_changes(geography=geography, assignment=assignment)

    # -- words ------------------------------------------------------------------------------

    def coverage(self) -> dict[str, dict[str, int]]:
        """Areas with a figure, by indicator and geography; modelled figures do not count."""
        return self._once(("coverage",), self._coverage)

    def authority_row(self, indicator_id: str) -> pd.Series | None:
        """The authority's own row of figures for an indicator; None where there is none."""
        for geography in self.geographies:
            rows = self.profile(geography)
            rows = rows[(rows["area_code"] == self.authority_code) & (rows["indicator_id"] == indicator_id)]
            if len(rows) and not np.isnan(rows["value"].iloc[0]):
                return rows.iloc[0]
        return None

    def authority_value(self, indicator_id: str) -> float:
        """The authority's value of an indicator; NaN where it is not known."""
        row = self.authority_row(indicator_id)
        return float("nan") if row is None else float(row["value"])

    def gap_words(self, indicator_id: str) -> str:
        """What is missing of an indicator at the geography that publishes it; empty for nothing."""
        indicator = self.catalogue[indicator_id]
        reached = self.coverage().get(indicator_id, {})
        if not reached:
            return indicator.waits_for or f"no table of it is loaded ({SOURCES[indicator.source_id].title})"
        home = indicator.geography if indicator.geography in self.geographies else next(iter(reached))
        codes = self._outlines(home).index if home in self.geographies else pd.Index([])
        lacking = len(codes) - reached.get(home, 0)
        if lacking <= 0:
            return ""
        return f"{lacking} of {len(codes)} {geography_record(home).plural} have no figure"

    def source_lines(self, indicator_ids: Sequence[str] | None = None) -> list[str]:
        """Source and licence lines to stand under a page or inside an export."""
        if indicator_ids is None:
            used = {d.provenance.source_id for d in self.datasets}
        else:
            used = {self.catalogue[i].source_id for i in indicator_ids}
        lines = [
            f"{SOURCES[s].title}, {SOURCES[s].publisher}. {SOURCES[s].attribution}" for s in sorted(used)
        ]
        made = f"{self.authority_name}; workspace version {self.version}; data imported {self.newest_import}."
        return [*lines, made]

    # -- inside -----------------------------------------------------------------------------

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        with self._lock:
            if key not in self._memo:
                if len(self._memo) > 400:
                    self._forget_options()
                self._memo[key] = make()
            return self._memo[key]  # type: ignore[return-value]

    def _forget_options(self) -> None:
        for key in [k for k in self._memo if k[0] in ("profile_option", "evaluate")]:
            del self._memo[key]

    def _catalogue(self) -> dict[str, Indicator]:
        own = [indicator_from_json(text) for text in list_custom_indicators(self._store)]
        return {**CATALOGUE, **{i.id: i for i in own}}

    def _outlines(self, geography: str) -> pd.DataFrame:
        areas = self._once(("outlines", geography), lambda: self._store.areas(geography))
        if areas is None:
            label = geography_record(geography).plural
            raise MissingDataError(f"No outlines of {label} are loaded; import a boundary file of them.")
        return areas

    def _areas(self, geography: str) -> pd.DataFrame:
        areas = self._outlines(geography).copy()
        areas["population"] = self._residents(geography).reindex(areas.index).to_numpy()
        return areas

    def _residents(self, geography: str) -> pd.Series:
        rows = self.profile(geography)
        rows = rows[(rows["indicator_id"] == RESIDENTS) & (rows["area_code"] != self.authority_code)]
        return rows.set_index("area_code")["value"]

    def _observations(self) -> pd.DataFrame:
        sizes = {g: pd.DataFrame({"km2": self._outlines(g).geometry.area / 1e6}) for g in self.geographies}
        return observe(self._store.cells(), sizes, self.catalogue)

    def _memberships(self, geography: str) -> dict[str, Membership]:
        """How the areas of every geography with figures count towards those of `geography`."""
        found: dict[str, Membership] = {}
        for source in self.observations()["geography"].unique():
            fit = self._fit_or_none(str(source), geography)
            if fit is not None:
                found[str(source)] = Membership(fit.matrix, fit.from_codes, fit.method, fit.straddling)
        return found

    def _fit_or_none(self, source: str, geography: str) -> Fit | None:
        """How `source` counts towards `geography`, modelled where it is the coarser; None for no way."""
        try:
            return self.fit(source, geography)
        except InputError:
            pass
        try:
            return fit_modelled(self.fit(geography, source), self._weights(geography))
        except InputError:
            return None

    def _profile_geography(self, geography: str) -> pd.DataFrame:
        codes = self._outlines(geography).index
        target = Target(codes, self._memberships(geography))
        return profile_rows(self.observations(), target, self.catalogue, authority_code=self.authority_code)

    def _profile_option(self, option: FootprintOption) -> pd.DataFrame:
        codes = self._outlines(option.geography).index
        ids = pd.Index(option.footprint_ids, dtype=object)
        rows = ids.get_indexer(option.footprint_by_area(codes).to_numpy())
        placed = np.flatnonzero(rows >= 0)
        footprints = sparse.csr_array(
            (np.ones(len(placed)), (rows[placed], placed)), shape=(len(ids), len(codes))
        )
        memberships = {
            source: Membership(footprints @ m.matrix, m.from_codes, m.method, None)
            for source, m in self._memberships(option.geography).items()
        }
        return profile_rows(
            self.observations(),
            Target(ids, memberships),
            self.catalogue,
            authority_code=self.authority_code,
            id_column="footprint_id",
        )

    def _evaluate(self, option: FootprintOption, target: float, tolerance: float) -> Evaluation:
        return evaluate_option(
            option,
            self.areas(option.geography),
            self.topology(option.geography),
            target=target,
            tolerance=tolerance,
        )

    def _common_geography(self, first: FootprintOption, second: FootprintOption) -> str:
        if first.geography == second.geography:
            return first.geography
        sizes = {g: len(self._outlines(g)) for g in (first.geography, second.geography)}
        return max(sizes, key=lambda g: sizes[g])


def _assignment_key(option: FootprintOption) -> int:
    return hash(frozenset(option.assignment.items()))


def _names_key(option: FootprintOption) -> int:
    return hash(frozenset(option.footprint_names.items()))


__all__: Sequence[str] = ("GEOGRAPHY_ORDER", "RESIDENTS", "Study")
