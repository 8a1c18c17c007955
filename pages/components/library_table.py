"""The options of the workspace as one table: the newest version of each, and which one is as now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geodata.geography import geography as geography_record
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.report import people_range
from neighbourhoods.option.version import OptionLine, line_of
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.option_title import AS_NOW

NOT_LOADED = "areas not loaded"


def ordered_lines(study: Study) -> tuple[OptionLine, ...]:
    """Every option, the one with the pinned version first, then as they were saved, newest first."""
    pinned = study.as_now_id
    return tuple(sorted(study.option_lines(), key=lambda line: not _holds(line, pinned)))


def library_words(study: Study, lines: Sequence[OptionLine]) -> str:
    """The finding of the moment: how many there are, what is approved, what is as now."""
    saved = f"{words.plural(len(lines), 'option')} saved"
    pinned = study.as_now_id
    if pinned:
        line = line_of(lines, pinned)
        version = line.version(pinned)
        which = "" if pinned == line.newest.id else f"version {line.number(pinned)} of "
        status = "a draft" if version.status == "draft" else version.status
        return f"{saved}; {which}'{line.name}' is {status} and pinned as now"
    approved = [line.name for line in lines if line.newest.status == "approved"]
    if approved:
        verb = "is" if len(approved) == 1 else "are"
        named = words.listed([f"'{name}'" for name in approved], limit=2)
        return f"{saved}; {named} {verb} approved, none is pinned as now"
    return f"{saved}; none is pinned as now"


def library_rows(study: Study, lines: Sequence[OptionLine]) -> pd.DataFrame:
    """One row for each option, by its newest version."""
    pinned = study.as_now_id
    return pd.DataFrame([_row(study, line, pinned) for line in lines])


def made_words(option: FootprintOption) -> str:
    """How an option was made: "generated, seed 7"."""
    made = option.made_by or "not recorded"
    return made if option.seed is None else f"{made}, seed {option.seed}"


def people_words(study: Study, option: FootprintOption) -> str:
    """ "28,737 to 38,796": the smallest footprint and the largest."""
    if option.geography not in study.geographies:
        return NOT_LOADED
    smallest, largest = people_range(study, option)
    if np.isnan(smallest) or np.isnan(largest):
        return words.NO_DATA
    return f"{smallest:,.0f} to {largest:,.0f}"


def _row(study: Study, line: OptionLine, pinned: str) -> dict[str, object]:
    newest = line.newest
    return {
        "Option": line.name,
        "Status": newest.status,
        "As now": _as_now(line, pinned),
        "Footprints": len(newest.footprint_ids),
        "People, smallest to largest": people_words(study, newest),
        "Who": newest.author,
        "When": newest.created[:10],
        "Versions": len(line.versions),
        "Made by": made_words(newest),
        "Made of": geography_record(newest.geography).plural,
    }


def _as_now(line: OptionLine, pinned: str) -> str:
    if not _holds(line, pinned):
        return ""
    return AS_NOW if pinned == line.newest.id else f"{AS_NOW}: version {line.number(pinned)}"


def _holds(line: OptionLine, version_id: str) -> bool:
    return any(version.id == version_id for version in line.versions)
