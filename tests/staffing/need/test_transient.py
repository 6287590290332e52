"""Lines whose seats change, against theory: chains by matrix exponential, steady states, endless seats."""
import math

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import poisson

from optimizer.staffing.need.transient import (
    State,
    Work,
    by_step,
    least_at_moments,
    least_seats,
    least_seats_daily,
    passed,
    passed_daily,
)
from sim.queueing.erlang import erlang_a, erlang_c


def small_chain(rate, service, quitting, seats, most):
    """The generator of calls in a line with room for a few, columns from."""
    q = np.zeros((most + 1, most + 1))
    for n in range(most + 1):
        if n < most:
            q[n + 1, n] += rate
        if n > 0:
            q[n - 1, n] += min(n, seats) * service + max(n - seats, 0) * quitting
        q[n, n] = -q[:, n].sum()
    return q


def chances(state):
    return state.calls.in_line(state.seats)


@pytest.mark.parametrize(("patience", "quitting"), [(0.5, 2.0), (math.inf, 0.0)])
def test_chances_are_those_of_the_matrix_exponential(patience, quitting):
    work = Work(lambda t: 3.0, service=1.0, interval=0.7, patience=patience, closing="gives back")
    day = passed(work, [2, 4, 1])
    p = np.eye(81)[0]
    for seats in (2, 4, 1):
        p = expm(0.7 * small_chain(3.0, 1.0, quitting, seats, 80)) @ p
    mine = chances(day.states[-1])
    assert np.abs(mine - p[:len(mine)]).sum() < 1e-6


def test_a_closed_seat_finishes_its_call_and_takes_no_other():
    # Two calls at two seats, both of which close: each call ends by itself, and whoever comes waits.
    work = Work(lambda t: 0.0, service=1.0, interval=0.5)
    busy = State(passed(Work(lambda t: 200.0, 1.0, 1.0), [2]).states[-1].calls, 2)
    waiting = float(np.arange(len(chances(busy))) @ chances(busy)) - 2
    after = passed(work, [0], busy).states[-1]
    left = float(np.arange(len(chances(after))) @ chances(after))
    assert left == pytest.approx(waiting + 2 * math.exp(-0.5), abs=1e-4)


def test_a_call_that_is_given_back_is_answered_only_by_open_seats():
    work = Work(lambda t: 0.0, service=1.0, interval=0.5, closing="gives back")
    busy = State(passed(Work(lambda t: 200.0, 1.0, 1.0), [2]).states[-1].calls, 2)
    after = passed(work, [0], busy).states[-1]
    assert np.abs(chances(after) - chances(busy)).sum() < 1e-9


@pytest.mark.parametrize("seats", [5, 40, 2000])
def test_in_the_end_it_is_erlang_a(seats):
    load = seats * 1.05
    day = passed(Work(lambda t: load, 1.0, 20.0, patience=0.7, within=0.05), [seats, seats])
    steady = erlang_a(load, 1.0, seats, 0.7)
    found = {name: values[-1] for name, values in day.measures._asdict().items()}
    assert found["delayed"] == pytest.approx(steady.waits, abs=1e-5)
    assert found["all_busy"] == pytest.approx(steady.waits, abs=1e-5)
    assert found["answered_within"] == pytest.approx(steady.answered_within(0.05), abs=1e-5)
    assert found["abandoned"] / found["arrivals"] == pytest.approx(steady.abandoned, abs=1e-5)
    assert found["occupancy"] == pytest.approx(steady.occupancy, abs=1e-5)
    assert found["mean_queue"] == pytest.approx(steady.mean_queue, rel=1e-4)


def test_in_the_end_it_is_erlang_c():
    day = passed(Work(lambda t: 8.0, 1.0, 60.0, within=0.2), [10, 10])
    steady = erlang_c(8.0, 1.0, 10)
    assert day.measures.delayed[-1] == pytest.approx(float(steady.waits), abs=1e-5)
    assert day.measures.answered_within[-1] == pytest.approx(float(steady.answered_within(0.2)), abs=1e-5)
    assert day.measures.abandoned[-1] == 0


