"""Which days are days of rest, and what work on them costs: the calendar with its holidays and days made up for."""
from __future__ import annotations

from datetime import date, timedelta

from sim.scenario.people import Workforce

SATURDAY, SUNDAY = 5, 6


def is_rest_day(force: Workforce, day: date) -> bool:
    """Saturdays and Sundays but for those that are worked, holidays, and the days off around them."""
    return day not in force.workdays and (day.weekday() >= SATURDAY or day in (*force.holidays, *force.days_off))


def weekends(force: Workforce, first: date, days: int) -> tuple[tuple[int, ...], ...]:
    """Days of rest in pairs, as fairness counts them: a Saturday with its Sunday, other days as they follow each other.

    :param first: day 0.
    """
    rest = [day for day in range(days) if is_rest_day(force, first + timedelta(days=day))]
    found: list[tuple[int, ...]] = []
    for day in rest:
        last = found[-1] if found else ()
        if len(last) == 1 and last[0] == day - 1 and belong_together(first + timedelta(days=day), day + 1 in rest):
            found[-1] = (*last, day)
        else:
            found.append((day,))
    return tuple(found)


def belong_together(day: date, another_follows: bool) -> bool:
    """Whether a day of rest belongs to the one before it: a Saturday waits for its Sunday."""
    return day.weekday() != SATURDAY or not another_follows


def premium(force: Workforce, first: date, days: int, hour: float) -> tuple[float, ...]:
    """[days] yuan for a minute's work: on a holiday so many times as much. A shift is paid as the day it begins on.

    :param hour: yuan for an hour on other days.
    """
    return tuple(hour / 60 * (force.rules.pay_holiday.value if first + timedelta(days=day) in force.holidays else 1.0)
                 for day in range(days))
