"""What is asked when hubs are sited: who needs them, where they could be, and what must hold.

A hub is chosen from given candidates; every area's people go to the hub that is nearest in minutes (with
capacities: to one that has room). All that must hold is stated here once and refused here when it cannot be,
so that solvers never meet a problem whose parts contradict one another by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geodata.errors import InputError

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

N_NAMED = 5  # ids that a message lists


class SitingError(InputError):
    """What is asked of hubs cannot be met; says which demands clash and what would help."""


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Areas, candidates for hubs, and what every choice must keep to.

    Parameters
    ----------
    area_ids, candidate_ids : tuple of str
    demand : float64 (n_areas,)
        Weight of each area's need: 0 or more, in any unit (people, or people times need).
    travel_minutes : float32 (n_areas, n_candidates)
        NaN or inf where the candidate cannot be reached. Other floats are rounded to float32.
    n_hubs : int, optional
        Most hubs there may be; needed by all objectives but `set_cover`, unless there is a budget.
    people : float64 (n_areas,), optional
        Residents, for shares of people and capacities; `demand` where it is not given.
    fixed, closed, existing : collections of candidate ids
        Those that must be chosen, may not be chosen, and are hubs now (they may be given up).
    opening_cost_gbp, running_cost_gbp : float64 (n_candidates,), optional
        Paid for chosen ones that are not existing, and for all chosen ones in the period of the budget.
    budget_gbp : float, optional
        Most that may be paid for both.
    capacity : float64 (n_candidates,), optional
        Most people a hub can serve. Each area goes to one hub as a whole.
    footprint_by_candidate : sequence of str, optional
        In which footprint each candidate stands; every footprint then has at least one hub.
    footprint_ids : collection of str, optional
        Footprints that need a hub; those of `footprint_by_candidate` where it is not given.
    one_of : sequences of candidate ids
        Of each set at least one is chosen (a service that must be housed).
    together : pairs of candidate ids
        Either both or neither is chosen.
    distance_m : float (n_candidates, n_candidates), optional
        Metres between candidates, with
    distance_min_m : float
        what two chosen ones that are not existing must keep at least.
    unreached_minutes : float, optional
        Counted for people who reach no hub; at least the longest journey. Where it is not given, every area
        with demand must reach a hub.

    Raises
    ------
    SitingError
        When a part is malformed, or fixed, closed and paired candidates contradict each other.
    """

    area_ids: tuple[str, ...]
    candidate_ids: tuple[str, ...]
    demand: Floats
    travel_minutes: Singles
    n_hubs: int | None = None
    people: Floats | None = None
    fixed: Collection[str] = ()
    closed: Collection[str] = ()
    existing: Collection[str] = ()
    opening_cost_gbp: Floats | None = None
    running_cost_gbp: Floats | None = None
    budget_gbp: float | None = None
    capacity: Floats | None = None
    footprint_by_candidate: Sequence[str] | None = None
    footprint_ids: Collection[str] | None = None
    one_of: Sequence[Collection[str]] = ()
    together: Sequence[tuple[str, str]] = ()
    distance_m: NDArray[np.floating] | None = None
    distance_min_m: float = 0.0
    unreached_minutes: float | None = None
    place_by_id: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n, m = len(self.area_ids), len(self.candidate_ids)
        minutes = np.asarray(self.travel_minutes, dtype=np.float32)
        self._set("travel_minutes", minutes)
        self._set("place_by_id", {one: place for place, one in enumerate(self.candidate_ids)})
        _require(n > 0 and m > 0, "There is no area or no candidate: give at least one of each.")
        _require(len(set(self.area_ids)) == n, "An area is named twice in area_ids.")
        _require(len(self.place_by_id) == m, "A candidate is named twice in candidate_ids.")
        shape = minutes.shape
        _require(shape == (n, m), f"travel_minutes is {shape}, but there are {n} areas and {m} candidates.")
        _require(not (minutes < 0).any(), "travel_minutes has journeys of less than 0 minutes.")
        self._set("demand", self._column("demand", self.demand, n))
        self._set("people", self.demand if self.people is None else self._column("people", self.people, n))
        _require(bool(self.demand.sum() > 0), "No area has any demand: nothing can be weighed.")
        for name in ("opening_cost_gbp", "running_cost_gbp", "capacity"):
            given = getattr(self, name)
            if given is not None:
                self._set(name, self._column(name, given, m))
        _require(self.n_hubs is None or self.n_hubs >= 1, f"n_hubs is {self.n_hubs}: ask for 1 or more.")
        for name in ("fixed", "closed", "existing"):
            self._set(name, frozenset(getattr(self, name)))
            self._known(name, getattr(self, name))
        for one in self.one_of:
            self._known("one_of", one)
            _require(bool(one), "A set of one_of is empty: name the candidates that could house the service.")
        for pair in self.together:
            self._known("together", pair)
        self._require_places()
        longest = self.longest_minutes
        _require(
            self.unreached_minutes is None or self.unreached_minutes >= longest,
            f"unreached_minutes is {self.unreached_minutes}, but the longest journey takes {longest:.1f}: "
            "people who reach no hub must not count as better off than those who do.",
        )
        self._require_no_clash()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _column(self, name: str, given: Floats, n: int) -> Floats:
        found = np.asarray(given, dtype=np.float64)
        _require(found.shape == (n,), f"{name} has the shape {found.shape}; it needs {n} values.")
        at_fault = np.flatnonzero(
            ~(found >= 0) if name == "capacity" else ~((found >= 0) & np.isfinite(found))
        )
        ids = self.area_ids if name in ("demand", "people") else self.candidate_ids
        _require(
            not len(at_fault),
            f"{name} is negative or unknown for {listed(ids[k] for k in at_fault)}: fill it in.",
        )
        return found

    def _known(self, name: str, ids: Iterable[str]) -> None:
        unknown = [one for one in ids if one not in self.place_by_id]
        _require(not unknown, f"{name} names {listed(unknown)}, which are no candidates.")

    def _require_places(self) -> None:
        m = len(self.candidate_ids)
        if self.footprint_by_candidate is not None:
            n = len(self.footprint_by_candidate)
            _require(n == m, f"footprint_by_candidate has {n} values for {m} candidates.")
            ids = self.footprint_by_candidate if self.footprint_ids is None else self.footprint_ids
            self._set("footprint_ids", tuple(sorted(set(ids))))
        if self.distance_m is not None:
            shape = np.shape(self.distance_m)
            _require(shape == (m, m), f"distance_m is {shape}; it needs {m} rows and columns.")
        _require(
            self.distance_min_m <= 0 or self.distance_m is not None,
            "distance_min_m needs distance_m beside it.",
        )

    def _require_no_clash(self) -> None:
        both = sorted(set(self.fixed) & set(self.closed))
        _require(
            not both, f"{listed(both)} must be open and may not: take them out of fixed or out of closed."
        )
        n_fixed = len(self.fixed)
        _require(
            self.n_hubs is None or n_fixed <= self.n_hubs,
            f"{n_fixed} candidates are fixed, but at most {self.n_hubs} hubs are asked for: "
            "ask for more hubs or fix fewer.",
        )
        _require(
            len(self.closed) < len(self.candidate_ids), "Every candidate is closed: leave some to choose."
        )
        if self.footprint_by_candidate is not None and self.footprint_ids is not None:
            free = {
                footprint
                for one, footprint in zip(self.candidate_ids, self.footprint_by_candidate, strict=True)
                if one not in self.closed
            }
            without = [one for one in self.footprint_ids if one not in free]
            _require(
                not without,
                f"Footprint {listed(without)} has no candidate that may be chosen, but needs a hub: add one.",
            )
        if self.unreached_minutes is None:
            may = np.array([one not in self.closed for one in self.candidate_ids])
            lost = np.flatnonzero(~np.isfinite(self.travel_minutes[:, may]).any(axis=1) & (self.demand > 0))
            _require(
                not len(lost),
                f"{listed(self.area_ids[k] for k in lost)} can reach no candidate: add one that can be "
                "reached, or state the minutes to count for people who reach no hub.",
            )

    @property
    def longest_minutes(self) -> float:
        """The longest journey that is possible at all."""
        finite = self.travel_minutes[np.isfinite(self.travel_minutes)]
        return float(finite.max(initial=0.0))

    def places(self, ids: Iterable[str]) -> list[int]:
        """Candidates' places in `candidate_ids`, rising; ids that are none raise `SitingError`."""
        ids = list(ids)
        self._known("The plan", ids)
        return sorted(self.place_by_id[one] for one in ids)


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise SitingError(message)


def listed(ids: Iterable[str]) -> str:
    """The first few ids, and how many more there are."""
    every = list(ids)
    more = f" and {len(every) - N_NAMED} more" if len(every) > N_NAMED else ""
    return ", ".join(every[:N_NAMED]) + more
