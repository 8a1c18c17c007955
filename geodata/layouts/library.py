"""Public libraries: the national dataset (Arts Council England) and the councils' opening hours."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from geodata.dataset import NewDataset
from geodata.errors import InputError
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import outside
from geodata.layouts.site import Listing, joined_address, parsed_sites, text_column
from geodata.payload import Raw, RawTable

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOT_NAMES = re.compile(r"\b(royal|london|borough|county|city|council|metropolitan|district|of|the)\b")


def _is_national(raw: RawTable) -> bool:
    return raw.has("reporting", "name", "authority", "postcode", "closed", "type")


def _is_council_list(raw: RawTable) -> bool:
    return raw.has("Local authority", "Library name", "Postcode", "Type of library")


def _matches(raw: Raw) -> bool:
    return isinstance(raw, RawTable) and (_is_national(raw) or _is_council_list(raw))


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawTable):
        raise InputError("This is no list of libraries.", where=raw.name)
    name = text_column(raw, "name", "Library name")
    uprn = text_column(raw, "uprn", "Unique property reference number")
    sites = pd.DataFrame(
        {
            "id": [_slug(n, u) for n, u in zip(name, uprn, strict=True)],
            "name": name,
            "kind": "library",
            "address": joined_address(
                [text_column(raw, f"address{i}", f"Address {i}") for i in (1, 2, 3)],
            ),
            "postcode": text_column(raw, "postcode"),
            "status": "open",
        }
    )
    reasons = _reasons(raw)
    sites["status"] = sites["status"].where(
        ~_latest_operation(raw).str.contains("temporary"), "temporarily closed"
    )
    if context.authority_name and context.postcodes is None:  # else the place itself tells
        authority = text_column(raw, "authority", "Local authority")
        reasons[authority.map(_bare) != _bare(context.authority_name)] = outside(context)
    if not _is_national(raw):
        details = pd.DataFrame({"opening_hours": _hours(raw)})
        listing = Listing("ace_libraries", precedence="0")
        return _with_hours(parsed_sites(sites, reasons, raw, context, listing, details=details))
    year = _latest_year(raw)
    period = f"20{year}" if year else "not stated in the file"
    return parsed_sites(sites, reasons, raw, context, Listing("ace_libraries", period, f"1.{year}"))


def _hours(raw: RawTable) -> pd.Series:
    """Hours of the week, staffed and unstaffed, as text: "Mon 09:00-19:30; Wed 10:00-12:30,14:00-17:00"."""
    days = pd.DataFrame(
        {
            day: text_column(raw, f"{day} staffed hours").str.cat(
                text_column(raw, f"{day} unstaffed hours"), sep=","
            )
            for day in DAYS
        }
    )
    texts = []
    for row in days.itertuples(index=False):
        told = [(day[:3], str(text).strip(", ")) for day, text in zip(DAYS, row, strict=True)]
        texts.append("; ".join(f"{day} {text}" for day, text in told if text))
    return pd.Series(texts, index=days.index)


def _with_hours(parsed: Parsed) -> Parsed:
    """The hours as a table of their own too, which stands where another list of these libraries is kept."""
    (places,) = parsed.datasets
    frame = pd.DataFrame(places.frame[["name", "kind", "opening_hours"]])
    frame = frame[frame["opening_hours"] != ""]
    hours = NewDataset("place_hours:library", "place_hours", "", frame, places.provenance)
    return replace(parsed, datasets=(places, *((hours,) if len(frame) else ())))


def _reasons(raw: RawTable) -> pd.Series:
    reasons = pd.Series("", index=raw.rows.index, dtype=object)
    kind = text_column(raw, "type").str.lower()
    operation = _latest_operation(raw)
    reasons[operation.str.contains("not open")] = "not open yet"
    reasons[kind.str.contains("mobile")] = "no fixed place (mobile library)"
    reasons[kind.str.contains("archive")] = "archive, not a lending library"
    reasons[kind.str.contains("prison")] = "not open to the public (prison library)"
    closed = text_column(raw, "closed", "Year closed").str.fullmatch(r"(?:.*\d{4}.*)|yes", case=False)
    reasons[closed | operation.str.fullmatch("closed")] = "closed"
    return reasons


def _latest_operation(raw: RawTable) -> pd.Series:
    year = _latest_year(raw)
    column = text_column(raw, f"operation_{year}") if year else pd.Series("", index=raw.rows.index)
    return column.str.lower()


def _latest_year(raw: RawTable) -> str:
    years = [m.group(1) for text in raw.header if (m := re.fullmatch(r"operation_(\d\d)", text))]
    return max(years, default="")


def _bare(name: str) -> str:
    """An authority's name without what councils put around it: "City of York Council" is "york"."""
    return " ".join(_NOT_NAMES.sub(" ", name.lower().replace(",", " ")).split())


def _slug(name: str, uprn: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"{uprn}-{words}" if uprn else words


LIBRARIES: tuple[Layout, ...] = (Layout("libraries", "Public libraries", 3, _matches, _parse),)
