"""Why a roster lacks people, proved by a bound, and what would do."""
from __future__ import annotations

from dataclasses import replace

from optimizer.staffing.planning.city_roster.limits import EVEN
from optimizer.staffing.revising.infeasible import Diagnosis, Prices, why
from optimizer.staffing.rosters.problem import Problem, Roster, Rule

WORTH_A_QUESTION = 2  # half-hours of people missing: less is nothing to explain


def shortage(problem: Problem, roster: Roster, missing: int, person: float, since: int) -> Diagnosis | None:
    """None where a roster lacks hardly anybody.

    :param missing: half-hours of people that its roster lacks.
    :param person: the price of one person more, for the horizon.
    :param since: the first day on which somebody new could be there; those before are frozen.
    """
    if missing < WORTH_A_QUESTION:
        return None
    wage = min(problem.premium) if problem.premium else 0.0     # of an ordinary day
    people = tuple(replace(one, limits=tuple(whole(rule, wage) for rule in one.limits if rule.source != EVEN))
                   for one in problem.people)
    return why(replace(problem, people=people, fairness=(), premium=None), Prices(person), roster=roster, since=since)


def whole(rule: Rule, wage: float) -> Rule:
    """Overtime with all that its minutes cost, as nothing else counts them here."""
    paid = rule.price is not None and rule.name in ("most_minutes", "most_minutes_a_week")
    return replace(rule, price=(rule.price or 0.0) + wage) if paid else rule
