"""Overtime: its limits by law, what is used and left of them, and the rate at which it is paid.

Minutes called in on a day off, and minutes that a duty is made longer by, are overtime. Both count for the week and
the month; the limit a day binds longer duties only, as a day off that is worked has no ordinary hours to be longer
than (it is weighed by the weekly rest day, a rule of the problem). Ordinary rosters' own hours are not overtime here:
what they have of it is told in ``Done``.
"""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from optimizer.staffing.rosters.problem import Problem

LAW_41 = "劳动法第 41 条 | Labour Law art. 41"

LimitOf = Literal["overtime_a_day", "overtime_a_week", "overtime_a_month"]


@dataclass(frozen=True)
class Terms:
    """Limits of overtime in minutes, and what a minute costs.

    In an emergency (Labour Law 42) the limits do not bind, and what goes beyond them is told.
    """

    most_a_day: float = 180.0
    most_a_week: float = float("inf")
    most_a_month: float = 2160.0
    emergency: bool = False
    wage: float = 0.0                       # price of an ordinary paid minute
    longer: float = 1.5                     # times the wage; Labour Law 44
    day_off: float = 2.0
    holiday: float = 3.0
    holidays: frozenset[int] = frozenset()  # days
    month_starts: tuple[int, ...] = ()      # days on which a calendar month begins, in order, negative before day 0


@dataclass(frozen=True)
class Done:
    """Overtime worked or already agreed."""

    person: str
    day: int        # negative: before the horizon, in the week or month that goes on
    minutes: int
    day_off: bool = False   # called in on one


@dataclass(frozen=True)
class Left:
    """Minutes of overtime left to a person on a day; negative: beyond the limit."""

    day: float
    week: float
    month: float

    @property
    def least(self) -> float:
        """All limits together."""
        return min(self.day, self.week, self.month)


@dataclass(frozen=True)
class Account:
    """Who has worked how much overtime."""

    problem: Problem
    terms: Terms
    done: tuple[Done, ...] = ()

    @cached_property
    def of_person(self) -> dict[str, list[Done]]:
        """By name."""
        found: dict[str, list[Done]] = {}
        for one in self.done:
            found.setdefault(one.person, []).append(one)
        return found

    def month(self, day: int) -> int:
        """The calendar month of a day, 0 the one before the first that begins in ``Terms.month_starts``."""
        return bisect_right(self.terms.month_starts, day)

    def used(self, person: str, day: int) -> tuple[int, int, int]:
        """Minutes by which the day was longer, and those of its week and of its month."""
        own = self.of_person.get(person, [])
        return (sum(one.minutes for one in own if one.day == day and not one.day_off),
                sum(one.minutes for one in own if self.problem.week(one.day) == self.problem.week(day)),
                sum(one.minutes for one in own if self.month(one.day) == self.month(day)))

    def left(self, person: str, day: int) -> Left:
        """What the law leaves, emergency or not."""
        on_day, in_week, in_month = self.used(person, day)
        return Left(self.terms.most_a_day - on_day, self.terms.most_a_week - in_week,
                    self.terms.most_a_month - in_month)

    def with_more(self, more: Iterable[Done]) -> Account:
        """After more overtime."""
        return Account(self.problem, self.terms, (*self.done, *more))

    def beyond(self, person: str, day: int, minutes: int, longer: bool) -> dict[LimitOf, float]:
        """Minutes that this much more overtime goes, further than today, beyond each limit that it passes."""
        left = self.left(person, day)
        limits: dict[LimitOf, float] = {"overtime_a_week": left.week, "overtime_a_month": left.month}
        if longer:
            limits["overtime_a_day"] = left.day
        return {name: minutes - max(0.0, room) for name, room in limits.items() if minutes > max(0.0, room)}

    def rate(self, day: int, day_off: bool) -> float:
        """Times the wage that a minute of overtime is paid."""
        if day in self.terms.holidays:
            return self.terms.holiday
        return self.terms.day_off if day_off else self.terms.longer
