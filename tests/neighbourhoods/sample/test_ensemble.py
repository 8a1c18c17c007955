"""Ensembles: what is drawn is valid, repeats wherever it is done, and places an option as all options do."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from distributed import LocalCluster

import cli
from commands.plain import plain
from geodata.checkpoint import Checkpoint
from geodata.cluster import ClusterPool
from geodata.errors import InputError
from geodata.task_pool import InlinePool, LocalPool
from geodata.workspace import open_workspace
from neighbourhoods.generation.generate import generate, score_option
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.measure.option_score import score_options
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.run.codec import from_json, from_parts, to_json, to_parts
from neighbourhoods.sample import ensemble_chain
from neighbourhoods.sample.ensemble import Ensemble, EnsembleParams
from neighbourhoods.sample.ensemble_job import Chunk, Job, Request, chunk_from_parts, do_request, job_key
from neighbourhoods.sample.ensemble_merge import diagnose, merge
from neighbourhoods.sample.ensemble_report import ensemble_json, ensemble_words
from neighbourhoods.sample.ensemble_run import job_of, run_ensemble, sample
from neighbourhoods.sample.sampler import Method
from neighbourhoods.scorecard import alternatives_search
from neighbourhoods.scorecard.alternatives_search import alternatives
from neighbourhoods.scorecard.params import ScorecardParams
from neighbourhoods.scorecard.trial import trial_of
from neighbourhoods.study.study import Study

FOUR = GenerationParams("ward", 4, 4, 0.1)
PARAMS = EnsembleParams(FOUR, n_options=4_000, n_chains=4, burn_in=20, seed=3)
SMALL = replace(PARAMS, n_options=240)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("ensemble") / "workspace"))


@pytest.fixture(scope="module")
def every(study: Study) -> GenerationResult:
    return generate(study, FOUR)


@pytest.fixture(scope="module")
def drawn(study: Study) -> Ensemble:
    return run_ensemble(study, PARAMS, n_workers=1)


@pytest.fixture(scope="module")
def job(study: Study) -> Job:
    return job_of(study, SMALL)


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks so small that a short run has many."""
    monkeypatch.setattr(ensemble_chain, "MOST_DRAWS", 12)


def same(first: Ensemble, second: Ensemble) -> bool:
    """The same options in the same order; scores but for the rounding of sums of another length."""
    columns = list(first.scores)
    close = np.allclose(first.scores, second.scores[columns], rtol=1e-12, atol=0, equal_nan=True)
    return np.array_equal(first.footprint, second.footprint) and close


def test_every_option_is_one_of_all_there_are_and_none_is_preferred(
    drawn: Ensemble, every: GenerationResult
) -> None:
    known = {row.tobytes() for row in every.footprint}
    assert {row.tobytes() for row in drawn.footprint} <= known
    assert drawn.n_options == 4_000
    assert drawn.is_complete
    assert drawn.distribution.startswith("uniform")
    expected = len(known) * (1 - np.exp(-4_000 / len(known)))  # distinct ones among independent draws
    assert drawn.n_distinct == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("method", ["redraw", "recombination"])
def test_chains_agree_and_are_worth_hundreds_of_options(study: Study, method: Method) -> None:
    found = run_ensemble(study, replace(PARAMS, method=method), n_workers=1)
    assert found.is_mixed
    assert (found.diagnostics["r_hat"] < 1.01).all()
    assert (found.diagnostics[["bulk_ess", "tail_ess"]] > 400).all(axis=None)


