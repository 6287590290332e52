"""From dials to fresh callers: cases by hand, and simulated days of which the truth is known."""
import numpy as np
import pytest

from sim.fitting.counts import Counts, Course
from sim.fitting.fresh_callers import ends, fresh_callers
from sim.fitting.habits import Habits, habits_of, mass, points
from sim.fitting.redials import between
from sim.reading.loading import load
from sim.scenario.quantities import Distribution

EVERY = 900


def habits(busy=(0.5, 0.5, 0.5), hung_up=(0.0, 0.0, 0.0), delay_s=900.0, dials=3):
    chance = np.array([[[one] * (dials - 1) + [0.0] for one in pair] for pair in zip(busy, hung_up, strict=True)])
    return Habits(chance, np.full(8, delay_s), np.full(8, delay_s), np.zeros(8))


def course(number, people=100.0, full=0.0):
    return Course(np.full(number, people), np.zeros(number), np.ones(number), np.full(number, full))


def test_a_delay_of_one_interval_and_a_half_ends_in_the_first_or_the_second_after():
    assert mass(np.array([1350.0]), EVERY, 4).tolist() == [0, 0.5, 0.5, 0]
    assert mass(np.array([0.0, 450.0]), EVERY, 3).tolist() == [0.75, 0.25, 0]


def test_points_of_a_law_have_its_mean():
    law = Distribution.model_validate({"law": "exponential", "mean": "300 s"})
    assert points(law).mean() == pytest.approx(300, rel=0.01)


def test_redials_of_earlier_failures_are_taken_away():
    """100 dial at first, half of those who fail again an interval later, each three times at the most."""
    dials = np.array([100.0, 150, 175, 175])
    counts = Counts(dials, np.zeros(4), np.zeros(4), dials)
    found = fresh_callers(counts, habits(), course(4), EVERY)
    assert found.total.low <= 400 <= found.total.high
    # delays of 1 / PACE and of PACE intervals are possible as well: the interval has them
    assert found.mean[0] == pytest.approx(100, rel=0.15)


def test_nobody_who_was_answered_dials_again():
    dials = np.array([40.0, 60.0, 50.0])
    found = fresh_callers(Counts(dials, dials, np.zeros(3), np.zeros(3)), habits(), course(3, 50), EVERY)
    assert found.mean.tolist() == pytest.approx(dials.tolist())
    assert found.sd == pytest.approx(0, abs=1e-6)


def test_a_chance_that_is_not_known_widens_the_interval():
    dials = np.array([100.0, 150, 175, 175])
    counts = Counts(dials, np.zeros(4), np.zeros(4), dials)
    narrow, wide = (fresh_callers(counts, habits(busy=busy), course(4), EVERY)
                    for busy in ((0.5, 0.5, 0.5), (0.1, 0.5, 0.9)))
    assert wide.total.high - wide.total.low > narrow.total.high - narrow.total.low
    assert 0.05 < wide.after_busy.low < 0.3 < 0.7 < wide.after_busy.high < 0.95


def test_half_of_what_may_be_lies_below_the_usual_chance():
    """Odds of 1 to 4 to 16: steps go 1.2 ranges out, of which 0.3 and 0.9 are the middles of halves."""
    chances = between(np.array([[1 / 2], [4 / 5], [16 / 17]]), 4)
    odds = [float(one[0] / (1 - one[0])) for one in chances]
    assert odds == pytest.approx([4 * 4**-0.9, 4 * 4**-0.3, 4 * 4**0.3, 4 * 4**0.9])


def test_what_is_not_counted_follows_from_the_rest():
    counts = Counts(np.array([100.0]), np.array([30.0]), None, np.array([50.0]))
    assert [one[0] for one in counts.failures] == [20, 50]
    rest = Counts(np.array([100.0]), np.array([30.0]), np.array([20.0]))
    assert [one[0] for one in rest.failures] == [20, 50]
    assert rest.has_busy
    reached = Counts(np.array([50.0]), np.array([30.0]), np.array([20.0]))
    assert [one[0] for one in reached.failures] == [20, 0]
    assert not reached.has_busy


def test_unique_numbers_say_who_dials_again():
    """Of 1,000 dials an interval that all fail, 400 repeat one of the same interval: with a tenth of them known to do
    so at once, another chance would not fit."""
    dials = np.full(4, 1000.0)
    counts = Counts(dials, np.zeros(4), np.zeros(4), dials)
    found, told = (fresh_callers(one, habits(busy=(0.2, 0.5, 0.8), delay_s=10.0, dials=30), course(4, 500), EVERY)
                   for one in (counts, Counts(**{**vars(counts), "numbers": np.full(4, 600.0)})))
    assert told.after_busy.high - told.after_busy.low < found.after_busy.high - found.after_busy.low
    assert told.after_busy.low < 0.41 < told.after_busy.high


def test_intervals_are_those_of_normal_laws_with_their_weights():
    low, high = ends(np.array([0.0]), np.array([1.0]), np.array([1.0]))
    assert (low, high) == (pytest.approx(-1.96, abs=0.12), pytest.approx(1.96, abs=0.12))
    assert ends(np.array([1.0, 2.0]), np.zeros(2), np.array([0.5, 0.5])) == (1, 2)


def test_where_lines_were_full_and_busy_signals_are_not_counted_the_course_says_how_many_came():
    """All of 40 dials found a line in each of the middle intervals, where the course has twice the 50 of the others."""
    course_of = Course(np.array([50.0] * 8 + [100.0] * 8 + [50.0] * 8), np.zeros(24), np.ones(24),
                       np.array([0.0] * 8 + [1.0] * 8 + [0.0] * 8))
    reached = np.array([50.0] * 8 + [60.0] * 8 + [50.0] * 8)
    found = fresh_callers(Counts(reached, reached, np.zeros(24)), habits(busy=(0.2, 0.2, 0.2), delay_s=5.0), course_of,
                          EVERY)
    assert found.mean[10] > 75
    assert found.low[10] < 100 < found.high[10]
    assert found.busy.mean > 100


def test_habits_are_those_of_classes_by_their_parts():
    classes = load("nanjing-2021").classes
    found = habits_of(classes, {"surge": 3.0, "everyday": 1.0})
    assert found.chance[:, 0, 0].tolist() == pytest.approx([0.8, 0.9, 0.97])
    assert found.chance[:, :, 39].tolist() == [[0, 0]] * 3
    assert found.patience_s.mean() == pytest.approx(900, rel=0.02)
    waits = found.delays_s(0.5)[1]
    assert waits.min() < found.after_hanging_up_s.min() + 20
