"""Sentences about footprints: every number is a figure, and nothing is claimed that chance could make.

Town of eight areas, A to H, all in footprints West, Mid and East by default; figures are drawn at random.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from cli import main
from geodata.workspace import open_workspace
from indicators.catalogue import CATALOGUE
from indicators.indicator import Indicator
from indicators.interval import interval
from indicators.profile import profile_rows
from indicators.target import Membership, Target, published_at
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.portrait.distinct import MANY, differences, level_for, says_the_same
from neighbourhoods.portrait.inside import COLUMNS, inside_rows, pockets, spread_inside
from neighbourhoods.portrait.portrait import MOST_TOLD, Portraits, portraits, portray
from neighbourhoods.portrait.sentence import NEAR, figure_words, period_words
from neighbourhoods.study.study import Study

AREAS = pd.Index(list("ABCDEFGH"))
HOLDER = np.array([0, 0, 0, 1, 1, 1, 2, 2])  # West A B C, Mid D E F, East G H
NAMES = {"W": "West", "M": "Mid", "E": "East"}
AREA_NAMES = dict(zip(AREAS, ("Ash", "Birch", "Cedar", "Dale", "Elm", "Fir", "Gorse", "Hazel"), strict=True))
IDS = ("bad_health", "no_quals", "social_rent", "asb", "burglary", "imd", "pop_total", "level4", "income_dep")
TOWN = {one: CATALOGUE[one] for one in IDS}
AUTHORITY, AUTHORITY_NAME = "E06", "Town"
MONTHS = "2025-01 to 2025-12"

Figures = dict[str, tuple[list[float], list[float], list[str]]]


def observed(figures: Figures) -> pd.DataFrame:
    """indicator -> numerators, denominators and statuses of the eight areas."""
    parts = [
        pd.DataFrame(
            {
                "indicator_id": one,
                "area_code": AREAS,
                "geography": "lsoa21",
                "period": MONTHS if TOWN[one].domain == "crime" else "2021",
                "numerator": [np.nan if s else v for v, s in zip(tops, status, strict=True)],
                "denominator": [np.nan if s else v for v, s in zip(bottoms, status, strict=True)],
                "status": status,
                "reason": "",
            }
        )
        for one, (tops, bottoms, status) in figures.items()
    ]
    return pd.concat(parts, ignore_index=True)


def rows_of(figures: Figures, holder: np.ndarray = HOLDER) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the footprints, and of the areas inside them."""
    observations = observed(figures)
    matrix = csr_array((np.ones(8), (holder, np.arange(8))), shape=(3, 8))
    of_footprints = Target(pd.Index(list(NAMES)), {"lsoa21": Membership(matrix, AREAS, "best fit by lookup")})
    rows = profile_rows(observations, of_footprints, TOWN, authority_code=AUTHORITY, id_column="footprint_id")
    areas = profile_rows(
        observations, Target(AREAS, {"lsoa21": published_at(AREAS)}), TOWN, authority_code=AUTHORITY
    )
    areas = areas[areas["area_code"] != AUTHORITY]
    ids = np.array(list(NAMES), dtype=object)[holder]
    inside = areas[list(COLUMNS)].assign(
        area_name=areas["area_code"].map(AREA_NAMES),
        geography="lsoa21",
        footprint_id=areas["area_code"].map(dict(zip(AREAS, ids, strict=True))),
    )
    return rows, inside


def told(figures: Figures, names: dict[str, str] = NAMES) -> tuple[Portraits, pd.DataFrame, pd.DataFrame]:
    rows, inside = rows_of(figures)
    found = portraits(
        rows, inside, inside, TOWN, names, authority_code=AUTHORITY, authority_name=AUTHORITY_NAME
    )
    return found, rows, inside


def even(share: float, people: float = 1_000, n: int = 8) -> tuple[list[float], list[float], list[str]]:
    return [share * people] * n, [people] * n, [""] * n


def with_areas(
    base: tuple[list[float], list[float], list[str]], **changes: float
) -> tuple[list[float], list[float], list[str]]:
    tops = list(base[0])
    for area, value in changes.items():
        tops[AREAS.get_loc(area)] = value
    return tops, base[1], base[2]


