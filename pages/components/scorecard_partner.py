"""An option over partners' areas: who lives outside, which of their areas are split, who is registered."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from neighbourhoods.option.option import FootprintOption
from neighbourhoods.partner.fit import PartnerFit
from neighbourhoods.scorecard.scorecard import Scorecard
from pages.components import words
from pages.components.download import table_downloads
from pages.components.print_table import print_table

PERCENT = 100.0


def show_partners(card: Scorecard, notes: Sequence[str]) -> None:
    """Who of each footprint lives in which of the partners' areas."""
    if not card.partners:
        st.info("Choose partners' areas under More to lay the option over them.", icon=":material/info:")
    for one in card.partners:
        st.markdown(partner_words(one))
        for name, title, table in _tables(one, card.trial.option):
            st.dataframe(
                table,
                hide_index=True,
                alt=f"{title}: {one.partner_name}",
                column_config=_localised(table),
            )
            print_table(table)
            table_downloads(table, f"partner_{name}", notes, key=f"test_{name}_{one.partner_id}")
        for said in (_near_the_line(one), *one.notes):
            st.caption(words.plain(said))


def partner_words(one: PartnerFit) -> str:
    """The finding for one partner, for Markdown."""
    total = float(one.footprints["people"].sum())
    share = f" ({one.people_outside / total:.0%})" if total else ""
    n_split = int((one.partner_areas["n_footprints"] > 1).sum())
    split = words.plural(n_split, "of their areas is split", "of their areas are split")
    outside = words.number(round(one.people_outside, -1))
    return (
        f"**{words.plain(one.partner_name)}**: {outside} people{share} live outside the partner's area "
        f"that leads their neighbourhood; {split}. People counted by "
        f"{words.plain(one.counted_by)}."
    )


def _tables(one: PartnerFit, option: FootprintOption) -> list[tuple[str, str, pd.DataFrame]]:
    """File name, title and table: by footprint, by partner's area, and both."""
    footprints = pd.DataFrame(
        {
            "Footprint": one.footprints["footprint_name"],
            "Led by": one.footprints["leading"],
            "Share of it (%)": (PERCENT * one.footprints["leading_share"]).round(1),
            "People": one.footprints["people"].round(),
            "People outside": one.footprints["people_outside"].round(),
        }
    )
    theirs = one.partner_areas
    areas = pd.DataFrame(
        {
            "Partner's area": theirs["partner_area"],
            "Residents": theirs["residents"].round(),
            "Registered": theirs["registered"],
            "Registered less residents": theirs["registered_less_residents"].round(),
            "In how many footprints": theirs["n_footprints"],
            "Most are in": [option.footprint_name(str(i)) if i else "" for i in theirs["leading"]],
            "Share of it (%)": (PERCENT * theirs["leading_share"]).round(1),
        }
    )
    if areas["Registered"].isna().all():
        areas = areas.drop(columns=["Registered", "Registered less residents"])
    overlaps = one.people.round().rename(index=option.footprint_name).rename_axis("Footprint").reset_index()
    return [
        ("footprints", "Footprints and the partner's area that leads each", footprints),
        ("areas", "The partner's areas and where their people are", areas),
        ("overlap", "People by footprint and partner's area", overlaps),
    ]


def _near_the_line(one: PartnerFit) -> str:
    straddle = one.straddle
    if pd.isna(straddle.share):
        return f"People near the line: {straddle.method}."
    across = "" if pd.isna(straddle.people_across) else f"; {straddle.people_across:,.0f} live across it"
    cut = f"{straddle.share:.0%} of people live in areas that the partner's line cuts"
    return f"{cut}{across} ({straddle.method})."


def _localised(table: pd.DataFrame) -> dict[str, object]:
    counts = [c for c in table.columns if table[c].dtype.kind == "f" and "(%)" not in str(c)]
    return {str(c): st.column_config.NumberColumn(format="localized") for c in counts}
