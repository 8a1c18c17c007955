"""Downloads: every table, map and chart leaves with its source and licence lines inside.

Files are made when a person clicks, not on every rerun.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import altair as alt
import pandas as pd
import streamlit as st
import vl_convert

from geodata.export import to_csv_bytes, to_excel_bytes, to_geojson_bytes, to_geopackage_bytes
from pages.components.chart import on_paper

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _button(label: str, make: Callable[[], bytes], file_name: str, mime: str, key: str) -> None:
    st.download_button(
        label, make, file_name=file_name, mime=mime, key=key, on_click="ignore", icon=":material/download:"
    )


def table_downloads(frame: pd.DataFrame, name: str, notes: Sequence[str], *, key: str) -> None:
    """CSV and Excel of one table."""
    with st.container(horizontal=True, gap="small"):
        _button("Table as CSV", lambda: to_csv_bytes(frame, notes), f"{name}.csv", "text/csv", f"{key}_csv")
        _button(
            "Table as Excel",
            lambda: to_excel_bytes({name[:31]: frame}, notes),
            f"{name}.xlsx",
            EXCEL,
            f"{key}_xlsx",
        )


def map_downloads(areas: Callable[[], pd.DataFrame], name: str, notes: Sequence[str], *, key: str) -> None:
    """GeoPackage and GeoJSON of what a map shows."""
    with st.container(horizontal=True, gap="small"):
        _button(
            "Map as GeoPackage",
            lambda: to_geopackage_bytes(areas(), notes),
            f"{name}.gpkg",
            "application/geopackage+sqlite3",
            f"{key}_gpkg",
        )
        _button(
            "Map as GeoJSON",
            lambda: to_geojson_bytes(areas(), notes),
            f"{name}.geojson",
            "application/geo+json",
            f"{key}_geojson",
        )


def chart_downloads(chart: alt.TopLevelMixin, name: str, *, key: str) -> None:
    """PNG and SVG of one chart."""
    with st.container(horizontal=True, gap="small"):
        _button(
            "Chart as PNG",
            lambda: vl_convert.vegalite_to_png(on_paper(chart), scale=2),
            f"{name}.png",
            "image/png",
            f"{key}_png",
        )
        _button(
            "Chart as SVG",
            lambda: vl_convert.vegalite_to_svg(on_paper(chart)).encode(),
            f"{name}.svg",
            "image/svg+xml",
            f"{key}_svg",
        )
