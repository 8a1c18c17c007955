"""What hubs may be best at: one record for each published objective, read by pages without any solver.

Which objective is right is a choice of policy, so each is a record with its source and all give the same kind
of result. The mistake this prevents: to compare plans by the number that one of them was made for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SitingObjective:
    """One objective.

    Parameters
    ----------
    label, unit, source : str
    less_is_better : bool
    needs : tuple of str
        Settings of `SitingParams` that must be given.
    """

    label: str
    unit: str
    source: str
    less_is_better: bool
    needs: tuple[str, ...] = ()


OBJECTIVES: dict[str, SitingObjective] = {
    "p_median": SitingObjective(
        "Shortest journeys on average",
        "minutes",
        "Hakimi, Operations Research 12, 1964",
        True,
    ),
    "max_coverage": SitingObjective(
        "Most people within reach",
        "share of need",
        "Church and ReVelle, Papers of the RSA 32, 1974",
        False,
        ("minutes_max",),
    ),
    "equity": SitingObjective(
        "Shortest journeys for the worst-served fifth",
        "minutes",
        "Rockafellar and Uryasev, Journal of Risk 2, 2000",
        True,
    ),
    "kolm_pollak": SitingObjective(
        "Short journeys, long ones counted for more (Kolm-Pollak)",
        "minutes",
        "Horton, Logan, Murrell, Skipper and Speakman, 2024",
        True,
    ),
    "p_center": SitingObjective(
        "Shortest longest journey",
        "minutes",
        "Hakimi, Operations Research 12, 1964; Minieka, SIAM Review 12, 1970",
        True,
    ),
    "set_cover": SitingObjective(
        "Fewest hubs that put 95% within reach",
        "hubs",
        "Toregas, Swain, ReVelle and Bergman, Operations Research 19, 1971",
        True,
        ("minutes_max",),
    ),
}
