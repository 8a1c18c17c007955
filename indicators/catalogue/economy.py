"""Income, work, occupations and the cost of a home."""

from __future__ import annotations

from indicators.catalogue.shared import RESIDENTS, SCORE_NOTE, STUDENT_NOTE, TIDY
from indicators.indicator import Cells, Indicator

_NS_SEC = "National Statistics Socio-economic Classification (NS-SEC): "
NS_SEC_ALL = Cells("ts062", (f"{_NS_SEC}Total: All usual residents aged 16 years and over",))

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="income_dep",
        label="Residents in income deprivation",
        domain="economy",
        definition="Share of residents who live in families with a low income, in work or out of it.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("iod2025_indicators", ("income_domain_numerator",)),
        denominator=Cells(
            "iod2025_indicators",
            ("income_domain_numerator",),
            divide_by=("iod2025_scores", "Income_score", 1.0),
        ),
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025",
        cadence="about 5 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=(
            "The number of residents is derived: published count (rounded to 5) over "
            "published score, which gives the score back for an LSOA. Part of the IMD: never "
            "put both into one index. Not comparable with the 2019 Indices."
        ),
        subject="residents",
        predicate="live in families on a low income, in work or out of it",
    ),
    Indicator(
        id="employment_dep",
        label="Residents of working age in employment deprivation",
        domain="economy",
        definition=(
            "Share of residents aged 18 to 66 who are kept out of work by unemployment, sickness or caring."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("iod2025_indicators", ("employment_domain_numerator",)),
        denominator=Cells(
            "iod2025_indicators",
            ("employment_domain_numerator",),
            divide_by=("iod2025_scores", "Employment_score", 1.0),
        ),
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025",
        cadence="about 5 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=(
            "The number of residents is derived: published count (rounded to 5) over "
            "published score, which gives the score back for an LSOA; with low scores it is "
            "good to some 10% in an LSOA. Part of the IMD: never put both into one index."
        ),
        subject="residents aged 18 to 66",
        predicate="are kept out of work by unemployment, sickness or caring",
    ),
    Indicator(
        id="imd",
        label="Index of Multiple Deprivation score",
        domain="economy",
        definition="England's combined measure of deprivation; higher is more deprived.",
        statistic="score",
        unit="score",
        multiplier=1.0,
        polarity="high_is_worse",
        numerator=Cells("iod2025_scores", ("IMD_score",)),
        denominator=RESIDENTS,
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025",
        cadence="about 5 years",
        aggregation="population-weighted mean",
        interval="none",
        disclosure="protected_at_source",
        caveat=(
            "Holds the income, employment, education, health, crime, housing and environment "
            "domains: never put it into one index with any of them. Ranks and deciles are never "
            "averaged. " + SCORE_NOTE
        ),
        subject="the score of the Index of Multiple Deprivation",
        predicate="is {}",
    ),
    Indicator(
        id="imd_most_deprived",
        label="Residents in the most deprived fifth of England",
        domain="economy",
        definition=(
            "Share of residents whose LSOA is among the most deprived fifth of England by the "
            "Index of Multiple Deprivation."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("ts007a", ("Age: Total",), where=("iod2025_imd", "IMD_decile", 1.0, 2.0)),
        denominator=RESIDENTS,
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025; Census 2021",
        cadence="about 5 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=(
            "Counts everybody in such an LSOA, deprived or not; and many deprived people live elsewhere."
        ),
        subject="residents",
        predicate="live in a small area among the most deprived fifth of England",
    ),
    Indicator(
        id="never_worked",
        label="Never worked or long-term unemployed",
        domain="economy",
        definition=("Share of residents aged 16 and over who never worked or have been unemployed for long."),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("ts062", (f"{_NS_SEC}L14.1 and L14.2 Never worked and long-term unemployed",)),
        denominator=NS_SEC_ALL,
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=STUDENT_NOTE,
        subject="residents aged 16 and over",
        predicate="have never worked or have long been unemployed",
    ),
    Indicator(
        id="routine_jobs",
        label="Semi-routine and routine occupations",
        domain="economy",
        definition=(
            "Share of residents aged 16 and over whose work is, or last was, semi-routine or routine."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=Cells(
            "ts062",
            (
                f"{_NS_SEC}L12 Semi-routine occupations",
                f"{_NS_SEC}L13 Routine occupations",
            ),
        ),
        denominator=NS_SEC_ALL,
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=STUDENT_NOTE,
        subject="residents aged 16 and over",
        predicate="have, or last had, a semi-routine or routine occupation",
    ),
    Indicator(
        id="managers",
        label="Managerial, administrative and professional occupations",
        domain="economy",
        definition=(
            "Share of residents aged 16 and over whose work is, or last was, managerial, "
            "administrative or professional."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=Cells(
            "ts062",
            (
                f"{_NS_SEC}L1, L2 and L3 Higher managerial, administrative and professional occupations",
                f"{_NS_SEC}L4, L5 and L6 Lower managerial, administrative and professional occupations",
            ),
        ),
        denominator=NS_SEC_ALL,
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=STUDENT_NOTE,
        subject="residents aged 16 and over",
        predicate="have, or last had, a managerial, administrative or professional occupation",
    ),
    Indicator(
        id="level4",
        label="Qualified to level 4 or above",
        domain="economy",
        definition=(
            "Share of residents aged 16 and over with a degree or another qualification of level 4 or above."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_better",
        numerator=Cells("ts067", ("Highest level of qualification: Level 4 qualifications and above",)),
        denominator=Cells(
            "ts067", ("Highest level of qualification: Total: All usual residents aged 16 years and over",)
        ),
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat="Students count by what they hold already.",
        subject="residents aged 16 and over",
        predicate="have a degree or another qualification of level 4 or above",
    ),
    Indicator(
        id="claimants",
        label="Claimant count",
        domain="economy",
        definition=(
            "People who claim benefits mainly because they are out of work, as a share of "
            "residents aged 16 to 64."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("claimant_count", ("Claimant count",)),
        denominator=Cells(
            "population_estimates",
            (
                "Aged 16-19",
                "Aged 20-64",
            ),
            period="mid-2020",
        ),
        source_id="claimant_count",
        geography="ward",
        vintage="Latest month loaded",
        cadence="monthly",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=(
            "Published by ward, rounded to 5. Residents aged 16 to 64 are those of the "
            "mid-2020 ward estimates: the ward percentages that are published beside the counts differ "
            "from these by up to 0.1 of a percentage point."
        ),
        subject="residents aged 16 to 64",
        predicate="claim benefits mainly because they are out of work",
    ),
    Indicator(
        id="housing_benefit",
        label="Housing Benefit claimants",
        domain="economy",
        definition="Housing Benefit claimants for each 1,000 residents aged 20 and over.",
        statistic="rate",
        unit="per 1,000 residents aged 20 and over",
        multiplier=1000.0,
        polarity="high_is_worse",
        numerator=Cells("hb_claimants", ("HB_claimants",)),
        denominator=Cells(
            "population_estimates",
            (
                "Aged 20-64",
                "Aged 65+",
            ),
            period="mid-2020",
        ),
        source_id="dwp_housing_benefit",
        geography="ward",
        vintage="Latest month loaded",
        cadence="monthly",
        aggregation="sum then divide",
        interval="Byar's or exact Poisson",
        disclosure="protected_at_source",
        caveat=(
            "Published by ward. Universal Credit is replacing Housing Benefit for people of "
            "working age, so it falls everywhere. Claims are counted, one to a household, "
            "over residents of the mid-2020 ward estimates: household counts are not "
            "published for every ward. In this release some ward counts are apportioned, and "
            "wards can sum to a tenth less than the authority's published total: use it for the "
            "pattern, not the level."
        ),
        subject="people",
        predicate="claim Housing Benefit",
    ),
    Indicator(
        id="fuel_poverty",
        label="Households in fuel poverty",
        domain="economy",
        definition="Share of households with a low income whose home is costly to heat.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("fuel_poverty", ("Number of households in fuel poverty",)),
        denominator=Cells("fuel_poverty", ("Number of households",)),
        source_id="desnz_fuel_poverty",
        geography="ward",
        vintage="2021",
        cadence="yearly",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="published",
        caveat=(
            "Modelled by the Department, added up to wards by Open Innovations, which left "
            "wards without a best-fit LSOA without a figure. Low income, low energy "
            "efficiency measure. The interval takes no account of the model."
        ),
        subject="households",
        predicate="are in fuel poverty",
    ),
    Indicator(
        id="housing_barriers",
        label="Barriers to housing and services (IoD domain)",
        domain="economy",
        definition="How hard it is to reach services and to afford a home; higher is worse.",
        statistic="score",
        unit="score",
        multiplier=1.0,
        polarity="high_is_worse",
        numerator=Cells("iod2025_scores", ("Housing_and_Services_score",)),
        denominator=RESIDENTS,
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025",
        cadence="about 5 years",
        aggregation="population-weighted mean",
        interval="none",
        disclosure="protected_at_source",
        caveat=("Part of the IMD: never put both into one index. " + SCORE_NOTE),
        subject="the score for barriers to housing and services in the Indices of Deprivation",
        predicate="is {}",
    ),
    Indicator(
        id="no_car_2011",
        label="Households without a car or van, 2011",
        domain="economy",
        definition="Share of households that had no car or van on census day 2011.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=Cells("qs416ew", ("QS416EW001 No cars or vans in household",)),
        denominator=Cells("qs416ew", ("Total",)),
        source_id="ons_census_2011",
        geography="lsoa11",
        vintage="Census 2011",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=(
            "Ten years older than the other census figures, and on the LSOAs of 2011: for orientation only."
        ),
        subject="households",
        predicate="had no car or van on census day 2011",
    ),
    Indicator(
        id="uc",
        label="People on Universal Credit",
        domain="economy",
        definition="People on Universal Credit as a share of residents aged 16 to 64.",
        statistic="rate",
        unit="per 100 residents aged 16 to 64",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("universal_credit", ("People on Universal Credit",)),
        denominator=Cells(
            "population_estimates",
            (
                "Aged 16-19",
                "Aged 20-64",
            ),
        ),
        source_id="dwp_stat_xplore",
        geography="ward",
        vintage="Latest month loaded",
        cadence="monthly",
        aggregation="sum then divide",
        interval="Byar's or exact Poisson",
        disclosure="protected_at_source",
        caveat="Perturbed at source, so areas do not sum to the total.",
        waits_for=(f"Stat-Xplore: People on Universal Credit by ward, {TIDY} People on Universal Credit"),
        subject="people",
        predicate="are on Universal Credit",
    ),
    Indicator(
        id="pip",
        label="Personal Independence Payment",
        domain="economy",
        definition="People with Personal Independence Payment for each 100 residents aged 16 and over.",
        statistic="rate",
        unit="per 100 residents aged 16 and over",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("pip", ("Cases with entitlement",)),
        denominator=Cells(
            "population_estimates",
            (
                "Aged 16-19",
                "Aged 20-64",
                "Aged 65+",
            ),
        ),
        source_id="dwp_stat_xplore",
        geography="ward",
        vintage="Latest month loaded",
        cadence="monthly",
        aggregation="sum then divide",
        interval="Byar's or exact Poisson",
        disclosure="protected_at_source",
        caveat="Perturbed at source. A claim is help received, not only need.",
        waits_for=f"Stat-Xplore: PIP cases with entitlement by ward, {TIDY} Cases with entitlement",
        subject="people",
        predicate="receive Personal Independence Payment",
    ),
    Indicator(
        id="unemployed",
        label="Unemployed, census",
        domain="economy",
        definition=(
            "Share of economically active residents who are unemployed, full-time students left out."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells(
            "ts066",
            (("Economic activity status: Economically active (excluding full-time students): Unemployed"),),
        ),
        denominator=Cells(
            "ts066", ("Economic activity status: Economically active (excluding full-time students)",)
        ),
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat="March 2021: people on furlough count as in work.",
        waits_for="Census 2021 table TS066 (Nomis bulk CSV)",
        subject="economically active residents",
        predicate="are unemployed",
    ),
    Indicator(
        id="inactive_sick",
        label="Not working: long-term sick or disabled",
        domain="economy",
        definition=(
            "Share of residents aged 16 and over who are not in the labour market because of "
            "long-term sickness or disability."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells(
            "ts066", ("Economic activity status: Economically inactive: Long-term sick or disabled",)
        ),
        denominator=Cells(
            "ts066", ("Economic activity status: Total: All usual residents aged 16 years and over",)
        ),
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=STUDENT_NOTE,
        waits_for="Census 2021 table TS066 (Nomis bulk CSV)",
        subject="residents aged 16 and over",
        predicate="are out of the labour market because of long-term sickness or disability",
    ),
)
