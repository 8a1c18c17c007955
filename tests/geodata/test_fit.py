"""Carrying figures between areas: nobody is lost or counted twice, and no vintage is mixed in silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import MissingDataError, VintageError
from geodata.fit import chain, choose_fit, fit_by_centroid, fit_by_lookup, fit_exact, fit_modelled
from geodata.straddle import postcode_agreement, postcode_counts

FULFORD = "E05010317"


@dataclass
class Shelf:
    """A store in memory."""

    outlines: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)
    lookups: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)
    points: dict[str, pd.DataFrame] = field(default_factory=dict)
    codes: pd.DataFrame | None = None

    def settings(self) -> dict[str, str]:
        return {"authority_code": "E06000014"}

    def areas(self, geography: str) -> gpd.GeoDataFrame | None:
        return self.outlines.get(geography)

    def lookup(self, from_geography: str, to_geography: str) -> pd.DataFrame | None:
        return self.lookups.get((from_geography, to_geography))

    def centroids(self, geography: str) -> pd.DataFrame | None:
        return self.points.get(geography)

    def postcodes(self) -> pd.DataFrame | None:
        return self.codes


def lookup(pairs: list[tuple[str, str]], method: str = "best_fit") -> pd.DataFrame:
    frame = pd.DataFrame(pairs, columns=["from_code", "to_code"])
    return frame.assign(weight=1.0, method=method)


def boxes(codes: str, *corners: tuple[float, float, float, float], people: float = 100.0) -> gpd.GeoDataFrame:
    index = pd.Index(list(codes), name="area_code")
    return gpd.GeoDataFrame(
        {"area_name": index, "population": people},
        geometry=[shapely.box(*c) for c in corners],
        index=index,
        crs=27700,
    )


def in_fifths() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Small areas a to e, one unit wide each, and large areas P (0 to 2.5) and Q (2.5 to 5).

    a | b | c | d | e
    P P P P P|Q Q Q Q Q      c lies across the line
    """
    small = boxes("abcde", *[(x, 0, x + 1, 1) for x in range(5)])
    return small, boxes("PQ", (0, 0, 2.5, 1), (2.5, 0, 5, 1))


# -- lookups and vintages --------------------------------------------------------------------


def test_unchanged_and_merged_areas_count_in_full_and_split_ones_are_unknown() -> None:
    changes = lookup([("same", "same"), ("m1", "m"), ("m2", "m"), ("s", "s1"), ("s", "s2")], "exact_change")
    fit = fit_by_lookup(
        "lsoa11",
        "lsoa21",
        changes,
        from_codes=pd.Index(["same", "m1", "m2", "s"]),
        to_codes=pd.Index(["same", "m", "s1", "s2"]),
    )
    counts = fit.matrix @ np.array([10.0, 20.0, 30.0, 40.0])
    assert counts[:2].tolist() == [10.0, 50.0]
    assert np.isnan(counts[2:]).all()
    assert fit.method == "exact"
    assert fit.straddling[:2].tolist() == [0.0, 0.0]
    assert "split" in fit.notes[0]


def test_parts_of_a_split_area_that_end_in_one_ward_are_known_again() -> None:
    first = fit_by_lookup(
        "lsoa11",
        "lsoa21",
        lookup([("s", "s1"), ("s", "s2"), ("t", "t1"), ("t", "t2")], "exact_change"),
        from_codes=pd.Index(["s", "t"]),
        to_codes=pd.Index(["s1", "s2", "t1", "t2"]),
    )
    second = fit_by_lookup(
        "lsoa21",
        "ward",
        lookup([("s1", "P"), ("s2", "P"), ("t1", "P"), ("t2", "Q")]),
        from_codes=first.to_codes,
        to_codes=pd.Index(["P", "Q"]),
    )
    matrix = chain(first, second).matrix.toarray()
    assert matrix[0, 0] == 1.0  # both parts of s are in P
    assert matrix[1, 0] == 0.0
    assert np.isnan(matrix[:, 1]).all()  # t lies in P and in Q, nobody knows how much


def test_lookup_to_another_vintage_is_an_error_that_names_both() -> None:
    old = lookup([("E01000001", "E05000001")])
    with pytest.raises(VintageError, match=r"LSOAs \(2021\).*wards.*E05000001"):
        fit_by_lookup(
            "lsoa21", "ward", old, from_codes=pd.Index(["E01000001"]), to_codes=pd.Index(["E05010311"])
        )


@pytest.mark.parametrize(("one", "other"), [("lsoa11", "lsoa21"), ("ward13", "ward"), ("msoa21", "msoa11")])
def test_two_vintages_without_a_lookup_are_never_joined_although_codes_agree(one: str, other: str) -> None:
    small, _ = in_fifths()
    with pytest.raises(VintageError, match="two vintages"):
        choose_fit(Shelf({one: small, other: small}), one, other)


