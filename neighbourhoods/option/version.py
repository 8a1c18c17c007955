"""Versions of an option: which belong together, and what each changed against the one before.

The mistake this prevents: a "final" option of which nobody knows any more what was moved since people were
asked about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geodata.option_table import line_by_id
from neighbourhoods.comparison.comparison import OptionComparison
from neighbourhoods.option.option import FootprintOption, Status


@dataclass(frozen=True)
class StatusChange:
    """One status that a version has had.

    Parameters
    ----------
    option_id : str
    status : Status
    created : str
        ISO date and time (UTC); empty where it was not recorded.
    author, reason : str
        Who gave it the status, and why.
    """

    option_id: str
    status: Status
    created: str
    author: str
    reason: str


@dataclass(frozen=True)
class OptionLine:
    """One option with all its versions, first version first, numbered from 1."""

    versions: tuple[FootprintOption, ...]

    @property
    def newest(self) -> FootprintOption:
        """The version that was saved last."""
        return self.versions[-1]

    @property
    def name(self) -> str:
        """All versions have it."""
        return self.newest.name

    def number(self, option_id: str) -> int:
        """Number of a version; ValueError when it is none of them."""
        return [v.id for v in self.versions].index(option_id) + 1

    def version(self, option_id: str) -> FootprintOption:
        """The version with that id; ValueError when there is none."""
        return self.versions[self.number(option_id) - 1]

    def before(self, option_id: str) -> FootprintOption | None:
        """The version that was saved before; None for the first."""
        number = self.number(option_id)
        return self.versions[number - 2] if number > 1 else None

    def equal_before(self, option_id: str) -> int | None:
        """Number of the first earlier version with the same footprints by the same names; None for none."""
        one = self.version(option_id)
        for earlier in self.versions[: self.number(option_id) - 1]:
            if same_footprints(earlier, one):
                return self.number(earlier.id)
        return None


@dataclass(frozen=True)
class VersionChange:
    """What one version changed against another.

    Parameters
    ----------
    areas_that_move : tuple of str
    people_who_move : float
        NaN when unknown for one of the areas.
    renamed : tuple of (str, str)
        Names before and after, of footprints that match.
    n_footprints : tuple of int
        Before and after.
    """

    areas_that_move: tuple[str, ...]
    people_who_move: float
    renamed: tuple[tuple[str, str], ...]
    n_footprints: tuple[int, int]

    @property
    def is_nothing(self) -> bool:
        """Whether the two are the same."""
        return not self.areas_that_move and not self.renamed


def option_lines(newest_first: Sequence[FootprintOption]) -> tuple[OptionLine, ...]:
    """Saved versions gathered into options; the option that was saved last comes first.

    Parameters
    ----------
    newest_first : sequence of FootprintOption
        Every saved version, as `saved_options` gives them.
    """
    ordered = newest_first[::-1]
    line = line_by_id((o.id, o.name, o.parent_id) for o in ordered)
    versions: dict[str, list[FootprintOption]] = {}
    for option in ordered:
        versions.setdefault(line[option.id], []).append(option)
    lines = [OptionLine(tuple(of_one)) for of_one in versions.values()]
    place = {option.id: i for i, option in enumerate(ordered)}
    return tuple(sorted(lines, key=lambda one: -place[one.newest.id]))


def line_of(lines: Iterable[OptionLine], option_id: str) -> OptionLine:
    """The option that has a version with this id; StopIteration when there is none."""
    return next(one for one in lines if any(v.id == option_id for v in one.versions))


def version_change(
    before: FootprintOption, after: FootprintOption, comparison: OptionComparison
) -> VersionChange:
    """What changed, from the comparison of the two."""
    pairs = [
        (before.footprint_name(one), after.footprint_name(other)) for one, other in comparison.matched.items()
    ]
    return VersionChange(
        comparison.areas_that_move,
        comparison.people_who_move,
        tuple((was, now) for was, now in pairs if was != now),
        (len(before.footprint_ids), len(after.footprint_ids)),
    )


def same_footprints(one: FootprintOption, other: FootprintOption) -> bool:
    """Whether two options put the same areas in the same footprints under the same names."""
    if one.geography != other.geography or one.assignment != other.assignment:
        return False
    return all(one.footprint_name(i) == other.footprint_name(i) for i in one.footprint_ids)
