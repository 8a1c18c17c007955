"""The command `scenarios` as a script meets it: stable keys, and one line for every fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import main
from commands.assumption import parse_assumptions
from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.hub.library import save_plan
from neighbourhoods.hub.params import HubParams
from neighbourhoods.hub.siting import suggest_hubs
from neighbourhoods.scenario.measure import MEASURES
from neighbourhoods.study.study import Study


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli_scenarios") / "workspace"
    study = Study(open_workspace(folder))
    save_plan(study.store, suggest_hubs(study, HubParams(("library",), 3)), name="Three")
    return folder


def answer(capsys: pytest.CaptureFixture[str], sample: Path, *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert main(["scenarios", *arguments, "--workspace", str(sample), "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_scenarios_are_saved_shown_compared_renamed_and_removed(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    libraries = [one for one in Study(open_workspace(sample)).places().index if one.startswith("library")]
    first = answer(capsys, sample, "save", "--name", "By plan", "--hubs", "Three", "--author", "Ann")
    answer(capsys, sample, "save", "--name", "By hand", "--hubs", ",".join(libraries[:2]))
    rows = answer(capsys, sample, "list")["scenarios"]
    assert [row["name"] for row in rows] == ["By hand", "By plan"]  # type: ignore[attr-defined]
    assert set(rows[1]) == {  # type: ignore[index]
        *("id", "name", "author", "created", "rationale", "option_id", "hub_plan_id", "hubs", "rule", "bus"),
        "gone",
    }
    shown = answer(
        capsys, sample, "show", "By hand", "--assume", "running_gbp_year=1000", "--close", libraries[0]
    )
    assert shown["figures"]["cost_gbp"] == 2_000  # type: ignore[index]
    assert shown["change"]["need_newly_near"] == 0  # type: ignore[index]
    unknown = answer(capsys, sample, "show", "By hand", "--assume", "running_gbp_year=")
    assert unknown["figures"]["cost_gbp"] is None  # type: ignore[index]
    found = answer(capsys, sample, "compare", "By plan", "By hand")
    contest = {row["measure_id"]: row for row in found["contest"]}  # type: ignore[attr-defined]
    assert set(contest) == {one.id for one in MEASURES}
    assert contest["cost_gbp"]["winner"] == "By hand"
    assert contest["need_share"]["winner"] == "By plan"
    answer(capsys, sample, "rename", "By hand", "--name", "Two")
    answer(capsys, sample, "remove", str(first["id"]))
    assert [r["name"] for r in answer(capsys, sample, "list")["scenarios"]] == ["Two"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "None"), "no saved scenario"),
        (("compare", "None"), "no saved scenario"),
        (("save", "--name", "X", "--hubs", "library:1,library:2"), "no place"),
        (("save", "--name", "X", "--hubs", "Three", "--bus-run", "nothing"), "run"),
        (("save", "--name", "X", "--hubs", "Three", "--bus-plan", "nothing"), "no saved plan of the bus"),
        (("suggest", "--kind", "library", "--depot", "none"), ""),
        (("suggest", "--kind", "library", "--depot", "none", "--hours", "9"), "HH:MM-HH:MM"),
        (("suggest", "--kind", "library", "--depot", "none", "--assume", "x=1"), "no assumption"),
    ],
)
def test_a_fault_is_one_message_and_exit_status_2(
    sample: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    capsys.readouterr()
    assert main(["scenarios", *arguments, "--workspace", str(sample)]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_an_assumption_is_a_number_or_not_known() -> None:
    hubs, case = parse_assumptions(["running_gbp_year=10", "driver_gbp_hour="])
    assert hubs.running_gbp_year == 10
    assert case.driver_gbp_hour != case.driver_gbp_hour  # NaN
    with pytest.raises(InputError, match="NAME=NUMBER"):
        parse_assumptions(["running_gbp_year=ten"])