@st.composite
def towns(draw: st.DrawFn) -> Figures:
    """Any figures; a few areas are suppressed by the publisher."""
    figures: Figures = {}
    for one in IDS:
        bottoms = [float(draw(st.integers(20, 3_000))) for _ in AREAS]
        if TOWN[one].statistic == "score":
            tops = [b * draw(st.floats(0, 80)) for b in bottoms]
        else:
            level = draw(st.sampled_from([0.0, 0.01, 0.08, 0.4, 0.95]))
            most = draw(st.sampled_from([level, min(1.0, level + 0.02), 1.0]))
            tops = [float(round(b * draw(st.floats(level, most)))) for b in bottoms]
        status = [draw(st.sampled_from([*[""] * 15, "suppressed"])) for _ in AREAS]
        figures[one] = (tops, bottoms, status)
    return figures


def numbers_left(text: str, indicator: Indicator, period: str) -> list[str]:
    """Numbers of a sentence but those of the indicator's own words, of its months and of a fraction."""
    for known in (indicator.subject, indicator.predicate, indicator.unit, period_words(period)):
        if known and known != "%":
            text = text.replace(known, " ")
    text = re.sub(r"(^|: |[Aa]bout )\d+ in \d+ ", " ", text)
    return re.findall(r"\d[\d,]*\.?\d*", text)


def check_fraction(text: str, value: float) -> None:
    found = re.search(r"(\d+) in (\d+) ", text)
    if found:
        assert 100 * int(found[1]) / int(found[2]) == pytest.approx(value, rel=NEAR + 1e-9)


@settings(max_examples=50, deadline=None)
@given(towns())
def test_every_number_in_a_sentence_is_a_figure_and_every_claim_is_clear_of_chance(figures: Figures) -> None:
    found, rows, inside = told(figures)
    by_footprint = rows.set_index(["indicator_id", "footprint_id"])
    by_area = inside.set_index(["indicator_id", "area_code"])
    for portrait in found.portraits:
        assert 2 <= len(portrait.sentences) <= 5
        for said in portrait.sentences:
            if not said.indicator_id:
                continue
            indicator = TOWN[said.indicator_id]
            words = [w.rstrip("%") for w in numbers_left(said.text, indicator, said.period)]
            if said.kind in ("higher", "lower"):
                own = by_footprint.loc[(indicator.id, portrait.footprint_id)]
                whole = float(by_footprint.loc[(indicator.id, AUTHORITY), "value"])
                figure = [own["value"], own["lower"], own["upper"], whole]
                assert words == [figure_words(indicator, float(v)).rstrip("%") for v in figure]
                assert not own["suppressed"]
                check_fraction(said.text, float(own["value"]))
                beyond = own["lower"] > whole if said.kind == "higher" else own["upper"] < whole
                assert beyond
                if "any of the other two" in said.text:
                    others = by_footprint.loc[indicator.id].drop([portrait.footprint_id, AUTHORITY])
                    assert others["value"].notna().all()
                    if said.kind == "higher":
                        assert own["lower"] > others["upper"].max()
                    else:
                        assert own["upper"] < others["lower"].min()
            if said.kind == "pocket":
                area = by_area.loc[(indicator.id, said.area_code)]
                rest = inside[
                    (inside["indicator_id"] == indicator.id)
                    & (inside["footprint_id"] == portrait.footprint_id)
                    & (inside["area_code"] != said.area_code)
                ]
                assert rest["value"].notna().all()
                top, bottom = rest["numerator"].sum(), rest["denominator"].sum()
                value = top / bottom * indicator.multiplier
                figure = [area["value"], area["lower"], area["upper"], value]
                assert words == [figure_words(indicator, float(v)).rstrip("%") for v in figure]
                low, high = interval(indicator.statistic, top, bottom, indicator.multiplier)
                assert area["lower"] > high or area["upper"] < low
                assert AREA_NAMES[said.area_code] in said.text
            if said.kind == "alike":
                held = inside[
                    (inside["indicator_id"] == indicator.id)
                    & (inside["footprint_id"] == portrait.footprint_id)
                ]
                ends = [held["value"].min(), held["value"].max()]
                written = [figure_words(indicator, float(v)).rstrip("%") for v in ends]
                assert words == (written if written[0] != written[1] else written[:1])


