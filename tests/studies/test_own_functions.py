"""What an analyst brings: metrics and policies as functions, levers, values on a grid, mappings as scenarios."""
import itertools
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from helping import with_levers

from sim import load, rerun, simulate, study, sweep
from sim.measures.metrics import METRICS
from sim.reading.loading import MAPPING
from sim.scenario.problems import ScenarioError
from sim.studies.executors import Here
from sim.world.routing import POLICIES
from surgeline import read_parquet
from surgeline.commands import run as run_command
from surgeline.folders import run as run_folder

SCENARIO = load("two-cities")
LEND = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 2, "from": "2021-08-02", "to": "2021-08-02"}


def dials_again(t):
    """The dials once more, to be held against ours."""
    return np.where(t.has_callers > 0, t.dials, np.nan)


def share_answered(t):
    """Of all dials those that a person answered."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(t.dials > 0, t.answered / t.dials, np.nan)


def pooled_again(seats, queue, after_ms):
    return POLICIES["pooled"](seats, queue, after_ms)


# --- metrics and policies --------------------------------------------------------------------------------------------

def test_an_own_metric_is_a_metric_like_any_other():
    found = simulate(SCENARIO, replications=3, metrics={dials_again: "1", share_answered: "share"})
    for scope, level in itertools.product(("province", "city:east", "class:everyday"), ("whole", "interval")):
        assert found.value("dials_again", scope, level) == found.value("dials", scope, level)
    table = found.metrics()
    assert set(table["metric"]) >= {"dials_again", "share_answered"}
    shares = table[table["metric"] == "share_answered"]
    assert set(shares["unit"]) == {"share"}
    assert shares["low"].min() >= 0
    assert shares["high"].max() <= 1
    kept = table[~table["metric"].isin(["dials_again", "share_answered"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, simulate(SCENARIO, replications=3).metrics())


def test_an_own_policy_stands_instead_of_the_scenarios():
    routed = SCENARIO.model_copy(update={"routing": SCENARIO.routing.model_copy(update={"policy": "pooled"})})
    ours = simulate(routed, replications=2)
    own = study(SCENARIO, {"pooled": SCENARIO}, replications=2, policies={"pooled": pooled_again}, workers=1)
    for metric, scope in itertools.product(("answered", "p95_wait_s", "blocked"), ("province", "city:east")):
        assert own.results["pooled"].value(metric, scope) == ours.value(metric, scope)
    assert own.first.value("answered") == simulate(SCENARIO, replications=2).value("answered")
    assert own.difference("pooled", "answered").mean != 0


def test_functions_of_a_script_stay_in_this_process():
    by_lambda = {"x": lambda seats, queue, after_ms: (0, 0)}
    for workers in (None, 1, Here()):
        assert study(SCENARIO, {"x": SCENARIO}, replications=2, policies=by_lambda, workers=workers).replications == 2
    with pytest.raises(ValueError, match="write them in a module, or leave workers out"):
        study(SCENARIO, {"x": SCENARIO}, replications=2, policies=by_lambda, workers=2)


def test_functions_of_a_module_are_found_by_other_processes():
    alone, apart = (study(SCENARIO, [], replications=4, metrics=[dials_again], workers=workers) for workers in (1, 2))
    assert alone.first.value("dials_again") == apart.first.value("dials_again")


def test_two_functions_of_one_name_are_two(tmp_path):
    first, second = (lambda seats, queue, after_ms: (0, 0)), (lambda seats, queue, after_ms: None)
    found = study(SCENARIO, {"a": SCENARIO, "b": SCENARIO}, replications=1, policies={"a": first, "b": second})
    assert found.results["a"].value("answered").mean > found.results["b"].value("answered").mean == 0


@pytest.mark.parametrize(("metrics", "policies", "error"), [
    ([lambda t: t.dials], {}, ValueError), ([next(iter(METRICS))], {}, ValueError),
    ([], {"nome": pooled_again}, KeyError), ([dials_again], {}, None)])
def test_functions_that_can_not_be_are_refused(metrics, policies, error, tmp_path):
    if error is None:
        with pytest.raises(ValueError, match="leave it out"):
            study(SCENARIO, [], replications=1, metrics=metrics, folder=tmp_path / "kept")
    else:
        with pytest.raises(error):
            study(SCENARIO, [], replications=1, metrics=metrics, policies=policies)


# --- calls, reruns, folders ------------------------------------------------------------------------------------------

def test_a_study_keeps_the_calls_of_all_replications():
    found = study(SCENARIO, ["none"], replications=3, keep_calls=True)
    for result in found.results.values():
        assert result.calls["replication"].unique().tolist() == [0, 1, 2]
        by_replication = result.calls.groupby("replication").size().to_numpy()
        assert by_replication.tolist() == result.sample("dials").tolist()


@pytest.fixture
def folder(tmp_path):
    result = simulate(with_levers(LEND), replications=2, seed=5)
    return run_folder.write(result, [], tmp_path / "run", None, [], lambda run: None).folder


def test_a_run_is_made_again_from_its_folder(folder):
    again = rerun(folder)
    pd.testing.assert_frame_equal(again.intervals().astype({"city": str, "class": str}),
                                  read_parquet(folder / "intervals.parquet").astype({"city": str, "class": str}),
                                  check_dtype=False)
    assert (again.job.seed, again.replications) == (5, 2)


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_changed_folder_is_no_run(folder, harm):
    file = folder / "manifest.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    if harm == "cut":
        file.write_text("{}", encoding="utf-8")
    elif harm == "changed":
        said["scenario"]["cities"]["east"]["seats"]["number"] += 1
        file.write_text(json.dumps(said), encoding="utf-8")
    else:
        shutil.rmtree(folder)
    with pytest.raises((ValueError, OSError), match=r"no run folder|was changed|No such file"):
        rerun(folder)


def test_parquet_needs_no_engine_of_pandas(folder):
    assert read_parquet(str(folder / "pools.parquet"))["seats"].sum() > 0


def test_gains_of_a_study_are_typed():
    found = study(SCENARIO, ["none"], replications=2)
    gain, = run_command.gains(found)
    assert gain.callers_answered_province == found.difference("none", "callers_answered")


# --- scenarios -------------------------------------------------------------------------------------------------------

def test_levers_are_those_of_files():
    by_mapping = SCENARIO.with_levers([LEND])
    assert by_mapping.levers[0].seats.unit == "1"
    assert SCENARIO.with_levers(by_mapping.levers) == by_mapping
    assert SCENARIO.with_levers([]).levers == ()


@pytest.mark.parametrize(("lever", "says"), [
    ({**LEND, "kind": "lned"}, 'levers[1]: "lned" is no lever; did you mean "lend"?'),
    ({**LEND, "lender": "wst"}, 'levers[1].lender: "wst" is not in this scenario; did you mean "west"?'),
    ({**LEND, "classes": ["urgnt"]}, 'levers[1].classes: "urgnt" is not in this scenario; did you mean "urgent"?'),
    ({**LEND, "seats": "two"}, 'levers[1].seats: must be a number without a unit, got "two"'),
    ({key: value for key, value in LEND.items() if key != "seats"}, "levers[1].seats: is missing"),
    ({**LEND, "seat": 3}, "levers[1].seat: is no known name"),
    ({"lender": "west"}, "levers[1]: needs a kind: lend, desk"),
])
def test_a_lever_that_can_not_be_is_told_with_its_place(lever, says):
    with pytest.raises(ScenarioError) as told:
        SCENARIO.with_levers([LEND, lever])
    assert says in str(told.value)


def test_a_mapping_is_read_as_a_file_is(tmp_path):
    said = {"extends": "two-cities", "everyday_level": np.float64(1.5), "name": "own"}
    file = tmp_path / "own.yaml"
    file.write_text("surgeline: 1\nextends: two-cities\neveryday_level: 1.5\n", encoding="utf-8")
    assert load(said) == load(file)
    with pytest.raises(ScenarioError) as told:
        load({"extends": "two-cities", "focuss": ["east"], "cities": {"east": {"seats": -1}}})
    assert [(one.place.file, one.path) for one in told.value.problems] == [
        (MAPPING, "cities.east.seats"), (MAPPING, "focuss")]


# --- a grid ----------------------------------------------------------------------------------------------------------

def test_a_sweep_is_each_of_its_points_on_the_same_luck():
    grid = {"cities.east.agents": [10, 20], "cities.west.calls_a_day": [400.0, 500.0]}
    found = sweep(SCENARIO, grid, replications=2, workers=1)
    assert found.groupby(list(grid), sort=False).ngroups == 4
    usual = found[(found["cities.east.agents"] == 20) & (found["cities.west.calls_a_day"] == 500)]
    alone = simulate(SCENARIO, replications=2).metrics(("whole",)).drop(columns=["from", "to"])
    pd.testing.assert_frame_equal(usual.drop(columns=list(grid)).reset_index(drop=True), alone)
    dials = found[(found["metric"] == "callers") & (found["scope"] == "city:east")]["mean"]
    assert dials.nunique() == 1


def test_an_unknown_variant_is_told_with_the_nearest():
    with pytest.raises(KeyError, match=r"noon is no variant of two-cities; did you mean .none"):
        study(SCENARIO, ["noon"], replications=1, workers=1)


def test_a_point_that_breaks_rules_is_told():
    with pytest.raises(ScenarioError, match=r"leads nowhere; did you mean \"cities.east.seats\""):
        sweep(SCENARIO, {"cities.east.seat": [1]})
    with pytest.raises(ScenarioError, match=r"cities.east.absence: must be <= 1"):
        sweep(SCENARIO, {"cities.east.absence": ["5 %", 5]})
    with pytest.raises(ValueError, match="no points"):
        sweep(SCENARIO, {"cities.east.seats": []})


# --- rates -----------------------------------------------------------------------------------------------------------

def test_no_rate_leaves_its_bounds():
    tight = load({"extends": "two-cities", "everyday_level": 0.02, "surges": None, "levers": None})
    found = study(tight, {"none": tight.with_levers([])}, replications=4)
    whole = found.first.metrics()
    shares = whole[whole["unit"] == "share"]
    assert shares["high"].max() == 1
    assert shares["low"].min() >= 0
    assert (whole["low"].dropna() >= 0).all()
    assert ((shares["low"] <= shares["mean"]) | shares["low"].isna()).all()
    changes = found.table("none")
    assert changes[changes["unit"] == "share"][["low", "high"]].abs().max().max() <= 1
    figure = found.first.value("answer_rate_callers", "city:east")
    assert 0 <= figure.low <= figure.mean <= figure.high <= 1
