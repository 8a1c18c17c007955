"""Measures of footprints and of whole options, by their published names.

Each is a literal record and a plain function of arrays. `footprint_index` gives for each area, in the
topology's order, the number of its footprint from 0, and -1 where it is unassigned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geodata.outline import half_arcs
from geodata.topology import Topology

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Measure:
    """What a measure is called, what it says and where its formula comes from."""

    id: str
    label: str
    definition: str
    formula_source: str
    unit: str
    level: Literal["footprint", "option"]
    version: str = "1"


_RECORDS = (
    Measure(
        "population",
        "Population",
        "People who live in the footprint's areas.",
        "Sum over areas.",
        "people",
        "footprint",
    ),
    Measure(
        "deviation_from_target",
        "Deviation from target",
        "How far the population is above or below the target, as a share of the target.",
        "(population - target) / target, as in electoral reviews (LGBCE, Technical guidance, 2021).",
        "share",
        "footprint",
    ),
    Measure(
        "contiguous",
        "In one piece",
        "Whether one can go from any area to any other inside the footprint, over borders or stated links.",
        "Connected components of the graph of neighbours.",
        "yes or no",
        "footprint",
    ),
    Measure(
        "holes",
        "Holes",
        "Stretches of other land that the footprint closes in on every side.",
        "Clockwise rings of the outline.",
        "number",
        "footprint",
    ),
    Measure(
        "polsby_popper",
        "Polsby-Popper compactness",
        "Size compared with a circle of the same outline length; 1 is a circle, near 0 is straggling.",
        "4 pi area / perimeter^2 (Polsby and Popper, Yale Law & Policy Review 9, 1991).",
        "0 to 1",
        "footprint",
    ),
    Measure(
        "reock",
        "Reock compactness",
        "Share of the smallest circle round the footprint that the footprint fills.",
        "area / area of the minimum bounding circle (Reock, Midwest Journal of Political Science 5, 1961).",
        "0 to 1",
        "footprint",
    ),
    Measure(
        "area_km2", "Size", "Land within the footprint's outline.", "Sum over areas.", "km2", "footprint"
    ),
    Measure(
        "perimeter_m",
        "Outline length",
        "Length of the footprint's outline, holes included.",
        "Sum over arcs whose two sides lie in different footprints.",
        "m",
        "footprint",
    ),
    Measure(
        "cut_edges",
        "Cut edges",
        "Pairs of areas that share a border and are in different footprints; fewer is more compact.",
        "Number of cut edges of the graph of areas (DeFord, Duchin and Solomon, Harvard Data Science "
        "Review 3.1, 2021).",
        "number",
        "option",
    ),
    Measure(
        "shared_border_m",
        "Border between footprints",
        "Length of border where one footprint meets another.",
        "Sum over arcs between two footprints.",
        "m",
        "option",
    ),
    Measure(
        "population_range",
        "Population range",
        "The largest footprint's population less the smallest's.",
        "Maximum less minimum.",
        "people",
        "option",
    ),
    Measure(
        "split_wards",
        "Split wards",
        "Wards whose areas lie in more than one footprint.",
        "Count of wards with areas in two or more footprints (the criterion of whole wards, LGBCE).",
        "number",
        "option",
    ),
    Measure(
        "need_spread",
        "Spread of need",
        "How far footprints lie from the whole authority, on average over the chosen indicators; scores that "
        "lie round nought are left out, for no share of them can be taken.",
        "Weighted standard deviation of the footprints' values over the authority's value.",
        "share",
        "option",
        version="2",
    ),
    Measure(
        "distinctiveness",
        "Distinctiveness",
        "Share of the variation between areas that lies between footprints: 0 when footprints are alike, "
        "1 when each is the same throughout.",
        "Eta squared, weighted by the people counted (Fisher, Statistical Methods for Research Workers).",
        "0 to 1",
        "option",
    ),
    Measure(
        "people_who_move",
        "People who change footprint",
        "People whose footprint in one option is not the one that best matches it in the other.",
        "Footprints matched for the largest overlap (Kuhn, Naval Research Logistics Quarterly 2, 1955).",
        "people",
        "option",
    ),
    Measure(
        "polsby_popper_mean",
        "Polsby-Popper compactness, mean",
        "Mean over footprints of size compared with a circle of the same outline length.",
        "Mean of 4 pi area / perimeter^2 (Polsby and Popper, Yale Law & Policy Review 9, 1991).",
        "0 to 1",
        "option",
    ),
    Measure(
        "max_deviation",
        "Largest deviation from target",
        "How far the footprint that is furthest from the target lies from it, as a share of the target.",
        "Largest |population - target| / target over footprints (LGBCE, Technical guidance, 2021).",
        "share",
        "option",
    ),
    Measure(
        "need_index_spread",
        "Spread of the need index",
        "How far footprints' need indices lie apart: 0 when all are alike in need; with z-scores 1 is a "
        "standard deviation between areas, with ranks a point of 100.",
        "Standard deviation over footprints, weighted by residents, of the need index of their sums.",
        "standard deviations (z-scores) or points of 100 (ranks)",
        "option",
    ),
    Measure(
        "need_index_distinctiveness",
        "Distinctiveness of the need index",
        "Share of the variation of need between areas that lies between footprints.",
        "Eta squared, weighted by residents (Fisher, Statistical Methods for Research Workers).",
        "0 to 1",
        "option",
    ),
    Measure(
        "people_outside_partner",
        "People outside the partner's area",
        "People whose footprint is led by another of the partner's areas than the one they live in.",
        "Residents less, for each footprint, those of the partner's area that most of them live in.",
        "people",
        "option",
    ),
    Measure(
        "travel_minutes_mean",
        "Minutes between residents",
        "How long it takes, on average, from one resident to another of the same footprint.",
        "Mean over residents of the mean over pairs; straight line x 1.3 at walking speed; inside one area "
        "128 r / 45 pi of a circle of its size (mean distance of two points in a disc).",
        "minutes",
        "option",
    ),
    Measure(
        "max_deviation_future",
        "Largest deviation from target in a future year",
        "The same as the largest deviation, with that year's people and a target grown as the whole has.",
        "Largest |population - target| / target over footprints, residents with the homes built by then.",
        "share",
        "option",
    ),
)
MEASURES: dict[str, Measure] = {record.id: record for record in _RECORDS}


def polsby_popper(area_m2: Floats, perimeter_m: Floats) -> Floats:
    """4 pi area / perimeter squared; NaN for a footprint without outline."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(perimeter_m > 0, 4 * np.pi * area_m2 / np.square(perimeter_m), np.nan)


