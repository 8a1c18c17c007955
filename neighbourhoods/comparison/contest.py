"""Which option wins on what: each measure for itself, and none weighed against another.

The mistake this prevents: a single "best" option, when one is more even and another moves fewer people. Two
values that look alike at the decimals shown are a tie. An option that leaves areas in no footprint is not
judged: what it leaves out would flatter it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study


@dataclass(frozen=True)
class Criterion:
    """A measure of which people agree what is better, other things being equal.

    Parameters
    ----------
    id : str
        Key into `MEASURES`, or "n_violations".
    label : str
        With its unit and direction: "Border between footprints, km: shortest".
    less_is_better : bool
    factor, decimals : float, int
        From the measure's own unit to the one shown.
    of_two, of_more : str
        What is said of the winner: "is more even", "is the most even".
    """

    id: str
    label: str
    less_is_better: bool
    factor: float
    decimals: int
    of_two: str
    of_more: str


CRITERIA = (
    Criterion(
        "cut_edges", "Cut edges: fewest", True, 1, 0, "parts fewer neighbours", "parts fewest neighbours"
    ),
    Criterion(
        "shared_border_m",
        "Border between footprints, km: shortest",
        True,
        0.001,
        1,
        "has the shorter border",
        "has the shortest border",
    ),
    Criterion(
        "polsby_popper_mean",
        "Polsby-Popper compactness, mean: highest",
        False,
        1,
        2,
        "has the rounder outlines",
        "has the roundest outlines",
    ),
    Criterion(
        "population_range",
        "Largest less smallest, people: most even",
        True,
        1,
        0,
        "is more even",
        "is the most even",
    ),
    Criterion(
        "max_deviation",
        "Furthest from target, %: nearest",
        True,
        100,
        1,
        "is nearer the target",
        "is nearest the target",
    ),
    Criterion("split_wards", "Split wards: fewest", True, 1, 0, "splits fewer wards", "splits fewest wards"),
    Criterion(
        "people_who_move",
        "People who move from as now: fewest",
        True,
        1,
        0,
        "moves fewer people from as now",
        "moves fewest people from as now",
    ),
    Criterion(
        "n_violations",
        "Things to look at: fewest",
        True,
        1,
        0,
        "has fewer things to look at",
        "has fewest things to look at",
    ),
)
_OF_SHAPE = ("cut_edges", "shared_border_m", "polsby_popper_mean", "split_wards")


@dataclass(frozen=True)
class Verdict:
    """One measure of every option, and who wins on it.

    Parameters
    ----------
    criterion : Criterion
    value_by_option : Mapping of str to float
        In the unit shown, rounded as shown, by option id; NaN where not known.
    winner_ids : tuple of str
        The options with the best value; empty where it cannot be judged, or all are alike.
    not_judged : str
        Why nobody wins; empty otherwise.
    """

    criterion: Criterion
    value_by_option: Mapping[str, float]
    winner_ids: tuple[str, ...]
    not_judged: str = ""

    @property
    def sole_winner(self) -> str:
        """Id of the option that alone has the best value; empty for a tie or none."""
        return self.winner_ids[0] if len(self.winner_ids) == 1 else ""

    @property
    def is_judged(self) -> bool:
        """Whether there were two options to judge between."""
        return self.not_judged in ("", ALL_ALIKE)


ALL_ALIKE = "all alike"
TOO_FEW = "fewer than two options to judge"
NO_PIN = "no option is pinned as now"


def option_contest(
    study: Study, options: Sequence[FootprintOption], *, target: float | None = None
) -> tuple[Verdict, ...]:
    """Verdicts in the order of `CRITERIA`.

    Options that are made of different areas are measured on the finest of them, since a border between
    LSOAs has more edges than the same border between wards.
    """
    values = {option.id: _values(study, option, options, target) for option in options}
    complete = [o.id for o in options if not int(study.evaluate(o).option["n_unassigned"])]
    return tuple(
        _verdict(
            criterion, {i: of_one[criterion.id] for i, of_one in values.items()}, complete, study.as_now_id
        )
        for criterion in CRITERIA
    )


def contest_words(verdicts: Sequence[Verdict], titles: Mapping[str, str]) -> str:
    """The finding in a sentence: "B wins on 5 of 8 measures; A is more even".

    Parameters
    ----------
    titles : Mapping of str to str
        What each option is called, by id.
    """
    judged = [v for v in verdicts if v.is_judged]
    wins = {one: [v for v in judged if v.sole_winner == one] for one in titles}
    most = max((len(of_one) for of_one in wins.values()), default=0)
    if not most:
        return "No measure sets the options apart"
    leading = [one for one, of_one in wins.items() if len(of_one) == most]
    names = [titles[one] for one in leading]
    each = "wins" if len(leading) == 1 else "each win"
    measures = f"{len(judged)} measure{'' if len(judged) == 1 else 's'}"
    sentences = [f"{_and(names)} {each} on {most} of {measures}"]
    for one, of_one in wins.items():
        if one not in leading and of_one:
            said = [v.criterion.of_two if len(titles) == 2 else v.criterion.of_more for v in of_one]
            sentences.append(f"{titles[one]} {_and(said)}")
    return "; ".join(sentences)


def _verdict(
    criterion: Criterion, values: Mapping[str, float], complete: Sequence[str], as_now_id: str
) -> Verdict:
    shown = {
        one: float(np.round(value * criterion.factor, criterion.decimals)) for one, value in values.items()
    }
    moves = criterion.id == "people_who_move"
    if moves and not as_now_id:
        return Verdict(criterion, shown, (), NO_PIN)
    # nobody moves from as now to itself: that it "wins" there would say nothing
    judged = {
        one: shown[one] for one in complete if not np.isnan(shown[one]) and not (moves and one == as_now_id)
    }
    if len(judged) < 2:
        return Verdict(criterion, shown, (), TOO_FEW)
    best = min(judged.values()) if criterion.less_is_better else max(judged.values())
    winners = tuple(one for one, value in judged.items() if value == best)
    if len(winners) == len(judged):
        return Verdict(criterion, shown, (), ALL_ALIKE)
    return Verdict(criterion, shown, winners)


def _values(
    study: Study, option: FootprintOption, options: Sequence[FootprintOption], target: float | None
) -> dict[str, float]:
    evaluation = study.evaluate(option, target)
    finest = max((o.geography for o in options), key=lambda g: len(study.outlines(g)))
    shape = study.evaluate(study.in_geography(option, finest)).option
    found = {one: float(shape[one]) for one in _OF_SHAPE}
    if option.geography == "ward":
        found["split_wards"] = 0.0  # it is made of whole wards
    found |= {one: float(evaluation.option[one]) for one in ("population_range", "max_deviation")}
    found["people_who_move"] = _people_who_move(study, option)
    found["n_violations"] = float(len(evaluation.violations))
    return found


def _people_who_move(study: Study, option: FootprintOption) -> float:
    """From as now; NaN where none is pinned, or its kind of area is not loaded."""
    as_now = study.find_option(study.as_now_id) if study.as_now_id else None
    if as_now is None or as_now.geography not in study.geographies:
        return np.nan
    return study.compare(as_now, option).people_who_move


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
