"""A partner's areas seen from ours: fitted by where people live, and by nothing that nobody knows."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import csr_array

from geodata.errors import InputError, OptionError, OtherAuthorityError, VintageError
from geodata.importer import import_paths
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.partner.library import add_partner, partner_rows
from neighbourhoods.partner.partner import leading_row, partner_set_of_option
from neighbourhoods.study.study import Study
from tests.geodata.file_fixture import (
    LSOAS,
    WARDS,
    X0,
    Y0,
    geojson,
    lsoa_boundaries,
    lsoa_ward_lookup,
    square,
    ward_boundaries,
    zipped,
)


def write_toytown(folder: Path, people: dict[str, int]) -> Study:
    """Toytown's three wards of two LSOAs each, one above the other, with these people."""
    store = Store(folder)
    lines = ["date,geography,geography code,Age: Total,Age: Aged 10 to 14 years"]
    lines += [f"2021,Toytown,{code},{n},1" for code, n in people.items()]
    report = import_paths(
        store,
        [
            ("wards.geojson", ward_boundaries()),
            ("lsoas.geojson", lsoa_boundaries()),
            ("lookup.csv", lsoa_ward_lookup().encode()),
            ("ts007a.csv", ("\n".join(lines) + "\n").encode()),
        ],
    )
    assert [f.message for f in report.files] == [""] * 4
    return Study(store)


@pytest.fixture
def toytown(tmp_path: Path) -> Study:
    """People of the LSOAs: A1 100, A2 300, B1 200, B2 200, C1 100, C2 100."""
    return write_toytown(
        tmp_path / "workspace", dict(zip(LSOAS, (100, 300, 200, 200, 100, 100), strict=True))
    )


def rows(height: float = 1_000.0) -> bytes:
    """Two polygons over all of Toytown, south and north of a line at this height."""
    south = shapely.box(X0, Y0, X0 + 3_000, Y0 + height)
    north = shapely.box(X0, Y0 + height, X0 + 3_000, Y0 + 2_000)
    return geojson(
        [{"beat": "South", "staff": 7}, {"beat": "North", "staff": 9}], [south, north], degrees=False
    )


def names(study: Study, partner_id: str, geography: str) -> list[str]:
    found = study.partner_set(partner_id, geography)
    return [found.labels[row] if row >= 0 else "" for row in found.row]


def test_groups_are_areas_of_one_partner_with_two_or_more() -> None:
    option = FootprintOption("x", "Beats", "ward", {"a": "1", "b": "1", "c": "2"})
    found = partner_set_of_option(option, pd.Index(["a", "b", "c", "d"]))
    assert found.row.tolist() == [0, 0, 1, -1]
    assert found.groups == (frozenset({0, 1}),)
    assert found.named_groups == (("1", frozenset({0, 1})),)


def test_leading_is_the_largest_part_and_none_where_two_tie_or_more_is_in_none() -> None:
    parts = np.array([[0.6, 0.5, 0.3, 0.0], [0.4, 0.5, 0.2, 0.0]])
    assert leading_row(csr_array(parts)).tolist() == [0, -1, -1, -1]


def test_polygons_take_each_area_where_its_people_live(toytown: Study) -> None:
    """A ward's people are in the middle of its LSOAs, by their number: Ward A's lie north of the middle."""
    added = add_partner(toytown, rows(), "beats.geojson", name="Police beats")
    study = Study(toytown.store)
    assert (added["id"], added["kind"], added["n_areas"]) == ("partner:police_beats", "polygons", 2)
    assert (added["gaps"], added["contested"], added["empty"]) == ([], [], [])
    assert names(study, "partner:police_beats", "lsoa21") == ["South", "North"] * 3
    ward_a = study.centres("ward").loc[WARDS[0]]  # type: ignore[union-attr]
    assert ward_a["y"] == pytest.approx(Y0 + (100 * 500 + 300 * 1_500) / 400)
    assert names(study, "partner:police_beats", "ward")[0] == "North"


def test_gaps_and_overlaps_of_polygons_are_listed(toytown: Study) -> None:
    west = shapely.box(X0, Y0, X0 + 1_600, Y0 + 2_000)
    middle = shapely.box(X0 + 900, Y0, X0 + 1_900, Y0 + 2_000)
    file = geojson([{"name": "West"}, {"name": "Middle"}], [west, middle], degrees=False)
    added = add_partner(toytown, file, "clusters.geojson", name="Clusters")
    (overlap,) = added["overlaps"]  # type: ignore[misc]
    assert overlap["area_m2"] == pytest.approx(700 * 2_000)
    assert added["gaps"] == [WARDS[2]]
    assert added["contested"] == [WARDS[1]]


