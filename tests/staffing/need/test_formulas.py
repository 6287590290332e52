"""Seats needed, against trying one seat more until it is enough."""
import math
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.staffing.need.formulas import rounded_up, seats_needed
from sim.queueing.erlang import erlang_a, erlang_c, finite_line

HANDLE_S, INTERVAL_S = 240.0, 900.0
tries = settings(max_examples=60, deadline=None, database=None, derandomize=True)
patiences = st.none() | st.floats(5, 2000)


def tried(calls, share, within_s, patience_s, answered):
    """The first number of seats that is enough, on a line with room for all: no formula is shared with the search."""
    for seats in count():
        if patience_s is None and seats <= calls / INTERVAL_S * HANDLE_S:
            continue
        measures = finite_line(calls / INTERVAL_S, HANDLE_S, seats, 3000, patience_s or math.inf)
        if measures.answered_within(within_s) >= share and measures.answered >= answered:
            return seats
    return None


@tries
@given(st.integers(1, 100), st.floats(0.05, 0.99), st.floats(0, 300), patiences, st.floats(0, 0.99))
def test_seats_are_those_found_by_trying(calls, share, within_s, patience_s, answered):
    assert seats_needed(calls, HANDLE_S, INTERVAL_S, share, within_s, patience_s, answered) == tried(
        calls, share, within_s, patience_s, answered)


@tries
@given(st.floats(0.01, 1e6), st.floats(0.05, 0.99), patiences)
def test_the_fewest_seats_are_enough_and_one_less_is_not(calls, share, patience_s):
    seats = int(seats_needed(calls, HANDLE_S, INTERVAL_S, share, 15.0, patience_s))

    def served(calls, seats):
        rate = calls / INTERVAL_S
        line = erlang_c(rate, HANDLE_S, seats) if patience_s is None else erlang_a(rate, HANDLE_S, seats, patience_s)
        return line.answered_within(15.0)

    assert served(calls, seats) >= share
    assert served(float(rounded_up(np.float64(calls))), seats - 1) < share


@tries
@given(st.lists(st.floats(0, 1e5), min_size=2, max_size=30), patiences)
def test_more_calls_never_need_fewer_seats(calls, patience_s):
    seats = seats_needed(sorted(calls), HANDLE_S, INTERVAL_S, patience_s=patience_s)
    assert (np.diff(seats) >= 0).all()


@tries
@given(st.floats(1, 1e4), st.floats(0.05, 0.9), st.floats(0, 100), patiences)
def test_asking_for_more_never_needs_fewer_seats(calls, share, within_s, patience_s):
    asked = seats_needed(calls, HANDLE_S, INTERVAL_S, share, within_s, patience_s)
    assert seats_needed(calls, HANDLE_S, INTERVAL_S, share + 0.05, within_s, patience_s) >= asked
    assert seats_needed(calls, HANDLE_S, INTERVAL_S, share, within_s / 2, patience_s) >= asked
    assert seats_needed(calls, HANDLE_S, INTERVAL_S, share, within_s, patience_s, share + 0.05) >= asked


def test_no_calls_need_no_seats():
    for patience_s in (None, 60.0):
        assert seats_needed([[0.0, 0.0]], HANDLE_S, INTERVAL_S, patience_s=patience_s).tolist() == [[0, 0]]
        assert seats_needed([0.0, 1e-9], HANDLE_S, INTERVAL_S, patience_s=patience_s).tolist() == [0, 1]


def test_targets_that_ask_nothing():
    assert seats_needed(100, HANDLE_S, INTERVAL_S, share=0, patience_s=60) == 0
    assert seats_needed(90, HANDLE_S, INTERVAL_S, share=0) == 25  # 24 Erlangs, and a line that must not grow for ever


def test_the_two_targets_are_told_apart():
    calls, tolerant = 300, 600.0
    at_all = seats_needed(calls, HANDLE_S, INTERVAL_S, share=0, patience_s=tolerant, answered=0.95)
    in_time = seats_needed(calls, HANDLE_S, INTERVAL_S, share=0.95, within_s=15, patience_s=tolerant)
    assert at_all == seats_needed(calls, HANDLE_S, INTERVAL_S, share=0.95, within_s=math.inf, patience_s=tolerant)
    assert at_all < in_time
    assert seats_needed(calls, HANDLE_S, INTERVAL_S, 0.95, 15, tolerant, answered=0.95) == in_time


def test_every_shape_is_kept_and_equal_calls_get_equal_seats():
    calls = np.array([[[10.0, 500.0], [500.0, 0.0], [10.0, 3000.5]]])
    seats = seats_needed(calls, HANDLE_S, INTERVAL_S, patience_s=120.0)
    assert seats.shape == calls.shape
    assert seats.dtype == np.int64
    for many, alone in zip(seats.ravel(), calls.ravel(), strict=True):
        assert many == seats_needed(alone, HANDLE_S, INTERVAL_S, patience_s=120.0)
    assert seats_needed(np.zeros((0, 13)), HANDLE_S, INTERVAL_S).shape == (0, 13)


@tries
@given(st.floats(0, 1e9))
def test_calls_are_rounded_up_by_less_than_a_thousandth(calls):
    assert calls <= rounded_up(np.float64(calls)) <= calls * 1.001


@tries
@given(st.integers(0, 2048))
def test_whole_calls_stay_as_they_are(calls):
    assert rounded_up(np.float64(calls)) == calls


@pytest.mark.parametrize(("call", "says"), [
    (lambda: seats_needed([1, -1], 240, 900), "calls must be at least 0 and finite, got -1"),
    (lambda: seats_needed(1, 0, 900), "handle_s must be above 0 and finite, got 0"),
    (lambda: seats_needed(1, 240, 0), "interval_s must be above 0 and finite, got 0"),
    (lambda: seats_needed(1, 240, 900, share=1), "share must be at least 0 and below 1, got 1"),
    (lambda: seats_needed(1, 240, 900, answered=1), "answered must be at least 0 and below 1, got 1"),
    (lambda: seats_needed(1, 240, 900, within_s=-1), "wait_s must be at least 0, got -1"),
    (lambda: seats_needed(1, 240, 900, patience_s=0), "patience_s must be above 0 and at most 1e9, got 0"),
])
def test_nonsense_is_refused_by_name_rule_and_value(call, says):
    with pytest.raises(ValueError, match=f"^{says}$"):
        call()
