"""What options are called on a page, so that no two that stand side by side share a title.

The database is asked once for a whole list: a page may name fifty options on every run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

AS_NOW = "as now"


def option_labels(study: Study, options: Iterable[FootprintOption]) -> dict[str, str]:
    """Options in a list to choose from, by id: "Four areas (as now, approved, 2026-06-03)"."""
    as_now_id, place = study.as_now_id, _place_by_version(study)
    labels = {}
    for option in options:
        facts = [AS_NOW] if option.id and option.id == as_now_id else []
        number, n_versions = place.get(option.id, (1, 1))
        if number < n_versions:
            facts.append(f"version {number} of {n_versions}")
        labels[option.id] = f"{option.name} ({', '.join([*facts, option.status, option.created[:10]])})"
    return labels


def option_titles(study: Study, options: Iterable[FootprintOption]) -> dict[str, str]:
    """Titles by id, each once: versions of one option carry their number, namesakes their date or id."""
    listed = list(options)
    names = Counter(o.name for o in listed)
    as_now_id, place = study.as_now_id, _place_by_version(study)
    pin = {o.id: f" ({AS_NOW})" if o.id and o.id == as_now_id else "" for o in listed}
    titles: dict[str, str] = {}
    for mark in (
        {o.id: f"version {place.get(o.id, (1, 1))[0]}" for o in listed},
        {o.id: o.created[:16].replace("T", " ") for o in listed},
        {o.id: o.id[:8] for o in listed},
    ):
        titles = {o.id: o.name + (f", {mark[o.id]}" if names[o.name] > 1 else "") + pin[o.id] for o in listed}
        if len(set(titles.values())) == len(listed):
            break
    return titles


def option_title(study: Study, option: FootprintOption) -> str:
    """One option by itself: its name, and whether it is as now."""
    return option_titles(study, [option])[option.id]


def _place_by_version(study: Study) -> dict[str, tuple[int, int]]:
    """Number of each version and of how many it is one, by id."""
    return {
        version.id: (number, len(line.versions))
        for line in study.option_lines()
        for number, version in enumerate(line.versions, start=1)
    }
