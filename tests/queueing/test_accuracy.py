"""What the formulas say of their own accuracy, on a small part of what ``formulas`` looks at."""
import math

import numpy as np
import pytest
from formulas import SAID, Again, Line, errors, exact_line, exact_redials, redial_gaps

from sim.queueing.erlang import finite_line, from_the_peak, running_sum, with_redial


@pytest.mark.parametrize("line", [
    Line(20.83125, 5000, 100_007, math.inf),  # a load of 0.9999 of the seats
    Line(0.0375, 10, 25, 120.0), Line(0.5, 90, 4000, 3600.0), Line(12.5, 1500, 1600, 30.0), Line(0.01, 1, 3, 86_400.0),
    Line(0.2, 50, 60_000, 100_000.0),
], ids=lambda line: f"{line.seats}-{line.lines}")
def test_formulas_are_as_exact_as_they_say(line):
    worst = {}
    for formula, name, error in errors(line):
        worst[formula] = max(worst.get(formula, (0.0, "")), (error, name))
    assert {"finite_line", "erlang_b"} <= set(worst)
    assert all(error < SAID[formula] for formula, (error, _) in worst.items()), worst


def test_an_exact_line_is_the_textbook_one():
    """Two seats, one place to wait, load 1, nobody hangs up: states 1, 1, 1/2, 1/4 of 2.75."""
    exact = exact_line(0.01, 100.0, 2, 3, math.inf)
    assert float(exact["blocked"]) == pytest.approx(0.25 / 2.75)
    assert float(exact["waits"]) == pytest.approx(0.5 / 2.75)
    assert float(exact["mean_wait_joined_s"]) == pytest.approx(0.5 / 2.5 * 50)
    assert float(exact["within"]) == pytest.approx((2 + 0.5 * -math.expm1(-0.4)) / 2.75)


def test_sums_from_the_peak_are_sums():
    steps = np.array([3.0, 1.0, 0.5, -1.0, -4.0])
    assert from_the_peak(steps) == pytest.approx(np.array([0, 3, 4, 4.5, 3.5, -0.5]) - 4.5)
    assert from_the_peak(-steps[:3]) == pytest.approx(np.array([0, -3, -4, -4.5]))
    for n in (0, 1, 2, 9, 10, 1000):
        assert running_sum(np.arange(n) + 0.5) == pytest.approx(np.cumsum(np.arange(n) + 0.5))


# --- people who dial again -------------------------------------------------------------------------------------------

def test_one_seat_whose_callers_never_give_up_has_a_closed_form():
    """Falin and Templeton (1997): callers who wait to dial again, on the mean."""
    rate, handle_s, delay_s, load = 0.6 / 240, 240.0, 120.0, 0.6
    orbit = rate**2 * handle_s**2 / (1 - load) + rate * load * delay_s / (1 - load)
    exact = exact_redials(Again(rate, 1, 1, 1.0, 1.0, 0.0, delay_s))
    assert exact.dials_per_s == pytest.approx(rate + orbit / delay_s, rel=1e-9)
    assert exact.callers_answered == pytest.approx(1, rel=1e-9)
    told = with_redial(rate, handle_s, 1, 1, after_busy=1)
    assert told.dials_per_s / exact.dials_per_s - 1 == pytest.approx(-6 / 11, rel=1e-9)


def test_after_an_endless_delay_redials_are_fresh_calls():
    """In proportion to the delay they come nearer and nearer."""
    gaps = [redial_gaps(Again(1.2 * 2 / 240, 2, 3, 120.0, 0.9, 0.6, delay_s)) for delay_s in (2.4e4, 2.4e5)]
    for short, long in zip(*gaps, strict=True):
        assert abs(long) < 1e-3
        assert long == pytest.approx(short / 10, rel=0.1)


def test_where_nobody_dials_again_the_chain_is_the_line():
    exact = exact_redials(Again(0.05, 5, 8, 120.0, 0.0, 0.0, 100.0))
    assert exact.dials_per_s == pytest.approx(0.05)
    assert exact.callers_answered == pytest.approx(finite_line(0.05, 240.0, 5, 8, 120.0).answered, rel=1e-9)


WORST = [(1, 0.1, 0.58, 0.23), (1, 0.5, 0.38, 0.10), (1, 3, 0.14, 0.03), (5, 0.1, 0.43, 0.09), (5, 0.5, 0.30, 0.04),
         (5, 10, 0.05, 0.01), (10, 0.5, 0.21, 0.03)]


@pytest.mark.parametrize(("seats", "delay", "dials", "answered"), WORST)
@pytest.mark.parametrize("load", [0.5, 0.95, 1.2, 3])
def test_redials_as_fresh_calls_are_as_far_off_as_is_said(seats, delay, dials, answered, load):
    """Too few dials and too many callers answered, by no more than the table has it."""
    for lines, hang_up in ((seats, 0.0), (2 * seats, 0.95)):
        gaps = redial_gaps(Again(load * seats / 240, seats, lines, 120.0, 0.95, hang_up, delay * 240))
        assert -dials <= gaps[0] <= 1e-3
        assert -1e-3 <= gaps[1] <= answered


@pytest.mark.parametrize(("seats", "lines", "missed"), [(1, 2, 0.73), (5, 5, 0.42), (10, 10, 0.26)])
def test_many_dials_of_callers_who_never_give_up_are_missed(seats, lines, missed):
    dials, answered = redial_gaps(Again(0.8 * seats / 240, seats, lines, 480.0, 1.0, 1.0, 120.0))
    assert -missed <= dials <= -missed + 0.01
    assert answered == pytest.approx(0, abs=1e-9)
