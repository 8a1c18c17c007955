"""Themes that neighbourhood teams work by: whose need, measured how, and which places help.

A theme is a literal record. Its words are looked for in a place's name, services and type as whole words; a
star stands for any ending. The mistake this prevents: an asset that counts for a need because somebody
thought so, with nobody able to say why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from geodata.errors import InputError


@dataclass(frozen=True)
class Theme:
    """One theme.

    Parameters
    ----------
    id, label : str
    needs : tuple of str
        Indicator ids that measure the need, the one that is taken first in front.
    kinds : tuple of str
        Kinds of place that count whatever else is known of them.
    words : tuple of str
        Places of other kinds count when they say one of these.
    """

    id: str
    label: str
    needs: tuple[str, ...]
    kinds: tuple[str, ...]
    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of the words, whole, in capitals or not."""
        parts = [re.escape(word).replace(r"\*", r"\w*") for word in self.words]
        return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


THEMES: dict[str, Theme] = {
    theme.id: theme
    for theme in (
        Theme(
            "older_people",
            "Older people",
            ("pop_65plus", "pop_85plus", "alone_66", "idaopi"),
            ("library", "gp_surgery", "pharmacy"),
            (
                "older",
                "over 50*",
                "over 60*",
                "over 65*",
                "lunch club*",
                "day centre*",
                "dementia",
                "memory cafe*",
                "memory café*",
                "falls",
                "age uk",
                "age friends",
                "befriend*",
                "sheltered",
            ),
        ),
        Theme(
            "families",
            "Families with young children",
            ("pop_under5", "cilif_ahc", "idaci", "lone_parents"),
            ("library", "gp_surgery"),
            (
                "famil*",
                "baby",
                "babies",
                "toddler*",
                "parent*",
                "nursery",
                "early years",
                "playgroup*",
                "children*",
                "sure start",
                "health visit*",
            ),
        ),
        Theme(
            "young_people",
            "Young people",
            ("pop_10_19", "he_entry", "edu_cyp"),
            ("library", "school"),
            ("youth", "young people*", "young person*", "teen*", "scout*", "guides", "cadets", "sport*"),
        ),
        Theme(
            "money",
            "Money and work",
            ("income_dep", "employment_dep", "claimants", "fuel_poverty", "uc"),
            ("library",),
            (
                "debt*",
                "benefit*",
                "welfare",
                "money",
                "advice",
                "citizens advice",
                "food bank*",
                "foodbank*",
                "credit union*",
                "warm space*",
                "warm place*",
                "job*",
                "employment",
                "housing",
            ),
        ),
        Theme(
            "mental_health",
            "Mental health",
            ("mental_health", "loneliness"),
            ("gp_surgery",),
            (
                "mental",
                "wellbeing",
                "well-being",
                "counselling",
                "talking therap*",
                "samaritans",
                "mind",
                "peer support",
                "crisis",
                "psycholog*",
                "psychiatr*",
            ),
        ),
        Theme(
            "disability_carers",
            "Disability and carers",
            ("disabled", "carers", "limited_lot", "hh_disabled", "carers_50h"),
            ("gp_surgery",),
            (
                "disab*",
                "carer*",
                "respite",
                "autis*",
                "sight",
                "blind",
                "deaf",
                "hearing",
                "sensory",
                "occupational therap*",
                "wheelchair*",
            ),
        ),
        Theme(
            "health",
            "Long-term ill health",
            ("bad_health", "limited_lot", "comparative_illness"),
            ("gp_surgery", "pharmacy", "clinic", "hospital"),
            ("health", "exercise", "weight", "smok*", "diabet*", "rehab*", "physio*", "walking group*"),
        ),
        Theme(
            "learning",
            "Skills and learning",
            ("no_quals", "adult_skills"),
            ("library",),
            (
                "learning",
                "adult education",
                "class",
                "classes",
                "course*",
                "esol",
                "english",
                "digital",
                "computer*",
                "college",
                "skills",
            ),
        ),
    )
}


def theme(theme_id: str) -> Theme:
    """The record of a theme.

    Raises
    ------
    InputError
        When there is none of that id.
    """
    if theme_id not in THEMES:
        raise InputError(f"There is no theme {theme_id!r}; there are {', '.join(THEMES)}.")
    return THEMES[theme_id]


def why_it_counts(one: Theme, places: pd.DataFrame) -> pd.Series:
    """Why each place is an asset for a theme, by place_id: its kind, or the word it says; empty where not."""
    said = places["name"] + "; " + places["services"] + "; " + places["type"]
    words = said.map(lambda text: found.group(0) if (found := one.pattern.search(text)) else "")
    by_word = words.map(lambda word: f"says “{word}”" if word else "")
    return by_word.where(~places["kind"].isin(one.kinds), "by its kind")
