"""What a bus may have on board, and whom each service is for: records over the catalogue's indicators."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OutreachService:
    """One service.

    Parameters
    ----------
    id, label : str
    people_id : str
        Indicator whose numerator counts the people it is for.
    weight_id : str
        Indicator by which an area's people count for more: its rate over the authority's. Empty for none.
    why : str
        Said on the page.
    """

    id: str
    label: str
    people_id: str
    weight_id: str
    why: str


SERVICES: dict[str, OutreachService] = {
    record.id: record
    for record in (
        OutreachService(
            "pension_credit",
            "Benefits advice for older people",
            "pop_65plus",
            "income_dep",
            "People aged 65 and over, counted for more where more people live on a low income.",
        ),
        OutreachService(
            "benefits",
            "Benefits and money advice",
            "income_dep",
            "",
            "People in income deprivation.",
        ),
        OutreachService(
            "youth",
            "Youth work",
            "pop_10_19",
            "asb",
            "People aged 10 to 19, counted for more where more anti-social behaviour is recorded.",
        ),
        OutreachService("health", "Health checks", "bad_health", "", "People in bad or very bad health."),
        OutreachService("everyone", "Everyone", "pop_total", "", "All residents."),
    )
}
