"""One file on its way through an import: read, recognised, and in the end reported on.

A file that cannot be read or recognised carries its message to the report and holds up no other.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np
import shapely

from geodata.archive import list_files, read_payloads
from geodata.content import parse_payload
from geodata.errors import DamagedFileError, InputError, UnrecognisedFileError
from geodata.import_report import FileReport
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Layout, Parsed
from geodata.payload import Limits, Payload, Raw, RawFeatures, RawTable, RawTimetable
from geodata.provenance import Dropped

Progress = Callable[[int, int, str], None]
# What a layout may trip over in a file that is not what its columns promise.
FAULTS = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    ArithmeticError,
    csv.Error,
    shapely.errors.GEOSException,
)


@dataclass
class ImportItem:
    """One payload on its way through the stages."""

    path: str
    sha256: str = ""
    raws: list[tuple[Layout, Raw]] = field(default_factory=list)
    parsed: list[Parsed] = field(default_factory=list)
    message: str = ""
    notes: tuple[str, ...] = ()
    label: str = ""
    n_rows: int = 0

    def unparsed(self) -> ImportItem:
        """The same file as it was read, for another turn through the stages."""
        return replace(self, parsed=[])

    def fail(self, error: Exception) -> None:
        self.message = error.message if isinstance(error, InputError) else _not_understood(error)
        self.parsed = []


class ImportCancelled(Exception):  # noqa: N818 - not an error: the person stopped it
    pass


class Steps:
    """Progress over reading and parsing, half of it each."""

    def __init__(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        self._progress, self._cancelled = progress, cancelled
        self.total = 1

    def at(self, step: float, what: str) -> None:
        if self._cancelled is not None and self._cancelled():
            raise ImportCancelled
        if self._progress is not None:
            self._progress(min(round(step), self.total), self.total, what)

    def done(self, what: str) -> None:
        self.at(self.total, what)


def read_items(paths: Sequence[Path | tuple[str, bytes]], limits: Limits, steps: Steps) -> list[ImportItem]:
    items: list[ImportItem] = []
    sources: list[tuple[str, Path | tuple[str, bytes]]] = []
    for path in paths:
        if isinstance(path, tuple):
            sources.append((path[0], path))
            continue
        try:
            sources += [(_shown(file, path), file) for file in list_files(path)]
        except InputError as error:
            items.append(ImportItem(str(path), message=error.message))
    steps.total = 2 * len(sources) + 1
    seen: dict[str, str] = {}
    for n_read, (shown, source) in enumerate(sources):
        steps.at(n_read, f"Reading {shown}")
        items += _read_one(shown, source, limits, seen)
    return items


def keep_layouts(items: Sequence[ImportItem], layout_ids: Collection[str]) -> None:
    """Let only some layouts through; a file that is another says what it is."""
    for item in items:
        kept = [(layout, raw) for layout, raw in item.raws if layout.id in layout_ids]
        if item.raws and not kept:
            item.fail(InputError(f"This is not a list of places: {item.label}. Import it with “import”."))
        item.raws = kept


def _shown(file: Path, root: Path) -> str:
    return file.name if file == root else str(PurePosixPath(*file.relative_to(root).parts))


def _read_one(
    shown: str, source: Path | tuple[str, bytes], limits: Limits, seen: dict[str, str]
) -> list[ImportItem]:
    found: list[ImportItem] = []
    try:
        for payload in read_payloads(source, limits):
            own_name = PurePosixPath(payload.name)
            path = "/".join([shown, *own_name.parts[1:]]) if isinstance(source, Path) else payload.name
            item = ImportItem(path, payload.sha256)
            if payload.sha256 in seen:
                item.notes = (f"the same file as {seen[payload.sha256]}: nothing to add",)
                item.label = "The same file again"
            else:
                seen[payload.sha256] = path
                _recognise(item, replace(payload, name=path), limits)
            found.append(item)
    except InputError as error:
        return [ImportItem(shown, message=error.message)]
    return found


def _recognise(item: ImportItem, payload: Payload, limits: Limits) -> None:
    try:
        raws = parse_payload(payload, limits)
    except InputError as error:
        item.fail(error)
        return
    except FAULTS as error:
        item.fail(error)
        return
    for raw in raws:
        layout = next((layout for layout in LAYOUTS if _matches(layout, raw)), None)
        if layout is not None:
            item.raws.append((layout, raw))
    item.n_rows = sum(len(raw.frame if isinstance(raw, RawFeatures) else raw.rows) for raw in raws)
    if not item.raws:
        item.fail(UnrecognisedFileError(_columns_found(raws)))
    elif not item.n_rows and not any(isinstance(raw, RawTimetable) for raw in raws):
        item.fail(DamagedFileError("There are column names, but no rows below them. Download it again."))
    item.label = ", ".join(dict.fromkeys(layout.label for layout, _ in item.raws))


def _matches(layout: Layout, raw: Raw) -> bool:
    try:
        return layout.matches(raw)
    except FAULTS:
        return False  # a layout that cannot even look at it is not its layout


def _columns_found(raws: Sequence[Raw]) -> str:
    raw = raws[0]
    if isinstance(raw, RawTable):
        names = [name for name in raw.header if name] or ["no row of column names"]
    else:
        names = [str(c) for c in raw.frame.columns if str(c) != "geometry"]
    shown = ", ".join(f"“{name[:40]}”" for name in names[:6]) + (", …" if len(names) > 6 else "")
    if isinstance(raw, RawFeatures):
        if raw.frame.empty:
            return "There are no outlines or points in this file. Export or download it again."
        if not np.isin(shapely.get_type_id(raw.frame.geometry.to_numpy()), (3, 6)).any():
            return (
                f"These points or lines are no places, centroids or roads that are known here ({shown}). A "
                "list of venues needs a column with their names; areas are imported by their outlines."
            )
        return (
            f"These outlines are no areas that are known here ({shown}). If they are a partner's areas, add "
            "them as such: on the Data page under Partners' areas, or with “partners --add”."
        )
    return (
        f"The columns match no publication that is known here ({shown}). Import the file as it was "
        "published, or add it as an indicator of your own."
    )


def report_of(item: ImportItem, passed_over: Mapping[str, str]) -> FileReport:
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