def test_polygons_outside_are_left_out_and_counted(toytown: Study) -> None:
    touching = shapely.box(X0 - 5_000, Y0, X0 + 5, Y0 + 2_000)  # overlaps by a sliver of 5 m
    file = geojson(
        [{"name": "In"}, {"name": "Beside"}, {"name": "Far"}],
        [square(0, 0, width=3), touching, square(9, 9)],
        degrees=False,
    )
    added = add_partner(toytown, file, "beats.geojson", name="Beats")
    assert added["dropped"] == [{"reason": "outside Toytown", "n_rows": 2}]
    assert (added["rows_in"], added["rows_kept"]) == (3, 1)
    with pytest.raises(OtherAuthorityError, match="reaches into Toytown"):
        add_partner(
            toytown, geojson([{"name": "Far"}], [square(9, 9)], degrees=False), "f.geojson", name="Far"
        )


def test_a_zipped_shapefile_and_a_geopackage_are_read_alike(toytown: Study, tmp_path: Path) -> None:
    frame = gpd.read_file(rows()).set_crs(27700, allow_override=True)
    frame.to_file(tmp_path / "beats.gpkg")
    frame.to_file(tmp_path / "beats.shp")
    parts = {
        f"beats{end}": (tmp_path / f"beats{end}").read_bytes() for end in (".shp", ".shx", ".dbf", ".prj")
    }
    for name, content in (("b.gpkg", (tmp_path / "beats.gpkg").read_bytes()), ("b.zip", zipped(parts))):
        added = add_partner(toytown, content, name, name=name)
        assert names(Study(toytown.store), str(added["id"]), "lsoa21") == ["South", "North"] * 3


def test_a_table_of_codes_is_taken_at_its_own_kind_of_area_and_carried_to_others(toytown: Study) -> None:
    table = "LSOA21CD,cluster\n" + "".join(f"{code},{'SN'[i % 2]}\n" for i, code in enumerate(LSOAS))
    add_partner(toytown, table.encode(), "clusters.csv", name="Clusters")
    study = Study(toytown.store)
    assert names(study, "partner:clusters", "lsoa21") == ["S", "N"] * 3
    # A has most people in N; B and C as many in each: no line follows for them
    assert names(study, "partner:clusters", "ward") == ["N", "", ""]
    assert partner_rows(study)[0]["kind"] == "lsoa21"


def test_a_table_of_wards_is_carried_to_the_areas_inside_them(toytown: Study) -> None:
    table = "".join(f"{code},{'WWE'[i]}\n" for i, code in enumerate(WARDS))
    add_partner(toytown, f"ward_code,footprint\n{table}".encode(), "groups.csv", name="Groups")
    assert names(Study(toytown.store), "partner:groups", "lsoa21") == ["W", "W", "W", "W", "E", "E"]


def test_areas_in_several_make_no_line_unless_people_say_in_which(toytown: Study) -> None:
    header = "WD25CD,PCN_Code,patients\n"
    shared = [
        (WARDS[0], "X", 30),
        (WARDS[0], "Y", 10),
        (WARDS[1], "X", 1),
        (WARDS[1], "Y", 3),
        (WARDS[2], "Y", 5),
    ]
    table = (header + "".join(f"{a},{b},{c}\n" for a, b, c in shared)).encode()
    add_partner(toytown, table, "pcn.csv", name="By number", column="PCN_Code", registered="patients")
    add_partner(toytown, table, "pcn.csv", name="Not said", column="PCN_Code")
    study = Study(toytown.store)
    assert names(study, "partner:by_number", "ward") == ["X", "Y", "Y"]
    assert names(study, "partner:not_said", "ward") == ["", "", "Y"]
    assert study.partner_source("partner:not_said").has_equal_parts
    assert study.partner_source("partner:by_number").registered.tolist() == [31, 18]
    only_shared = (header + "".join(f"{a},{b},{c}\n" for a, b, c in shared[:4])).encode()
    add_partner(toytown, only_shared, "pcn.csv", name="All shared", column="PCN_Code")
    with pytest.raises(InputError, match="No line follows from All shared"):
        Study(toytown.store).partner_set("partner:all_shared", "ward")


def test_a_figure_repeated_in_all_rows_of_a_partner_is_its_total(toytown: Study) -> None:
    table = "ward_code,pcn,registered\n" + f"{WARDS[0]},X,900\n{WARDS[1]},X,900\n{WARDS[2]},Y,300\n"
    add_partner(toytown, table.encode(), "pcn.csv", name="PCN", registered="registered")
    assert Study(toytown.store).partner_source("partner:pcn").registered.tolist() == [900, 300]


@pytest.mark.parametrize(
    ("content", "column", "registered", "fault", "words"),
    [
        (f"ward_code,a,b\n{WARDS[0]},x,y\n", "", "", OptionError, "Say which column names"),
        (f"ward_code,a,b\n{WARDS[0]},x,y\n", "c", "", OptionError, "There is no column 'c'"),
        (f"ward_code,pcn,n\n{WARDS[0]},x,few\n", "", "n", OptionError, "“few” in row 1 of n is no number"),
        (f"ward_code,pcn,n\n{WARDS[0]},x,-1\n", "", "n", OptionError, "is no number of people"),
        (f"ward_code,pcn,n\n{WARDS[0]},,1\n", "", "", OptionError, "row 1 names no partner's area"),
        ("ward_code,pcn\nE05999999,x\n", "", "", OtherAuthorityError, "No row is of Toytown"),
        (f"LSOA11CD,pcn\n{LSOAS[0]},x\n", "", "", VintageError, "says areas of 2011"),
        ("town,pcn\nToytown,x\n", "", "", OptionError, "no column of official area codes"),
    ],
)
def test_a_faulty_file_is_refused_in_words_and_nothing_is_stored(
    toytown: Study, content: str, column: str, registered: str, fault: type[InputError], words: str
) -> None:
    version = toytown.store.version
    with pytest.raises(fault, match=words):
        add_partner(toytown, content.encode(), "p.csv", name="P", column=column, registered=registered)
    assert toytown.store.version == version


