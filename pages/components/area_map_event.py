"""What a person did on a map, each act delivered once and in order.

The browser numbers its events and repeats all that the server has not yet confirmed. So an interrupted run
loses nothing, and a repeated message changes nothing: events up to the confirmed number are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class MapAction:
    """One act.

    Parameters
    ----------
    kind : "select", "assign", "place", "drag" or "pin"
    codes : tuple of str
        The area selected, the areas put in a footprint, or the id of the place that was chosen or dragged.
    footprint : int, optional
        Position of the footprint they were placed in; -1 took them out. None for the others.
    at : tuple of float, optional
        Longitude and latitude where a place was dropped or a pin was set.
    """

    kind: Literal["select", "assign", "place", "drag", "pin"]
    codes: tuple[str, ...]
    footprint: int | None = None
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class MapEvent:
    """New acts since the last run.

    Parameters
    ----------
    actions : tuple of MapAction
        In the order in which they were done.
    life : str
        Which browser frame sent them.
    sequence : int
        Number of the last one.
    """

    actions: tuple[MapAction, ...]
    life: str
    sequence: int

    @property
    def selected(self) -> str | None:
        """Code of the area selected last, None when none was."""
        codes = [action.codes[0] for action in self.actions if action.kind == "select" and action.codes]
        return codes[-1] if codes else None

    @property
    def place(self) -> str | None:
        """Id of the place chosen last, None when none was."""
        ids = [action.codes[0] for action in self.actions if action.kind == "place" and action.codes]
        return ids[-1] if ids else None

    @property
    def drops(self) -> tuple[tuple[str, float, float], ...]:
        """(place id, longitude, latitude) of every place that was dragged, in order."""
        return tuple((one.codes[0], *one.at) for one in self.actions if one.kind == "drag" and one.at)

    @property
    def pin(self) -> tuple[float, float] | None:
        """Longitude and latitude of the point set last, None when none was."""
        pins = [one.at for one in self.actions if one.kind == "pin" and one.at]
        return pins[-1] if pins else None

    @property
    def assigned(self) -> tuple[tuple[str, int], ...]:
        """(area code, footprint position) in order; a later pair of the same area counts."""
        return tuple(
            (code, action.footprint)
            for action in self.actions
            if action.kind == "assign" and action.footprint is not None
            for code in action.codes
        )


def parse_event(value: object, *, life: str, seen: int) -> MapEvent | None:
    """The new acts in a value that a browser sent; None when there are none.

    Parameters
    ----------
    value : object
        Whatever came: anything not of the expected form counts as nothing, since a browser is not trusted.
    life, seen : str, int
        The frame heard last and its last number applied; another frame starts anew.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("life"), str):
        return None
    sender = value["life"]
    events = value.get("events")
    last = seen if sender == life else 0
    actions = []
    for number, action in sorted(_actions(events), key=lambda pair: pair[0]):
        if number > last:
            actions.append(action)
            last = number
    return MapEvent(tuple(actions), sender, last) if actions else None


def _actions(events: object) -> Iterable[tuple[int, MapAction]]:
    for event in events if isinstance(events, list) else []:
        if not isinstance(event, Mapping):
            continue
        number, kind, codes = event.get("n"), event.get("kind"), event.get("codes")
        if not isinstance(number, int) or not isinstance(codes, list):
            continue
        names = tuple(code for code in codes if isinstance(code, str))
        if not names:
            continue
        footprint = event.get("footprint")
        if kind == "select":
            yield number, MapAction("select", names[:1])
        elif kind == "place":
            yield number, MapAction("place", names[:1])
        elif kind in ("drag", "pin") and (at := _degrees(event.get("at"))) is not None:
            yield number, MapAction(kind, names[:1], at=at)
        elif kind == "assign" and isinstance(footprint, int):
            yield number, MapAction("assign", names, footprint)


def _degrees(value: object) -> tuple[float, float] | None:
    """Longitude and latitude; None for anything else."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    lon, lat = value
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in (lon, lat)):
        return None
    return (float(lon), float(lat)) if abs(lon) <= 180 and abs(lat) <= 90 else None
