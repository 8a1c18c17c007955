"""Whose data an import is: the authority that the files name, and the codes of its areas.

Read from boundaries and lookups before anything is cut, so that the order of the files does not matter.
The wards in force are those of the newest year that is known; older ones with other codes are kept apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import pandas as pd
import shapely

from geodata.errors import InputError
from geodata.layouts.boundary import area_column
from geodata.layouts.column import code_columns, lad_column, name_key, values_of
from geodata.layouts.layout import Context
from geodata.payload import Raw, RawFeatures
from geodata.store import Store

_LAD_CODE = re.compile(r"^E0[6-9]\d{6}$")
_OUTLINE_ORDER = ("lad", "ward", "msoa21", "msoa11", "lsoa21", "lsoa11", "oa21", "oa11")
_WHOLE_MAX = 2_000

Codes = Mapping[str, frozenset[str]]
HOW_TO_NAME_IT = "its code (E06… to E09…) in the box on the Data page, or with --authority"


def resolve_authority(
    raws: Sequence[Raw], given: str | None, settings: Mapping[str, str]
) -> tuple[str | None, str]:
    """Code and name of the authority: as given, else the workspace's, else the one most rows carry.

    Each file has one vote, divided by its rows. (None, "") when no file names any.

    Raises
    ------
    InputError
        When a name or code is given that is no authority or not the workspace's, or when the files name
        several and none has more than half of the votes.
    """
    votes, names = _votes(raws)
    code = settings.get("authority_code", "")
    if given:
        found, name = _given(given.strip(), names, settings)
        if code and found != code:
            raise InputError(
                f"This workspace is of {_words(settings.get('authority_name', ''), code)}, and files for "
                f"{_words(name, found)} cannot stand beside it. Give that authority a workspace folder of "
                "its own."
            )
        return found, name
    if code:
        return code, settings.get("authority_name", "") or names.get(code, "")
    if not votes:
        return None, ""
    best = max(sorted(votes), key=lambda key: votes[key])
    if votes[best] * 2 <= sum(votes.values()):
        several = ", ".join(_words(names.get(c, ""), c) for c in sorted(votes, key=lambda c: -votes[c])[:3])
        raise InputError(
            f"The files hold several authorities ({several}{', …' if len(votes) > 3 else ''}). "
            f"Say which one is yours: {HOW_TO_NAME_IT}."
        )
    return best, names.get(best, "")


def _words(name: str, code: str) -> str:
    return f"{name} ({code})" if name else code


def _given(given: str, names: Mapping[str, str], settings: Mapping[str, str]) -> tuple[str, str]:
    if _LAD_CODE.match(given.upper()):
        code = given.upper()
        same = settings.get("authority_code") == code
        return code, names.get(code, "") or (settings.get("authority_name", "") if same else "")
    if settings.get("authority_name", "").casefold() == given.casefold() and settings.get("authority_code"):
        return settings["authority_code"], settings["authority_name"]
    codes = sorted(code for code, name in names.items() if name.casefold() == given.casefold())
    if not codes:
        raise InputError(
            f"“{given}” is not the code of an English authority (E06… to E09… and six figures), and no file "
            "names an authority like that."
        )
    return codes[0], names[codes[0]]


def _votes(raws: Iterable[Raw]) -> tuple[dict[str, float], dict[str, str]]:
    votes: dict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    for raw in raws:
        column = lad_column(code_columns(raw))
        if column is None:
            continue
        codes = values_of(raw, column.key)
        codes = codes[codes.str.fullmatch(_LAD_CODE.pattern)]
        for code, share in codes.value_counts(normalize=True).items():
            votes[str(code)] += float(share)
        key = name_key(raw, column)
        if key is not None:
            pairs = pd.DataFrame({"code": codes, "name": values_of(raw, key).loc[codes.index]})
            pairs = pairs[pairs["name"] != ""].drop_duplicates("code")
            names |= dict(zip(pairs["code"], pairs["name"], strict=True))
    return dict(votes), names


def area_codes_of(
    raws: Iterable[Raw], authority_code: str | None, stored: Codes
) -> dict[str, frozenset[str]]:
    """Codes of the authority's areas by geography, from boundaries and lookups that name the authority.

    Wards of other years whose codes differ from the newest stand under "ward13", "ward22", ...
    """
    found: dict[str, set[str]] = defaultdict(set)
    by_year: dict[str, set[str]] = defaultdict(set)
    fitted: dict[str, set[str]] = defaultdict(set)
    for raw in raws:
        columns = code_columns(raw)
        lad = lad_column(columns)
        key_column = area_column(raw) if isinstance(raw, RawFeatures) else None
        if lad is None and not (key_column is not None and key_column.level == "ward" and _is_small(raw)):
            continue
        ours = values_of(raw, lad.key) == authority_code if lad is not None else None
        for column in columns:
            codes = values_of(raw, column.key)
            codes = codes[ours] if ours is not None else codes
            mine = {code for code in codes if code and code != "None"}
            if column.level == "ward" and column.year and mine:
                (by_year if values_of(raw, column.key).is_unique else fitted)[column.year] |= mine
            elif column.level != "lad" and column.geography and column.level != "ward" and lad is not None:
                found[column.geography] |= mine
    result = {geography: frozenset(codes) for geography, codes in found.items() if codes}
    for geography, known in stored.items():
        result[geography] = result.get(geography, frozenset()) | known
    result |= _wards(by_year or fitted, stored)
    if authority_code:
        result["lad"] = frozenset({authority_code})
    return result


def _wards(by_year: Mapping[str, set[str]], stored: Codes) -> dict[str, frozenset[str]]:
    if not by_year:
        return {}
    newest = max(by_year)
    stored_year = max(stored.get("ward_year", frozenset()), default="")
    in_force = stored["ward"] if stored_year > newest else frozenset(by_year[newest])
    wards = {"ward": in_force}
    for year, codes in by_year.items():
        if not codes & in_force:
            wards[f"ward{year}"] = frozenset(codes)
    return wards


def _is_small(raw: Raw) -> bool:
    return isinstance(raw, RawFeatures) and len(raw.frame) <= _WHOLE_MAX


def stored_codes(store: Store) -> dict[str, frozenset[str]]:
    """Codes that the workspace knows, by geography; "ward_year" holds the year of its wards."""
    codes: dict[str, frozenset[str]] = {}
    for dataset in store.datasets():
        if dataset.kind == "areas":
            codes[dataset.geography] = frozenset(str(code) for code in store.read(dataset.id).index)
            if dataset.geography == "ward" and dataset.extra.get("year"):
                codes["ward_year"] = frozenset({dataset.extra["year"]})
    for dataset in store.datasets():
        if dataset.kind == "lookup":
            frame = store.read(dataset.id)
            for geography, column in (
                (dataset.geography, "from_code"),
                (dataset.extra.get("to_geography", ""), "to_code"),
            ):
                if geography and geography not in codes:
                    codes[geography] = frozenset(frame[column])
    return codes


def stored_areas(store: Store) -> dict[str, gpd.GeoDataFrame]:
    """Outlines that the workspace holds, by geography."""
    return {d.geography: store.read(d.id) for d in store.datasets() if d.kind == "areas"}


def outline_of(areas: Mapping[str, gpd.GeoDataFrame]) -> shapely.Geometry | None:
    """The authority as one shape, from the coarsest outlines that are there; None when none are."""
    for geography in _OUTLINE_ORDER:
        if geography in areas and len(areas[geography]):
            outline: shapely.Geometry = shapely.union_all(areas[geography].geometry.to_numpy())
            shapely.prepare(outline)
            return outline
    return None


def with_areas(context: Context, areas: Mapping[str, gpd.GeoDataFrame]) -> Context:
    """The context with more outlines: their codes become known, and the outline is drawn anew."""
    everything = {**context.areas, **areas}
    codes = dict(context.area_codes)
    for geography, frame in areas.items():
        codes[geography] = codes.get(geography, frozenset()) | frozenset(str(code) for code in frame.index)
    return Context(
        authority_code=context.authority_code,
        area_codes=codes,
        retrieved=context.retrieved,
        postcodes=context.postcodes,
        authority_name=context.authority_name,
        outline=outline_of({g: gpd.GeoDataFrame(f) for g, f in everything.items()}),
        areas=everything,
    )
