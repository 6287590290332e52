"""Replications, intervals, and the same luck under other levers."""
import numpy as np
import pytest

from sim.core.engines import engine
from sim.measures import statistics
from sim.measures.facts import IdentityError, check_identity
from sim.measures.statistics import RunningStats
from sim.reading.loading import load
from sim.studies import twins
from sim.studies.replication import Batch, Job, packed, replicate, unpacked
from sim.studies.result import difference
from sim.studies.study import simulate
from sim.world.build import build
from sim.world.callers import draw_callers


@pytest.fixture(scope="module")
def scenario():
    return load("two-cities")


@pytest.fixture(scope="module")
def result(scenario):
    return simulate(scenario, replications=4, keep_calls=True)


def test_mean_and_interval_are_students():
    values = np.array([3.0, 5.0, 4.0, 8.0])
    figure = statistics.figure(values)
    half = 3.182446305284263 * values.std(ddof=1) / 2  # t(0.975, 3) from tables
    assert figure.mean == pytest.approx(5)
    assert (figure.low, figure.high) == pytest.approx((5 - half, 5 + half))


@pytest.mark.parametrize("number", [1, 3])
def test_findings_come_as_they_were_sent(scenario, number):
    job = Job.of(scenario, "kernel", 1)
    sent = [replicate(job, i) for i in range(number)]
    for mine, theirs in zip(sent, Batch.of(sent, 1.0).findings, strict=True):
        for name, array in mine.arrays().items():
            assert (theirs.arrays()[name].dtype, theirs.arrays()[name].tobytes()) == (array.dtype, array.tobytes())


@pytest.mark.parametrize("ends", [(0, 127), (-129, 5), (0, 32768), (-7, 2**31), (-2**40, 0)])
def test_counts_of_any_size_are_packed(ends):
    counts = np.array([*ends, 3], np.int64)
    assert (unpacked(packed(counts)) == counts).all()


def test_one_replication_has_no_interval():
    figure = statistics.figure(np.array([3.0]))
    assert figure.mean == 3
    assert np.isnan(figure.low)
    assert np.isnan(figure.high)


def test_what_has_no_value_is_left_out():
    moments = RunningStats.like((2,))
    for values in ([1.0, np.nan], [3.0, 7.0]):
        moments.add(np.array(values))
    mean, low, _ = moments.interval()
    assert mean.tolist() == [2, 7]
    assert np.isnan(low[1])


def test_the_same_seed_gives_the_same_numbers(scenario, result):
    again = simulate(scenario, replications=4)
    assert again.metrics().equals(result.metrics())


def test_another_variant_meets_the_same_people(scenario, result):
    nobody = simulate(scenario.variant("none"), replications=4)
    assert np.array_equal(nobody.sample("callers", "city:east"), result.sample("callers", "city:east"))


def test_help_is_worth_something_and_paired_intervals_are_narrower(scenario, result):
    nobody = simulate(scenario.variant("none"), replications=4)
    gain = statistics.figure(difference(result, nobody, "answer_rate_callers", "city:east"))
    alone = result.value("answer_rate_callers", "city:east")
    assert gain.low > 0
    assert gain.high - gain.low < alone.high - alone.low


def test_tables_add_up(result):
    table = result.metrics()
    dials = table[table.metric == "dials"]
    whole = dials[(dials["from"] == dials["from"].min()) & (dials["to"] == dials["to"].max())]
    cities = whole[whole.scope.str.startswith("city:")]["mean"].sum()
    classes = whole[whole.scope.str.startswith("class:")]["mean"].sum()
    province = whole[whole.scope == "province"]["mean"].item()
    each = table[(table.metric == "dials") & (table.scope == "province")]["mean"].sum() - province
    assert cities == pytest.approx(province)
    assert classes == pytest.approx(province)
    assert each == pytest.approx(province)


def test_calls_tell_the_same_as_counts(scenario):
    one = simulate(scenario, replications=1, keep_calls=True)
    assert len(one.calls) == one.value("dials").mean
    assert (one.calls.outcome == "answered").sum() == one.value("answered").mean
    waits = one.calls[one.calls.outcome == "answered"].waited_ms / 1000
    assert one.value("mean_wait_s").mean == pytest.approx(waits.mean())
    assert one.value("p95_wait_s").mean == pytest.approx(np.sort(waits)[int(np.ceil(0.95 * len(waits))) - 1])


def test_a_dial_that_is_lost_count_of_stops_the_run(scenario):
    setting = build(scenario)
    callers = draw_callers(setting, 1, 0)
    outcomes = engine("kernel")(setting.world, callers)
    outcomes.flows[3, 0, 0] += 1
    with pytest.raises(IdentityError, match="dials lost count of"):
        check_identity(setting, outcomes)


def test_both_engines_agree_on_the_tutorial(scenario):
    verdict = twins.verify(scenario)
    assert verdict.calls > 1000
    assert verdict.differences == []


def test_a_difference_is_told(scenario):
    setting = build(scenario)
    callers = draw_callers(setting, 1, 0)
    one = engine("kernel")(setting.world, callers, True)
    other = engine("kernel")(setting.world, callers, True)
    other.calls["talk_ms"][0] += 1
    assert "talk_ms" in twins.compare(one, other)[0]
