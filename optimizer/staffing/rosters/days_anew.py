"""Many people's duties of one day given anew at once, the other days kept: a small integer program, solved exactly.

People for whom each choice of the day costs the same are one class of it, so that what is symmetric is searched once.
"""
from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from optimizer.staffing.rosters.columns import Column
from optimizer.staffing.rosters.exchanges import Exchanges
from optimizer.staffing.rosters.making import Making
from optimizer.staffing.rosters.problem import OFF, Floats, Ints

Bools = npt.NDArray[np.bool_]
MOST_PEOPLE = 400  # at once, picked anew for each day where there are more
EXCHANGES = 10     # tried for each person between rounds of all days
MOST_S = 5.0       # for one day
CLOSE = 1e-4       # of its cost


@dataclass(frozen=True)
class Day:
    """Who has which choice of a day, 0 off and 1 + k a duty, and what each costs."""

    day: int
    people: Ints      # [people]
    now: Ints         # [people] choice
    costs: Floats     # [people, choices] of the person's whole row; infinite where a hard rule forbids the choice
    of: Ints          # [people] class
    sizes: Ints       # [classes] people
    extra: Floats     # [classes, choices] cost beyond that of the cheapest choice
    signature: Ints   # [classes] which rows of cover count them


def days_anew(making: Making, exchanges: Exchanges, until: float, rng: np.random.Generator) -> None:
    """Exchanges and each day in turn, until none gains."""
    cost, number = np.inf, making.instance.people
    while making.cost < cost - 1e-6:
        cost = making.cost
        exchanges.improve(making, until, rng, EXCHANGES * number)
        for day in rng.permutation(making.instance.days):
            if time.perf_counter() > until:
                return
            people = rng.choice(number, min(number, MOST_PEOPLE), replace=False)
            day_anew(making, day_of(making, exchanges, int(day), people), until)


def day_of(making: Making, exchanges: Exchanges, day: int, people: Ints, same: Bools | None = None) -> Day:
    """The choices of these people.

    :param same: [choices, choices] which may stand instead of which, itself among them; None: any.
    """
    rows = [making.columns[person].row for person in people]
    costs = np.array([exchanges.costs_of_day(int(person), row, day) for person, row in zip(people, rows, strict=True)])
    if same is not None:
        costs[~same[[row[day] + 1 for row in rows]]] = np.inf
    extra, signature = costs - costs.min(axis=1, keepdims=True), making.instance.signature[people]
    classes, first, of, sizes = np.unique(np.column_stack([extra.round(9), signature]), axis=0, return_index=True,
                                          return_inverse=True, return_counts=True)
    return Day(day, people, np.array([row[day] + 1 for row in rows]), costs, of.reshape(-1), sizes, classes[:, :-1],
               signature[first])


def day_anew(making: Making, one: Day, until: float) -> None:
    """Replace the duties of a day where that costs less, wishes, priced rules and fairness counted."""
    numbers = best_numbers(making, one, until)
    if numbers is None:
        return
    before, choices = making.cost, dealt(one, numbers)
    changed = np.flatnonzero(choices != one.now)
    old = [making.columns[person] for person in one.people[changed]]
    for k, column in zip(changed, old, strict=True):
        row = column.row.copy()
        row[one.day] = choices[k] - 1
        making.replace(Column(column.person, row, float(one.costs[k, choices[k]])))
    if making.cost > before + 1e-9:
        for column in old:
            making.replace(column)


def dealt(one: Day, numbers: Ints) -> Ints:
    """[people] choices, as many of each as ``numbers`` [classes, choices]; who can keep the present one does."""
    found, left = np.full(len(one.now), -1), numbers.copy()
    for k, (group, choice) in enumerate(zip(one.of, one.now, strict=True)):
        if left[group, choice]:
            found[k] = choice
            left[group, choice] -= 1
    for group in np.flatnonzero(left.sum(axis=1)):
        found[(one.of == group) & (found < 0)] = np.repeat(np.arange(left.shape[1]), left[group])
    return found


def best_numbers(making: Making, one: Day, until: float) -> Ints | None:
    """[classes, choices] how many of each class have which choice; None if time is too short for any answer."""
    instance, there = making.instance, cover_without(making, one)
    group, choice = np.nonzero(np.isfinite(one.extra))
    adds = contributions(making, one, group, choice)
    touched = np.flatnonzero(adds.sum(axis=1))
    columns, rows = len(group), len(touched)
    each = sp.csr_array((np.ones(columns), (group, np.arange(columns))), shape=(len(one.sizes), columns))
    equal = sp.block_array([[adds[touched], sp.eye_array(rows), -sp.eye_array(rows)], [each, None, None]], format="csr")
    right = np.concatenate([(instance.need - there)[touched], one.sizes])
    program: Any = milp
    constraints: Any = LinearConstraint
    found = program(
        np.concatenate([one.extra[group, choice], instance.missing[touched], instance.surplus[touched]]),
        integrality=np.concatenate([np.ones(columns), np.zeros(2 * rows)]), bounds=Bounds(0, np.inf),
        constraints=constraints(equal, right, right),
        options={"time_limit": max(0.1, min(MOST_S, until - time.perf_counter())), "mip_rel_gap": CLOSE})
    if found.x is None:
        return None
    numbers = np.zeros(one.extra.shape, np.int64)
    numbers[group, choice] = found.x[:columns].round()
    return numbers


def contributions(making: Making, one: Day, group: Ints, choice: Ints) -> sp.csr_array:
    """[rows of cover, columns] what somebody of a class adds with a choice."""
    instance, on = making.instance, np.flatnonzero(choice > 0)
    chosen = sp.csr_array((np.ones(len(on)), (one.day * instance.duties + choice[on] - 1, on)),
                          shape=(instance.at.shape[1], len(choice)))
    return sp.csr_array((instance.at @ chosen).multiply(instance.counted[one.signature[group]].T))


def cover_without(making: Making, one: Day) -> Floats:
    """[rows of cover] people there but for these on this day."""
    instance, there = making.instance, making.there.copy()
    for person in one.people:
        alone = np.full(instance.days, OFF)
        alone[one.day] = making.columns[person].row[one.day]
        there -= instance.row_cover(int(person), alone)
    return there
