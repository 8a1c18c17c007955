"""A finished run of the bus in a workspace, from a plan made by hand; no solver is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from geodata.run_process import this_process
from geodata.run_table import claim_run, get_run, put_run
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan
from neighbourhoods.run.run import RUN_KINDS, RunKind
from neighbourhoods.run.work import do_run
from neighbourhoods.study.study import Study
from tests.neighbourhoods.outreach.toy_outreach import toy_params, toy_plan

WORK = "tests.pages.outreach_page:hand_plan"


def hand_kind() -> RunKind:
    """The kind of run "outreach", done by hand."""
    return RunKind(
        "outreach", "Planning the bus", OutreachParams, OutreachPlan, WORK, lambda _: "By hand", "hand=1"
    )


def hand_plan(
    study: Study,
    params: OutreachParams,
    *,
    progress: Callable[..., None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> OutreachPlan:
    """The toy plan, with stops at three places of the workspace and need in its wards."""
    places = study.places()
    ids = [
        params.depot_id,
        *[str(one) for one in places.index if one not in (params.depot_id, *params.hub_ids)][:2],
    ]
    plan = toy_plan(params=params)
    by_toy = dict(zip(plan.stops.index, ids, strict=True))
    chosen = places.loc[ids]
    stops = pd.DataFrame(
        {
            "name": chosen["name"].astype(str).to_numpy(),
            "kind": chosen["kind"].astype(str).to_numpy(),
            "x": chosen.geometry.x.to_numpy(),
            "y": chosen.geometry.y.to_numpy(),
        },
        index=pd.Index(ids, name="stop_id"),
    )
    wards = study.areas("ward")
    need = pd.DataFrame(0.0, index=wards.index.astype(str), columns=list(plan.areas.columns)).rename_axis(
        "area_code"
    )
    need.iloc[:6] = plan.areas.to_numpy()
    return replace(
        plan, stops=stops, visits=plan.visits.assign(stop_id=plan.visits["stop_id"].map(by_toy)), areas=need
    )


def found_run(study: Study, *, service: str = "", **form: object) -> str:
    """The id of a run that has found the plan; with one service on board where it is given."""
    places = study.places()
    libraries = tuple(str(one) for one in places.index[places["kind"] == "library"])
    params = toy_params(hub_ids=libraries[:2], depot_id=libraries[2], stop_kinds=("library",))
    if service:
        params = replace(params, sessions=tuple(replace(s, service_id=service) for s in params.sessions))
    return run_by_hand(study, params, outreach_days=[0, 3], outreach_service="youth", **form)


def run_by_hand(study: Study, params: OutreachParams, **form: object) -> str:
    """The id of a run that has found the plan for what is asked."""
    kind = RUN_KINDS["outreach"]
    run = put_run(
        study.store,
        kind.id,
        kind.params_to_json(params),
        version=study.version,
        method=kind.method,
        author="",
        form=form,
    )
    holder = this_process()
    claimed = claim_run(study.store, holder, version=study.version, run_id=run.id)
    assert claimed is not None
    do_run(study.store, claimed, holder, study)
    assert get_run(study.store, run.id).status == "finished", get_run(study.store, run.id).message
    return run.id
