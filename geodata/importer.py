"""Files in, one transaction out, and a report on every one of them.

Files are read first and then worked through in stages (boundaries, lookups, statistics, places), so the
order in which they are given changes nothing. A file at fault puts nothing in and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import geopandas as gpd
import pandas as pd
import shapely

from geodata.archive import list_files, read_payloads
from geodata.authority_scope import (
    area_codes_of,
    outline_of,
    resolve_authority,
    stored_areas,
    stored_codes,
    with_areas,
)
from geodata.choice import Candidate, choose_datasets, superseded_wards
from geodata.content import parse_payload
from geodata.dataset import NewDataset
from geodata.errors import InputError, UnrecognisedFileError
from geodata.layouts import LAYOUTS
from geodata.layouts.column import code_columns, lad_column
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.payload import Limits, Payload, Raw, RawFeatures, RawTable
from geodata.provenance import Dropped
from geodata.reconciliation import reconcile
from geodata.store import Store

Progress = Callable[[int, int, str], None]
_STAGES = (0, 1, 2, 3)
# What a layout may trip over in a file that is not what its columns promise.
_FAULTS = (ValueError, KeyError, IndexError, TypeError, ArithmeticError, shapely.errors.GEOSException)


@dataclass(frozen=True)
class FileReport:
    """What became of one file or archive member.

    Parameters
    ----------
    path : str
        As given; "archive.zip/member.csv" for a member.
    recognised_as : str
        Label of the layout; empty when none.
    geography : str
        Geography ids, comma between; empty for places.
    rows_in, rows_kept : int
    dropped : tuple of Dropped
    message : str
        Empty when all is well; else what was found and what to do. Then nothing of the file is stored.
    notes : tuple of str
    """

    path: str
    recognised_as: str = ""
    geography: str = ""
    rows_in: int = 0
    rows_kept: int = 0
    dropped: tuple[Dropped, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What became of an import.

    Parameters
    ----------
    files : tuple of FileReport
        In the order given.
    reconciliation : DataFrame
        See `geodata.reconciliation.reconcile`.
    authority_code, authority_name : str
    dataset_ids : tuple of str
        What was stored.
    cancelled : bool
        True: nothing was stored.
    """

    files: tuple[FileReport, ...]
    reconciliation: pd.DataFrame
    authority_code: str = ""
    authority_name: str = ""
    dataset_ids: tuple[str, ...] = ()
    cancelled: bool = False


@dataclass
class _Item:
    """One payload on its way through the stages."""

    path: str
    sha256: str = ""
    raws: list[tuple[Layout, Raw]] = field(default_factory=list)
    parsed: list[Parsed] = field(default_factory=list)
    message: str = ""
    notes: tuple[str, ...] = ()
    label: str = ""
    n_rows: int = 0

    def fail(self, error: Exception) -> None:
        self.message = error.message if isinstance(error, InputError) else _not_understood(error)
        self.parsed = []


class _Cancelled(Exception):  # noqa: N818 - not an error: the person stopped it
    pass


def import_paths(
    store: Store,
    paths: Sequence[Path | tuple[str, bytes]],
    *,
    authority: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits | None = None,
) -> ImportReport:
    """Import files, folders, zips and uploads in one transaction.

    Parameters
    ----------
    store : Store
    paths : sequence of Path or (str, bytes)
    authority : str, optional
        LAD code, or its name where a file names it; else the workspace's; else the one that the
        boundaries and lookups name.
    progress : callable, optional
        Called with steps done, steps in all and what is being done.
    cancelled : callable, optional
        Asked between files; True stops the import, and nothing is stored.

    Raises
    ------
    InputError
        When the authority is not known from anything, or several are equally likely.
    WorkspaceError
        When the workspace cannot be written.
    """
    steps = _Steps(progress, cancelled)
    try:
        items = _read_all(paths, limits or Limits(), steps)
        return _store(store, items, authority, steps)
    except _Cancelled:
        return ImportReport((), reconcile(store.cells()), cancelled=True)


