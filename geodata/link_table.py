"""What people say of pairs of areas that share no border: rows that are only ever added.

The latest row of a pair is in force; what was said before can always be read. Each row counts as a write of
data, for no page may keep a topology from before it; with it is kept which write it was, so that figures,
which rest on no link, can outlive it.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from geodata.database import AREA_LINK, DATA_COUNTER, counted
from geodata.errors import InputError
from geodata.store import Store
from geodata.text import one_line
from geodata.topology import Topology

RIVER, MANUAL, NONE, AUTOMATIC = "river", "manual", "none", "automatic"
SAYS: dict[str, str] = {
    RIVER: "Joined by a bridge, tunnel or ferry",
    MANUAL: "Joined for another reason",
    NONE: "Not joined",
    AUTOMATIC: "As the outlines have it",
}
LINK_FIELDS = ("geography", "focal", "neighbour", "says", "reason", "author", "created", "version")
_COLUMNS = [AREA_LINK.c[name] for name in LINK_FIELDS]


def list_link_rows(store: Store, geography: str) -> list[dict[str, object]]:
    """Everything that was ever said of pairs of a geography, first first.

    Returns
    -------
    list of dict
        Keys of `LINK_FIELDS`: codes sorted; `says` is one of `SAYS`; `created` is an ISO date and time
        (UTC); `version` is `Store.version` after the row was written.
    """
    query = sa.select(*_COLUMNS).where(AREA_LINK.c.geography == geography)
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(query.order_by(AREA_LINK.c.row_number)).mappings()]


def put_link(
    store: Store,
    topology: Topology,
    geography: str,
    pair: tuple[str, str],
    says: str,
    *,
    reason: str,
    author: str,
) -> None:
    """Keep what a person says of two areas.

    Parameters
    ----------
    topology : Topology
        Of the geography, to check the pair against.
    says : str
        "river" (a bridge, tunnel or ferry), "manual" (another reason), "none" (not joined), or "automatic":
        what the outlines say counts again.

    Raises
    ------
    InputError
        For an unknown code, the same area twice, a pair that shares a border, an empty reason or no name;
        nothing is kept.
    ValueError
        For a word that is none of `SAYS`.
    """
    if says not in SAYS:
        raise ValueError(f"{says!r} is none of {tuple(SAYS)}")
    focal, neighbour = require_pair(topology, pair)
    row = {
        "geography": geography,
        "focal": focal,
        "neighbour": neighbour,
        "says": says,
        "reason": one_line(reason),
        "author": one_line(author),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    if not row["reason"]:
        raise InputError("Reason: say why, such as the name of the bridge or ferry; nothing was changed.")
    if not row["author"]:
        raise InputError("Your name: say who says so; nothing was changed.")
    with store.database.writing(DATA_COUNTER) as connection:
        version = counted(connection, DATA_COUNTER) + 1
        connection.execute(sa.insert(AREA_LINK).values({**row, "version": version}))


def require_pair(topology: Topology, pair: tuple[str, str]) -> tuple[str, str]:
    """The codes of two areas, sorted, that may be spoken of as joined or not.

    Raises
    ------
    InputError
        When one is unknown, both are the same, or they share a border.
    """
    rows = topology.row_by_code
    for code in pair:
        if code not in rows:
            raise InputError(f"There is no area {code!r}: check the code; nothing was changed.")
    first, second = sorted(pair)
    name = str(topology.area_names[rows[first]])
    if first == second:
        raise InputError(f"{name} is given twice: choose two different areas.")
    if shares_border(topology, first, second):
        other = topology.area_names[rows[second]]
        raise InputError(f"{name} and {other} share a border: they are neighbours anyway.")
    return first, second


def shares_border(topology: Topology, focal: str, neighbour: str) -> bool:
    """Whether two areas that are there have a border of some length in common."""
    a, b = sorted((topology.row_by_code[focal], topology.row_by_code[neighbour]))
    first, second, _ = topology.pairs
    return bool(((first == a) & (second == b)).any())


def n_link_changes(store: Store, after: int, upto: int) -> int:
    """How many of the writes `after` < version <= `upto` were about links."""
    number = AREA_LINK.c.version
    query = sa.select(sa.func.count()).where(number > after, number <= upto)
    with store.database.reading() as connection:
        return int(connection.execute(query).scalar_one())
