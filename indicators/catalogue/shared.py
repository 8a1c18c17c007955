"""Denominators and warnings that several records share, so that they are worded once.

The mistake this prevents: two indicators that say "residents" and mean two tables.
"""

from __future__ import annotations

from indicators.indicator import Cells

_AGE = "Age: Aged "

RESIDENTS = Cells("ts007a", ("Age: Total",))
HOUSEHOLDS = Cells("ts054", ("Tenure of household: Total: All households",))
AGED_0_TO_14 = Cells("ts007a", (f"{_AGE}4 years and under", f"{_AGE}5 to 9 years", f"{_AGE}10 to 14 years"))
AGED_10_TO_14 = Cells("ts007a", (f"{_AGE}10 to 14 years",))
AGED_15_TO_64 = Cells("ts007a", tuple(f"{_AGE}{age} to {age + 4} years" for age in range(15, 65, 5)))
AGED_25_TO_64 = Cells("ts007a", tuple(f"{_AGE}{age} to {age + 4} years" for age in range(25, 65, 5)))
AGED_65_UP = Cells(
    "ts007a",
    (*(f"{_AGE}{age} to {age + 4} years" for age in range(65, 85, 5)), f"{_AGE}85 years and over"),
)
AGED_60_UP = Cells("ts007a", (f"{_AGE}60 to 64 years", *AGED_65_UP.add))

CENSUS_NOTE = (
    "Census day was 21 March 2021, in a lockdown. Small counts were changed slightly at source, so "
    "sums over areas differ by a few from the published total."
)
STUDENT_NOTE = (
    "Students are counted at their term-time address, but some were away in the lockdown of March 2021."
)
CRIME_NOTE = (
    "Police points are moved to the centre of a street or place with eight or more addresses. City "
    "centres draw visitors, so a rate per resident runs high there. Repeated listings of one crime are "
    "counted once. Residents are those of Census 2021."
)
TIDY = "as a tidy table (date, geography_code, variable_name, value) with the variables"
IOD_NOTE = (
    "Mostly data of 2021 to 2024. The 2025 Indices use other methods than 2019: do not compare the two."
)
SCORE_NOTE = (
    "For anything larger than an LSOA this is a weighted mean of published figures, not a published "
    "figure, and has no interval. " + IOD_NOTE
)
