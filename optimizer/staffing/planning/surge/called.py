"""A surge on top of a roster of ordinary time: who is called in or stays longer within the law, and what it brings."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from optimizer.staffing.planning.calling.overtime import account_of, in_roster
from optimizer.staffing.planning.calling.reach import reach_of
from optimizer.staffing.planning.calling.within_law import within_law
from optimizer.staffing.planning.city_roster.from_table import frozen_days, thawed
from optimizer.staffing.planning.city_roster.rostering import cover_of, in_words
from optimizer.staffing.planning.horizon import SLOTS, STEP
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.call_in import SECONDS, Plan, call_in
from optimizer.staffing.revising.call_model import Workplaces
from optimizer.staffing.revising.call_options import Asked
from optimizer.staffing.rosters.problem import Floats, Ints, Problem
from sim.scenario.people import Roster, Shift
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import Prices

WORST = 0.4   # more than the price of somebody missing, where workplaces hold hardly any of the need
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
    rules = scenario.workforce(city).rules
    surge = worst_first(of_surge(within_law(thawed(problem, frozen_days(scenario, first)), rules, float(prices.hour)),
                                 needs.grown, prices), needs.overload)
    account = account_of(scenario, city, surge, in_roster(surge, roster, rules), first)
    plan = call_in(surge, roster, account, interval_spans(problem.days, SLOTS), Asked(needs.told),
                   reach_of(scenario, city, problem.people), workplaces_from(needs.told, needs.most), seconds)
    return Called(plan, *in_words(plan.problem, plan.roster, first, short=True))


def workplaces_from(told: int, most: Ints) -> list[Workplaces]:
    """In each half-hour its own: whoever goes makes room for who comes.

    :param most: [1 + days, half-hours] people at once.
    """
    return [Workplaces(k * STEP, (k + 1) * STEP, int(people)) for k, people in enumerate(most.ravel())
            if k * STEP >= told]


def worst_first(problem: Problem, overload: Floats) -> Problem:
    """Hours that are left in the month go where the overload is worst; anywhere else in it a seat answers as many.

    :param overload: [1 + days, half-hours] part of those whom the surge needs for whom there is no workplace.
    """
    worth = 1 + WORST * overload.ravel()
    return replace(problem, cover=tuple(replace(row, missing_price=float(part) * row.missing_price)
                                        for row, part in zip(problem.cover, worth, strict=True)))


def of_surge(problem: Problem, need: Ints, prices: Prices) -> Problem:
    """The same people with a grown need; what overtime costs stands in the account."""
    people = tuple(replace(person, published=(), limits=tuple(
        rule for rule in person.limits if rule.price is None or rule.name not in PAID)) for person in problem.people)
    return replace(problem, people=people, cover=cover_of(need, problem.duties, prices), fairness=(), premium=None)
