"""The finding of a scorecard in one sentence, and the card for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from neighbourhoods.measure.fit_sensitivity import FitComparison
from neighbourhoods.measure.measured import Measured
from neighbourhoods.measure.words import share_in_words

if TYPE_CHECKING:
    from neighbourhoods.scorecard.scorecard import Scorecard

N_TOLD = 2
HALF = 0.5
MORE_WORDS: dict[str, tuple[str, str]] = {  # what it is when it beats others, and when none beats it
    "balance": ("is more even than", "is as even as any"),
    "compactness": ("is more compact than", "is as compact as any"),
    "cut_edges": ("parts fewer neighbours than", "parts as few neighbours as any"),
    "round": ("is more rounded than", "is as rounded as any"),
    "as_now": ("moves fewer people than", "moves as few people as any"),
    "alike": ("is more alike in need than", "is as alike in need as any"),
    "distinct": ("is more distinct in need than", "is as distinct in need as any"),
    "partners": ("is more in line with the partner than", "is as much in line as any"),
    "travel": ("has shorter ways inside than", "has as short ways inside as any"),
    "future": ("is more even later than", "is as even later as any"),
}


def rules_words(card: Scorecard) -> str:
    """ "meets 5 of 6 rules"."""
    if card.n_met == card.n_judged:
        return f"meets all {card.n_judged} rules that can be checked"
    return f"meets {card.n_met} of {card.n_judged} rules"


def finding_words(card: Scorecard) -> str:
    """The finding without the name: "meets 5 of 6 rules and is more compact than 96% of all ..."."""
    compared = compared_words(card)
    if not compared:
        return rules_words(card)
    return (
        rules_words(card) + ("," if " and " in compared or " but " in compared else " and") + f" {compared}"
    )


def compared_words(card: Scorecard) -> str:
    """How it stands by the wishes that weigh most, the better first; empty where nothing is compared."""
    weights = dict(card.trial.params.wishes)
    known = [m for m in card.measures if m.wish_id in weights and not np.isnan(m.better_than)]
    most = sorted(known, key=lambda m: -weights[m.wish_id])[:N_TOLD]
    told = sorted(most, key=lambda m: -m.better_than)
    if not told:
        return ""
    if card.among.n == 1 and card.among.kind == "all ways":
        return "is the only way there is"
    said = [_one(card, one) for one in told]
    but = " but " if told[0].better_than >= HALF > told[-1].better_than else " and "
    return f"{but.join(said)} of {card.among.words}"


def _one(card: Scorecard, one: Measured) -> str:
    more, as_any = MORE_WORDS[one.wish_id]
    if one.is_best and card.among.kind == "all ways":
        return as_any
    if one.better_than >= 1:
        return f"{more} all"
    about = "about " if card.among.kind == "sampled" else ""
    only = "only " if 0 < one.better_than < HALF else ""
    return f"{more} {only}{about}{share_in_words(one.better_than)}"


def card_words(card: Scorecard) -> str:
    """The card as lines of text."""
    option = card.trial.option
    lines = [f"{option.name or 'The option'} {finding_words(card)}.", "", "Rules"]
    lines += [f"  {rule.status:9} {rule.label}: {rule.message}" for rule in card.rules]
    lines += ["", f"Measures, among {card.among.words}{band_words(card)}"]
    lines += [
        f"  {m.label}: {m.value_words}; best {m.best_words}; away {m.distance_words}; "
        f"{m.standing_words(card.among)}"
        for m in card.measures
    ]
    lines += [f"  {card.among.note}"] if card.among.note else []
    lines += ["", f"Single moves: {card.moves.n_helpful} of {card.moves.n_possible} help"]
    lines += [f"  {one.title}: {one.words(card.moves.measure_ids)}" for one in card.moves.best]
    if card.fitting is not None:
        lines += ["", f"Fit in use: {card.fitting.label}"]
        lines += [f"  {one.label}: {_fit(one)}" for one in card.fitting.others]
    return "\n".join(lines)


def _fit(one: FitComparison) -> str:
    return one.why_not or (
        f"{one.n_changed} of {one.n_compared} figures change, {one.n_flipped} compare otherwise"
    )


def band_words(card: Scorecard) -> str:
    """ " within 15% of 33,805 people (wider than the 10% asked for, because the option is)"."""
    if card.among.kind == "none":
        return ""
    wide = (
        f" (wider than the {card.trial.params.tolerance:.0%} asked for, because the option is outside that)"
        if card.among.is_widened
        else ""
    )
    return f" within {card.among.tolerance:.0%} of {card.trial.town.target:,.0f} people{wide}"
