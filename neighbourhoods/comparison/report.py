"""A comparison of two options as plain values for scripts: who wins on what, how far apart figures are."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.errors import InputError
from neighbourhoods.comparison.contest import option_contest
from neighbourhoods.comparison.difference import option_differences
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

FIRST, SECOND = "first", "second"


def contest_json(
    study: Study, first: FootprintOption, second: FootprintOption, target: float | None = None
) -> list[dict[str, object]]:
    """Each measure with both values, and which option wins: "first", "second" or null, and then why not.

    Options from files have no id of their own, so the two are called by their places; only what is pinned
    as now keeps its id, to be known by it.
    """
    ids = [option.id if option.id and option.id == study.as_now_id else "" for option in (first, second)]
    if ids[0] and ids[0] == ids[1]:
        ids[1] = ""  # as now against itself
    places = {one or place: place for one, place in zip(ids, (FIRST, SECOND), strict=True)}
    pair = [option.with_changes(id=one) for one, option in zip(places, (first, second), strict=True)]
    return [
        {
            "measure_id": verdict.criterion.id,
            "label": verdict.criterion.label,
            **{place: verdict.value_by_option[one] for one, place in places.items()},
            "winner": places.get(verdict.sole_winner),
            "not_judged": verdict.not_judged or None,
        }
        for verdict in option_contest(study, pair, target=target)
    ]


def differences_json(
    study: Study, first: FootprintOption, second: FootprintOption, indicator_id: str
) -> list[Mapping[str, object]]:
    """Differences of one indicator between matched footprints, second less first.

    Raises
    ------
    InputError
        For an unknown indicator.
    """
    if indicator_id not in study.catalogue:
        raise InputError(f"there is no indicator {indicator_id!r}; see `neighbourhoods indicators`")
    rows = option_differences(study, first, second, indicator_id)
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
