"""The formulas against exact numbers from elsewhere, against each other, and against laws that hold for any queue."""
import json
import math
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from sim.queueing.erlang import erlang_a, erlang_b, erlang_c, finite_line, with_redial

CASES = json.loads((Path(__file__).parents[1] / "data" / "queueing.json").read_text(encoding="utf-8"))["cases"]
STEADY = [case for case in CASES
          if case["family"] in ("M/M/n", "M/M/n/n", "M/G/n/n", "M/M/n+M", "M/M/n/K", "M/M/n/K+M")]
RETRIAL = {case["id"]: case for case in CASES if case["family"] == "retrial CTMC"}
SHARES = ("blocked", "abandoned", "answered", "waits", "occupancy")
MEASURES = (*SHARES, "mean_wait_answered_s", "mean_wait_joined_s", "mean_queue")
PUBLISHED_AS = {
    "blocked": "p_block_per_attempt", "abandoned": "p_abandon_per_attempt", "answered": "answer_rate_per_attempt",
    "waits": "p_wait_per_attempt", "occupancy": "occupancy", "mean_wait_answered_s": "mean_wait_answered_s",
    "mean_wait_joined_s": "mean_wait_joined_s", "mean_queue": "mean_queue",
}

tries = settings(max_examples=150, deadline=None, database=None, derandomize=True)
handles = st.floats(10, 1000)
seats = st.integers(1, 60)
loads_a_seat = st.floats(0.05, 5)
patiences = st.floats(1, 5000)
rooms = st.integers(0, 60)


def arguments(case):
    params = case["params"]
    return params["arrival_rate_per_s"], params["mean_service_s"], params["agents"]


def patience(case):
    return case["params"].get("mean_patience_s") or math.inf


def endless(case):
    return erlang_c(*arguments(case)) if patience(case) == math.inf else erlang_a(*arguments(case), patience(case))


def finite(case):
    return finite_line(*arguments(case), case["params"]["lines_total"] or 2000, patience(case))


def close(number, rel=1e-9):
    return pytest.approx(number, rel=rel, abs=1e-20)


def assert_case(measures, expected):
    assert {name: getattr(measures, name) for name in MEASURES} == {
        name: close(expected[published]) for name, published in PUBLISHED_AS.items()}
    assert measures.answered_within(20) == close(expected["sl20_per_attempt"])


def assert_sane(measures):
    """No overflow, no nan, nothing negative, no share above 1, and no more answered sooner than later."""
    assert all(getattr(measures, name) >= 0 for name in MEASURES)
    assert all(getattr(measures, name) <= 1 + 1e-12 for name in SHARES)
    served = [measures.answered_within(wait_s) for wait_s in (0, 1e-9, 1, 15, 1e4, 1e9, 1e300, math.inf)]
    assert served[0] >= 0
    assert served[-1] <= 1 + 1e-12
    assert all(sooner <= later + 1e-12 for sooner, later in pairwise(served))


# --- exact numbers ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("case", STEADY, ids=lambda case: case["id"])
def test_a_finite_line_reproduces_exact_numbers(case):
    assert_case(finite(case), case["expected"])


@pytest.mark.parametrize("case", [case for case in STEADY if case["params"]["lines_total"] is None],
                         ids=lambda case: case["id"])
def test_an_endless_line_reproduces_exact_numbers(case):
    assert_case(endless(case), case["expected"])


@pytest.mark.parametrize("case", [case for case in STEADY if case["family"] in ("M/M/n/n", "M/G/n/n")],
                         ids=lambda case: case["id"])
def test_erlang_b_reproduces_exact_numbers(case):
    rate, handle_s, n = arguments(case)
    assert erlang_b(rate * handle_s, n) == close(case["expected"]["p_block_per_attempt"])


@tries
@given(st.fractions(Fraction(1, 1000), 500, max_denominator=1000), st.integers(0, 300))
def test_erlang_b_is_the_recursion_in_exact_fractions(load, n):
    inverse = Fraction(1)
    for k in range(1, n + 1):
        inverse = 1 + inverse * k / load
    assert erlang_b(float(load), n) == pytest.approx(float(1 / inverse), rel=1e-11, abs=1e-300)


