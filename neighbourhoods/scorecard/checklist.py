"""The boundary craft checklist: what an option meets, what it breaks and where.

After the criteria of the Local Government Boundary Commission for England (Technical guidance, 2021). The
mistake this prevents: judging an option by its measures alone, when it leaves an area out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.adjacency import n_pieces_by_footprint, pieces
from neighbourhoods.measure.violation import ViolationKind, names_in_words
from neighbourhoods.outlook.later_year import LaterYear, later_years
from neighbourhoods.partner.partner import PartnerSet
from neighbourhoods.scorecard.rule import Breach, Rule, breach, rule
from neighbourhoods.scorecard.trial import Trial

_ONLY_A_LETTER = re.compile(
    r"^((footprint|group|area|neighbourhood|part)[\s_-]*)?([a-z]\d*|\d+)$", re.IGNORECASE
)


def rules_of(trial: Trial) -> tuple[Rule, ...]:
    """Every rule of the checklist that concerns an option of its kind, in the order of the checklist."""
    return (
        _from_violations(
            trial, "every_area", "Every area once", ("unassigned", "unknown_area"), "Every area is in one."
        ),
        _from_violations(
            trial,
            "one_piece",
            "In one piece",
            ("not_contiguous",),
            "From any area one can go to any other of its footprint.",
        ),
        _band_today(trial),
        *_bands_later(trial),
        _from_violations(
            trial,
            "none_inside",
            "None inside another",
            ("enclosed",),
            "Each has a side of its own or two neighbours.",
        ),
        *_whole_wards(trial),
        *(_partner_rule(trial, partner) for partner in trial.partners),
        *(Rule(f"partner_{one}", f"In line with {name}", "not known", why) for one, name, why in trial.unfit),
        _transport(trial),
        _named(trial),
    )


def split_groups(index: NDArray[np.int32], group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Groups of areas (numbered from 0, -1 for none) that lie in more than one footprint."""
    known = (index >= 0) & (group >= 0)
    pairs = np.unique(np.stack([group[known], index[known].astype(np.int64)]), axis=1)
    return np.flatnonzero(np.bincount(pairs[0]) > 1) if pairs.size else np.zeros(0, dtype=np.int64)


def _from_violations(
    trial: Trial, rule_id: str, label: str, kinds: Sequence[ViolationKind], met: str
) -> Rule:
    found = [v for v in trial.evaluation.violations if v.kind in kinds]
    return rule(rule_id, label, [breach(v) for v in found], met)


def _band_today(trial: Trial) -> Rule:
    found = [v for v in trial.evaluation.violations if v.kind.startswith("population")]
    unknown = [v for v in found if v.kind == "population_unknown"]
    target, tolerance = trial.town.target, trial.params.tolerance
    band = f"{target * (1 - tolerance):,.0f} to {target * (1 + tolerance):,.0f}"
    people = trial.evaluation.footprints["population"]
    met = f"Each has {people.min():,.0f} to {people.max():,.0f} people; the band is {band}."
    label = "Within the band of people today"
    if unknown and len(unknown) == len(found):
        return Rule("band_today", label, "not known", unknown[0].message, tuple(map(breach, unknown)))
    return rule("band_today", label, [breach(v) for v in found], met)


def _bands_later(trial: Trial) -> list[Rule]:
    if not trial.later:
        return [Rule("band_later", "Within the band in later years", "not known", trial.later_note)]
    return [_band_later(trial, year) for year in later_years(trial)]


def _band_later(trial: Trial, year: LaterYear) -> Rule:
    rule_id, label = f"band_in_{year.years}_years", f"Within the band in {trial.base_year + year.years}"
    if not year.is_known:
        return Rule(rule_id, label, "not known", "Residents by then are not known for some areas.")
    band = "{:,.0f} to {:,.0f}".format(*year.band)
    breaches = []
    for number, away in enumerate(year.outside().tolist()):
        if away:
            side = "over" if away > 0 else "under"
            message = f"{trial.name(number)} would be {abs(away):,.0f} people {side} the band of {band}."
            rows = np.flatnonzero(trial.index == number)
            breaches.append(Breach(message, trial.codes(rows), trial.ids[number]))
    met = f"Each would have {year.people.min():,.0f} to {year.people.max():,.0f} people; the band is {band}."
    return rule(rule_id, label, breaches, met)


