"""All people's duties of one day given anew at once, the other days kept: a small integer program, solved exactly."""
from __future__ import annotations

import time
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from optimizer.staffing.rosters.columns import Column
from optimizer.staffing.rosters.exchanges import Exchanges
from optimizer.staffing.rosters.making import Making
from optimizer.staffing.rosters.problem import OFF, Floats, Ints

MOST_S = 5.0     # for one day
CLOSE = 1e-5     # of the cost


def days_anew(making: Making, exchanges: Exchanges, until: float, rng: np.random.Generator) -> None:
    """Each day in turn, until none gains."""
    cost = np.inf
    while making.cost < cost - 1e-6:
        cost = making.cost
        for day in rng.permutation(making.instance.days):
            if time.perf_counter() > until:
                return
            day_anew(making, exchanges, int(day), until)


def day_anew(making: Making, exchanges: Exchanges, day: int, until: float) -> None:
    """Replace the duties of a day where that costs less, wishes, priced rules and fairness counted."""
    before, old = making.cost, list(making.columns)
    people, choices, costs = choices_of(making, exchanges, day)
    for k in chosen(making, day, people, choices, costs, until):
        person = int(people[k])
        if making.columns[person].row[day] != choices[k]:
            row = making.columns[person].row.copy()
            row[day] = choices[k]
            making.replace(Column(person, row, float(costs[k])))
    if making.cost > before + 1e-9:
        for column in old:
            making.replace(column)


def chosen(making: Making, day: int, people: Ints, choices: Ints, costs: Floats, until: float) -> Ints:
    """Places of the choices that are best together; none if time is too short for any."""
    instance, on, there = making.instance, np.flatnonzero(choices != OFF), making.there.copy()
    for person, column in enumerate(making.columns):
        there -= instance.row_cover(person, alone(column.row, day))
    adds = sp.csr_array(instance.at[:, day * instance.duties + choices[on]].multiply(
        instance.counted[instance.signature[people[on]]].T))
    touched = np.flatnonzero(adds.sum(axis=1))
    columns, rows = len(people), len(touched)
    cover = adds[touched] @ sp.csr_array((np.ones(len(on)), (np.arange(len(on)), on)), shape=(len(on), columns))
    one = sp.csr_array((np.ones(columns), (people, np.arange(columns))), shape=(instance.people, columns))
    equal = sp.block_array([[cover, sp.eye_array(rows), -sp.eye_array(rows)], [one, None, None]], format="csr")
    right = np.concatenate([(instance.need - there)[touched], np.ones(instance.people)])
    program: Any = milp
    constraints: Any = LinearConstraint
    found = program(np.concatenate([costs, instance.missing[touched], instance.surplus[touched]]),
                    integrality=np.concatenate([np.ones(columns), np.zeros(2 * rows)]), bounds=Bounds(0, np.inf),
                    constraints=constraints(equal, right, right),
                    options={"time_limit": max(0.1, min(MOST_S, until - time.perf_counter())), "mip_rel_gap": CLOSE})
    return np.zeros(0, np.int64) if found.x is None else np.flatnonzero(found.x[:columns] > 0.5)


def choices_of(making: Making, exchanges: Exchanges, day: int) -> tuple[Ints, Ints, Floats]:
    """Person, duty or OFF, and the person's cost of each choice that keeps the hard rules."""
    people, choices, costs = [], [], []
    for person, column in enumerate(making.columns):
        row = column.row.copy()
        for choice in range(OFF, making.instance.duties):
            row[day] = choice
            cost = exchanges.cost(person, row)
            if np.isfinite(cost):
                people.append(person)
                choices.append(choice)
                costs.append(cost)
    return np.array(people), np.array(choices), np.array(costs)


def alone(row: Ints, day: int) -> Ints:
    """A row of which only one day is kept."""
    found = np.full(len(row), OFF)
    found[day] = row[day]
    return found