@pytest.mark.parametrize("closing", ["finishes", "gives back"])
def test_where_patience_is_as_long_as_service_the_number_is_poisson_whatever_the_seats(closing):
    rate = lambda t: 30 + 20 * math.sin(t)  # noqa: E731
    work = Work(rate, 1.0, 0.5, patience=1.0, closing=closing)
    day = passed(work, [40, 10, 35, 0, 50, 20, 5])
    t, w = 3.5, 1.0
    mean = 30 * (1 - math.exp(-t)) + 20 * (math.sin(t - math.atan(w)) + math.exp(-t) * math.sin(math.atan(w))
                                          ) / math.sqrt(2)
    mine = chances(day.states[-1])
    assert np.abs(mine - poisson.pmf(np.arange(len(mine)), mean)).sum() < 1e-6


def test_twenty_one_times_the_load():
    work = Work(lambda t: 21 * 75 / 300, 300.0, 1800.0, patience=900.0, within=15.0)
    day = passed(work, [75] * 4)
    steady = erlang_a(21 * 75 / 300, 300.0, 75, 900.0)
    assert day.measures.delayed[-1] == pytest.approx(1.0)
    assert day.measures.mean_queue[-1] == pytest.approx(float(steady.mean_queue), rel=0.03)
    assert chances(day.states[-1]).sum() == pytest.approx(1.0, abs=1e-7)


def test_the_least_seats_at_moments_are_poisson_quantiles():
    work = Work(lambda t: 50 + 25 * math.sin(t), 1.0, 0.5, patience=1.0)
    found = least_at_moments(work, np.arange(0, 20.1, 0.5), 0.2)
    for state, seats in zip(found.states[20:-1], found.seats[20:], strict=True):
        mean = float(np.arange(len(chances(state))) @ chances(state))
        assert poisson.sf(seats - 1, mean) <= 0.2 + 1e-6
        assert poisson.sf(seats - 2, mean) > 0.2 - 1e-6


@pytest.mark.parametrize("load", [1.0, 20.0, 300.0])
def test_the_fewest_seats_are_enough_and_one_less_is_not(load):
    work = Work(lambda t: load * (1 - math.cos(t)), 0.3, math.pi / 4, patience=0.4, within=0.02)
    found = least_seats(work, 8, lambda one: one.answered_within >= 0.8)
    assert (found.measures.answered_within >= 0.8).all()
    for number, (state, seats) in enumerate(zip(found.states[:-1], found.seats, strict=True)):
        if seats:
            assert work.pass_interval(state, number, int(seats) - 1)[1].answered_within < 0.8


def test_higher_targets_and_loads_never_need_fewer_seats_over_the_whole():
    def hours(load, goal):
        work = Work(lambda t: load * (1 + 0.5 * math.sin(t)), 0.5, math.pi / 3, patience=2.0, closing="gives back")
        return least_seats(work, 6, lambda one: one.delayed <= goal).seats.sum()

    assert hours(20, 0.5) <= hours(20, 0.2) <= hours(20, 0.05)
    assert hours(10, 0.2) <= hours(20, 0.2)


def test_a_day_begins_as_it_ends():
    work = Work(lambda t: 12 * (1 - math.cos(2 * math.pi * t / 24)), 0.5, 2.0, closing="gives back")
    day = least_seats_daily(work, 12, lambda one: one.all_busy <= 0.2)
    again = passed_daily(work, day.seats)
    assert (again.measures.all_busy <= 0.2).all()
    assert np.allclose(again.measures.all_busy, day.measures.all_busy, atol=1e-5)


def test_a_line_that_grows_for_ever_is_no_day():
    with pytest.raises(ArithmeticError, match="not yet as it was"):
        passed_daily(Work(lambda t: 3.0, 1.0, 1.0), [1, 1])


def test_rates_by_step():
    rate = by_step([1.0, 5.0], 2.0)
    assert [rate(t) for t in (0.0, 1.9, 2.0, 3.9, 4.0)] == [1, 1, 5, 5, 1]
    day = passed(Work(rate, 1.0, 2.0), [10, 10])
    assert day.measures.arrivals == pytest.approx([2.0, 10.0], rel=1e-6)


@pytest.mark.parametrize(("call", "says"), [
    (lambda: Work(lambda t: 1.0, 0.0, 1.0), "service must be above 0 and finite, got 0"),
    (lambda: Work(lambda t: 1.0, 1.0, 1.0, patience=0.0), "patience must be above 0, got 0"),
    (lambda: passed(Work(lambda t: 1.0, 1.0, 1.0), [1.5]), "seats must be whole numbers from 0 to 1,000,000, got 1.5"),
    (lambda: by_step([-1.0], 1.0), "rates must be at least 0 and finite, got -1"),
])
def test_nonsense_is_refused(call, says):
    with pytest.raises(ValueError, match=f"^{says}$"):
        call()
