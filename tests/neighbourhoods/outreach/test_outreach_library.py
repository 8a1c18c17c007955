"""Saved plans of the bus come back as they were, with who and when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.outreach.edit_library import plan_of, save_outreach, saved_outreach
from neighbourhoods.outreach.own_stop import OwnStop
from neighbourhoods.outreach.plan import FixedVisit, ForbiddenRoad, StopWindow
from tests.neighbourhoods.outreach.toy_outreach import toy_params, toy_plan


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_workspace(tmp_path / "workspace")


def test_a_saved_plan_comes_back_as_it_was(store: Store) -> None:
    params = toy_params(
        fixed=(FixedVisit("venue:ash", "advice", 0, 550),),
        windows=(StopWindow("venue:ash", -1, 540, 720),),
        forbidden_roads=(ForbiddenRoad(600.0, 600.0),),
        forbidden_drives=(("venue:ash", "library:elm"),),
        own_stops=(OwnStop("own:1-2", "Green", 1.0, 2.0, permission="yes", author="Ann"),),
        stop_needs=("toilets",),
    )
    plan = replace(toy_plan(params=params), bound=float("nan"), gap=float("nan"))
    plan.visits.loc[0, "people"] = float("nan")
    save_outreach(store, "E06000014", plan, name=" Autumn ", author="Ann", rationale="Agreed", version=7)
    (saved,) = saved_outreach(store, "E06000014")
    assert (saved.name, saved.author, saved.rationale, saved.version) == ("Autumn", "Ann", "Agreed", 7)
    assert saved.created[:2] == "20"
    again = plan_of(saved)
    assert again.params == params
    for table in ("stops", "visits", "rounds", "areas"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(plan, table), check_dtype=False)
    assert (again.value, again.method) == (plan.value, plan.method)
    assert pd.isna(again.bound)


def test_plans_are_only_added_and_stand_newest_first_by_authority(store: Store) -> None:
    for name in ("First", "Second"):
        save_outreach(store, "E06000014", toy_plan(), name=name, author="Ann")
    save_outreach(store, "E08000035", toy_plan(), name="Other", author="Ann")
    assert [one.name for one in saved_outreach(store, "E06000014")] == ["Second", "First"]


@pytest.mark.parametrize(("name", "author"), [("", "Ann"), ("Autumn", " ")])
def test_a_plan_without_a_name_or_an_author_is_not_saved(store: Store, name: str, author: str) -> None:
    with pytest.raises(InputError, match="nothing was saved"):
        save_outreach(store, "E06000014", toy_plan(), name=name, author=author)
    assert saved_outreach(store, "E06000014") == ()


def test_a_plan_that_another_version_wrote_is_refused_by_name(store: Store) -> None:
    save_outreach(store, "E06000014", toy_plan(), name="Autumn", author="Ann")
    (saved,) = saved_outreach(store, "E06000014")
    broken = replace(saved, document={**saved.document, "visits": [{"week": 0}]})
    with pytest.raises(InputError, match="Autumn"):
        plan_of(broken)
