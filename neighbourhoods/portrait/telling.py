"""Puts the figures of footprints into sentences: one indicator each, its limits and what it is set against.

The mistake this prevents: words that say more than the figures do. What cannot be told apart from the
authority is not claimed, and what is suppressed or unknown is in no sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from indicators.comparison import BETTER, HIGHER, LOWER, WORSE, judge
from indicators.indicator import Indicator
from neighbourhoods.portrait.sentence import (
    count_words,
    figure_clause,
    figure_words,
    more_words,
    sentence,
    share_clause,
)

FEW_TOLD = 2  # with no more than these, the rest are said to be like the authority
VISITORS = " City centres draw visitors, who are not among the residents."
NAN = float("nan")


@dataclass(frozen=True)
class Sentence:
    """One sentence and the figures it is made of; NaN and "" where it has none.

    Parameters
    ----------
    text : str
    kind : str
        "higher" or "lower" than the authority; "none" (nothing can be told apart) or "rest" (nothing else);
        "pocket" (an area inside stands out), "alike" (none does) or "single" (nothing is known inside).
    indicator_id, period, area_code, area_name : str
    judgement : str
        "worse" or "better" where everybody agrees which is which.
    value, lower, upper : float
        With 95% limits; of the area where there is one. "alike": the lowest and the highest area.
    reference : float
        The authority's value; of a pocket, that of the rest of the footprint.
    """

    text: str
    kind: str
    indicator_id: str = ""
    value: float = NAN
    lower: float = NAN
    upper: float = NAN
    reference: float = NAN
    period: str = ""
    judgement: str = ""
    area_code: str = ""
    area_name: str = ""


@dataclass(frozen=True, eq=False)
class Teller:
    """Tells what the figures of one option say.

    Parameters
    ----------
    found : DataFrame
        As `distinct.differences` gives it.
    within, out, inside : DataFrame
        As `inside.spread_inside`, `inside.pockets` and `inside.inside_rows` give them.
    catalogue : Mapping of str to Indicator
    names : Mapping of str to str
        Footprint names by id.
    authority_name : str
    """

    found: pd.DataFrame
    within: pd.DataFrame
    out: pd.DataFrame
    inside: pd.DataFrame
    catalogue: Mapping[str, Indicator]
    names: Mapping[str, str]
    authority_name: str

    def sentences(self, footprint_id: str, told: list[str]) -> tuple[Sentence, ...]:
        """What is distinct, that nothing (else) is, and what lies inside."""
        own = self.found[self.found["footprint_id"] == footprint_id]
        n_tested, n_clear = int(own["tested"].sum()), int(own["comparison"].isin([HIGHER, LOWER]).sum())
        said = _visitors_once(
            [self._difference(own[own["indicator_id"] == one].iloc[0]) for one in told], self.catalogue
        )
        if not n_clear:
            said.append(self._none(n_tested))
        elif n_clear == len(told) <= FEW_TOLD:
            said.append(self._rest(n_tested - n_clear))
        return (*said, self._inside(footprint_id, told))

    def headline(self, told: Mapping[str, list[str]]) -> str:
        """The largest of the differences that are told."""
        first = [
            self.found[(self.found["footprint_id"] == f) & (self.found["indicator_id"] == ids[0])].iloc[0]
            for f, ids in told.items()
            if ids
        ]
        if not first:
            return f"No neighbourhood can be told apart from {self.authority_name}"
        row = max(first, key=lambda one: abs(one["difference"]))
        indicator = self.catalogue[str(row["indicator_id"])]
        here = figure_words(indicator, float(row["value"]))
        there = figure_words(indicator, float(row["reference"]))
        name = self.names[str(row["footprint_id"])]
        against = f"against {there} in {self.authority_name}"
        if not indicator.subject:
            return f"{name} stands out most: {indicator.label}, {here} {against}"
        unit = f" {indicator.unit}" if indicator.statistic == "rate" else ""
        of = "" if indicator.statistic == "rate" else " of"
        return (
            f"{name} stands out most: {here}{of} {indicator.subject}{unit} {indicator.predicate}, {against}"
        )

    def _difference(self, row: pd.Series) -> Sentence:
        indicator = self.catalogue[str(row["indicator_id"])]
        is_higher = row["comparison"] == HIGHER
        more = more_words(indicator, is_higher=is_higher)
        reference = figure_words(indicator, float(row["reference"]))
        text = f"{_clause(indicator, row)}, {more} than in {self.authority_name} as a whole ({reference})"
        n_others = len(self.names) - 1
        if row["standing"] and n_others > 1:
            text += f" and {more} than in any of the other {count_words(n_others)} neighbourhoods"
        judgement = judge(str(row["comparison"]), indicator.polarity)
        return Sentence(
            sentence(text),
            str(row["comparison"]),
            indicator.id,
            float(row["value"]),
            float(row["lower"]),
            float(row["upper"]),
            float(row["reference"]),
            str(row["period"]),
            judgement if judgement in (BETTER, WORSE) else "",
        )

    def _none(self, n_tested: int) -> Sentence:
        if not n_tested:
            return Sentence("No indicator with an interval has a figure for this neighbourhood.", "none")
        which = f"none of the {n_tested:,} indicators" if n_tested > 1 else "the one indicator"
        can = "can" if n_tested > 1 else "cannot"
        return Sentence(
            f"On {which} {can} this neighbourhood be told apart from {self.authority_name}.", "none"
        )

    def _rest(self, n_other: int) -> Sentence:
        which = f"the other {n_other:,} indicators" if n_other != 1 else "the other indicator"
        return Sentence(f"On {which} it cannot be told apart from {self.authority_name}.", "rest")

    def _inside(self, footprint_id: str, told: list[str]) -> Sentence:
        """The area that stands out most from the rest, or the range from lowest to highest."""
        inside = self.inside[self.inside["footprint_id"] == footprint_id]
        if not (inside.groupby("indicator_id").size() > 1).any():
            return Sentence("It is made of one area: no figures lie inside it.", "single")
        for _, row in self.out[self.out["footprint_id"] == footprint_id].iterrows():
            indicator = self.catalogue[str(row["indicator_id"])]
            rest = figure_words(indicator, float(row["rest"]))
            ends = [figure_words(indicator, float(row[c])) for c in ("lower", "upper", "value")]
            if rest in ends:
                continue  # clear of chance, but not as the numbers are written
            text = (
                f"Within it, {row['area_name']} stands out: {_clause(indicator, row)}, against {rest} in the "
                "rest of the neighbourhood"
            )
            caveat = VISITORS if indicator.domain == "crime" and row["deviation"] > 0 else ""
            return Sentence(
                sentence(text) + caveat,
                "pocket",
                indicator.id,
                float(row["value"]),
                float(row["lower"]),
                float(row["upper"]),
                float(row["rest"]),
                str(row["period"]),
                str(row["judgement"]),
                str(row["area_code"]),
                str(row["area_name"]),
            )
        return self._alike(footprint_id, told)

    def _alike(self, footprint_id: str, told: list[str]) -> Sentence:
        own = self.within[self.within.index.get_level_values("footprint_id") == footprint_id]
        own = own.droplevel("footprint_id")
        own = own[own["n_known"] > 1]
        ids = [one for one in [*told, *self.catalogue] if one in own.index]
        ids = [one for one in ids if self.catalogue[one].interval != "none"]
        if not ids:
            return Sentence("No figures with an interval are known for the areas inside it.", "single")
        indicator, row = self.catalogue[ids[0]], own[own.index == ids[0]].iloc[0]
        low, high = (figure_words(indicator, float(row[end])) for end in ("lowest", "highest"))
        span = f"runs from {low} in {row['lowest_area']} to {high} in {row['highest_area']}"
        if low == high:
            span = f"is {low} in every one"
        same = "It is much the same throughout: no area inside it stands out from the rest."
        text = f"{same} {sentence(f'{share_clause(indicator)} {span}')}"
        return Sentence(text, "alike", indicator.id, lower=float(row["lowest"]), upper=float(row["highest"]))


def _clause(indicator: Indicator, row: pd.Series) -> str:
    return figure_clause(
        indicator,
        float(row["value"]),
        float(row["lower"]),
        float(row["upper"]),
        period=str(row["period"]),
        fit=str(row.get("fit", "")),
    )


def _visitors_once(sentences: list[Sentence], catalogue: Mapping[str, Indicator]) -> list[Sentence]:
    """With the caveat of city centres after the first high rate of crime."""
    said = []
    is_said = False
    for one in sentences:
        if not is_said and one.kind == HIGHER and catalogue[one.indicator_id].domain == "crime":
            one = replace(one, text=one.text + VISITORS)
            is_said = True
        said.append(one)
    return said
