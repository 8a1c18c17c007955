"""From figures to what a map shows: classes, legend, words for each area, footprints, places."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer

from indicators.classify import Classes, classify
from indicators.comparison import judge
from indicators.indicator import Indicator
from neighbourhoods.comparison.comparison import OptionComparison
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map_state import (
    NO_DATA,
    SUPPRESSED,
    UNASSIGNED,
    Legend,
    LegendEntry,
    MapState,
    PlaceKind,
    Point,
    Tooltips,
)
from pages.components.count_circle import with_circles

SEQUENTIAL = {
    1: ("#5E9FD3",),
    2: ("#A9CBE8", "#2073BC"),
    3: ("#C6DDF0", "#5E9FD3", "#12436D"),
    4: ("#C6DDF0", "#7FB3DE", "#2E7CC0", "#12436D"),
    5: ("#DCE9F5", "#A9CBE8", "#5E9FD3", "#2073BC", "#12436D"),
}
FOOTPRINT_COLOURS = (
    "#12436D",
    "#28A197",
    "#801650",
    "#F46A25",
    "#3D3D3D",
    "#A285D1",
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LABEL_LENGTH = 14
PLACE_KINDS: dict[str, PlaceKind] = {
    kind.id: kind
    for kind in (
        PlaceKind("library", "Library", "square", "#801650"),
        PlaceKind("gp_surgery", "GP surgery", "cross", "#3D3D3D"),
        PlaceKind("school", "School", "triangle", "#C24A0C"),
        PlaceKind("pharmacy", "Pharmacy", "diamond", "#1B7F77"),
        PlaceKind("dentist", "Dentist", "pentagon", "#6B4FA3"),
        PlaceKind("clinic", "Clinic", "hexagon", "#12436D"),
        PlaceKind("hospital", "Hospital", "star", "#801650"),
        PlaceKind("bus_stop", "Bus stop", "circle", "#3D3D3D"),
        PlaceKind("venue", "Venue", "circle", "#C24A0C"),
    )
}

BASE_MAP = (
    "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "© OpenStreetMap contributors",
)

_TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)


def footprint_colours(n: int) -> tuple[str, ...]:
    """Colours by footprint position; beyond six they repeat, so labels stay the key."""
    return tuple(FOOTPRINT_COLOURS[i % len(FOOTPRINT_COLOURS)] for i in range(n))


def footprint_letter(position: int) -> str:
    """A, B, ... Z, AA, AB: the mark of a footprint on the map."""
    first, second = divmod(position, len(LETTERS))
    return (LETTERS[first - 1] if first else "") + LETTERS[second]


def footprint_labels(names: Sequence[str]) -> tuple[str, ...]:
    """What stands on the map for each footprint: its name, or a letter where one of the names is long."""
    if max(map(len, names), default=0) <= LABEL_LENGTH:
        return tuple(names)
    return tuple(map(footprint_letter, range(len(names))))


def letter_words(names: Sequence[str]) -> str:
    """The key to the letters, "A is Inner York, B is Outer York."; empty where names stand on the map."""
    labels = footprint_labels(names)
    if labels == tuple(names):
        return ""
    return "On the map " + ", ".join(f"{a} is {b}" for a, b in zip(labels, names, strict=True)) + "."


def class_labels(classes: Classes, indicator: Indicator) -> list[str]:
    """Words of each class: "4.2 to 5.1"."""
    limits = [words.number(v, indicator.decimals) for v in classes.limits]
    return [low if low == high else f"{low} to {high}" for low, high in pairwise(limits)]


def choropleth_state(
    study: Study,
    geography: str,
    rows: pd.DataFrame,
    indicator: Indicator,
    *,
    option: FootprintOption | None = None,
) -> MapState:
    """One indicator on the map: rates as colours, counts as circles.

    Parameters
    ----------
    rows : DataFrame
        Index area_code (or footprint_id with `option`); value, lower, upper, comparison, suppressed.
    option : FootprintOption, optional
        Colour each area by the figure of its footprint.
    """
    codes = study.topology(geography).area_codes
    authority = rows.loc[study.authority_code] if study.authority_code in rows.index else None
    units = rows.drop(index=study.authority_code, errors="ignore")
    classes = classify(units["value"].to_numpy(dtype=float))
    index_by_unit = pd.Series(classes.index, index=units.index)
    index_by_unit[units["suppressed"].to_numpy(dtype=bool)] = SUPPRESSED
    key = codes if option is None else pd.Index(option.footprint_by_area(codes).to_numpy())
    fills = index_by_unit.reindex(key).fillna(NO_DATA).to_numpy(dtype=int)
    entries = [LegendEntry(i, label) for i, label in enumerate(class_labels(classes, indicator))]
    if (fills == NO_DATA).any():
        entries.append(LegendEntry(NO_DATA, "No data"))
    if (fills == SUPPRESSED).any():
        entries.append(LegendEntry(SUPPRESSED, "Suppressed: small count"))
    legend = Legend(
        title=indicator.label,
        unit=f"{indicator.unit}, {_period(rows)}; {classes.method}",
        entries=tuple(entries),
        authority=_authority_mark(classes, authority, indicator, study.authority_name),
    )
    tips = units.apply(lambda r: _tip(indicator, r), axis=1).reindex(key).fillna("")
    compared = units["comparison"].map(lambda c: comparison_words(str(c), study.authority_name))
    footprints = footprint_parts(study, option) if option else {}
    state = MapState(
        palette=SEQUENTIAL[max(classes.n_classes, 1)],
        fill_by_area=tuple(int(v) for v in fills),
        legend=legend,
        tooltips=Tooltips(tuple(tips), tuple(compared.reindex(key).fillna(""))),
        **footprints,
    )
    return with_circles(state, units, key, indicator.decimals) if indicator.statistic == "count" else state


def footprint_map_state(study: Study, option: FootprintOption) -> MapState:
    """The footprints of an option in their colours, each with its letter."""
    residents = study.population(option.geography)
    codes = study.topology(option.geography).area_codes
    return MapState(
        tooltips=Tooltips(tuple(residents_words(v) for v in residents.reindex(codes))),
        **footprint_parts(study, option),
    )


def comparison_map_state(
    study: Study, option: FootprintOption, first: FootprintOption, comparison: OptionComparison | None
) -> MapState:
    """Footprints in the colours of the ones they match in `first`, hatched where areas change."""
    state = footprint_map_state(study, option)
    if comparison is None:
        return state
    match = {to: from_ for from_, to in comparison.matched.items()}
    position = {one: i for i, one in enumerate(first.footprint_ids)}
    spare = iter(range(len(position), len(position) + len(option.footprint_ids)))
    places = [position[match[i]] if i in match else next(spare) for i in option.footprint_ids]
    colours = footprint_colours(max(places, default=0) + 1)
    fine = study.fit_codes(comparison.areas_that_move, option.geography)
    codes = study.topology(option.geography).area_codes
    return replace(
        state,
        footprint_colours=tuple(colours[i] for i in places),
        differing=tuple(int(i) for i in np.flatnonzero(codes.isin(list(fine)))),
    )


def plain_map_state(study: Study, geography: str, *, selected: str | None = None) -> MapState:
    """Areas with no figure but their residents."""
    residents = study.population(geography).reindex(study.topology(geography).area_codes)
    return MapState(
        selected=selected,
        tooltips=Tooltips(tuple(residents_words(v) for v in residents)),
    )


def footprint_parts(study: Study, option: FootprintOption) -> dict[str, tuple]:
    """The fields of a map state that draw an option's footprints."""
    codes = study.topology(option.geography).area_codes
    ids = option.footprint_ids
    position = {footprint_id: i for i, footprint_id in enumerate(ids)}
    assigned = option.footprint_by_area(codes)
    names = tuple(option.footprint_name(i) for i in ids)
    return {
        "footprint_by_area": tuple(UNASSIGNED if f is None else position[f] for f in assigned.to_numpy()),
        "footprint_names": names,
        "footprint_labels": footprint_labels(names),
        "footprint_colours": footprint_colours(len(ids)),
    }


