"""Settings of an objective and of the search for it."""

from __future__ import annotations

from dataclasses import dataclass

from neighbourhoods.siting.problem import SitingError


@dataclass(frozen=True)
class SitingParams:
    """Settings of an objective and of the search.

    Parameters
    ----------
    minutes_max : float, optional
        How far a hub covers; for max_coverage and set_cover.
    covered_share : float
        Of people, that set_cover must cover.
    worst_share : float
        Of need, whose mean journey `equity` makes short.
    aversion : float
        To inequality, over 0, for kolm_pollak; a pure number, see `siting_measure.kappa_of`.
    kappa : float, optional
        The same per minute, where it is known; `aversion` is then not used.
    seed : int
    n_nodes : int, optional
        Nodes of branching at most; by the problem's size where it is not given.
    tolerance : float
        Share of the value to which `equity` is proven.
    time_limit_s : float
        Of HiGHS, for covering and capacities.
    """

    minutes_max: float | None = None
    covered_share: float = 0.95
    worst_share: float = 0.2
    aversion: float = 1.0
    kappa: float | None = None
    seed: int = 0
    n_nodes: int | None = None
    tolerance: float = 1e-3
    time_limit_s: float = 60.0

    def __post_init__(self) -> None:
        for name in ("covered_share", "worst_share"):
            if not 0 < getattr(self, name) <= 1:
                raise SitingError(f"{name} is {getattr(self, name)}: a share over 0 and up to 1 is needed.")
        for name in ("aversion", "kappa", "minutes_max"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise SitingError(f"{name} is {value}: a number over 0 is needed.")
