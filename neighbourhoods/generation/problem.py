"""What is to be divided into footprints and what must hold, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass

# Limits of a search stand here and not beside it: a page that names them need not load a compiler.
MOST_STEPS = 1_000_000_000
MOST_OPTIONS = 1_000_000
SLACK = 1e-9  # as in neighbourhoods.measure.fault: at the very edge of the band is inside


@dataclass(frozen=True)
class Line:
    """What a partner's areas ask of a problem, by name, so that a refusal can say and try without them.

    Parameters
    ----------
    name : str
        Of the partner's set: "Police beats".
    crossed : frozenset of (int, int)
        Neighbours on two sides of its line, lower number first, that are not among the problem's edges.
    wholes : tuple of (str, frozenset)
        The partner's areas that stay whole, by name; each set is among the problem's `together`.
    """

    name: str
    crossed: frozenset[tuple[int, int]] = frozenset()
    wholes: tuple[tuple[str, frozenset[int]], ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is to be divided, and how; areas are numbered from 0.

    Parameters
    ----------
    people : tuple of float
        Residents of each area; all known.
    edges : tuple of (int, int)
        Neighbours, over borders or links.
    n_min, n_max : int
        Fewest and most footprints, the locked ones among them.
    target, tolerance : float
        Each footprint holds target x (1 - tolerance) to target x (1 + tolerance) people.
    together : tuple of frozenset
        Areas of each set share a footprint.
    apart : tuple of (int, int)
        Pairs that do not.
    locked : tuple of frozenset
        Footprints that stand as they are.
    lines : tuple of Line
        Where edges are left out, or areas are together, for a partner's sake. Only refusals read it.
    """

    people: tuple[float, ...]
    edges: tuple[tuple[int, int], ...]
    n_min: int
    n_max: int
    target: float
    tolerance: float
    together: tuple[frozenset[int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    locked: tuple[frozenset[int], ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def band(self) -> tuple[float, float]:
        """Least and most people in a footprint."""
        return self.target * (1 - self.tolerance), self.target * (1 + self.tolerance)

    @property
    def free(self) -> tuple[int, ...]:
        """Areas that are in no locked footprint."""
        held = frozenset().union(*self.locked)
        return tuple(area for area in range(len(self.people)) if area not in held)

    @property
    def locked_are_sound(self) -> bool:
        """Locked footprints in the band, none splitting a group or holding a pair that is to be apart."""
        return all(
            self.is_in_band(sum(self.people[area] for area in held))
            and all(not group & held or group <= held for group in self.together)
            and not any(a in held and b in held for a, b in self.apart)
            for held in self.locked
        )

    @property
    def joined(self) -> tuple[frozenset[int], ...]:
        """Sets of areas that are to be together, those that share an area as one."""
        found: list[frozenset[int]] = []
        for group in self.together:
            touching = [one for one in found if one & group]
            found = [one for one in found if not one & group] + [group.union(*touching)]
        return tuple(found)

    @property
    def pairs_are_sound(self) -> bool:
        """No pair that is to be apart is to be together, in one set or through several that share areas."""
        return not any(a in group and b in group for group in self.joined for a, b in self.apart)

    def is_in_band(self, people: float) -> bool:
        """Whether a footprint may have so many people; at the edge it may."""
        low, high = self.band
        slack = SLACK * self.target
        return low - slack <= people <= high + slack
