"""What an indicator is: a literal record that names its cells, never code that fetches them.

The mistake this prevents: a rate whose numerator and denominator come from different tables or
periods without anybody having said so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Domain = Literal["adults", "children", "crime", "economy", "health", "population"]
DOMAINS: tuple[Domain, ...] = ("adults", "children", "crime", "economy", "health", "population")
DOMAIN_LABELS: dict[str, str] = {
    "adults": "Adults",
    "children": "Children",
    "crime": "Crime and anti-social behaviour",
    "economy": "Economy",
    "health": "Health",
    "population": "Population",
}

Statistic = Literal["count", "proportion", "rate", "ratio", "score"]
Polarity = Literal["high_is_worse", "high_is_better", "no_judgement"]
Disclosure = Literal["published", "protected_at_source", "local_sensitive"]


@dataclass(frozen=True)
class Cells:
    """Cells of one published table that are added together.

    Parameters
    ----------
    table : str
        Table id as stored: "ts037", "crime", "iod2025_domains".
    add : tuple of str
        Cell names as published (white space collapsed). One name ending in "*" matches by prefix.
    subtract : tuple of str
        Cells taken off again.
    months : int
        0: the latest period of the table. 12: the sum over the last twelve complete months.
    period : str
        Exact period to take; empty for the latest.
    where : tuple of (str, str, float, float), optional
        (table, cell, low, high): only areas whose other cell lies within; elsewhere a true zero.
    area_km2 : bool
        The measure is the area's own size in square kilometres, not a cell (table is "areas").
    divide_by : tuple of (str, str, float), optional
        (table, cell, per): the sum is divided by that cell and multiplied by `per`. It gives back the
        base of a published percentage (per 100) or share (per 1) from its count; unknown where the
        cell is zero.
    """

    table: str
    add: tuple[str, ...] = ()
    subtract: tuple[str, ...] = ()
    months: int = 0
    period: str = ""
    where: tuple[str, str, float, float] | None = None
    area_km2: bool = False
    divide_by: tuple[str, str, float] | None = None


@dataclass(frozen=True)
class Indicator:
    """One measured thing about the people or the place.

    Parameters
    ----------
    id : str
        Stable key, lower case with underscores.
    label : str
        Sentence case, as a map title: "Residents in bad or very bad health".
    domain : Domain
    definition : str
        One plain sentence a councillor understands.
    statistic : Statistic
        count (adds up) · proportion (numerator is part of denominator; Wilson) · rate (events per
        head; Byar's, exact Poisson under 10) · ratio (no interval) · score (weighted mean).
    unit : str
        "%", "per 1,000 residents", "people", "score", "people per km2".
    multiplier : float
        value = numerator / denominator * multiplier; 1 for counts.
    polarity : Polarity
    numerator : Cells
        For a score: the score cell; it is weighted by `denominator`.
    denominator : Cells or None
        None for counts.
    source_id : str
        Key into `geodata.source.SOURCES`.
    geography : str
        Finest geography published: "lsoa21", "ward", "msoa21", "lad".
    vintage : str
        "Census 2021", "12 months to December 2025", "FYE 2025".
    cadence : str
        "10 years", "monthly", "yearly".
    aggregation : str
        "sum then divide", "population-weighted mean", "sum", "not combined".
    interval : str
        "Wilson", "Byar's or exact Poisson", "none".
    disclosure : Disclosure
    caveat : str
    decimals : int
        Places shown.
    waits_for : str
        Empty when the importer fills it; else the file that is still needed, in words.
    subject, predicate : str
        For sentences. Of a proportion: who is counted and what they do, in the plural ("residents aged 16
        and over", "have no qualifications"). Of a rate: the events and what became of them ("burglaries",
        "were recorded by the police"); the unit stands between. Of others: a subject and a predicate with {}
        where the figure goes ("the average household", "has {} people"). Empty: the label says it.
    """

    id: str
    label: str
    domain: Domain
    definition: str
    statistic: Statistic
    unit: str
    multiplier: float
    polarity: Polarity
    numerator: Cells
    denominator: Cells | None
    source_id: str
    geography: str
    vintage: str
    cadence: str
    aggregation: str
    interval: str
    disclosure: Disclosure
    caveat: str
    decimals: int = 1
    waits_for: str = ""
    subject: str = ""
    predicate: str = ""
