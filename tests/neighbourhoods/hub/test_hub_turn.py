"""What the next click would do is what it does: every turn against the plan that it leads to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geodata.workspace import open_workspace
from neighbourhoods.hub.change import reach_change
from neighbourhoods.hub.ground import HubGround, hub_ground
from neighbourhoods.hub.params import HubParams
from neighbourhoods.hub.turn import turn_changes, turned_minutes
from neighbourhoods.study.study import Study

LIBRARIES = HubParams(("library",), 3)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("turns")))


@pytest.fixture(scope="module")
def ground(study: Study) -> HubGround:
    """Libraries of the sample, some not to be reached from everywhere, two of them at one spot."""
    whole = hub_ground(study, LIBRARIES)
    minutes = whole.minutes.copy()
    minutes[:, 1] = minutes[:, 0]
    minutes[np.random.default_rng(4).random(minutes.shape) < 0.1] = np.nan
    minutes[3] = np.nan  # from here nobody reaches any
    return replace(whole, minutes=minutes)


def turn(now: set[str], one: str) -> set[str]:
    return now ^ {one}


@pytest.mark.parametrize("seed", range(6))
def test_minutes_after_any_turn_are_those_to_the_hubs_that_are_open_then(
    ground: HubGround, seed: int
) -> None:
    random, ids = np.random.default_rng(seed), [str(one) for one in ground.places.index]
    now = set(random.choice(ids, random.integers(1, len(ids)), replace=False).tolist())
    turned = turned_minutes(ground, now)
    for row, one in enumerate(ids):
        after = turn(now, one)
        if after:
            expected = ground.reach(LIBRARIES, after).minutes
            np.testing.assert_array_equal(turned[:, row], expected)
        else:
            assert np.isnan(turned[:, row]).all()


def test_from_no_hub_at_all_adding_one_leads_to_its_own_journeys(ground: HubGround) -> None:
    np.testing.assert_array_equal(turned_minutes(ground, ()), ground.minutes.astype(float))


@pytest.mark.parametrize("seed", range(4))
def test_gains_and_losses_of_any_turn_are_to_the_last_bit_those_of_the_change_itself(
    study: Study, seed: int
) -> None:
    ground = hub_ground(study, LIBRARIES)
    random, ids = np.random.default_rng(seed), [str(one) for one in ground.places.index]
    plan = random.choice(ids, 4, replace=False).tolist()
    now = set(random.choice(ids, 5, replace=False).tolist())
    before = ground.reach(LIBRARIES, plan)
    told = turn_changes(study, ground, before, now)
    for row, one in enumerate(ids):
        frame = reach_change(study, before, ground.reach(LIBRARIES, turn(now, one)))
        for column, said in (
            ("people", told.people),
            ("people_who_gain", told.gain[row]),
            ("people_who_lose", told.lose[row]),
            ("minutes", told.minutes[row]),
        ):
            np.testing.assert_array_equal(frame[column].to_numpy(), said)


def test_closing_the_only_hub_changes_nothing_since_such_a_plan_cannot_be_counted(study: Study) -> None:
    ground = hub_ground(study, LIBRARIES)
    only = str(ground.places.index[0])
    before = ground.reach(LIBRARIES, [only])
    told = turn_changes(study, ground, before, [only])
    assert told.gain[0].sum() == told.lose[0].sum() == 0
    assert not told.minutes[0].any()
    assert told.gain[1:].sum() > 0
