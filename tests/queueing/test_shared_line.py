"""Own seats and guests together: against formulas for seats all alike, against a solved chain, and laws."""
import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.queueing import shared_line
from sim.queueing.erlang import erlang_a, erlang_b, finite_line, with_redial
from sim.queueing.shared_line import Hotline, answered, long_run

tries = settings(max_examples=60, deadline=None, database=None, derandomize=True)
rates = st.floats(1e-4, 0.5)
handles = st.floats(20, 600)
patiences = st.floats(5, 1000)
seats = st.integers(0, 30)
lines = st.integers(1, 60)
speeds = st.lists(st.floats(0.05, 2), max_size=3)
again = st.floats(0, 0.97)


def close(number, rel=1e-9):
    return pytest.approx(number, rel=rel, abs=1e-15)


def solved(hotline, own, guests, speeds):
    """Share of dials answered, from the balance equations of the whole chain: no recursion, no logarithm."""
    lent = [speed for speed, n in zip(speeds, guests, strict=True) for _ in range(n)]
    crew = [1.0] * own + sorted(lent, reverse=True)
    n = hotline.lines
    moves, service = np.zeros((n + 1, n + 1)), np.zeros(n + 1)
    for i in range(n):
        moves[i, i + 1] = hotline.callers_per_s
    for i in range(1, n + 1):
        service[i] = sum(crew[:i]) / hotline.handle_s
        moves[i, i - 1] = service[i] + max(i - len(crew), 0) / hotline.patience_s
    moves -= np.diag(moves.sum(axis=1))
    states = np.linalg.lstsq(np.vstack([moves.T, np.ones(n + 1)]), np.append(np.zeros(n + 1), 1.0), rcond=None)[0]
    return float(states @ service) / hotline.callers_per_s


# --- seats all alike -------------------------------------------------------------------------------------------------

@tries
@given(rates, handles, patiences, seats, lines)
def test_without_guests_it_is_a_finite_line(rate, handle_s, patience_s, own, room):
    told = finite_line(rate, handle_s, own, room, patience_s).answered
    assert answered(Hotline(rate, handle_s, patience_s, room), own) == close(told)


@tries
@given(rates, handles, patiences, seats, seats, lines)
def test_guests_of_speed_1_are_own_seats(rate, handle_s, patience_s, own, lent, room):
    told = finite_line(rate, handle_s, own + lent, room, patience_s).answered
    assert answered(Hotline(rate, handle_s, patience_s, room), own, [lent], [1.0]) == close(told)


@tries
@given(rates, handles, patiences, seats, seats)
def test_an_endless_line_is_erlang_a(rate, handle_s, patience_s, own, lent):
    hotline = Hotline(rate, handle_s, patience_s)
    told = erlang_a(rate, handle_s, own + lent, patience_s).answered
    assert answered(hotline, own + lent) == close(told)
    assert answered(hotline, own, [lent], [1.0]) == close(told)


@pytest.mark.parametrize(("load", "own"), [(24, 20), (24, 30), (0.1, 1), (950, 1000)])
def test_lines_for_the_seats_alone_are_erlang_b(load, own):
    assert answered(Hotline(load / 240, 240, 60, own), own) == close(1 - erlang_b(load, own))


@tries
@given(rates, handles, patiences, seats, st.integers(0, 10), lines, again, again)
def test_redials_are_those_of_a_finite_line(rate, handle_s, patience_s, own, lent, room, busy, abandon):
    told = with_redial(rate, handle_s, own + lent, room, patience_s, after_busy=busy, after_abandon=abandon)
    found = long_run(Hotline(rate, handle_s, patience_s, room, busy, abandon), own, [lent], [1.0])
    assert found.answered == close(told.callers_answered)
    assert found.dials_per_s == close(told.dials_per_s)
    assert found.blocked == close(told.measures.blocked)
    assert found.abandoned == close(told.measures.abandoned)


