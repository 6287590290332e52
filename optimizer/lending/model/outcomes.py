"""What comes of a plan in a course of events: callers from block to block, people answered by borrowers and lenders.

What a borrower answers lies under planes that touch its surface from above, so the solver's bound is one for every plan
under the same surfaces.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from optimizer.lending.inputs.flow import factors_of, flow
from optimizer.lending.inputs.surfaces import planes
from optimizer.lending.model.variables import Course, Model, row
from optimizer.lending.settings import FLAT_CORNER
from sim.core.arrays import Floats


def callers_flow_on(model: Model, course: Course) -> None:
    """Who is not answered and still tries is a caller of the next block; what is answered lies under the surface."""
    for city, s in model.knowledge.surfaces.items():
        seats_with_help(model, course, city)
        factors = factors_of(model.draws, city)
        tries = flow(model.province, city, s, factors)
        for d, factor in enumerate(factors):
            for b in range(len(model.province.blocks)):
                callers, answered = model.solver.add_variable(lb=0.0), model.solver.add_variable(lb=0.0)
                course.callers[city, b, d], course.answered[city, b, d] = callers, answered
                failed = course.callers[city, b - 1, d] - course.answered[city, b - 1, d] if b else 0.0
                carried = float(tries.share[d, b - 1]) * failed
                fresh = float(factor * model.province.cities[city].callers[b])
                model.solver.add_linear_constraint(callers == fresh + carried)
                row(model, ((answered, 1.0), (callers, -1.0)), 0.0)
                under_the_surface(model, course, (city, b, d), float(tries.callers[d, b]))


def seats_with_help(model: Model, course: Course, city: str) -> None:
    """What lent seats are worth to a borrower, beside its own."""
    for block in model.province.open_blocks:
        course.seats[city, block] = model.solver.add_variable(lb=0.0)
        own = float(model.province.cities[city].seats[block])
        model.solver.add_linear_constraint(course.seats[city, block] == own + model.helped(city, block, course))


def under_the_surface(model: Model, course: Course, at: tuple[str, int, int], usual: float) -> None:
    """What a borrower answers in a block of a draw, if so many people usually call."""
    (city, block, draw), province = at, model.province
    own = float(province.cities[city].seats[block])
    most = own + (province.most_help(city, block) if (city, block) in course.seats else 0.0)
    fresh = model.draws[draw].factor.get(city, 1.0) * float(province.cities[city].callers[block])
    for plane in planes(model.knowledge.surfaces[city], province.block_s, (fresh, max(usual, fresh)), (own, most)):
        below = row(model, ((course.answered[at], 1.0), (course.callers[at], -plane.per_caller)), plane.height)
        if (city, block) in course.seats:
            below.set_coefficient(course.seats[city, block], -plane.per_seat)
        else:
            below.upper_bound += plane.per_seat * own


def lenders_lose(model: Model, course: Course) -> None:
    """What a lender answers falls with what it lends: a few straight lines."""
    for city, one in course.lenders.items():
        for blocks in as_many_sent(model, course):
            most = min(len(one.answered[o]) for o in blocks)
            values = np.sum([one.answered[o][:most] for o in blocks], axis=0)
            block = model.province.open_blocks[blocks[0]]
            kept = course.kept[city, block] = model.solver.add_variable(ub=float(values[0]))
            sent = model.sent_terms(city, block, course)
            for a, b in pairwise(highest(values)):
                slope = float(values[b] - values[a]) / float(b - a)
                below = [(kept, 1.0), *((x, -slope * sign) for x, sign in sent)]
                row(model, below, float(values[a]) - slope * float(a))


def highest(values: Floats) -> list[int]:
    """Corners of the least concave curve that is nowhere below these values."""
    found: list[int] = []
    for c in range(len(values)):
        while len(found) > 1 and (values[found[-1]] - values[found[-2]]) * (c - found[-1]) <= (
                values[c] - values[found[-1]]) * (found[-1] - found[-2]) + FLAT_CORNER:
            found.pop()
        found.append(c)
    return found


def as_many_sent(model: Model, course: Course) -> Iterable[list[int]]:
    """Open blocks, by their place, in which a city always sends as many seats: days that share a plan of hours, unless
    something else may be done in a second surge."""
    alike = defaultdict[object, list[int]](list)
    for o, block in enumerate(model.province.open_blocks):
        alike[block if course.struck and block in course.struck.answer else model.province.slot_of(block)].append(o)
    return alike.values()
