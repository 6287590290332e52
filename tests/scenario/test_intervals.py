"""Which intervals start within a span: hours of the day, midnights, and spans that no interval starts in."""
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.dates import Span
from sim.scenario.intervals import Intervals

START = datetime(2021, 8, 2)


@given(start=st.integers(0, 47), number=st.integers(1, 150), every_min=st.sampled_from([1, 15, 30, 60, 1440]),
       begin=st.integers(-2000, 5000), length=st.integers(-10, 4000), opens=st.integers(0, 1440),
       closes=st.integers(0, 1440))
def test_as_if_each_interval_was_looked_at(start, number, every_min, begin, length, opens, closes):
    first = START + timedelta(minutes=start * 30 // every_min * every_min)
    t = Intervals(first, every_min * 60, number)
    span = Span(start=START + timedelta(minutes=begin), end=START + timedelta(minutes=begin + length),
                hours=(opens, closes))
    told = [span.covers(t.begin(i)) for i in range(number)]
    assert t.total([(span, 1.0)]).tolist() == [float(covers) for covers in told]
    assert t.acts(span) == any(told)


@pytest.mark.parametrize(("hours", "expected"), [
    ((22 * 60, 6 * 60), [*range(6), 22, 23, *range(24, 30), 46, 47]), ((0, 1440), list(range(48))),
    ((1440, 2 * 60), [0, 1, 24, 25]), ((8 * 60, 10 * 60), [8, 9, 32, 33]), ((22 * 60, 1440), [22, 23, 46, 47]),
])
def test_hours_that_pass_midnight(hours, expected):
    t = Intervals(START, 3600, 48)
    span = Span(start=START, end=START + timedelta(days=2), hours=hours)
    assert np.flatnonzero(t.total([(span, 1.0)])).tolist() == expected


def test_what_a_clock_on_the_wall_says():
    t = Intervals(datetime(2021, 8, 2, 22), 3600, 5)
    assert (t.second_of_day // 3600).tolist() == [22, 23, 0, 1, 2]
    assert t.days.tolist() == [0, 0, 1, 1, 1]
    assert t.days_since(datetime(2021, 8, 1, 23)).tolist() == [1, 1, 2, 2, 2]
    assert (t.begin(2), t.end) == (datetime(2021, 8, 3), datetime(2021, 8, 3, 3))


def test_amounts_that_are_added_and_taken_away_leave_nothing_behind():
    t = Intervals(START, 900, 96)
    spans = [Span(start=START + timedelta(hours=i), end=START + timedelta(hours=i + 3)) for i in range(5)]
    total = t.total((span, 0.1) for span in spans)
    assert total[4 * 7:].tolist() == [0.0] * (96 - 28)
    assert total[4 * 2] == pytest.approx(0.3)
