"""Needs beside assets in one sentence, and as plain values for scripts."""

from __future__ import annotations

import numpy as np

from geodata.geography import geography as geography_record
from geodata.source import SOURCES
from neighbourhoods.register.field import KINDS
from neighbourhoods.register.need_asset import MISMATCH, NOT_KNOWN, NeedAssets, assets_concentration
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import access_by_fifth, deprivation_indicator, within_column
from neighbourhoods.travel.access_report import method_words

EVEN = 0.02  # of a concentration index: no slope to speak of
N_NAMED = 3


def finding_sentence(study: Study, found: NeedAssets) -> str:
    """Where need is high and assets are few, in one sentence without its full stop."""
    record = geography_record(found.params.geography)
    rows = found.mismatched
    n = int((found.by_area["mismatch"] != NOT_KNOWN).sum())
    who = found.theme.label
    if found.assets.empty:
        return f"{who}: no place in the register is known to help"
    if rows.empty:
        return f"{who}: in none of {n:,} {record.plural} does high need meet few assets"
    names = [str(name) for name in rows["area_name"]]
    named = ", ".join(names[:N_NAMED])
    more = f" and {len(names) - N_NAMED:,} more" if len(names) > N_NAMED else ""
    if len(names) in (2, N_NAMED):
        named = f"{', '.join(names[:-1])} and {names[-1]}"
    where = f"{len(names):,} of {n:,} {record.plural}"
    return f"{who}: need is high and assets are few in {where}, {named}{more}"


def counted_noun(found: NeedAssets) -> str:
    """Who or what is counted: "residents", "households" or "people"."""
    if found.counts_residents:
        return "residents"
    return "households" if found.need.label.startswith(("Households", "Lone-parent households")) else "people"


def people_words(study: Study, found: NeedAssets) -> str:
    """How many people live where need is high and assets are few; empty for nowhere."""
    rows = found.mismatched
    if rows.empty:
        return ""
    count = float(rows["need_count"].sum())
    share = count / float(found.by_area["need_count"].sum())
    label = found.need.label
    lowered = label[:1].lower() + label[1:]
    whom = "" if found.counts_residents else f" ({lowered})"
    return f"{count:,.0f} {counted_noun(found)}{whom} live there, {share:.0%} of {study.authority_name}'s."


def evenness_words(study: Study, found: NeedAssets) -> str:
    """How evenly assets lie against deprivation."""
    index = assets_concentration(study, found)
    if not np.isfinite(index):
        return "How evenly assets lie against deprivation is not known: no deprivation scores are loaded."
    slope = (
        "close to even"
        if abs(index) < EVEN
        else f"the {'more' if index > 0 else 'less'} deprived live further from one"
    )
    said = f"Concentration index of minutes to the nearest asset against deprivation {index:+.2f}: {slope}."
    fifths = access_by_fifth(study, found.access) if found.access is not None else None
    if fifths is None:
        return said
    within = fifths[within_column(found.params.minutes)].to_numpy(dtype=float)  # the most deprived first
    return (
        f"{said} Within {found.params.minutes:g} minutes of one are {_share(within[0])} of residents of the "
        f"most deprived fifth of areas, {_share(within[-1])} of the least deprived."
    )


def _share(share: float) -> str:
    """A share in words that never rounds to none or all."""
    if 0 < share < 0.005:
        return "fewer than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def need_method_words(found: NeedAssets) -> str:
    """How it was worked out."""
    counted = (
        "The need is a score that counts nobody, so assets are shared among all residents. "
        if found.counts_residents
        else ""
    )
    spread = (
        "People in need are not counted for smaller areas; they are spread by residents (modelled). "
        if found.is_spread
        else ""
    )
    kinds = ", ".join(KINDS[one] for one in found.theme.kinds)
    journeys = f"{method_words(found.access)} " if found.access is not None else ""
    return (
        f"Assets: places of the kinds {kinds}, and others that say one of the theme's words in name, "
        "services or type; candidates do not count. Within reach: "
        f"{found.params.minutes:g} minutes' walk. {journeys}Assets per 1,000: each asset is shared among all "
        "people in need within reach of it, an area has the shares within reach of its people (two-step "
        "floating catchment areas, Luo and Wang 2003), so shares add up to the assets that anybody in need "
        "can reach. "
        f"{counted}{spread}Mismatch: need in the top third of the areas and assets per 1,000 in the bottom "
        "third; of equals all are in a third as soon as one is."
    )


def need_source_lines(study: Study, found: NeedAssets) -> list[str]:
    """Source and licence lines of the lists of places and of the need."""
    used = set(study.places().loc[found.assets.index, "source_id"])
    used |= {d.provenance.source_id for d in study.datasets if d.kind == "postcodes"}
    if found.access is not None and found.access.streets is not None and not found.access.is_straight:
        used.add(found.access.streets.source_id)
    listed = [SOURCES[one] for one in sorted(used & set(SOURCES))]
    ordered_by = None if found.access is None else deprivation_indicator(study, found.access.points.geography)
    return [
        *(f"{s.title}, {s.publisher}. {s.attribution}" for s in listed),
        *study.source_lines([found.need.id, *([ordered_by] if ordered_by else [])]),
    ]


def need_json(study: Study, found: NeedAssets) -> dict[str, object]:
    """Keys: params, need, finding, method, n_assets, concentration_index, areas, assets."""
    index = assets_concentration(study, found)
    areas = found.by_area.reset_index().to_dict("records")
    return {
        "params": {
            "theme": found.theme.id,
            "geography": found.params.geography,
            "need": found.need.id,
            "minutes": found.params.minutes,
        },
        "need": {"label": found.need.label, "unit": found.need.unit, "vintage": found.need.vintage},
        "finding": finding_sentence(study, found) + ".",
        "method": need_method_words(found),
        "n_assets": len(found.assets),
        "n_mismatched": int((found.by_area["mismatch"] == MISMATCH).sum()),
        "concentration_index": index,
        "areas": [{str(k): v for k, v in row.items()} for row in areas],
        "assets": [
            {"place_id": str(i), "name": row["name"], "kind": row["kind"], "why": row["why"]}
            for i, row in found.assets[["name", "kind", "why"]].iterrows()
        ],
    }


def need_words(study: Study, found: NeedAssets) -> str:
    """The same for a reader at a terminal."""
    columns = ["area_name", "need_count", "need_value", "n_within", "minutes", "assets_per_1000", "mismatch"]
    return "\n".join(
        [
            f"{finding_sentence(study, found)}. {people_words(study, found)}".strip(),
            evenness_words(study, found),
            need_method_words(found),
            found.by_area[columns].round(2).to_string(index=False),
        ]
    )
