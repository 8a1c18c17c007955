"""Children and young people: how many, and how they fare."""

from __future__ import annotations

from indicators.catalogue.shared import (
    AGED_0_TO_14,
    AGED_10_TO_14,
    CENSUS_NOTE,
    RESIDENTS,
    SCORE_NOTE,
    STUDENT_NOTE,
    TIDY,
)
from indicators.indicator import Cells, Indicator

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="pop_under5",
        label="Children under 5",
        domain="children",
        definition="Share of residents who are aged 0 to 4.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=Cells("ts007a", ("Age: Aged 4 years and under",)),
        denominator=RESIDENTS,
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=CENSUS_NOTE,
        subject="residents",
        predicate="are children under 5",
    ),
    Indicator(
        id="pop_5_9",
        label="Children aged 5 to 9",
        domain="children",
        definition="Share of residents who are aged 5 to 9.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=Cells("ts007a", ("Age: Aged 5 to 9 years",)),
        denominator=RESIDENTS,
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=CENSUS_NOTE,
        subject="residents",
        predicate="are children aged 5 to 9",
    ),
    Indicator(
        id="pop_10_14",
        label="Children aged 10 to 14",
        domain="children",
        definition="Share of residents who are aged 10 to 14.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=AGED_10_TO_14,
        denominator=RESIDENTS,
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=CENSUS_NOTE,
        subject="residents",
        predicate="are children aged 10 to 14",
    ),
    Indicator(
        id="pop_10_19",
        label="Young people aged 10 to 19",
        domain="children",
        definition="Share of residents who are aged 10 to 19.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=Cells(
            "ts007a",
            (
                "Age: Aged 10 to 14 years",
                "Age: Aged 15 to 19 years",
            ),
        ),
        denominator=RESIDENTS,
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=STUDENT_NOTE,
        subject="residents",
        predicate="are aged 10 to 19",
    ),
    Indicator(
        id="cilif_ahc",
        label="Children in relative low income families",
        domain="children",
        definition=(
            "Share of children under 16 in families with less than 60% of the middle income, "
            "after housing costs."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("cilif_ahc", ("Children in low income families",)),
        denominator=Cells(
            "cilif_ahc",
            ("Children in low income families",),
            divide_by=("cilif_ahc", "Per cent of children", 100.0),
        ),
        source_id="dwp_cilif",
        geography="ward",
        vintage="Latest financial year",
        cadence="yearly",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=(
            "Published by ward. The number of children is derived: published count over "
            "published per cent (one decimal), so it is good to about 1%. Counts are "
            "perturbed at source."
        ),
        subject="children under 16",
        predicate="live in families on a relatively low income after housing costs",
    ),
    Indicator(
        id="idaci",
        label="Children in income deprivation (IDACI), per 100 aged 0 to 14",
        domain="children",
        definition=(
            "Children aged 0 to 15 in income-deprived families, for each 100 residents aged 0 to 14."
        ),
        statistic="ratio",
        unit="per 100 aged 0 to 14",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells(
            "iod2025_indicators", ("income_deprivation_affecting_children_index_idaci_numerator",)
        ),
        denominator=AGED_0_TO_14,
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025; Census 2021",
        cadence="about 5 years",
        aggregation="sum then divide",
        interval="none",
        disclosure="protected_at_source",
        caveat=(
            "Not the published IDACI score: IoD counts children up to 15 and the census band "
            "ends at 14, so the figure runs some 6% high everywhere. Compare areas with each "
            "other only. Counts are rounded to 5 and suppressed in a few areas; an area with "
            "a suppressed part has no figure."
        ),
        subject="children in income-deprived families",
        predicate="number {} for each 100 residents aged 0 to 14",
    ),
    Indicator(
        id="children_most_deprived",
        label="Children in the most deprived fifth for children",
        domain="children",
        definition=(
            "Share of residents aged 0 to 14 whose LSOA is among England's most deprived "
            "fifth for income deprivation affecting children."
        ),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells(
            "ts007a", (*AGED_0_TO_14.add,), where=("iod2025_supplementary", "IDACI_decile", 1.0, 2.0)
        ),
        denominator=AGED_0_TO_14,
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025; Census 2021",
        cadence="about 5 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=("Counts every child in such an LSOA, deprived or not. Never add IMD to its own parts."),
        subject="children aged 0 to 14",
        predicate="live in a small area among England's most deprived fifth for children's family incomes",
    ),
    Indicator(
        id="edu_cyp",
        label="Education: children and young people (IoD sub-domain)",
        domain="children",
        definition=(
            "How far children and young people lack attainment and schooling; higher is "
            "worse, zero is about the middle of England."
        ),
        statistic="score",
        unit="score",
        multiplier=1.0,
        polarity="high_is_worse",
        numerator=Cells("iod2025_subdomains", ("children_and_young_people_score",)),
        denominator=AGED_0_TO_14,
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025",
        cadence="about 5 years",
        aggregation="population-weighted mean",
        interval="none",
        disclosure="protected_at_source",
        caveat=("Weighted by residents aged 0 to 14. " + SCORE_NOTE),
        decimals=2,
        subject="the score for children's and young people's education in the Indices of Deprivation",
        predicate="is {}",
    ),
    Indicator(
        id="he_entry",
        label="Young people not entering higher education",
        domain="children",
        definition=(
            "Share of young people under 21 who did not enter higher education, as the "
            "Indices of Deprivation measure it."
        ),
        statistic="score",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("iod2025_indicators", ("entry_to_higher_education_indicator",)),
        denominator=AGED_10_TO_14,
        source_id="mhclg_iod_2025",
        geography="lsoa21",
        vintage="IoD 2025",
        cadence="about 5 years",
        aggregation="population-weighted mean",
        interval="none",
        disclosure="protected_at_source",
        caveat=(
            "Weighted by residents aged 10 to 14, because students in halls would outweigh local "
            "young people. " + SCORE_NOTE
        ),
        subject="the share of young people who do not enter higher education",
        predicate="is {}%",
    ),
    Indicator(
        id="lone_parents",
        label="Lone-parent households with dependent children",
        domain="children",
        definition="Share of households with dependent children that have one parent.",
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="no_judgement",
        numerator=Cells(
            "ts003",
            (
                (
                    "Household composition: Single family household: Lone parent family: With "
                    "dependent children"
                ),
            ),
        ),
        denominator=Cells(
            "ts003",
            (
                (
                    "Household composition: Single family household: Married or civil partnership "
                    "couple: Dependent children"
                ),
                (
                    "Household composition: Single family household: Cohabiting couple family: With "
                    "dependent children"
                ),
                (
                    "Household composition: Single family household: Lone parent family: With "
                    "dependent children"
                ),
                "Household composition: Other household types: With dependent children",
            ),
        ),
        source_id="ons_census_2021",
        geography="lsoa21",
        vintage="Census 2021",
        cadence="10 years",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat=("The published labels of this table are not even: check that all four kinds are there."),
        waits_for="Census 2021 table TS003 (Nomis bulk CSV)",
        subject="households with dependent children",
        predicate="have one parent",
    ),
    Indicator(
        id="obese_r",
        label="Children in Reception with obesity",
        domain="children",
        definition=("Share of children measured in Reception who are very overweight, three years together."),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("fingertips_msoa", ("93105 | Count",)),
        denominator=Cells("fingertips_msoa", ("93105 | Denominator",)),
        source_id="ohid_fingertips",
        geography="msoa21",
        vintage="Three years pooled",
        cadence="yearly",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat="Published by MSOA; anything finer or across MSOAs would be modelled.",
        waits_for="Fingertips CSV of indicator 93105 by MSOA",
        subject="children measured in Reception",
        predicate="are very overweight",
    ),
    Indicator(
        id="obese_y6",
        label="Children in Year 6 with obesity",
        domain="children",
        definition=("Share of children measured in Year 6 who are very overweight, three years together."),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("fingertips_msoa", ("93108 | Count",)),
        denominator=Cells("fingertips_msoa", ("93108 | Denominator",)),
        source_id="ohid_fingertips",
        geography="msoa21",
        vintage="Three years pooled",
        cadence="yearly",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="protected_at_source",
        caveat="Published by MSOA; find it by name, its number was not checked.",
        waits_for="Fingertips CSV of Year 6 obesity by MSOA",
        subject="children measured in Year 6",
        predicate="are very overweight",
    ),
    Indicator(
        id="fsm_school",
        label="Pupils eligible for free school meals, by school",
        domain="children",
        definition=("Share of pupils eligible for free school meals in the schools that stand in the area."),
        statistic="proportion",
        unit="%",
        multiplier=100.0,
        polarity="high_is_worse",
        numerator=Cells("gias", ("Pupils eligible for free school meals",)),
        denominator=Cells("gias", ("Pupils",)),
        source_id="dfe_gias",
        geography="lsoa21",
        vintage="School census",
        cadence="yearly",
        aggregation="sum then divide",
        interval="Wilson",
        disclosure="published",
        caveat="Describes the schools that stand here, not the children who live here.",
        waits_for=(
            "Get Information about Schools: pupils, and those eligible for free school meals, added up by "
            f"LSOA, {TIDY} Pupils eligible for free school meals, and Pupils"
        ),
        subject="pupils of the schools that stand here",
        predicate="are eligible for free school meals",
    ),
)
