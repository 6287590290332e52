"""What a roster is asked for: duties, people with their limits and wishes, cover, and what each thing costs.

Days count from 0, the first of the horizon. Times are minutes after midnight of the day a duty begins on; a duty that
passes midnight belongs to the day it begins on. Prices are in one currency, per unit as each field says.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Roster = Ints  # [people, days] index of a duty in Problem.duties, or OFF

OFF = -1
DAY_MINUTES = 1440

Kind = Literal["law", "contract", "custom"]
LimitName = Literal[
    "most_minutes",             # paid, in the horizon with those carried in; priced per minute above
    "least_minutes",            # likewise; priced per minute below
    "most_minutes_a_week",      # paid, in a calendar week; priced per minute above
    "most_minutes_a_day",       # paid; priced per minute above
    "most_days_in_a_row",       # worked; priced per day above
    "least_days_in_a_row",      # worked; priced per day below, held against runs that end before the last day
    "least_days_off_in_a_row",  # likewise, of days off
    "most_weekends",            # with at least one day worked; priced per weekend above
    "most_nights",              # in the horizon; priced per night above
    "most_nights_in_a_row",     # priced per night above
    "most_of_duty",             # of the duty that Rule.duty names; priced per duty above
    "least_rest",               # minutes from the end of a duty to the start of the next day's; priced per minute below
    "weekly_rest_days",         # days off in a calendar week; priced per day below
]
OtherName = Literal["succession", "leave", "pin", "allowed", "skill", "leader"]  # always hard; the problem says them


class ProblemError(ValueError):
    """A problem that makes no sense, with the reason."""


class TooLargeError(ProblemError):
    """Rows over so many days that they do not fit in memory at once."""


@dataclass(frozen=True)
class Rule:
    """A limit, where it comes from, and what it costs to pass it: without a price it must never be broken.

    A person may have several of one name: 40 hours at the price of overtime and 44 hours never to be passed.
    """

    name: LimitName | OtherName
    value: float
    kind: Kind
    source: str                 # a citation, for whatever reports its breaking
    price: float | None = None  # per unit beyond the value, see LimitName; None: must never be broken
    duty: str | None = None     # of which duty, for most_of_duty


@dataclass(frozen=True)
class Duty:
    """What a person may be given on a day: a shift with its breaks laid down."""

    code: str
    start: int                                       # minutes after midnight; 1,440: as the day ends
    presence: int                                    # minutes from coming to going, at most 1,440
    paid: int                                        # minutes
    night: bool = False
    breaks: tuple[tuple[int, int], ...] = ()         # minutes after the start, length: nobody is covered meanwhile
    not_followed_by: frozenset[str] = frozenset()    # duties that may not be done on the next day
    skills: frozenset[str] = frozenset()             # all of which it needs
    leader: bool = False                             # only for those who can lead

    @property
    def end(self) -> int:
        """Minutes after midnight of the day it begins on."""
        return self.start + self.presence


@dataclass(frozen=True)
class Wish:
    """To do a duty on a day, or not to; ``duty`` None is any duty, so that a day off is ``Wish(day, None, False, w)``.

    The weight is paid where it is not granted.
    """

    day: int
    duty: str | None
    wanted: bool
    weight: float


@dataclass(frozen=True)
class Cell:
    """One day of one person: a duty, or None for off. What is published may be kept by other duties as well."""

    day: int
    duty: str | None
    also: frozenset[str] = frozenset()

    def kept_by(self, code: str | None) -> bool:
        """Whether a duty, or None for off, is what the cell says."""
        return code == self.duty or code in self.also


@dataclass(frozen=True)
class CarriedIn:
    """What a person did before the first day of the horizon."""

    days_in_a_row: int = 0         # worked up to the last day before; 0: that day was off
    days_off_in_a_row: int = 7     # likewise off; counts only where days_in_a_row is 0
    nights_in_a_row: int = 0
    last_duty: str | None = None   # of the last day before, for succession and rest; None: off, or not known
    last_end: int | None = None    # minutes after the first midnight of the horizon, negative before it; None: from
                                   # last_duty where there is one
    minutes: int = 0               # paid, in the accounting period so far: counts for most and least minutes
    minutes_this_week: int = 0     # paid, where the horizon begins inside a calendar week
    days_this_week: int = 0        # worked, likewise
    nights: int = 0                # balances that fairness evens out
    weekends: int = 0


@dataclass(frozen=True)
class Person:
    """One row of the roster."""

    name: str
    group: str
    limits: tuple[Rule, ...] = ()
    skills: frozenset[str] = frozenset()
    leads: bool = False
    allowed: frozenset[str] | None = None   # codes of duties; None: all
    leave: frozenset[int] = frozenset()     # days
    pins: tuple[Cell, ...] = ()             # must be so; a frozen part is a pin for each day
    published: tuple[Cell, ...] = ()        # may change, at Problem.change_price for each that does
    wishes: tuple[Wish, ...] = ()
    before: CarriedIn | None = None         # None: nothing is known, and least lengths are not held against what
                                            # touches the first day


@dataclass(frozen=True)
class Ceiling:
    """People for whom there is room at one time, as there are workplaces; each beyond costs ``price`` besides."""

    most: int
    price: float


@dataclass(frozen=True)
class Cover:
    """People wanted at one time: a shift of a day, or an interval to which the duties at work in it contribute."""

    name: str
    need: int
    missing_price: float                    # per person missing
    surplus_price: float                    # per person too many
    duties: tuple[tuple[int, str], ...]     # (day, code) that contribute a person each
    skill: str | None = None                # count only people who have it
    leaders: bool = False                   # count only people who can lead
    ceiling: Ceiling | None = None          # None: there is room for everybody

    def costs(self, there: int) -> tuple[float, float, float]:
        """Of people missing, of those too many, and of those beyond the ceiling."""
        beyond = self.ceiling.price * max(0, there - self.ceiling.most) if self.ceiling else 0.0
        return (self.missing_price * max(0, self.need - there), self.surplus_price * max(0, there - self.need), beyond)


@dataclass(frozen=True)
class Fairness:
    """Nights or weekends, with the balance carried in, shall differ by at most ``width`` within a group.

    Each unit outside the best band of this width costs ``price``.
    """

    measure: Literal["nights", "weekends"]
    group: str
    price: float
    width: int = 2


@dataclass(frozen=True)
class Problem:
    """Everything a roster is made from and judged by."""

    days: int
    duties: tuple[Duty, ...]
    people: tuple[Person, ...]
    cover: tuple[Cover, ...]
    fairness: tuple[Fairness, ...] = ()
    first_weekday: int = 0                                # 0 Monday … 6 Sunday: calendar weeks begin on Mondays
    weekends: tuple[tuple[int, ...], ...] | None = None   # days of each, one or two in a row; None: the calendar's
    premium: tuple[float, ...] | None = None              # [days] price of a paid minute beyond ordinary pay (holidays)
    change_price: float = 0.0                             # per published cell that changes

    def __post_init__(self) -> None:
        check(self)

    @cached_property
    def index(self) -> dict[str, int]:
        """Places of duties in ``duties``, by code."""
        return {duty.code: k for k, duty in enumerate(self.duties)}

    @cached_property
    def rest_days(self) -> tuple[tuple[int, ...], ...]:
        """Days of each weekend."""
        return calendar_weekends(self.days, self.first_weekday) if self.weekends is None else self.weekends

    def week(self, day: int) -> int:
        """The calendar week of a day, 0 the first."""
        return (day + self.first_weekday) // 7

    def may_do(self, person: Person, duty: Duty) -> bool:
        """Whether a person has what a duty needs and is allowed to do it."""
        return ((person.allowed is None or duty.code in person.allowed) and duty.skills <= person.skills
                and (person.leads or not duty.leader))

    def counts(self, person: Person, row: Cover) -> bool:
        """Whether a row of cover counts a person."""
        return (row.skill is None or row.skill in person.skills) and (person.leads or not row.leaders)

    def room(self, row: Cover) -> int | None:
        """People who can be there at once: for whom there are workplaces, and no fewer than those laid down to be.
        None: as many as there are."""
        if row.ceiling is None:
            return None
        return max(row.ceiling.most, sum(self.counts(person, row) for duty in row.duties
                                         for person in self.laid_down.get(duty, ())))

    @cached_property
    def laid_down(self) -> dict[tuple[int, str], list[Person]]:
        """People by the day and the duty of a cell that must not change."""
        found: dict[tuple[int, str], list[Person]] = {}
        for person in self.people:
            for pin in person.pins:
                if pin.duty is not None:
                    found.setdefault((pin.day, pin.duty), []).append(person)
        return found


def calendar_weekends(days: int, first_weekday: int) -> tuple[tuple[int, ...], ...]:
    """Saturdays with their Sundays inside the horizon."""
    found: dict[int, list[int]] = {}
    for day in range(days):
        if (day + first_weekday) % 7 >= 5:
            found.setdefault((day + first_weekday) // 7, []).append(day)
    return tuple(tuple(weekend) for weekend in found.values())


def cover_by_duty(need: npt.ArrayLike, duties: Sequence[Duty], missing_price: float,
                  surplus_price: float) -> tuple[Cover, ...]:
    """One row for each day and duty. ``need`` [days, duties]"""
    return tuple(Cover(f"{day} {duty.code}", int(people), missing_price, surplus_price, ((day, duty.code),))
                 for day, row in enumerate(np.asarray(need)) for people, duty in zip(row, duties, strict=True))


def cover_by_interval(need: npt.ArrayLike, duties: Sequence[Duty], missing_price: float, surplus_price: float,
                      days: int | None = None) -> tuple[Cover, ...]:
    """One row for each interval: those are counted who are at work, breaks apart, for the whole of it.

    ``need`` [days, intervals of a day]; an interval's length divides a day. Duties that pass midnight count in the
    intervals of the next day, those after the last day are forgotten. ``days`` on which duties begin, the first ones;
    None: on all.
    """
    needs = np.asarray(need, np.int64)
    every, intervals = needs.shape
    length = DAY_MINUTES // intervals
    at_work: list[list[tuple[int, str]]] = [[] for _ in range(every * intervals)]
    for duty in duties:
        for offset in intervals_at_work(duty, length):
            for day in range(every if days is None else days):
                if day * intervals + offset < len(at_work):
                    at_work[day * intervals + offset].append((day, duty.code))
    return tuple(Cover(f"{k // intervals} {k % intervals * length // 60:02d}:{k % intervals * length % 60:02d}",
                       int(needs.flat[k]), missing_price, surplus_price, tuple(contributes))
                 for k, contributes in enumerate(at_work))


def intervals_at_work(duty: Duty, length: int) -> list[int]:
    """Intervals of ``length`` minutes, counted from midnight of the duty's day, that a person on it is at work for."""
    first, last = -(-duty.start // length), duty.end // length
    return [k for k in range(first, last) if not any(
        duty.start + at < (k + 1) * length and k * length < duty.start + at + minutes for at, minutes in duty.breaks)]


def check(p: Problem) -> None:
    """ProblemError for what makes no sense."""
    codes = {duty.code for duty in p.duties}
    if len(codes) < len(p.duties) or len({person.name for person in p.people}) < len(p.people):
        raise ProblemError("codes of duties and names of people must each stand once")
    if any(not 0 < duty.presence <= DAY_MINUTES or not 0 <= duty.start <= DAY_MINUTES for duty in p.duties):
        raise ProblemError("a duty begins inside its day, or as it ends, and is at most 24 hours long")
    if any(len(w) > 2 or (len(w) == 2 and w[1] != w[0] + 1) for w in p.rest_days):
        raise ProblemError("a weekend is one day or two in a row")
    if p.premium is not None and len(p.premium) != p.days:
        raise ProblemError("premium has a price for each day")
    for person in p.people:
        check_person(p, person, codes)
    for row in p.cover:
        check_cover(p, row, codes)


def check_person(p: Problem, person: Person, codes: set[str]) -> None:
    """Days and duties that there are."""
    cells = [(one.day, one.duty) for part in (person.pins, person.published, person.wishes) for one in part]
    cells += [(one.day, code) for one in person.published for code in one.also]
    for day, duty in cells:
        if not 0 <= day < p.days or not (duty is None or duty in codes):
            raise ProblemError(f"{person.name}: there is no day {day} or no duty {duty}")
    if any(rule.name == "most_of_duty" and rule.duty not in codes for rule in person.limits):
        raise ProblemError(f"{person.name}: most_of_duty needs the code of a duty")
    if person.before is not None and person.before.last_duty not in codes | {None}:
        raise ProblemError(f"{person.name}: there is no duty {person.before.last_duty}")


def check_cover(p: Problem, row: Cover, codes: set[str]) -> None:
    """Days and duties that there are, prices that are none to be earned."""
    if any(not 0 <= day < p.days or code not in codes for day, code in row.duties):
        raise ProblemError(f"cover {row.name}: no such day or duty")
    if min(row.missing_price, row.surplus_price, row.ceiling.price if row.ceiling else 0.0) < 0:
        raise ProblemError(f"cover {row.name}: prices are at least 0")
