"""What a roster costs more with a few people's rows changed, by the rules of ``evaluate`` and without the rest."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from optimizer.staffing.rosters.evaluate import (
    broken_rules,
    changes,
    nights_of,
    premium_cost,
    unfairness,
    weekends_of,
    wishes_cost,
)
from optimizer.staffing.rosters.problem import Ints, Problem, Roster


@dataclass(frozen=True)
class Gap:
    """A row of cover that lacks people."""

    row: int      # in Problem.cover
    name: str
    need: int
    there: int

    @property
    def missing(self) -> int:
        """People."""
        return self.need - self.there


@dataclass(frozen=True)
class Effect:
    """What changed rows do."""

    cost: float                  # all parts of ``evaluate``, more than before
    cover_cost: float            # of it: missing and surplus people
    opened: tuple[Gap, ...]      # rows that lack people, and more than before
    there: dict[int, int]        # people in each row of cover that changes, by its place


@dataclass(frozen=True)
class Marginal:
    """A roster from which a few rows are changed, again and again; made by ``marginal``."""

    problem: Problem
    roster: Roster
    cover: Ints                                     # [rows of cover] people there
    rows_of: dict[tuple[int, int], list[int]]       # rows of cover to which a duty (its place) of a day contributes
    costs: dict[int, float] = field(default_factory=dict, compare=False)   # of people, as they are asked for
    given: dict[tuple[object, ...], dict[int, int]] = field(default_factory=dict, compare=False)   # see ``gives``

    def moved(self, rows: Mapping[int, Ints]) -> Marginal:
        """With these rows instead, by people's places."""
        roster, cover = self.roster.copy(), self.cover.copy()
        for k, there in self.there_with(rows).items():
            cover[k] = there
        for i, row in rows.items():
            roster[i] = row
        return replace(self, roster=roster, cover=cover,
                       costs={i: cost for i, cost in self.costs.items() if i not in rows})

    def effect(self, rows: Mapping[int, Ints]) -> Effect:
        """Of giving people, by their place, these rows."""
        there = self.there_with(rows)
        cover_cost = sum(self.row_cost(k, n) - self.row_cost(k, int(self.cover[k])) for k, n in there.items())
        people_cost = sum(self.person_cost(i, row) - self.cost_before(i) for i, row in rows.items())
        opened = tuple(Gap(k, self.problem.cover[k].name, self.problem.cover[k].need, n)
                       for k, n in sorted(there.items()) if n < min(self.problem.cover[k].need, self.cover[k]))
        return Effect(cover_cost + people_cost + self.fairness_cost(rows), cover_cost, opened, there)

    def there_with(self, rows: Mapping[int, Ints]) -> dict[int, int]:
        """People in each row of cover that changes."""
        delta: Counter[int] = Counter()
        for i, row in rows.items():
            for day in np.flatnonzero(row != self.roster[i]).tolist():
                for one, change in self.gives(i, day, int(row[day])).items():
                    delta[one] += change
        return {k: int(self.cover[k]) + change for k, change in delta.items() if change}

    def gives(self, i: int, day: int, k: int) -> dict[int, int]:
        """People more, or fewer, in rows of cover when a person has a duty on a day in place of the present one."""
        person, old = self.problem.people[i], int(self.roster[i, day])
        key = day, old, k, person.skills, person.leads
        if key not in self.given:
            delta = Counter[int]()
            for sign, duty in ((-1, old), (1, k)):
                for row in self.rows_of.get((day, duty), ()):
                    delta[row] += sign * self.problem.counts(person, self.problem.cover[row])
            self.given[key] = {row: change for row, change in delta.items() if change}
        return self.given[key]

    def row_cost(self, k: int, there: int) -> float:
        """Of so many people in a row of cover."""
        return sum(self.problem.cover[k].costs(there))

    def cost_before(self, i: int) -> float:
        """Of one person, once reckoned."""
        if i not in self.costs:
            self.costs[i] = self.person_cost(i, self.roster[i])
        return self.costs[i]

    def person_cost(self, i: int, row: Ints) -> float:
        """Priced rules, wishes, changes and premium of one person."""
        person = self.problem.people[i]
        return (sum(one.cost for one in broken_rules(self.problem, person, row.tolist()))
                + wishes_cost(self.problem, person, row)
                + len(changes(self.problem, person, row)) * self.problem.change_price
                + premium_cost(self.problem, row[np.newaxis]))

    def fairness_cost(self, rows: Mapping[int, Ints]) -> float:
        """More than before."""
        if not self.problem.fairness:
            return 0.0
        total = 0.0
        for one in self.problem.fairness:
            before = self.counts[one.measure]
            after = before.copy()
            for i, row in rows.items():
                after[i] = COUNT[one.measure](self.problem, row[np.newaxis])[0]
            if (after != before).any():
                total += one.price * (unfairness(self.problem, one, after) - unfairness(self.problem, one, before))
        return total

    @cached_property
    def counts(self) -> dict[str, Ints]:
        """[people] nights and weekends before"""
        return {measure: count(self.problem, self.roster) for measure, count in COUNT.items()}


COUNT = {"nights": nights_of, "weekends": weekends_of}


def marginal(problem: Problem, roster: Roster) -> Marginal:
    """Of a roster as it is. ``roster`` [people, days]"""
    rows_of: dict[tuple[int, int], list[int]] = {}
    for k, row in enumerate(problem.cover):
        for day, code in row.duties:
            rows_of.setdefault((day, problem.index[code]), []).append(k)
    return Marginal(problem, roster, cover_of(problem, roster), rows_of)


def cover_of(problem: Problem, roster: Roster) -> Ints:
    """[rows of cover] people there, as ``evaluate`` counts them, each kind of row counted together"""
    kinds = {(row.skill, row.leaders): row for row in problem.cover}
    tables: dict[tuple[str | None, bool], Ints] = {}
    for kind, row in kinds.items():
        who = np.array([problem.counts(person, row) for person in problem.people], bool)
        tables[kind] = np.stack([(roster[who] == k).sum(axis=0) for k in range(len(problem.duties))], axis=1)
    return np.array([sum(tables[row.skill, row.leaders][day, problem.index[code]] for day, code in row.duties)
                     for row in problem.cover], np.int64)


def gaps(problem: Problem, cover: Ints) -> tuple[Gap, ...]:
    """Every row that lacks people."""
    return tuple(Gap(k, row.name, row.need, int(there))
                 for k, (row, there) in enumerate(zip(problem.cover, cover, strict=True)) if there < row.need)


def changed(row: Ints, cells: Mapping[int, int]) -> Ints:
    """A row with other duties, or OFF, on some days."""
    new = row.copy()
    for day, k in cells.items():
        new[day] = k
    return new