@tries
@given(st.floats(0.01, 0.2), patiences, st.integers(1, 30), again)
def test_redials_on_an_endless_line_feed_themselves(rate, patience_s, own, abandon):
    """Dials that make themselves: as many callers are answered as the line answers of so many dials."""
    share = float(answered(Hotline(rate, 240, patience_s, None, 0.5, abandon), own))
    hung_up = (1 - share) / (1 - abandon)  # of the dials of one caller
    dials = rate * (share + hung_up)
    assert erlang_a(dials, 240, own, patience_s).answered * dials == pytest.approx(rate * share, rel=1e-8)


@tries
@given(rates, patiences, seats, st.integers(0, 9), st.floats(0.1, 1.5), st.none() | lines, again, again)
def test_every_dial_and_every_caller_is_accounted_for(rate, patience_s, own, lent, speed, room, busy, abandon):
    found = long_run(Hotline(rate, 240, patience_s, room, busy, abandon), own, [lent], [speed])
    answered_dials = found.answered * rate / found.dials_per_s
    assert answered_dials + found.blocked + found.abandoned == pytest.approx(1, abs=1e-9)
    fresh = found.dials_per_s * (1 - busy * found.blocked - abandon * found.abandoned)
    assert fresh == pytest.approx(rate, rel=1e-9)
    assert found.answered == answered(Hotline(rate, 240, patience_s, room, busy, abandon), own, [lent], [speed])
    if room is None:
        assert found.blocked == 0


# --- seats of several speeds -----------------------------------------------------------------------------------------

@tries
@given(rates, handles, patiences, st.integers(0, 10), st.lists(st.tuples(st.integers(0, 5), st.floats(0.05, 2)),
                                                                max_size=3), st.integers(1, 40))
def test_any_speeds_solve_the_balance_equations(rate, handle_s, patience_s, own, guests, room):
    hotline = Hotline(rate, handle_s, patience_s, room)
    counts, fast = [n for n, _ in guests], [speed for _, speed in guests]
    assert answered(hotline, own, counts, fast) == pytest.approx(solved(hotline, own, counts, fast), rel=1e-7, abs=1e-9)


def test_guests_who_never_end_a_call_only_hold_it():
    """At speed 0 they sit beside one seat for good, and lines fill up; without an own seat nobody is answered."""
    assert answered(Hotline(0.1, 240, 120), 1, [3], [0.0]) == pytest.approx(1 / 24, rel=1e-6)
    assert answered(Hotline(0.1, 240, 120, 4), 1, [3], [0.0]) == close(solved(Hotline(0.1, 240, 120, 4), 1, [3], [0.0]))


@pytest.mark.parametrize(("own", "guests", "speeds", "lines"), [
    (0, [3], [0.0], None), (0, [3], [0.0], 10), (0, [3], [0.0], 2), (0, [0, 3], [0.5, 0.0], None)])
def test_guests_who_never_end_a_call_answer_nobody_alone(own, guests, speeds, lines):
    with np.errstate(all="raise", under="ignore"):
        assert answered(Hotline(0.1, 240, 120, lines), own, guests, speeds) == 0


@tries
@given(rates, patiences, seats, st.permutations([(2, 0.9), (1, 0.5), (3, 0.7), (0, 1.4)]), st.none() | lines)
def test_the_order_of_guests_is_no_matter(rate, patience_s, own, guests, room):
    hotline = Hotline(rate, 240, patience_s, room)
    counts, fast = zip(*guests, strict=True)
    assert answered(hotline, own, counts, fast) == close(answered(hotline, own, [1, 2, 3], [0.5, 0.9, 0.7]))


@tries
@given(rates, patiences, seats, st.integers(0, 9), st.integers(0, 9), st.floats(0.1, 1.5), st.none() | lines)
def test_guests_of_one_speed_are_one_group(rate, patience_s, own, some, more, speed, room):
    hotline = Hotline(rate, 240, patience_s, room)
    assert answered(hotline, own, [some, more], [speed, speed]) == close(answered(hotline, own, [some + more], [speed]))


# --- laws ------------------------------------------------------------------------------------------------------------

