"""What the columns of the Indices of Deprivation are called here, and which table each belongs to.

Published headers differ by year and release and may be cut at 80 characters: each is known by how it begins.
"""

from __future__ import annotations

import re

_SUBJECTS = (  # beginning of a header in lower case, canonical name, group
    ("index of multiple deprivation (imd)", "IMD", "imd"),
    ("income deprivation affecting children", "IDACI", "supplementary"),
    ("idaci", "IDACI", "supplementary"),
    ("income deprivation affecting older people", "IDAOPI", "supplementary"),
    ("idaopi", "IDAOPI", "supplementary"),
    ("children and young people sub-domain", "children_and_young_people", "subdomains"),
    ("adult skills sub-domain", "adult_skills", "subdomains"),
    ("geographical barriers sub-domain", "geographical_barriers", "subdomains"),
    ("wider barriers sub-domain", "wider_barriers", "subdomains"),
    ("indoors sub-domain", "indoors", "subdomains"),
    ("outdoors sub-domain", "outdoors", "subdomains"),
    ("income", "Income", "domains"),
    ("employment", "Employment", "domains"),
    ("education, skills and training", "Education", "domains"),
    ("health deprivation and disability", "Health", "domains"),
    ("crime", "Crime", "domains"),
    ("barriers to housing and services", "Barriers", "domains"),
    ("living environment", "Environment", "domains"),
)
_BARRIERS = {"2019": "Housing_and_Access", "2025": "Housing_and_Services"}
_POPULATIONS = (
    ("total population", "population_total"),
    ("dependent children", "population_dependent_children"),
    ("older population", "population_older"),
    ("working age population", "population_working_age"),
)
_KIND = re.compile(r"\b(score|rank|decile)\b", re.IGNORECASE)
_INDICATOR_GROUPS = (  # words in an indicator's name, and the sheet of File 8 that holds it
    ("income", ("income_domain", "idaci", "idaopi")),
    ("employment", ("employment_domain",)),
    ("education", ("education", "pupil", "adult_skills", "staying_on", "absence", "key_stage", "attainment")),
    ("health", ("morbidity", "illness", "mental_health", "life_lost", "mood_and_anxiety")),
    (
        "crime",
        ("violence", "burglary", "theft", "criminal_damage", "stalking", "public_order", "anti_social"),
    ),
    ("living", ("condition", "heating", "traffic", "air_quality", "noise", "energy_performance", "outdoor")),
)


def canonical(header: str, year: str) -> tuple[str, str] | None:
    """Cell name and group ("imd", "domains", ...) of a published header; None when it is no index of ours.

    Parameters
    ----------
    header : str
        "Income Score (rate)", perhaps cut off or with trailing blanks.
    year : str
        "2019" or "2025": one domain changed its name.
    """
    text = header.strip().casefold()
    population = next((name for start, name in _POPULATIONS if text.startswith(start)), None)
    if population:
        return population, "population"
    subject = next(((name, group) for start, name, group in _SUBJECTS if text.startswith(start)), None)
    kind = _KIND.search(text)
    if subject is None or kind is None:
        return None
    name, group = subject
    name = _BARRIERS[year] if name == "Barriers" else name
    return f"{name}_{kind.group(1).lower()}", group


def tables_of(names: dict[int, tuple[str, str]], year: str) -> dict[str, dict[int, str]]:
    """Which table each column goes to: table id -> {position: cell}.

    File 7 fills the tables that Files 1 and 3 fill by themselves, with the same cells, so that whichever
    comes last replaces the other whole.
    """
    by_group: dict[str, dict[int, str]] = {}
    for position, (name, group) in names.items():
        by_group.setdefault(group, {})[position] = name
    imd = {i: name for i, name in by_group.get("imd", {}).items() if not name.endswith("_score")}
    domains = {**by_group.get("imd", {}), **by_group.get("domains", {})}
    supplementary = by_group.get("supplementary", {})
    scores = {i: name for i, name in supplementary.items() if name.endswith("_score")}
    prefix = f"iod{year}_"
    tables: dict[str, dict[int, str]] = {}
    if "domains" in by_group and "imd" not in by_group:  # the trimmed File 7a: incomes only
        return {prefix + "income": {**by_group["domains"], **supplementary}}
    if "domains" in by_group:
        tables[prefix + "scores"] = domains
    if supplementary:
        ranks = {i: name for i, name in supplementary.items() if i not in scores}
        tables[prefix + "supplementary"] = {**imd, **ranks}
        tables[prefix + "supplementary_scores"] = scores
    if "domains" in by_group or not supplementary:
        tables[prefix + "imd"] = imd
    tables[prefix + "subdomains"] = by_group.get("subdomains", {})
    tables[prefix + "population"] = by_group.get("population", {})
    return {table: columns for table, columns in tables.items() if columns}


def indicator_group(name: str) -> str:
    """Sheet of File 8 that holds an indicator: "income", ..., "barriers" where none of the others does."""
    return next(
        (group for group, words in _INDICATOR_GROUPS if any(word in name for word in words)), "barriers"
    )
