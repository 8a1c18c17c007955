"""Layouts of places: everything that is a point with a use."""

from __future__ import annotations

from geodata.layouts.bus_stop import BUS_STOPS
from geodata.layouts.gp_surgery import GP_SURGERIES
from geodata.layouts.hsds import HSDS
from geodata.layouts.layout import Layout
from geodata.layouts.library import LIBRARIES
from geodata.layouts.nhs_site import NHS_SITES
from geodata.layouts.school import SCHOOLS
from geodata.layouts.venue import VENUES

PLACES: tuple[Layout, ...] = (*BUS_STOPS, *GP_SURGERIES, *LIBRARIES, *SCHOOLS, *NHS_SITES, *HSDS, *VENUES)
