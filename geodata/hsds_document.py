"""Directories of services by Open Referral UK (HSDS 3.0, and the UK's version 1.0) as a table of locations.

A directory lists services, each at one or more locations; a register of places wants it the other way round:
one row for each location, with the services that run there. Documents come as one service, a list, a page of
an API (`contents`, in 1.0 `content`), services at locations, or flat tables that name each other by id. What
is not as the schema says is passed over, never trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from geodata.payload import Limits, Payload, RawTable
from geodata.text import one_line

HEADER = (
    "hsds_location_id",
    "name",
    "latitude",
    "longitude",
    "address",
    "postcode",
    "organisation",
    "services",
    "taxonomy",
    "opening_hours",
    "accessibility",
    "checked_on",
    "location_type",
    "n_running",
    "page",
)
MOST_LETTERS = 5_000
_RUNNING = ("", "active", "temporarily closed")
_DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
_LIST_KEYS = ("contents", "content", "services", "service", "items", "data")
_AT = ("service_at_locations", "service_at_location")
Json = Mapping[str, object]


@dataclass
class _Place:
    """One location as it is gathered from the services that run there."""

    location: Json
    organisations: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    taxonomy: list[str] = field(default_factory=list)
    hours: list[str] = field(default_factory=list)
    assured: list[str] = field(default_factory=list)
    n_running: int = 0


def is_hsds(value: object) -> bool:
    """Whether a JSON value is a directory of services."""
    if isinstance(value, Mapping) and _is_page(value) and _list_of(value):
        return all("name" in one or "service" in one for one in _list_of(value)[:5])
    return any(_has_place(one) for one in _services(value)[:50])


def hsds_table(payload: Payload, value: object, limits: Limits) -> RawTable:
    """One row for each location, columns `HEADER`; services without one are counted in a note."""
    services = _services(value)[: limits.n_rows_max]
    places: dict[str, _Place] = {}
    n_nowhere = n_stopped = 0
    for service in services:
        running = _text(service.get("status")).lower() in _RUNNING
        n_stopped += not running
        found = _at_locations(service)
        n_nowhere += not found
        for at, location in found:
            key = _location_key(location)
            place = places.setdefault(key, _Place(location))
            if running:
                _gather(place, service, at)
    page = _text(value.get("page_number", value.get("number"))) if isinstance(value, Mapping) else ""
    several = isinstance(value, Mapping) and _text(value.get("total_pages", value.get("totalPages"))) not in (
        "",
        "0",
        "1",
    )
    rows = [_row(key, place, page if several else "") for key, place in places.items()]
    frame = pd.DataFrame(rows, columns=list(HEADER), dtype=str)
    frame.columns = pd.RangeIndex(len(HEADER))
    notes = [f"{len(services):,} services of an Open Referral directory at {len(places):,} locations"]
    if n_nowhere:
        notes.append(f"{n_nowhere:,} services name no location")
    if n_stopped:
        notes.append(f"{n_stopped:,} services do not run now")
    return RawTable(payload.name, HEADER, frame, 0, tuple(notes), "", (), payload.sha256)


def _gather(place: _Place, service: Json, at: Json) -> None:
    place.n_running += 1
    name = _text(service.get("name"))
    organisation = service.get("organization")
    place.organisations.append(_text(organisation.get("name")) if isinstance(organisation, Mapping) else "")
    terms = _terms(service)
    place.taxonomy += terms
    place.services.append(f"{name} ({', '.join(terms)})" if terms else name)
    place.assured.append(_text(service.get("assured_date"))[:10])
    own = _hours(place.location)
    theirs = _hours(at) or _hours(service)
    if own:
        place.hours += own
    elif theirs:
        place.hours.append(f"{name}: {', '.join(theirs)}")


def _row(key: str, place: _Place, page: str) -> list[str]:
    location = place.location
    address = _address(location)
    parts = [_text(address.get(one)) for one in ("address_1", "address_2", "city")]
    access = _records(location, "accessibility", "accessibility_for_disabilities")
    said = [_text(one.get("description")) or _text(one.get("accessibility")) for one in access]
    postcode = _text(address.get("postal_code"))
    where = ", ".join(dict.fromkeys(p for p in parts if p))
    return [
        key,
        _text(location.get("name")) or parts[0] or (place.organisations[0] if place.organisations else ""),
        _text(location.get("latitude")),
        _text(location.get("longitude")),
        where,
        postcode,
        _joined(place.organisations),
        _joined(place.services),
        _joined(place.taxonomy),
        _joined(place.hours),
        _joined(said),
        max(place.assured, default=""),
        _text(location.get("location_type")).lower(),
        str(place.n_running),
        page,
    ]


def _services(value: object) -> list[Json]:
    """Services with their locations nested, however the document holds them."""
    if isinstance(value, list):
        return [_as_service(one) for one in value if isinstance(one, Mapping)]
    if not isinstance(value, Mapping):
        return []
    if _is_flat(value):
        return _from_tables(value)
    listed = _list_of(value)
    return [_as_service(one) for one in listed] if listed else [_as_service(value)]


def _as_service(one: Json) -> Json:
    """A service; a service at a location is turned round."""
    service = one.get("service")
    if isinstance(service, Mapping) and isinstance(one.get("location"), Mapping):
        return {**service, "service_at_locations": [one]}
    return one


def _is_page(value: Json) -> bool:
    return bool({"total_items", "total_pages", "totalElements", "totalPages"} & set(value))


def _is_flat(value: Json) -> bool:
    return (
        bool(_records(value, *_AT)) and bool(_records(value, "locations", "location")) and "name" not in value
    )


def _list_of(value: Json) -> list[Json]:
    for key in _LIST_KEYS:
        if isinstance(value.get(key), list):
            return _records(value, key)
    return []


def _from_tables(value: Json) -> list[Json]:
    """Flat tables joined by their ids."""
    locations = {_text(one.get("id")): dict(one) for one in _records(value, "locations", "location")}
    for key, into in (
        ("addresses", "addresses"),
        ("address", "addresses"),
        ("physical_addresses", "addresses"),
        ("accessibility", "accessibility"),
        ("accessibility_for_disabilities", "accessibility"),
        ("schedules", "schedules"),
        ("regular_schedules", "schedules"),
    ):
        for one in _records(value, key):
            owner = locations.get(_text(one.get("location_id")))
            if owner is not None:
                owner[into] = [*_records(owner, into), one]
    organisations = {_text(o.get("id")): o for o in _records(value, "organizations", "organization")}
    terms = {_text(t.get("id")): t for t in _records(value, "taxonomy_terms", "taxonomy_term", "taxonomies")}
    services = {
        _text(one.get("id")): {
            **one,
            "organization": organisations.get(_text(one.get("organization_id")), {}),
        }
        for one in _records(value, "services", "service")
    }
    for one in _records(value, "attributes", "attribute", "service_taxonomys", "service_taxonomies"):
        service = services.get(_text(one.get("link_id")) or _text(one.get("service_id")))
        term = terms.get(_text(one.get("taxonomy_term_id")) or _text(one.get("taxonomy_id")))
        if service is not None and term is not None:
            service["attributes"] = [*_records(service, "attributes"), {"taxonomy_term": term}]
    for one in _records(value, "schedules", "regular_schedules"):
        service = services.get(_text(one.get("service_id")))
        if service is not None:
            service["schedules"] = [*_records(service, "schedules"), one]
    for at in _records(value, *_AT):
        service = services.get(_text(at.get("service_id")))
        location = locations.get(_text(at.get("location_id")))
        if service is not None and location is not None:
            service[_AT[0]] = [*_records(service, _AT[0]), {**at, "location": location}]
    return list(services.values())


def _has_place(service: Json) -> bool:
    return bool(_at_locations(service)) and "name" in service


def _at_locations(service: Json) -> list[tuple[Json, Json]]:
    found: list[tuple[Json, Json]] = []
    for at in _records(service, *_AT):
        location = at.get("location")
        if isinstance(location, Mapping):
            found.append((at, location))
    if not found:
        found = [({}, one) for one in _records(service, "locations")]
    return found


def _location_key(location: Json) -> str:
    given = _text(location.get("id"))
    if given:
        return given
    parts = (location.get("name"), _address(location).get("postal_code"), location.get("latitude"))
    return re.sub(r"[^a-z0-9]+", "-", " ".join(map(_text, parts)).lower()).strip("-")


def _address(location: Json) -> Json:
    """The physical address, else the first."""
    known = _records(location, "physical_addresses", "addresses", "physical_address", "address")
    physical = [one for one in known if _text(one.get("address_type")).lower() in ("", "physical")]
    return next(iter([*physical, *known]), {})


def _terms(service: Json) -> list[str]:
    """Names of taxonomy terms: of attributes (3.0) or of service taxonomies (1.0)."""
    named: list[str] = []
    for one in _records(service, "attributes", "service_taxonomys", "service_taxonomies", "taxonomies"):
        term = one.get("taxonomy_term", one.get("taxonomy", one))
        if isinstance(term, Mapping):
            named.append(_text(term.get("name")) or _text(term.get("label")))
    return list(dict.fromkeys(name for name in named if name))


def _hours(owner: Json) -> list[str]:
    """Times of each set of days, and in words what no week can say (RFC 5545's rules of recurrence)."""
    times: dict[str, list[str]] = {}
    for one in _records(owner, "schedules", "regular_schedules", "regular_schedule", "schedule"):
        byday = _text(one.get("byday")) or _text(one.get("weekday"))
        days = " ".join(_DAYS.get(day[-2:].upper(), day) for day in re.split(r"[,\s]+", byday) if day)
        opens, closes = _text(one.get("opens_at"))[:5], _text(one.get("closes_at"))[:5]
        span = f"{opens} to {closes}" if opens and closes else ""
        if not (days or span):
            said, span = _text(one.get("description")), ""
        else:
            said = " ".join(part for part in (_not_weekly(one, byday), days) if part)
        if said or span:
            times.setdefault(said, []).append(span)
    return [
        " ".join(part for part in (said, ", ".join(dict.fromkeys(one for one in spans if one))) if part)
        for said, spans in times.items()
    ]


def _not_weekly(schedule: Json, byday: str) -> str:
    """ "monthly (1MO)", "every 2 weeks" or "ended 2020-12-20"; empty for what is so each week from now on."""
    last = max(_text(schedule.get("valid_to"))[:10], _text(schedule.get("until"))[:10])
    if last and last < date.today().isoformat():
        return f"ended {last}"
    frequency, interval = _text(schedule.get("freq")).upper(), _text(schedule.get("interval"))
    if frequency in ("MONTHLY", "YEARLY"):
        return f"{frequency.lower()} ({byday})" if byday else frequency.lower()
    return f"every {interval} weeks" if interval not in ("", "0", "1") else ""


def _records(owner: Json, *keys: str) -> list[Json]:
    """The records under the first of these keys that holds any; a single one counts as a list of one."""
    for key in keys:
        value = owner.get(key)
        if isinstance(value, Mapping):
            return [value]
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            records = [one for one in value if isinstance(one, Mapping)]
            if records:
                return records
    return []


def _text(value: object) -> str:
    if value is None or isinstance(value, Mapping | list | bool):
        return ""
    return one_line(str(value))[:MOST_LETTERS]


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(part for part in parts if part))[:MOST_LETTERS]