@settings(max_examples=25, deadline=None)
@given(towns())
def test_what_is_suppressed_is_in_no_sentence_and_in_no_range(figures: Figures) -> None:
    found, rows, inside = told(figures)
    hidden = set(
        map(tuple, rows.loc[rows["suppressed"], ["indicator_id", "footprint_id"]].itertuples(index=False))
    )
    hidden_areas = inside[inside["suppressed"]]
    for portrait in found.portraits:
        for said in portrait.sentences:
            if said.kind != "alike":
                assert (said.indicator_id, portrait.footprint_id) not in hidden
            own = hidden_areas[
                (hidden_areas["indicator_id"] == said.indicator_id)
                & (hidden_areas["footprint_id"] == portrait.footprint_id)
            ]
            assert not any(name in said.text for name in own["area_name"])
    spread = found.figures
    for _, row in spread.iterrows():
        own = hidden_areas[
            (hidden_areas["indicator_id"] == row["indicator_id"])
            & (hidden_areas["footprint_id"] == row["footprint_id"])
        ]
        assert row["lowest_area"] not in set(own["area_name"])
        assert row["highest_area"] not in set(own["area_name"])


@settings(max_examples=25, deadline=None)
@given(towns())
def test_at_most_two_a_domain_and_no_count_or_score_is_claimed(figures: Figures) -> None:
    found, _, _ = told(figures)
    for portrait in found.portraits:
        claims = [s.indicator_id for s in portrait.sentences if s.kind in ("higher", "lower")]
        assert len(claims) <= MOST_TOLD
        domains = [TOWN[one].domain for one in claims]
        assert all(domains.count(one) <= 2 for one in domains)
        assert not {"imd", "pop_total"} & set(claims)
    counts = found.figures[found.figures["indicator_id"] == "pop_total"]
    assert counts["difference"].isna().all()
    assert set(counts["comparison"]) == {"not compared"}
    assert counts["lowest_area"].isna().all()


def test_where_nothing_is_distinct_it_says_so_plainly() -> None:
    found, _, _ = told({"bad_health": even(0.05), "no_quals": even(0.2)})
    assert found.headline == "No neighbourhood can be told apart from Town"
    for portrait in found.portraits:
        first, second = portrait.sentences
        assert first.text == "On none of the 2 indicators can this neighbourhood be told apart from Town."
        assert second.text == (
            "It is much the same throughout: no area inside it stands out from the rest. The share of "
            "residents who say their health is bad or very bad is 5.0% in every one."
        )


def test_a_distinct_footprint_is_told_against_the_authority_and_the_others() -> None:
    """Mid 12%, the others 4%: 360 + 200 of 8,000 in all, 7.0%."""
    figures = with_areas(even(0.04), D=120, E=120, F=120)
    found, _, _ = told({"bad_health": figures, "no_quals": even(0.2)})
    mid = found.portraits[1]
    low, high = interval("proportion", 360, 3_000, 100)
    assert mid.sentences[0].text == (
        f"About 1 in 8 residents (12.0%, {float(low):.1f}% to {float(high):.1f}%) say their health is bad or "
        "very bad, more than in Town as a whole (7.0%) and more than in any of the other two neighbourhoods."
    )
    assert mid.sentences[0].judgement == "worse"
    assert mid.sentences[1].text == "On the other indicator it cannot be told apart from Town."
    assert (mid.n_tested, mid.n_clear, mid.n_worse, mid.n_better) == (2, 1, 1, 0)
    assert found.headline == (
        "Mid stands out most: 12.0% of residents say their health is bad or very bad, against 7.0% in Town"
    )
    assert "any of the other" not in found.portraits[0].sentences[0].text  # West and East are alike


