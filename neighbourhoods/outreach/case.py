"""What a bus costs and what comes of it, under assumptions that a council states.

Hours, kilometres and visits are read off the plan; prices and uptake are assumptions, each with a round
number to begin with that is nobody's figure. The mistake this prevents: a cost per person that looks
measured and rests on numbers that nobody has chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import pandas as pd
import shapely

from geodata.errors import InputError
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.timetable_week import close_minutes
from neighbourhoods.study.study import Study

SWING = 0.25
OUTSIDE = "Outside the wards"


@dataclass(frozen=True)
class CaseAssumption:
    """One number that the council sets.

    Parameters
    ----------
    id, label, unit : str
    first : float
        A round number to begin with; an assumption, not a finding.
    most : float
        No number above this is taken.
    why : str
        What it stands for.
    """

    id: str
    label: str
    unit: str
    first: float
    most: float
    why: str


ASSUMPTIONS: dict[str, CaseAssumption] = {
    record.id: record
    for record in (
        CaseAssumption(
            "vehicle_gbp_year",
            "One vehicle a year",
            "pounds",
            30_000.0,
            1_000_000.0,
            "Lease, or price over its life; insurance, tax, servicing, its place at the depot.",
        ),
        CaseAssumption(
            "driver_gbp_hour", "Driver an hour", "pounds", 18.0, 500.0, "With the employer's costs."
        ),
        CaseAssumption(
            "staff_gbp_hour", "Each of the staff an hour", "pounds", 25.0, 500.0, "With the employer's costs."
        ),
        CaseAssumption(
            "n_staff", "Staff on board besides the driver", "people", 1.0, 20.0, "On every round."
        ),
        CaseAssumption(
            "energy_gbp_km", "Energy a kilometre", "pounds", 0.30, 20.0, "Fuel or charging, heating among it."
        ),
        CaseAssumption(
            "weeks_year", "Weeks a year on the road", "weeks", 48.0, 52.0, "Less holidays and repairs."
        ),
        CaseAssumption(
            "uptake_share",
            "Of people served, who come in a year",
            "share",
            0.05,
            1.0,
            "Served means that a stop is near; most will not come. Put in what visits have shown.",
        ),
        CaseAssumption(
            "contacts_per_person", "Contacts a year with each", "contacts", 3.0, 365.0, "Visits each makes."
        ),
    )
}


@dataclass(frozen=True)
class CaseValues:
    """The assumptions as numbers; a field for each record of `ASSUMPTIONS`. NaN is not known."""

    vehicle_gbp_year: float = ASSUMPTIONS["vehicle_gbp_year"].first
    driver_gbp_hour: float = ASSUMPTIONS["driver_gbp_hour"].first
    staff_gbp_hour: float = ASSUMPTIONS["staff_gbp_hour"].first
    n_staff: float = ASSUMPTIONS["n_staff"].first
    energy_gbp_km: float = ASSUMPTIONS["energy_gbp_km"].first
    weeks_year: float = ASSUMPTIONS["weeks_year"].first
    uptake_share: float = ASSUMPTIONS["uptake_share"].first
    contacts_per_person: float = ASSUMPTIONS["contacts_per_person"].first

    def __post_init__(self) -> None:
        for one in fields(self):
            value, record = getattr(self, one.name), ASSUMPTIONS[one.name]
            if value < 0 or value > record.most:
                raise InputError(
                    f"{record.label}: {value:g} {record.unit} cannot be; give 0 to {record.most:,.10g}, or "
                    "leave it empty if it is not known."
                )


@dataclass(frozen=True)
class BusinessCase:
    """A year of the bus; NaN wherever an assumption that a figure rests on is not known.

    Parameters
    ----------
    visits, vehicle_hours, staff_hours, km : float
        A year; `vehicle_hours` from the depot back to it, which are the driver's, `staff_hours` of the staff
        besides.
    costs : Mapping of str to float
        Pounds a year: vehicle, driver, staff, energy.
    people_served : float
        People of need near a stop, by the plan; who is counted for two services is counted twice.
    people_reached, contacts : float
        Who comes, and how often together, a year.
    """

    n_vehicles: int
    visits: float
    vehicle_hours: float
    staff_hours: float
    km: float
    costs: Mapping[str, float]
    people_served: float
    people_reached: float
    contacts: float

    @property
    def cost_gbp(self) -> float:
        """Pounds a year."""
        return float(sum(self.costs.values()))

    @property
    def gbp_per_visit(self) -> float:
        """Cost of one visit of one stop."""
        return _over(self.cost_gbp, self.visits)

    @property
    def gbp_per_person(self) -> float:
        """Cost of each person reached in a year."""
        return _over(self.cost_gbp, self.people_reached)

    @property
    def gbp_per_contact(self) -> float:
        """Cost of each contact."""
        return _over(self.cost_gbp, self.contacts)

    @property
    def contacts_per_visit(self) -> float:
        """Contacts at one visit of one stop, on average."""
        return _over(self.contacts, self.visits)


def business_case(plan: OutreachPlan, values: CaseValues) -> BusinessCase:
    """A year of a plan under stated assumptions.

    Vehicle hours = hours of all rounds of a cycle / weeks of the cycle x weeks a year; staff hours = those x
    staff; cost = vehicles + (driver + staff) hours x wages + km x energy; people reached = people served x
    uptake; contacts = people reached x contacts each.
    """
    cycles = values.weeks_year / plan.params.n_weeks
    rounds = plan.rounds
    hours = float((rounds["return_minute"] - rounds["leave_minute"]).sum()) / 60 * cycles
    km = float(rounds["drive_km"].sum()) * cycles
    n_vehicles = int(rounds["vehicle"].nunique())
    staff_hours = hours * values.n_staff
    served = people_served(plan)
    reached = served * values.uptake_share
    return BusinessCase(
        n_vehicles,
        len(plan.visits) * cycles,
        hours,
        staff_hours,
        km,
        {
            "vehicle": n_vehicles * values.vehicle_gbp_year,
            "driver": hours * values.driver_gbp_hour,
            "staff": staff_hours * values.staff_gbp_hour,
            "energy": km * values.energy_gbp_km,
        },
        served,
        reached,
        reached * values.contacts_per_person,
    )


def people_served(plan: OutreachPlan) -> float:
    """People of need near a stop, summed over sessions; NaN where nobody knows of any area."""
    columns = [f"served_{one.id}" for one in plan.params.sessions]
    return float(plan.areas[columns].sum(min_count=1).sum(min_count=1))


def people_in_need(plan: OutreachPlan) -> float:
    """People of need who are far from every hub, summed over sessions; NaN where nobody knows of any area."""
    columns = [f"need_{one.id}" for one in plan.params.sessions]
    return float(plan.areas[columns].sum(min_count=1).sum(min_count=1))


def sensitivity(plan: OutreachPlan, values: CaseValues, measure: str = "gbp_per_contact") -> pd.DataFrame:
    """What a measure comes to when each assumption is a quarter less or more, the others as they are.

    Parameters
    ----------
    measure : str
        A property of `BusinessCase`.

    Returns
    -------
    DataFrame
        By assumption_id: label, low, high (of the assumption), at_low, at_high (of the measure), swing (their
        distance); the most first. An assumption that is no more than it can be (a share of 1) stays there.
    """
    rows = []
    for one in ASSUMPTIONS.values():
        value = float(getattr(values, one.id))
        low, high = value * (1 - SWING), min(value * (1 + SWING), one.most)
        at_low, at_high = (
            float(getattr(business_case(plan, replace(values, **{one.id: end})), measure))
            for end in (low, high)
        )
        rows.append((one.id, one.label, low, high, at_low, at_high, abs(at_high - at_low)))
    columns = ["assumption_id", "label", "low", "high", "at_low", "at_high", "swing"]
    frame = pd.DataFrame(rows, columns=columns).set_index("assumption_id")
    return frame.sort_values("swing", ascending=False, kind="stable", na_position="last")


def ward_of_stops(study: Study, plan: OutreachPlan) -> pd.Series:
    """Code of the ward that each stop of a plan stands in, by stop_id; empty where it is in none.

    Raises
    ------
    InputError
        When no outlines of wards are loaded.
    """
    if "ward" not in study.geographies:
        raise InputError("Outlines of wards are needed to say who funds; import them on the Data page.")
    wards = study.areas("ward")
    points = shapely.points(plan.stops[["x", "y"]].to_numpy(dtype=float))
    point, ward = shapely.STRtree(wards.geometry.to_numpy()).query(points, predicate="intersects")
    found = pd.Series("", index=plan.stops.index, dtype=object)
    first = pd.Series(ward, index=point).groupby(level=0).min()  # on a common border: the first of the two
    found.iloc[first.index.to_numpy(dtype=int)] = wards.index[first.to_numpy(dtype=int)].astype(str)
    return found


def cost_by_ward(study: Study, plan: OutreachPlan, case: BusinessCase) -> pd.DataFrame:
    """What falls to each ward, by the minutes that the bus is open there.

    Returns
    -------
    DataFrame
        By area_code: area_name, n_stops, visits (a cycle), hours (open, a cycle), share, cost_gbp (a year);
        the dearest first.

    Raises
    ------
    InputError
        As `ward_of_stops`.
    """
    ward = ward_of_stops(study, plan)
    visits = plan.visits.assign(
        ward=plan.visits["stop_id"].map(ward),
        minutes=(close_minutes(plan) - plan.visits["arrive_minute"]).astype(float),
    )
    groups = visits.groupby("ward", sort=True)
    minutes = groups["minutes"].sum()
    share = minutes / minutes.sum()
    names = study.areas("ward")["area_name"]
    frame = pd.DataFrame(
        {
            "area_name": [str(names.get(one, OUTSIDE)) for one in minutes.index],
            "n_stops": groups["stop_id"].nunique(),
            "visits": groups.size(),
            "hours": minutes / 60,
            "share": share,
            "cost_gbp": share * case.cost_gbp,
        }
    )
    ordered = frame.sort_values(["share", "area_name"], ascending=[False, True], kind="stable")
    return ordered.rename_axis("area_code")


def _over(total: float, parts: float) -> float:
    return total / parts if parts > 0 else float("nan")