@tries
@given(st.integers(0, 8), st.integers(1, 8), handles, patiences, st.floats(0, 500))
def test_the_wait_in_line_is_the_one_of_a_marked_caller(ahead, n, handle_s, patience_s, wait_s):
    """Follow one caller through the line, by a matrix exponential: this shares no formula with the module."""
    lines = n + ahead + 1  # a rate so high that whoever gets in is the last of a full line
    measures = finite_line(1e9, handle_s, n, lines, patience_s)
    moves = np.zeros((ahead + 2, ahead + 2))  # callers ahead; at last, being answered
    for k in range(ahead + 1):
        moves[k, k - 1] = n / handle_s + k / patience_s
        moves[k, k] = -moves[k, k - 1] - 1 / patience_s
    assert measures.answered_within(wait_s) / (measures.answered + measures.abandoned) == pytest.approx(
        expm(moves * wait_s)[ahead, -1], rel=1e-7, abs=1e-9)


# --- each other ------------------------------------------------------------------------------------------------------

@tries
@given(loads_a_seat, handles, seats, patiences, st.floats(0, 1000))
def test_an_endless_line_is_a_finite_line_with_room_for_all(load, handle_s, n, patience_s, wait_s):
    rate = load * n / handle_s
    most = n + rate * patience_s
    short, long = erlang_a(rate, handle_s, n, patience_s), finite_line(
        rate, handle_s, n, int(most + 50 * math.sqrt(most) + 500), patience_s)
    for name in MEASURES:
        assert getattr(short, name) == close(getattr(long, name))
    assert short.answered_within(wait_s) == close(long.answered_within(wait_s))


@pytest.mark.parametrize(("load", "n"), [(95, 100), (4900, 5000), (0.5, 1)])
def test_endless_patience_is_the_limit_of_long_patience(load, n):
    patient, longer = erlang_a(load / 240, 240, n, 1e9), erlang_c(load / 240, 240, n)
    assert patient.waits == pytest.approx(longer.waits, rel=1e-5)
    assert patient.mean_wait_answered_s == pytest.approx(longer.mean_wait_answered_s, rel=1e-5)
    assert patient.answered_within(15) == pytest.approx(longer.answered_within(15), rel=1e-5)


def test_arrays_give_what_numbers_give():
    rates, n = np.array([[0.1], [1.0], [10.0]]), np.array([0, 1, 50, 2000])
    for formula, more in ((erlang_c, ()), (erlang_a, (120.0,))):
        many = formula(rates, 240.0, n, *more)
        for (i, rate), (j, k) in product(enumerate(rates[:, 0]), enumerate(n)):
            one = formula(rate, 240.0, k, *more)
            assert [getattr(many, name)[i, j] for name in MEASURES] == [getattr(one, name) for name in MEASURES]
            assert many.answered_within(15)[i, j] == one.answered_within(15)


# --- laws that hold for any queue ------------------------------------------------------------------------------------

@tries
@given(loads_a_seat, handles, seats, rooms, patiences | st.just(math.inf))
def test_every_dial_and_every_second_is_accounted_for(load, handle_s, n, room, patience_s):
    rate = load * n / handle_s
    measures = finite_line(rate, handle_s, n, n + room, patience_s)
    assert measures.blocked + measures.abandoned + measures.answered == pytest.approx(1, abs=1e-12)
    assert measures.occupancy == close(load * measures.answered)
    joined = measures.answered + measures.abandoned
    assert measures.mean_queue == close(rate * joined * measures.mean_wait_joined_s)
    assert measures.abandoned == close(measures.mean_queue / patience_s / rate)
    assert measures.answered_within(0) + measures.waits + measures.blocked == pytest.approx(1, abs=1e-12)


