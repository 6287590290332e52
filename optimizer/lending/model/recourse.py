"""A second surge strikes a lender: its seats are recalled, and others that stand by are called in."""
from __future__ import annotations

from optimizer.lending.inputs.second_surges import SecondSurge
from optimizer.lending.inputs.sources import is_on_duty
from optimizer.lending.model.constraints import within_all_seats, within_licences
from optimizer.lending.model.variables import Course, Model


def second_surges(model: Model) -> None:
    """For every second surge a course of events in which seats are recalled and called in once it is seen."""
    for struck in model.knowledge.strikes:
        lenders = model.knowledge.lenders | {struck.strike.city: struck.lender}
        course = Course(float(struck.strike.chance), lenders, struck)
        model.courses.append(course)
        seats_come_home(model, course, struck)
        others_are_called_in(model, course, struck)
        limits_hold(model, course)
    model.courses[0].weight = 1.0 - sum(course.weight for course in model.courses[1:])


def seats_come_home(model: Model, course: Course, struck: SecondSurge) -> None:
    """What is lent can be recalled, by the block; what is left must not make the struck city's service worse."""
    for pair in (pair for pair in model.province.pairs if pair[0] == struck.strike.city):
        for block in struck.answer:
            course.back[pair, block] = model.solver.add_integer_variable(lb=0.0)
            model.solver.add_linear_constraint(course.back[pair, block] <= model.lent[model.slot(pair, block)])
    for o, block in enumerate(model.province.open_blocks):
        if block in struck.answer:
            left = model.sent(struck.strike.city, block, course)
            model.solver.add_linear_constraint(left <= float(struck.lender.most[o]))


def others_are_called_in(model: Model, course: Course, struck: SecondSurge) -> None:
    """No more than stand by, and no city that borrows itself."""
    for pair in (pair for pair in model.province.pairs
                 if is_on_duty(pair[0]) and pair[0] not in {struck.strike.city, *model.knowledge.surfaces}):
        for block in struck.answer:
            slot = model.slot(pair, block)
            if slot not in model.standby:
                model.standby[slot] = model.solver.add_integer_variable(lb=0.0)
            course.called[pair, block] = model.solver.add_integer_variable(lb=0.0)
            model.solver.add_linear_constraint(course.called[pair, block] <= model.standby[slot])


def limits_hold(model: Model, course: Course) -> None:
    """Licences and the number of all seats hold in a second surge too; stints and changes need not."""
    within_licences(model, course)
    within_all_seats(model, course)
