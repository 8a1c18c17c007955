"""Published layouts: each is known by its columns and values, and becomes datasets of the workspace."""

from __future__ import annotations

from geodata.layouts.boundary import BOUNDARIES
from geodata.layouts.development_site import DEVELOPMENT_SITES
from geodata.layouts.layout import Layout
from geodata.layouts.lookup import LOOKUPS
from geodata.layouts.place import PLACES
from geodata.layouts.road import ROADS
from geodata.layouts.statistics import STATISTICS
from geodata.layouts.timetable import TIMETABLES
from geodata.layouts.unused import UNUSED

LAYOUTS: tuple[Layout, ...] = (
    *BOUNDARIES,
    *LOOKUPS,
    *ROADS,
    *TIMETABLES,
    *PLACES,
    *DEVELOPMENT_SITES,
    *UNUSED,
    *STATISTICS,
)
