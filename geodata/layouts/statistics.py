"""Every statistics layout, in the order in which they are tried."""

from __future__ import annotations

from geodata.layouts.authority_table import AUTHORITY_TABLES
from geodata.layouts.census import CENSUS
from geodata.layouts.census_tidy import CENSUS_TIDY
from geodata.layouts.crime import CRIME
from geodata.layouts.crime_point import CRIME_POINT
from geodata.layouts.deprivation import DEPRIVATION
from geodata.layouts.deprivation_tidy import DEPRIVATION_TIDY
from geodata.layouts.documentation import DOCUMENTATION
from geodata.layouts.dwp import DWP
from geodata.layouts.fingertips import FINGERTIPS
from geodata.layouts.layout import Layout
from geodata.layouts.nomis import NOMIS
from geodata.layouts.population import POPULATION
from geodata.layouts.tidy import TIDY

STATISTICS: tuple[Layout, ...] = (
    *CENSUS,
    *CENSUS_TIDY,
    *CRIME,
    *CRIME_POINT,
    *DEPRIVATION,
    *DEPRIVATION_TIDY,
    *DWP,
    *NOMIS,
    *TIDY,
    *POPULATION,
    *FINGERTIPS,
    *AUTHORITY_TABLES,
    *DOCUMENTATION,
)
