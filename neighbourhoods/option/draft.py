"""A set of footprints being drawn: every step a new value, so that undo is only looking back.

The mistake this prevents: an area in two footprints, or lost, after a long afternoon of undo and redo.
An area is in exactly one footprint or openly unassigned, whatever was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from geodata.errors import OptionError
from neighbourhoods.measure.violation import names_in_words
from neighbourhoods.option.draft_state import DraftState, first_colour, free_id, require_colour
from neighbourhoods.option.option import FootprintOption, MadeBy

HISTORY_KEPT = 200


@dataclass(frozen=True)
class Draft:
    """A drawing in progress.

    Parameters
    ----------
    geography : str
        Kind of area it is made of.
    area_codes : frozenset of str
        All areas, assigned or not.
    state : DraftState
        As it stands.
    past, future : tuple of DraftState
        Steps that `undo` and `redo` go to.
    origin : DraftState
        As it was when begun or last saved.
    name, parent_id : str
        Of the option it was begun from; empty for a new one.
    made_by, seed : MadeBy, int or None
        How that option was made: what it stays as long as nothing is changed.
    message : str
        What the last step did not do, and why; empty when it did all.
    """

    geography: str
    area_codes: frozenset[str]
    state: DraftState
    origin: DraftState
    past: tuple[DraftState, ...] = ()
    future: tuple[DraftState, ...] = ()
    name: str = ""
    parent_id: str = ""
    made_by: MadeBy = "drawn"
    seed: int | None = None
    message: str = field(default="", compare=False)

    # -- what it holds ----------------------------------------------------------------------

    @property
    def assignment(self) -> Mapping[str, str]:
        """area_code -> footprint_id, without unassigned areas."""
        return self.state.assignment

    @property
    def unassigned(self) -> frozenset[str]:
        """Areas in no footprint."""
        return self.area_codes - self.state.assignment.keys()

    @property
    def footprint_ids(self) -> tuple[str, ...]:
        """All footprints, with areas or without, in the order they were added."""
        return tuple(self.state.names)

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from how it was begun or last saved."""
        return self.state != self.origin

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to go back to."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone step to take again."""
        return bool(self.future)

    # -- steps ------------------------------------------------------------------------------

    def assign(self, area_codes: Iterable[str], footprint_id: str) -> Draft:
        """Put areas in a footprint. Areas of locked footprints stay where they are, and `message` says so.

        Raises
        ------
        OptionError
            When the footprint or an area does not exist.
        """
        self._require_footprint(footprint_id)
        if footprint_id in self.state.locked:
            return self._refused(f"{self._name(footprint_id)} is locked: unlock it to add areas.")
        free, message = self._movable(area_codes)
        moved = dict.fromkeys(free, footprint_id)
        return self._step(assignment={**self.state.assignment, **moved})._saying(message)

    def unassign(self, area_codes: Iterable[str]) -> Draft:
        """Take areas out of their footprints; locked ones keep theirs."""
        free, message = self._movable(area_codes)
        kept = {code: one for code, one in self.state.assignment.items() if code not in free}
        return self._step(assignment=kept)._saying(message)

    def add_footprint(self, name: str = "", colour: str = "") -> Draft:
        """Add an empty footprint; its id is the first free letter ("A" to "Z", then "A2" and on)."""
        new = free_id(self.state.names)
        names = {**self.state.names, new: name or f"Footprint {new}"}
        chosen = require_colour(colour) if colour else first_colour(len(self.state.names))
        return self._step(names=names, colours={**self.state.colours, new: chosen})

    def remove_footprint(self, footprint_id: str) -> Draft:
        """Take a footprint away; its areas become unassigned. Refused while it is locked."""
        self._require_footprint(footprint_id)
        if footprint_id in self.state.locked:
            return self._refused(f"{self._name(footprint_id)} is locked: unlock it to remove it.")
        return self._step(
            assignment={c: one for c, one in self.state.assignment.items() if one != footprint_id},
            names={one: name for one, name in self.state.names.items() if one != footprint_id},
            colours={one: colour for one, colour in self.state.colours.items() if one != footprint_id},
        )

    def rename(self, footprint_id: str, name: str) -> Draft:
        """Give a footprint another name; two may not share one."""
        self._require_footprint(footprint_id)
        name = " ".join(name.split())
        if not name:
            return self._refused("A footprint needs a name.")
        if any(one != footprint_id and other == name for one, other in self.state.names.items()):
            return self._refused(f"There is a footprint called {name} already.")
        return self._step(names={**self.state.names, footprint_id: name})

    def recolour(self, footprint_id: str, colour: str) -> Draft:
        """Give a footprint another colour ("#12436D")."""
        self._require_footprint(footprint_id)
        return self._step(colours={**self.state.colours, footprint_id: require_colour(colour)})

    def lock(self, footprint_id: str, *, locked: bool = True) -> Draft:
        """Lock a footprint, so that no area joins or leaves it, or unlock it."""
        self._require_footprint(footprint_id)
        change = self.state.locked | {footprint_id} if locked else self.state.locked - {footprint_id}
        return self._step(locked=change)

    def undo(self) -> Draft:
        """One step back; nothing happens at the beginning."""
        if not self.past:
            return self._refused("There is nothing to undo.")
        return replace(
            self, state=self.past[-1], past=self.past[:-1], future=(self.state, *self.future), message=""
        )

    def redo(self) -> Draft:
        """The step that was undone last, again."""
        if not self.future:
            return self._refused("There is nothing to redo.")
        return replace(
            self, state=self.future[0], past=(*self.past, self.state), future=self.future[1:], message=""
        )

    def discard(self) -> Draft:
        """Back to how it was begun or last saved; undo brings the changes back."""
        if not self.is_changed:
            return self._refused("There is nothing to discard.")
        past = (*self.past, self.state)[-HISTORY_KEPT:]
        return replace(self, state=self.origin, past=past, future=(), message="")

    # -- to and from options ----------------------------------------------------------------

    def to_option(self, name: str = "", *, author: str = "", rationale: str = "") -> FootprintOption:
        """The drawing as an option, not saved yet; its parent is the option it was begun from."""
        used = set(self.state.assignment.values())
        return FootprintOption(
            id="",
            name=name or self.name,
            geography=self.geography,
            assignment=self.state.assignment,
            footprint_names={one: text for one, text in self.state.names.items() if one in used},
            author=author,
            rationale=rationale,
            parent_id=self.parent_id,
            seed=None if self.is_changed else self.seed,
            made_by="drawn" if self.is_changed else self.made_by,
        )

    def saved_as(self, option: FootprintOption) -> Draft:
        """The same drawing, now unchanged against the option it was saved as."""
        return replace(
            self,
            origin=self.state,
            name=option.name,
            parent_id=option.id,
            made_by=option.made_by,
            seed=option.seed,
            message="",
        )

    # -- inside -----------------------------------------------------------------------------

    def _movable(self, area_codes: Iterable[str]) -> tuple[frozenset[str], str]:
        wanted = frozenset(area_codes)
        unknown = sorted(wanted - self.area_codes)
        if unknown:
            raise OptionError(f"These areas are not on the map: {names_in_words(unknown)}.")
        held = [code for code in wanted if self.state.assignment.get(code) in self.state.locked]
        if not held:
            return wanted, ""
        owners = sorted({self._name(self.state.assignment[code]) for code in held})
        stay = "area stays" if len(held) == 1 else "areas stay"
        lock = "is" if len(owners) == 1 else "are"
        return wanted - frozenset(
            held
        ), f"{len(held)} {stay} in {names_in_words(owners)}, which {lock} locked."

    def _step(
        self,
        *,
        assignment: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
        colours: Mapping[str, str] | None = None,
        locked: frozenset[str] | None = None,
    ) -> Draft:
        now = self.state
        new = DraftState(
            now.assignment if assignment is None else MappingProxyType(dict(assignment)),
            now.names if names is None else MappingProxyType(dict(names)),
            now.colours if colours is None else MappingProxyType(dict(colours)),
            now.locked if locked is None else locked,
        )
        if new == now:
            return replace(self, message="")
        return replace(self, state=new, past=(*self.past, now)[-HISTORY_KEPT:], future=(), message="")

    def _saying(self, message: str) -> Draft:
        return replace(self, message=message) if message else self

    def _refused(self, message: str) -> Draft:
        return replace(self, message=message)

    def _name(self, footprint_id: str) -> str:
        return self.state.names.get(footprint_id, footprint_id)

    def _require_footprint(self, footprint_id: str) -> None:
        if footprint_id not in self.state.names:
            raise OptionError(f"There is no footprint {footprint_id}: add it first.")


