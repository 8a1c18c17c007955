"""The benchmarks' arithmetic and arguments; nothing here is timed."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as everything
from benchmarks import (
    app_server,
    import_files,
    load,
    outreach,
    page_start,
    rivals,
    rounds,
    siting,
    street,
    what_if,
)
from benchmarks.load import BackMsg, ForwardMsg
from benchmarks.workspace import Prepared, prepared_workspace
from geodata.store import Store
from geodata.street_graph import build_graph
from neighbourhoods.outreach.search import search_rounds
from neighbourhoods.siting.siting import site_hubs
from neighbourhoods.study.study import Study

NOWHERE = Path("/nowhere/at/all")
PREPARED = Prepared(Path("x"), ("one", "two"), "lsoa21", "made up")


def result(answered_ms: tuple[float, ...], n_sent: int) -> load.Result:
    return load.Result("draw", 1, answered_ms, n_sent, (), 0.0, 0.0, 0.0)


def map_message(n_seen: int) -> bytes:
    message = ForwardMsg()
    component = message.delta.new_element.component_instance
    component.id = "the-map"
    script = f'update({{"life":"x","seen":{n_seen}}})'
    settings = '{"geometryUrl":"../../app/static/geometry/geometry-0a1b.json"}'
    component.json_args = json.dumps({"script": settings, "feature_group": script})
    return message.SerializeToString()


def finished(status: int = ForwardMsg.FINISHED_SUCCESSFULLY) -> bytes:
    message = ForwardMsg()
    message.script_finished = status  # type: ignore[assignment]
    return message.SerializeToString()


def test_p95_of_a_hundred_answers_has_four_above_it() -> None:
    one = result(tuple(float(ms) for ms in range(1, 101)), 100)
    assert one.p95_ms == 96.0
    assert one.p50_ms == 51.0


def test_clicks_that_were_never_answered_are_not_left_out_of_p95() -> None:
    assert result((10.0,) * 99, 100).p95_ms == 10.0
    assert math.isinf(result((10.0,) * 90, 100).p95_ms)


def test_click_is_answered_by_the_end_of_the_run_that_has_seen_it() -> None:
    person = load.Person("draw", "", "x", sent_at={1: 10.0, 2: 10.1})
    person.hear(map_message(1), 10.2)
    assert person.answered_ms == {}
    person.hear(finished(), 10.25)
    assert person.answered_ms == pytest.approx({1: 250.0})
    person.hear(map_message(2), 10.5)
    person.hear(finished(ForwardMsg.FINISHED_EARLY_FOR_RERUN), 10.55)
    assert 2 not in person.answered_ms
    person.hear(finished(), 10.6)
    assert person.answered_ms == pytest.approx({1: 250.0, 2: 500.0})


def test_person_counts_every_byte_and_learns_the_map_and_its_outlines() -> None:
    person = load.Person("draw", "", "x")
    person.hear(map_message(0), 0.0)
    assert person.n_bytes == len(map_message(0))
    assert (person.map_id, person.geometry) == ("the-map", "geometry/geometry-0a1b.json")


def test_fault_on_the_page_is_an_error_of_the_benchmark() -> None:
    message = ForwardMsg()
    message.delta.new_element.exception.type = "KeyError"
    message.delta.new_element.exception.message = "E05010312"
    person = load.Person("draw", "", "x")
    person.hear(message.SerializeToString(), 0.0)
    assert person.errors == ["KeyError: E05010312"]


def test_click_sends_what_the_map_sends_to_the_page_it_is_on() -> None:
    navigation = ForwardMsg()
    navigation.navigation.page_script_hash = "draw-hash"
    person = load.Person("draw", "option=one", "x", map_id="the-map")
    person.hear(navigation.SerializeToString(), 0.0)
    back = BackMsg()
    back.ParseFromString(person.click(2, "E05010312"))
    rerun = back.rerun_script
    assert (rerun.page_script_hash, rerun.query_string) == ("draw-hash", "option=one")
    (widget,) = rerun.widget_states.widgets
    event = {"n": 2, "kind": "assign", "codes": ["E05010312"], "footprint": 2}
    assert (widget.id, json.loads(widget.json_value)) == ("the-map", {"life": "x", "events": [event]})


def test_click_on_explore_selects() -> None:
    back = BackMsg()
    back.ParseFromString(load.Person("explore", "", "x").click(1, "E05010312"))
    (widget,) = back.rerun_script.widget_states.widgets
    assert json.loads(widget.json_value)["events"] == [{"n": 1, "kind": "select", "codes": ["E05010312"]}]


def test_addresses_open_pages_on_the_same_areas() -> None:
    assert page_start.address("home", PREPARED) == ""
    assert page_start.address("compare", PREPARED) == "compare?options=one,two"
    assert page_start.address("draw", PREPARED) == f"draw?{load.query_of('draw', PREPARED)}"
    assert page_start.address("explore", PREPARED) == f"explore?{load.query_of('explore', PREPARED)}"


def test_median_start_takes_each_column_by_itself() -> None:
    starts = [
        page_start.Start(1, 9, 6, 3, 300),
        page_start.Start(2, 7, 4, 5, 100),
        page_start.Start(3, 8, 5, 4, 200),
    ]
    assert page_start.middle(starts) == page_start.Start(2, 8, 5, 4, 200)


def test_median_reading_keeps_the_count_of_rows() -> None:
    readings = [
        import_files.Reading(s, 106, 66_000, mb) for s, mb in ((7.0, 300.0), (12.0, 100.0), (8.0, 200.0))
    ]
    assert import_files.middle(readings) == import_files.Reading(8.0, 106, 66_000, 200.0)


def test_plain_reading_counts_rows_and_leaves_out_what_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,n\nE1,1\nE2,2\n")
    (tmp_path / "b.csv").write_bytes("name\nCaf\xe9\n".encode("cp1252"))
    (tmp_path / "c.txt").write_text("not read")
    reading = import_files.read_plainly(tmp_path)
    assert (reading.n_files, reading.n_rows) == (2, 3)


def test_missing_files_skip_what_needs_them_and_say_where_they_were_looked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    skipped = [n for n in everything.BENCHMARKS if everything.skip_reason(n, NOWHERE)]
    assert skipped == ["import_files", "enumerate", "ensemble"]
    assert everything.main(["import_files", "--data", str(NOWHERE)]) == 0
    assert f"Skipped: York's published files are not at {NOWHERE}" in capsys.readouterr().out


def test_unknown_benchmark_is_refused_with_the_names_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        everything.main(["lode"])
    assert "no benchmark is called lode; there are import_files" in capsys.readouterr().err


@pytest.mark.parametrize("name", everything.BENCHMARKS)
def test_every_benchmark_is_a_module_that_takes_the_arguments_it_is_given(name: str) -> None:
    command = everything.command(name, NOWHERE, NOWHERE)
    assert command[:3] == [sys.executable, "-m", f"benchmarks.{name}"]
    modules = {
        "import_files": import_files,
        "page_start": page_start,
        "load": load,
        "rivals": rivals,
        "what_if": what_if,
    }
    if name in modules:
        module = modules[name]
        assert module.parser().parse_args(command[3:]).data == NOWHERE
    else:
        assert command[3:] == (
            [] if name in ("rounds", "single_move", "siting", "siting_rival", "street") else [str(NOWHERE)]
        )


def test_own_memory_and_processor_time_are_read_where_the_system_tells() -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("this system has no /proc")
    assert 1 < app_server.memory_mb() <= app_server.memory_mb(peak=True)
    assert app_server.processor_s(os.getpid()) > 0


def test_memory_of_a_process_that_has_ended_is_not_known() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert math.isnan(app_server.memory_mb(process.pid))
    assert math.isnan(app_server.processor_s(process.pid))


def test_sample_is_measured_where_york_is_absent_with_two_whole_options() -> None:
    with prepared_workspace(NOWHERE) as prepared:
        assert "sample" in prepared.words
        study = Study(Store(prepared.folder))
        for option_id in prepared.option_ids:
            option = study.option(option_id)
            assert set(option.assignment) == set(study.areas(option.geography).index)
            assert option.footprint_ids == ("A", "B", "C", "D")


SQUARE = """ 4 5 2
 1 2 9
 2 3 1
 3 4 2
 4 1 7
 1 2 3
