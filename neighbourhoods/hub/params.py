"""What is asked of hubs, and the plan that answers it: plain values that pages and runs keep."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geodata.errors import InputError
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.register.open_place import require_open_at
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.travel.access import GROUPS
from neighbourhoods.travel.straight_line import ACCESS_MODES

NEAR = 0.01


@dataclass(frozen=True)
class HubParams:
    """What is asked.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of place that could house a hub.
    n_hubs : int
        Hubs wanted; not used by `set_cover`, which finds how few do.
    objective : str
        Key of `OBJECTIVES`.
    minutes : float
        Within reach, for the two covering objectives.
    who : str
        Indicator id whose people are served; one of `GROUPS`.
    mode : str
        Key of `ACCESS_MODES`.
    km_h : float
        Speed; 0 for the mode's own.
    fixed, closed : tuple of str
        Place ids that must, or may not, be a hub.
    option : FootprintOption, optional
        Each of its footprints is to have at least one hub.
    budget_gbp : float
        Most that running the hubs for a year, and opening new ones, may cost; 0 for no budget.
    seed : int
    heeds_capacity : bool
        Whether no hub may serve more people than it has room for; then each area goes to one hub as a whole.
    house : tuple of tuple of str
        Sets of services, as places name them: each set under one roof in at least one hub.
    together : tuple of tuple of str
        Pairs of place ids: both are hubs or neither.
    apart_m : float
        Metres that two hubs that are not open yet must keep at least; 0 for any.
    open_at : str
        Key of `OPEN_AT`: only places known to be open then could house a hub; "" for all.
    """

    kinds: tuple[str, ...]
    n_hubs: int = 6
    objective: str = "p_median"
    minutes: float = 15.0
    who: str = "pop_total"
    mode: str = "walk"
    km_h: float = 0.0
    fixed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    option: FootprintOption | None = None
    budget_gbp: float = 0.0
    seed: int = 0
    heeds_capacity: bool = False
    house: tuple[tuple[str, ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    apart_m: float = 0.0
    open_at: str = ""

    def __post_init__(self) -> None:
        if not self.kinds:
            raise InputError("Choose at least one kind of place that could house a hub.")
        require_open_at(self.open_at)
        if self.objective not in OBJECTIVES:
            raise InputError(f"There is no objective {self.objective!r}; there are {', '.join(OBJECTIVES)}.")
        if self.mode not in ACCESS_MODES:
            raise InputError(f"There is no way to travel {self.mode!r}; there are {', '.join(ACCESS_MODES)}.")
        if self.who not in GROUPS:
            raise InputError(f"There is no group of people {self.who!r}; there are {', '.join(GROUPS)}.")
        if self.n_hubs < 1:
            raise InputError(f"Ask for one hub or more, not {self.n_hubs}.")
        if not 0 < self.minutes < float("inf") or not 0 <= self.km_h < float("inf"):
            raise InputError("Minutes and speed must be above nought.")
        if not 0 <= self.budget_gbp < float("inf"):
            raise InputError("A budget is nought, for none, or more.")
        if not 0 <= self.apart_m < float("inf"):
            raise InputError("The least distance between new hubs is nought, for any, or more metres.")
        if any(len(pair) != 2 for pair in self.together):
            raise InputError("Hubs that belong together come in pairs of two places.")
        both = sorted(set(self.fixed) & set(self.closed))
        if both:
            raise InputError(f"{both[0]} cannot be both fixed and closed; take it out of one of the two.")

    @property
    def speed_km_h(self) -> float:
        """The speed that is used."""
        return self.km_h or ACCESS_MODES[self.mode].km_h


@dataclass(frozen=True, eq=False)
class HubPlan:
    """Hubs, and how good the plan is known to be.

    Parameters
    ----------
    params : HubParams
    chosen : tuple of str
        Place ids.
    value, bound : float
        Of the objective, in its unit; no plan has a better value than the bound.
    gap : float
        Their distance as a share of the value.
    is_proven : bool
        Whether no plan is better.
    n_candidates : int
    method : str
        In words.
    runtime_s : float
    trade_off : DataFrame
        The plan with the shortest mean journey for each number of hubs: n_hubs, minutes, bound, cost_gbp (a
        year's running and what opening costs; NaN where a cost is not known). Without rows where capacities
        are heeded.
    stability : DataFrame
        By place_id, how firmly it is chosen for short mean journeys: near_share (of the plans met that are at
        most `NEAR` longer on average), draw_share (of best plans when need is weighed a little differently).
        Without rows where capacities are heeded.
    as_now : DataFrame, optional
        One row as of the trade-off: the places that are open already, all of them hubs. None where none is.
    """

    params: HubParams
    chosen: tuple[str, ...]
    value: float
    bound: float
    gap: float
    is_proven: bool
    n_candidates: int
    method: str
    runtime_s: float
    trade_off: pd.DataFrame
    stability: pd.DataFrame
    as_now: pd.DataFrame | None = None
