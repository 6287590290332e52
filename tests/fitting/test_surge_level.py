"""How high a surge stands: cases by hand."""
import math

import pytest

from sim.fitting.busyness import Expected, Gamma, Seen, factors, forecast, learnt


def test_a_gamma_of_a_mean_and_a_spread():
    one = Gamma.of(2.0, 0.5)
    assert (one.shape, one.rate, one.mean, one.cv) == (4.0, 2.0, 2.0, 0.5)


def test_people_counted_add_to_shape_and_people_expected_to_rate():
    """Prior as if 4 had come where 4 were expected; 30 came where 20 were: 34 of 24."""
    assert Gamma.of(1.0, 0.5).after(30, 20).mean == pytest.approx(34 / 24)


def test_an_estimate_counts_for_as_many_people_as_it_is_sure():
    """100 expected, 150 seen with a standard deviation of 20: 100**2 / 400 = 25 people expected, 37.5 counted."""
    found = learnt(0.5, 100, 50, 400)
    assert (found.shape, found.rate) == (pytest.approx(4 + 37.5), pytest.approx(4 + 25))


def test_what_is_off_belongs_to_what_may_be_off():
    """The everyday may be off by a tenth, the surge by three: nine tenths of the surplus are the surge's."""
    found = factors(Seen(2.4e6, 1.0), Expected(1e6, 1e6, 0.1, 0.3))
    assert found.busyness.mean == pytest.approx(1.04, abs=0.01)
    assert found.surge.mean == pytest.approx(1.36, abs=0.03)


def test_tomorrow_learns_the_half_that_all_days_share():
    """A count that is nearly sure: the course's factor is (a + E r) / (a + E), both with half of 0.3**2 as variance."""
    found = factors(Seen(1.5e6, 1.0), Expected(0.0, 1e6, 0.0, 0.3))
    assert found.surge.mean == pytest.approx(1.5, rel=1e-3)
    assert found.course.mean == pytest.approx(1.25, rel=1e-3)


def test_a_surge_that_nobody_foresaw_stays_tomorrow():
    found = factors(Seen(900, 30), Expected(100, 0, 0.1, 0.0))
    assert found.unforeseen == 800
    tomorrow = forecast(found, Expected(100, 0, 0.1, 0.0))
    assert (tomorrow.total.mean, tomorrow.surge, tomorrow.surge_cv) == (pytest.approx(900), 800, 0.5)


def test_a_usual_day_foresees_no_surge():
    found = factors(Seen(112, 3), Expected(100, 0, 0.1, 0.0))
    assert found.unforeseen == 0
    tomorrow = forecast(found, Expected(100, 0, 0.1, 0.0))
    assert tomorrow.total.mean == pytest.approx(100)
    assert 1 < found.busyness.mean < 1.12


def test_the_interval_of_tomorrow_has_the_spread_of_all_its_parts():
    """Everyday 1,000 of 10 %, surge 1,000 of the course's and the day's own half: variances add up, Poisson's too."""
    found = factors(Seen(2000, 1.0), Expected(1000, 1000, 0.1, 0.4))
    tomorrow = forecast(found, Expected(1000, 1000, 0.1, 0.4))
    sd = math.sqrt(100**2 + (1000 * tomorrow.surge_cv)**2 + 2000)
    assert (tomorrow.total.high - tomorrow.total.low) / (2 * 1.96 * sd) == pytest.approx(1, abs=0.02)
