"""The option that stands for what is there now: a setting of the workspace that names one version.

It is kept beside the data and does not count as a change of them, so that pinning an option throws no
figure away. What is pinned is a version, not a name: when somebody saves a newer version, "as now" stays
what it was.
"""

from __future__ import annotations

import sqlalchemy as sa

from geodata.database import OPTION_COUNTER, SETTING
from geodata.option_table import get_option
from geodata.store import Store

PIN_SETTING = "pinned_option_id"


def pinned_option_id(store: Store) -> str:
    """Id of the version that is pinned as now; empty for none."""
    with store.database.reading() as connection:
        query = sa.select(SETTING.c.value).where(SETTING.c.key == PIN_SETTING)
        return str(connection.execute(query).scalar_one_or_none() or "")


def pin_option(store: Store, option_id: str) -> None:
    """Pin one version as now, in place of any other.

    Raises
    ------
    InputError
        When there is no option of this id.
    """
    get_option(store, option_id)  # options are never removed, so it will be there
    _put(store, option_id)


def unpin_option(store: Store) -> None:
    """Leave no option pinned."""
    _put(store, "")


def _put(store: Store, value: str) -> None:
    with store.database.writing(OPTION_COUNTER) as connection:
        connection.execute(sa.insert(SETTING).prefix_with("OR REPLACE").values(key=PIN_SETTING, value=value))