@tries
@given(loads_a_seat, handles, seats, rooms, patiences | st.just(math.inf), st.floats(0, 600))
def test_more_seats_or_fewer_calls_are_never_worse(load, handle_s, n, room, patience_s, wait_s):
    rate = load * n / handle_s
    now = finite_line(rate, handle_s, n, n + room, patience_s)
    for better in (finite_line(rate, handle_s, n + 1, n + 1 + room, patience_s),
                   finite_line(0.9 * rate, handle_s, n, n + room, patience_s)):
        assert better.answered >= now.answered - 1e-12
        assert better.answered_within(wait_s) >= now.answered_within(wait_s) - 1e-12
        assert better.blocked <= now.blocked + 1e-12


@tries
@given(loads_a_seat, handles, seats, rooms, patiences)
def test_more_lines_turn_busy_signals_into_waiting(load, handle_s, n, room, patience_s):
    few, many = (finite_line(load * n / handle_s, handle_s, n, n + room + more, patience_s) for more in (0, 1))
    assert many.blocked <= few.blocked
    assert many.answered >= few.answered - 1e-12
    assert many.mean_wait_joined_s >= few.mean_wait_joined_s - 1e-9


# --- any overload ----------------------------------------------------------------------------------------------------

LOADS = (0, 1e-300, 1e-9, 1, 999.999, 1000, 1e4, 1e12)
SEATS = (0, 1, 1000, 5000)


@pytest.mark.parametrize(("load", "n"), list(product(LOADS, SEATS)))
def test_no_load_breaks_a_formula(load, n):
    assert 0 <= erlang_b(load, n) <= 1
    assert_sane(erlang_c(load / 240, 240, n))
    for patience_s in (1e-9, 15, 240, 1e9):
        measures = erlang_a(load / 240, 240, n, patience_s)
        assert_sane(measures)
        assert measures.abandoned + measures.answered == pytest.approx(1, abs=1e-9)
    for lines, patience_s in product((1, 20, 20_000), (1e-300, 15, 1e300, math.inf)):
        assert_sane(finite_line(load / 240, 240, n, lines, patience_s))


def test_erlang_b_goes_to_its_limits():
    assert erlang_b([0, 5], 0) == pytest.approx(1, rel=1e-12)
    assert erlang_b(0, 5) == erlang_b(1e-9, 5000) == 0
    assert erlang_b(1e4, 1) == pytest.approx(1e4 / 10001, rel=1e-12)


@pytest.mark.parametrize(("load", "n"), [(10, 10), (10_000, 1), (1, 0)])
def test_erlang_c_says_that_it_is_never_stable(load, n):
    measures = erlang_c(load / 240, 240, n)
    assert measures.waits == 1.0
    assert measures.mean_wait_answered_s == measures.mean_wait_joined_s == measures.mean_queue == math.inf
    assert measures.answered_within(1e300) == 0
    assert measures.answered == pytest.approx(n / load)


def test_overloaded_seats_answer_what_they_can():
    for measures in (erlang_a(10_000 / 240, 240, 1, 60), finite_line(10_000 / 240, 240, 1, 300)):
        assert measures.occupancy == pytest.approx(1, rel=1e-12)
        assert measures.answered == pytest.approx(1e-4, rel=1e-12)


def test_without_seats_nobody_is_answered():
    for measures in (erlang_a(1, 240, 0, 60), finite_line(1, 240, 0, 5, 60), finite_line(1, 240, 0, 5)):
        assert measures.answered == measures.occupancy == measures.mean_wait_answered_s == 0
    assert finite_line(1, 240, 0, 5).blocked == 1


# --- people who dial again -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "dials", "callers_answered"), [
    ("R1_retrial_n1", -0.167, 0), ("R2_retrial_n2", -0.153, 0), ("R4_retrial_n10_over", -0.001, 0.002),
    ("R6_abandon_retrial_n10", -0.003, 0.005), ("R8_both_n5", -0.043, 0.019),
])
def test_redials_as_fresh_calls_are_so_far_from_the_exact_chains(name, dials, callers_answered):
    """The gap of the approximation: none or few per cent, but a sixth of the dials at one or two seats."""
    case, expected = RETRIAL[name], RETRIAL[name]["expected"]
    told = with_redial(*arguments(case), case["params"]["lines_total"], patience(case),
                       after_busy=case["params"]["redial_prob_after_busy"],
                       after_abandon=case["params"]["redial_prob_after_abandon"])
    gap = told.dials_per_s / expected["attempt_rate_per_s"] - 1
    assert min(dials, 0) <= gap <= dials / 2
    gap = told.callers_answered / expected["answer_rate_per_unique"] - 1
    assert callers_answered / 2 - 1e-9 <= gap <= callers_answered + 1e-9