def test_a_set_without_a_name_is_refused(toytown: Study) -> None:
    with pytest.raises(InputError, match="has no name"):
        add_partner(toytown, rows(), "beats.geojson", name="  ")


def test_sets_are_listed_before_saved_options_and_both_are_found(toytown: Study) -> None:
    option = FootprintOption("", "Two", "ward", dict(zip(WARDS, "AAB", strict=True)))
    saved = save_option(toytown.store, option)
    add_partner(toytown, rows(), "beats.geojson", name="Beats")
    study = Study(toytown.store)
    assert study.partner_sets() == {"partner:beats": "Beats", saved.id: "Two"}
    assert study.partner_set(saved.id, "ward").row.tolist() == [0, 0, 1]
    assert study.partner_set(saved.id, "lsoa21").row.tolist() == [0, 0, 0, 0, 1, 1]
    with pytest.raises(InputError, match="no option with the id"):
        study.partner_set("partner:none", "ward")


def test_a_set_of_the_same_name_takes_the_place_of_the_first(toytown: Study) -> None:
    add_partner(toytown, rows(), "beats.geojson", name="Beats")
    table = f"ward_code,footprint\n{WARDS[0]},All\n"
    add_partner(toytown, table.encode(), "beats.csv", name="Beats")
    study = Study(toytown.store)
    assert list(study.partner_sets().values()) == ["Beats"]
    assert study.partner_source("partner:beats").labels == ("All",)


def test_a_general_import_does_not_take_unknown_polygons_and_says_what_to_do(toytown: Study) -> None:
    report = import_paths(toytown.store, [("beats.geojson", rows())])
    assert "partners --add" in report.files[0].message
    assert report.dataset_ids == ()


# -- real York -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def york(tmp_path_factory: pytest.TempPathFactory, york_data: Path) -> Study:
    store = Store(tmp_path_factory.mktemp("york") / "workspace")
    files = [
        "boundaries/ward_E06000014.geojson",
        "boundaries/lsoa21_E06000014.geojson",
        "boundaries/msoa11_E06000014.geojson",
        "lookups/DERIVED_lookup_lsoa21_ward24_ltla24.csv",
        "lookups/LLSOA_Dec_2021_PWC_for_England_and_Wales_2022.csv",
        "indicators/census2021-ts007a-lsoa.csv",
    ]
    import_paths(store, [york_data / name for name in files])
    return Study(store)


def test_yorks_network_groups_come_back_as_they_are_in_the_file(york: Study, york_data: Path) -> None:
    path = york_data / "footprints" / "pcn_ward_groups.csv"
    add_partner(york, path.read_bytes(), path.name, name="Network groups")
    study = Study(york.store)
    table = pd.read_csv(path).set_index("ward_code")["footprint"]
    found = dict(
        zip(study.topology("ward").area_codes, names(study, "partner:network_groups", "ward"), strict=True)
    )
    assert found == table.to_dict()


def test_yorks_lookup_of_networks_says_that_no_line_follows(york: Study, york_data: Path) -> None:
    """Every MSOA of York is listed under three networks or more, without a count."""
    path = york_data / "lookups" / "lookup_msoa11_pcn.csv"
    add_partner(york, path.read_bytes(), path.name, name="Networks by MSOA")
    study = Study(york.store)
    source = study.partner_source("partner:networks_by_msoa")
    assert (len(source.labels), source.geography, source.has_equal_parts) == (7, "msoa11", True)
    with pytest.raises(InputError, match="No line follows"):
        study.partner_set("partner:networks_by_msoa", "ward")
    option = FootprintOption("", "One", "ward", dict.fromkeys(study.areas("ward").index, "A"))
    fit = study.partner_fit(option, "partner:networks_by_msoa")
    assert fit.people.to_numpy().sum() == pytest.approx(study.population("ward").sum())
    assert any("equal parts: modelled" in note for note in fit.notes)


def test_areas_of_the_sample_may_have_partners_too(tmp_path: Path) -> None:
    study = Study(open_workspace(tmp_path / "workspace"))
    codes = list(study.areas("ward").index)
    table = "ward_code,footprint\n" + "".join(f"{c},{'WE'[i % 2]}\n" for i, c in enumerate(codes))
    add_partner(study, table.encode(), "beats.csv", name="Beats")
    fresh = Study(study.store)
    assert names(fresh, "partner:beats", "ward") == ["WE"[i % 2] for i in range(21)]
