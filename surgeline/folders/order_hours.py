"""What an order asks of whom in which hour: levers that lend seats or bring people, as a grid with totals."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from sim.scenario.dates import Span
from sim.scenario.levers import CloudSeats, Desk, Lend
from sim.scenario.people import CallInTerms
from sim.scenario.people_levers import CallIn, Standby, Volunteers
from sim.scenario.scenario import Scenario
from sim.world.people import called_in_for

Ordered = Lend | CallIn | Standby | Volunteers | Desk | CloudSeats
ORDERED = (Lend, CallIn, Standby, Volunteers, Desk, CloudSeats)
"""Levers that an order can give."""
KINDS = tuple(one.model_fields["kind"].annotation.__args__[0] for one in ORDERED)  # type: ignore[union-attr]
HOURS, HOUR = 24, timedelta(hours=1)
FEW = 9.95  # a total of less is told to a tenth


Sum = Literal["lent", "desks", "own"]
SUMS: tuple[Sum, ...] = ("lent", "desks", "own")
"""What rows add up to: seats that cities lend, seats of desks, and people whom cities bring themselves."""


class Row(NamedTuple):
    """What a line of the grid is about: a city that lends seats to another, or brings people itself, or one that a desk
    helps."""

    city: str
    kind: str
    borrower: str = ""
    name: str = ""      # of a desk: two desks of a city are two rows

    @property
    def adds_to(self) -> Sum:
        return "lent" if self.kind == "lend" else "desks" if self.kind == "desk" else "own"


@dataclass(frozen=True)
class Phase:
    """Days that follow each other and are alike: by row [24] seats or people on the mean of each hour."""

    first: date
    last: date
    rows: dict[Row, tuple[float, ...]]
    called: tuple[float, ...] = (0.0,) * HOURS
    """[24] people who are called in from days off to man lent seats, on the mean of each hour."""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def total(self, of: Sum) -> tuple[float, ...]:
        """[24] seats lent by all, seats of all desks, or people whom all bring."""
        those = [hours for row, hours in self.rows.items() if row.adds_to == of]
        return tuple(sum(hours[h] for hours in those) for h in range(HOURS))

    @property
    def called_in(self) -> tuple[float, ...]:
        """[24] all who are called in from days off: for lent seats, and to their own hall."""
        own = [hours for row, hours in self.rows.items() if row.kind == "call_in"]
        return tuple(self.called[h] + sum(hours[h] for hours in own) for h in range(HOURS))


def city_of(lever: Ordered) -> str:
    """The city that carries a lever out; of a desk the one that it helps."""
    if isinstance(lever, Desk):
        return lever.cities[0]
    return lever.lender if isinstance(lever, Lend) else lever.city


def called_for_seats(scenario: Scenario, lever: Lend) -> float:
    """People who are called in from days off to man the seats of a loan: none where those on duty do."""
    return called_in_for(lever.seat_pool(), 1 - float(scenario.cities[lever.lender].shrinkage))


def people_called(scenario: Scenario, lever: Ordered) -> float:
    """People whom a lever has at work at any time who are called in from days off: to lent seats, to their own hall, or
    to answer from home. Volunteers and desks have others."""
    if isinstance(lever, Lend):
        return called_for_seats(scenario, lever) if float(lever.off_duty) else 0.0
    return number_of(lever) if isinstance(lever, CallIn | CloudSeats) else 0.0


def called_to_halls(scenario: Scenario, lever: Ordered) -> float:
    """Of these, all but those who answer from home: whom plans and orders in force speak of as called in."""
    return 0.0 if isinstance(lever, CloudSeats) else people_called(scenario, lever)


def number_of(lever: Ordered) -> float:
    """Seats, or people."""
    return float(lever.seats if isinstance(lever, Lend | Desk | CloudSeats) else lever.people)


def row_of(lever: Ordered) -> Row:
    return Row(city_of(lever), lever.kind, lever.borrower if isinstance(lever, Lend) else "",
               lever.name if isinstance(lever, Desk) else "")


def wait_of(scenario: Scenario, lever: Ordered) -> timedelta:
    """From the beginning of a lever, or the call that it gives, until its people are at work: of several groups with
    terms of their own, until all are."""
    if isinstance(lever, Standby):
        return timedelta(seconds=float(lever.response))
    if isinstance(lever, Volunteers):
        return lever.ready - lever.start
    if isinstance(lever, CallIn):
        notices = [float(one.notice) for one in call_in_terms(scenario, lever.city, lever.group)]
        return timedelta(seconds=max(notices, default=0.0))
    return timedelta()


def call_in_terms(scenario: Scenario, city: str, group: str | None = None) -> list[CallInTerms]:
    """On what terms people of a city are called, or of one of its groups."""
    force = scenario.workforce(city)
    return [force.terms_of(one) for name, one in scenario.groups(city).items() if group in (None, name)]


def longest_of(scenario: Scenario, city: str, group: str | None = None) -> float:
    """Seconds that nobody who is called exceeds on a day."""
    return min((float(one.longest) for one in call_in_terms(scenario, city, group)),
               default=float(CallInTerms().longest))


def called_at(lever: Ordered) -> datetime:
    """When people are told to come."""
    return lever.called or lever.start if isinstance(lever, Standby) else lever.start


def at_work(scenario: Scenario, lever: Ordered) -> Span:
    """When the seats or people of a lever are there."""
    return lever.span.model_copy(update={"start": called_at(lever) + wait_of(scenario, lever)})


def by_hour(scenario: Scenario, levers: Iterable[Ordered]) -> dict[Row, dict[datetime, float]]:
    """By row and hour: seats or people on the mean of the hour, so that hours add up to seat-hours."""
    found: dict[Row, dict[datetime, float]] = {}
    for lever in levers:
        add_hours(found.setdefault(row_of(lever), defaultdict(float)), scenario, lever, number_of(lever))
    return found


def called_by_hour(scenario: Scenario, levers: Iterable[Ordered]) -> dict[datetime, float]:
    """By hour: people called in to man lent seats, on the mean of the hour."""
    found: dict[datetime, float] = defaultdict(float)
    for lever in levers:
        if isinstance(lever, Lend) and float(lever.off_duty):
            add_hours(found, scenario, lever, called_for_seats(scenario, lever))
    return found


def add_hours(hours: dict[datetime, float], scenario: Scenario, lever: Ordered, number: float) -> None:
    """Adds so many for the hours in which a lever is at work."""
    for begin, end in at_work(scenario, lever).stretches():
        at = begin.replace(minute=0, second=0, microsecond=0)
        while at < end:
            hours[at] += number * ((min(end, at + HOUR) - max(begin, at)) / HOUR)
            at += HOUR


def phases(scenario: Scenario, levers: Sequence[Ordered]) -> list[Phase]:
    """The days on which something is done; those that follow each other and are alike are taken together."""
    rows, called = by_hour(scenario, levers), called_by_hour(scenario, levers)
    days = sorted({at.date() for hours in rows.values() for at in hours})
    found: list[Phase] = []
    for day in days:
        today, there = of_day(rows, day), hours_of_day(called, day)
        if found and (found[-1].rows, found[-1].called) == (today, there) and day - found[-1].last == timedelta(days=1):
            found[-1] = Phase(found[-1].first, day, today, there)
        else:
            found.append(Phase(day, day, today, there))
    return found


def of_day(rows: Mapping[Row, Mapping[datetime, float]], day: date) -> dict[Row, tuple[float, ...]]:
    """The rows that do something on a day: [24] of each."""
    found = {row: hours_of_day(hours, day) for row, hours in rows.items()}
    return {row: hours for row, hours in found.items() if any(hours)}


def hours_of_day(hours: Mapping[datetime, float], day: date) -> tuple[float, ...]:
    """[24] of a day."""
    midnight = datetime.combine(day, time.min)
    return tuple(round(hours.get(midnight + h * HOUR, 0.0), 6) for h in range(HOURS))


@dataclass(frozen=True)
class Stint:
    """Seats or people from minute to minute of each of some days that follow each other."""

    first: date
    last: date
    start: int
    end: int
    number: float


def stints(scenario: Scenario, levers: Iterable[Ordered]) -> list[Stint]:
    """What levers of one row come to, to the minute; days that are alike are taken together."""
    days: dict[date, list[tuple[int, int, float]]] = defaultdict(list)
    for lever in levers:
        for begin, end in at_work(scenario, lever).stretches():
            for day, first, last in cut_at_midnight(begin, end):
                days[day].append((first, last, number_of(lever)))
    found: list[tuple[date, date, tuple[tuple[int, int, float], ...]]] = []
    for day in sorted(days):
        parts = added(days[day])
        if found and found[-1][2] == parts and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day, parts)
        else:
            found.append((day, day, parts))
    return [Stint(first, last, *part) for first, last, parts in found for part in parts]


def cut_at_midnight(begin: datetime, end: datetime) -> Iterator[tuple[date, int, int]]:
    """A stretch by days: the day, and its first minute and the one after its last."""
    while begin < end:
        midnight = datetime.combine(begin.date(), time.min)
        stop = min(end, midnight + timedelta(days=1))
        minute = timedelta(minutes=1)
        yield begin.date(), (begin - midnight) // minute, (stop - midnight) // minute
        begin = stop


def added(parts: Iterable[tuple[int, int, float]]) -> tuple[tuple[int, int, float], ...]:
    """Parts of a day that lie over one another, as parts that follow each other."""
    parts = list(parts)
    edges = sorted({edge for first, last, _ in parts for edge in (first, last)})
    found: list[tuple[int, int, float]] = []
    for start, end in pairwise(edges):
        number = sum(number for first, last, number in parts if first <= start < last)
        if found and found[-1][1] == start and found[-1][2] == number:
            found[-1] = (found[-1][0], end, number)
        elif number:
            found.append((start, end, number))
    return tuple(found)


def hours_shown(those: Iterable[Phase]) -> range:
    """The hours from the first in which anything is done to the last, the same for all phases."""
    used = [h for one in those for hours in one.rows.values() for h in range(HOURS) if hours[h]]
    return range(min(used), max(used) + 1) if used else range(0)


def adding_up(values: Mapping[Any, float], total: float) -> dict[Any, float]:
    """Numbers rounded so that they add up to a total as it is shown: whole, or tenths of a total below ten. What is
    left of it goes to those that were rounded most.

    :param total: what they add up to but for rounding.
    """
    step = 1.0 if abs(total) >= FEW or total == round(total) else 0.1
    found = {key: round(value / step) for key, value in values.items()}
    rest = round(total / step) - sum(found.values())
    way = 1 if rest > 0 else -1
    for key in sorted(values, key=lambda key: way * (found[key] - values[key] / step))[:abs(rest)]:
        found[key] += way
    return {key: number * step for key, number in found.items()}


def order_number(name: str, day: date, edition: int) -> str:
    """The number of an order: the scenario, the day on which it begins, and how often it has been written."""
    return f"{name}-{day:%Y%m%d}-{edition:02}"