@tries
@given(rates, patiences, seats, st.integers(0, 6), st.integers(0, 6), st.floats(0.1, 0.8), st.none() | lines, again)
def test_more_or_faster_seats_are_never_worse(rate, patience_s, own, some, more, speed, room, chance):
    """No guest being faster than own seats, which are taken first; and where redials after busy signals and hang-ups
    are alike, as a slow guest may turn one into the other: it holds a line."""
    hotline = Hotline(rate, 240, patience_s, room, chance, chance)

    def share(own, some, more, slow=speed, fast=0.9):
        return float(answered(hotline, own, [some, more], [slow, fast]))

    now = share(own, some, more) - 1e-11
    assert share(own + 1, some, more) >= now
    assert share(own, some, more + 1) >= now
    assert share(own, some, more, fast=1.0) >= now
    assert share(own, some, more, slow=speed + 0.1) >= now
    assert share(own + some, 0, more) >= now  # an own seat for each slower guest
    assert 0 <= now + 1e-11 <= 1


@tries
@given(rates, patiences, seats, st.integers(0, 6), lines, st.floats(0, 0.8))
def test_callers_who_try_again_are_answered_more_and_longer_lines_help(rate, patience_s, own, lent, room, chance):
    def share(room, busy, abandon):
        return float(answered(Hotline(rate, 240, patience_s, room, busy, abandon), own, [lent], [0.8]))

    assert share(room, chance + 0.1, chance) >= share(room, chance, chance) - 1e-11
    assert share(room, chance, chance + 0.1) >= share(room, chance, chance) - 1e-11
    assert share(room + 1, 0, 0) >= share(room, 0, 0) - 1e-11
    assert share(None, 0, 0) >= share(room, 0, 0) - 1e-11


@tries
@given(rates, patiences, seats, st.integers(0, 6), st.floats(0.1, 1.5), st.none() | lines)
def test_seats_answer_no_more_than_they_can(rate, patience_s, own, lent, speed, room):
    share = float(answered(Hotline(rate, 240, patience_s, room), own, [lent], [speed]))
    assert share * rate * 240 <= (own + lent * speed) * (1 + 1e-12)
    assert share <= 1 + 1e-12


# --- arrays ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("room", [None, 25])
@pytest.mark.parametrize("redial", [(0, 0), (0.8, 0.5)])
@pytest.mark.parametrize("cells", [1, 500, 1 << 24])
def test_arrays_give_what_numbers_give_in_any_passes(room, redial, cells, monkeypatch):
    monkeypatch.setattr(shared_line, "MOST_CELLS", cells)
    hotline = Hotline(0.1, 240, 120, room, *redial)
    own, guests = np.array([[0], [5], [20]]), np.array([[0, 0], [3, 0], [2, 9], [0, 1]])
    many = answered(hotline, own, guests, [0.5, 0.9])
    assert many.shape == (3, 4)
    for i, k in product(range(3), range(4)):
        assert many[i, k] == close(answered(hotline, own[i, 0], guests[k], [0.5, 0.9]), 1e-12)


def test_shapes_of_nothing():
    hotline = Hotline(0.1, 240, 120)
    assert answered(hotline, 5).shape == ()
    assert answered(hotline, []).shape == (0,)
    assert answered(hotline, [1, 2, 3]).shape == (3,)
    assert answered(hotline, 5, np.zeros((4, 0))).tolist() == [float(answered(hotline, 5))] * 4


# --- extremes --------------------------------------------------------------------------------------------------------

REDIALS = ((0, 0), (0.9, 0.6), (0.2, 0.99))
ROOMS = (None, 0, 1, 40, 6000)


@pytest.mark.parametrize(("load", "own"), list(product((0, 1e-300, 1e-9, 1, 1000), (0, 1, 5000))))
def test_no_load_breaks_it(load, own):
    for room, redial, patience_s in product(ROOMS, REDIALS, (1e-9, 120)):
        with np.errstate(all="raise", under="ignore"):
            share = answered(Hotline(load / 240, 240, patience_s, room, *redial), own, [0, 7], [0.5, 0.8])
        assert 0 <= share <= 1 + 1e-12
        assert share * load <= (own + 5.6) * (1 + 1e-12)