def test_areas_that_no_lookup_row_names_are_listed() -> None:
    fit = fit_by_lookup(
        "lsoa21",
        "ward",
        lookup([("a", "P")]),
        from_codes=pd.Index(["a", "b"]),
        to_codes=pd.Index(["P", "Q"]),
    )
    assert fit.unmatched == ("b",)
    assert fit.assignment.tolist() == ["P", None]


# -- centroids, postcodes, the line ----------------------------------------------------------


def test_area_belongs_where_its_centroid_lies() -> None:
    _, large = in_fifths()
    points = pd.DataFrame({"x": [0.5, 2.4, 2.6, 9.0], "y": [0.5] * 4}, index=list("abcz"))
    fit = fit_by_centroid("lsoa21", "ward", points, large)
    assert fit.assignment.tolist() == ["P", "P", "Q", None]
    assert fit.unmatched == ("z",)


def test_centroid_on_a_border_is_counted_once() -> None:
    _, large = in_fifths()
    fit = fit_by_centroid("lsoa21", "ward", pd.DataFrame({"x": [2.5], "y": [0.5]}, index=["c"]), large)
    assert fit.matrix.sum() == 1.0


def test_people_near_the_line_are_those_in_areas_that_cross_it() -> None:
    small, large = in_fifths()
    fit = choose_fit(Shelf({"lsoa21": small, "ward": large}), "lsoa21", "ward")
    assert fit.method == "best fit by centroid"
    # a, b and c reach into P, and c into Q as well: 100 of 300 people on either side
    assert fit.straddling.to_dict() == pytest.approx({"P": 1 / 3, "Q": 1 / 3})


def test_people_near_the_line_are_unknown_without_populations() -> None:
    small, large = in_fifths()
    shelf = Shelf({"lsoa21": small.assign(population=np.nan), "ward": large})
    assert choose_fit(shelf, "lsoa21", "ward").straddling.isna().all()
    people = pd.Series([100.0, 100.0, 200.0, 100.0, 100.0], index=small.index)
    weighed = choose_fit(shelf, "lsoa21", "ward", population_by_area=people)
    assert weighed.straddling.to_dict() == {"P": 0.5, "Q": 0.5}


def test_areas_are_shared_out_by_their_postcodes_when_asked() -> None:
    small, large = in_fifths()
    codes = pd.DataFrame(
        {"x": [0.5, 2.1, 2.2, 2.3, 2.9], "y": 0.5, "ward_code": ["P", "P", "P", "P", "Q"]},
        index=list("12345"),
    )
    shelf = Shelf({"lsoa21": small, "ward": large}, codes=codes)
    fit = choose_fit(shelf, "lsoa21", "ward", prefer="by postcode")
    assert fit.method == "by postcode"
    assert fit.matrix.toarray()[:, 2].tolist() == [0.75, 0.25]
    assert "no postcode" in fit.notes[0]  # b, d and e go where their middle lies
    assert fit.matrix.sum(axis=0) == pytest.approx(np.ones(5))


def test_nested_areas_are_exact_and_nobody_is_near_the_line() -> None:
    small, _ = in_fifths()
    large = boxes("PQ", (0, 0, 2, 1), (2, 0, 5, 1))
    fit = choose_fit(Shelf({"lsoa21": small, "msoa21": large}), "lsoa21", "msoa21")
    assert fit.method == "exact"
    assert fit.assignment.tolist() == ["P", "P", "Q", "Q", "Q"]
    assert (fit.straddling == 0).all()


# -- modelled --------------------------------------------------------------------------------


def test_ward_figures_are_not_spread_down_unless_asked() -> None:
    small, large = in_fifths()
    with pytest.raises(MissingDataError, match="only be modelled"):
        choose_fit(Shelf({"lsoa21": small, "ward": large}), "ward", "lsoa21")


def test_spreading_follows_population_and_says_modelled() -> None:
    down = fit_exact("lsoa21", "ward", pd.Series({"a": "P", "b": "P", "c": "Q"}))
    fit = fit_modelled(down, pd.Series({"a": 100.0, "b": 300.0, "c": 50.0}))
    assert fit.method == "modelled"
    assert (fit.matrix @ np.array([40.0, 7.0])).tolist() == [10.0, 30.0, 7.0]


