"""Kinds of work that may take long: what is asked, what comes of it, and the function that does it.

A kind is one record. The function is named by its path and imported by whoever does the work, so that a
page which only lists runs need not load every solver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from geodata.errors import InputError
from geodata.geography import geography
from geodata.run_file import RunResult
from neighbourhoods.generation.generation import SCORED, GenerationParams, GenerationResult
from neighbourhoods.hub.params import HubParams, HubPlan
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.run.codec import from_json, from_parts, to_json, to_parts
from neighbourhoods.sample.ensemble import Ensemble, EnsembleParams
from neighbourhoods.sample.sampler_method import VERSION
from neighbourhoods.scenario.mix_params import MixParams, ScenarioMix
from neighbourhoods.scorecard.alternatives import Alternatives, AlternativesParams, comparison_words
from neighbourhoods.siting.objective import OBJECTIVES


@dataclass(frozen=True)
class RunKind:
    """One kind of work.

    Parameters
    ----------
    id : str
    label : str
        What is being done: "Finding ways".
    params, result : type
        Dataclasses of what is asked and what comes of it.
    work : str
        "module:function", called as `function(study, params, progress=..., cancelled=...)` and, where it
        keeps the best so far, `keep=...` with a result; it returns a result.
    in_words : callable
        What is asked, in a phrase for a list.
    method : str
        Version of the way it is worked out; with another one a run is done anew.
    prepare : str
        "module:function" without arguments that makes a worker ready beforehand; empty for none.
    keeps_best : bool
        Whether the work calls `keep`.
    rests_on_places : bool
        Whether a change in the register of places makes what came of it old.
    """

    id: str
    label: str
    params: type
    result: type
    work: str
    in_words: Callable[[Any], str]
    method: str
    prepare: str = ""
    keeps_best: bool = False
    rests_on_places: bool = False

    def params_to_json(self, params: object) -> dict[str, object]:
        """What is asked, as plain JSON."""
        return to_json(params)

    def params_from_json(self, document: Mapping[str, object]) -> object:
        """The same again; raises InputError where it cannot be read or contradicts itself."""
        return from_json(document, self.params)

    def result_to_parts(self, result: object) -> RunResult:
        """What came of it, as the parts of a file."""
        return to_parts(result)

    def result_from_parts(self, parts: RunResult) -> object:
        """The same again; raises InputError where another version of the software wrote it."""
        return from_parts(parts, self.result)


def run_kind(kind_id: str) -> RunKind:
    """The record of a kind.

    Raises
    ------
    InputError
        When there is none of this id.
    """
    if kind_id not in RUN_KINDS:
        raise InputError(f"There is no kind of run called {kind_id!r}; there are {', '.join(RUN_KINDS)}.")
    return RUN_KINDS[kind_id]


def function_at(path: str) -> Callable[..., object]:
    """The function that "module:function" names."""
    module, _, name = path.partition(":")
    function: Callable[..., object] = getattr(import_module(module), name)
    return function


def generation_words(params: GenerationParams) -> str:
    """What was asked of a generation, in a phrase."""
    n = str(params.n_min) if params.n_min == params.n_max else f"{params.n_min} to {params.n_max}"
    plural = geography(params.geography).plural
    said = [f"{plural[0].upper()}{plural[1:]}: {n} neighbourhoods within {params.tolerance:.0%}"]
    if params.target is not None:
        said.append(f"of {params.target:,.0f} people")
    for codes, how in ((params.together, "together"), (params.apart, "apart")):
        if n_areas := sum(map(len, codes)):
            said.append(f"{n_areas} areas {how}")
    if params.locked:
        said.append(f"{len(params.locked)} locked")
    return ", ".join(said)


def hub_words(params: HubParams) -> str:
    """What was asked of a siting of hubs, in a phrase."""
    kinds = ", ".join(kind.replace("_", " ") for kind in params.kinds)
    aim = OBJECTIVES[params.objective].label
    few = "Fewest hubs" if params.objective == "set_cover" else f"{params.n_hubs} hubs"
    said = f"{few} among {kinds}: {aim[0].lower()}{aim[1:]}"
    return said if not params.fixed else f"{said}, {len(params.fixed)} fixed"


def outreach_words(params: OutreachParams) -> str:
    """What was asked of an outreach bus, in a phrase."""
    vehicles = "1 bus" if params.n_vehicles == 1 else f"{params.n_vehicles} buses"
    weeks = "a week" if params.n_weeks == 1 else "a fortnight"
    aboard = ", ".join(dict.fromkeys(SERVICES[one.service_id].label.lower() for one in params.sessions))
    return (
        f"{vehicles}, rounds of {weeks}, {len(params.hub_ids)} hubs, {params.shift_minutes / 60:g} hours a "
        f"shift: {aboard}"
    )


def mix_words(params: MixParams) -> str:
    """What was asked of a joint search, in a phrase."""
    vehicles = "1 bus" if params.n_vehicles_max == 1 else f"{params.n_vehicles_max} buses"
    return f"{params.share:.0%} of need within reach by up to {params.n_hubs_max} hubs and {vehicles}"


_METHOD = ";".join(f"{one}={MEASURES[one].version}" for one in SCORED)
_RECORDS = (
    RunKind(
        id="generate",
        label="Finding ways",
        params=GenerationParams,
        result=GenerationResult,
        work="neighbourhoods.generation.generate:generate",
        in_words=generation_words,
        method=_METHOD,
        prepare="neighbourhoods.generation.enumeration:warm_up",
        keeps_best=True,
    ),
    RunKind(
        id="alternatives",
        label="Comparing with what else is possible",
        params=AlternativesParams,
        result=Alternatives,
        work="neighbourhoods.scorecard.alternatives_search:find_alternatives",
        in_words=comparison_words,
        method=_METHOD,
        prepare="neighbourhoods.generation.enumeration:warm_up",
        keeps_best=True,
    ),
    RunKind(
        id="ensemble",
        label="Drawing thousands of ways",
        params=EnsembleParams,
        result=Ensemble,
        work="neighbourhoods.sample.ensemble_run:run_ensemble",
        in_words=lambda params: f"{generation_words(params.generation)}, {params.n_options:,} drawn",
        method=f"{_METHOD};sampler={VERSION}",
        keeps_best=True,
    ),
    RunKind(
        id="hubs",
        label="Siting hubs",
        params=HubParams,
        result=HubPlan,
        work="neighbourhoods.hub.siting:suggest_hubs",
        in_words=hub_words,
        method="siting=2",
        rests_on_places=True,
    ),
    RunKind(
        id="outreach",
        label="Drawing rounds of a bus",
        params=OutreachParams,
        result=OutreachPlan,
        work="neighbourhoods.outreach.outreach:suggest_outreach",
        in_words=outreach_words,
        method="outreach=2",
        prepare="neighbourhoods.outreach.search:warm_up",
        rests_on_places=True,
    ),
    RunKind(
        id="mix",
        label="Searching for the cheapest mix",
        params=MixParams,
        result=ScenarioMix,
        work="neighbourhoods.scenario.mix:suggest_mix",
        in_words=mix_words,
        method="mix=1",
        prepare="neighbourhoods.outreach.search:warm_up",
    ),
)
RUN_KINDS: dict[str, RunKind] = {record.id: record for record in _RECORDS}
