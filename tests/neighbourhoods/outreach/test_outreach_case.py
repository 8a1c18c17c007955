"""The business case of a plan made by hand: sums in the test, nothing known from nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from geodata.errors import InputError
from neighbourhoods.outreach.case import (
    ASSUMPTIONS,
    OUTSIDE,
    CaseValues,
    business_case,
    cost_by_ward,
    people_in_need,
    people_served,
    sensitivity,
)
from tests.neighbourhoods.outreach.toy_outreach import toy_fortnight, toy_plan
from tests.neighbourhoods.toy_study import toy_study

VALUES = CaseValues(
    vehicle_gbp_year=10_000,
    driver_gbp_hour=20,
    staff_gbp_hour=30,
    n_staff=2,
    energy_gbp_km=0.5,
    weeks_year=50,
    uptake_share=0.1,
    contacts_per_person=4,
)


def test_a_year_is_the_sum_of_its_rounds() -> None:
    case = business_case(toy_plan(), VALUES)
    hours = (195 + 84) / 60 * 50
    assert case.vehicle_hours == pytest.approx(hours)
    assert case.staff_hours == pytest.approx(2 * hours)
    assert case.km == (18 + 10) * 50
    assert case.visits == 3 * 50
    cost = 10_000 + 20 * hours + 30 * 2 * hours + 0.5 * 28 * 50
    assert case.cost_gbp == pytest.approx(cost)
    served = 100 + 60 + 40
    assert (case.people_served, case.people_reached, case.contacts) == (served, served * 0.1, served * 0.4)
    assert case.gbp_per_visit == pytest.approx(cost / 150)
    assert case.gbp_per_person == pytest.approx(cost / 20)
    assert case.gbp_per_contact == pytest.approx(cost / 80)
    assert case.contacts_per_visit == pytest.approx(80 / 150)


def test_rounds_of_a_fortnight_run_half_as_often() -> None:
    case = business_case(toy_fortnight(), VALUES)
    assert case.vehicle_hours == pytest.approx((2 * 195 + 84) / 60 * 25)
    assert case.visits == 5 * 25


@pytest.mark.parametrize("name", list(ASSUMPTIONS))
def test_what_rests_on_an_unknown_is_unknown_and_the_rest_is_known(name: str) -> None:
    case = business_case(toy_plan(), replace(VALUES, **{name: float("nan")}))
    assert np.isnan(case.gbp_per_contact)
    assert np.isnan(case.km) == (name == "weeks_year")
    assert np.isnan(case.cost_gbp) == (name not in ("uptake_share", "contacts_per_person"))


def test_nobody_reached_has_no_cost_per_person() -> None:
    case = business_case(toy_plan(), replace(VALUES, uptake_share=0.0))
    assert case.people_reached == 0
    assert np.isnan(case.gbp_per_person)


def test_assumptions_are_complete_and_values_outside_them_refused() -> None:
    assert [one.name for one in fields(CaseValues)] == list(ASSUMPTIONS)
    for one in ASSUMPTIONS.values():
        assert one.label
        assert one.unit
        assert one.why
        assert 0 < one.first <= one.most
        for wrong in (-0.01, one.most * 1.01):
            with pytest.raises(InputError, match="cannot be"):
                CaseValues(**{one.id: wrong})
        CaseValues(**{one.id: one.most})


def test_sensitivity_moves_one_assumption_at_a_time_the_most_first() -> None:
    plan = toy_plan()
    table = sensitivity(plan, VALUES)
    assert set(table.index) == set(ASSUMPTIONS)
    assert table["swing"].is_monotonic_decreasing
    now = business_case(plan, VALUES)
    uptake = table.loc["uptake_share"]
    assert (uptake["low"], uptake["high"]) == (pytest.approx(0.075), pytest.approx(0.125))
    assert uptake["at_low"] == pytest.approx(now.gbp_per_contact / 0.75)
    assert uptake["at_high"] == pytest.approx(now.gbp_per_contact / 1.25)
    vehicle = table.loc["vehicle_gbp_year"]
    assert vehicle["at_high"] - now.gbp_per_contact == pytest.approx(2_500 / now.contacts)
    full = sensitivity(plan, replace(VALUES, uptake_share=0.9))
    assert full.loc["uptake_share", "high"] == 1.0  # a share is never more


def test_need_and_service_are_summed_over_sessions_and_unknown_stays_unknown() -> None:
    plan = toy_plan()
    assert (people_in_need(plan), people_served(plan)) == (400, 200)
    gone = replace(plan, areas=plan.areas * np.nan)
    assert np.isnan(people_served(gone))


def test_wards_share_the_cost_by_the_minutes_that_the_bus_stands_there(
    tmp_path: Path, toy_town: gpd.GeoDataFrame
) -> None:
    study, plan = toy_study(tmp_path, toy_town), toy_plan()
    case = business_case(plan, VALUES)
    table = cost_by_ward(study, plan, case)
    # Ash Hall stands in A (two visits of an hour), Elm Library in E (one)
    assert table["area_name"].to_dict() == {"A": "Ash", "E": "Elm"}
    assert table["hours"].to_dict() == {"A": 2.0, "E": 1.0}
    assert table["cost_gbp"].sum() == pytest.approx(case.cost_gbp)
    assert table.loc["A", "cost_gbp"] == pytest.approx(case.cost_gbp * 2 / 3)
    away = replace(
        plan, stops=plan.stops.assign(x=plan.stops["x"].where(plan.stops.index != "library:elm", 9e4))
    )
    assert set(cost_by_ward(study, away, case)["area_name"]) == {"Ash", OUTSIDE}
