"""All indicators by id: adding one is adding one record in one of the six files."""

from __future__ import annotations

from indicators.catalogue import adults, children, crime, economy, health, population
from indicators.indicator import Indicator

CATALOGUE: dict[str, Indicator] = {
    indicator.id: indicator
    for domain in (population, adults, children, crime, economy, health)
    for indicator in domain.INDICATORS
}
