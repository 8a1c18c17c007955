"""A generation as plain values for scripts: keys that stay, numbers that say their unit, versions beside."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from neighbourhoods.bound.bound import Bound
from neighbourhoods.generation.generation import GenerationResult
from neighbourhoods.generation.problem import MOST_STEPS
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.option_score import population_by_footprint
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.need.index import STANDARDISATIONS


def generation_json(result: GenerationResult, n_options: int) -> dict[str, object]:
    """What was asked, how many ways there are, how good each measure can be, and the first of the ranking.

    Keys
    ----
    params, method, steps, n_ways, n_left_out_inside_another, is_complete, is_proven, stopped_early, bound,
    gap, bounds, seed, n_steps, n_steps_expected, limit_steps, runtime_s, bound_s, compile_s, measures,
    options, front, as_now, need. Of a search `n_ways` counts the ways that it kept.
    """
    params = result.params
    front_wishes = tuple(one for one, _ in params.wishes)[:3]
    front = result.front(front_wishes) if len(front_wishes) > 1 else np.zeros(0, dtype=np.int64)
    return {
        "params": {
            "geography": params.geography,
            "n_min": params.n_min,
            "n_max": params.n_max,
            "target": result.target,
            "tolerance": params.tolerance,
            "wishes": dict(params.wishes),
            "together": [list(codes) for codes in params.together],
            "apart": [list(codes) for codes in params.apart],
            "locked": list(params.locked),
            "allow_enclosed": params.allow_enclosed,
            "as_now": params.as_now.name if params.as_now else None,
            "keep_whole": list(params.keep_whole),
            "not_across": list(params.not_across),
            "partner": params.partner_id or None,
            "future_years": params.future_years,
            "km_h": params.km_h or None,
        },
        "method": result.method,
        "n_ways": result.n_options,
        "n_left_out_inside_another": result.n_enclosed_left_out,
        "is_complete": result.is_complete,
        "is_proven": result.is_complete and result.n_options > 0,
        "stopped_early": result.stopped_early,
        "bound": result.bound,
        "gap": result.gap,
        "bounds": [_bound(result, one) for one in result.bounds.values()],
        "seed": result.seed,
        "n_steps": result.n_steps,
        "n_steps_expected": round(result.n_steps_expected),
        "limit_steps": MOST_STEPS,
        "runtime_s": result.runtime_s,
        "steps": None if result.note is None else result.note.steps,
        "bound_s": 0.0 if result.note is None else result.note.bound_s,
        "compile_s": result.compile_s,
        "measures": [_measure(result, one) for one in result.measure_ids],
        "options": [option_json(result, int(number)) for number in result.ranking[:n_options]],
        "front": {
            "wishes": list(front_wishes) if len(front) else [],
            "n_options": len(front),
            "options": [_scores(result, result.scores.iloc[int(n)]) | {"number": int(n)} for n in front],
        },
        "as_now": _as_now(result),
        "need": {
            "standardisation": STANDARDISATIONS[params.standardisation],
            "indicators": dict(params.need),
        }
        if params.need
        else None,
    }


def option_json(result: GenerationResult, number: int) -> dict[str, object]:
    """One option: its place among all, measures, percentiles and footprints."""
    option = result.option(number)
    row = result.footprint[number]
    people = population_by_footprint(row[None, :], result.people)[0]
    scores = result.scores.iloc[number]
    codes = [str(code) for code in result.area_codes]
    return {
        "number": number,
        "rank": int(np.flatnonzero(result.ranking == number)[0]) + 1,
        "mix": float(result.mix[number]),
        "measures": _scores(result, scores),
        "better_than": result.standing(scores),
        "footprints": [
            {
                "footprint_id": footprint_id,
                "footprint_name": option.footprint_name(footprint_id),
                "population": float(people[f]),
                "deviation_from_target": float(people[f] / result.target - 1),
                "area_codes": [code for code, of in zip(codes, row.tolist(), strict=True) if of == f],
            }
            for f, footprint_id in enumerate(option.footprint_ids)
        ],
    }


def generation_words(result: GenerationResult, n_options: int) -> str:
    """The same for a person at a terminal."""
    table = result.scores.iloc[result.ranking[:n_options]][list(result.measure_ids)].copy()
    table.insert(0, "mix", result.mix[result.ranking[:n_options]])
    lines = [
        *_found_words(result),
        f"{result.n_steps:,} steps in {result.runtime_s:.2f} s (compiled in {result.compile_s:.1f} s).",
        table.to_string(),
    ]
    if result.as_now_scores is not None:
        lines += [
            f"{result.params.as_now.name if result.params.as_now else ''} is better than {share:.1%} on "
            f"{WISHES[one].label.lower()}"
            for one, share in result.standing(result.as_now_scores).items()
        ]
    return "\n".join(lines)


def _found_words(result: GenerationResult) -> list[str]:
    """How many there are; of a search, how much better any option could be."""
    if result.note is None:
        some = "" if result.is_complete else " at least, the search was not complete"
        return [
            f"There are {result.n_options:,} ways{some}; {result.n_enclosed_left_out:,} more have a "
            "footprint inside another."
        ]
    early = " It was stopped early." if result.stopped_early else ""
    lines = [
        f"A search kept {result.n_options:,} good ways; there may be better ones.{early} Seed {result.seed}."
    ]
    if result.n_options and np.isfinite(result.bound):
        lines.append(
            f"The mix of the best is {result.mix.min():.4f}; no option is below {result.bound:.4f}, so that "
            f"at most {result.gap:.4f} can be gained."
        )
    for one, weight in result.params.wishes:
        bound = result.bounds.get(one)
        if bound is not None and result.n_options and weight > 0:
            wish = WISHES[one]
            best = float(result.values(wish.measure_id)[result.best(one)])
            side = "less" if wish.less_is_better else "more"
            lines.append(
                f"{wish.label}: {best:,.6g} {MEASURES[wish.measure_id].unit} is the best found; none has "
                f"{side} than {bound.value:,.6g} ({bound.how})."
            )
    return lines


def _bound(result: GenerationResult, bound: Bound) -> dict[str, object]:
    """What no option beats on one wish, beside the best that is known."""
    wish = WISHES[bound.wish_id]
    best = float(result.values(wish.measure_id)[result.best(wish.id)]) if result.n_options else float("nan")
    apart = abs(best - bound.value)
    return {
        "wish": wish.id,
        "measure_id": wish.measure_id,
        "value": bound.value,
        "best": best,
        "gap": apart / abs(best) if best else apart,
        "how": bound.how,
    }


def _measure(result: GenerationResult, measure_id: str) -> dict[str, object]:
    values = result.values(measure_id)
    record = MEASURES[measure_id]
    known = len(values) > 0
    return {
        "measure_id": measure_id,
        "label": record.label,
        "unit": record.unit,
        "version": result.measure_versions[measure_id],
        "min": float(values.min()) if known else None,
        "median": float(np.median(values)) if known else None,
        "max": float(values.max()) if known else None,
    }


def _scores(result: GenerationResult, scores: pd.Series | Mapping[str, float]) -> dict[str, object]:
    return {one: float(scores[one]) for one in result.measure_ids}


def _as_now(result: GenerationResult) -> dict[str, object] | None:
    if result.params.as_now is None or result.as_now_scores is None:
        return None
    return {
        "name": result.params.as_now.name,
        "measures": _scores(result, result.as_now_scores),
        "better_than": result.standing(result.as_now_scores),
    }
