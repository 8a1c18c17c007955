"""One SQLite file per workspace: nothing is true before its transaction is committed.

Writers take the write lock at the start (BEGIN IMMEDIATE), so that two of them queue up instead of
failing at the end; readers see one unchanging state and never wait (write-ahead log). The mistake
this prevents: a state that was put together from two half-finished writes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from geodata.errors import WorkspaceError

DATABASE_NAME = "workspace.sqlite"
BUSY_SECONDS = 30

METADATA = sa.MetaData()
DATASET = sa.Table(
    "dataset",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("geography", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("spatial", sa.Boolean, nullable=False),
    sa.Column("provenance", sa.JSON, nullable=False),
    sa.Column("extra", sa.JSON, nullable=False),
)
SETTING = sa.Table(
    "setting",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
COUNTER = sa.Table(
    "counter",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
FOOTPRINT_OPTION = sa.Table(
    "footprint_option",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("geography", sa.Text, nullable=False),
    sa.Column("assignment", sa.JSON, nullable=False),
    sa.Column("footprint_names", sa.JSON, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("rationale", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("parent_id", sa.Text, nullable=False),
    sa.Column("seed", sa.Integer, nullable=True),
    sa.Column("made_by", sa.Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
OPTION_STATUS = sa.Table(
    "option_status",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("option_id", sa.Text, nullable=False, index=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
CUSTOM_INDICATOR = sa.Table(
    "custom_indicator",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, nullable=False),
)
RUN = sa.Table(
    "run",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, index=True),
    sa.Column("params", sa.JSON, nullable=False),
    sa.Column("form", sa.JSON, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("wants_cancel", sa.Boolean, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("doing", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("result_file", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("worker_id", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("ended", sa.Float, nullable=False),
    sa.Column("heartbeat", sa.Float, nullable=False),
    sqlite_autoincrement=True,
)
PLACE_CHANGE = sa.Table(
    "place_change",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("place_id", sa.Text, nullable=False, index=True),
    sa.Column("other_id", sa.Text, nullable=False),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("undoes", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("authority_code", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, index=True),
    sqlite_autoincrement=True,
)
WORKER = sa.Table(
    "worker",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("heartbeat", sa.Float, nullable=False),
)

HUB_PLAN = sa.Table(
    "hub_plan",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("rationale", sa.Text, nullable=False),
    sa.Column("option_id", sa.Text, nullable=False),
    sa.Column("params", sa.JSON, nullable=False),
    sa.Column("chosen", sa.JSON, nullable=False),
    sa.Column("proof", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)

OUTREACH_UPTAKE = sa.Table(
    "outreach_uptake",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("stop_id", sa.Text, nullable=False),
    sa.Column("stop_name", sa.Text, nullable=False),
    sa.Column("service_id", sa.Text, nullable=False),
    sa.Column("visited_on", sa.Text, nullable=False),
    sa.Column("n_visitors", sa.Integer, nullable=False),
    sa.Column("corrects", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("authority_code", sa.Text, nullable=False, index=True),
    sqlite_autoincrement=True,
)

OUTREACH_PLAN = sa.Table(
    "outreach_plan",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("rationale", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("authority_code", sa.Text, nullable=False, index=True),
    sqlite_autoincrement=True,
)

SCENARIO = sa.Table(
    "scenario",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, index=True),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("rationale", sa.Text, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("authority_code", sa.Text, nullable=False, index=True),
    sqlite_autoincrement=True,
)

OUTREACH_BOOKING = sa.Table(
    "outreach_booking",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, index=True),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("plan_id", sa.Text, nullable=False, index=True),
    sa.Column("week", sa.Integer, nullable=False),
    sa.Column("day", sa.Integer, nullable=False),
    sa.Column("vehicle", sa.Integer, nullable=False),
    sa.Column("start_minute", sa.Integer, nullable=False),
    sa.Column("end_minute", sa.Integer, nullable=False),
    sa.Column("group_name", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("authority_code", sa.Text, nullable=False, index=True),
    sa.Column("on_date", sa.Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

AREA_LINK = sa.Table(
    "area_link",
    METADATA,
    sa.Column("row_number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("geography", sa.Text, nullable=False, index=True),
    sa.Column("focal", sa.Text, nullable=False),
    sa.Column("neighbour", sa.Text, nullable=False),
    sa.Column("says", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, index=True),
    sqlite_autoincrement=True,
)

DATA_COUNTER = "data"
OPTION_COUNTER = "options"
RUN_COUNTER = "runs"
NOT_RECORDED = "Status when changes of it began to be recorded."


class Database:
    """The database of one workspace folder.

    Parameters
    ----------
    root : Path
        The workspace folder, which must exist.

    Raises
    ------
    WorkspaceError
        When the file cannot be opened or written, is no database, or was made by a later version.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        url = sa.URL.create("sqlite", database=str(root / DATABASE_NAME))
        self._engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, max_overflow=-1)
        sa.event.listen(self._engine, "connect", _prepare)
        sa.event.listen(self._engine, "begin", _begin)
        self._set_up()

    @property
    def engine(self) -> sa.Engine:
        """The SQLAlchemy engine, for events and inspection."""
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees one committed state from start to end."""
        with self._named_faults(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, counter: str) -> Iterator[sa.Connection]:
        """A transaction that holds the write lock, adds one to `counter`, and commits at its end."""
        with self._named_faults(), self._engine.connect() as connection:
            connection = connection.execution_options(immediate=True)
            with connection.begin():
                yield connection
                connection.execute(_add_one(counter))

    def count(self, counter: str) -> int:
        """Number of writes that were committed under `counter`."""
        with self.reading() as connection:
            return counted(connection, counter)

    def _set_up(self) -> None:
        with self.reading() as connection:
            found = _schema_version(connection)
        if found > SCHEMA_VERSION:
            raise WorkspaceError(
                "The workspace was made by a later version of this software. Install that version.",
                where=str(self._root),
            )
        if found == SCHEMA_VERSION:
            return
        with self._named_faults():
            self._write_ahead()
            with self._engine.connect().execution_options(immediate=True) as connection, connection.begin():
                found = _schema_version(connection)  # another process may have been here meanwhile
                for version, step in sorted(_STEPS.items()):
                    if version > found:
                        step(connection)
                        connection.exec_driver_sql(f"PRAGMA user_version = {version}")

    def _write_ahead(self) -> None:
        """Switch the journal; SQLite refuses at once, without waiting, while another process does it."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
            except self._engine.dialect.loaded_dbapi.OperationalError as fault:
                if "locked" not in str(fault) or time.monotonic() > deadline:
                    raise OSError(str(fault)) from fault
            else:
                return
            finally:
                raw.close()
            time.sleep(0.02)

    @contextmanager
    def _named_faults(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.DatabaseError, OSError) as fault:
            reason = str(getattr(fault, "orig", None) or fault)
            raise WorkspaceError(
                f"The workspace folder cannot be read or written ({reason}). "
                "Check the folder's permissions and free space, or name another folder.",
                where=str(self._root),
            ) from fault