def test_a_pocket_is_found_behind_a_calm_average() -> None:
    """West has 5% as all have, but Ash 9% and the others 3%: with the rest at 60 of 2,000."""
    found, _, _ = told({"bad_health": with_areas(even(0.05), A=90, B=30, C=30)})
    (_, pocket) = found.portraits[0].sentences
    low, high = interval("proportion", 90, 1_000, 100)
    assert pocket.text == (
        f"Within it, Ash stands out: 1 in 11 residents (9.0%, {float(low):.1f}% to {float(high):.1f}%) say "
        "their health is bad or very bad, against 3.0% in the rest of the neighbourhood."
    )
    assert (pocket.kind, pocket.area_code, pocket.judgement) == ("pocket", "A", "worse")


def test_a_footprint_without_a_pocket_says_how_far_its_areas_lie_apart() -> None:
    """Ash 4.9%, Birch 5.0%, Cedar 5.1%: chance could make it."""
    found, _, _ = told({"bad_health": with_areas(even(0.05), A=49, C=51)})
    said = found.portraits[0].sentences[-1]
    assert said.kind == "alike"
    assert said.text.endswith("is bad or very bad runs from 4.9% in Ash to 5.1% in Cedar.")


def test_a_pocket_in_need_comes_before_one_of_crime_and_one_nobody_judges() -> None:
    far = with_areas(even(0.05), A=500)
    near = with_areas(even(0.05), B=120)
    _, inside = rows_of({"social_rent": far, "asb": far, "bad_health": near})
    out = pockets(inside, TOWN)
    assert list(out[out["footprint_id"] == "W"]["indicator_id"].unique()) == [
        "bad_health",
        "asb",
        "social_rent",
    ]


def test_visitors_are_named_beside_the_first_high_rate_of_crime_only() -> None:
    crimes = with_areas(even(0.05), D=200, E=200, F=200)
    found, _, _ = told({"asb": crimes, "burglary": with_areas(even(0.05), D=190, E=210, F=90)})
    said = [s.text for s in found.portraits[1].sentences if s.kind == "higher"]
    assert [("City centres draw visitors" in text) for text in said] == [True, False]
    lower = [s.text for s in found.portraits[0].sentences if s.kind == "lower"]
    assert lower
    assert not any("visitors" in text for text in lower)


def test_from_twenty_indicators_claims_rest_on_99_8_per_cent_limits() -> None:
    assert level_for(MANY - 1) == 0.95
    assert level_for(MANY) == 0.998
    # West 64 of 1,000 against 5%: clear at 95% (from 5.04%), not at 99.8%
    rows, _ = rows_of({"bad_health": with_areas(even(0.05), A=92, B=50, C=50)})
    spread = pd.Series({"bad_health": 1.0})
    few = differences(rows, spread, TOWN, AUTHORITY)
    many_rows = pd.concat([rows.assign(indicator_id=f"x{i}") for i in range(MANY - 1)] + [rows])
    records = {**TOWN, **{f"x{i}": replace(TOWN["bad_health"], id=f"x{i}") for i in range(MANY)}}
    many = differences(many_rows, spread, records, AUTHORITY)
    is_west = (few["footprint_id"] == "W") & (few["indicator_id"] == "bad_health")
    assert few[is_west]["comparison"].tolist() == ["higher"]
    many = many[(many["footprint_id"] == "W") & (many["indicator_id"] == "bad_health")]
    assert many["comparison"].tolist() == ["similar"]


def test_a_difference_that_rounding_hides_is_not_claimed() -> None:
    """5.04% against 5.00% over ten million people is clear, but both are written 5.0%."""
    people = 10_000_000.0
    figures = with_areas(even(0.05, people), A=504_000, B=504_000, C=504_000)
    found, _, _ = told({"bad_health": figures})
    west = found.figures[found.figures["footprint_id"] == "W"].iloc[0]
    assert west["lower_998"] > west["reference"]
    assert west["comparison"] == "similar"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("pop_65plus", "pop_85plus", True),  # the oldest are among the old
        ("crime_all", "asb", True),
        ("carers", "carers_50h", True),  # a total less those who give none
        ("imd_most_deprived", "income_dep", True),
        ("imd_most_deprived", "children_most_deprived", True),
        ("older_most_deprived", "pop_65plus", False),  # the same people, picked by another thing
        ("bad_health", "very_good_health", False),
        ("social_rent", "private_rent", False),
        ("income_dep", "employment_dep", False),
    ],
)
def test_two_indicators_say_the_same_when_they_count_the_same_people(
    first: str, second: str, same: bool
) -> None:
    assert says_the_same(CATALOGUE[first], CATALOGUE[second], pd.DataFrame()) is same
    assert says_the_same(CATALOGUE[second], CATALOGUE[first], pd.DataFrame()) is same


