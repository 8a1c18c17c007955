"""Lookups from one geography to another, in published and tidy spellings.

Exact change lists (one row per changed area, with CHGIND) and best-fit lists are stored side by side under
different ids, so that the best fit never replaces the exact one.
"""

from __future__ import annotations

import pandas as pd

from geodata.dataset import NewDataset
from geodata.errors import InputError, OtherAuthorityError
from geodata.layouts.centroid import CENTROIDS
from geodata.layouts.column import CodeColumn, code_columns, lad_column, values_of
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import authority, count_reasons, outside, provenance_of
from geodata.layouts.postcode import POSTCODES
from geodata.payload import Raw, RawTable
from geodata.provenance import Provenance

_ORDER = ("oa", "lsoa", "msoa", "ward", "lad")
_YEARLESS_COLUMNS_MAX = 14


def pair_of(raw: Raw) -> tuple[CodeColumn, CodeColumn] | None:
    """The two code columns that a lookup joins: the finest (of the older year first) and the next."""
    if not isinstance(raw, RawTable) or len(raw.header) > _YEARLESS_COLUMNS_MAX:
        return None
    columns = [c for c in code_columns(raw) if c.year]
    columns.sort(key=lambda c: (_ORDER.index(c.level), c.year))
    distinct = list({(c.level, c.year): c for c in columns}.values())
    return (distinct[0], distinct[1]) if len(distinct) >= 2 else None


def _matches(raw: Raw) -> bool:
    pair = pair_of(raw)
    if pair is None or not isinstance(raw, RawTable):
        return False
    named = sum(1 for text in raw.header if not text or _is_label(text))
    return named == len(raw.header)


def _is_label(text: str) -> bool:
    """Headers a lookup is made of: codes, names, ids, change flags; a column of figures makes it a table."""
    lower = text.lower()
    return lower.endswith(("cd", "nm", "nmw", "_code", "_name")) or lower in (
        "fid",
        "objectid",
        "chgind",
        "globalid",
        "chngind",
    )


def _parse(raw: Raw, context: Context) -> Parsed:
    pair = pair_of(raw)
    if pair is None or not isinstance(raw, RawTable):
        raise InputError("The lookup names fewer than two geographies.", where=raw.name)
    source, target = pair
    from_codes, to_codes = values_of(raw, source.key), values_of(raw, target.key)
    reasons = _reasons(raw, pair, context)
    kept = reasons == ""
    if not kept.any():
        raise OtherAuthorityError(
            f"No row is of {authority(context)}; the first is {from_codes.iloc[0]}. "
            "Import the lookup of the authority, or the national one.",
            where=raw.name,
        )
    links = pd.DataFrame({"from_code": from_codes[kept], "to_code": to_codes[kept]})
    repeated = links.duplicated()
    reasons[links.index[repeated]] = "row listed twice"
    links = links[~repeated].sort_values(["from_code", "to_code"], ignore_index=True)
    links["weight"] = 1.0 / links.groupby("from_code")["to_code"].transform("size")
    method = _method(raw, source, target)
    notes = _notes(links, method)
    dropped = count_reasons(reasons)
    from_id, to_id = _id_of(source, links["from_code"], context), _id_of(target, links["to_code"], context)
    period = f"20{target.year}"
    origin = provenance_of(
        raw, context, "ons_lookups", period=period, rows_in=len(from_codes), dropped=dropped, notes=notes
    )
    datasets = [_dataset(links, from_id, to_id, method, target.year, origin)]
    for finer, coarser in _nested_pairs(raw, pair):
        joined = pd.DataFrame(
            {"from_code": values_of(raw, finer.key)[kept], "to_code": values_of(raw, coarser.key)[kept]}
        )
        joined = joined.drop_duplicates().sort_values(["from_code", "to_code"], ignore_index=True)
        joined["weight"] = 1.0 / joined.groupby("from_code")["to_code"].transform("size")
        datasets.append(
            _dataset(joined, finer.geography, coarser.geography, "exact_change", coarser.year, origin)
        )
    return Parsed(
        tuple(datasets), len(from_codes), len(links), dropped, f"{from_id}, {to_id}", (*raw.notes, *notes)
    )


def _dataset(
    links: pd.DataFrame, from_id: str, to_id: str, method: str, year: str, origin: Provenance
) -> NewDataset:
    extra = {
        "to_geography": to_id,
        "method": method,
        "year": year,
        "precedence": f"{year}.{len(links):07d}",
    }
    return NewDataset(f"lookup:{from_id}:{to_id}:{method}", "lookup", from_id, links, origin, extra)


def _nested_pairs(raw: RawTable, first: tuple[CodeColumn, CodeColumn]) -> list[tuple[CodeColumn, CodeColumn]]:
    """Further pairs of one census in the same table: output areas, LSOAs and MSOAs nest."""
    census = [c for c in code_columns(raw) if c.level in ("oa", "lsoa", "msoa") and c.geography]
    census.sort(key=lambda c: _ORDER.index(c.level))
    return [
        (finer, coarser)
        for i, finer in enumerate(census)
        for coarser in census[i + 1 :]
        if finer.year == coarser.year and finer.level != coarser.level and (finer, coarser) != first
    ]


def _reasons(raw: RawTable, pair: tuple[CodeColumn, CodeColumn], context: Context) -> pd.Series:
    source, target = pair
    from_codes, to_codes = values_of(raw, source.key), values_of(raw, target.key)
    reasons = pd.Series("", index=from_codes.index, dtype=object)
    reasons[(from_codes == "") | (to_codes == "")] = "no area code"
    if not context.authority_code:
        return reasons
    lad = lad_column(code_columns(raw))
    if lad is not None:
        ours = values_of(raw, lad.key) == context.authority_code
    else:
        known = context.area_codes.get(source.geography, frozenset())
        if not known:
            raise InputError(
                "The lookup names no authority, and the areas are not known yet. Import their boundaries "
                "in the same go.",
                where=raw.name,
            )
        ours = from_codes.isin(known)
    reasons[~ours] = outside(context)
    return reasons


def _method(raw: RawTable, source: CodeColumn, target: CodeColumn) -> str:
    """Exact where the publication says so: a change list, areas that nest, wards in a district."""
    nests = source.year == target.year and {source.level, target.level} <= {"oa", "lsoa", "msoa"}
    if raw.has("CHGIND") or nests or target.level == "lad":
        return "exact_change"
    return "best_fit"


def _notes(links: pd.DataFrame, method: str) -> tuple[str, ...]:
    n_split = int((links.groupby("from_code").size() > 1).sum())
    if method == "exact_change" and n_split:
        verb = "area was" if n_split == 1 else "areas were"
        return (f"{n_split} {verb} split; the parts have equal weight until a count is there",)
    return ()


def _id_of(column: CodeColumn, codes: pd.Series, context: Context) -> str:
    """Geography id; wards that share no code with those in force are superseded ("ward13")."""
    in_force = context.area_codes.get("ward", frozenset())
    if column.level == "ward" and in_force and not in_force & set(codes):
        return f"ward{column.year}"
    return column.geography or column.level


LOOKUPS: tuple[Layout, ...] = (
    *CENTROIDS,
    *POSTCODES,
    Layout("lookup", "Lookup between geographies", 1, _matches, _parse),
)
