"""Metrics counted by hand on a day small enough to write down."""
import numpy as np
import pytest

from sim.measures import metrics
from sim.measures.facts import Tally
from sim.scenario.observed import UNITS


def tally(**counts: float) -> Tally:
    """One scope over one period; what is not given is nothing."""
    fields = dict.fromkeys(Tally.__dataclass_fields__, 0.0) | counts
    return Tally(**{name: np.array([[value]]) for name, value in fields.items()})


# Ten people dial 20 times: 4 answered (one after 30 s, three at once), 3 hung up, 10 busy, 2 by the bot, 1 still waits.
DAY = tally(dials=20, answered=4, abandoned=3, blocked=10, by_bot=2, callers=10, callers_answered=4, callers_by_bot=2,
            callers_lost=3, callers_diverted=0, callers_away=1, waiting=1, within=3, wait_sum_s=30, median_wait_s=0,
            p95_wait_s=30, helped=1, starts=3, busy_s=900, staffed_s=3600, has_callers=1, has_seats=1, ordinary=5,
            distress_s=5400)


@pytest.mark.parametrize(("metric", "by_hand"), [
    (metrics.dials, 20), (metrics.callers, 10), (metrics.answered, 4), (metrics.callers_answered, 4),
    (metrics.abandoned, 3), (metrics.blocked, 10), (metrics.served_by_bot, 2), (metrics.in_system, 1),
    (metrics.waiting, 1), (metrics.callers_diverted, 1), (metrics.callers_lost, 3),
    (metrics.answer_rate_dials, 4 / 18), (metrics.answer_rate_callers, 4 / 8), (metrics.answered_within, 3 / 18),
    (metrics.mean_wait_s, 7.5), (metrics.median_wait_s, 0), (metrics.p95_wait_s, 30), (metrics.blocked_share, 0.5),
    (metrics.abandoned_share, 0.15), (metrics.lost_share, 0.3), (metrics.dials_per_caller, 2), (metrics.load_ratio, 4),
    (metrics.recovery_h, 1.5),
    (metrics.occupancy, 0.25), (metrics.seat_hours, 1), (metrics.helpers_answered, 1), (metrics.helpers_share, 0.25),
])
def test_a_day_counted_by_hand(metric, by_hand):
    assert metric(DAY)[0, 0] == pytest.approx(by_hand)


def test_every_metric_is_counted_by_hand_somewhere():
    counted = {
        parameter[0].__name__ for parameter in test_a_day_counted_by_hand.pytestmark[0].args[1]}
    assert counted == {metric.__name__ for metric in metrics.METRICS}


def test_a_record_can_name_every_metric_and_no_other():
    assert {metric.__name__: unit for metric, unit in metrics.METRICS.items()} == UNITS
    assert [metric.__name__ for metric in metrics.METRICS] == list(UNITS)


def test_a_pool_has_answers_but_no_callers():
    pool = tally(starts=7, busy_s=60, staffed_s=120, has_seats=1)
    assert metrics.answered(pool)[0, 0] == 7
    assert np.isnan(metrics.dials(pool)[0, 0])
    assert metrics.occupancy(pool)[0, 0] == 0.5


def test_nothing_out_of_nothing_has_no_rate():
    nobody = tally()
    for metric in (metrics.answer_rate_dials, metrics.mean_wait_s, metrics.occupancy, metrics.dials_per_caller):
        assert np.isnan(metric(nobody)[0, 0])


def test_every_metric_has_a_definition_in_both_languages():
    for metric in metrics.METRICS:
        assert metric.__doc__
        assert any("一" <= letter <= "鿿" for letter in metric.__doc__)