def _schema_version(connection: sa.Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _make_tables(connection: sa.Connection) -> None:
    METADATA.create_all(connection, checkfirst=True)
    for counter in (DATA_COUNTER, OPTION_COUNTER):
        connection.execute(sa.insert(COUNTER).prefix_with("OR IGNORE").values(key=counter, value=0))


def _make_run_tables(connection: sa.Connection) -> None:
    """Long runs, and the processes that do them."""
    for table in (RUN, WORKER):
        table.create(connection, checkfirst=True)
    connection.execute(sa.insert(COUNTER).prefix_with("OR IGNORE").values(key=RUN_COUNTER, value=0))


def _record_statuses(connection: sa.Connection) -> None:
    """How an option was made, and a history of its status that begins with the one it has."""
    OPTION_STATUS.create(connection, checkfirst=True)
    options = FOOTPRINT_OPTION
    if "made_by" not in {column["name"] for column in sa.inspect(connection).get_columns(options.name)}:
        connection.exec_driver_sql("ALTER TABLE footprint_option ADD COLUMN made_by TEXT NOT NULL DEFAULT ''")
    generated = options.c.seed.is_not(None) & (options.c.made_by == "")
    connection.execute(sa.update(options).where(generated).values(made_by="generated"))
    as_found = sa.select(
        options.c.id, options.c.status, sa.literal(""), sa.literal(""), sa.literal(NOT_RECORDED)
    )
    fields = ["option_id", "status", "created", "author", "reason"]
    unknown = options.c.id.not_in(sa.select(OPTION_STATUS.c.option_id))
    rows = as_found.where(unknown).order_by(options.c.row_number)
    connection.execute(sa.insert(OPTION_STATUS).from_select(fields, rows))


def _make_plan_table(connection: sa.Connection) -> None:
    """Plans for hubs."""
    HUB_PLAN.create(connection, checkfirst=True)


def _make_uptake_table(connection: sa.Connection) -> None:
    """Visitors at each visit of an outreach bus."""
    OUTREACH_UPTAKE.create(connection, checkfirst=True)


def _make_outreach_plans(connection: sa.Connection) -> None:
    """Plans of an outreach bus that people keep."""
    OUTREACH_PLAN.create(connection, checkfirst=True)


def _make_scenario_table(connection: sa.Connection) -> None:
    """Scenarios of hubs and a bus."""
    SCENARIO.create(connection, checkfirst=True)


def _make_booking_table(connection: sa.Connection) -> None:
    """Hours of an outreach bus that groups have booked."""
    OUTREACH_BOOKING.create(connection, checkfirst=True)


def _date_bookings(connection: sa.Connection) -> None:
    """The date of a booking that holds on one alone."""
    if "on_date" not in {one["name"] for one in sa.inspect(connection).get_columns(OUTREACH_BOOKING.name)}:
        connection.exec_driver_sql("ALTER TABLE outreach_booking ADD COLUMN on_date TEXT NOT NULL DEFAULT ''")


def _make_place_changes(connection: sa.Connection) -> None:
    """What people changed in the register of places."""
    PLACE_CHANGE.create(connection, checkfirst=True)


def _make_link_table(connection: sa.Connection) -> None:
    """What people say of pairs of areas that share no border."""
    AREA_LINK.create(connection, checkfirst=True)


# What each version of the schema brought, in order. A step is never changed once it was released; it must
# leave alone what it finds done, for a new workspace has all tables from the first step on.
_STEPS: dict[int, Callable[[sa.Connection], None]] = {
    1: _make_tables,
    2: _make_run_tables,
    3: _record_statuses,
    4: _make_place_changes,
    5: _make_plan_table,
    6: _make_uptake_table,
    7: _make_outreach_plans,
    8: _make_scenario_table,
    9: _make_booking_table,
    10: _date_bookings,
    11: _make_link_table,
}
SCHEMA_VERSION = max(_STEPS)

_COUNT = sa.select(COUNTER.c.value).where(COUNTER.c.key == sa.bindparam("counter"))


def counted(connection: sa.Connection, counter: str) -> int:
    """Number of committed writes under `counter`, as this transaction sees it."""
    return int(connection.execute(_COUNT, {"counter": counter}).scalar_one())


def _add_one(counter: str) -> sa.Update:
    return sa.update(COUNTER).where(COUNTER.c.key == counter).values(value=COUNTER.c.value + 1)


def _prepare(dbapi_connection: SQLiteConnection, _record: ConnectionPoolEntry) -> None:
    dbapi_connection.isolation_level = None  # transactions begin in _begin, not by the driver's guess
    dbapi_connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    dbapi_connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
