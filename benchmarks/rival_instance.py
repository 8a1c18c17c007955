"""Areas to make footprints of: York's as the project imports them, the sample's wards, or made-up ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.synthetic_coverage import synthetic_areas
from geodata.importer import import_paths
from geodata.store import Store
from geodata.topology import Topology, build_topology
from geodata.workspace import open_workspace
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.town import Town
from neighbourhoods.study.study import Study

OUTPUT_AREAS, SMALL_AREAS = "oa11", "lsoa21"
YORK = ("ward", SMALL_AREAS, OUTPUT_AREAS)
N_FOR_YORK = 4
YORK_SIZES = (21, 121, 637)
NUMBERS = {3_200: 10, 35_000: 40}  # footprints of made-up areas


@dataclass(frozen=True, eq=False)
class Instance:
    """Areas with their people.

    Parameters
    ----------
    name : str
    topology : Topology
    people : float64 (n_areas,)
        In the topology's order.
    xy : float64 (n_areas, 2)
        A point in each area.
    note : str
        What is not as published; empty where all is.
    """

    name: str
    topology: Topology
    people: NDArray[np.float64]
    xy: NDArray[np.float64]
    note: str = ""

    @property
    def n_areas(self) -> int:
        """How many areas."""
        return len(self.people)

    def asked(self, n: int, tolerance: float) -> tuple[Problem, Town]:
        """To make `n` footprints of them."""
        target = float(self.people.sum()) / n
        first, second, _ = self.topology.pairs
        edges = tuple(zip(first.tolist(), second.tolist(), strict=True))
        problem = Problem(tuple(self.people.tolist()), edges, n, n, target, tolerance)
        return problem, Town(self.topology, self.people, target)


@contextmanager
def study_of(data: Path, ready: Path | None = None) -> Iterator[Study]:
    """A passing workspace: a copy of `ready`, else an import of `data`, else the sample."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "workspace"
        if ready is not None:
            copytree(ready, folder)
        elif data.is_dir():
            import_paths(Store(folder), [data])
        yield Study(open_workspace(folder))


def york_instances(study: Study, sizes: tuple[int, ...] = ()) -> Iterator[Instance]:
    """Wards, small areas and output areas, as far as they are loaded and their number is asked for."""
    geographies = study.geographies[:1] if study.is_sample else YORK
    for geography in geographies:
        areas = study.areas(geography)
        if sizes and len(areas) not in sizes:
            continue
        people, note = areas["population"], ""
        if people.isna().all():
            people, note = equal_shares(study, geography), "equal shares of their LSOA's residents"
        name = "The sample" if study.is_sample else "York"
        yield _instance(f"{name}, {geography}", study.topology(geography), areas, people, note)


def equal_shares(study: Study, geography: str) -> pd.Series:
    """Residents of areas that have none published: those of the small area each lies in, shared equally.

    To whole people; the first areas of each have one more.
    """
    holder = study.fit(geography, SMALL_AREAS).assignment
    residents = study.population(SMALL_AREAS).reindex(holder).to_numpy()
    place = holder.groupby(holder).cumcount().to_numpy()
    count = holder.groupby(holder).transform("size").to_numpy()
    return pd.Series(residents // count + (place < residents % count), index=holder.index)


def synthetic_instance(size: int) -> Instance:
    """So many made-up areas."""
    areas = synthetic_areas(size)
    return _instance("Made-up areas", build_topology(areas), areas, areas["population"], "")


def number_for(instance: Instance) -> int:
    """Footprints to make of an instance: York's have four, made-up areas some more."""
    known = [n for size, n in NUMBERS.items() if instance.n_areas >= size]
    return max(known, default=N_FOR_YORK)


def _instance(
    name: str, topology: Topology, areas: gpd.GeoDataFrame, people: pd.Series, note: str
) -> Instance:
    points = areas.geometry.representative_point().reindex(topology.area_codes)
    return Instance(
        name,
        topology,
        people.reindex(topology.area_codes).to_numpy(dtype=np.float64),
        np.column_stack([points.x, points.y]),
        note,
    )
