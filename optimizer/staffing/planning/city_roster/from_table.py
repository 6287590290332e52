"""A row of a city's roster as a person whose shifts are planned: what stays, what is published, leave and wishes."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from optimizer.staffing.planning.city_roster.carried_in import carried_in
from optimizer.staffing.planning.city_roster.duties import shift_code
from optimizer.staffing.planning.city_roster.limits import Period
from optimizer.staffing.planning.city_roster.own_shifts import for_all
from optimizer.staffing.planning.city_roster.wishes import WISH_PRICE, as_wishes
from optimizer.staffing.rosters.problem import DAY_MINUTES, Cell, Duty, Person, Problem, Rule, Wish
from sim.scenario.people import LEAVE, Roster, RosterRow
from sim.scenario.scenario import Scenario

BEFORE_LEAVE = 16.0      # hours' price of a night that ends on a day of leave


class Codes:
    """Duties by the codes of cells. Who has the same shift on a day goes to meals in turn where no cell says when."""

    def __init__(self, duties: Sequence[Duty]):
        self.turns = Counter[tuple[int, str]]()
        self.ways: dict[str, list[str]] = {}
        for duty in duties:
            for code in dict.fromkeys((duty.code, shift_code(duty.code))):
                self.ways.setdefault(code, []).append(duty.code)

    def duty(self, day: int, code: str) -> str | None:
        """The code of a duty, None for a day off."""
        return self.cell(day, code).duty

    def cell(self, day: int, code: str) -> Cell:
        """A day: a shift without a meal's time is kept at any of its times."""
        ways = self.ways.get(code)
        if ways is None:
            return Cell(day, None)
        ways = [code] if code in ways else ways
        self.turns[day, code] += 1
        duty = ways[(self.turns[day, code] - 1) % len(ways)]
        return Cell(day, duty, frozenset(ways) - {duty})


class Table:
    """A city's roster, seen from the days that are planned."""

    def __init__(self, scenario: Scenario, city: str, roster: Roster, duties: Sequence[Duty], period: Period):
        self.scenario, self.roster, self.duties, self.period = scenario, roster, duties, period
        self.force, self.groups, self.codes = scenario.workforce(city), scenario.groups(city), Codes(duties)
        self.frozen = frozen_days(scenario, period.first)
        evening = [i for i in range(len(roster.dates)) if self.day(i) == 0]
        planned = for_all(scenario, city)
        self.evening_is_known = any(i not in row.free for i in evening for row in roster.rows if row.group in planned)

    def day(self, column: int) -> int:
        """The day of the problem that a column is, below 0 before it."""
        return (self.roster.dates[column] - self.period.first).days

    def person(self, row: RosterRow, limits: tuple[Rule, ...]) -> Person:
        """Somebody of the table. What is frozen and empty is off, but for a day before of which nothing is said."""
        inside = {day: i for i in range(len(row.codes)) if 0 <= (day := self.day(i)) < self.period.days}
        leave = frozenset(day for day, i in inside.items() if row.codes[i] == LEAVE)
        frozen = range(0 if self.evening_is_known else 1, self.frozen)
        stays = {day for day, i in inside.items() if i in row.fixed or day in frozen}
        cells = {day: self.codes.cell(day, row.codes[i]) for day, i in inside.items()
                 if day not in leave and (day in stays or i not in row.free)}
        shifts = self.scenario.shifts_of(self.groups[row.group])
        return Person(row.name, row.group, limits, leads=row.leads, leave=leave,
                      pins=tuple(replace(cell, also=frozenset()) for day, cell in cells.items() if day in stays),
                      published=tuple(cell for day, cell in cells.items() if day not in stays),
                      wishes=(*self.wishes(row), *evenings_before(leave, self.duties, self.period.hour)),
                      before=carried_in(row, self.roster.dates, shifts, self.force, self.period.first))

    def wishes(self, row: RosterRow) -> tuple[Wish, ...]:
        """For days that are planned."""
        wished = [(self.day(wish.day), wish) for wish in row.wishes]
        return tuple(one for day, wish in wished if 0 <= day < self.period.days
                     for one in as_wishes(day, wish, self.duties, WISH_PRICE * self.period.hour))


def frozen_days(scenario: Scenario, first: date) -> int:
    """How many days stay as the table has them: the day before the horizon, and those that the terms freeze; terms of
    a horizon that is over freeze no more."""
    until = scenario.staffing.frozen_until if scenario.staffing else None
    return 1 if until is None else max(1, (until - first).days)


def evenings_before(leave: frozenset[int], duties: Sequence[Duty], hour: float) -> tuple[Wish, ...]:
    """No shift that ends on a day of leave.

    :param hour: yuan.
    """
    return tuple(Wish(day - 1, duty.code, False, BEFORE_LEAVE * hour) for day in sorted(leave) if day
                 for duty in duties if duty.end > DAY_MINUTES)


def thawed(problem: Problem, days: int) -> Problem:
    """Without what is frozen on the first days, as somebody comes when called or falls ill on any; it is published.
    Single cells that are fixed stay so."""
    return replace(problem, people=tuple(
        replace(person, pins=tuple(cell for cell in person.pins if cell.day >= days),
                published=(*person.published, *(cell for cell in person.pins if cell.day < days)))
        for person in problem.people))
