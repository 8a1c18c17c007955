"""A partner's lines over the map, where the partner drew them."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from pages.components.area_map_state import MapState, Overlay, overlay_content, state_content
from pages.components.overlay import overlay_of

SQUARE = shapely.box(460_000, 451_000, 461_000, 452_000)
HOLE = shapely.box(460_400, 451_400, 460_600, 451_600)


def metres(*points: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(p) for p in points], crs=4326).to_crs(27700)


def test_a_border_between_two_is_one_line_and_names_stand_inside_the_largest_first() -> None:
    """A square of 1 km with one of half that size beside it: the border of half a kilometre is drawn once."""
    small = shapely.box(461_000, 451_000, 461_500, 451_500)
    outlines = gpd.GeoDataFrame(geometry=[small, SQUARE], index=["Small", "Large"], crs=27700)
    found = overlay_of(outlines)
    assert [name[0] for name in found.names] == ["Large", "Small"]
    inside = metres(*((lon, lat) for _, lon, lat in found.names))
    assert SQUARE.contains(inside.iloc[0])
    assert small.contains(inside.iloc[1])
    lines = [shapely.LineString(list(zip(line[::2], line[1::2], strict=True))) for line in found.lines]
    length = gpd.GeoSeries(lines, crs=4326).to_crs(27700).length.sum()
    assert length == pytest.approx(4_000 + 1_500, rel=1e-3)  # five decimals of a degree are a metre


def test_a_hole_has_its_line_too() -> None:
    outlines = gpd.GeoDataFrame(geometry=[SQUARE.difference(HOLE)], index=["West beat"], crs=27700)
    assert sorted(len(line) // 2 for line in overlay_of(outlines).lines) == [5, 5]


def test_content_travels_only_when_there_is_an_overlay() -> None:
    def content(overlay: object) -> dict[str, object]:
        return dict(state_content(MapState(), life="", seen=0, tips=None, points=None, overlay=overlay))  # type: ignore[arg-type]

    assert "overlay" not in content(None)
    one = Overlay((("West", 1.0, 2.0),), ((1.0, 2.0, 3.0, 4.0),))
    part = {"inline": overlay_content(one)}
    assert content(part)["overlay"] == {
        "inline": {"names": [["West", 1.0, 2.0]], "lines": [[1.0, 2.0, 3.0, 4.0]]}
    }
