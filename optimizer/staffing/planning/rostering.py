"""A city's people, its shifts and what it needs as a roster's problem."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from optimizer.staffing.planning import limits
from optimizer.staffing.planning.duties import as_shift, duties_of
from optimizer.staffing.planning.limits import Period
from optimizer.staffing.planning.published import cells_of, published_shifts, with_published
from optimizer.staffing.rosters.problem import (
    DAY_MINUTES,
    OFF,
    Cover,
    Duty,
    Fairness,
    Ints,
    Person,
    Problem,
    Roster,
    Rule,
    Wish,
    cover_by_interval,
)
from sim.scenario.people import AGENTS, LEAVE, Group, RosterRow, Shift
from sim.scenario.people import OFF as DAY_OFF
from sim.scenario.people import Roster as RosterTable
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Prices, StaffingTerms

STEP = 30                # minutes: cover is planned by the half hour
SURPLUS_PART = 0.02      # of an hour's price: somebody too many costs little, as the hours are paid anyway
NIGHT_PRICE, WEEKEND_PRICE = 4.0, 2.0  # hours' price of one night, or weekend, out of the even band
CHANGE_PRICE = 2.0       # hours' price of a published cell that changes
UNNAMED = "话务员"
ROSTERED = ("full_time",)
"""Part-time people keep their own shifts; reserves and volunteers come when they are called."""
BEFORE_LEAVE = 16.0      # hours' price of a night that ends on a day of leave


def problem_of(scenario: Scenario, city: str, shifts: Sequence[Shift], need: Ints, first: date) -> Problem:
    """The roster of a city.

    :param need: [days, half-hours of a day] people at work, breaks apart.
    :param first: the first of these days.
    """
    prices = (scenario.staffing or StaffingTerms()).prices
    hour = float(prices.hour)
    duties = with_published(duties_of(shifts, STEP), published_shifts(scenario, city), STEP)
    who = people_of(scenario, city, duties, Period(first, len(need), hour), need)
    return Problem(len(need), duties, who, cover_of(need, duties, prices), fairness(who, hour), first.weekday(),
                   premium=(hour / 60,) * len(need), change_price=CHANGE_PRICE * hour)


def cover_of(need: Ints, duties: Sequence[Duty], prices: Prices) -> tuple[Cover, ...]:
    """People wanted by the half hour."""
    hours = STEP / 60
    return cover_by_interval(need, duties, float(prices.missing) * hours,
                             SURPLUS_PART * float(prices.hour) * hours)


def fairness(people: Sequence[Person], hour: float) -> tuple[Fairness, ...]:
    """Nights and weekends shall be even within each group."""
    groups = dict.fromkeys(person.group for person in people)
    return tuple(one for group in groups for one in (Fairness("nights", group, NIGHT_PRICE * hour),
                                                     Fairness("weekends", group, WEEKEND_PRICE * hour)))


# --- who they are ----------------------------------------------------------------------------------------------------

def people_of(scenario: Scenario, city: str, duties: Sequence[Duty], period: Period, need: Ints) -> tuple[Person, ...]:
    """Everybody who has a place in the roster: those whom a roster names, or as many as the groups have."""
    groups = {name: group for name, group in scenario.groups(city).items() if group.contract in ROSTERED}
    number = sum(round(float(group.people)) for group in groups.values())
    even = min(float(need.sum()) * STEP / max(number, 1), standard_minutes(scenario, city, period))
    roster = scenario.workforce(city).roster
    found: list[Person] = []
    for name, group in groups.items():
        terms = limits.full_time(scenario.workforce(city).rules, period, even)
        rows = roster.of_group(name) if roster else ()
        found += [named(row, name, terms, roster, duties, period) for row in rows] if rows and roster else \
            [Person(numbered(name, group, i), name, terms) for i in range(1, round(float(group.people)) + 1)]
    return tuple(found)


def numbered(key: str, group: Group, number: int) -> str:
    """What somebody without a name is called: the roster is for people who read Chinese."""
    called = UNNAMED if key == AGENTS else group.name.zh if group.name else key
    return f"{called}{number:03}"


def standard_minutes(scenario: Scenario, city: str, period: Period) -> float:
    return scenario.workforce(city).rules.standard_week.value * 60 * period.weeks


def named(row: RosterRow, group: str, terms: tuple[Rule, ...], roster: RosterTable, duties: Sequence[Duty],
          period: Period) -> Person:
    """Somebody of a roster: leave stays, and what is published costs something to change."""
    cells = {(day - period.first).days: code for day, code in zip(roster.dates, row.codes, strict=True)}
    inside = {day: code for day, code in cells.items() if 0 <= day < period.days}
    leave = frozenset(day for day, code in inside.items() if code == LEAVE)
    return Person(row.name, group, terms, leave=leave, wishes=evenings_before(leave, duties, period),
                  published=cells_of(inside, duties))


def evenings_before(leave: frozenset[int], duties: Sequence[Duty], period: Period) -> tuple[Wish, ...]:
    """No shift that ends on a day of leave."""
    return tuple(Wish(day - 1, duty.code, False, BEFORE_LEAVE * period.hour) for day in sorted(leave) if day
                 for duty in duties if duty.end > DAY_MINUTES)


# --- back to the words of scenarios ----------------------------------------------------------------------------------

def in_words(problem: Problem, roster: Roster, first: date,
             short: bool = False) -> tuple[tuple[Shift, ...], RosterTable]:
    """The duties that people have as shifts, and the roster in their codes, as scenario files have them.

    :param short: whether shifts get short codes of their own instead of those of their duties.
    """
    used = sorted({int(k) for k in roster.ravel() if k != OFF})
    codes = {k: f"D{i:03}" if short else problem.duties[k].code for i, k in enumerate(used, 1)}
    dates = tuple(first + timedelta(days=day) for day in range(problem.days))
    rows = tuple(RosterRow(name=person.name, group=person.group, codes=tuple(
        (LEAVE if day in person.leave else DAY_OFF) if k == OFF else codes[int(k)] for day, k in enumerate(row)))
        for person, row in zip(problem.people, roster, strict=True))
    shifts = tuple(as_shift(problem.duties[k], code) for k, code in codes.items())
    return shifts, RosterTable(table="roster.xlsx", dates=dates, rows=rows)
