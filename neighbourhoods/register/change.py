"""Changes that people made to places, laid over the lists that were imported.

A change is never taken away: to undo one is to add another that says so, and to redo it is to undo that.
What counts is read from the newest back. The mistake this prevents: an edit that nobody can trace, or that
the next import of the same list wipes out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.layouts.venue import NUMBERS, TEXTS
from geodata.store import PLACE_COLUMNS

SET, ADD, REMOVE, MERGE, DISTINCT, UNDO = "set", "add", "remove", "merge", "distinct", "undo"
XY = ("x", "y")
ALL_COLUMNS = (*PLACE_COLUMNS, *TEXTS, *NUMBERS)
Value = str | float | None


@dataclass(frozen=True)
class PlaceChange:
    """One act of one person.

    Parameters
    ----------
    id : str
    act : str
        "set" values, "add" a place, "remove" it, "merge" another into it, say that two are "distinct", or
        "undo" an earlier act.
    place_id, other_id : str
        The place; of a merge the one that goes up in it, of "distinct" the second; else empty.
    fields : Mapping of str to (before, after)
        Values by field; x and y in metres (EPSG:27700). None where nothing was, or is, known.
    undoes : str
        Id of the act that is taken back.
    author, created, reason : str
        `created` is an ISO date and time (UTC).
    authority_code : str
    version : int
        Of the workspace, after the act.
    """

    id: str
    act: str
    place_id: str
    other_id: str = ""
    fields: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    undoes: str = ""
    author: str = ""
    created: str = ""
    reason: str = ""
    authority_code: str = ""
    version: int = 0

    def touches(self, place_id: str) -> bool:
        """Whether it is about a place."""
        return place_id in (self.place_id, self.other_id)


def standing_ids(changes: Sequence[PlaceChange]) -> frozenset[str]:
    """Ids of the changes that count: those that no change that counts takes back.

    Parameters
    ----------
    changes : sequence of PlaceChange
        First first.
    """
    taken_back: set[str] = set()
    for one in reversed(changes):
        if one.act == UNDO and one.id not in taken_back:
            taken_back.add(one.undoes)
    return frozenset(one.id for one in changes) - taken_back


def standing(changes: Sequence[PlaceChange]) -> tuple[PlaceChange, ...]:
    """The acts that count, first first, without those that only take others back."""
    ids = standing_ids(changes)
    return tuple(one for one in changes if one.id in ids and one.act != UNDO)


def to_undo(changes: Sequence[PlaceChange], place_id: str) -> PlaceChange | None:
    """The last act on a place that counts; None when there is none."""
    return next((one for one in reversed(standing(changes)) if one.touches(place_id)), None)


def to_redo(changes: Sequence[PlaceChange], place_id: str) -> PlaceChange | None:
    """The last undoing of an act on a place, unless the place was changed anew since; None for none."""
    acts = {one.id: one for one in changes if one.act != UNDO}
    ids = standing_ids(changes)
    for one in reversed(changes):
        if not one.touches(place_id):
            continue
        if one.act != UNDO:
            return None
        if one.id in ids and one.undoes in acts:
            return one
    return None


def completed(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places with every column of the register: text that nobody gave is empty, numbers are NaN."""
    frame = places.copy()
    for column in ALL_COLUMNS:
        if column in NUMBERS:
            known = frame[column] if column in frame else pd.Series(np.nan, index=frame.index)
            frame[column] = pd.to_numeric(known, errors="coerce").astype("float64")
        else:
            frame[column] = frame[column].fillna("") if column in frame else ""
    return gpd.GeoDataFrame(frame[[*ALL_COLUMNS, "geometry"]], geometry="geometry", crs=places.crs)


