"""The saved options of a workspace as frozen values: versions, status and why, and the one that is as now.

Nothing that was saved is changed or lost: to restore an old version is to save one more that is equal to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from geodata.errors import InputError
from geodata.option_pin import pin_option, pinned_option_id, unpin_option
from geodata.option_status import status_history as stored_history
from geodata.option_table import get_option, list_options, put_option, set_status
from geodata.store import Store
from neighbourhoods.option.option import FootprintOption, Status
from neighbourhoods.option.version import OptionLine, StatusChange, line_of, option_lines

__all__ = [
    "option_versions",
    "pin_option",
    "pinned_option_id",
    "restore_version",
    "save_option",
    "saved_option",
    "saved_options",
    "set_option_status",
    "status_history",
    "unpin_option",
]

_STORED = (
    "name",
    "geography",
    "author",
    "created",
    "rationale",
    "status",
    "parent_id",
    "seed",
    "made_by",
)


def saved_options(store: Store, *, latest_only: bool = False) -> tuple[FootprintOption, ...]:
    """Every saved version, newest first; or the newest of each option, to choose from.

    Parameters
    ----------
    store : Store
    latest_only : bool
        Only the newest version of each option; before them the version that is pinned as now, also when
        it is not the newest.
    """
    options = [_option(row) for row in list_options(store, latest_only=latest_only)]
    pinned = pinned_option_id(store) if latest_only else ""
    if not pinned:
        return tuple(options)
    first = next((o for o in options if o.id == pinned), None) or saved_option(store, pinned)
    return (first, *(o for o in options if o.id != pinned))


def saved_option(store: Store, option_id: str) -> FootprintOption:
    """One saved option.

    Raises
    ------
    InputError
        When there is none with that id.
    """
    return _option(get_option(store, option_id))


def option_versions(store: Store, option_id: str) -> tuple[FootprintOption, ...]:
    """Every version of the option that `option_id` is a version of, first version first.

    Raises
    ------
    InputError
        When there is none with that id.
    """
    return _line(store, option_id).versions


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


def restore_version(store: Store, option_id: str, *, author: str = "", reason: str = "") -> FootprintOption:
    """Save a new version that is equal to an old one; it is a draft, since nobody has approved it yet.

    Raises
    ------
    InputError
        When there is none with that id, or it is the newest version already.
    """
    line = _line(store, option_id)
    if option_id == line.newest.id:
        raise InputError(f"This is the newest version of {line.name} already; there is nothing to restore.")
    old = line.version(option_id)
    which = f"Restores version {line.number(option_id)} of {old.created[:10]}."
    return save_option(
        store,
        old.with_changes(
            id="",
            created="",
            author=author.strip(),
            rationale=f"{which} {reason}".strip(),
            status="draft",
            parent_id=line.newest.id,
        ),
    )


def set_option_status(store: Store, option_id: str, status: Status, author: str, reason: str) -> None:
    """Record that a version was consulted on, approved or superseded, by whom and why.

    Raises
    ------
    InputError
        For an unknown option or status, for the status it has already, and without who or why.
    """
    set_status(store, option_id, status, author=author, reason=reason)


def status_history(store: Store, option_id: str) -> tuple[StatusChange, ...]:
    """Every status that one version has had, first first.

    Raises
    ------
    InputError
        When there is none with that id.
    """
    return tuple(StatusChange(**row) for row in stored_history(store, option_id))  # type: ignore[arg-type]


def _line(store: Store, option_id: str) -> OptionLine:
    get_option(store, option_id)
    return line_of(option_lines([_option(row) for row in list_options(store)]), option_id)


def _option(row: Mapping[str, object]) -> FootprintOption:
    return FootprintOption(**row)  # type: ignore[arg-type]
