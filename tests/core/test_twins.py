"""The kernel must equal the reference: not on average and not nearly, but call for call, to the millisecond."""
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from worlds import Case, Edge, assert_equal, assert_valid, examples, hand_made, small_nasty_worlds, uniform

from sim.core.arrays import NO_LIMIT, ONE
from sim.core.engines import kernel, reference


@examples(700)
@given(small_nasty_worlds())
def test_the_engines_tell_the_same_story(case):
    assert_valid(case[0])
    assert_equal(kernel.run(*case, keep_calls=True), reference.run(*case, keep_calls=True))


@examples(50)
@given(small_nasty_worlds())
def test_keeping_calls_changes_nothing_else(case):
    for engine in (reference, kernel):
        kept, bare = engine.run(*case, keep_calls=True), engine.run(*case)
        assert len(bare.calls) == 0
        assert_equal(bare, kept._replace(calls=bare.calls))


@examples(50)
@given(small_nasty_worlds())
def test_telling_of_progress_changes_nothing_else(case):
    for engine in (reference, kernel):
        told = []
        assert_equal(engine.run(*case, True, told.append), engine.run(*case, True))
        assert told == sorted(told)
        assert told[-1] == len(case[0].moment_key)


# --- crowds: more than the kernel has room for as it begins -----------------------------------------------------------

def crowd(a_queue: int, intervals: int, interval_ms: int, seats: int, patience: Any, lines: int = NO_LIMIT,
          bot: int = 0) -> Case:
    """So many fresh callers of each of three queues in each interval, who hang up, redial and come from two cities."""
    edges = [Edge(0, 0), Edge(0, 1, rank=1, after_ms=500), Edge(1, 1), Edge(1, 2, speed_pm=1300), Edge(0, 2, 1, 2000)]
    world, callers = hand_made(
        {}, until_ms=intervals * interval_ms, interval_ms=interval_ms, seats=[seats] * 2, edges=edges, city=(0, 0, 1),
        lines=lines, patience=patience, bot=bot, talk=uniform(100, 3000), wrap_up=uniform(1, 500),
        redial_delay=uniform(1, 4000), redial_if_busy=(ONE * 9 // 10, ONE // 2),
        redial_if_hung_up=(ONE // 2, ONE // 3, 0))
    return world, callers._replace(fresh=np.full((intervals, 3), a_queue, np.int64))


CROWDS = {
    "thousands wait as the day ends": crowd(200, 12, 1000, seats=2, patience=None),
    "thousands of answers": crowd(300, 5, 900, seats=500, patience=uniform(50, 900)),
    "long intervals": crowd(100, 9, 60_000, seats=3, patience=uniform(1, 90_000)),
    "thousands of busy signals": crowd(500, 4, 3000, seats=5, patience=5000, lines=40),
    "every bucket of the wheel": crowd(90_000, 1, 300_000, seats=9, patience=9, lines=1, bot=ONE * 9 // 10),
}


@pytest.mark.parametrize("name", CROWDS)
def test_the_engines_agree_about_crowds(name):
    assert_equal(kernel.run(*CROWDS[name], keep_calls=True), reference.run(*CROWDS[name], keep_calls=True))
