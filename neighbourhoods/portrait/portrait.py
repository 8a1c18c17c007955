"""Each footprint of an option in three to five sentences, drawn from its figures.

The mistake this prevents: a neighbourhood described by what happened to be looked at. Every indicator is
tried; those that tell most are told, and what lies inside a footprint is said, so that an average does not
hide a pocket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from indicators.comparison import BETTER, HIGHER, LOWER, WORSE, judge
from indicators.indicator import Indicator
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.portrait.distinct import correlation_between, differences, level_for, most_telling
from neighbourhoods.portrait.inside import (
    inside_rows,
    pockets,
    spread_between,
    spread_inside,
    weighted_spread,
)
from neighbourhoods.portrait.telling import Sentence, Teller
from neighbourhoods.study.study import Study

MOST_TOLD = 4


@dataclass(frozen=True)
class Portrait:
    """One footprint in words.

    Parameters
    ----------
    footprint_id, footprint_name : str
    n_tested : int
        Indicators that have limits, here and for the authority.
    n_clear, n_worse, n_better : int
        Those of them that lie clear of the authority; worse and better where polarity is agreed.
    sentences : tuple of Sentence
    """

    footprint_id: str
    footprint_name: str
    n_tested: int
    n_clear: int
    n_worse: int
    n_better: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, eq=False)
class Portraits:
    """All footprints of an option in words, and the figures behind them.

    Parameters
    ----------
    authority_name : str
    headline : str
        The finding that tells most, without a full stop.
    level : float
        Of the limits that claims rest on: 0.95 or 0.998.
    n_tested : int
    portraits : tuple of Portrait
    figures : DataFrame
        One row for each indicator and footprint: as `distinct.differences` and `inside.spread_inside`, with
        footprint_name and told (whether a sentence compares it).
    """

    authority_name: str
    headline: str
    level: float
    n_tested: int
    portraits: tuple[Portrait, ...]
    figures: pd.DataFrame

    @property
    def told(self) -> tuple[str, ...]:
        """Indicators of the sentences, in the order of the figures."""
        return tuple(map(str, self.figures.loc[self.figures["told"], "indicator_id"].unique()))

    def as_json(self) -> dict[str, object]:
        """Plain lists and numbers for scripts."""
        return {
            "authority": self.authority_name,
            "headline": self.headline,
            "level": self.level,
            "n_tested": self.n_tested,
            "footprints": [_footprint_json(one) for one in self.portraits],
            "figures": self.figures.to_dict("records"),
        }


def portray(study: Study, option: FootprintOption) -> Portraits:
    """The footprints of an option in words."""
    inside = inside_rows(study, option)
    between = _between(study, option)
    return portraits(
        study.profile_option(option),
        inside,
        between,
        study.catalogue,
        {one: option.footprint_name(one) for one in option.footprint_ids},
        authority_code=study.authority_code,
        authority_name=study.authority_name,
    )


def portraits(
    rows: pd.DataFrame,
    inside: pd.DataFrame,
    between: pd.DataFrame,
    catalogue: Mapping[str, Indicator],
    names: Mapping[str, str],
    *,
    authority_code: str,
    authority_name: str,
) -> Portraits:
    """Sentences from figures alone.

    Parameters
    ----------
    rows : DataFrame
        As `Study.profile_option` gives them.
    inside : DataFrame
        As `inside.inside_rows` gives them.
    between : DataFrame
        indicator_id, area_code, value, denominator of areas of one size, by which differences are made
        comparable; indicators that are not among them take the areas of `inside`.
    catalogue : Mapping of str to Indicator
    names : Mapping of str to str
        Footprint names by id, in the order wanted.
    authority_code, authority_name : str
    """
    spread = weighted_spread(between[between["value"].notna() & (between["denominator"] > 0)])
    spread = spread.combine_first(spread_between(inside))
    found = differences(rows, spread, catalogue, authority_code)
    n_tested = int(found.loc[found["tested"], "indicator_id"].nunique())
    correlation = correlation_between(between, list(catalogue))
    within = spread_inside(inside, catalogue)
    out = pockets(inside, catalogue)
    teller = Teller(found, within, out, inside, catalogue, names, authority_name)
    told = {one: most_telling(found, one, catalogue, correlation, MOST_TOLD) for one in names}
    figures = found.join(within, on=["indicator_id", "footprint_id"])
    figures.insert(0, "footprint_name", figures["footprint_id"].map(dict(names)))
    pairs = zip(figures["footprint_id"], figures["indicator_id"], strict=True)
    figures["told"] = [indicator_id in told[footprint_id] for footprint_id, indicator_id in pairs]
    return Portraits(
        authority_name,
        teller.headline(told),
        level_for(n_tested),
        n_tested,
        tuple(
            _portrait(found, one, names[one], catalogue, teller.sentences(one, told[one])) for one in names
        ),
        figures,
    )


def _between(study: Study, option: FootprintOption) -> pd.DataFrame:
    """Wards where they are loaded, being of one size in every option; else the option's own areas."""
    geography = "ward" if "ward" in study.geographies else option.geography
    rows = study.profile(geography)
    return rows[rows["area_code"] != study.authority_code]


def _portrait(
    found: pd.DataFrame,
    footprint_id: str,
    name: str,
    catalogue: Mapping[str, Indicator],
    sentences: tuple[Sentence, ...],
) -> Portrait:
    own = found[found["footprint_id"] == footprint_id]
    clear = own[own["comparison"].isin([HIGHER, LOWER])]
    judged = [
        judge(str(word), catalogue[str(one)].polarity)
        for one, word in zip(clear["indicator_id"], clear["comparison"], strict=True)
    ]
    n_worse, n_better = judged.count(WORSE), judged.count(BETTER)
    return Portrait(footprint_id, name, int(own["tested"].sum()), len(clear), n_worse, n_better, sentences)


def _footprint_json(portrait: Portrait) -> dict[str, object]:
    """As plain values; what a sentence does not have is null."""
    sentences = [
        {name: None if value == "" else value for name, value in asdict(one).items()}
        for one in portrait.sentences
    ]
    return {**asdict(portrait), "sentences": sentences}
