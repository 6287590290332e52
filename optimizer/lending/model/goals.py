"""What a plan is to achieve, one function a goal. All but the first look at the course of events that is foreseen."""
from __future__ import annotations

from typing import Any

from ortools.math_opt.python import mathopt

from optimizer.lending.model.variables import Course, Model
from optimizer.lending.settings import SEAT_HOUR_TIE


def people(model: Model, course: Course, draw: int | None = None) -> Any:
    """People answered in a course of events, by borrowers on the mean day or on one, and by lenders."""
    borrowed = mathopt.fast_sum((model.draws[d].weight if draw is None else 1.0) * model.knowledge.delivers[city] * x
                                for (city, b, d), x in course.answered.items() if draw in (None, d))
    return borrowed + mathopt.fast_sum(model.knowledge.costs * x for x in course.kept.values())


def costs(model: Model) -> Any:
    """What hours of lent seats and of people called in have to be worth, in people."""
    hours = model.province.block_s / 3600
    waiting = SEAT_HOUR_TIE * hours * mathopt.fast_sum(model.standby.values())
    return waiting + mathopt.fast_sum((model.province.price(source) + SEAT_HOUR_TIE) * hours * model.sent(source, block)
                                      for source in model.province.sources for block in model.province.open_blocks)


def most_people(model: Model) -> None:
    """Over all courses of events, each as likely as it is."""
    expected = mathopt.fast_sum(course.weight * people(model, course) for course in model.courses)
    model.solver.maximize(expected - costs(model))


def best_worst_city(model: Model) -> None:
    """The borrower that answers the smallest share of its people answers as large a share as can be."""
    least = model.solver.add_variable(lb=0.0, ub=1.0)
    whole = sum(float(model.province.cities[city].callers.sum()) for city in model.knowledge.surfaces)
    for city in model.knowledge.surfaces:
        fresh = float(model.province.cities[city].callers.sum())
        answered = mathopt.fast_sum(model.draws[d].weight * x for (c, _, d), x in model.courses[0].answered.items()
                                    if c == city)
        model.solver.add_linear_constraint(least * fresh <= answered)
    model.solver.maximize(whole * least + 1e-3 * (people(model, model.courses[0]) - costs(model)))


GOALS = {"people": most_people, "dials": most_people, "worst_city": best_worst_city}
