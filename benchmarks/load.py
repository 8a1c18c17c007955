"""Many people clicking at once on the real app, each through a Streamlit session of their own.

    python -m benchmarks.load [--people 20 50] [--seconds 40] [--data FOLDER] [--workspace FOLDER]

The people are not browsers: they speak the app's own websocket protocol over loopback and send what the
map sends for a click. A click is timed from its sending to the end of the run that has seen it, whether or
not earlier ones were answered, so that a slow server is not asked less. Clicks and time are bounded, and
only processes started here are ended.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.app_server import App, end_cleanly_when_told, machine, memory_mb, processor_s, running_app
from benchmarks.workspace import DEFAULT_DATA, N_FOOTPRINTS, Prepared, prepared_workspace

EVERY_S = 4.0
LONGEST_S, MOST_PEOPLE = 120.0, 100
ANSWER_S, FIRST_ANSWER_S = 30.0, 90.0
TARGETS_MS = {20: 300.0, 50: 1_000.0}
GEOMETRY = re.compile(r"geometryUrl\W+app/static/(geometry/[\w.-]+\.json)")
SEEN = re.compile(r'seen\\*":(\d+)')
PAGES = ("draw", "explore")
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Person:
    """One session: what was sent, what came back."""

    page: str
    query: str
    life: str
    sent_at: dict[int, float] = field(default_factory=dict)
    answered_ms: dict[int, float] = field(default_factory=dict)
    n_bytes: int = 0
    errors: list[str] = field(default_factory=list)
    script_hash: str = ""
    map_id: str = ""
    fragment_id: str = ""
    geometry: str = ""
    seen: int = 0
    n_runs: int = 0

    def hear(self, content: bytes, now: float) -> None:
        """Take in one message of the server; the end of a run answers every click that it has seen."""
        message = ForwardMsg()
        message.ParseFromString(content)
        self.n_bytes += len(content)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.script_hash = message.navigation.page_script_hash
        elif kind == "delta":
            self._hear_delta(message)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.errors.append("the script did not compile")
            if message.script_finished in FINISHED:
                self.n_runs += 1
                for number, sent in self.sent_at.items():
                    if number <= self.seen and number not in self.answered_ms:
                        self.answered_ms[number] = 1_000 * (now - sent)

    def _hear_delta(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "component_instance":
            text = element.component_instance.json_args
            self.map_id = element.component_instance.id
            self.fragment_id = message.delta.fragment_id  # a browser asks for that part alone
            self.geometry = next(iter(GEOMETRY.findall(text)), self.geometry)
            self.seen = max([int(n) for n in SEEN.findall(text)], default=self.seen)

    def click(self, number: int, code: str) -> bytes:
        """What the map sends for a click: every act that the server has not confirmed, the newest last."""
        event: dict[str, object] = {"n": number, "kind": "select", "codes": [code]}
        if self.page == "draw":
            event |= {"kind": "assign", "footprint": number % N_FOOTPRINTS}
        back = self._back()
        widget = back.rerun_script.widget_states.widgets.add()
        widget.id = self.map_id
        widget.json_value = json.dumps({"life": self.life, "events": [event]})
        back.rerun_script.page_script_hash = self.script_hash
        back.rerun_script.fragment_id = self.fragment_id
        return back.SerializeToString()

    def arrive(self) -> bytes:
        """What a browser sends when it opens the page."""
        back = self._back()
        back.rerun_script.page_name = self.page
        return back.SerializeToString()

    def _back(self) -> BackMsg:
        back = BackMsg()
        back.rerun_script.SetInParent()
        back.rerun_script.query_string = self.query
        back.rerun_script.context_info.timezone = "UTC"
        back.rerun_script.context_info.locale = "en-GB"
        return back


@dataclass(frozen=True)
class Result:
    """One row: so many people on one page."""

    page: str
    n_people: int
    answered_ms: tuple[float, ...]
    n_sent: int
    errors: tuple[str, ...]
    kilobytes: float
    core_ms: float
    memory_mb: float

    @property
    def p50_ms(self) -> float:
        """Median; a click that was never answered counts as endless."""
        return self._quantile(0.5)

    @property
    def p95_ms(self) -> float:
        """95th percentile; a click that was never answered counts as endless."""
        return self._quantile(0.95)

    def _quantile(self, share: float) -> float:
        lost = [float("inf")] * (self.n_sent - len(self.answered_ms))
        times = np.array([*self.answered_ms, *lost])
        return float(np.quantile(times, share, method="higher")) if len(times) else float("nan")


async def _listen(person: Person, socket: ClientConnection) -> None:
    try:
        async for content in socket:
            if isinstance(content, bytes):
                person.hear(content, time.perf_counter())
    except WebSocketException as fault:
        person.errors.append(f"connection lost: {fault}")


async def _until(done: object, seconds: float) -> bool:
    end = time.perf_counter() + seconds
    while not done():  # type: ignore[operator]
        if time.perf_counter() > end:
            return False
        await asyncio.sleep(0.005)
    return True


async def _clicking(
    person: Person, socket: ClientConnection, codes: Sequence[str], first_s: float, n_clicks: int, seed: int
) -> None:
    chosen = np.random.default_rng(seed).integers(len(codes), size=n_clicks).tolist()
    begin = time.perf_counter() + first_s
    for number, row in enumerate(chosen, start=1):
        await asyncio.sleep(max(begin + (number - 1) * EVERY_S - time.perf_counter(), 0))
        person.sent_at[number] = time.perf_counter()
        try:
            await socket.send(person.click(number, codes[row]))
        except WebSocketException as fault:
            person.errors.append(f"not sent: {fault}")
            return


def _codes(app: App, geometry: str) -> list[str]:
    with urllib.request.urlopen(f"{app.url}/app/static/{geometry}", timeout=10) as answer:
        return [str(code) for code in json.loads(answer.read())["codes"]]


async def crowd(app: App, page: str, query: str, n_people: int, seconds: float) -> Result:
    """Let people arrive one after the other, then click for so long."""
    people = [Person(page, query, f"bench{i:03d}") for i in range(n_people)]
    address = app.url.replace("http", "ws") + "/_stcore/stream"
    sockets: list[ClientConnection] = []
    listeners: list[asyncio.Task[None]] = []
    try:
        for person in people:
            socket = await connect(address, max_size=None, proxy=None, ping_interval=None)
            sockets.append(socket)
            listeners.append(asyncio.create_task(_listen(person, socket)))
            await socket.send(person.arrive())
            if not await _until(lambda p=person: p.n_runs or p.errors, FIRST_ANSWER_S):
                person.errors.append("the page was never finished")
            if person.errors or not person.geometry:
                raise SystemExit(f"the {page} page has no map: {person.errors[:1]}")
        codes = await asyncio.to_thread(_codes, app, people[0].geometry)
        before = sum(p.n_bytes for p in people), processor_s(app.pid)
        n_clicks = max(int(seconds / EVERY_S), 1)
        await asyncio.gather(
            *(
                _clicking(person, socket, codes, EVERY_S * i / n_people, n_clicks, seed=i)
                for i, (person, socket) in enumerate(zip(people, sockets, strict=True))
            )
        )
        await _until(lambda: all(len(p.answered_ms) == len(p.sent_at) for p in people), ANSWER_S)
        memory = memory_mb(app.pid)
        n_sent = sum(len(p.sent_at) for p in people)
        return Result(
            page,
            n_people,
            tuple(ms for p in people for ms in p.answered_ms.values()),
            n_sent,
            tuple(e for p in people for e in p.errors),
            (sum(p.n_bytes for p in people) - before[0]) / 1_000 / max(n_sent, 1),
            1_000 * (processor_s(app.pid) - before[1]) / max(n_sent, 1),
            memory,
        )
    finally:
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, *(s.close() for s in sockets), return_exceptions=True)


def query_of(page: str, prepared: Prepared) -> str:
    """The address of the page that is clicked on."""
    if page == "draw":
        return f"option={prepared.option_ids[0]}"
    return f"layer={prepared.geography}"


def run(
    data: Path = DEFAULT_DATA,
    *,
    workspace: Path | None = None,
    people: Sequence[int] = (20, 50),
    seconds: float = 40.0,
    pages: Sequence[str] = PAGES,
) -> list[Result]:
    """Print the table."""
    results = []
    with prepared_workspace(data, workspace) as prepared:
        print(f"Each person clicks every {EVERY_S:.0f} s for {seconds:.0f} s; {prepared.words}; {machine()}.")
        print("The people are played on the same cores as the server.")
        print(
            "page    | people | clicks | answer p50    p95 | target | errors | kB a click | core ms each | MB"
        )
        for page in pages:
            for n_people in people:
                with running_app(prepared.folder) as app:
                    result = asyncio.run(crowd(app, page, query_of(page, prepared), n_people, seconds))
                results.append(result)
                target = TARGETS_MS.get(n_people)
                print(
                    f"{page:<7} | {n_people:>6} | {result.n_sent:>6} | {result.p50_ms:>7.0f} ms "
                    f"{result.p95_ms:>6.0f} | {'' if target is None else f'{target:.0f}':>6} |"
                    f" {len(result.errors):>6} | {result.kilobytes:>10.1f} | {result.core_ms:>12.0f} |"
                    f" {result.memory_mb:.0f}",
                    flush=True,
                )
                for error in dict.fromkeys(result.errors):
                    print(f"  {error}")
    return results


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__.splitlines()[0])
    made.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of York's published files")
    made.add_argument("--workspace", type=Path, help="an imported workspace; it is copied, never written")
    made.add_argument("--people", type=int, nargs="+", default=[20, 50])
    made.add_argument("--seconds", type=float, default=40.0)
    made.add_argument("--page", choices=PAGES, nargs="+", default=list(PAGES))
    return made


def main() -> None:
    end_cleanly_when_told()
    given = parser().parse_args()
    people = [min(max(n, 1), MOST_PEOPLE) for n in given.people]
    seconds = min(max(given.seconds, EVERY_S), LONGEST_S)
    run(given.data, workspace=given.workspace, people=people, seconds=seconds, pages=given.page)


if __name__ == "__main__":
    main()