def test_two_indicators_that_go_together_say_the_same() -> None:
    both = ["income_dep", "employment_dep"]
    for r, same in ((0.91, True), (-0.91, True), (0.9, False)):
        table = pd.DataFrame([[1, r], [r, 1]], index=both, columns=both)
        assert says_the_same(CATALOGUE[both[0]], CATALOGUE[both[1]], table) is same


def test_the_range_inside_names_the_lowest_and_the_highest_area() -> None:
    _, inside = rows_of({"bad_health": with_areas(even(0.05), A=90, B=30, C=60)})
    row = spread_inside(inside, TOWN).loc[("bad_health", "W")]
    assert (row["lowest_area"], row["highest_area"]) == ("Birch", "Ash")
    assert (row["lowest"], row["highest"]) == pytest.approx((3.0, 9.0))
    assert (row["n_areas"], row["n_known"]) == (3, 3)


# -- the sample ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("portrait") / "workspace"))


def test_one_footprint_of_everything_cannot_be_told_apart_from_the_authority(study: Study) -> None:
    option = FootprintOption("", "Whole", "ward", dict.fromkeys(study.areas("ward").index, "A"))
    (whole,) = portray(study, option).portraits
    assert whole.n_clear == 0
    assert whole.sentences[0].text == (
        f"On none of the {whole.n_tested} indicators can this neighbourhood be told apart from York."
    )
    assert whole.sentences[-1].kind == "pocket"


def test_made_up_small_areas_are_never_named_in_a_portrait_of_wards(study: Study) -> None:
    codes = list(study.areas("ward").index)
    option = FootprintOption("", "Three", "ward", {c: "ABC"[i % 3] for i, c in enumerate(codes)})
    assert set(inside_rows(study, option)["geography"]) == {"ward"}


def test_a_footprint_of_one_area_has_nothing_inside_it(study: Study) -> None:
    codes = list(study.areas("ward").index)
    option = FootprintOption("", "Two", "ward", {c: "A" if i == 0 else "B" for i, c in enumerate(codes)})
    alone, rest = portray(study, option).portraits
    assert alone.sentences[-1].kind == "single"
    assert rest.sentences[-1].kind in ("pocket", "alike")


def test_the_command_line_prints_sentences_with_the_figures_they_are_made_of(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = list(study.areas("ward").index)
    path = tmp_path / "three.csv"
    lines = [f"{c},{'ABC'[i * 3 // len(codes)]}" for i, c in enumerate(codes)]
    path.write_text("\n".join(["ward_code,footprint", *lines]))
    workspace = ["--workspace", str(study.store.root)]
    assert main(["portrait", str(path), "--json", *workspace]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"authority", "headline", "level", "n_tested", "footprints", "figures"} <= set(document)
    assert [f["footprint_id"] for f in document["footprints"]] == ["A", "B", "C"]
    for footprint in document["footprints"]:
        for said in footprint["sentences"]:
            assert {"text", "indicator_id", "kind", "value", "lower", "upper", "reference"} <= set(said)
            if said["kind"] in ("higher", "lower"):
                assert said["lower"] <= said["value"] <= said["upper"]
    assert main(["portrait", str(path), *workspace]) == 0
    words = capsys.readouterr().out
    assert all(said["text"] in words for f in document["footprints"] for said in f["sentences"])

    assert main(["need", str(path), "--need", "bad_health=2", "--need", "level4", "--json", *workspace]) == 0
    need = json.loads(capsys.readouterr().out)
    assert need["indicators"] == pytest.approx({"bad_health": 2 / 3, "level4": 1 / 3})
    assert [f["rank"] for f in need["footprints"]]
    assert need["n_draws"] == 2_000
    assert main(["need", str(path), "--need", "imd", "--need", "iod_health", *workspace]) == 2
    assert "already holds" in capsys.readouterr().err