def test_overloaded_seats_answer_what_they_can():
    assert answered(Hotline(1000 / 240, 240, 120), 1) == close(1 / 1000)
    assert answered(Hotline(1000 / 240, 240, 120), 1, [2], [0.5]) == close(2 / 1000)
    assert answered(Hotline(1000 / 240, 240, 120, 600, 0.9, 0.9), 1, [2], [0.5]) == close(2 / 1000)


def test_without_seats_or_lines_nobody_is_answered():
    for redial in REDIALS:
        assert answered(Hotline(0.1, 240, 120, None, *redial), 0) == 0
        assert answered(Hotline(0.1, 240, 120, 9, *redial), 0, [0], [0.8]) == 0
        told = long_run(Hotline(0.1, 240, 120, 0, *redial), 5, [5], [0.8])
        assert (told.answered, told.blocked, told.abandoned) == (0, 1, 0)
        assert told.dials_per_s == close(0.1 / (1 - redial[0]))


def test_a_thousand_seats_and_more():
    for load, own, lent in ((4900, 5000, 0), (4900, 4000, 1000), (5500, 5000, 0), (100, 5000, 0)):
        told = erlang_a(load / 240, 240, own + lent, 120).answered
        assert answered(Hotline(load / 240, 240, 120), own, [lent], [1.0]) == close(told)


def test_nobody_who_calls_is_left_unanswered_where_nobody_calls():
    for room in (0, 9, None):
        told = long_run(Hotline(0, 240, 120, room, 1, 1), [0, 5], [[3]], [0.8])
        assert told.answered.tolist() == [1, 1]
        assert told.dials_per_s.tolist() == told.blocked.tolist() == told.abandoned.tolist() == [0, 0]


# --- nonsense --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("call", "says"), [
    (lambda: Hotline(-1, 240, 120), "callers_per_s must be at least 0 and finite, got -1"),
    (lambda: Hotline(math.inf, 240, 120), "callers_per_s must be at least 0 and finite, got inf"),
    (lambda: Hotline(1, 0, 120), "handle_s must be above 0 and finite, got 0"),
    (lambda: Hotline(1, 240, 0), "patience_s must be above 0 and finite, got 0"),
    (lambda: Hotline(1, 240, math.inf), "patience_s must be above 0 and finite, got inf"),
    (lambda: Hotline(1, math.nan, 120), "handle_s must be above 0 and finite, got nan"),
    (lambda: Hotline(1, 240, 120, -1), "lines must be a whole number, at least 0, got -1"),
    (lambda: Hotline(1, 240, 120, 2.5), "lines must be a whole number, at least 0, got 2.5"),
    (lambda: Hotline(1, 240, 120, 9, -0.1), "after_busy must be from 0 to 1, got -0.1"),
    (lambda: Hotline(1, 240, 120, 9, 0, 1.1), "after_abandon must be from 0 to 1, got 1.1"),
    (lambda: Hotline(1, 240, 120, 9, 1.0), "callers who never give up make no end of dials"),
    (lambda: answered(Hotline(1, 240, 120), -1), "own must be a whole number, at least 0, got -1"),
    (lambda: answered(Hotline(1, 240, 120), [1, 2.5]), "own must be a whole number, at least 0, got 2.5"),
    (lambda: answered(Hotline(1, 240, 120), 1, [-1], [0.8]), "guests must be a whole number, at least 0, got -1"),
    (lambda: answered(Hotline(1, 240, 120), 1, [1], [-0.8]), "speeds must be at least 0.*, got -0.8"),
    (lambda: answered(Hotline(1, 240, 120), 1, [1], [math.nan]), "speeds must be at least 0.*, got nan"),
    (lambda: answered(Hotline(1, 240, 120), 1, [1], [math.inf]), "speeds must be at least 0.*, got inf"),
    (lambda: answered(Hotline(1, 240, 120), 1, [1, 2], [0.8]), "guests"),
    (lambda: answered(Hotline(1, 240, 120), 1, [1, 2]), "guests"),
])
def test_nonsense_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
