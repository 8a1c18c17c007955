"""The option library as plain values for scripts: keys that stay, null for what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from geodata.errors import InputError
from neighbourhoods.option.library import status_history
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.version import OptionLine, VersionChange, line_of
from neighbourhoods.study.study import Study


def options_json(study: Study) -> dict[str, object]:
    """The newest version of every option, the one that is as now first."""
    lines = study.option_lines()
    return {"options": [_option(study, line_of(lines, o.id), o) for o in study.options()]}


def versions_json(study: Study, line: OptionLine) -> dict[str, object]:
    """Every version of one option, first version first, with what each changed against the one before."""
    return {
        "name": line.name,
        "versions": [
            {
                "number": line.number(version.id),
                **_option(study, line, version),
                "rationale": version.rationale,
                "is_newest": version.id == line.newest.id,
                "equal_to": line.equal_before(version.id),
                "change": _change(study, line, version),
                "statuses": [
                    {key: value for key, value in asdict(one).items() if key != "option_id"}
                    for one in status_history(study.store, version.id)
                ],
            }
            for version in line.versions
        ],
    }


def options_words(document: dict[str, object]) -> str:
    """Either document as a table for a terminal."""
    rows = document.get("options") or document.get("versions")
    if not isinstance(rows, list) or not rows:
        return "No option is saved."
    table = pd.DataFrame(rows).drop(columns=["change", "statuses"], errors="ignore")
    return table.to_string(index=False)


def change_words(change: VersionChange, one: str, many: str) -> str:
    """What a version changed: "3 wards moved, 12,345 people; North was Footprint A".

    Parameters
    ----------
    one, many : str
        What areas are called.
    """
    if change.is_nothing:
        return "Nothing changed."
    parts = []
    if n := len(change.areas_that_move):
        people = change.people_who_move
        known = "people not known" if np.isnan(people) else f"{people:,.0f} people"
        parts.append(f"{n:,} {one if n == 1 else many} moved, {known}")
    before, after = change.n_footprints
    if before != after:
        parts.append(f"{after} footprints, {before} before")
    parts += [f"{now} was called {was}" for was, now in change.renamed]
    return "; ".join(parts) + "."


def people_range(study: Study, option: FootprintOption) -> tuple[float, float]:
    """People in the smallest and the largest footprint; NaN where not known or the areas are not loaded."""
    if option.geography not in study.geographies:
        return np.nan, np.nan
    people = study.evaluate(option).footprints["population"]
    return float(people.min()), float(people.max())


def _option(study: Study, line: OptionLine, option: FootprintOption) -> dict[str, object]:
    smallest, largest = people_range(study, option)
    return {
        "id": option.id,
        "name": option.name,
        "geography": option.geography,
        "status": option.status,
        "author": option.author,
        "created": option.created,
        "parent_id": option.parent_id,
        "n_footprints": len(option.footprint_ids),
        "smallest": smallest,
        "largest": largest,
        "n_versions": len(line.versions),
        "made_by": option.made_by or None,
        "seed": option.seed,
        "is_as_now": option.id == study.as_now_id,
    }


def _change(study: Study, line: OptionLine, version: FootprintOption) -> dict[str, object] | None:
    before = line.before(version.id)
    if before is None or not _are_loaded(study, (before, version)):
        return None
    try:
        change = study.version_change(before, version)
    except InputError:  # nothing joins the two kinds of area: what changed is not known
        return None
    return {
        "areas_that_move": list(change.areas_that_move),
        "people_who_move": change.people_who_move,
        "renamed": [list(pair) for pair in change.renamed],
    }


def _are_loaded(study: Study, options: Sequence[FootprintOption]) -> bool:
    return all(option.geography in study.geographies for option in options)
