"""The saved options of a workspace as frozen values."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.option_table import get_option, list_options, option_history, put_option, set_status
from geodata.store import Store
from neighbourhoods.option import FootprintOption, Status

_STORED = (
    "name",
    "geography",
    "author",
    "created",
    "rationale",
    "status",
    "parent_id",
    "seed",
)


def saved_options(store: Store, *, latest_only: bool = False) -> tuple[FootprintOption, ...]:
    """Every saved version, newest first; with `latest_only` the newest of each name."""
    rows = list_options(store, latest_only=latest_only)
    return tuple(_option(row) for row in rows)


def saved_option(store: Store, option_id: str) -> FootprintOption:
    """One saved option.

    Raises
    ------
    InputError
        When there is none with that id.
    """
    return _option(get_option(store, option_id))


def option_versions(store: Store, option_id: str) -> tuple[FootprintOption, ...]:
    """The option and all it was made from, first version first."""
    return tuple(_option(row) for row in option_history(store, option_id))


def save_option(store: Store, option: FootprintOption) -> FootprintOption:
    """Save as a new version; the returned option carries its id and date.

    Raises
    ------
    InputError
        When it has no name.
    """
    row: dict[str, object] = {field: getattr(option, field) for field in _STORED}
    row["assignment"] = dict(option.assignment)
    row["footprint_names"] = dict(option.footprint_names)
    return saved_option(store, put_option(store, row))


def set_option_status(store: Store, option_id: str, status: Status) -> None:
    """Record that an option was consulted on, approved or superseded."""
    set_status(store, option_id, status)


def _option(row: Mapping[str, object]) -> FootprintOption:
    return FootprintOption(**row)  # type: ignore[arg-type]
