"""Assumptions moved through their ranges: what they do, and whether the ranking turns."""
import json
import random
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np
import pytest
from click.testing import CliRunner

from sim.reading.loading import load
from sim.scenario.scenario import BASE
from sim.studies import sensitivity
from sim.studies.checkpoint import Checkpoint
from sim.studies.executors import Here
from sim.studies.replication import Job
from sim.studies.selection import objective
from sim.studies.sensitivity import Factor, Point, Sensitivity, bound, factors, turn
from sim.studies.study import simulate
from surgeline.cli import main
from surgeline.folders.tables import read_parquet


@pytest.fixture(scope="module", autouse=True)
def few_points():
    """The same design with fewer points."""
    with pytest.MonkeyPatch.context() as patch:
        for name, number in {"TRAJECTORIES": 3, "CLOSE_POINTS": 4, "ANYWHERE": 6}.items():
            patch.setattr(sensitivity, name, number)
        yield


@pytest.fixture(scope="module")
def scenario():
    return load("two-cities")


@pytest.fixture(scope="module")
def found(scenario):
    return sensitivity.sensitivity(scenario, workers=1)


def named(found, name):
    return next(one for one in found if one.factor.name == name)


def test_assumptions_of_one_kind_and_reason_move_together(scenario):
    by_name = {factor.name: factor for factor in factors(scenario)}
    assert by_name["cities.east.calls_a_day"].places == (("cities", "east", "calls_a_day"),
                                                         ("cities", "west", "calls_a_day"))
    assert len(by_name["classes.everyday.patience.mean"].places) == 1


def test_each_place_goes_through_its_own_range():
    factor = Factor((("a",), ("b",)), (2.0, 30.0), (1.0, 10.0), (3.0, 50.0), "")
    assert factor.base == 0.5
    assert factor.numbers(0.25) == {("a",): 1.5, ("b",): 20.0}


def test_the_base_is_the_scenario_itself(scenario, found):
    for variant, rate in zip(found.variants, found.base, strict=True):
        plan = scenario if variant == BASE else scenario.variant(variant)
        assert rate == pytest.approx(float(objective(simulate(plan, replications=1))[0]), abs=1e-12)


def test_what_has_no_effect_is_told(found):
    effects = found.effects[BASE]
    nothing = named(effects, "levers.0.speed.day_5")  # the scenario has but one day
    assert nothing.screened == 0
    assert np.isnan(nothing.low)
    assert effects[0].factor.name == "surges.0.shocks.0.callers"
    assert effects[0].screened > 0.1
    assert effects[0].low > effects[0].high  # the more call, the fewer of a hundred are answered


def test_points_and_outcomes_are_kept(found):
    table = found.table()
    assert len(table) == len(found.points) == len(table.drop_duplicates(table.columns[:5].tolist()))
    assert table.filter(like="rate ").to_numpy().min() > 0
    assert found.anywhere == 6


@pytest.mark.parametrize("above", [True, False])
def test_the_bound_that_turns_a_ranking_is_found(above):
    rng = np.random.default_rng(1)
    cube = rng.random((400, 3))
    gain = np.where((cube[:, 1] > 0.3) == above, 0.05, -0.05)
    told = [Factor(((name,),), (0.2,), (0.0,), (0.4,), "") for name in "abc"]
    points = [Point(tuple(u), (0.5, 0.5 + g)) for u, g in zip(cube, gain, strict=True)]
    answer = Sensitivity((BASE, "x"), (0.5, 0.5), told, points=points, anywhere=400)
    turned = turn(answer, 1)
    assert turned.factor is told[1]
    assert turned.above == above
    assert turned.bound == pytest.approx(0.12, abs=0.002)  # 0.3 of the range from 0 to 0.4
    assert turned.better == pytest.approx(0.7 if above else 0.3, abs=0.07)


def test_no_bound_is_told_where_none_tells():
    rng = np.random.default_rng(2)
    points = [Point(tuple(u), (0.5, 0.5 + g)) for u, g in zip(rng.random((200, 2)), rng.choice([-0.1, 0.1], 200),
                                                               strict=True)]
    told = [Factor(((name,),), (0.2,), (0.0,), (1.0,), "") for name in "ab"]
    answer = Sensitivity((BASE, "x"), (0.5, 0.5), told, points=points, anywhere=200)
    assert bound(answer, np.array([p.rates[1] > 0.5 for p in points])) is None


