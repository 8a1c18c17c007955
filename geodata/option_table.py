"""Options and councils' own indicators in the workspace's database.

Options are only ever added: a change is a new row that names its parent, so two people who save at
once both keep their work and every figure that was ever shown can be traced to the option it was
worked out for. Only the status of a row changes, and each change is recorded with who and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import (
    CUSTOM_INDICATOR,
    DATA_COUNTER,
    FOOTPRINT_OPTION,
    OPTION_COUNTER,
)
from geodata.errors import InputError
from geodata.option_status import AS_SAVED, record_status
from geodata.store import Store

OPTION_FIELDS = (
    "id",
    "name",
    "geography",
    "assignment",
    "footprint_names",
    "author",
    "created",
    "rationale",
    "status",
    "parent_id",
    "seed",
    "made_by",
)
OPTION_STATUSES = ("draft", "consulted", "approved", "superseded")
_COLUMNS = [FOOTPRINT_OPTION.c[name] for name in OPTION_FIELDS]


def option_version(store: Store) -> int:
    """Number of committed changes to the options; a cache key beside `Store.version`."""
    return store.database.count(OPTION_COUNTER)


def list_options(store: Store, *, latest_only: bool = False) -> list[dict[str, object]]:
    """All options, newest first.

    Parameters
    ----------
    store : Store
    latest_only : bool
        Only the newest version of each option; see `line_by_id`.

    Returns
    -------
    list of dict
        Keys of `OPTION_FIELDS`; assignment and footprint_names are dicts of str to str.
    """
    with store.database.reading() as connection:
        rows = connection.execute(
            sa.select(*_COLUMNS).order_by(FOOTPRINT_OPTION.c.row_number.desc())
        ).mappings()
        options: list[dict[str, object]] = [dict(row) for row in rows]
    if not latest_only:
        return options
    line = line_by_id((str(o["id"]), str(o["name"]), str(o["parent_id"])) for o in reversed(options))
    newest: dict[str, dict[str, object]] = {}
    for option in options:
        newest.setdefault(line[str(option["id"])], option)
    return list(newest.values())


def line_by_id(options: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Which options are versions of one another: the id of the first version, by id.

    A version is made from another of the same name. What is made from it under another name is an option
    of its own; two that are made from the same one under its name are both versions.

    Parameters
    ----------
    options : iterable of (id, name, parent_id)
        Oldest first.
    """
    name_by_id: dict[str, str] = {}
    line: dict[str, str] = {}
    for option_id, name, parent_id in options:
        name_by_id[option_id] = name
        line[option_id] = line[parent_id] if name_by_id.get(parent_id) == name else option_id
    return line


def get_option(store: Store, option_id: str) -> dict[str, object]:
    """One option by its id.

    Raises
    ------
    InputError
        When there is none of this id.
    """
    with store.database.reading() as connection:
        return _require_option(connection, option_id)


def put_option(store: Store, row: Mapping[str, object]) -> str:
    """Add an option as a new row and return its new id; nothing is overwritten.

    Parameters
    ----------
    store : Store
    row : Mapping
        Keys of `OPTION_FIELDS`; `id` is not read. `name`, `geography` and `assignment` are needed.
        An empty `created` becomes the present time (UTC). With `parent_id` it is a version of it.

    Raises
    ------
    InputError
        For an empty name, an unknown status, or a parent that is not there.
    ValueError
        For a key that is no field of an option.
    """
    unknown = set(row) - set(OPTION_FIELDS)
    if unknown:
        raise ValueError(f"not fields of an option: {sorted(unknown)}")
    name = str(row["name"]).strip()
    if not name:
        raise InputError("The option has no name. Give it one and save again.")
    status = _require_status(str(row.get("status") or "draft"))
    parent_id = str(row.get("parent_id") or "")
    option_id = uuid4().hex
    seed = row.get("seed")
    values = {
        "id": option_id,
        "name": name,
        "geography": row["geography"],
        "assignment": _text_by_text(row["assignment"]),
        "footprint_names": _text_by_text(row.get("footprint_names") or {}),
        "author": row.get("author") or "",
        "created": row.get("created") or _now(),
        "rationale": row.get("rationale") or "",
        "status": status,
        "parent_id": parent_id,
        "seed": seed,
        "made_by": row.get("made_by") or ("" if seed is None else "generated"),
    }
    with store.database.writing(OPTION_COUNTER) as connection:
        if parent_id:
            _require_option(connection, parent_id)
        connection.execute(sa.insert(FOOTPRINT_OPTION).values(values))
        record_status(connection, option_id, status, str(values["created"]), str(values["author"]), AS_SAVED)
    return option_id


def set_status(store: Store, option_id: str, status: str, *, author: str, reason: str) -> None:
    """Change the status of an option, and keep when, by whom and why; earlier changes stay recorded.

    Raises
    ------
    InputError
        For an unknown option or status, for the status it has already, and without who or why.
    """
    _require_status(status)
    author, reason = author.strip(), reason.strip()
    if not author or not reason:
        raise InputError("Say who changes the status, and why: both are kept with the option.")
    with store.database.writing(OPTION_COUNTER) as connection:
        option = _require_option(connection, option_id)
        if option["status"] == status:
            raise InputError(f"The status of {option['name']} is {status} already.")
        connection.execute(
            sa.update(FOOTPRINT_OPTION).where(FOOTPRINT_OPTION.c.id == option_id).values(status=status)
        )
        record_status(connection, option_id, status, _now(), author, reason)


def list_custom_indicators(store: Store) -> list[str]:
    """The JSON texts of councils' own indicators in order of id."""
    with store.database.reading() as connection:
        query = sa.select(CUSTOM_INDICATOR.c.record).order_by(CUSTOM_INDICATOR.c.id)
        return [str(text) for text in connection.execute(query).scalars()]


def put_custom_indicator(store: Store, indicator_id: str, text: str) -> None:
    """Store the JSON text of one indicator; a text of the same id is replaced."""
    values = {"id": indicator_id, "record": text}
    with store.database.writing(DATA_COUNTER) as connection:
        connection.execute(sa.insert(CUSTOM_INDICATOR).prefix_with("OR REPLACE").values(values))


def remove_custom_indicator(store: Store, indicator_id: str) -> None:
    """Drop the record of one indicator.

    Raises
    ------
    InputError
        When there is none of this id.
    """
    with store.database.writing(DATA_COUNTER) as connection:
        found = connection.execute(sa.delete(CUSTOM_INDICATOR).where(CUSTOM_INDICATOR.c.id == indicator_id))
        if not found.rowcount:
            raise InputError(f"The workspace holds no indicator {indicator_id!r} of its own.")


def _require_option(connection: sa.Connection, option_id: str) -> dict[str, object]:
    query = sa.select(*_COLUMNS).where(FOOTPRINT_OPTION.c.id == option_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InputError(f"The workspace holds no option with the id {option_id!r}.")
    return dict(row)


def _require_status(status: str) -> str:
    if status not in OPTION_STATUSES:
        raise InputError(f"{status!r} is no status of an option. It is one of: {', '.join(OPTION_STATUSES)}.")
    return status


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _text_by_text(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("assignment and footprint_names map text to text")
    return {str(key): str(item) for key, item in value.items()}
