"""The account of overtime of a city's people: its limits and pay, and what they have had before anybody is called."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from optimizer.staffing.revising.call_in import Call
from optimizer.staffing.revising.overtime import Account, Done, Terms
from optimizer.staffing.rosters.evaluate import NOTHING
from optimizer.staffing.rosters.problem import OFF, Ints, Person, Problem
from sim.scenario.people import Workforce
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Prices
from sim.scenario.work_rules import WorkRules


def overtime_terms(rules: WorkRules, prices: Prices, first: date, days: int) -> Terms:
    """Limits and pay of overtime; months begin where the calendar's do."""
    starts = [day for day in range(-31, days) if (first + timedelta(days=day)).day == 1]
    return Terms(rules.overtime_day_special.value * 60, most_a_month=rules.overtime_month.value * 60,
                 emergency=rules.emergency, wage=float(prices.hour) / 60, longer=rules.pay_weekday.value,
                 day_off=rules.pay_rest_day.value, month_starts=tuple(starts))


def account_of(scenario: Scenario, city: str, problem: Problem, overtime: Iterable[Done], first: date) -> Account:
    """Limits of overtime, with the city's holidays; what people have had of it, and in the month before the horizon.

    :param first: day 0 of the problem, the day before the horizon.
    """
    force = scenario.workforce(city)
    terms = overtime_terms(force.rules, scenario.staffing_terms.prices, first, problem.days)
    holidays = frozenset((day - first).days for day in force.holidays)
    terms = replace(terms, holiday=force.rules.pay_holiday.value, holidays=holidays)
    return Account(problem, terms, (*overtime, *so_far(force)))


def so_far(force: Workforce) -> Iterator[Done]:
    """Overtime of the month, as if it had all been worked on the day before the horizon, which was no longer by it."""
    for row in force.roster.rows if force.roster else ():
        if row.overtime:
            yield Done(row.name, 0, round(row.overtime * 60), day_off=True)


def in_roster(problem: Problem, roster: Ints, rules: WorkRules) -> tuple[Done, ...]:
    """What a roster has of it already."""
    return tuple(one for person, row in zip(problem.people, roster, strict=True)
                 for one in of_row(problem, person, row, rules))


def of_calls(calls: Iterable[Call]) -> tuple[Done, ...]:
    """The overtime of people who are called."""
    return tuple(Done(one.person, one.day, one.extra, one.kind == "call_in") for one in calls)


def of_row(problem: Problem, person: Person, row: Ints, rules: WorkRules) -> Iterator[Done]:
    """What a row has beyond the standard week, or beyond as many of them as the days make where hours are reckoned over
    longer; on the days on which it is passed. What is within a day's standard hours makes no day longer."""
    weekly, before = rules.comprehensive == "none", person.before or NOTHING
    most = rules.standard_week.value * 60 * (1 if weekly else problem.days / 7)
    worked = {0: before.minutes_this_week if weekly else before.minutes}
    for day in np.flatnonzero(row != OFF).tolist():
        week, paid = problem.week(day) if weekly else 0, problem.duties[int(row[day])].paid
        so_far = worked.get(week, 0)
        worked[week] = so_far + paid
        over = round(min(paid, worked[week] - most))
        longer = max(0, min(over, paid - round(rules.standard_day.value * 60))) if weekly else 0
        yield from (Done(person.name, day, minutes, within) for minutes, within in
                    ((longer, False), (over - longer, True)) if minutes > 0)