"""


def test_instance_of_a_graph_has_shortest_paths_and_the_last_length_of_an_edge() -> None:
    """A square with sides 3, 1, 2, 7: from 1 to 4 it is 6 the other way round."""
    problem = siting.parse_instance(SQUARE)
    assert problem.travel_minutes.tolist() == [[0, 3, 4, 6], [3, 0, 1, 3], [4, 1, 0, 2], [6, 3, 2, 0]]
    assert problem.n_hubs == 2
    assert site_hubs(problem, "p_median").value * 4 == pytest.approx(3.0)  # 1 and 3: 0 + 1 + 0 + 2


def test_published_optima_are_read_where_there_is_a_table(tmp_path: Path) -> None:
    assert siting.read_optima(tmp_path) == {}
    (tmp_path / "optima.txt").write_text("Data file   Optimal solution value\none 5819\n\ntwo 12.5\n")
    assert siting.read_optima(tmp_path) == {"one": 5819.0, "two": 12.5}


def test_the_made_up_city_has_a_street_for_most_sides_of_its_blocks() -> None:
    side = 20
    graph = build_graph(street.city_streets(side))
    assert graph.n_nodes <= side * side
    assert 0.85 < len(graph.edge_m) / (2 * side * (side - 1)) < 0.95
    buses = street.city_buses(side)
    assert len(buses.stops_xy) == street.N_LINES * street.N_STOPS
    assert (buses.calls.groupby("trip")["arrival_s"].diff().dropna() == street.S_BETWEEN_STOPS).all()


def test_team_orienteering_instance_is_rounds_from_its_start_to_its_end(tmp_path: Path) -> None:
    """Start at 0, end at 4 on a line, two paths of length 6: 3 on the way, 5 one aside; 9 is out of reach."""
    text = "n 6\nm 2\ntmax 6.0\n0 0 0\n1 0 3\n2 1 5\n2 9 9\n3 0 0\n4 0 0\n"
    task = outreach.parse_instance(text)
    assert len(task.item_session) == 3  # a point without a score is none
    assert task.drive[-1, 0] == 1.0
    assert task.drive[0, -1] == 3.0
    found = search_rounds(task, ((), ()), seed=1, n_steps=20)
    assert found.value == 8.0
    (tmp_path / "best_known.csv").write_text("instance,best_known_score\np1.txt,8\n")
    assert outreach.read_best(tmp_path) == {"p1.txt": 8.0}
    assert outreach.folder_of(NOWHERE) is None
    (tmp_path / "p1.txt").write_text(text)
    assert outreach.folder_of(tmp_path) == tmp_path


def test_rounds_with_windows_are_counted_by_hand_and_refused_where_they_break_an_hour() -> None:
    """Two stops ten minutes from the depot and each other, open from 9:10 to 9:40 and from 9:50 to 10:20."""
    drive = np.full((3, 3), 10) - 10 * np.eye(3, dtype=int)
    made = rounds.Town(drive, np.array([5, 7]), np.array([550, 590]), np.array([580, 620]), 1)
    found, _ = rounds.ours(made, 20)
    assert found.visits == ((0, 1),)
    assert rounds.require_driven(made, found.visits) == found.value == 12
    for wrong in (((1, 0),), ((0, 0),), ((0,), (1,))):
        with pytest.raises(AssertionError):
            rounds.require_driven(made, wrong)


def test_rounds_of_made_up_towns_hold_and_are_those_of_the_rival_where_towns_are_small() -> None:
    pytest.importorskip("pyvrp", reason="PyVRP is not installed: pip install -r benchmarks/rivals.txt")
    made = rounds.town(10, 3)
    found, _ = rounds.ours(made, 2_000)
    assert rounds.require_driven(made, found.visits) == found.value
    assert found.value == rounds.require_driven(made, rounds.rounds_of_pyvrp(made, 0.5))


def test_a_row_of_the_what_if_table_says_how_many_clicks_the_median_stands_on() -> None:
    cells = [cell.strip() for cell in what_if.line("sentence painted", (30.0, 10.0, 50.0)).split("|")]
    assert cells == ["sentence painted", "3", "30", "10", "48", "50"]
    assert what_if.line("sentence painted", ()).endswith("no click was measured")
