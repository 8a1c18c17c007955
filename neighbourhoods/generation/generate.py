"""From a study and what is asked of it to every option there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from geodata.errors import InputError
from neighbourhoods.generation.enumeration import Enumeration, enumerate_options
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.generation.plan import plan_of
from neighbourhoods.generation.problem import Problem
from neighbourhoods.generation.refusal import refusal
from neighbourhoods.measure.option_score import Town, score_options
from neighbourhoods.need.index import NeedIndex, Standardisation, is_complete, need_index
from neighbourhoods.need.need import NeedTable, need_table
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.partner.line import partner_lines, require_locks_on_one_side
from neighbourhoods.search.result import searched
from neighbourhoods.study.fitted import footprint_rows
from neighbourhoods.study.study import Study

Progress = Callable[[int, int, str], None]
Keep = Callable[[GenerationResult], None]


def generate(
    study: Study,
    params: GenerationParams,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Keep | None = None,
) -> GenerationResult:
    """Every option that meets `params`, or good ones and how good any can be; scored on every measure.

    Parameters
    ----------
    keep : callable, optional
        Called with what a search found so far when its best is better than before, at most once a second,
        and when a bound has become known.

    Raises
    ------
    InputError
        When what is asked cannot be: names what clashes and the smallest change that helps. When it is too
        large to go through and that was asked for: says how large it would be.
    """
    problem = problem_of(study, params)
    plan = plan_of(problem, params)
    if plan.method == "search":
        return searched(
            params,
            problem,
            town_of(study, params),
            study.areas(params.geography)["area_name"].tolist(),
            plan.n_steps,
            None if params.as_now is None else score_option(study, params, params.as_now),
            progress=progress,
            cancelled=cancelled,
            keep=keep,
        )
    found = enumerate_options(
        problem, progress=progress, cancelled=cancelled, most_options=params.most_options
    )
    if not found.n_options and found.is_complete:
        if progress:
            progress(1, 1, "none; looking for the smallest change that helps")
        raise refusal(problem, study.areas(params.geography)["area_name"].tolist())
    return _result(params, town_of(study, params), problem, found, plan.n_steps, study)


def problem_of(study: Study, params: GenerationParams) -> Problem:
    """What is asked, in numbers.

    Raises
    ------
    InputError
        When an area or footprint is unknown, or the population of an area is.
    """
    topology = study.topology(params.geography)
    population = study.population(params.geography).reindex(topology.area_codes)
    unknown = population.index[population.isna()]
    if len(unknown):
        names = study.areas(params.geography)["area_name"].reindex(unknown)
        raise InputError(
            f"The population of {names.iloc[0]} is not known; import a population table that covers it."
        )
    people = tuple(population.astype(float))
    first, second, _ = topology.pairs
    ends = [np.concatenate(pair) for pair in zip((first, second), topology.link_rows, strict=True)]
    together = [frozenset(_rows(study, params, codes)) for codes in params.together]
    edges = list(zip(ends[0].tolist(), ends[1].tolist(), strict=True))
    not_across = [study.partner_set(one, params.geography) for one in params.not_across]
    lines = partner_lines(
        [study.partner_set(one, params.geography) for one in params.keep_whole], not_across, edges
    )
    locked = _locked(study, params)
    require_locks_on_one_side(locked, not_across, study.areas(params.geography)["area_name"].tolist())
    together += [group for line in lines for _, group in line.wholes]
    crossed = frozenset().union(*(line.crossed for line in lines))
    edges = [edge for edge in edges if edge not in crossed]
    apart = tuple(pair for codes in params.apart for pair in combinations(_rows(study, params, codes), 2))
    return Problem(
        people,
        tuple(edges),
        params.n_min,
        params.n_max,
        target_of(study, params),
        params.tolerance,
        tuple(together),
        apart,
        locked,
        lines,
    )


def town_of(study: Study, params: GenerationParams) -> Town:
    """What options are scored against."""
    topology = study.topology(params.geography)
    people = study.population(params.geography).reindex(topology.area_codes).to_numpy(dtype=float)
    as_now = None
    if params.as_now is not None:
        _, rows = footprint_rows(_whole(study, params, params.as_now), topology.area_codes)
        as_now = rows.astype(np.int64)
    need = (
        need_index_of(study, params.geography, params.need, params.standardisation) if params.need else None
    )
    return Town(
        topology,
        people,
        target_of(study, params),
        as_now,
        need,
        study.partner_set(params.partner_id, params.geography) if params.partner_id else None,
        study.travel_minutes(params.geography, params.km_h) if params.km_h else None,
        study.population_in(params.geography, params.future_years).to_numpy(dtype=float)
        if params.future_years
        else None,
    )


def target_of(study: Study, params: GenerationParams) -> float:
    """People wanted in each footprint."""
    if params.target is not None:
        return params.target
    return float(study.population(params.geography).sum()) / params.n_min


def need_index_of(
    study: Study,
    geography: str,
    chosen: tuple[tuple[str, float], ...],
    standardisation: Standardisation = "z",
) -> NeedIndex:
    """A need index over the areas of one geography.

    Raises
    ------
    InputError
        When an indicator cannot be part of it.
    """
    table = _need_table(study, geography)
    people = study.population(geography).reindex(table.area_codes).to_numpy(dtype=float)
    return need_index(table, chosen, study.catalogue, standardisation=standardisation, people=people)


def usable_indicators(study: Study, geography: str) -> tuple[str, ...]:
    """Indicators with a figure for every area, in the order of the catalogue."""
    table = _need_table(study, geography)
    return tuple(one for one in study.catalogue if is_complete(table, one))


def score_option(study: Study, params: GenerationParams, option: FootprintOption) -> pd.Series:
    """Measures of one given option, by the same formulas; it need not meet the constraints.

    Raises
    ------
    InputError
        When it leaves an area out.
    """
    codes = study.topology(params.geography).area_codes
    _, rows = footprint_rows(_whole(study, params, option), codes)
    return score_options(rows.astype(np.int16)[None, :], town_of(study, params)).iloc[0]


def _result(
    params: GenerationParams,
    town: Town,
    problem: Problem,
    found: Enumeration,
    expected: float,
    study: Study,
) -> GenerationResult:
    footprint = found.footprint
    scores = score_options(footprint, town) if len(footprint) else pd.DataFrame()
    n_left_out = 0
    if len(footprint) and not params.allow_enclosed:
        kept = (scores["n_enclosed"] == 0).to_numpy()
        n_left_out = int((~kept).sum())
        if not kept.any() and found.is_complete:
            raise InputError(
                f"In each of the {n_left_out:,} ways to do this one footprint lies wholly inside another. "
                "Allow that, or widen the band."
            )
        footprint, scores = footprint[kept], scores[kept].reset_index(drop=True)
    return GenerationResult(
        params=params,
        area_codes=town.topology.area_codes,
        people=town.people,
        target=problem.target,
        footprint=footprint,
        scores=scores,
        n_enclosed_left_out=n_left_out,
        is_complete=found.is_complete,
        seed=params.seed,
        n_steps=found.n_steps,
        n_steps_expected=expected,
        runtime_s=found.runtime_s,
        compile_s=found.compile_s,
        as_now_scores=None if params.as_now is None else score_option(study, params, params.as_now),
    )


@lru_cache(maxsize=2)
def _need_table(study: Study, geography: str) -> NeedTable:
    rows = study.profile(geography)
    rows = rows[rows["area_code"] != study.authority_code]
    return need_table(rows, study.topology(geography).area_codes)


def _rows(study: Study, params: GenerationParams, codes: tuple[str, ...]) -> list[int]:
    known = study.topology(params.geography).row_by_code
    for code in codes:
        if code not in known:
            raise InputError(f"There is no area {code} among the {params.geography} areas: check the code.")
    if len(set(codes)) < 2:
        raise InputError(f"Two areas or more are needed to say together or apart, not {', '.join(codes)}.")
    return [known[code] for code in dict.fromkeys(codes)]


def _locked(study: Study, params: GenerationParams) -> tuple[frozenset[int], ...]:
    if params.as_now is None:
        return ()
    option = _whole(study, params, params.as_now)
    ids, rows = footprint_rows(option, study.topology(params.geography).area_codes)
    for one in params.locked:
        if one not in ids:
            raise InputError(f"{option.name} has no footprint {one!r} to lock; it has {', '.join(ids)}.")
    return tuple(
        frozenset(np.flatnonzero(rows == ids.get_loc(one)).tolist()) for one in dict.fromkeys(params.locked)
    )


def _whole(study: Study, params: GenerationParams, option: FootprintOption) -> FootprintOption:
    """The option on the areas in question; every one of them must be in a footprint."""
    fitted = study.in_geography(option, params.geography)
    areas = study.areas(params.geography)
    missing = [str(areas.at[code, "area_name"]) for code in areas.index if code not in fitted.assignment]
    if missing:
        raise InputError(
            f"{option.name} leaves {len(missing)} areas out, {missing[0]} among them; place them first."
        )
    return fitted
