"""The commands `outreach book` and `outreach bookings` as a script meets them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli import main
from geodata.workspace import open_workspace
from neighbourhoods.outreach.edit_library import save_outreach
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.study.study import Study
from tests.neighbourhoods.outreach.toy_outreach import toy_fortnight, toy_plan

NEXT_MONDAY = date.today() + timedelta(days=7 - date.today().weekday())


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    study = Study(open_workspace(tmp_path / "workspace"))
    plans: dict[str, OutreachPlan] = {"Autumn": toy_plan(), "Fortnight": toy_fortnight()}
    for name, plan in plans.items():
        save_outreach(study.store, study.authority_code, plan, name=name, author="Ann")
    return tmp_path / "workspace"


def run(capsys: pytest.CaptureFixture[str], sample: Path, *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert main(["outreach", *arguments, "--workspace", str(sample), "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_hours_are_booked_listed_and_given_back(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hours = ("--from", "15:00", "--until", "17:00")
    weekly = run(capsys, sample, "book", "Autumn", "--day", "mon", *hours, "--group", "Ash Scouts")
    assert set(weekly) == {"authority", "plan_id", "booking"}
    once = run(
        capsys,
        sample,
        *("book", "Autumn", "--date", (NEXT_MONDAY + timedelta(days=1)).isoformat()),
        *("--from", "18:00", "--until", "20:00", "--group", "Oak Club", "--author", "Bea"),
    )
    rows = run(capsys, sample, "bookings", "list", "Autumn")["bookings"]
    assert [row["group"] for row in rows] == ["Ash Scouts", "Oak Club"]  # type: ignore[attr-defined]
    assert rows == [weekly["booking"], once["booking"]]
    assert (rows[1]["day"], rows[1]["author"], rows[0]["on_date"]) == (1, "Bea", "")  # type: ignore[index]
    booking_id = str(rows[0]["id"])  # type: ignore[index]
    assert run(capsys, sample, "bookings", "cancel", "Autumn", booking_id)["cancelled"] == booking_id
    left = run(capsys, sample, "bookings", "list", "Autumn")["bookings"]
    assert left == [once["booking"]]


def test_a_date_of_a_fortnight_lies_in_the_week_that_is_counted_from_the_first_day(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = (NEXT_MONDAY + timedelta(days=7)).isoformat()
    given = ("book", "Fortnight", "--date", second, "--from", "15:00", "--until", "17:00", "--group", "Club")
    found = run(capsys, sample, *given, "--first-day", NEXT_MONDAY.isoformat())
    assert found["booking"]["week"] == 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("book", "None", "--day", "mon", "--group", "A"), "no saved plan of the bus"),
        (("book", "Autumn", "--day", "Monday", "--group", "A", "--from", "10:00"), "on a round"),
        (("book", "Autumn", "--day", "xyz", "--group", "A"), "no day"),
        (("book", "Autumn", "--date", "4.12.2030", "--group", "A"), "YYYY-MM-DD"),
        (("book", "Autumn", "--date", "2099-01-05", "--group", "A"), "outside the weeks of the plan"),
        (("book", "Fortnight", "--date", NEXT_MONDAY.isoformat(), "--group", "A"), "--first-day"),
        (("book", "Autumn", "--day", "mon", "--week", "2", "--group", "A"), "1 week"),
        (("bookings", "cancel", "Autumn", "none"), "not there any more"),
        ((), "--hubs, --depot"),
    ],
)
def test_a_fault_is_one_message_and_exit_status_2(
    sample: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    capsys.readouterr()
    hours: tuple[str, ...] = ()
    if "book" in arguments:
        hours = ("--until", "17:00", *(() if "--from" in arguments else ("--from", "15:00")))
    assert main(["outreach", *arguments, *hours, "--workspace", str(sample)]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert len(said.strip().splitlines()) == 1
