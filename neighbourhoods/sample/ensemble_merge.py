"""Chunks made into an ensemble, however many there are yet and in whatever order they came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.generation.generation import SCORED
from neighbourhoods.sample.ensemble import Ensemble, EnsembleParams
from neighbourhoods.sample.ensemble_job import Chunk, Job
from neighbourhoods.sample.mixing import bulk_ess, r_hat, share_ess, tail_ess
from neighbourhoods.sample.sampled_share import by_chain
from neighbourhoods.sample.sampler import COUNTS, DISTRIBUTION

Floats = NDArray[np.float64]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def merge(params: EnsembleParams, job: Job, chunks: Sequence[Chunk], runtime_s: float) -> Ensemble:
    """The options of some chunks, with how well their chains have mixed.

    Parameters
    ----------
    chunks : sequence of Chunk
        Those of each chain without a gap; draws beyond what was asked for are left out.
    """
    ordered = sorted(chunks, key=lambda chunk: (chunk.chain, chunk.first))
    chains, draws, footprints, scores = [], [], [], []
    for chunk in ordered:
        first = max(chunk.first, 0)
        n = max(min(first + len(chunk.footprint), params.n_draws) - first, 0)
        chains.append(np.full(n, chunk.chain, dtype=np.int64))
        draws.append(np.arange(first, first + n, dtype=np.int64))
        footprints.append(chunk.footprint[:n].astype(np.int16))
        scores.append(chunk.scores.iloc[:n])
    nothing = np.zeros((0, len(job.problem.people)), dtype=np.int16)
    footprint = np.concatenate([nothing, *footprints])
    table = pd.concat(scores, ignore_index=True)
    table.insert(0, "chain", np.concatenate(chains))
    table.insert(1, "draw", np.concatenate(draws))
    if int(footprint.max(initial=0)) < np.iinfo(np.int8).max:
        footprint = footprint.astype(np.int8)
    return Ensemble(
        params=params,
        area_codes=job.town.topology.area_codes,
        people=job.town.people,
        target=job.problem.target,
        method=job.method,
        distribution=DISTRIBUTION[job.method],
        thin=job.thin,
        footprint=footprint,
        scores=table,
        diagnostics=diagnose(table),
        chains=_by_chain(ordered),
        n_distinct=len({row.tobytes() for row in footprint}),
        is_complete=len(table) == params.n_draws * params.n_chains,
        runtime_s=runtime_s,
        worker_s=float(sum(chunk.runtime_s for chunk in ordered)),
    )


def diagnose(table: pd.DataFrame) -> pd.DataFrame:
    """R-hat, effective numbers of draws and the error of a percentile, by measure.

    Parameters
    ----------
    table : DataFrame
        Columns chain and measures, draws of each chain in order.

    Returns
    -------
    DataFrame
        Index measure_id; r_hat, bulk_ess, tail_ess, percentile_error: the largest standard error of a share
        of options, at the quartiles and the 5% and 95% quantiles. NaN for a measure that does not vary.
    """
    chain = table["chain"].to_numpy(dtype=np.int64)
    rows = {}
    for one in SCORED:
        values = table[one].to_numpy(dtype=float)
        if not len(values) or np.isnan(values).any():
            continue
        chains = by_chain(values, chain)
        rows[one] = (r_hat(chains), bulk_ess(chains), tail_ess(chains), percentile_error(chains))
    columns = ["r_hat", "bulk_ess", "tail_ess", "percentile_error"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=float)
    return frame.rename_axis("measure_id")


def percentile_error(chains: Floats) -> float:
    """Largest standard error of the share below a quantile: sqrt(p (1 - p) / effective number of draws)."""
    errors = []
    for quantile in QUANTILES:
        is_below = chains <= np.quantile(chains, quantile)
        n_effective, share = share_ess(is_below), float(is_below.mean())
        if not np.isnan(n_effective):
            errors.append(float(np.sqrt(share * (1 - share) / n_effective)))
    return max(errors) if errors else float("nan")


def _by_chain(chunks: Sequence[Chunk]) -> pd.DataFrame:
    counts: dict[int, NDArray[np.int64]] = {}
    for chunk in chunks:
        counts[chunk.chain] = counts.get(chunk.chain, np.zeros_like(chunk.counts)) + chunk.counts
    frame = pd.DataFrame.from_dict(counts, orient="index", columns=list(COUNTS)).rename_axis("chain")
    return frame.assign(acceptance=frame["n_changed"] / frame["n_steps"].clip(lower=1))
