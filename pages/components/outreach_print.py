"""Posters and round sheets for A4: one page for each stop, one for each driver's round.

On the screen they are a preview; on paper nothing but them is printed (see `page.css`). Names are escaped.
"""

from __future__ import annotations

from html import escape

import numpy as np

from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.timetable_week import (
    clock,
    round_sheet,
    round_title,
    rounds_in_order,
    sheet_fault,
    stop_sentences,
    stop_table,
)


def poster_pages(plan: OutreachPlan, operator: str) -> list[str]:
    """One page of HTML for each stop: what comes, where, and all its days and hours."""
    pages, table = [], stop_table(plan)
    for stop_id, services, name in zip(table.index, table["services"], table["name"], strict=True):
        hours = "".join(f"<li>{escape(one)}</li>" for one in stop_sentences(plan, str(stop_id)))
        who = f"<p>{escape(operator)}</p>" if operator else ""
        pages.append(
            f"<p>{escape(str(services))}</p><h2>{escape(str(name))}</h2>"
            f"<p>The bus is here</p><ul>{hours}</ul>{who}"
        )
    return pages


def sheet_pages(plan: OutreachPlan) -> list[str]:
    """One page of HTML for each round: leave, drive, each stop, the break, back."""
    pages = []
    for _, one in rounds_in_order(plan).iterrows():
        rows = []
        for row in round_sheet(plan, one).to_dict("records"):
            start, end = clock(row["start_minute"]), clock(row["end_minute"])
            hours = start if start == end else f"{start} to {end}"
            km = "" if np.isnan(row["km"]) else f"{row['km']:,.1f} km"
            cells = (hours, row["what"], row["where"], km)
            rows.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>")
        head = "".join(f'<th scope="col">{one}</th>' for one in ("When", "What", "Where", "Distance"))
        fault = sheet_fault(plan, one)
        warned = f"<p><strong>{escape(fault)}</strong></p>" if fault else ""
        pages.append(
            f"<h2>{escape(round_title(plan, one))}</h2>{warned}"
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )
    return pages


def paper(pages: list[str], kind: str) -> str:
    """Pages as one block; `kind` is "poster" or "sheet"."""
    return (
        f'<div class="paper paper-{kind}">' + "".join(f"<section>{one}</section>" for one in pages) + "</div>"
    )
