"""Files in, one transaction out, and a report on every one of them.

Files are read first and then worked through in stages (boundaries, lookups, statistics, places), so the
order in which they are given changes nothing. A file at fault puts nothing in and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.authority_scope import (
    HOW_TO_NAME_IT,
    area_codes_of,
    outline_of,
    resolve_authority,
    stored_areas,
    stored_codes,
    with_areas,
)
from geodata.choice import Candidate, choose_datasets, superseded_wards
from geodata.dataset import NewDataset
from geodata.errors import InputError, OvertakenError, WorkspaceError
from geodata.import_item import (
    FAULTS,
    ImportCancelled,
    ImportItem,
    Progress,
    Steps,
    keep_layouts,
    read_items,
    report_of,
)
from geodata.import_report import FileReport, ImportReport
from geodata.layouts.column import code_columns, lad_column
from geodata.layouts.layout import Context, Layout
from geodata.payload import Limits, Raw
from geodata.reconciliation import reconcile
from geodata.store import Store

_STAGES = (0, 1, 2, 3)
_ATTEMPTS = 8
_NO_AUTHORITY = (
    "It is not known yet which authority this is for. Import ward boundaries or a lookup that names it in "
    f"the same go, or name it: {HOW_TO_NAME_IT}."
)

__all__ = ["FileReport", "ImportReport", "import_paths"]


def import_paths(
    store: Store,
    paths: Sequence[Path | tuple[str, bytes]],
    *,
    authority: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits | None = None,
    only: Collection[str] = (),
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
    only : collection of str
        Ids of layouts that may come in; a file of another is reported and not stored. Empty for all.

    Raises
    ------
    InputError
        When the authority is not known from anything, or several are equally likely.
    WorkspaceError
        When the workspace cannot be written.
    """
    steps = Steps(progress, cancelled)
    try:
        items = read_items(paths, limits or Limits(), steps)
        if only:
            keep_layouts(items, only)
        return _store_undisturbed(store, items, authority, steps)
    except ImportCancelled:
        return ImportReport((), reconcile(store.cells()), cancelled=True)


def _store_undisturbed(
    store: Store, items: Sequence[ImportItem], authority: str | None, steps: Steps
) -> ImportReport:
    """Store, and choose anew whenever another import was faster: what it brought is then weighed too."""
    for _ in range(_ATTEMPTS):
        try:
            return _store(store, [item.unparsed() for item in items], authority, steps)
        except OvertakenError:
            continue
    raise WorkspaceError(
        "Other imports keep writing to this workspace. Nothing was changed; try again when they are done.",
        where=str(store.root),
    )


def _store(store: Store, items: list[ImportItem], authority: str | None, steps: Steps) -> ImportReport:
    version = store.version
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
    chosen, passed_over = choose_datasets(candidates, stored, lambda id_: _in_force(store.read(id_), context))
    new = [*chosen, *superseded_wards(chosen, None if is_sample else store)]
    steps.done("Writing")
    if new:
        store.write(new, settings=_settings(context, is_sample), clear=is_sample, at_version=version)
    return ImportReport(
        tuple(report_of(item, passed_over.get(position, {})) for position, item in enumerate(items)),
        reconcile(store.cells()),
        context.authority_code or "",
        context.authority_name,
        tuple(dataset.id for dataset in new),
    )


def _in_force(frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Stored figures of areas that are still known: those of superseded wards are no part of a table."""
    if "area_code" not in frame.columns:
        return frame
    known = (
        context.area_codes.get(str(frame["geography"].iloc[0]), frozenset()) if len(frame) else frozenset()
    )
    return frame[frame["area_code"].isin(known)] if known else frame


def _settings(context: Context, is_sample: bool) -> dict[str, str]:
    # The sample's authority goes with the sample, its name too where nothing names the new one.
    settings = {"is_sample": "no", "authority_name": ""} if is_sample else {}
    if context.authority_code:
        settings["authority_code"] = context.authority_code
    if context.authority_name:
        settings["authority_name"] = context.authority_name
    return settings


def _context(
    store: Store | None, items: Sequence[ImportItem], given: str | None, settings: Mapping[str, str]
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


def _run_stage(stage: int, items: Sequence[ImportItem], context: Context, steps: Steps) -> Context:
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


def _run(work: Sequence[tuple[ImportItem, Layout, Raw]], context: Context, steps: Steps) -> list[NewDataset]:
    for item, layout, raw in work:
        if item.message:
            continue
        steps.at(steps.total / 2 + layout.stage * steps.total / 8, f"Importing {item.path}")
        try:
            if layout.stage >= 2 and context.authority_code is None:
                raise InputError(_NO_AUTHORITY)
            parsed = layout.parse(raw, context)
            if parsed.datasets and context.authority_code is None:
                raise InputError(_NO_AUTHORITY)
            item.parsed.append(parsed)
        except InputError as error:
            item.fail(error)
        except FAULTS as error:
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
