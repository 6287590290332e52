"""A surge on top of a roster of ordinary time: who is called in or stays longer within the law, and what it brings."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from optimizer.staffing.planning.calling.month_so_far import of_city
from optimizer.staffing.planning.city_roster.from_table import frozen_days, thawed
from optimizer.staffing.planning.city_roster.rostering import STEP, cover_of, in_words
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.call_in import SECONDS, Plan, call_in
from optimizer.staffing.revising.call_model import Workplaces
from optimizer.staffing.revising.call_options import Asked
from optimizer.staffing.revising.overtime import Account, Done, Terms
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.evaluate import NOTHING
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Ints, Person, Problem
from sim.scenario.people import CallInTerms, Roster, Shift
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Prices
from sim.scenario.work_rules import WorkRules

PAID = ("most_minutes", "least_minutes", "most_minutes_a_week")  # at a price: the account of overtime has it instead


@dataclass(frozen=True)
class Called:
    """Who is called, and the scenario in which they have come."""

    plan: Plan
    shifts: tuple[Shift, ...]
    roster: Roster


def called(scenario: Scenario, city: str, problem: Problem, roster: Ints, needs: Needs, prices: Prices,
           first: date, seconds: float = SECONDS) -> Called | None:
    """People who are called on top of a roster; None where the need has not grown.

    :param first: the first day of the problem.
    """
    if needs.told is None:
        return None
    force = scenario.workforce(city)
    surge = of_surge(thawed(problem, frozen_days(scenario, first)), needs.grown, prices)
    account = of_city(account_of(surge, roster, force.rules, prices, first), scenario, city, first)
    plan = call_in(surge, roster, account, interval_spans(problem.days, DAY_MINUTES // STEP), Asked(needs.told),
                   reach_of(scenario, city, problem.people), workplaces_from(needs.told, needs.most), seconds)
    return Called(plan, *in_words(plan.problem, plan.roster, first, short=True))


def workplaces_from(told: int, most: Ints) -> list[Workplaces]:
    """In each half-hour its own: whoever goes makes room for who comes.

    :param most: [1 + days, half-hours] people at once.
    """
    return [Workplaces(k * STEP, (k + 1) * STEP, int(people)) for k, people in enumerate(most.ravel())
            if k * STEP >= told]


def reach_of(scenario: Scenario, city: str, people: Sequence[Person]) -> Reach:
    """How people are reached, on the terms of their groups."""
    force, groups = scenario.workforce(city), scenario.groups(city)
    of = {name: force.terms_of(group) for name, group in groups.items()}
    first = next(iter(of.values()))
    return Reach(call_in=minutes(first.notice), change=minutes(first.notice), shortest_call=minutes(first.shortest),
                 people={one.name: minutes(of[one.group].notice) for one in people if one.group in of},
                 unwilling=frozenset().union(*(unwilling([one for one in people if one.group == name], terms)
                                               for name, terms in of.items())))


def minutes(duration: Quantity) -> int:
    return round(float(duration) / 60)


def of_surge(problem: Problem, need: Ints, prices: Prices) -> Problem:
    """The same people with a grown need; what overtime costs stands in the account."""
    people = tuple(replace(person, published=(), limits=tuple(
        rule for rule in person.limits if rule.price is None or rule.name not in PAID)) for person in problem.people)
    return replace(problem, people=people, cover=cover_of(need, problem.duties, prices), fairness=(), premium=None)


def overtime_terms(rules: WorkRules, prices: Prices, first: date, days: int) -> Terms:
    """Limits and pay of overtime; months begin where the calendar's do."""
    starts = [day for day in range(-31, days) if (first + timedelta(days=day)).day == 1]
    return Terms(rules.overtime_day_special.value * 60, most_a_month=rules.overtime_month.value * 60,
                 emergency=rules.emergency, wage=float(prices.hour) / 60, longer=rules.pay_weekday.value,
                 day_off=rules.pay_rest_day.value, month_starts=tuple(starts))


def account_of(problem: Problem, roster: Ints, rules: WorkRules, prices: Prices, first: date) -> Account:
    """Limits of overtime, and what a roster has of it already.

    :param first: the first day of the problem.
    """
    terms = overtime_terms(rules, prices, first, problem.days)
    return Account(problem, terms, tuple(one for person, row in zip(problem.people, roster, strict=True)
                                         for one in rostered_overtime(problem, person, row, rules)))


def rostered_overtime(problem: Problem, person: Person, row: Ints, rules: WorkRules) -> Iterator[Done]:
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


def unwilling(people: Sequence[Person], terms: CallInTerms) -> frozenset[str]:
    """Those who do not come when called, as many as the terms say, spread evenly over the roster."""
    part = 1 - float(terms.willing)
    steps = np.floor(np.arange(len(people) + 1) * part + 1e-9)
    return frozenset(person.name for person, stays in zip(people, np.diff(steps), strict=True) if stays)
