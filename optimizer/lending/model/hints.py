"""A plan from which the solver starts: where it is about as good as any, nothing else is looked for."""
from __future__ import annotations

from ortools.math_opt.python import mathopt

from optimizer.lending.inputs.province import Lent, Slot
from optimizer.lending.model.variables import Model


def start_of(model: Model, near: Lent) -> mathopt.ModelSolveParameters:
    """Seats as near to a plan's as what lenders may give leaves room for; what follows from them is the solver's."""
    hint = within_limits(model, near)
    values = {x: min(float(hint.get(slot, 0)), x.upper_bound) for slot, x in model.lent.items()}
    return mathopt.ModelSolveParameters(solution_hints=[mathopt.SolutionHint(variable_values=values)])


def within_limits(model: Model, near: Lent) -> dict[Slot, int]:
    """A plan cut back to what is known of lenders' floors."""
    room, found = room_by_slot(model), dict[Slot, int]()
    for slot, seats in near.items():
        source, _, days, number = slot
        left = room.get((source, days, number), seats)
        found[slot] = min(seats, left)
        room[source, days, number] = left - found[slot]
    return found


def room_by_slot(model: Model) -> dict[tuple[str, int, int], int]:
    """By lender, days and block of the day: seats that its floors allow on all of these days."""
    return {(source, *slot): int(seats) for source, most in model.knowledge.most.items()
            for slot, seats in model.province.least_by_slot(most).items()}
