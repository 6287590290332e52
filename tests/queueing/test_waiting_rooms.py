"""Waiting rooms of any size: against the sum over their places, and against the formula for a room without end."""
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.queueing.erlang import erlang_a
from sim.queueing.shared_line import Hotline, long_run
from sim.queueing.waiting_rooms import room

tries = settings(max_examples=200, deadline=None, database=None, derandomize=True)


def place_by_place(dials, serves, places):
    """The sums, every place of them, from the likeliest one outwards."""
    waiting = np.arange(1, places + 1)
    logs = np.append(0.0, np.cumsum(np.log(dials / (serves + waiting))))
    peak = logs.max()
    often = np.exp(logs - peak)[1:]
    used = math.fsum(often)
    return peak + math.log(used), math.fsum(often * waiting) / used, math.exp(logs[-1] - peak) / used


def told(*rooms):
    found = room(*(np.array(part, float) for part in zip(*rooms, strict=True)))
    return list(zip(found.log_used, found.queue, found.full, strict=True))


@tries
@given(st.floats(-3, 4.5), st.floats(-4, 4.5), st.integers(1, 20_000))
def test_a_room_is_the_sum_of_its_places(dials, serves, places):
    assert told((10**dials, 10**serves, places)) == [pytest.approx(place_by_place(10**dials, 10**serves, places),
                                                                   rel=1e-11, abs=1e-11)]


@tries
@given(st.floats(2, 5), st.floats(-0.02, 0.02), st.floats(-3, 3))
def test_a_room_whose_end_cuts_the_likely_places_is_the_sum_of_its_places(serves, more, cut):
    """Where the end lies within a few deviations of the number that waits without one."""
    dials, ends = 10**serves * (1 + more), 10**serves
    places = int(max(dials - ends, 0) + cut * math.sqrt(dials)) + 1
    if places > 0:
        assert told((dials, ends, places)) == [pytest.approx(place_by_place(dials, ends, places), rel=1e-11, abs=1e-11)]


def test_rooms_without_seats_or_of_one_place():
    assert told((5.0, 0.0, 1), (5.0, 0.0, 2), (3.0, 4.0, 1)) == [
        pytest.approx((math.log(5), 1, 1)), pytest.approx((math.log(5 + 12.5), 30 / 17.5, 12.5 / 17.5)),
        pytest.approx((math.log(0.6), 1, 1))]


@pytest.mark.parametrize("dials", [1e6, 1e9, 1e12])
def test_a_huge_room_is_normal_about_what_comes_and_is_not_served(dials):
    """Stirling's first term: a sum of dials ** k / k! is exp(dials), and most of it is where dials wait."""
    assert told((dials, 0.0, math.inf)) == [pytest.approx((dials, dials, 0), rel=1e-12)]


# --- halls with such rooms -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("patience_s", [600.0, 86_400.0, 1e9])
@pytest.mark.parametrize(("load", "seats"), [(0.2, 1), (9.5, 10), (10.5, 10), (990, 1000), (5100, 5000)])
def test_who_waits_for_ever_without_a_limit_is_an_endless_line(load, seats, patience_s):
    line = erlang_a(load / 240, 240, seats, patience_s)
    found = long_run(Hotline(load / 240, 240, patience_s), seats)
    assert found.answered == pytest.approx(line.answered, rel=1e-9)
    assert found.abandoned == pytest.approx(line.abandoned, rel=1e-8)
    assert found.blocked == 0


@pytest.mark.parametrize("lines", [5000, 30_000, None])
@pytest.mark.parametrize(("load", "patience_s"), [(30, 20_000.0), (22, 200_000.0), (60, 5_000.0), (200, 3_000.0)])
def test_many_who_wait_are_summed_up_as_they_are_counted(load, patience_s, lines, monkeypatch):
    """With guests of two speeds and redials."""
    hotline = Hotline(load / 240, 240, patience_s, lines, 0.6, 0.4)
    crew = [0, 8, 20], [[3, 2], [9, 0], [0, 4]], [0.4, 1.3]
    found = long_run(hotline, *crew)
    monkeypatch.setattr("sim.queueing.shared_line.MOST_STEPS", 1_000_000)
    counted = long_run(hotline, *crew)
    for name in ("answered", "dials_per_s", "blocked", "abandoned"):
        assert getattr(found, name) == pytest.approx(getattr(counted, name), rel=1e-9, abs=1e-14)


def test_halls_may_have_lines_each_of_their_own():
    hotline = Hotline(0.5, 240, 3_000_000.0, None, 0.9, 0.3)
    own, lines = [0, 5, 90, 40, 40, 200], [0, 7, 90, 60, 20_000, math.inf]
    together = long_run(hotline, own, lines=lines)
    for k, (seats, limit) in enumerate(zip(own, lines, strict=True)):
        alone = long_run(Hotline(0.5, 240, 3_000_000.0, None if limit == math.inf else int(limit), 0.9, 0.3), seats)
        for name in ("answered", "dials_per_s", "blocked", "abandoned"):
            assert getattr(together, name)[k] == pytest.approx(float(getattr(alone, name)), rel=1e-9, abs=1e-14)


def nasty_halls():
    """Loads from none to 25 times the seats, patience from a second to for ever, lines from the seats to no limit."""
    luck = np.random.default_rng(1)
    halls = []
    for _ in range(30):
        seats = int(10**luck.uniform(0, 3.7))
        patience_s, again = float(10**luck.uniform(0, 9)), luck.choice([0, 0.5, 0.95, 0.999], 2)
        lines = luck.choice([seats, 2 * seats, 100_007, 10**9, np.inf])
        halls.append((seats, float(seats * luck.uniform(0, 25)), patience_s, lines, again.tolist()))
    return halls


@pytest.mark.parametrize(("seats", "load", "patience_s", "lines", "again"), nasty_halls())
def test_no_hall_takes_long_or_breaks(seats, load, patience_s, lines, again, monkeypatch):
    """Whatever the load, the lines and the patience: rooms are summed over no more than a thousand places, chains are
    no longer than the seats or a few thousand calls, and dials are found in a few tries."""
    cells = []
    monkeypatch.setattr("sim.queueing.shared_line.log_states", counting(cells, "sim.queueing.shared_line.log_states"))
    with np.errstate(all="raise", under="ignore"):
        found = long_run(Hotline(load / 240, 240, patience_s, None, *again), [0, seats // 2, seats], lines=lines)
    assert len(cells) <= 40
    assert max(cells) <= 3 * (max(seats, 4096) + 1)
    total = found.answered * load / 240 / found.dials_per_s + found.blocked + found.abandoned
    assert total == pytest.approx(np.ones(3), abs=1e-9)
    assert found.answered[-1] * load <= seats * (1 + 1e-9)


def counting(sizes, name):
    """The function, which notes how many numbers it makes."""
    module, _, function = name.rpartition(".")
    itself = getattr(__import__(module, fromlist=[function]), function)

    def noted(*given):
        made = itself(*given)
        sizes.append(made.size)
        return made
    return noted
