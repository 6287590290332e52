"""Why a roster lacks people, proved by a bound, and what would do."""
from __future__ import annotations

from dataclasses import replace

from optimizer.staffing.planning.limits import EVEN
from optimizer.staffing.revising.infeasible import Diagnosis, Prices, why
from optimizer.staffing.rosters.problem import Problem

WORTH_A_QUESTION = 2  # half-hours of people missing: less is nothing to explain


def shortage(problem: Problem, missing: int, person: float) -> Diagnosis | None:
    """None where a roster lacks hardly anybody.

    :param missing: half-hours of people that its roster lacks.
    :param person: the price of one person more, for the horizon.
    """
    if missing < WORTH_A_QUESTION:
        return None
    people = tuple(replace(one, limits=tuple(rule for rule in one.limits if rule.source != EVEN))
                   for one in problem.people)
    return why(replace(problem, people=people, fairness=()), Prices(person))