def test_spreading_into_other_areas_gathers_the_small_ones() -> None:
    down = fit_exact("lsoa21", "msoa21", pd.Series({"a": "M", "b": "M", "c": "N"}))
    up = fit_exact("lsoa21", "ward", pd.Series({"a": "P", "b": "Q", "c": "Q"}))
    fit = fit_modelled(down, pd.Series({"a": 100.0, "b": 300.0, "c": 50.0}), up)
    assert (fit.matrix @ np.array([40.0, 7.0])).tolist() == [10.0, 37.0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=30),
    st.integers(0, 2**32 - 1),
)
def test_counts_are_conserved_by_every_fit(owners: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = pd.Index([f"a{i}" for i in range(len(owners))])
    owner = pd.Series([f"T{o}" for o in owners], index=codes)
    people = rng.integers(1, 1_000, len(owners)).astype(float)
    up = fit_exact("lsoa21", "ward", owner)
    assert (up.matrix @ people).sum() == pytest.approx(people.sum())
    by_ward = rng.integers(0, 500, len(up.to_codes)).astype(float)
    down = fit_modelled(up, pd.Series(people, index=codes))
    assert (down.matrix @ by_ward).sum() == pytest.approx(by_ward.sum())
    assert up.matrix @ (down.matrix @ by_ward) == pytest.approx(by_ward)  # there and back


# -- York ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def york(york_data: Path) -> Shelf:
    def outlines(name: str) -> gpd.GeoDataFrame:
        frame = gpd.read_file(york_data / "boundaries" / f"{name}_E06000014.geojson").to_crs(27700)
        code = next(column for column in frame.columns if column.endswith("CD"))
        frame = frame.rename(columns={code: "area_code"}).set_index("area_code")
        return frame.assign(area_name=frame.index, population=np.nan)

    census = pd.read_csv(york_data / "indicators" / "census2021-ts007a-lsoa.csv").set_index("geography code")
    lsoa = outlines("lsoa21")
    lsoa["population"] = census["Age: Total"].reindex(lsoa.index).astype(float)
    code_point = pd.read_csv(york_data / "assets" / "codepoint_yo_E06000014.csv", header=None, index_col=0)
    codes = pd.DataFrame({"x": code_point[2], "y": code_point[3], "ward_code": code_point[9]})
    folder = york_data / "lookups"
    wards = pd.read_csv(folder / "DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    changes = pd.read_csv(
        folder / "LSOA_(2011)_to_LSOA_(2021)_to_LAD_(2022)_Lookup.csv", encoding="utf-8-sig"
    )
    return Shelf(
        {
            "ward": outlines("ward"),
            "lsoa21": lsoa,
            "lsoa11": outlines("lsoa11"),
            "msoa21": outlines("msoa21"),
            "oa11": outlines("oa11"),
            "ward13": outlines("OLD_ward13"),
        },
        {
            ("lsoa21", "ward"): lookup(list(zip(wards["lsoa21_code"], wards["ward24_code"], strict=True))),
            ("lsoa11", "lsoa21"): lookup(
                list(zip(changes.iloc[:, 0], changes["LSOA21CD"], strict=True)), "exact_change"
            ),
        },
        codes=codes,
    )


def test_best_fit_gives_97_percent_of_york_postcodes_their_ward_and_72_in_fulford(york: Shelf) -> None:
    fit = choose_fit(york, "lsoa21", "ward")
    wards, lsoas = york.outlines["ward"], york.outlines["lsoa21"]
    assert york.codes is not None
    count = postcode_counts("ward", york.codes, lsoas, wards)
    overall, by_ward = postcode_agreement(count, wards.index.get_indexer(fit.assignment.reindex(lsoas.index)))
    assert round(overall, 2) == 0.97
    assert round(by_ward[wards.index.get_loc(FULFORD)], 2) == 0.72
    assert fit.straddling[FULFORD] > 0.5
    assert fit.method == "best fit by lookup"
    assert fit.unmatched == ()


def test_shares_of_postcodes_place_every_york_lsoa_in_full(york: Shelf) -> None:
    fit = choose_fit(york, "lsoa21", "ward", prefer="by postcode")
    assert fit.matrix.sum(axis=0) == pytest.approx(np.ones(121))


def test_york_lsoa_of_2011_that_was_split_is_unknown_in_2021_but_known_in_its_ward(york: Shelf) -> None:
    between = choose_fit(york, "lsoa11", "lsoa21")
    counts = pd.Series(between.matrix @ np.ones(120), index=between.to_codes)
    assert sorted(counts.index[counts.isna()]) == ["E01034761", "E01034762"]
    to_ward = choose_fit(york, "lsoa11", "ward")
    assert (to_ward.matrix @ np.ones(120)).sum() == 120.0


def test_york_lsoas_nest_in_msoas_and_output_areas_in_lsoas(york: Shelf) -> None:
    for small, large in (("lsoa21", "msoa21"), ("oa11", "lsoa11")):
        fit = choose_fit(york, small, large)
        assert fit.method == "exact"
        assert fit.unmatched == ()
        assert len(set(fit.assignment)) == len(york.outlines[large])


def test_york_wards_of_2013_do_not_pass_for_those_of_today(york: Shelf) -> None:
    with pytest.raises(VintageError, match="wards of 2013"):
        choose_fit(york, "ward13", "ward")


def test_everything_counts_towards_the_authority(york: Shelf) -> None:
    fit = choose_fit(york, "ward", "lad")
    assert (fit.matrix @ np.ones(21)).tolist() == [21.0]
    assert fit.to_codes.tolist() == ["E06000014"]