def _store(store: Store, items: list[_Item], authority: str | None, steps: _Steps) -> ImportReport:
    settings = store.settings()
    is_sample = settings.get("is_sample") == "yes"
    context = _context(None if is_sample else store, items, authority, {} if is_sample else settings)
    for stage in _STAGES:
        context = _run_stage(stage, items, context, steps)
    candidates = [
        Candidate(position, dataset)
        for position, item in enumerate(items)
        for parsed in item.parsed
        for dataset in parsed.datasets
    ]
    stored = () if is_sample else store.datasets()
    chosen, passed_over = choose_datasets(candidates, stored)
    new = [*chosen, *superseded_wards(chosen, None if is_sample else store)]
    steps.done("Writing")
    if new:
        store.write(new, settings=_settings(context, is_sample), clear=is_sample)
    return ImportReport(
        tuple(_report(item, passed_over.get(position, {})) for position, item in enumerate(items)),
        reconcile(store.cells()),
        context.authority_code or "",
        context.authority_name,
        tuple(dataset.id for dataset in new),
    )


def _settings(context: Context, is_sample: bool) -> dict[str, str]:
    settings = {"is_sample": "no"} if is_sample else {}
    if context.authority_code:
        settings["authority_code"] = context.authority_code
    if context.authority_name:
        settings["authority_name"] = context.authority_name
    return settings


