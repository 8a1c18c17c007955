"""An ensemble as plain values for scripts, and in words for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.sample.ensemble import FEWEST_EFFECTIVE, MIXED_R_HAT, Ensemble

Tested = Sequence[tuple[str, pd.Series]]


def ensemble_json(ensemble: Ensemble, tested: Tested = ()) -> dict[str, object]:
    """What was asked, what was drawn and how well, and how given options stand in it.

    Parameters
    ----------
    tested : sequence of (name, scores)
        Options to give percentiles for.

    Keys
    ----
    params, method, distribution, n_options, n_distinct, is_complete, is_mixed, diagnostics, chains, measures,
    options, seed, runtime_s, worker_s, compile_s.
    """
    params, asked = ensemble.params, ensemble.params.generation
    return {
        "params": {
            "geography": asked.geography,
            "n_min": asked.n_min,
            "n_max": asked.n_max,
            "target": ensemble.target,
            "tolerance": asked.tolerance,
            "together": [list(codes) for codes in asked.together],
            "apart": [list(codes) for codes in asked.apart],
            "locked": list(asked.locked),
            "allow_enclosed": asked.allow_enclosed,
            "keep_whole": list(asked.keep_whole),
            "not_across": list(asked.not_across),
            "as_now": asked.as_now.name if asked.as_now else None,
            "n_options": params.n_options,
            "n_chains": params.n_chains,
            "thin": ensemble.thin,
            "burn_in": params.burn_in,
        },
        "method": ensemble.method,
        "distribution": ensemble.distribution,
        "n_options": ensemble.n_options,
        "n_distinct": ensemble.n_distinct,
        "is_complete": ensemble.is_complete,
        "is_mixed": ensemble.is_mixed,
        "diagnostics": ensemble.diagnostics.reset_index().to_dict("records"),
        "chains": ensemble.chains.reset_index().to_dict("records"),
        "measures": [_measure(ensemble, one) for one in ensemble.measure_ids],
        "options": [_standing(ensemble, name, scores) for name, scores in tested],
        "seed": params.seed,
        "runtime_s": ensemble.runtime_s,
        "worker_s": ensemble.worker_s,
        "compile_s": ensemble.compile_s,
    }


def ensemble_words(ensemble: Ensemble, tested: Tested = ()) -> str:
    """The same in a few lines."""
    table = pd.DataFrame([_measure(ensemble, one) for one in ensemble.measure_ids])
    table = table.drop(columns=["version", "unit"]).set_index("measure_id")
    lines = [
        f"{ensemble.n_options:,} options drawn, {ensemble.n_distinct:,} of them distinct, in "
        f"{ensemble.runtime_s:.1f} s.",
        f"The distribution is {ensemble.distribution}.",
        mixing_words(ensemble),
        table.to_string(index=False),
    ]
    for name, scores in tested:
        lines += ["", *standing_words(ensemble, name, scores)]
    return "\n".join(lines)


def mixing_words(ensemble: Ensemble) -> str:
    """Whether the percentiles can be relied on, in a sentence."""
    varying = ensemble.diagnostics.dropna(subset=["r_hat"])
    if not len(varying):
        return "Options do not differ on any measure."
    worst = float(varying["r_hat"].max())
    fewest = float(varying[["bulk_ess", "tail_ess"]].to_numpy(dtype=float).min())
    said = (
        f"R-hat at most {worst:.3f}, worth {fewest:,.0f} independent options or more, percentiles good to "
        f"{196 * varying['percentile_error'].max():.1f} percentage points"
    )
    if ensemble.is_mixed:
        return f"The chains agree: {said}."
    return (
        f"The chains have not mixed: {said}. Percentiles are not to be relied on until R-hat is at most "
        f"{MIXED_R_HAT} and {FEWEST_EFFECTIVE:,.0f} independent options are reached; ask for more options."
    )


def standing_words(ensemble: Ensemble, name: str, scores: pd.Series) -> list[str]:
    """How an option stands: "better than 96% of them (95% to 97%) on even populations"."""
    shares = ensemble.share_better(scores)
    return [
        f"{name} is better than {row['share']:.1%} of them ({row['lower']:.1%} to {row['upper']:.1%}) on "
        f"{WISHES[str(one)].label.lower()}."
        for one, row in shares.dropna().iterrows()
    ]


def _measure(ensemble: Ensemble, measure_id: str) -> dict[str, object]:
    values = ensemble.values(measure_id)
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    record = MEASURES[measure_id]
    return {
        "measure_id": measure_id,
        "label": record.label,
        "unit": record.unit,
        "version": ensemble.measure_versions[measure_id],
        "min": float(values.min()),
        "percentile_5": float(low),
        "median": float(middle),
        "percentile_95": float(high),
        "max": float(values.max()),
    }


def _standing(ensemble: Ensemble, name: str, scores: pd.Series) -> dict[str, object]:
    better, smaller = ensemble.share_better(scores), ensemble.percentiles(scores)
    return {
        "name": name,
        "measures": {one: float(scores[one]) for one in ensemble.measure_ids},
        "better_than": better["share"].to_dict(),
        "better_than_lower": better["lower"].to_dict(),
        "better_than_upper": better["upper"].to_dict(),
        "share_with_less": smaller["share"].to_dict(),
        "share_with_less_lower": smaller["lower"].to_dict(),
        "share_with_less_upper": smaller["upper"].to_dict(),
    }
