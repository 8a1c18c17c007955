"""The library of options: nothing saved is lost, and it is said who decided what and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.option.draft import draft_of
from neighbourhoods.option.library import (
    option_versions,
    pin_option,
    pinned_option_id,
    restore_version,
    save_option,
    saved_option,
    saved_options,
    set_option_status,
    status_history,
    unpin_option,
)
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.report import change_words, options_json, versions_json
from neighbourhoods.option.version import OptionLine, line_of, option_lines, same_footprints
from neighbourhoods.study.study import Study

ACOMB, WESTFIELD = "E05010311", "E05010330"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(open_workspace(tmp_path / "workspace"))


def halves(study: Study, name: str = "Halves") -> FootprintOption:
    """York's wards by turns in two footprints."""
    codes = list(study.areas("ward").index)
    names = {"A": "West", "B": "East"}
    assignment = {code: "AB"[i % 2] for i, code in enumerate(codes)}
    return FootprintOption("", name, "ward", assignment, names, author="She", rationale="To begin with")


def moved(option: FootprintOption, code: str) -> FootprintOption:
    """A version made from a saved one in which one area is in the other footprint."""
    other = {"A": "B", "B": "A"}[option.assignment[code]]
    return option.with_changes(
        id="", created="", parent_id=option.id, assignment={**option.assignment, code: other}
    )


def test_versions_of_an_option_are_those_of_its_name_first_first(study: Study) -> None:
    first = save_option(study.store, halves(study))
    second = save_option(study.store, moved(first, ACOMB))
    other = save_option(study.store, moved(second, WESTFIELD).with_changes(name="Another"))
    for one in (first, second):
        assert [v.id for v in option_versions(study.store, one.id)] == [first.id, second.id]
    assert [v.id for v in option_versions(study.store, other.id)] == [other.id]
    assert [o.id for o in study.options()] == [other.id, second.id]


def test_restoring_saves_a_new_version_equal_to_the_old_and_loses_none(study: Study) -> None:
    first = save_option(study.store, halves(study))
    second = save_option(study.store, moved(first, ACOMB))
    set_option_status(study.store, second.id, "approved", "Cabinet", "Agreed")
    restored = restore_version(study.store, first.id, author="He", reason="Acomb objected.")
    assert same_footprints(restored, first)
    assert restored.assignment == first.assignment
    assert (restored.parent_id, restored.author, restored.status) == (second.id, "He", "draft")
    assert restored.rationale == f"Restores version 1 of {first.created[:10]}. Acomb objected."
    assert [v.id for v in option_versions(study.store, first.id)] == [first.id, second.id, restored.id]
    assert saved_option(study.store, second.id).status == "approved"
    (line,) = study.option_lines()
    assert line.equal_before(restored.id) == 1


def test_the_newest_version_cannot_be_restored(study: Study) -> None:
    first = save_option(study.store, halves(study))
    with pytest.raises(InputError, match="newest version of Halves already"):
        restore_version(study.store, first.id)
    assert len(saved_options(study.store)) == 1


def test_an_unknown_version_is_said(study: Study) -> None:
    for ask in (
        lambda: option_versions(study.store, "x"),
        lambda: restore_version(study.store, "x"),
        lambda: pin_option(study.store, "x"),
        lambda: set_option_status(study.store, "x", "approved", "She", "Agreed"),
        lambda: status_history(study.store, "x"),
    ):
        with pytest.raises(InputError, match="no option with the id 'x'"):
            ask()


def test_a_status_belongs_to_one_version_and_its_history_is_kept(study: Study) -> None:
    first = save_option(study.store, halves(study))
    set_option_status(study.store, first.id, "consulted", "She", "Asked in May")
    set_option_status(study.store, first.id, "approved", "Cabinet", "Agreed in June")
    second = save_option(study.store, moved(first, ACOMB).with_changes(status="draft"))
    found = status_history(study.store, first.id)
    assert [(one.status, one.author, one.reason) for one in found] == [
        ("draft", "She", "As saved."),
        ("consulted", "She", "Asked in May"),
        ("approved", "Cabinet", "Agreed in June"),
    ]
    assert [one.status for one in status_history(study.store, second.id)] == ["draft"]