@tries
@given(loads_a_seat, seats, rooms, patiences | st.just(math.inf), st.floats(0, 0.99), st.floats(0, 1),
       st.none() | st.integers(1, 20))
def test_redials_feed_themselves(load, n, room, patience_s, after_busy, after_abandon, most_dials):
    rate = load * n / 240
    told = with_redial(rate, 240, n, n + room, patience_s, after_busy=after_busy, after_abandon=after_abandon,
                       most_dials=most_dials)
    dial = told.measures
    assert dial == finite_line(told.dials_per_s, 240, n, n + room, patience_s)
    again = after_busy * dial.blocked + after_abandon * dial.abandoned
    dials = 1 / (1 - again) if most_dials is None else sum(again**k for k in range(most_dials))
    assert told.dials_per_caller == pytest.approx(dials, rel=1e-9)
    assert told.dials_per_caller == pytest.approx(told.dials_per_s / rate, rel=1e-12)
    assert told.callers_answered == pytest.approx(told.dials_per_caller * dial.answered, rel=1e-9)


def test_who_never_dials_again_dials_once():
    told = with_redial(0.1, 240, 20, 30, 120)
    assert told.dials_per_caller == pytest.approx(1, rel=1e-12)
    assert told.measures.blocked == pytest.approx(finite_line(0.1, 240, 20, 30, 120).blocked, rel=1e-9)
    assert with_redial(0, 240, 20, 30, after_busy=1).dials_per_caller == 1


def test_dials_never_end_where_callers_never_give_up_and_seats_are_too_few():
    told = with_redial(0.1, 240, 20, 30, after_busy=1)
    assert told.dials_per_s == told.dials_per_caller == math.inf
    assert told.measures.blocked == pytest.approx(1)
    assert told.callers_answered == pytest.approx(20 / 24)
    assert with_redial(0.1, 240, 20, 30, after_busy=1, most_dials=9).dials_per_caller < 9
    assert with_redial(0.08, 240, 20, 30, after_busy=1).callers_answered == pytest.approx(1)


# --- nonsense --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("call", "says"), [
    (lambda: erlang_b(-1, 5), "load must be at least 0 and finite, got -1"),
    (lambda: erlang_b([1, math.nan], 5), "load must be at least 0 and finite, got nan"),
    (lambda: erlang_b(1, 2.5), "seats must be a whole number, at least 0, got 2.5"),
    (lambda: erlang_c(math.inf, 240, 5), "dials_per_s must be at least 0 and finite, got inf"),
    (lambda: erlang_c(1, 0, 5), "handle_s must be above 0 and finite, got 0"),
    (lambda: erlang_a(1, 240, -5, 60), "seats must be a whole number, at least 0, got -5"),
    (lambda: erlang_a(1, 240, 5, math.inf), "patience_s must be above 0 and at most 1e9, got inf"),
    (lambda: finite_line(1, 240, 5, 0), "lines must be a whole number, at least 1, got 0"),
    (lambda: finite_line(1, 240, 5, 9, 0), "patience_s must be above 0, got 0"),
    (lambda: with_redial(-1, 240, 5, 9), "callers_per_s must be at least 0 and finite, got -1"),
    (lambda: with_redial(1, 240, 5, 9, after_busy=1.5), "after_busy must be from 0 to 1, got 1.5"),
    (lambda: with_redial(1, 240, 5, 9, after_abandon=-1), "after_abandon must be from 0 to 1, got -1"),
    (lambda: with_redial(1, 240, 5, 9, most_dials=0), "most_dials must be a whole number, at least 1, got 0"),
    (lambda: finite_line(1, 240, 5, 9).answered_within(-1), "wait_s must be at least 0, got -1"),
])
def test_nonsense_is_refused_by_name_rule_and_value(call, says):
    with pytest.raises(ValueError, match=f"^{says}$"):
        call()
