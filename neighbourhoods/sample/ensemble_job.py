"""The work of an ensemble in chunks: a stretch of one chain, from the state it begins in to where it ends.

A chunk follows from the job and the state alone. So chunks of different chains can be done anywhere and at
once, one that is lost is done again with the same options, and what is kept can be gone on from.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from geodata.run_file import RunResult
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.option_score import Town, score_options
from neighbourhoods.sample.sampler import VERSION, Method, Sampler, SamplerState, chance_of_chain
from neighbourhoods.sample.sampler_graph import Border

NARROW = 127  # footprints that an int8 can number
BEFORE = 1_000_000  # so that draws thrown away sort first


class NoStartError(InputError):
    """No option was found for a chain to begin with."""


@dataclass(frozen=True, eq=False)
class Job:
    """What every worker holds.

    Parameters
    ----------
    problem : Problem
    border : Border or None
        With it no footprint may lie inside another.
    town : Town
        What options are scored against.
    method : "redraw" or "recombination"
    seed : int
    thin : int
        Steps from one draw to the next.
    burn_in : int
        Draws that each chain begins with and that are thrown away.
    """

    problem: Problem
    border: Border | None
    town: Town
    method: Method
    seed: int
    thin: int
    burn_in: int


@dataclass(frozen=True, eq=False)
class Request:
    """A stretch of a chain to be done.

    Parameters
    ----------
    chain : int
    first : int
        Number of its first draw; those thrown away have numbers below nought.
    n_draws : int
    state : SamplerState or None
        None at the beginning of the chain.
    """

    chain: int
    first: int
    n_draws: int
    state: SamplerState | None = None


@dataclass(frozen=True, eq=False)
class Chunk:
    """What came of a request.

    Parameters
    ----------
    chain, first, n_draws : int
        As in the request.
    state : SamplerState
        Where the chain stands afterwards.
    footprint : int8 or int16 (n_kept, n_areas)
        Options drawn; those thrown away are not among them.
    scores : DataFrame
        A row for each of them.
    counts : int64 (4,)
        Steps by what came of them (`sampler.COUNTS`).
    runtime_s : float
        Seconds it took.
    """

    chain: int
    first: int
    n_draws: int
    state: SamplerState
    footprint: NDArray[np.int8] | NDArray[np.int16]
    scores: pd.DataFrame
    counts: NDArray[np.int64]
    runtime_s: float

    @property
    def end(self) -> int:
        """Number of the draw that follows."""
        return self.first + self.n_draws

    @property
    def name(self) -> str:
        """A word for it; names sort as draws follow each other."""
        return f"chain-{self.chain:04d}-{self.first + BEFORE:010d}"

    def to_parts(self) -> RunResult:
        """As parts of a file."""
        arrays: dict[str, NDArray[np.generic]] = {
            "chance": self.state.chance,
            "state": self.state.footprint,
            "footprint": self.footprint,
            "counts": self.counts,
        }
        document: dict[str, object] = {
            "chain": self.chain,
            "first": self.first,
            "n_draws": self.n_draws,
            "runtime_s": self.runtime_s,
        }
        return RunResult(arrays, {"scores": self.scores}, document)


def chunk_from_parts(parts: RunResult) -> Chunk:
    """A chunk again."""
    arrays: Mapping[str, NDArray[np.generic]] = parts.arrays
    numbers = {name: int(str(parts.document[name])) for name in ("chain", "first", "n_draws")}
    return Chunk(
        **numbers,
        state=SamplerState(arrays["chance"].astype(np.uint64), arrays["state"].astype(np.int16)),
        footprint=arrays["footprint"],  # type: ignore[arg-type]
        scores=parts.frames["scores"],
        counts=arrays["counts"].astype(np.int64),
        runtime_s=float(str(parts.document["runtime_s"])),
    )


def do_request(job: Job, request: Request) -> Chunk:
    """Do a stretch of a chain; the same chunk wherever it is done.

    Raises
    ------
    NoStartError
        When the chain cannot begin.
    """
    began = time.perf_counter()
    sampler = _sampler(job)
    state = request.state or sampler.start(chance_of_chain(job.seed, request.chain))
    if state is None:
        raise NoStartError(
            "No option was found to begin with. Widen the band, or keep fewer areas together or apart."
        )
    stretch = sampler.advance(state, request.n_draws, job.thin)
    kept = stretch.footprint[max(-request.first, 0) :]
    footprint = kept.astype(np.int8) if int(kept.max(initial=0)) < NARROW else kept
    scores = score_options(cast(NDArray[np.int8], footprint), job.town)[: len(footprint)]
    runtime_s = time.perf_counter() - began
    return Chunk(
        request.chain,
        request.first,
        request.n_draws,
        stretch.state,
        footprint,
        scores,
        stretch.counts,
        runtime_s,
    )


@lru_cache(maxsize=1)
def _sampler(job: Job) -> Sampler:
    """A worker holds one job, and makes it ready once."""
    return Sampler(job.problem, job.border, job.method)


def light_town(town: Town) -> Town:
    """The same without the lines of borders, which scores do not need and workers need not be sent."""
    nothing = town.topology.arc_points[:0]
    return replace(town, topology=replace(town.topology, arc_points=nothing))


def job_key(job: Job) -> str:
    """A word for the job: the same problem, data, method, seed and versions of measures have the same."""
    digest = hashlib.sha256()
    _add(digest, job)
    _add(digest, (VERSION, {record.id: record.version for record in MEASURES.values()}))
    return digest.hexdigest()[:32]


def _add(digest: hashlib._Hash, value: object) -> None:
    if is_dataclass(value):
        for one in fields(value):
            digest.update(one.name.encode())
            _add(digest, getattr(value, one.name))
    elif isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, pd.Index):
        _add(digest, tuple(map(str, value)))
    elif isinstance(value, pd.DataFrame):
        _add(digest, value.to_dict("list"))
    elif isinstance(value, frozenset):
        digest.update(repr(sorted(value)).encode())
    elif isinstance(value, tuple):
        for item in value:
            _add(digest, item)
    else:
        digest.update(repr(value).encode())
