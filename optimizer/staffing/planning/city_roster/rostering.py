"""A city's people, its shifts and what it needs as a roster's problem."""
from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from optimizer.staffing.planning.city_roster import limits
from optimizer.staffing.planning.city_roster.duties import as_shift, duties_of
from optimizer.staffing.planning.city_roster.from_table import Table
from optimizer.staffing.planning.city_roster.leaders import leader_cover
from optimizer.staffing.planning.city_roster.limits import Period
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.city_roster.pressing import pressing_rows
from optimizer.staffing.planning.city_roster.published import with_published
from optimizer.staffing.planning.city_roster.rest_days import premium, weekends
from optimizer.staffing.planning.city_roster.table_shifts import named_from
from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.rosters.problem import (
    OFF,
    Ceiling,
    Cover,
    Duty,
    Fairness,
    Ints,
    Person,
    Problem,
    Roster,
    Rule,
    cover_by_interval,
)
from sim.scenario.people import AGENTS, LEAVE, Group, RosterRow, Shift
from sim.scenario.people import OFF as DAY_OFF
from sim.scenario.people import Roster as RosterTable
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Prices

SURPLUS_PART = 0.02      # of an hour's price: somebody too many costs little, as the hours are paid anyway
NIGHT_PRICE, WEEKEND_PRICE = 20.0, 2.0  # hours' price of one night, or weekend, out of the even band; a few people
                                        # with all nights in a row save rest, which shall not outweigh it
CHANGE_PRICE = 2.0       # hours' price of a published cell that changes
UNNAMED = "话务员"
BEYOND = 48              # prices of somebody missing: nothing that a day can gain is worth a person without a workplace


def problem_of(scenario: Scenario, city: str, shifts: Sequence[Shift], need: Ints, first: date,
               most: Ints | None = None) -> Problem:
    """The roster of a city.

    :param need: [days, half-hours of a day] people at work, breaks apart.
    :param first: the first of these days.
    :param most: [days, half-hours] people at once for whom there are workplaces; None: for everybody.
    :raises UserError: where a code of its table stands for different shifts.
    """
    terms, force, days = scenario.staffing_terms, scenario.workforce(city), len(need)
    duties = with_published(duties_of(shifts, STEP), named_from(scenario, city, first), STEP)
    hour = float(terms.prices.hour)
    who = people_of(scenario, city, duties, Period(first, days, hour), need)
    missing = price_of_missing(terms.prices)
    cover = (*cover_of(need, duties, terms.prices, most), *pressing_rows(need, duties, missing),
             *leader_cover(need, duties, terms.leaders, missing))
    return Problem(days, duties, who, cover, fairness(who, hour), first.weekday(), weekends(force, first, days),
                   premium(force, first, days, hour), CHANGE_PRICE * hour)


def cover_of(need: Ints, duties: Sequence[Duty], prices: Prices,
             most: Ints | None = None) -> tuple[Cover, ...]:
    """People wanted by the half hour, at most so many at once."""
    missing = price_of_missing(prices)
    rows = cover_by_interval(need, duties, missing, SURPLUS_PART * float(prices.hour) * STEP / 60)
    if most is None:
        return rows
    return tuple(replace(row, ceiling=Ceiling(int(n), BEYOND * missing))
                 for row, n in zip(rows, most.ravel(), strict=True))


def price_of_missing(prices: Prices) -> float:
    """Yuan for one who is missing for half an hour."""
    return float(prices.missing) * STEP / 60


def fairness(people: Sequence[Person], hour: float) -> tuple[Fairness, ...]:
    """Nights and weekends shall be even within each group."""
    groups = dict.fromkeys(person.group for person in people)
    return tuple(one for group in groups for one in (Fairness("nights", group, NIGHT_PRICE * hour),
                                                     Fairness("weekends", group, WEEKEND_PRICE * hour)))


# --- who they are ----------------------------------------------------------------------------------------------------

def people_of(scenario: Scenario, city: str, duties: Sequence[Duty], period: Period, need: Ints) -> tuple[Person, ...]:
    """Everybody who has a place in the roster: those whom a table names, or as many as the groups have."""
    groups, roster = rostered_groups(scenario, city), scenario.workforce(city).roster
    number = sum(round(float(group.people)) for group in groups.values())
    even = float(need.sum()) * STEP / max(number, 1)
    table = Table(scenario, city, roster, duties, period) if roster else None
    found: list[Person] = []
    taken = {row.name for row in roster.rows} if roster else set[str]()
    for name, group in groups.items():
        terms = limits_of(scenario, city, group, period, even)
        rows = roster.of_group(name) if roster else ()
        found += [table.person(row, with_overtime(terms, row)) for row in rows] if rows and table else \
            [Person(one, name, terms) for one in numbered(name, group, taken)]
    return tuple(found)


def limits_of(scenario: Scenario, city: str, group: Group, period: Period, even: float) -> tuple[Rule, ...]:
    """Within which somebody of a group works.

    :param even: minutes that each would work if all worked alike, and nobody overtime.
    """
    rules = scenario.workforce(city).rules
    if group.contract == "part_time":
        return limits.part_time(rules, period, min(even, rules.part_time_week.value * 60 * period.weeks))
    return limits.full_time(rules, period, min(even, rules.standard_week.value * 60 * period.weeks))


def with_overtime(terms: tuple[Rule, ...], row: RosterRow) -> tuple[Rule, ...]:
    """With less overtime left where the month has had some."""
    return tuple(replace(rule, value=rule.value - 60 * (row.overtime or 0))
                 if rule.name == "most_minutes" and rule.price is None else rule for rule in terms)


def numbered(key: str, group: Group, taken: set[str]) -> list[str]:
    """What people without a name are called, by numbers that are not taken: the roster is for people who read Chinese.

    :param taken: the names that others have, to which these are added.
    """
    called = UNNAMED if key == AGENTS else group.name.zh if group.name and group.name.zh else key
    free = (one for number in itertools.count(1) if (one := f"{called}{number:03}") not in taken)
    found = list(itertools.islice(free, round(float(group.people))))
    taken.update(found)
    return found


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
