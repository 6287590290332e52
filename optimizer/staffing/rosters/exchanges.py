"""Days that two people exchange: cover stays as it is, wishes and fairness gain."""
from __future__ import annotations

import time

import numpy as np

from optimizer.staffing.rosters.best_exchange import best_exchange, choice_costs, unfairness
from optimizer.staffing.rosters.columns import Column
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.making import Making
from optimizer.staffing.rosters.problem import Floats, Ints


class Exchanges:
    """Days that two people with the same rules exchange."""

    def __init__(self, instance: Instance, bands: Bands) -> None:
        self.instance, problem = instance, instance.problem
        self.night = np.array([int(duty.night) for duty in problem.duties])
        self.weekend = np.full(problem.days, -1)
        for k, days in enumerate(problem.rest_days):
            self.weekend[list(days)] = k
        self.fair = [np.array([[float(one.measure != "nights"), bands[k], one.width, one.price]
                               for k, one, _ in rules]).reshape(-1, 4) for rules in instance.fairness]
        self.carried = [np.array([float(carried) for _, _, carried in rules]) for rules in instance.fairness]

    def alike(self) -> list[list[int]]:
        """People who may exchange: same rules, same fairness, counted alike."""
        found: dict[object, list[int]] = {}
        for person, rules in enumerate(self.instance.fairness):
            key = (self.instance.group_of[person], self.instance.signature[person], tuple(k for k, _, _ in rules))
            found.setdefault(key, []).append(person)
        return list(found.values())

    def improve(self, making: Making, until: float, rng: np.random.Generator, tries: int) -> None:
        """Random pairs, each with its best exchange."""
        groups = [group for group in self.alike() if len(group) > 1]
        if not groups:
            return
        weights = np.array([len(group) for group in groups], float)
        for _ in range(tries):
            group = groups[int(rng.choice(len(groups), p=weights / weights.sum()))]
            one, two = (int(person) for person in rng.choice(group, 2, replace=False))
            self.exchange(making, one, two)
            if time.perf_counter() > until:
                return

    def exchange(self, making: Making, one: int, two: int) -> None:
        """The best between two people, if any gains."""
        instance, rows = self.instance, [making.columns[k].row.copy() for k in (one, two)]
        paths = instance.paths_of(one)
        g, starts = paths.graph, [int(paths.graph.starts[paths.pasts[instance.pasts[k]]]) for k in (one, two)]
        if min(starts) < 0:
            return
        now = making.columns[one].cost + making.columns[two].cost
        _, begin, end = best_exchange(
            paths.kinds.of, instance.own[one], instance.own[two], g.layers, g.first, g.head, g.choice, g.price,
            g.end_price, *starts, self.night, self.weekend, self.fair[one], self.carried[one], self.carried[two], *rows,
            now)
        if end > begin:
            first, second = rows[0].copy(), rows[1].copy()
            first[begin:end], second[begin:end] = rows[1][begin:end], rows[0][begin:end]
            for person, row in ((one, first), (two, second)):
                making.columns[person] = Column(person, row, self.cost(person, row))

    def cost(self, person: int, row: Ints) -> float:
        """Of a person's row with fairness, infinite if it breaks a hard rule."""
        return self.instance.cost(person, row) + float(
            unfairness(row, self.night, self.weekend, self.fair[person], self.carried[person]))

    def costs_of_day(self, person: int, row: Ints, day: int) -> Floats:
        """[1 + duties] likewise with each choice of a day, off first."""
        instance, costs = self.instance, np.empty(self.instance.duties + 1)
        paths = instance.paths_of(person)
        g, start = paths.graph, int(paths.graph.starts[paths.pasts[instance.pasts[person]]])
        if start < 0:
            costs[:] = np.inf
            return costs
        choice_costs(paths.kinds.of, instance.own[person], g.layers, g.first, g.head, g.choice, g.price, g.end_price,
                     start, self.night, self.weekend, self.fair[person], self.carried[person], row.copy(), day, costs)
        return costs