class _Steps:
    """Progress over reading and parsing, half of it each."""

    def __init__(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        self._progress, self._cancelled = progress, cancelled
        self.total = 1

    def at(self, step: float, what: str) -> None:
        if self._cancelled is not None and self._cancelled():
            raise _Cancelled
        if self._progress is not None:
            self._progress(min(round(step), self.total), self.total, what)

    def done(self, what: str) -> None:
        self.at(self.total, what)


def _read_all(paths: Sequence[Path | tuple[str, bytes]], limits: Limits, steps: _Steps) -> list[_Item]:
    items: list[_Item] = []
    sources: list[tuple[str, Path | tuple[str, bytes]]] = []
    for path in paths:
        if isinstance(path, tuple):
            sources.append((path[0], path))
            continue
        try:
            sources += [(_shown(file, path), file) for file in list_files(path)]
        except InputError as error:
            items.append(_Item(str(path), message=error.message))
    steps.total = 2 * len(sources) + 1
    seen: dict[str, str] = {}
    for n_read, (shown, source) in enumerate(sources):
        steps.at(n_read, f"Reading {shown}")
        items += _read_one(shown, source, limits, seen)
    return items


def _shown(file: Path, root: Path) -> str:
    return file.name if file == root else str(PurePosixPath(*file.relative_to(root).parts))


def _read_one(
    shown: str, source: Path | tuple[str, bytes], limits: Limits, seen: dict[str, str]
) -> list[_Item]:
    found: list[_Item] = []
    try:
        for payload in read_payloads(source, limits):
            own_name = PurePosixPath(payload.name)
            path = "/".join([shown, *own_name.parts[1:]]) if isinstance(source, Path) else payload.name
            item = _Item(path, payload.sha256)
            if payload.sha256 in seen:
                item.notes = (f"the same file as {seen[payload.sha256]}: nothing to add",)
                item.label = "The same file again"
            else:
                seen[payload.sha256] = path
                _recognise(item, replace(payload, name=path), limits)
            found.append(item)
    except InputError as error:
        return [_Item(shown, message=error.message)]
    return found


def _recognise(item: _Item, payload: Payload, limits: Limits) -> None:
    try:
        raws = parse_payload(payload, limits)
    except InputError as error:
        item.fail(error)
        return
    except _FAULTS as error:
        item.fail(error)
        return
    for raw in raws:
        layout = next((layout for layout in LAYOUTS if _matches(layout, raw)), None)
        if layout is not None:
            item.raws.append((layout, raw))
    item.n_rows = sum(len(raw.frame if isinstance(raw, RawFeatures) else raw.rows) for raw in raws)
    if not item.raws:
        item.fail(UnrecognisedFileError(_columns_found(raws)))
    item.label = ", ".join(dict.fromkeys(layout.label for layout, _ in item.raws))


def _matches(layout: Layout, raw: Raw) -> bool:
    try:
        return layout.matches(raw)
    except _FAULTS:
        return False  # a layout that cannot even look at it is not its layout


def _columns_found(raws: Sequence[Raw]) -> str:
    raw = raws[0]
    if isinstance(raw, RawTable):
        names = [name for name in raw.header if name] or ["no row of column names"]
    else:
        names = [str(c) for c in raw.frame.columns if str(c) != "geometry"]
    shown = ", ".join(f"“{name[:40]}”" for name in names[:6]) + (", …" if len(names) > 6 else "")
    return (
        f"The columns match no publication that is known here ({shown}). Import the file as it was "
        "published, or add it as an indicator of your own."
    )


def _context(
    store: Store | None, items: Sequence[_Item], given: str | None, settings: Mapping[str, str]
) -> Context:
    framing = [raw for item in items for layout, raw in item.raws if layout.stage <= 1]
    everything = [raw for item in items for _, raw in item.raws]
    named = [raw for raw in framing if lad_column(code_columns(raw)) is not None]
    code, name = resolve_authority(named or everything, given, settings)
    areas = stored_areas(store) if store is not None else {}
    codes = area_codes_of(framing, code, stored_codes(store) if store is not None else {})
    return Context(
        authority_code=code,
        area_codes=codes,
        retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
        postcodes=store.postcodes() if store is not None else None,
        authority_name=name,
        outline=outline_of(areas),
        areas=areas,
    )


def _run_stage(stage: int, items: Sequence[_Item], context: Context, steps: _Steps) -> Context:
    """Parse what belongs to a stage; what it teaches is in the context that comes back."""
    work = [(item, layout, raw) for item in items for layout, raw in item.raws if layout.stage == stage]
    if stage == 0:  # outlines that name the authority tell where those that do not name it lie
        named = [entry for entry in work if lad_column(code_columns(entry[2])) is not None]
        context = _learned_areas(_run(named, context, steps), context)
        rest = [entry for entry in work if lad_column(code_columns(entry[2])) is None]
        return _learned_areas(_run(rest, context, steps), context)
    datasets = _run(work, context, steps)
    postcodes = [dataset.frame for dataset in datasets if dataset.kind == "postcodes"]
    if postcodes:
        known = [context.postcodes] if context.postcodes is not None else []
        joined = pd.concat([*known, *postcodes])
        context = replace(context, postcodes=joined[~joined.index.duplicated(keep="last")])
    return context


def _run(work: Sequence[tuple[_Item, Layout, Raw]], context: Context, steps: _Steps) -> list[NewDataset]:
    for item, layout, raw in work:
        if item.message:
            continue
        steps.at(steps.total / 2 + layout.stage * steps.total / 8, f"Importing {item.path}")
        try:
            if layout.stage >= 2 and context.authority_code is None:
                raise InputError(
                    "It is not known yet which authority this is for. Import ward boundaries or a lookup "
                    "that names it in the same go, or name it (--authority E06…)."
                )
            item.parsed.append(layout.parse(raw, context))
        except InputError as error:
            item.fail(error)
        except _FAULTS as error:
            item.fail(error)
    return [
        dataset
        for item, _, _ in work
        if not item.message
        for parsed in item.parsed
        for dataset in parsed.datasets
    ]


def _learned_areas(datasets: Sequence[NewDataset], context: Context) -> Context:
    chosen, _ = choose_datasets([Candidate(0, dataset) for dataset in datasets], ())
    learned = {d.geography: gpd.GeoDataFrame(d.frame) for d in chosen if d.kind == "areas"}
    return with_areas(context, learned) if learned else context


def _report(item: _Item, passed_over: Mapping[str, str]) -> FileReport:
    if item.message:
        return FileReport(item.path, item.label, "", item.n_rows, 0, (), item.message, item.notes)
    rows_in = sum(parsed.rows_in for parsed in item.parsed)
    rows_kept = sum(parsed.rows_kept for parsed in item.parsed)
    dropped = [entry for parsed in item.parsed for entry in parsed.dropped]
    notes = [*item.notes, *(note for parsed in item.parsed for note in parsed.notes)]
    ids = [dataset.id for parsed in item.parsed for dataset in parsed.datasets]
    if passed_over and set(passed_over) == set(ids):
        dropped.append(Dropped(next(iter(passed_over.values())), rows_kept))
        rows_kept = 0
    notes += [f"{id_}: {reason}" for id_, reason in passed_over.items()] if rows_kept else []
    geographies = ", ".join(dict.fromkeys(parsed.geography for parsed in item.parsed if parsed.geography))
    return FileReport(
        item.path,
        item.label,
        geographies,
        rows_in,
        rows_kept,
        tuple(entry for entry in dropped if entry.n_rows),
        "",
        tuple(dict.fromkeys(notes)),
    )


def _not_understood(error: Exception) -> str:
    return (
        "The file has the columns of a known publication, but its rows could not be understood "
        f"({str(error)[:100]}). Download it again, or import it as it was published."
    )
