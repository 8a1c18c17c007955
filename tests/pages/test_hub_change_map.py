"""What is sent ahead of every next click under What if is, word for word, what the server says after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geodata.workspace import open_workspace
from neighbourhoods.hub.change import reach_change
from neighbourhoods.hub.ground import HubGround, hub_ground
from neighbourhoods.hub.params import HubParams, HubPlan
from neighbourhoods.hub.turn import turn_changes
from neighbourhoods.study.study import Study
from pages.components import hub_change_map
from pages.components.area_map_state import MapState, state_content
from pages.components.area_map_turn import Turns
from pages.components.hub_change_map import (
    HINT,
    KINDS,
    NO_HUB,
    TURNED,
    can_be_ahead,
    change_map_state,
    change_words,
    next_turns,
    place_points,
    status_words,
)

LIBRARIES = HubParams(("library",), 3)
BY_AREA = ("people", "people_who_gain", "people_who_lose", "minutes")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("change_map")))


@pytest.fixture(scope="module")
def ground(study: Study) -> HubGround:
    return hub_ground(study, LIBRARIES)


def plan_of(chosen: Collection[str]) -> HubPlan:
    none = pd.DataFrame()
    return HubPlan(LIBRARIES, tuple(chosen), 1.0, 1.0, 0.0, True, 9, "", 0.0, none, none)


def server_state(study: Study, ground: HubGround, plan: HubPlan, now: Collection[str]) -> MapState:
    """The map as the server makes it of hubs that are open now."""
    before = ground.reach(LIBRARIES, plan.chosen)
    change = reach_change(study, before, ground.reach(LIBRARIES, now or plan.chosen))
    close, add = [o for o in plan.chosen if o not in now], [o for o in now if o not in plan.chosen]
    free = set(map(str, ground.places.index)) - set(plan.chosen)
    said = status_words(plan, now, *(change[one].to_numpy() for one in BY_AREA))
    return change_map_state(study, "ward", change, place_points(ground.places, plan, close, add, free), said)


@pytest.mark.parametrize("seed", range(5))
def test_words_colours_and_symbol_of_every_next_click_are_those_of_the_server_after_it(
    study: Study, ground: HubGround, seed: int
) -> None:
    random, ids = np.random.default_rng(seed), [str(one) for one in ground.places.index]
    plan = plan_of(random.choice(ids, 3, replace=False).tolist())
    # no change, a few, or one hub that is left, which can be closed
    now = (set(plan.chosen), set(random.choice(ids, 5, replace=False).tolist()), {ids[2]})[seed % 3]
    here = server_state(study, ground, plan, now)
    changes = turn_changes(study, ground, ground.reach(LIBRARIES, plan.chosen), now)
    turns = next_turns(study, "ward", plan, ids, now, changes)
    for row, one in enumerate(ids):
        after = server_state(study, ground, plan, now ^ {one})
        assert turns.said[row] == after.status
        assert turns.fills[row] == after.fill_by_area
        kinds = list(here.point_kinds)
        kinds[row] = turns.kinds[kinds[row]]
        assert tuple(kinds) == after.point_kinds
    assert len(set(turns.said)) > len(ids) / 2


def test_a_turn_that_leads_back_to_the_plan_or_to_no_hub_is_said_as_the_server_says_it(
    study: Study, ground: HubGround
) -> None:
    ids = [str(one) for one in ground.places.index]
    plan = plan_of(ids[:1])
    before = ground.reach(LIBRARIES, plan.chosen)
    turns = next_turns(study, "ward", plan, ids, ids[:1], turn_changes(study, ground, before, ids[:1]))
    assert turns.said[0] == NO_HUB
    back = next_turns(study, "ward", plan, ids, ids[:2], turn_changes(study, ground, before, ids[:2]))
    assert back.said[1] == HINT
    none = next_turns(study, "ward", plan, ids, (), turn_changes(study, ground, before, ()))
    assert none.said[0] == HINT


def test_a_sentence_counts_who_gains_who_loses_and_means_over_people() -> None:
    people, minutes = np.array([100.0, 300.0, 0.0]), np.array([-8.0, 4.0, np.nan])
    said = change_words(people, np.array([60.0, 0, 0]), np.array([0, 1_200.0, 0]), minutes)
    assert said == (
        "60 people have a shorter journey and 1,200 a longer one; the mean journey is 1.0 minutes longer."
    )
    assert change_words(people, people, people, np.array([3.0, -1.0, np.nan])).endswith("is as long.")


def test_each_kind_turns_into_another_and_back() -> None:
    pairs = {KINDS[i].label: KINDS[j].label for i, j in enumerate(TURNED)}
    assert pairs == {"Hub": "Closed", "Closed": "Hub", "Could be a hub": "Added", "Added": "Could be a hub"}


def test_places_that_cannot_be_added_are_drawn_and_no_click_finds_them(ground: HubGround) -> None:
    ids = [str(one) for one in ground.places.index]
    drawn = place_points(ground.places, plan_of(ids[:1]), (), (), free={ids[2]})
    assert [point.id for point in drawn["points"][:4]] == [ids[0], "", ids[2], ""]
    labels = [drawn["kinds"][one].label for one in drawn["point_kinds"]]
    assert labels[:4] == ["Hub", "Not open at that hour", "Could be a hub", "Not open at that hour"]
    assert len(labels) == len(drawn["points"]) == len(ids)


def test_with_very_many_places_the_server_says_it_after_the_click(ground: HubGround) -> None:
    assert can_be_ahead(ground)
    assert not can_be_ahead(replace(ground, minutes=np.zeros((2, 500), dtype=np.float32)))
    many = np.broadcast_to(np.float32(0), (100_000, 60))
    assert not can_be_ahead(replace(ground, minutes=many))


def test_where_colours_would_make_the_message_long_only_sentences_go_ahead(
    study: Study, ground: HubGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [str(one) for one in ground.places.index]
    changes = turn_changes(study, ground, ground.reach(LIBRARIES, ids[:2]), ids[:2])
    whole = next_turns(study, "ward", plan_of(ids[:2]), ids, ids[:2], changes)
    n_words = sum(map(len, whole.said))
    monkeypatch.setattr(hub_change_map, "MOST_CHARACTERS", n_words)
    short = next_turns(study, "ward", plan_of(ids[:2]), ids, ids[:2], changes)
    assert short.said == whole.said
    assert whole.fills
    assert short.fills == ()


def test_what_goes_ahead_travels_as_one_character_an_area() -> None:
    state = MapState(status="As it is.", turns=Turns((1, 0), ("One.", "Two."), ((0, -1), (2, 1)), "Do."))
    sent = state_content(state, life="", seen=0, tips=None, points=None)
    assert sent["status"] == "As it is."
    assert sent["turns"] == {"kinds": "10", "said": ["One.", "Two."], "fills": ["0-", "21"], "hint": "Do."}
    plain = state_content(MapState(), life="", seen=0, tips=None, points=None)
    assert "turns" not in plain
    assert "status" not in plain
