"""How long it takes to weigh one option: measures, faults and 45 indicators, against geopandas.

    python -m benchmarks.evaluate [FOLDER]

FOLDER holds York's published files (default ../shared/data/york); without it only synthetic areas are
timed. Every time is the median of repeated runs in one process; "processor" leaves out the time in which
other programs had the core. "geopandas" is a dissolve by footprint and
a groupby of the same columns, which gives outlines and sums but no neighbours, holes or faults.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks.synthetic_coverage import synthetic_areas
from geodata.adjacency import adjacency
from geodata.arc import build_arcs
from geodata.geometry_file import geometry_bytes
from geodata.hole import holes
from geodata.outline import bounding_radius_m, outline_polygons, outlines, perimeter_m
from geodata.topology import Topology, build_topology
from indicators.aggregate import aggregate
from neighbourhoods.measure.evaluate import evaluate_option, footprint_index, membership
from neighbourhoods.measure.measure import polsby_popper
from neighbourhoods.need.need import NeedTable
from neighbourhoods.option.option import FootprintOption

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "york"
REAL = (("ward_E06000014", "WD25CD"), ("lsoa21_E06000014", "LSOA21CD"), ("oa11_E06000014", "OA11CD"))
SYNTHETIC = (3_200, 35_000)
N_INDICATORS = 45
TARGETS_MS = {3_200: 5.0, 35_000: 50.0}


def median_ms(
    work: Callable[[], object],
    budget_s: float = 1.5,
    least: int = 3,
    most: int = 60,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Median time of a call in milliseconds, repeated within a budget, after one call to warm up."""
    work()
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < least or (time.perf_counter() - began < budget_s and len(times) < most):
        start = clock()
        work()
        times.append(clock() - start)
    return 1_000 * statistics.median(times)


def real_areas(folder: Path) -> list[tuple[str, gpd.GeoDataFrame]]:
    """York's published areas with made-up populations; none where the folder is absent."""
    found = []
    for name, code in REAL:
        path = folder / "boundaries" / f"{name}.geojson"
        if path.is_file():
            frame = gpd.read_file(path).to_crs(27700)[[code, "geometry"]]
            frame = frame.rename(columns={code: "area_code"}).set_index("area_code")
            frame["geometry"] = frame.geometry.make_valid()
            frame["area_name"] = frame.index
            frame["population"] = np.random.default_rng(1).integers(200, 500, len(frame)).astype(float)
            found.append((f"York, {name.split('_')[0]}", frame))
    return found


def arcs_and_pairs(areas: gpd.GeoDataFrame, topology: Topology) -> object:
    """Neighbours and their border lengths by hashing segments, without checking or cleaning outlines."""
    arcs = build_arcs(np.asarray(areas.geometry.array, dtype=object))
    return replace(topology, **vars(arcs)).pairs


def compact_option(areas: gpd.GeoDataFrame, n_footprints: int) -> FootprintOption:
    """Compact footprints of equal numbers of areas, by halving along the longer side again and again."""
    points = areas.geometry.representative_point()
    xy = np.stack([points.x, points.y], axis=1)
    label = np.zeros(len(areas), dtype=int)

    def halve(rows: np.ndarray, first: int, k: int) -> None:
        if k == 1:
            label[rows] = first
            return
        axis = int(np.argmax(np.ptp(xy[rows], axis=0)))
        order = rows[np.argsort(xy[rows, axis], kind="stable")]
        cut = len(rows) * (k // 2) // k
        halve(order[:cut], first, k // 2)
        halve(order[cut:], first + k // 2, k - k // 2)

    halve(np.arange(len(areas)), 0, n_footprints)
    assignment = {str(c): f"F{i}" for c, i in zip(areas.index, label.tolist(), strict=True)}
    return FootprintOption("", "benchmark", "synthetic", assignment)


def measure_one(name: str, areas: gpd.GeoDataFrame) -> dict[str, object]:
    """One row of the table."""
    k = max(4, len(areas) // 30)
    rng = np.random.default_rng(2)
    topology = build_topology(areas)
    option = compact_option(areas, k)
    index = footprint_index(option, topology)
    denominator = rng.integers(500, 1_500, (len(areas), N_INDICATORS)).astype(float)
    numerator = np.floor(denominator * rng.uniform(0.02, 0.3, denominator.shape))
    need = NeedTable(areas.index, tuple(f"i{i}" for i in range(N_INDICATORS)), numerator, denominator)
    whole = membership(index, k)
    footprint = pd.Series([option.assignment[str(c)] for c in areas.index], index=areas.index)
    land = topology.area_m2[:k]
    columns = pd.DataFrame(need.sums, index=areas.index)

    def with_geopandas() -> object:
        union = areas[["geometry"]].dissolve(by=footprint.to_numpy())
        return union.length, union.area, columns.groupby(footprint).sum()

    def with_arcs() -> object:
        return evaluate_option(option, areas, topology, need=need)

    evaluation = median_ms(with_arcs)
    plain = median_ms(with_geopandas, budget_s=0.5, least=1 if len(areas) > 10_000 else 3)
    return {
        "areas": f"{name} ({len(areas):,})",
        "footprints": k,
        "evaluate": evaluation,
        "evaluate, processor": median_ms(with_arcs, clock=time.process_time),
        "target": TARGETS_MS.get(len(areas), np.nan),
        "geopandas": plain,
        "times faster": plain / evaluation,
        "aggregate()": median_ms(lambda: aggregate(whole, numerator, denominator)),
        "Polsby-Popper": median_ms(lambda: polsby_popper(land, perimeter_m(topology, index, k))),
        "holes": median_ms(lambda: holes(topology, index, k)),
        "circles": median_ms(lambda: bounding_radius_m(topology, index, k)),
        "lines": median_ms(lambda: outlines(topology, index, k)),
        "polygons": median_ms(lambda: outline_polygons(topology, index, k)),
        "arcs and pairs": median_ms(lambda: arcs_and_pairs(areas, topology)),
        "topology": median_ms(lambda: build_topology(areas)),
        "adjacency": median_ms(lambda: adjacency(build_topology(areas)), budget_s=0.5),
        "file kB": len(geometry_bytes(areas, topology)) / 1_000,
    }


def main() -> None:
    """Print the table, times in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    sets = real_areas(parser.parse_args().folder)
    sets += [("synthetic", synthetic_areas(n)) for n in SYNTHETIC]
    rows = pd.DataFrame([measure_one(name, areas) for name, areas in sets]).set_index("areas")
    print(f"Medians in milliseconds; {N_INDICATORS} indicators; 'target' is for 'evaluate'.")
    print(rows.T.to_string(float_format=lambda v: f"{v:,.2f}", na_rep=""))


if __name__ == "__main__":
    main()
