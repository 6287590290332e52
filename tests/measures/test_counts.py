"""Means of counts are over all replications, and cities, classes and pools add up to the province."""
import dataclasses
import textwrap

import numpy as np
import pytest

from sim.measures.breakdowns import COUNTS
from sim.measures.counts import count
from sim.measures.facts import IdentityError
from sim.measures.metrics import METRICS
from sim.reading.loading import load
from sim.studies.replication import Job, outcomes_of, prepared
from sim.studies.selection import Selection, rate
from sim.studies.study import simulate, study
from sim.studies.validation import against_record

QUIET = """
surgeline: 1
title: {zh: 小城, en: Small}
horizon: {start: 2021-08-02 03:00, end: 2021-08-02 04:00, interval: 15 min}
cities:
  east:
    name: {zh: 东城, en: Eastville}
    calls_a_day: CALLS
    seats: 10
    agents: AGENTS
    shifts: days
    absence: 0
    shrinkage: 0
shifts:
  days: [{start: "00:00", hours: 24, share: 100 %}]
profiles:
  plain: {day: [1]}
everyday: {main: {profile: plain}}
classes:
  main:
    name: {zh: 日常, en: everyday}
    patience: {law: fixed, mean: 2 min}
    talk: {law: exponential, mean: 3 min}
    after_busy: {share: 0, delay: {law: fixed, mean: 1 min}}
    after_hanging_up: {share: 0, delay: {law: fixed, mean: 1 min}}
observed:
  - {metric: dials, scope: "city:east", value: 0.5, within: 50 %, source: by hand}
  - {metric: dials, scope: "class:main", value: 0.5, within: 50 %, source: by hand}
variants:
  one:
    name: {zh: 派一人, en: one agent}
    levers: []
    change: {cities.east.agents: 1}
"""
HALL_WITHOUT_CALLERS = """
surgeline: 1
extends: two-cities
title: {zh: 帮忙的城, en: A helping city}
cities: {west: {calls_a_day: 0}}
levers: []
routing: {policy: pooled}
"""


@pytest.fixture
def scenario(tmp_path):
    def written(text, **values):
        for name, value in values.items():
            text = text.replace(name, str(value))
        path = tmp_path / "scenario.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return load(str(path))
    return written


def test_an_hour_in_which_nobody_calls_counts_as_nothing(scenario):
    found = simulate(scenario(QUIET, CALLS=12, AGENTS=10), replications=200)
    silent = found.sample("dials") == 0
    assert 0.5 < silent.mean() < 0.75  # Poisson of mean 0.5: 61 %
    for scope in ("province", "city:east", "class:main"):
        for metric in ("dials", "callers", "answered", "callers_answered", "abandoned", "helpers_answered"):
            sample = found.sample(metric, scope)
            assert np.isfinite(sample).all()
            assert found.value(metric, scope).mean == pytest.approx(sample.mean())
    assert found.value("dials").mean == pytest.approx(0.5, abs=0.15)
    assert found.value("answered", "pool:east").mean == found.value("answered").mean
    table = found.metrics()
    counts = table[table.metric.isin([metric.__name__ for metric, unit in METRICS.items() if unit == "1"])]
    assert (counts.replications == 200).all()


def test_a_record_of_a_count_is_over_all_replications(scenario):
    found = simulate(scenario(QUIET, CALLS=12, AGENTS=10), replications=200)
    city, klass = against_record(found, {})
    assert city.figure.mean == klass.figure.mean == found.value("dials").mean


def test_a_record_of_several_classes_takes_them_as_one(scenario):
    text = HALL_WITHOUT_CALLERS + """
observed:
  - {metric: answer_rate_dials, scope: "class:urgent+everyday", value: 0.5, within: 99 %, source: all there is}
  - {metric: p95_wait_s, scope: "class:urgent+everyday", value: 1, within: 99 %, source: all there is}
  - {metric: dials, scope: "class:urgent+everyday", value: 1, within: 99 %, source: all there is}
"""
    found = simulate(scenario(text), replications=2)
    for line, metric in zip(against_record(found, {}), ("answer_rate_dials", "p95_wait_s", "dials"), strict=True):
        assert line.figure.mean == pytest.approx(found.value(metric).mean)


def test_what_a_hall_answers_for_a_neighbour_is_the_neighbours(scenario):
    found = simulate(scenario(HALL_WITHOUT_CALLERS), replications=3)
    east, west, all_of_them = (found.value("answered", s).mean for s in ("city:east", "city:west", "province"))
    assert west == 0
    assert east == all_of_them > 0
    pools = found.value("answered", "pool:east").mean + found.value("answered", "pool:west").mean
    assert pools == pytest.approx(all_of_them)
    assert found.value("helpers_answered", "city:east").mean == found.value("answered", "pool:west").mean > 0


