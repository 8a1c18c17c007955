"""Who runs the bus, from when to when, and so on which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from geodata.errors import InputError

MOST_DAYS = 3 * 366


@dataclass(frozen=True)
class Running:
    """Who runs the bus, and from when to when.

    Parameters
    ----------
    operator, url : str
        Name and web address, as the public knows them.
    first_day, last_day : date
        Week 1 is the week of the first day.
    """

    operator: str
    url: str
    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if not self.first_day <= self.last_day <= self.first_day + timedelta(days=MOST_DAYS):
            raise InputError("The last day must come after the first, and within three years of it.")

    def require_public(self) -> Running:
        """The same; raises InputError where a feed could not say whose it is."""
        if not self.operator.strip() or not self.url.startswith(("http://", "https://")):
            raise InputError(
                "A GTFS feed names who runs the bus and a web address that begins with https://."
            )
        return self

    def first_on(self, week: int, day: int) -> date:
        """The first day of service on a day of a week of the cycle."""
        monday = self.first_day - timedelta(days=self.first_day.weekday())
        return monday + timedelta(days=7 * week + day)

    def dates_on(self, week: int, day: int, n_weeks: int) -> list[date]:
        """Every day of service on a day of a week of the cycle."""
        one, found = self.first_on(week, day), []
        while one <= self.last_day:
            if one >= self.first_day:
                found.append(one)
            one += timedelta(days=7 * n_weeks)
        return found

    def week_of(self, on: date, n_weeks: int) -> int:
        """The week of the cycle in which a date lies; raises InputError outside the days of service."""
        if not self.first_day <= on <= self.last_day:
            raise InputError(
                f"{on.day} {on:%B %Y} is outside the weeks of the plan, {self.first_day.day} "
                f"{self.first_day:%B %Y} to {self.last_day.day} {self.last_day:%B %Y}."
            )
        return (on - self.first_on(0, 0)).days // 7 % n_weeks
