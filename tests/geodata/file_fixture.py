"""Small files written in code: the six squares of Toytown in the published shapes.

+----+----+----+
| A1 | B1 | C1 |     ward A = A1 + A2, ward B = B1 + B2, ward C = C1 + C2
+----+----+----+     each square is 1 km wide; LSOA codes E01000001 to E01000006
| A2 | B2 | C2 |     authority E06000099 Toytown
+----+----+----+
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence

import geopandas as gpd
import shapely

from geodata.archive import digest
from geodata.payload import Payload

AUTHORITY = "E06000099"
X0, Y0 = 460_000.0, 452_000.0
SQUARES = tuple((column, row) for column in range(3) for row in range(2))
LSOAS = tuple(f"E0100000{i + 1}" for i in range(6))
WARDS = ("E05000001", "E05000002", "E05000003")
WARD_OF = dict(zip(LSOAS, (WARDS[column] for column, _ in SQUARES), strict=True))


def payload(content: bytes | str, name: str = "file") -> Payload:
    """A payload of these bytes."""
    raw = content.encode() if isinstance(content, str) else content
    return Payload(name, digest(raw), raw)


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def square(column: int, row: int, width: int = 1) -> shapely.Polygon:
    """One square kilometre of Toytown, or a row of them."""
    return shapely.box(
        X0 + 1000 * column, Y0 + 1000 * row, X0 + 1000 * (column + width), Y0 + 1000 * (row + 1)
    )


def geojson(
    properties: Sequence[Mapping[str, object]], shapes: Sequence[shapely.Geometry], *, degrees: bool = True
) -> bytes:
    """A FeatureCollection, in longitude and latitude unless told otherwise; no crs member."""
    series = gpd.GeoSeries(list(shapes), crs="EPSG:27700")
    out = series.to_crs("EPSG:4326") if degrees else series
    features = [
        {"type": "Feature", "properties": dict(p), "geometry": shapely.geometry.mapping(shape)}
        for p, shape in zip(properties, out, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def ward_boundaries(year: str = "25", codes: Sequence[str] = WARDS) -> bytes:
    """Three wards, each two squares high."""
    shapes = [shapely.union(square(column, 0), square(column, 1)) for column in range(3)]
    properties = [
        {
            "FID": i,
            f"WD{year}CD": code,
            f"WD{year}NM": f"Ward {'ABC'[i]}",
            f"LAD{year}CD": AUTHORITY,
            f"LAD{year}NM": "Toytown",
        }
        for i, code in enumerate(codes)
    ]
    return geojson(properties, shapes)


def lsoa_boundaries(code_column: str = "LSOA21CD", name_column: str = "LSOA21NM") -> bytes:
    """Six LSOAs, without a column for the authority, as ONS publishes them."""
    properties = [{code_column: code, name_column: f"Toytown 001{code[-1]}"} for code in LSOAS]
    return geojson(properties, [square(*place) for place in SQUARES])


def lsoa_ward_lookup() -> str:
    """Best fit of LSOAs to wards, with one row of another authority."""
    lines = ["LSOA21CD,LSOA21NM,WD25CD,WD25NM,LAD25CD,LAD25NM"]
    lines += [f"{code},Toytown 001,{ward},Ward,{AUTHORITY},Toytown" for code, ward in WARD_OF.items()]
    lines += ["E01999999,Elsewhere 001A,E05999999,Far,E06000098,Elsewhere"]
    return "\n".join(lines) + "\n"


def census(cell: str = "General health: Bad health", rows: Sequence[str] = LSOAS) -> str:
    """A Nomis bulk table: 100 people in each area, and as many in bad health as the area's number."""
    lines = [f"date,geography,geography code,General health: Total: All usual residents,{cell}"]
    lines += [f"2021,Toytown,{code},100,{i + 1}" for i, code in enumerate(rows)]
    return "\n".join(lines) + "\n"


def codepoint() -> str:
    """Three postcodes, the last of another authority; no header row, as Ordnance Survey publishes it."""
    rows = [
        ("TT1 1AA", X0 + 500, Y0 + 500, AUTHORITY, WARDS[0]),
        ("TT11AB", X0 + 1500, Y0 + 500, AUTHORITY, WARDS[1]),
        ("TT9 9ZZ", X0 + 9500, Y0 + 500, "E06000098", "E05999999"),
    ]
    return "".join(
        f'"{p}",10,{x:.0f},{y:.0f},"E92000001","","","","{lad}","{ward}"\n' for p, x, y, lad, ward in rows
    )
