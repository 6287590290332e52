"""What a plan is to achieve, one function a goal. All but the first look at the course of events that is foreseen."""
from __future__ import annotations

from typing import Any

from ortools.math_opt.python import mathopt

from optimizer.lending.model.variables import Course, Model
from optimizer.lending.settings import SEAT_HOUR_TIE


def people(m: Model, course: Course, draw: int | None = None) -> Any:
    """People answered in a course of events, by borrowers on the mean day or on one, and by lenders."""
    borrowed = mathopt.fast_sum((m.draws[d].weight if draw is None else 1.0) * m.knowledge.delivers[city] * x
                                for (city, b, d), x in course.answered.items() if draw in (None, d))
    return borrowed + mathopt.fast_sum(m.knowledge.costs * x for x in course.kept.values())


def costs(m: Model) -> Any:
    """What lent seat-hours cost, in people."""
    each, hours = float(m.p.agreement.seat_hour_cost) + SEAT_HOUR_TIE, m.p.block_s / 3600
    waiting = SEAT_HOUR_TIE * hours * mathopt.fast_sum(m.standby.values())
    return waiting + mathopt.fast_sum(each * hours * m.sent(city, block)
                                      for city in m.p.lenders for block in m.p.open_blocks)


def most_people(m: Model) -> None:
    """Over all courses of events, each as likely as it is."""
    m.solver.maximize(mathopt.fast_sum(course.weight * people(m, course) for course in m.courses) - costs(m))


def best_worst_city(m: Model) -> None:
    """The borrower that answers the smallest share of its people answers as large a share as can be."""
    least = m.solver.add_variable(lb=0.0, ub=1.0)
    whole = sum(float(m.p.cities[city].callers.sum()) for city in m.knowledge.surfaces)
    for city in m.knowledge.surfaces:
        fresh = float(m.p.cities[city].callers.sum())
        answered = mathopt.fast_sum(m.draws[d].weight * x for (c, _, d), x in m.courses[0].answered.items()
                                    if c == city)
        m.solver.add_linear_constraint(least * fresh <= answered)
    m.solver.maximize(whole * least + 1e-3 * (people(m, m.courses[0]) - costs(m)))


GOALS = {"people": most_people, "dials": most_people, "worst_city": best_worst_city}