def test_the_pinned_version_comes_first_also_when_it_is_not_the_newest(study: Study) -> None:
    first = save_option(study.store, halves(study))
    second = save_option(study.store, moved(first, ACOMB))
    other = save_option(study.store, halves(study, "Other"))
    assert [o.id for o in study.options()] == [other.id, second.id]
    pin_option(study.store, first.id)
    assert study.as_now_id == pinned_option_id(study.store) == first.id
    assert [o.id for o in study.options()] == [first.id, other.id, second.id]
    pin_option(study.store, second.id)
    assert [o.id for o in study.options()] == [second.id, other.id]
    unpin_option(study.store)
    assert study.as_now_id == ""
    assert [o.id for o in study.options()] == [other.id, second.id]


def test_pinning_keeps_the_study(study: Study) -> None:
    first = save_option(study.store, halves(study))
    before, known = study.store.version, study.profile("ward")
    pin_option(study.store, first.id)
    assert study.store.version == before
    assert study.profile("ward") is known


def test_a_version_says_which_areas_and_people_it_moved_and_what_it_renamed(study: Study) -> None:
    first = save_option(study.store, halves(study))
    renamed = moved(first, ACOMB).with_changes(footprint_names={"A": "West", "B": "Riverside"})
    second = save_option(study.store, renamed)
    change = study.version_change(first, second)
    people = study.population("ward")[ACOMB]
    assert (change.areas_that_move, change.people_who_move) == ((ACOMB,), people)
    assert change.renamed == (("East", "Riverside"),)
    assert (
        change_words(change, "ward", "wards")
        == f"1 ward moved, {people:,.0f} people; Riverside was called East."
    )
    assert change_words(study.version_change(first, first), "ward", "wards") == "Nothing changed."


def test_an_option_says_how_it_was_made(study: Study) -> None:
    codes = study.areas("ward").index
    generated = halves(study).with_changes(seed=7, made_by="generated")
    kept = draft_of(generated, codes).to_option()
    assert (kept.made_by, kept.seed) == ("generated", 7)
    changed = draft_of(generated, codes).assign([ACOMB], "B").to_option()
    assert (changed.made_by, changed.seed) == ("drawn", None)
    saved = save_option(study.store, changed)
    assert draft_of(saved, codes).to_option().made_by == "drawn"


def test_documents_carry_every_version_and_what_is_as_now(study: Study) -> None:
    first = save_option(study.store, halves(study))
    second = save_option(study.store, moved(first, ACOMB))
    pin_option(study.store, first.id)
    listed = options_json(study)["options"]
    assert isinstance(listed, list)
    assert [(o["id"], o["is_as_now"], o["n_versions"]) for o in listed] == [
        (first.id, True, 2),
        (second.id, False, 2),
    ]
    people = study.evaluate(first).footprints["population"]
    assert (listed[0]["smallest"], listed[0]["largest"]) == (people.min(), people.max())
    versions = versions_json(study, line_of(study.option_lines(), first.id))["versions"]
    assert isinstance(versions, list)
    assert [v["change"] and v["change"]["areas_that_move"] for v in versions] == [None, [ACOMB]]
    assert [v["is_newest"] for v in versions] == [False, True]


def test_an_option_is_found_by_any_versions_id_or_by_its_name_for_the_newest(study: Study) -> None:
    first = save_option(study.store, halves(study))
    second = save_option(study.store, moved(first, ACOMB))
    pin_option(study.store, first.id)
    for given_text, wanted in ((first.id, first), (second.id, second), ("Halves", second)):
        assert study.find_option(given_text) == wanted
    assert study.find_option("No such") is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 8)), max_size=9))
def test_every_version_is_in_exactly_one_option_in_the_order_of_saving(steps: list[tuple[str, int]]) -> None:
    options = [
        FootprintOption(str(i), name, "ward", {}, parent_id=str(parent) if parent < i else "")
        for i, (name, parent) in enumerate(steps)
    ]
    lines = option_lines(options[::-1])
    assert sorted(int(v.id) for line in lines for v in line.versions) == list(range(len(options)))
    for line in lines:
        assert {v.name for v in line.versions} == {line.name}
        assert [int(v.id) for v in line.versions] == sorted(int(v.id) for v in line.versions)
        ids = {v.id for v in line.versions}
        assert all(v.parent_id in ids for v in line.versions[1:])


def test_numbers_of_versions_count_from_one() -> None:
    line = OptionLine(tuple(FootprintOption(i, "A", "ward", {}) for i in "pq"))
    assert (line.number("p"), line.number("q"), line.newest.id) == (1, 2, "q")
    assert (line.before("p"), line.before("q")) == (None, line.versions[0])