def reock(area_m2: Floats, bounding_radius_m: Floats) -> Floats:
    """Area over that of the smallest circle round it; NaN for a footprint without areas."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(area_m2 / (np.pi * np.square(bounding_radius_m)))


def deviation_from_target(population: Floats, target: float) -> Floats:
    """(population - target) / target."""
    return np.asarray((population - target) / target)


def cut_edges(topology: Topology, footprint_index: Rows) -> int:
    """Pairs of areas with a shared border in two different footprints; unassigned areas do not count."""
    first, second, _ = topology.pairs
    a, b = footprint_index[first], footprint_index[second]
    return int(((a != b) & (a >= 0) & (b >= 0)).sum())


def split_wards(footprint_index: Rows, ward_index: Rows) -> int:
    """Wards with areas in more than one footprint.

    `ward_index` numbers each area's ward from 0; -1 where it has none. Unassigned areas do not count.
    """
    known = (footprint_index >= 0) & (ward_index >= 0)
    pairs = np.unique(np.stack([ward_index[known], footprint_index[known]]), axis=1)
    return int((np.bincount(pairs[0]) > 1).sum()) if pairs.size else 0


def neighbours_of(topology: Topology, footprint_index: Rows) -> set[tuple[int, int]]:
    """Pairs of footprints that share a border, each pair once, lower number first."""
    half = half_arcs(topology, footprint_index)
    inner = (half.other >= 0) & (half.owner < half.other)
    return set(zip(half.owner[inner].tolist(), half.other[inner].tolist(), strict=True))
