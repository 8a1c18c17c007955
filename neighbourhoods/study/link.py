"""Which areas count as neighbours without a border: what the outlines say, and over it what people say.

One place decides it, so that a drawing, an evaluation, a search and a test can never differ. The mistake
this prevents: an area that is whole on one page and apart on another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, cast

from geodata.errors import InputError
from geodata.link import LinkKind, add_link
from geodata.link_table import (
    AUTOMATIC,
    MANUAL,
    NONE,
    RIVER,
    put_link,
    require_pair,
    shares_border,
)
from geodata.topology import Topology

if TYPE_CHECKING:
    from neighbourhoods.study.study import Study

Pair = tuple[str, str]
KM_FROM_M = 1_000


@dataclass(frozen=True)
class Link:
    """Two areas that share no border, and what is said of them.

    Parameters
    ----------
    focal, focal_name, neighbour, neighbour_name : str
        Codes and names.
    kind : str
        "river", "island" or "manual".
    distance_m : float
        Between the outlines of the two areas.
    by : str
        "automatic", or who said it.
    reason, created : str
        Why and when (ISO, UTC); empty for an automatic link.
    """

    focal: str
    focal_name: str
    neighbour: str
    neighbour_name: str
    kind: str
    distance_m: float
    by: str = AUTOMATIC
    reason: str = ""
    created: str = ""

    @property
    def pair(self) -> Pair:
        """Codes, sorted."""
        first, second = sorted((self.focal, self.neighbour))
        return first, second

    @property
    def is_automatic(self) -> bool:
        """Whether it comes from the outlines alone."""
        return self.by == AUTOMATIC


@dataclass(frozen=True)
class PassedOver:
    """What a person said of areas that are no longer there, or that share a border by now."""

    focal: str
    neighbour: str
    says: str
    why: str
    by: str
    reason: str
    created: str


@dataclass(frozen=True, eq=False)
class Links:
    """All links of a geography.

    Parameters
    ----------
    topology : Topology
        With the links that are in force.
    links : tuple of Link
        Those in force.
    parted : tuple of Link
        Automatic ones that a person took away; by, reason and created tell of that.
    passed_over : tuple of PassedOver
        What cannot be heeded.
    by_outline : frozenset of pairs
        Every pair that the outlines join, whether it is in force or not.
    """

    topology: Topology
    links: tuple[Link, ...]
    parted: tuple[Link, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    by_outline: frozenset[Pair] = frozenset()

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {
            "links": [asdict(one) for one in self.links],
            "parted": [asdict(one) for one in self.parted],
            "passed_over": [asdict(one) for one in self.passed_over],
        }


def with_statements(topology: Topology, rows: Sequence[Mapping[str, object]]) -> Links:
    """The links of a topology less those that a person says are none, and those that people add.

    Parameters
    ----------
    topology : Topology
        With its automatic links.
    rows : sequence of Mapping
        As `geodata.link_table.list_link_rows`; of a pair the last counts.
    """
    automatic = {one.pair: one for one in _links(topology)}
    latest = {(str(row["focal"]), str(row["neighbour"])): row for row in rows}
    said: dict[Pair, Mapping[str, object]] = {}
    passed_over = []
    for pair, row in latest.items():
        if row["says"] == AUTOMATIC:
            continue
        if why := _why_not(topology, pair):
            about = (str(row[name]) for name in ("author", "reason", "created"))
            passed_over.append(PassedOver(*pair, str(row["says"]), why, *about))
        else:
            said[pair] = row
    parted = [_told(automatic[p], row) for p, row in said.items() if row["says"] == NONE and p in automatic]
    if said:
        frame = topology.links
        codes = zip(frame["focal"], frame["neighbour"], strict=True)
        kept = [tuple(sorted(one)) not in said for one in codes]
        topology = replace(topology, links=frame[kept].reset_index(drop=True))
        for pair, row in said.items():
            if row["says"] != NONE:
                topology = add_link(topology, *pair, cast(LinkKind, row["says"]))
    found = [_told(one, said[one.pair]) if one.pair in said else one for one in _links(topology)]
    return Links(topology, tuple(found), tuple(parted), tuple(passed_over), frozenset(automatic))


def join_areas(study: Study, geography: str, pair: Pair, says: str, *, reason: str, author: str) -> None:
    """Say that two areas are joined: "river" by a bridge, tunnel or ferry, "manual" for another reason.

    "automatic" puts back a link that was taken away, or lets the outlines speak again.

    Raises
    ------
    InputError
        As `geodata.link_table.put_link`; or when there is nothing to put back.
    """
    now = study.links(geography)
    if says == AUTOMATIC:
        first, second = require_pair(now.topology, pair)
        if (first, second) not in now.by_outline:
            raise InputError(
                f"{_names(now.topology, pair)} are not joined by their outlines: there is nothing to put "
                f"back. Say {RIVER} or {MANUAL} to join them."
            )
    put_link(study.store, now.topology, geography, pair, says, reason=reason, author=author)


def part_areas(study: Study, geography: str, pair: Pair, *, reason: str, author: str) -> None:
    """Say that a link between two areas leads nowhere.

    Raises
    ------
    InputError
        As `geodata.link_table.put_link`; or when there is no link between them.
    """
    now = study.links(geography)
    first, second = require_pair(now.topology, pair)
    if all(one.pair != (first, second) for one in now.links):
        raise InputError(f"{_names(now.topology, pair)} are not joined: there is no link to take away.")
    put_link(study.store, now.topology, geography, pair, NONE, reason=reason, author=author)


def distance_words(distance_m: float) -> str:
    """ "1.2 km", "340 m", "less than 1 m"."""
    if distance_m >= KM_FROM_M:
        return f"{distance_m / KM_FROM_M:,.1f} km"
    return f"{distance_m:,.0f} m" if distance_m >= 1 else "less than 1 m"


def link_words(link: Link) -> str:
    """One link as a sentence says it, without the full stop."""
    joined = f"{link.focal_name} is joined to {link.neighbour_name}"
    if link.distance_m < 1:
        return f"{joined}, which it touches in a point"
    if link.kind == "river" and not link.is_automatic:
        return f"{joined} by a bridge, tunnel or ferry, {distance_words(link.distance_m)} apart"
    if link.kind == "manual":
        return f"{joined} by hand, {distance_words(link.distance_m)} apart"
    return f"{joined} across {distance_words(link.distance_m)} of water"


def _links(topology: Topology) -> list[Link]:
    frame = topology.links
    names = ["focal", "focal_name", "neighbour", "neighbour_name", "kind"]
    texts = frame[names].astype(str).itertuples(index=False, name=None)
    return [
        Link(focal, focal_name, neighbour, neighbour_name, kind, float(metres))
        for (focal, focal_name, neighbour, neighbour_name, kind), metres in zip(
            texts, frame["distance_m"], strict=True
        )
    ]


def _told(link: Link, row: Mapping[str, object]) -> Link:
    """A link with what a person said of it."""
    return replace(link, by=str(row["author"]), reason=str(row["reason"]), created=str(row["created"]))


def _why_not(topology: Topology, pair: Pair) -> str:
    """Why a pair can no longer be spoken of; empty when it can."""
    gone = [code for code in pair if code not in topology.row_by_code]
    if gone:
        return f"no longer among the areas: {', '.join(gone)}"
    return "they share a border now" if shares_border(topology, *pair) else ""


def _names(topology: Topology, pair: Pair) -> str:
    return " and ".join(str(topology.area_names[topology.row_by_code[code]]) for code in pair)
