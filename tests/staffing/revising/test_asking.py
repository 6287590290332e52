"""Nobody is phoned at home between ten in the evening and six."""
import pytest

from optimizer.staffing.revising.asking import first_call, last_call

DAY = 1440


@pytest.mark.parametrize(("minute", "first", "last"), [
    (DAY + 12 * 60, DAY + 12 * 60, DAY + 12 * 60),
    (DAY + 22 * 60, DAY + 22 * 60, DAY + 22 * 60),                  # ten is not yet night
    (DAY + 22 * 60 + 1, 2 * DAY + 6 * 60, DAY + 22 * 60),
    (DAY, DAY + 6 * 60, 22 * 60),
    (DAY + 3 * 60, DAY + 6 * 60, 22 * 60),
    (DAY + 6 * 60, DAY + 6 * 60, DAY + 6 * 60),
])
def test_calls_wait_for_the_morning_or_are_made_the_evening_before(minute, first, last):
    assert (first_call(minute), last_call(minute)) == (first, last)