def test_cities_that_do_not_add_up_stop_the_run(scenario):
    job = Job.of(scenario(HALL_WITHOUT_CALLERS), "kernel", 1)
    setting, levels = prepared(job)
    counted = count(setting, outcomes_of(job, 0), 15.0)
    level = levels["whole"]
    values = level.measure(setting, counted)
    cities = [i for i, scope in enumerate(level.scopes) if scope.name.startswith("city:")]
    assert (values[COUNTS][:, cities].sum(axis=1) == values[COUNTS, 0]).all()
    one_city_less = [scope for scope in level.scopes if scope.name != "city:east"]
    with pytest.raises(IdentityError, match="city by city"):
        dataclasses.replace(level, scopes=one_city_less).measure(setting, counted)


def test_silence_is_no_answer(scenario):
    """Nobody is on duty: whoever calls is not answered, and hours without callers say nothing."""
    found = study(scenario(QUIET, CALLS=24, AGENTS=0), replications=40, workers=1)
    rates = rate(found.first, "callers")
    assert np.isnan(rates).any()
    assert np.nanmean(rates) == 0
    choice = Selection().choose(np.array([rate(result, "callers") for result in found.results.values()]).T)
    assert choice.left == [1]
    assert choice.decided_after is not None
    assert choice.decided_after <= 40


def test_where_nobody_ever_calls_nothing_is_chosen(scenario):
    found = study(scenario(QUIET, CALLS=0, AGENTS=1), replications=12, workers=1)
    values = np.array([rate(result, "callers") for result in found.results.values()]).T
    assert np.isnan(values).all()
    assert Selection().choose(values).decided_after is None
    assert found.first.value("dials").mean == 0
    assert np.isnan(found.first.value("answer_rate_callers").mean)


def test_the_table_of_a_run_has_the_record_beside_whole_and_days(scenario):
    text = HALL_WITHOUT_CALLERS + """
observed:
  - {metric: dials, scope: "city:east", from: 2021-08-02 10:00, to: 2021-08-02 11:00, above: 1, source: an hour}
  - {metric: dials, scope: "city:east", any_interval: true, above: 1, source: some quarter}
  - {metric: dials, scope: "city:east", above: 1, source: the whole}
"""
    found = simulate(scenario(text), replications=3)
    hour, whole = found.metrics_of_record().itertuples(index=False)
    assert [str(hour[i]) for i in (2, 3)] == ["2021-08-02 10:00:00", "2021-08-02 11:00:00"]
    each = found.metrics_by_interval()
    inside = each[(each.metric == "dials") & (each.scope == "city:east") & (each["from"] >= "2021-08-02 10:00")
                  & (each["to"] <= "2021-08-02 11:00")]
    assert len(inside) == 4
    assert hour.mean == pytest.approx(inside["mean"].sum())
    assert whole.mean == pytest.approx(found.value("dials", "city:east").mean)


@pytest.mark.parametrize(("wrong", "said"), [
    ({"replications": 0}, "replications"), ({"replications": 2.5}, "replications"), ({"replications": -1}, "replicat"),
    ({"replications": True}, "replications"), ({"seed": 1.5}, "seed"), ({"seed": -1}, "seed"), ({"seed": "1"}, "seed"),
    ({"engine": "SimPy"}, "simpy"), ({"engine": None}, "engine"), ({"workers": 0}, "workers"), ({"most": 0}, "most"),
    ({"precision": "0.5"}, "positive"),
], ids=str)
def test_what_makes_no_study_is_refused(scenario, wrong, said):
    with pytest.raises(ValueError, match=said):
        study(scenario(HALL_WITHOUT_CALLERS), [], **wrong)


@pytest.mark.parametrize("seed", [0, 2**64 - 1, 2**64, 2**128 - 1, np.uint64(7), np.int32(7)], ids=str)
def test_any_whole_number_is_a_seed(scenario, seed):
    one, other = (study(scenario(HALL_WITHOUT_CALLERS), [], replications=1, seed=s).first.value("dials").mean
                  for s in (seed, int(seed)))
    assert one == other > 0


def test_large_seeds_are_different_lucks(scenario):
    dials = [study(scenario(HALL_WITHOUT_CALLERS), [], replications=1, seed=s).first.value("dials").mean
             for s in (1, 2**64 + 1, 2**65 + 1, 2**64 + 2)]
    assert len(set(dials)) == len(dials)
