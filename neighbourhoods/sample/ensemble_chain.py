"""How far the chains of an ensemble are, and what each is asked for next."""

from __future__ import annotations

from collections.abc import Iterable

from neighbourhoods.sample.ensemble import FEWEST_PER_CHAIN, EnsembleParams
from neighbourhoods.sample.ensemble_job import Chunk, Job, Request

FIRST_DRAWS, CHUNK_S, MOST_DRAWS, GROWTH = 10, 1.0, 2_000, 16
CHUNKS_TO_JUDGE_BY = 4


class Chains:
    """Chunks that are done, and one request under way for each chain that is not at its end.

    Parameters
    ----------
    kept : iterable of Chunk
        Chunks of the same job from earlier; those that follow on the beginning of each chain are used.
    """

    def __init__(self, job: Job, params: EnsembleParams, kept: Iterable[Chunk] = ()) -> None:
        self._last = params.n_draws
        self._per_chain = params.n_draws + job.burn_in
        self.n_wanted = params.n_chains * self._per_chain
        self.chunks: list[Chunk] = []
        self.under_way: dict[int, Request] = {}
        self._seconds_a_draw: list[float] = []
        at = dict.fromkeys(range(params.n_chains), -job.burn_in)
        last: dict[int, Chunk] = {}
        for chunk in sorted(kept, key=lambda one: (one.first, one.n_draws)):
            if at.get(chunk.chain) == chunk.first < self._last:
                self.chunks.append(chunk)
                at[chunk.chain], last[chunk.chain] = chunk.end, chunk
        for chain, first in at.items():
            if first < self._last:
                state = last[chain].state if chain in last else None
                n_draws = min(FIRST_DRAWS, self._last - first)
                self.under_way[chain] = Request(chain, first, n_draws, state)

    @property
    def n_done(self) -> int:
        """Draws done, those thrown away among them."""
        return sum(chunk.n_draws for chunk in self.chunks)

    @property
    def n_options(self) -> int:
        """Draws that are kept."""
        return sum(len(chunk.footprint) for chunk in self.chunks)

    @property
    def can_be_merged(self) -> bool:
        """Whether each chain has options enough to be compared."""
        done: dict[int, int] = {}
        for chunk in self.chunks:
            done[chunk.chain] = done.get(chunk.chain, 0) + len(chunk.footprint)
        n_chains = self.n_wanted // self._per_chain
        return len(done) == n_chains and min(done.values()) >= FEWEST_PER_CHAIN

    def add(self, chunk: Chunk) -> Request | None:
        """Take a chunk in; what its chain is asked for next, so large that it takes about a second."""
        self.chunks.append(chunk)
        self._seconds_a_draw.append(chunk.runtime_s / chunk.n_draws)
        del self.under_way[chunk.chain]
        left = self._last - chunk.end
        if left <= 0:
            return None
        in_time = int(chunk.n_draws * CHUNK_S / max(chunk.runtime_s, 1e-6))
        n_draws = min(max(in_time, 1), GROWTH * chunk.n_draws, MOST_DRAWS, left)
        self.under_way[chunk.chain] = Request(chunk.chain, chunk.end, n_draws, chunk.state)
        return self.under_way[chunk.chain]

    def seconds_left(self) -> float:
        """How long one worker would take for the rest; 0 until something is known."""
        if len(self._seconds_a_draw) < CHUNKS_TO_JUDGE_BY:  # the first ones load compiled code
            return 0.0
        return min(self._seconds_a_draw[-CHUNKS_TO_JUDGE_BY:]) * (self.n_wanted - self.n_done)