def place_parts(
    study: Study, kinds: Sequence[str], *, only: Collection[str] | None = None, can_be_chosen: bool = False
) -> dict[str, tuple]:
    """The fields of a map state that draw places of some kinds, or those of them whose ids are given."""
    places = study.places()
    chosen = places[places["kind"].isin(list(kinds))]
    if only is not None:
        chosen = chosen[chosen.index.isin(list(only))]
    if chosen.empty:
        return {}
    lon, lat = degrees(chosen.geometry)
    points = tuple(
        Point(str(kind), str(name), float(x), float(y), str(place_id) if can_be_chosen else "")
        for place_id, kind, name, x, y in zip(
            chosen.index, chosen["kind"], chosen["name"], lon, lat, strict=True
        )
    )
    drawn = set(chosen["kind"])
    used = [PLACE_KINDS[k] for k in kinds if k in PLACE_KINDS and k in drawn]
    return {"kinds": tuple(used), "points": points}


def degrees(geometry: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of points in EPSG:27700; the same points are worked out once."""
    return degrees_of(np.column_stack([geometry.x.to_numpy(dtype=float), geometry.y.to_numpy(dtype=float)]))


def degrees_of(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of points (n, 2) in EPSG:27700; the same points are worked out once."""
    return _degrees(np.ascontiguousarray(xy, dtype=float).tobytes())


@lru_cache(maxsize=64)
def _degrees(metres: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Each run of a page has a thread of its own, in which the first transformation takes 50 ms."""
    xy = np.frombuffer(metres).reshape(-1, 2)
    lon, lat = _TO_DEGREES.transform(xy[:, 0], xy[:, 1])
    lon.flags.writeable = lat.flags.writeable = False  # shared by all who ask
    return lon, lat


def comparison_words(comparison: str, authority_name: str) -> str:
    """ "higher than York"; empty where nothing was compared."""
    if comparison == "similar":
        return f"similar to {authority_name}"
    if comparison in ("higher", "lower"):
        return f"{comparison} than {authority_name}"
    return ""


def judgement(comparison: str, indicator: Indicator) -> str:
    """ "worse" or "better" where the polarity is agreed and the difference is clear; else empty."""
    word = judge(comparison, indicator.polarity)
    return word if word in ("worse", "better") else ""


def _authority_mark(
    classes: Classes, authority: pd.Series | None, indicator: Indicator, name: str
) -> tuple[int, str] | None:
    if authority is None or indicator.statistic == "count" or not classes.n_classes:
        return None
    value = float(authority["value"])
    if np.isnan(value):
        return None
    position = int(
        np.clip(np.searchsorted(classes.limits, value, side="right") - 1, 0, classes.n_classes - 1)
    )
    text = words.number(value, indicator.decimals) + ("%" if indicator.unit == "%" else "")
    return position, f"{name} {text}"


def _tip(indicator: Indicator, row: pd.Series) -> str:
    text = words.figure(indicator, float(row["value"]), suppressed=bool(row["suppressed"]))
    interval = words.between(indicator, float(row["lower"]), float(row["upper"]))
    return f"{text} ({interval})" if interval else text


def residents_words(value: float) -> str:
    """ "8,665 residents"; empty where nobody knows."""
    return "" if np.isnan(value) else f"{value:,.0f} residents"


def _period(rows: pd.DataFrame) -> str:
    periods = [p for p in rows["period"].unique() if p]
    return periods[0] if periods else "no period"
