"""What an option is called on a page, so that no two that stand side by side share a title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from neighbourhoods.option import FootprintOption
from neighbourhoods.option_version import line_of
from neighbourhoods.study import Study

AS_NOW = "as now"


def option_label(study: Study, option: FootprintOption) -> str:
    """An option in a list to choose from: "Four areas (as now, approved, 2026-06-03)"."""
    facts = [AS_NOW] if option.id == study.as_now_id else []
    version = _version(study, option)
    facts += [version] if version else []
    return f"{option.name} ({', '.join([*facts, option.status, option.created[:10]])})"


def option_title(study: Study, option: FootprintOption) -> str:
    """One option by itself: its name, and whether it is as now."""
    return option.name + _pin(study, option)


def option_titles(study: Study, options: Sequence[FootprintOption]) -> dict[str, str]:
    """Titles by id, each once: versions of one option carry their number, namesakes their date or id."""
    names = Counter(o.name for o in options)
    marks: tuple[Callable[[FootprintOption], str], ...] = (
        lambda o: f"version {line_of(study.option_lines(), o.id).number(o.id)}",
        lambda o: o.created[:16].replace("T", " "),
        lambda o: o.id[:8],
    )
    titles: dict[str, str] = {}
    for mark in marks:
        titles = {
            o.id: o.name + (f", {mark(o)}" if names[o.name] > 1 else "") + _pin(study, o) for o in options
        }
        if len(set(titles.values())) == len(options):
            break
    return titles


def _pin(study: Study, option: FootprintOption) -> str:
    return f" ({AS_NOW})" if option.id and option.id == study.as_now_id else ""


def _version(study: Study, option: FootprintOption) -> str:
    """ "version 1 of 3" for all but the newest."""
    line = line_of(study.option_lines(), option.id)
    if option.id == line.newest.id:
        return ""
    return f"version {line.number(option.id)} of {len(line.versions)}"
