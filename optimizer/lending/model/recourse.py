"""A second surge strikes a lender: its seats are recalled, and others that stand by are called in."""
from __future__ import annotations

from optimizer.lending.inputs.second_surges import SecondSurge
from optimizer.lending.model.constraints import within_all_seats, within_licences
from optimizer.lending.model.variables import Course, Model


def second_surges(m: Model) -> None:
    """For every second surge a course of events in which seats are recalled and called in once it is seen."""
    for struck in m.knowledge.strikes:
        lenders = m.knowledge.lenders | {struck.strike.city: struck.lender}
        course = Course(float(struck.strike.chance), lenders, struck)
        m.courses.append(course)
        seats_come_home(m, course, struck)
        others_are_called_in(m, course, struck)
        limits_hold(m, course)
    m.courses[0].weight = 1.0 - sum(course.weight for course in m.courses[1:])


def seats_come_home(m: Model, course: Course, struck: SecondSurge) -> None:
    """What is lent can be recalled, by the block; what is left must not make the struck city's service worse."""
    for pair in (pair for pair in m.p.pairs if pair[0] == struck.strike.city):
        for block in struck.answer:
            course.back[pair, block] = m.solver.add_integer_variable(lb=0.0)
            m.solver.add_linear_constraint(course.back[pair, block] <= m.lent[m.slot(pair, block)])
    for o, block in enumerate(m.p.open_blocks):
        if block in struck.answer:
            m.solver.add_linear_constraint(m.sent(struck.strike.city, block, course) <= float(struck.lender.most[o]))


def others_are_called_in(m: Model, course: Course, struck: SecondSurge) -> None:
    """No more than stand by, and no city that borrows itself."""
    for pair in (pair for pair in m.p.pairs if pair[0] not in {struck.strike.city, *m.knowledge.surfaces}):
        for block in struck.answer:
            slot = m.slot(pair, block)
            if slot not in m.standby:
                m.standby[slot] = m.solver.add_integer_variable(lb=0.0)
            course.called[pair, block] = m.solver.add_integer_variable(lb=0.0)
            m.solver.add_linear_constraint(course.called[pair, block] <= m.standby[slot])


def limits_hold(m: Model, course: Course) -> None:
    """Licences and the number of all seats hold in a second surge too; stints and changes need not."""
    within_licences(m, course)
    within_all_seats(m, course)