def test_percentile_interval_holds_the_exact_share_nearly_always(
    study: Study, drawn: Ensemble, every: GenerationResult
) -> None:
    """Of the exact shares of 40 options on every wish, 95% intervals are to hold about 95%."""
    held = []
    for number in range(0, every.n_options, max(every.n_options // 40, 1)):
        scores = every.scores.iloc[number]
        exact = every.standing(scores)
        shares = drawn.share_better(scores)
        held += [
            row["lower"] - 1e-9 <= exact[str(one)] <= row["upper"] + 1e-9 for one, row in shares.iterrows()
        ]
    assert np.mean(held) > 0.85  # shares of the same draws resemble each other


def test_scores_are_those_of_the_options(study: Study, drawn: Ensemble, job: Job) -> None:
    again = score_options(drawn.footprint, job.town)  # type: ignore[arg-type]
    assert np.allclose(again, drawn.scores[list(again)], rtol=1e-12, atol=0, equal_nan=True)
    opened = drawn.option(17)
    assert score_option(study, FOUR, opened).to_dict() == pytest.approx(again.iloc[17].to_dict(), nan_ok=True)


def test_better_means_less_where_less_is_better_and_more_where_more_is(drawn: Ensemble) -> None:
    best = pd.Series(dict.fromkeys(drawn.scores, 0.0) | {"polsby_popper_mean": 1.0})
    shares = drawn.share_better(best)
    assert (shares["share"] == 1).all()
    assert (shares["upper"] == 1).all()
    assert ((shares["lower"] < 1) & (shares["lower"] > 0.99)).all()
    least = drawn.percentiles(best)
    assert least.at["max_deviation", "share"] == 0
    assert least.at["polsby_popper_mean", "share"] == 1


def test_same_seed_same_options_and_another_seed_others(study: Study) -> None:
    once, again = (run_ensemble(study, SMALL, n_workers=1) for _ in range(2))
    assert same(once, again)
    assert not same(once, run_ensemble(study, replace(SMALL, seed=4), n_workers=1))


@pytest.mark.usefixtures("_small_chunks")
def test_processes_draw_what_one_draws_also_when_one_is_killed(job: Job) -> None:
    undisturbed = sample(job, SMALL, pool=InlinePool(do_request, job))
    n_seen = 0

    def kill_one(_: Chunk) -> None:
        nonlocal n_seen
        n_seen += 1
        if n_seen == 6:
            multiprocessing.active_children()[0].kill()

    disturbed = sample(job, SMALL, pool=LocalPool(do_request, job, 2), keep_chunk=kill_one)
    assert n_seen > 20
    assert same(disturbed, undisturbed)


@pytest.mark.usefixtures("_small_chunks")
def test_cluster_draws_what_one_process_draws_also_when_a_worker_is_killed(job: Job) -> None:
    undisturbed = sample(job, SMALL, pool=InlinePool(do_request, job))
    n_seen = 0
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        whoever: Any = cluster

        def kill_one(_: Chunk) -> None:
            nonlocal n_seen
            n_seen += 1
            if n_seen == 6:
                os.kill(whoever.workers[0].pid, signal.SIGKILL)

        pool = ClusterPool(do_request, job, whoever.scheduler_address)
        disturbed = sample(job, SMALL, pool=pool, keep_chunk=kill_one)
    assert same(disturbed, undisturbed)


@pytest.mark.usefixtures("_small_chunks")
def test_what_was_kept_is_gone_on_from_and_more_can_be_asked_for(job: Job, tmp_path: Path) -> None:
    unbroken = sample(job, SMALL, pool=InlinePool(do_request, job))
    folder = Checkpoint(str(tmp_path), job_key(job))
    stop_at = 16

    def is_enough() -> bool:
        return len(folder.kept()) >= stop_at

    partial = sample(
        job,
        replace(SMALL, n_options=80),
        pool=InlinePool(do_request, job),
        keep_chunk=lambda chunk: folder.keep(chunk.name, chunk.to_parts()),
        cancelled=is_enough,
    )
    assert not partial.is_complete or partial.n_options == 80
    kept = [chunk_from_parts(parts) for parts in folder.kept()]
    asked: list[Request] = []

    def watch(job: Job, request: Request) -> Chunk:
        asked.append(request)
        return do_request(job, request)

    whole = sample(job, SMALL, pool=InlinePool(watch, job), kept=reversed(kept))
    assert same(whole, unbroken)
    assert all(request.state is not None for request in asked)
    assert sum(request.n_draws for request in asked) + sum(chunk.n_draws for chunk in kept) == 4 * (60 + 20)


def test_a_chunk_that_is_missing_from_what_was_kept_is_done_again(job: Job) -> None:
    chunks: list[Chunk] = []
    unbroken = sample(job, SMALL, pool=InlinePool(do_request, job), keep_chunk=chunks.append)
    lost = sorted(chunks, key=lambda chunk: (chunk.chain, chunk.first))[1]
    rest = [chunk for chunk in chunks if chunk is not lost]
    assert same(sample(job, SMALL, pool=InlinePool(do_request, job), kept=rest), unbroken)


def test_key_of_a_job_tells_apart_what_gives_other_options(study: Study, job: Job) -> None:
    assert job_key(job_of(study, SMALL)) == job_key(job)
    assert job_key(job_of(study, replace(SMALL, n_options=999))) == job_key(job)
    others = (
        replace(SMALL, seed=4),
        replace(SMALL, burn_in=21),
        replace(SMALL, generation=replace(FOUR, tolerance=0.09)),
        replace(SMALL, generation=replace(FOUR, allow_enclosed=True)),
    )
    assert len({job_key(job_of(study, other)) for other in others} - {job_key(job)}) == len(others)


def test_draws_that_are_thrown_away_are_not_among_the_options(job: Job) -> None:
    chunk = do_request(job, Request(0, -20, 25))
    assert (len(chunk.footprint), len(chunk.scores), chunk.end) == (5, 5, 5)
    none = do_request(job, Request(0, -20, 10))
    assert (len(none.footprint), len(none.scores)) == (0, 0)
    assert list(none.scores) == list(chunk.scores)


def test_progress_ends_with_everything_done_and_a_wish_to_stop_is_heeded(study: Study, job: Job) -> None:
    told: list[tuple[int, int, str]] = []
    run_ensemble(study, SMALL, n_workers=1, progress=lambda *said: told.append(said))
    assert told[-1] == (320, 320, "240 options so far")
    with pytest.raises(InputError, match="stopped before"):
        run_ensemble(study, SMALL, n_workers=1, cancelled=lambda: True)


def test_partial_ensemble_is_handed_out_on_the_way(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neighbourhoods.sample.ensemble_run.KEEP_S", 0.0)
    monkeypatch.setattr(ensemble_chain, "MOST_DRAWS", 12)
    seen: list[Ensemble] = []
    whole = sample(job, SMALL, pool=InlinePool(do_request, job), keep=seen.append)
    assert [one.is_complete for one in seen] == [False] * (len(seen) - 1) + [True]
    assert [one.n_options for one in seen] == sorted(one.n_options for one in seen)
    assert same(seen[-1], whole)


def test_an_ensemble_can_be_kept_and_read_back(drawn: Ensemble) -> None:
    again = from_parts(to_parts(drawn), Ensemble)
    assert same(again, drawn)
    assert again.diagnostics.equals(drawn.diagnostics)
    assert from_json(to_json(PARAMS), EnsembleParams) == PARAMS


def test_diagnostics_see_a_chain_that_stays_elsewhere(drawn: Ensemble) -> None:
    table = drawn.scores.copy()
    table.loc[table["chain"] == 2, "max_deviation"] += 1
    found = diagnose(table)
    assert found.at["max_deviation", "r_hat"] > 1.5
    assert found.at["cut_edges", "r_hat"] < 1.01
    broken = replace(drawn, diagnostics=found)
    assert not broken.is_mixed
    assert "have not mixed" in ensemble_words(broken)


def test_chunks_may_come_in_any_order(job: Job) -> None:
    chunks: list[Chunk] = []
    whole = sample(job, SMALL, pool=InlinePool(do_request, job), keep_chunk=chunks.append)
    assert same(merge(SMALL, job, chunks[::-1], 0.0), whole)


def test_what_cannot_be_is_refused_in_words(study: Study) -> None:
    with pytest.raises(InputError, match="What helps"):
        run_ensemble(study, replace(SMALL, generation=replace(FOUR, tolerance=0.00001)), n_workers=1)
    with pytest.raises(InputError, match="2 or more"):
        EnsembleParams(FOUR, n_chains=1)
    with pytest.raises(InputError, match="need 160 options"):
        EnsembleParams(FOUR, n_options=159)
    EnsembleParams(FOUR, n_options=160)


def test_json_has_its_keys_and_places_an_option(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.csv"
    option = generate(study, FOUR).option(0)
    rows = [f"{code},{footprint}" for code, footprint in option.assignment.items()]
    file.write_text("\n".join(["area_code,footprint", *rows]))
    asked = ["--n", "4", "--tolerance", "0.1", "--options", "240", "--chains", "4", "--seed", "3", "--json"]
    given = [
        "--workspace",
        str(study.store.root),
        "--test",
        str(file),
        "--checkpoint",
        str(tmp_path / "kept"),
    ]
    assert cli.main(["ensemble", *asked, *given, "--workers", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= {
        "params",
        "method",
        "distribution",
        "n_options",
        "n_distinct",
        "diagnostics",
        "measures",
        "options",
        "seed",
        "runtime_s",
    }
    assert found["n_options"] == 240
    assert {"min", "percentile_5", "median", "percentile_95", "max", "version"} <= set(found["measures"][0])
    (placed,) = found["options"]
    assert placed["name"] == "mine"
    for one, share in placed["better_than"].items():
        assert one in WISHES
        assert placed["better_than_lower"][one] <= share <= placed["better_than_upper"][one]
    assert cli.main(["ensemble", *asked, *given, "--workers", "1"]) == 0
    again = json.loads(capsys.readouterr().out)
    for one in ("diagnostics", "measures", "options", "n_distinct"):
        assert again[one] == found[one]
    assert cli.main(["ensemble", *asked, *given, "--workers", "1", "--seed", "4"]) == 2
    assert "other work" in capsys.readouterr().err


def test_report_is_plain_values(drawn: Ensemble, study: Study) -> None:
    tested = [("Mine", score_option(study, FOUR, drawn.option(0)))]
    document = ensemble_json(drawn, tested)
    assert json.loads(json.dumps(plain(document), allow_nan=False))["is_mixed"] is True
    assert "Mine is better than" in ensemble_words(drawn, tested)


def test_scorecard_places_an_option_in_a_sample_where_all_ways_are_too_many(
    study: Study, every: GenerationResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all ways the share is exact; with a sample its limits hold that share."""
    option = every.option(int(every.ranking[0]))
    asked = ScorecardParams(target=every.target, tolerance=0.1, n_sampled=2_000)
    trial = trial_of(study, option, asked)
    exact = alternatives(study, trial)
    monkeypatch.setattr(alternatives_search, "MOST_STEPS", 0)
    drawn = alternatives(study, trial)
    assert (exact.kind, drawn.kind, drawn.n) == ("all ways", "sampled", 2_000)
    assert "uniform" in drawn.note
    for one in ("balance", "compactness", "cut_edges", "round"):
        wish = WISHES[one]
        standing = drawn.standing(wish, float(trial.scores[wish.measure_id]))
        truth = exact.standing(wish, float(trial.scores[wish.measure_id])).better_than
        assert standing.lower - 0.02 < truth < standing.upper + 0.02
        assert standing.lower < standing.better_than <= standing.upper
    none = alternatives(study, replace(trial, params=replace(asked, n_sampled=0)))
    assert none.kind == "none"