def joined_twins(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Each place once: of a place that stands on several pages of a directory the services are joined."""
    twins = places.index.duplicated(keep=False)
    if not twins.any():
        return places
    once = places[~places.index.duplicated()].copy()
    if "services" in places:
        said = (
            places.loc[twins, "services"]
            .fillna("")
            .groupby(level=0)
            .agg(
                lambda texts: "; ".join(
                    dict.fromkeys(part for text in texts for part in text.split("; ") if part)
                )
            )
        )
        once.loc[said.index, "services"] = said
    return once


def with_hours(places: gpd.GeoDataFrame, hours: pd.DataFrame | None) -> gpd.GeoDataFrame:
    """Places with the opening hours that another list gives, where their own says none.

    Parameters
    ----------
    hours : DataFrame, optional
        By place_id: name, kind, opening_hours. A place of another id has them if its kind and name are the
        same and no other's are.
    """
    if hours is None or hours.empty:
        return places
    frame = places.copy()
    own = frame["opening_hours"].fillna("") if "opening_hours" in frame else pd.Series("", index=frame.index)
    by_id = hours["opening_hours"][~hours.index.duplicated(keep="last")].reindex(frame.index)
    named = hours.drop_duplicates(["kind", "name"], keep=False).set_index(["kind", "name"])["opening_hours"]
    keys = pd.MultiIndex.from_frame(frame[["kind", "name"]])
    by_name = pd.Series(named.reindex(keys).to_numpy(), index=frame.index)
    by_name[keys.duplicated(keep=False)] = None
    frame["opening_hours"] = own.where(own != "", by_id.fillna(by_name).fillna(""))
    return frame


def applied(places: gpd.GeoDataFrame, changes: Sequence[PlaceChange]) -> gpd.GeoDataFrame:
    """Places as people left them.

    Parameters
    ----------
    places : GeoDataFrame
        By place_id, as imported.
    changes : sequence of PlaceChange
        First first. A change of a place that is not there is passed over (see `without_place`).

    Returns
    -------
    GeoDataFrame
        The columns of `completed`; added places at the end.
    """
    frame = completed(places)
    acts = standing(changes)
    if not acts:
        return frame
    touched = {one for act in acts for one in (act.place_id, act.other_id)}
    rows = _rows(frame[frame.index.isin(touched)])
    known = set(frame.index) | set(rows)
    added: list[str] = []
    for act in acts:
        _apply(act, rows, added)
    gone = touched & known - set(rows)
    kept = frame[~frame.index.isin(gone)]
    order = [*kept.index, *(one for one in dict.fromkeys(added) if one in rows and one not in known)]
    untouched = kept[~kept.index.isin(rows)]
    changed = _frame(rows, frame)
    joined = pd.concat([untouched, changed]) if len(untouched) else changed
    return gpd.GeoDataFrame(joined.loc[order].rename_axis(frame.index.name), crs=places.crs)


def _apply(act: PlaceChange, rows: dict[str, dict[str, object]], added: list[str]) -> None:
    values = {name: after for name, (_, after) in act.fields.items()}
    if act.act == ADD:
        rows[act.place_id] = dict(values)
        added.append(act.place_id)
    elif act.place_id not in rows:
        return
    elif act.act == SET:
        rows[act.place_id] |= values
    elif act.act == REMOVE:
        del rows[act.place_id]
    elif act.act == MERGE:
        rows[act.place_id] |= values
        rows.pop(act.other_id, None)


def without_place(places: gpd.GeoDataFrame, changes: Sequence[PlaceChange]) -> tuple[PlaceChange, ...]:
    """Changes that count but whose place the imported lists hold no more."""
    added = {one.place_id for one in changes if one.act == ADD}
    known = added | set(places.index)
    return tuple(one for one in standing(changes) if one.act != ADD and one.place_id not in known)


def told_apart(changes: Sequence[PlaceChange]) -> frozenset[frozenset[str]]:
    """Pairs of places of which somebody said that they are not the same."""
    return frozenset(
        frozenset((one.place_id, one.other_id)) for one in standing(changes) if one.act == DISTINCT
    )


def gone_ids(changes: Sequence[PlaceChange], present: Collection[str]) -> dict[str, PlaceChange]:
    """Places that were taken out or went up in another, each with the act that did it."""
    found: dict[str, PlaceChange] = {}
    for one in standing(changes):
        which = {REMOVE: one.place_id, MERGE: one.other_id}.get(one.act, "")
        if which and which not in present:
            found[which] = one
    return found


def _rows(frame: gpd.GeoDataFrame) -> dict[str, dict[str, object]]:
    values = pd.DataFrame(frame.drop(columns="geometry"))
    values["x"], values["y"] = frame.geometry.x, frame.geometry.y
    return {
        str(key): {str(name): value for name, value in row.items()}
        for key, row in values.to_dict("index").items()
    }


def _frame(rows: Mapping[str, Mapping[str, object]], like: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows as places; numbers that are not known are NaN, text is empty."""
    index = pd.Index(list(rows), dtype=like.index.dtype, name=like.index.name)
    columns: dict[str, object] = {}
    for column in ALL_COLUMNS:
        values = [row.get(column) for row in rows.values()]
        if column in NUMBERS:
            columns[column] = np.array([np.nan if v is None else v for v in values], dtype=float)
        else:
            columns[column] = pd.Series(
                ["" if v is None else str(v) for v in values], index=index, dtype=like[column].dtype
            )
    xy = np.array([[row["x"], row["y"]] for row in rows.values()], dtype=float).reshape(-1, 2)
    return gpd.GeoDataFrame(columns, index=index, geometry=shapely.points(xy), crs=like.crs)
