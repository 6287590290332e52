"""Which part of a group is on shift, on a break, resting or on leave in each interval, by shares, rota, roster or
a table of how many begin each shift.

All are parts of the group's people before anybody is absent. A shift counts in the intervals that start within it, and
belongs to the day on which it begins.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from sim.core.arrays import Floats, Ints
from sim.scenario.dates import DAY_MINUTES, Span
from sim.scenario.intervals import Intervals
from sim.scenario.people import LEAVE, WEEK, Group, Roster, Rota, Shift
from sim.scenario.scenario import Scenario

DAYS_BEFORE = 3
"""Days before the horizon whose shifts may still matter: they last a day at most, and the rest after them another."""


class ShiftDays(NamedTuple):
    """A shift and [days] which part of the group begins it, from DAYS_BEFORE days before the horizon's first on."""

    shift: Shift
    begin: Floats


class Duty:
    """A group's people by interval."""

    def __init__(self, t: Intervals, shifts: list[ShiftDays], on_leave: Floats):
        self.t, self.shifts, self.leave_by_day = t, shifts, on_leave
        self.minute: Ints = (t.midnight_s + t.seconds) // 60  # since the midnight before the horizon
        self.day: Ints = self.minute // DAY_MINUTES

    def on_shift(self) -> Floats:
        """[I] whose shift it is, breaks included."""
        return self.total((one, 0.0, float(one.shift.hours)) for one in self.shifts)

    def on_break(self) -> Floats:
        """[I] who of these is on a break that the shift gives: over its window the same part at any time."""
        found = np.zeros(self.t.number)
        for one in self.shifts:
            for pause in one.shift.breaks:
                first, last = map(float, pause.window)
                found += self.within(one, first, last) * pause.part
        return found

    def ended_within(self, hours: float) -> Floats:
        """[I] whose shift ended less than so many hours ago."""
        return self.total((one, float(one.shift.hours), float(one.shift.hours) + hours) for one in self.shifts)

    def staying(self, span: Span, hours: float) -> Floats:
        """[I] whose shift ended within a span, less than so many hours ago."""
        kept = [one._replace(begin=one.begin * self.end_within(one.shift, span, len(one.begin))) for one in self.shifts]
        return self.total((one, float(one.shift.hours), float(one.shift.hours) + hours) for one in kept)

    def end_within(self, shift: Shift, span: Span, days: int) -> Floats:
        """[days] 1 where a shift that begins on the day ends within a span."""
        midnight = self.t.start - timedelta(seconds=self.t.midnight_s)
        ends = [midnight + timedelta(days=day - DAYS_BEFORE, minutes=shift.start + float(shift.hours) * 60)
                for day in range(days)]
        return np.array([float(span.covers(end)) for end in ends])

    def on_leave(self) -> Floats:
        """[I] who is on leave by the roster."""
        return np.asarray(self.leave_by_day[self.day + DAYS_BEFORE])

    def total(self, parts: Iterator[tuple[ShiftDays, float, float]]) -> Floats:
        found = np.zeros(self.t.number)
        for one, first_h, last_h in parts:
            found += self.within(one, first_h, last_h)
        return found

    def within(self, one: ShiftDays, first_h: float, last_h: float) -> Floats:
        """[I] who began this shift at least ``first_h`` and less than ``last_h`` hours ago."""
        found = np.zeros(self.t.number)
        for back in range(DAYS_BEFORE + 1):
            since = self.minute - (self.day - back) * DAY_MINUTES - one.shift.start
            found += one.begin[self.day - back + DAYS_BEFORE] * ((since >= first_h * 60) & (since < last_h * 60))
        return found


def duty_of(scenario: Scenario, t: Intervals, city: str, name: str, group: Group) -> Duty:
    """A group on its shifts: by a roster that has rows of it, by its rota, by a table of how many begin each shift, or
    by the shares of its shifts."""
    days = days_of(t)
    shifts, roster = scenario.shifts_of(group), scenario.workforce(city).roster
    if roster is not None and roster.of_group(name):
        by_code, people = codes_by_day(roster, name, days), max(float(group.people), 1e-9)
        parts = [ShiftDays(one, by_code.get(one.code, np.zeros(len(days))) / people) for one in shifts if one.code]
        return Duty(t, parts, by_code.get(LEAVE, np.zeros(len(days))) / people)
    if group.rota is not None:
        parts = [ShiftDays(one, of_rota(scenario.rotas[group.rota], one.code, days)) for one in shifts]
    elif name in scenario.counted(city):
        parts = list(of_counts(scenario, city, shifts, days))
    else:
        parts = [ShiftDays(one, of_share(one, days)) for one in shifts]
    return Duty(t, parts, np.zeros(len(days)))


def days_of(t: Intervals) -> list[date]:
    """The days of the horizon, and DAYS_BEFORE before them."""
    first = t.start.date() - timedelta(days=DAYS_BEFORE)
    return [first + timedelta(days=i) for i in range(DAYS_BEFORE + t.day(t.number - 1) + 1)]


def of_share(shift: Shift, days: list[date]) -> Floats:
    """[days] the share of a shift, on the days of the week on which it begins."""
    share = float(shift.share) if shift.share is not None else 0.0
    return np.array([share if WEEK[day.weekday()] in shift.days else 0.0 for day in days])


def of_rota(rota: Rota, code: str, days: list[date]) -> Floats:
    """[days] the part of a rota's crews that has a code."""
    return np.array([sum(rota.code(crew, day) == code for crew in range(rota.crews)) / rota.crews for day in days])


def of_counts(scenario: Scenario, city: str, shifts: Iterable[Shift], days: list[date]) -> Iterator[ShiftDays]:
    """Shifts by the table: of all people of a city who could have one, the part that begins it."""
    table = scenario.shift_counts
    assert table is not None
    people, begun = defaultdict[str, float](float), defaultdict[str, Counter[date]](Counter)
    for group in scenario.counted(city).values():
        for code in {one.code for one in scenario.shifts_of(group)}:
            people[code] += float(group.people)
    for row in table.of_city(city):
        begun[row.code].update(dict(zip(table.dates, row.people, strict=True)))
    for one in shifts:
        if one.code:
            yield ShiftDays(one, np.array([begun[one.code][day] for day in days]) / max(people[one.code], 1e-9))


def codes_by_day(roster: Roster, group: str, days: list[date]) -> dict[str, Floats]:
    """By code: [days] how many people of a group have it."""
    counted = {day: Counter(row.codes[k] for row in roster.of_group(group)) for k, day in enumerate(roster.dates)}
    codes = {code for counts in counted.values() for code in counts}
    return {code: np.array([float(counted[day][code]) if day in counted else 0.0 for day in days]) for code in codes}