def _whole_wards(trial: Trial) -> list[Rule]:
    if trial.option.geography.startswith("ward"):
        return []
    label = "Whole wards"
    if trial.wards is None:
        return [
            Rule("whole_wards", label, "not known", "Nothing that is loaded says which ward an area is in.")
        ]
    group, codes = pd.factorize(trial.wards.reindex(trial.topology.area_codes))
    names = [trial.ward_names.get(str(code), str(code)) for code in codes]
    breaches = _split(trial, group.astype(np.int64), names)
    return [rule("whole_wards", label, breaches, "No ward is split (areas belong to wards by best fit).")]


def _partner_rule(trial: Trial, partner: PartnerSet) -> Rule:
    """None of the partner's areas may lie in two footprints; a footprint may hold several of them."""
    breaches = _split(trial, partner.row, partner.labels)
    met = f"None of the {len(partner.labels)} areas of {partner.name} is split."
    return rule(f"partner_{partner.id}", f"In line with {partner.name}", breaches, met)


def _split(trial: Trial, group: NDArray[np.int64], names: Sequence[str]) -> list[Breach]:
    """Groups of areas in two footprints or more; to look at are those away from most of the people."""
    breaches = []
    for one in split_groups(trial.index, group).tolist():
        rows = np.flatnonzero((group == one) & (trial.index >= 0))
        owner = trial.index[rows]
        people = np.bincount(owner, np.nan_to_num(trial.town.people[rows]), minlength=trial.k)
        most = max(np.unique(owner).tolist(), key=lambda number: people[number])
        away = rows[owner != most]
        verb = "lies" if len(away) == 1 else "lie"
        elsewhere = names_in_words(
            [trial.name(number) for number in np.unique(owner[owner != most]).tolist()]
        )
        parted = names_in_words([str(trial.topology.area_names[row]) for row in away.tolist()])
        message = f"{names[one]} is mostly in {trial.name(most)}; {parted} {verb} in {elsewhere}."
        breaches.append(Breach(message, trial.codes(away)))
    return breaches


def _transport(trial: Trial) -> Rule:
    """Roads inside are for people to judge; what holds together over a link alone can be named."""
    without = _without_links(trial)
    label = "Transport links inside"
    if not without:
        return Rule(
            "transport", label, "not known", "No street network is loaded: look at the roads and buses."
        )
    names = names_in_words(without)
    verb = "holds" if len(without) == 1 else "hold"
    return Rule(
        "transport",
        label,
        "not known",
        f"{names} {verb} together only over a link between areas that share no border.",
    )


def _without_links(trial: Trial) -> list[str]:
    """Footprints that would fall into more pieces if the stated links were not there."""
    first, second = trial.topology.link_rows
    if not ((trial.index[first] == trial.index[second]) & (trial.index[first] >= 0)).any():
        return []
    dry = replace(trial.topology, links=trial.topology.links.iloc[:0])
    with_links, without = (
        n_pieces_by_footprint(piece, n, trial.index, trial.k)
        for n, piece in (pieces(topology, trial.index) for topology in (trial.topology, dry))
    )
    return [trial.name(number) for number in np.flatnonzero(without > with_links).tolist()]


def _named(trial: Trial) -> Rule:
    """Whether people who live there named them cannot be seen; whether they have names can."""
    label = "Named by the people who live there"
    plain = [name for name in map(trial.name, range(trial.k)) if _ONLY_A_LETTER.match(name.strip())]
    if plain:
        verb = "is only a letter or number" if len(plain) == 1 else "are only letters or numbers"
        return Rule("named", label, "not known", f"Not yet: {names_in_words(plain)} {verb}.")
    return Rule("named", label, "not known", "They have names; ask the people who live there.")
