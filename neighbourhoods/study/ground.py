"""The ground of a study: one version of a workspace, its outlines and shared arcs, each read once."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Self, TypeVar, cast

import geopandas as gpd
import pandas as pd

from geodata.dataset import Dataset
from geodata.errors import InputError, MissingDataError
from geodata.fit import Method
from geodata.geography import geography as geography_record
from geodata.layouts.road import KIND as ROADS
from geodata.layouts.road import SOURCE_IDS as ROAD_SOURCES
from geodata.link_table import list_link_rows, n_link_changes
from geodata.register_table import list_place_changes, n_place_changes, same_figures_since
from geodata.source import SOURCES
from geodata.store import Store
from geodata.street_graph import StreetGraph, build_graph
from geodata.topology import Topology, build_topology
from neighbourhoods.register.change import PlaceChange, applied, joined_twins, with_hours
from neighbourhoods.study.link import Links, with_statements
from neighbourhoods.travel.street_network import StreetNetwork, street_network

GEOGRAPHY_ORDER = ("ward", "lsoa21", "oa21", "msoa21", "lsoa11", "oa11", "msoa11", "synthetic")
FIT_SETTING = "fit"
FITS: dict[str, str] = {
    "": "Published best-fit lookup, else population-weighted centroids",
    "best fit by centroid": "Best fit by population-weighted centroid",
    "by postcode": "Shared by where its postcodes lie (Code-Point Open)",
}
MEMO_LIMIT = 400
WITHOUT_FIT = (
    "outlines",
    "topology",
    "links",
    "places",
    "imported_places",
    "place_changes",
    "place_kinds",
    "streets",
    "catalogue",
    "cells",
    "observations",
    "options",
)
OF_FIGURES = (  # what no change of a place can alter
    "outlines",
    "topology",
    "lookup",
    "centroids",
    "centres",
    "postcodes",
    "streets",
    "kept",
    "imported_places",
    "catalogue",
    "cells",
    "observations",
    "observed",
    "areas",
    "counted",
    "fit",
    "wards",
    "profile",
    "memberships",
    "periods",
    "coverage",
    "filled",
    "need",
    "travel",
    "household_size",
    "population_in",
    "sites",
    "area_of_sites",
)
OF_OPTIONS = ("profile_option", "evaluate", "options", "partner_fit")

T = TypeVar("T")


class Ground:
    """What one version of a workspace holds.

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

    def figures_changed_since(self, version: int) -> bool:
        """Whether anything but places was written after that version of the workspace."""
        low, high = sorted((version, self.version))
        return n_place_changes(self.store, low, high) != high - low

    @property
    def same_figures_since(self) -> int:
        """The first version of the workspace with the figures of this one: only places changed since."""
        return self._once(("same_figures",), lambda: same_figures_since(self.store, self.version))

    def renewed(self) -> Self:
        """The study of the workspace as it stands now.

        It keeps all figures when only places have changed or people spoke of links; shared arcs too, and the
        links over them while nobody spoke of any.
        """
        new = type(self)(self.store)
        low, high = sorted((self.version, new.version))
        n_links = n_link_changes(self.store, low, high)
        if n_place_changes(self.store, low, high) + n_links == high - low:
            lasting = OF_FIGURES if n_links else (*OF_FIGURES, "links")
            with self._lock:
                new._memo = {key: value for key, value in self._memo.items() if key[0] in lasting}
        return new

    def fitted(self, fit: str) -> Self:
        """The same version of the workspace with its areas fitted another way; nothing is written.

        Parameters
        ----------
        fit : str
            One of `FITS`.
        """
        return self._once(("fitted", fit), lambda: self._fitted(fit))

    def _fitted(self, fit: str) -> Self:
        view = copy.copy(self)
        view._settings = {**self._settings, FIT_SETTING: fit}
        view._memo = {key: value for key, value in self._memo.items() if key[0] in WITHOUT_FIT}
        view._lock = threading.RLock()
        return view

    def holds(self, *key: object) -> bool:
        """Whether something has been worked out already: ("coverage",), ("profile", "ward")..."""
        return key in self._memo

    def outlines(self, geography: str) -> gpd.GeoDataFrame:
        """The areas as they are stored, of any geography that is loaded.

        Raises
        ------
        MissingDataError
            When no outlines of that geography are loaded.
        """
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

    def topology(self, geography: str) -> Topology:
        """Shared arcs of a geography, and the links that are in force."""
        return self.links(geography).topology

    def links(self, geography: str) -> Links:
        """Which areas count as neighbours without a border, and what people said of that."""
        return self._once(("links", geography), lambda: self._links(geography))

    def _links(self, geography: str) -> Links:
        arcs = self._once(("topology", geography), lambda: build_topology(self.outlines(geography)))
        rows = list_link_rows(self.store, geography)
        return with_statements(arcs, [row for row in rows if cast(int, row["version"]) <= self.version])

    def lookup(self, from_geography: str, to_geography: str) -> pd.DataFrame | None:
        """The published lookup between two kinds of area; None when none is loaded."""
        return self._once(
            ("lookup", from_geography, to_geography), lambda: self.store.lookup(from_geography, to_geography)
        )

    def centroids(self, geography: str) -> pd.DataFrame | None:
        """Population-weighted centroids of a geography; None when none are loaded."""
        return self._once(("centroids", geography), lambda: self.store.centroids(geography))

    def postcodes(self) -> pd.DataFrame | None:
        """Postcodes with their points and wards; None when none are loaded."""
        return self._once(("postcodes",), self.store.postcodes)

    def places(self) -> gpd.GeoDataFrame:
        """Places of every kind, as they were imported and then changed by people; all columns are there."""
        return self._once(("places",), lambda: applied(self.imported_places(), self.place_changes()))

    def imported_places(self) -> gpd.GeoDataFrame:
        """Places of every kind, as they were imported."""
        return self._once(("imported_places",), self._imported_places)

    def _imported_places(self) -> gpd.GeoDataFrame:
        return with_hours(joined_twins(self.store.places()), self.store.place_hours())

    def place_changes(self) -> tuple[PlaceChange, ...]:
        """What people changed in the register of this authority's places, first first."""
        return self._once(("place_changes",), self._place_changes)

    def _place_changes(self) -> tuple[PlaceChange, ...]:
        rows = list_place_changes(self.store, self.authority_code)
        known = [PlaceChange(**row) for row in rows]  # type: ignore[arg-type]
        return tuple(one for one in known if one.version <= self.version)

    @property
    def place_kinds(self) -> frozenset[str]:
        """Kinds of place that are loaded."""
        return self._once(("place_kinds",), lambda: frozenset(map(str, self.places()["kind"].unique())))

    @property
    def roads(self) -> Dataset | None:
        """The road lines that are travelled on, OpenStreetMap's first; None when none are loaded."""
        loaded = {d.provenance.source_id: d for d in self.datasets if d.kind == ROADS}
        return next((loaded[source_id] for source_id in ROAD_SOURCES if source_id in loaded), None)

    def street_network(self, mode: str) -> StreetNetwork:
        """The streets that a way of travelling may use.

        Raises
        ------
        MissingDataError
            When no roads are loaded.
        """
        return self._once(("streets", mode), lambda: street_network(*self._graph(), mode))

    def _graph(self) -> tuple[StreetGraph, pd.DataFrame]:
        """All roads as a graph, and the columns of their lines."""
        roads = self.roads
        if roads is None:
            raise MissingDataError("No roads are loaded; import an OpenStreetMap extract or OS Open Roads.")
        dataset_id = roads.id

        def work() -> tuple[StreetGraph, pd.DataFrame]:
            lines = cast(gpd.GeoDataFrame, self.store.read(dataset_id))
            return build_graph(lines.geometry.to_numpy()), pd.DataFrame(lines.drop(columns="geometry"))

        return self._once(("streets", "graph"), work)

    def boundary_line(self, geography: str) -> str:
        """Licence line of a geography's outlines."""
        for dataset in self.datasets:
            if dataset.kind == "areas" and dataset.geography == geography:
                return SOURCES[dataset.provenance.source_id].attribution
        return ""

    def kept(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What others have worked out under a key from areas and figures (never from places), or do now."""
        return self._once(("kept", *key), make)

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
