"""A surge on top of a roster of ordinary time: who is called in or stays longer within the law, and what it brings."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from optimizer.staffing.planning.from_table import frozen_days, thawed
from optimizer.staffing.planning.month_so_far import of_city
from optimizer.staffing.planning.rostering import STEP, cover_of, in_words
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.call_in import Plan, call_in
from optimizer.staffing.revising.call_model import Workplaces
from optimizer.staffing.revising.call_options import Asked
from optimizer.staffing.revising.overtime import Account, Terms
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.problem import DAY_MINUTES, Ints, Person, Problem
from sim.scenario.people import CallInTerms, Roster, Shift
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Prices
from sim.scenario.work_rules import WorkRules

GROWN = 1.2     # times the ordinary need: from then on people are called
AT_LEAST = 5    # people more than usual
PAID = ("most_minutes", "least_minutes", "most_minutes_a_week")  # at a price: the account of overtime has it instead


@dataclass(frozen=True)
class Called:
    """Who is called, and the scenario in which they have come."""

    plan: Plan
    shifts: tuple[Shift, ...]
    roster: Roster


def called(scenario: Scenario, city: str, problem: Problem, roster: Ints, needs: tuple[Ints, Ints], most: int,
           prices: Prices, first: date) -> Called | None:
    """People who are called on top of a roster; None where the need has not grown.

    :param needs: [days, half-hours] people on duty in ordinary time and in the surge.
    :param most: people on duty at once.
    :param first: the first day of the problem.
    """
    told = first_grown(*needs)
    if told is None:
        return None
    force = scenario.workforce(city)
    surge = of_surge(thawed(problem, frozen_days(scenario, first)), np.minimum(needs[1], most), prices)
    account = of_city(Account(surge, overtime_terms(force.rules, prices, first, problem.days)), scenario, city, first)
    plan = call_in(surge, roster, account, interval_spans(problem.days, DAY_MINUTES // STEP), Asked(told),
                   reach_of(scenario, city, problem.people), workplaces_from(told, problem.days, most))
    return Called(plan, *in_words(plan.problem, plan.roster, first, short=True))


def workplaces_from(told: int, days: int, most: int) -> list[Workplaces]:
    """In each half-hour its own: whoever goes makes room for who comes."""
    return [Workplaces(at, at + STEP, most) for at in range(told, days * DAY_MINUTES, STEP)]


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


def first_grown(ordinary: Ints, surge: Ints) -> int | None:
    """The minute, after the first midnight, from which many more people are needed than in ordinary time."""
    grown = np.flatnonzero((surge >= GROWN * ordinary) & (surge >= ordinary + AT_LEAST))
    return int(grown[0]) * STEP if len(grown) else None


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


def unwilling(people: Sequence[Person], terms: CallInTerms) -> frozenset[str]:
    """Those who do not come when called, as many as the terms say, spread evenly over the roster."""
    part = 1 - float(terms.willing)
    steps = np.floor(np.arange(len(people) + 1) * part + 1e-9)
    return frozenset(person.name for person, stays in zip(people, np.diff(steps), strict=True) if stays)
