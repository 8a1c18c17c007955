"""A scorecard as plain values for scripts: keys that stay, null for what is not known, versions beside.

Keys
----
option, params, constraints, measures, alternatives, future, future_note, partners, fitting, moves, seed,
runtime_s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from neighbourhoods.measure.fit_sensitivity import FitComparison, FitSensitivity
from neighbourhoods.measure.measured import Measured
from neighbourhoods.measure.single_move import SingleMove
from neighbourhoods.outlook.later_year import LaterYear
from neighbourhoods.scorecard.rule import Rule
from neighbourhoods.scorecard.words import finding_words

if TYPE_CHECKING:
    from neighbourhoods.scorecard.scorecard import Scorecard


def scorecard_json(card: Scorecard) -> dict[str, object]:
    """The whole card."""
    trial, option, params = card.trial, card.trial.option, card.trial.params
    return {
        "option": {
            "id": option.id,
            "name": option.name,
            "geography": option.geography,
            "status": option.status,
            "n_footprints": trial.k,
            "n_areas": trial.topology.n_areas,
            "finding": finding_words(card),
        },
        "params": {
            "target": trial.town.target,
            "is_equal_share": params.target is None,
            "tolerance": params.tolerance,
            "wishes": dict(params.wishes),
            "need": dict(params.need),
            "standardisation": params.standardisation,
            "like": params.as_now.name if params.as_now else None,
            "partners": list(params.partner_ids),
            "horizons": list(params.horizons),
            "km_h": params.km_h,
            "n_sampled": params.n_sampled,
        },
        "constraints": [_rule(rule) for rule in card.rules],
        "measures": [_measure(card, one) for one in card.measures],
        "alternatives": {
            "kind": card.among.kind,
            "number": card.among.n,
            "words": card.among.words,
            "tolerance": card.among.tolerance,
            "is_widened": card.among.is_widened,
            "note": card.among.note,
            "n_steps_expected": card.among.n_steps_expected,
            "bounds": [
                {"wish": one, "value": value, "how": card.among.bound_words.get(one, "")}
                for one, value in card.among.bounds.items()
            ],
            "runtime_s": card.among.runtime_s,
        },
        "future": [_year(card, year) for year in card.years],
        "future_note": trial.later_note,
        "partners": [one.as_json() for one in card.partners],
        "fitting": None if card.fitting is None else _fitting(card.fitting),
        "moves": {
            "n_possible": card.moves.n_possible,
            "n_helpful": card.moves.n_helpful,
            "scale": card.moves.scale,
            "best": [_move(card, one) for one in card.moves.best],
        },
        "seed": params.seed,
        "runtime_s": card.runtime_s,
    }


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "label": rule.label,
        "status": rule.status,
        "message": rule.message,
        "breaks": [
            {"message": b.message, "area_codes": list(b.area_codes), "footprint_id": b.footprint_id or None}
            for b in rule.breaches
        ],
    }


def _measure(card: Scorecard, one: Measured) -> dict[str, object]:
    return {
        "measure_id": one.measure_id,
        "wish": one.wish_id,
        "label": one.label,
        "unit": one.unit,
        "less_is_better": one.less_is_better,
        "value": one.value,
        "best": one.best,
        "bound": one.bound,
        "distance": one.distance,
        "distance_percent": one.distance_percent,
        "better_than": one.better_than,
        "lower": one.lower,
        "upper": one.upper,
        "alternatives": {"kind": card.among.kind, "number": card.among.n},
        "version": one.version,
        "words": one.standing_words(card.among),
    }


def _year(card: Scorecard, year: LaterYear) -> dict[str, object]:
    low, high = year.band
    return {
        "years": year.years,
        "year": card.trial.base_year + year.years if card.trial.base_year else None,
        "target": year.target,
        "lowest": low,
        "highest": high,
        "footprints": [
            {
                "footprint_id": one,
                "footprint_name": card.trial.option.footprint_name(one),
                "population": people,
                "deviation_from_target": deviation,
                "people_outside_band": outside,
            }
            for one, people, deviation, outside in zip(
                card.trial.ids,
                year.people.tolist(),
                year.deviation.tolist(),
                year.outside().tolist(),
                strict=True,
            )
        ],
    }


def _fitting(fitting: FitSensitivity) -> dict[str, object]:
    return {
        "fit": fitting.fit or "published lookup, else centroid",
        "source": fitting.source or None,
        "people_straddling": fitting.people_straddling,
        "straddling": _records(fitting.straddling),
        "others": [_other_fit(one) for one in fitting.others],
    }


def _other_fit(one: FitComparison) -> dict[str, object]:
    return {
        "fit": one.fit or "published lookup, else centroid",
        "n_compared": one.n_compared,
        "n_changed": one.n_changed,
        "n_flipped": one.n_flipped,
        "why_not": one.why_not or None,
        "changes": _records(one.changes),
    }


def _move(card: Scorecard, one: SingleMove) -> dict[str, object]:
    told = card.moves.measure_ids
    return {
        "area_code": one.area_code,
        "area_name": one.area_name,
        "from_footprint_id": one.from_id or None,
        "to_footprint_id": one.to_id,
        "people": one.people,
        "mix_change": one.mix_change,
        "before": {m: one.before[m] for m in told},
        "after": {m: one.after[m] for m in told},
        "repairs": list(one.repairs),
        "breaks": list(one.breaks),
        "words": f"{one.title}: {one.words(told)}",
    }


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
