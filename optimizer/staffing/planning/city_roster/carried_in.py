"""What people did before the days that are planned, from the days of their table before."""
from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from optimizer.staffing.planning.city_roster.duties import duty
from optimizer.staffing.planning.city_roster.limits import days_in_a_row
from optimizer.staffing.planning.city_roster.rest_days import weekends
from optimizer.staffing.rosters.problem import DAY_MINUTES, CarriedIn, Duty
from sim.scenario.people import RosterRow, Shift, Workforce

USUALLY_OFF = 7  # days, where the table goes no further back


def carried_in(row: RosterRow, dates: Sequence[date], shifts: Sequence[Shift], force: Workforce,
               first: date) -> CarriedIn | None:
    """None where nothing is known.

    Balances are those of the evening before the horizon: without a number in the table they are what the table's days
    up to then have. The problem counts its first day itself. Days in a row are as many as the law allows up to that
    evening, even where they were more: what has been breaks no rule of the plan, and the next day is off.

    :param shifts: that the cells of the row name.
    :param first: day 0 of the problem, the day before the horizon.
    """
    codes = {one.code: duty(one, one.code, ()) for one in shifts}
    worked = {day: codes[code] for day, code in zip(dates, row.codes, strict=True) if day <= first and code in codes}
    before = [day for day in sorted(dates) if day < first]
    if not before and row.nights is None and row.weekends is None:
        return None
    past = {day: worked[day] for day in before if day in worked}
    last = past.get(first - timedelta(days=1))
    back = [first - timedelta(days=k) for k in range(1, len(before) + 1)]
    monday = first - timedelta(days=first.weekday())
    week = [one for day, one in past.items() if day >= monday]
    most = min((days - (first in worked) for days in days_in_a_row(force.rules)), default=len(back))
    return CarriedIn(
        days_in_a_row=min(run(day in past for day in back), most), days_off_in_a_row=days_off(back, past),
        nights_in_a_row=run(day in past and past[day].night for day in back),
        last_end=None if last is None else last.end - DAY_MINUTES, minutes_this_week=sum(one.paid for one in week),
        days_this_week=len(week),
        nights=balance(row.nights, sum(one.night for one in worked.values())) - is_night_on(worked, first),
        weekends=balance(row.weekends, weekends_of(force, worked, first)) - weekend_on(force, worked, first))


def balance(said: int | None, counted: int) -> int:
    return counted if said is None else said


def run(flags: Iterable[bool]) -> int:
    """How many are true before the first that is not."""
    return len(list(itertools.takewhile(bool, flags)))


def days_off(back: Sequence[date], past: Mapping[date, Duty]) -> int:
    """Days off up to the last one before; at least the usual number where the table shows no day of work."""
    off = run(day not in past for day in back)
    return off if off < len(back) else max(off, USUALLY_OFF)


def is_night_on(worked: Mapping[date, Duty], day: date) -> int:
    return int(day in worked and worked[day].night)


def weekends_of(force: Workforce, worked: Mapping[date, Duty], last: date) -> int:
    """Weekends with a day worked, up to a day."""
    if not worked:
        return 0
    begin = min(worked)
    pairs = weekends(force, begin, (last - begin).days + 1)
    return sum(any(begin + timedelta(days=day) in worked for day in pair) for pair in pairs)


def weekend_on(force: Workforce, worked: Mapping[date, Duty], day: date) -> int:
    """1 for a day of rest that was worked."""
    return weekends_of(force, {day: worked[day]}, day) if day in worked else 0
