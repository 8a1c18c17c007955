"""Drawing: whatever is done and undone, every area is in one footprint or openly in none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import OptionError
from neighbourhoods.option.draft import Draft, draft_of, new_draft
from neighbourhoods.option.option import FootprintOption

AREAS = tuple("ABCDEF")


def fresh() -> Draft:
    """Six areas, footprints A and B, nothing assigned."""
    return new_draft("ward", AREAS, n_footprints=2)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("assign"), st.sets(st.sampled_from(AREAS)), st.sampled_from("AB")),
        st.tuples(st.just("unassign"), st.sets(st.sampled_from(AREAS))),
        st.tuples(st.just("lock"), st.sampled_from("AB")),
        st.tuples(st.just("unlock"), st.sampled_from("AB")),
        st.tuples(st.just("rename"), st.sampled_from("AB"), st.text(max_size=5)),
        st.tuples(st.just("recolour"), st.sampled_from("AB"), st.sampled_from(["#000000", "#FFFFFF"])),
        st.tuples(st.just("add")),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
    ),
    max_size=25,
)


def take(draft: Draft, step: tuple) -> Draft:
    match step:
        case ("assign", areas, one):
            return draft.assign(areas, one)
        case ("unassign", areas):
            return draft.unassign(areas)
        case ("lock", one):
            return draft.lock(one)
        case ("unlock", one):
            return draft.lock(one, locked=False)
        case ("rename", one, name):
            return draft.rename(one, name)
        case ("recolour", one, colour):
            return draft.recolour(one, colour)
        case ("add",):
            return draft.add_footprint()
        case ("undo",):
            return draft.undo()
        case _:
            return draft.redo()


@given(steps)
def test_every_area_is_in_exactly_one_place_always(done: list[tuple]) -> None:
    draft = fresh()
    for step in done:
        draft = take(draft, step)
        assert set(draft.assignment) | draft.unassigned == set(AREAS)
        assert not set(draft.assignment) & draft.unassigned
        assert set(draft.assignment.values()) <= set(draft.footprint_ids)


@given(steps)
def test_undo_then_redo_gives_the_same(done: list[tuple]) -> None:
    draft = fresh()
    for step in done:
        draft = take(draft, step)
    if draft.can_undo:
        assert draft.undo().redo() == draft


@given(steps)
def test_undoing_everything_leads_back_to_the_beginning(done: list[tuple]) -> None:
    draft = fresh()
    for step in done:
        draft = take(draft, step)
    while draft.can_undo:
        draft = draft.undo()
    assert draft.state == fresh().state
    assert not draft.is_changed


@given(steps, st.sets(st.sampled_from(AREAS), min_size=1), st.sampled_from("AB"))
def test_locked_footprint_neither_loses_nor_gains_areas(done: list[tuple], areas: set[str], one: str) -> None:
    draft = fresh()
    for step in done:
        draft = take(draft, step)
    draft = draft.lock("A")
    held = {code for code, owner in draft.assignment.items() if owner == "A"}
    after = draft.assign(areas, one).unassign(areas)
    assert {code for code, owner in after.assignment.items() if owner == "A"} == held


@given(st.permutations([({"A", "B"}, "A"), ({"C"}, "B"), ({"D", "E"}, "A"), ({"F"}, "B")]))
def test_order_of_independent_assigns_does_not_matter(order: list[tuple[set[str], str]]) -> None:
    draft = fresh()
    for areas, one in order:
        draft = draft.assign(areas, one)
    assert dict(draft.assignment) == {"A": "A", "B": "A", "C": "B", "D": "A", "E": "A", "F": "B"}


def test_area_moves_when_it_is_assigned_again() -> None:
    draft = fresh().assign(["A"], "A").assign(["A"], "B")
    assert dict(draft.assignment) == {"A": "B"}


def test_a_step_leaves_the_draft_it_was_taken_from_as_it_was() -> None:
    before = fresh()
    before.assign(["A"], "A")
    assert before.unassigned == set(AREAS)


def test_locked_footprint_refuses_with_a_reason() -> None:
    draft = fresh().rename("A", "North").assign(["A"], "A").lock("A")
    refused = draft.assign(["B"], "A")
    assert refused.message == "North is locked: unlock it to add areas."
    assert refused.state == draft.state
    kept = draft.assign(["A", "B"], "B")
    assert kept.message == "1 area stays in North, which is locked."
    assert dict(kept.assignment) == {"A": "A", "B": "B"}
    assert draft.remove_footprint("A").message.startswith("North is locked")


def test_step_that_changes_nothing_is_not_kept() -> None:
    draft = fresh().assign(["A"], "A")
    assert draft.assign(["A"], "A").past == draft.past


def test_new_step_after_undo_forgets_what_was_undone() -> None:
    draft = fresh().assign(["A"], "A").undo().assign(["B"], "B")
    assert not draft.can_redo
    assert draft.redo().message == "There is nothing to redo."


def test_two_footprints_do_not_share_a_name() -> None:
    draft = fresh().rename("A", "North")
    assert draft.rename("B", " North ").message == "There is a footprint called North already."
    assert draft.rename("B", "  ").message == "A footprint needs a name."


def test_footprints_are_lettered_and_a_gap_is_filled() -> None:
    draft = fresh().add_footprint()
    assert draft.footprint_ids == ("A", "B", "C")
    assert draft.remove_footprint("B").add_footprint().footprint_ids == ("A", "C", "B")
    for _ in range(24):
        draft = draft.add_footprint()
    assert draft.footprint_ids[-2:] == ("Z", "A2")


def test_removing_a_footprint_leaves_its_areas_unassigned() -> None:
    draft = fresh().assign(["A", "B"], "A").remove_footprint("A")
    assert draft.unassigned == set(AREAS)


def test_unknown_area_footprint_or_colour_is_an_error() -> None:
    with pytest.raises(OptionError, match="X"):
        fresh().assign(["X"], "A")
    with pytest.raises(OptionError, match="Z"):
        fresh().assign(["A"], "Z")
    with pytest.raises(OptionError, match="#12436D"):
        fresh().recolour("A", "red")


def test_option_goes_into_a_draft_and_out_again_the_same() -> None:
    option = FootprintOption(
        "id7", "Now", "ward", {"A": "N", "B": "N", "C": "S"}, footprint_names={"N": "North"}
    )
    draft = draft_of(option, AREAS)
    out = draft.to_option(author="JB", rationale="as now")
    assert dict(out.assignment) == dict(option.assignment)
    assert out.footprint_names["N"] == "North"
    assert (out.name, out.parent_id, out.id, out.author) == ("Now", "id7", "", "JB")
    assert not draft.is_changed


def test_areas_of_an_option_that_are_not_on_the_map_are_left_out_and_counted() -> None:
    draft = draft_of(FootprintOption("", "Old", "ward", {"A": "N", "X": "N"}), AREAS)
    assert dict(draft.assignment) == {"A": "N"}
    assert draft.message == "1 area of the option is not on the map and was left out."


def test_saving_makes_a_draft_unchanged_and_keeps_its_history() -> None:
    draft = fresh().assign(["A"], "A")
    assert draft.is_changed
    saved = draft.saved_as(FootprintOption("id1", "First", "ward", draft.assignment))
    assert not saved.is_changed
    assert saved.undo().is_changed
    assert (saved.name, saved.parent_id) == ("First", "id1")


def test_discarding_goes_back_to_the_beginning_and_can_be_undone() -> None:
    draft = new_draft("ward", ["a", "b"], 2)
    changed = draft.assign(["a"], "A").rename("B", "East")
    discarded = changed.discard()
    assert discarded.state == draft.state
    assert not discarded.is_changed
    assert discarded.undo().state == changed.state


def test_discarding_nothing_says_so() -> None:
    assert new_draft("ward", ["a"], 1).discard().message == "There is nothing to discard."