def test_the_command_writes_a_report_in_both_languages(tmp_path):
    folder = tmp_path / "out"
    done = CliRunner().invoke(main, ["sensitivity", "two-cities", "--out", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["kind"] == "sensitivity"
    assert {one["variant"] for one in told["turns"]} == {"none", "at-once", "longer-shared"}
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    zh, en = page.split('<main id="en"')
    for tag in ("<section", "<svg", "<table", "<tr"):
        assert zh.count(tag) == en.count(tag) > 0
    before = page
    assert CliRunner().invoke(main, ["report", str(folder)]).exit_code == 0
    assert (folder / "report.html").read_text(encoding="utf-8") == before
    again = CliRunner().invoke(main, ["sensitivity", "two-cities", "--out", str(folder), "--lang", "en"])
    assert again.exit_code == 2

    def run_beside(name, *more):
        words = ["run", "two-cities", "--replications", "2", "--out", str(tmp_path / name), *more]
        assert CliRunner().invoke(main, words).exit_code == 0
        return (tmp_path / name / "report.html").read_text(encoding="utf-8")
    rates = read_parquet(folder / "points.parquet")["rate base"].tail(6)
    low, high = (f"{100 * x:.1f}\N{NO-BREAK SPACE}%" for x in rates.quantile([0.05, 0.95]))
    page = run_beside("run")
    assert f"东城全程接通率（按人）为 {low} 至 {high}（敏感性研究中 6 个点的" in page
    assert f"Eastville answers {low} to {high} by caller" in page
    assert "of the sensitivity study" not in run_beside("other", "--variant", "none")


def test_a_scenario_without_assumptions_is_refused(tmp_path):
    file = tmp_path / "sure.yaml"
    file.write_text("""surgeline: 1
title: {zh: 定, en: sure}
horizon: {start: 2021-08-02, end: 2021-08-02, interval: 1 h}
cities: {a: {name: {zh: 甲, en: A}, calls_a_day: 100, seats: 2, agents: 2, shifts: all, absence: 0, shrinkage: 0}}
classes: {all: {name: {zh: 全, en: all}, patience: for ever, talk: {law: fixed, mean: 1 min},
  after_busy: {share: 0, delay: {law: fixed, mean: 1 min}},
  after_hanging_up: {share: 0, delay: {law: fixed, mean: 1 min}}}}
shifts: {all: [{start: "00:00", hours: 24, share: 1}]}
profiles: {day: {day: [1]}}
everyday: {all: {profile: day}}
""", encoding="utf-8")
    done = CliRunner().invoke(main, ["sensitivity", str(file), "--out", str(tmp_path / "out"), "--lang", "en"])
    assert done.exit_code == 2, done.output
    assert "no assumption with a range" in done.output


# --- interrupted, and in whatever order ------------------------------------------------------------------------------

class Until(Here):
    """Works until it is interrupted, and counts."""

    def __init__(self, units=10**9):
        super().__init__()
        self.left, self.done = units, 0

    def submit(self, fn, /, *args, **options):
        if self.left == 0:
            raise KeyboardInterrupt
        self.left, self.done = self.left - 1, self.done + 1
        return super().submit(fn, *args, **options)


class Backwards(Executor):
    """Results come in another order than they were asked for."""

    workers = 4

    def __init__(self):
        self.threads = ThreadPoolExecutor(4)

    def submit(self, fn, /, *args, **options):
        return self.threads.submit(self.late, fn, *args, **options)

    def late(self, fn, *args, **options):
        time.sleep(random.choice([0, 0.01, 0.05]))
        return fn(*args, **options)


def test_points_come_in_the_order_of_the_design_whoever_computed_them(scenario, found):
    again = sensitivity.sensitivity(scenario, workers=Backwards())
    assert again.points == found.points
    assert str(again.effects) == str(found.effects)


def test_an_interrupted_study_computes_no_point_twice(scenario, found, tmp_path):
    computed = 0
    for units in (1, 7, 23):
        executor = Until(units)
        with pytest.raises(KeyboardInterrupt):
            sensitivity.sensitivity(scenario, workers=executor, folder=tmp_path)
        computed += executor.done
    executor = Until()
    again = sensitivity.sensitivity(scenario, workers=executor, folder=tmp_path)
    assert computed + executor.done == len(found.points)
    assert again.points == found.points
    assert str(again.turns) == str(found.turns)


def test_what_another_study_kept_is_not_taken(scenario, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        sensitivity.sensitivity(scenario, workers=Until(5), folder=tmp_path, seed=2)
    executor = Until(3)
    with pytest.raises(KeyboardInterrupt):
        sensitivity.sensitivity(scenario, workers=executor, folder=tmp_path, seed=1)
    assert executor.done == 3
    trials = sensitivity.Trials(scenario, factors(scenario), "kernel", 1, 1, executor, None, 100,
                                Checkpoint(tmp_path, sensitivity.key_of(Job.of(scenario, "kernel", 1), 1)))
    trials.take_up()
    assert len(trials.kept) == 3


def test_the_command_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    real, calls = sensitivity.rates, []

    def interrupted(*words):
        calls.append(words)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*words)

    monkeypatch.setattr("sim.studies.executors.at_work", lambda _: nullcontext(Here()))
    monkeypatch.setattr(sensitivity, "rates", interrupted)
    done = CliRunner().invoke(main, ["sensitivity", "two-cities", "--out", "out", "--lang", "en"])
    assert done.exit_code == 130, done.output
    assert "goes on from here" in done.output
    assert [path.name for path in tmp_path.iterdir()] == [".unfinished"]
    done = CliRunner().invoke(main, ["sensitivity", "two-cities", "--out", "out", "--json"])
    assert done.exit_code == 0, done.output
    assert "接着上次未完成的部分继续" in done.output
    assert len(calls) == json.loads(done.stdout.splitlines()[-1])["points"] + 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