def new_draft(geography: str, area_codes: Iterable[str], n_footprints: int = 0) -> Draft:
    """An empty drawing with some empty footprints."""
    empty: Mapping[str, str] = MappingProxyType({})
    state = DraftState(empty, empty, empty, frozenset())
    draft = Draft(geography, frozenset(area_codes), state, state)
    for _ in range(n_footprints):
        draft = draft.add_footprint()
    return replace(draft, origin=draft.state, past=())


def draft_of(
    option: FootprintOption, area_codes: Iterable[str], colours: Mapping[str, str] | None = None
) -> Draft:
    """A drawing that begins as an option. Areas the option names that are not on the map are left out."""
    codes = frozenset(area_codes)
    ids = option.footprint_ids
    given = colours or {}
    state = DraftState(
        MappingProxyType({c: one for c, one in option.assignment.items() if c in codes}),
        MappingProxyType({one: option.footprint_name(one) for one in ids}),
        MappingProxyType({one: given.get(one, first_colour(i)) for i, one in enumerate(ids)}),
        frozenset(),
    )
    left_out = len(option.assignment) - len(state.assignment)
    verb = (
        "area of the option is not on the map and was"
        if left_out == 1
        else ("areas of the option are not on the map and were")
    )
    message = f"{left_out} {verb} left out." if left_out else ""
    return Draft(
        option.geography,
        codes,
        state,
        state,
        name=option.name,
        parent_id=option.id,
        made_by=option.made_by,
        seed=option.seed,
        message=message,
    )
