"""The partners' sets of a workspace: listed, added from a file with what did not fit, removed."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.geography import geography as geography_record
from neighbourhoods.option.polygon import FittingReport
from neighbourhoods.partner.file import partner_dataset
from neighbourhoods.study.study import Study


def add_partner(
    study: Study, content: bytes, file_name: str, *, name: str, column: str = "", registered: str = ""
) -> dict[str, object]:
    """Store a partner's set; one of the same name is replaced.

    Returns
    -------
    dict
        id, name, kind ("polygons", or the kind of area of a table), n_areas (of the partner's), rows_in,
        rows_kept, dropped, notes, fitted_to, and for polygons overlaps, gaps, contested, empty: see
        `neighbourhoods.option.polygon.FittingReport`.

    Raises
    ------
    InputError
        See `neighbourhoods.partner.file.partner_dataset`; nothing is stored.
    """
    areas = {g: study.areas(g) for g in study.geographies}
    dataset = partner_dataset(
        content,
        file_name,
        areas,
        name=name,
        authority=study.authority_name,
        column=column,
        registered=registered,
    )
    study.store.write([dataset])
    fresh = Study(study.store)
    origin = dataset.provenance
    fitted_to = fresh.geographies[0]
    return {
        **_row(fresh, dataset.id),
        "rows_in": origin.rows_in,
        "rows_kept": origin.rows_kept,
        "dropped": [{"reason": d.reason, "n_rows": d.n_rows} for d in origin.dropped],
        "notes": list(origin.notes),
        "fitted_to": fitted_to,
        **_fitting(fresh.partner_report(dataset.id, fitted_to)),
    }


def partner_rows(study: Study) -> list[dict[str, object]]:
    """The imported sets: id, name, kind, n_areas, registered (of all its areas; None where not known)."""
    return [_row(study, one.id) for one in study.datasets if one.kind == "partner"]


def partner_words(added: dict[str, object]) -> str:
    """What was added, for a person at a terminal."""
    parts = [f"{added['id']}  {added['name']}: {added['n_areas']} areas, {added['rows_kept']} rows kept"]
    for key, says in (
        ("gaps", "in no polygon"),
        ("contested", "in more than one polygon"),
        ("empty", "of the partner's, with none of ours"),
    ):
        listed = added.get(key)
        if isinstance(listed, Sequence) and listed:
            plural = geography_record(str(added["fitted_to"])).plural if key != "empty" else "areas"
            parts.append(f"{len(listed)} {plural} {says}: {', '.join(map(str, listed[:5]))}")
    return "\n".join(parts)


def _row(study: Study, partner_id: str) -> dict[str, object]:
    source = study.partner_source(partner_id)
    known = source.registered[source.registered == source.registered]
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.geography or "polygons",
        "n_areas": len(source.labels),
        "registered": float(known.sum()) if len(known) else None,
    }


def _fitting(report: FittingReport | None) -> dict[str, object]:
    if report is None:
        return {}
    return {
        "overlaps": report.overlaps.to_dict("records"),
        "gaps": list(report.gaps),
        "contested": list(report.contested),
        "empty": list(report.empty),
    }
