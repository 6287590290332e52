"""A roster in the making: a row for each person, the cover that is there, and what it all costs."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optimizer.staffing.rosters.columns import Column, cheapest_column
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.problem import OFF, Floats, Ints, Problem, Roster


class Making:
    """Rows may be replaced one by one; cover follows."""

    def __init__(self, instance: Instance, columns: Sequence[Column]) -> None:
        self.instance, self.columns = instance, sorted(columns, key=lambda column: column.person)
        self.there = instance.there(self.roster)

    @property
    def roster(self) -> Roster:
        """[people, days]"""
        return np.stack([column.row for column in self.columns])

    @property
    def cost(self) -> float:
        """Of cover and of every person, with the bands that the columns were made for."""
        return self.instance.cover_cost(self.there) + sum(column.cost for column in self.columns)

    def without(self, people: Iterable[int]) -> Floats:
        """[rows of cover] people there but for these."""
        there = self.there.copy()
        for person in people:
            there -= self.instance.row_cover(person, self.columns[person].row)
        return there

    def replace(self, column: Column) -> None:
        """Another row for a person."""
        self.there = self.without([column.person]) + self.instance.row_cover(column.person, column.row)
        self.columns[column.person] = column

    def answer(self, person: int, bands: Bands) -> None:
        """The best row of a person beside the others'; exact, as a row adds at most one to each row of cover."""
        self.replace(best_answer(self.instance, person, self.without([person]), bands))


def as_published(instance: Instance, bands: Bands) -> Making | None:
    """Everybody's published row, and for whoever can't keep it the best beside the others'; None where nothing is
    published."""
    published = published_roster(instance.problem)
    return None if published is None else from_rows(instance, published, bands)


def from_rows(instance: Instance, roster: Roster, bands: Bands) -> Making:
    """These rows, and for whoever can't keep theirs the best beside the others'."""
    columns, there, others = [], np.zeros(len(instance.need)), []
    for person, row in enumerate(roster):
        cost = instance.cost(person, row) + instance.unfair(person, row, bands)
        if np.isfinite(cost):
            columns.append(Column(person, row, cost))
            there += instance.row_cover(person, row)
        else:
            others.append(person)
    return Making(instance, columns + one_by_one(instance, others, there, bands))


def published_roster(problem: Problem) -> Roster | None:
    """[people, days] what is published, with what is laid down; off where neither says anything. None where nothing is
    published."""
    if not any(person.published for person in problem.people):
        return None
    return np.stack([published_row(problem, k) for k in range(len(problem.people))])


def published_row(problem: Problem, person: int) -> Ints:
    """[days] of one person; of several duties that keep a cell people take turns."""
    row = np.full(problem.days, OFF)
    for cell in (*problem.people[person].published, *problem.people[person].pins):
        codes = (cell.duty, *sorted(cell.also))
        code = codes[(person + cell.day) % len(codes)]
        row[cell.day] = OFF if code is None else problem.index[code]
    return row


def best_answer(instance: Instance, person: int, there: Floats, bands: Bands) -> Column:
    """The row that is cheapest beside the cover that is there."""
    worth = np.where(there < instance.need, -instance.missing, instance.surplus)
    shared = instance.shared_prices(person, worth)
    return cheapest_column(instance, person, shared, bands)[1]


def one_by_one(instance: Instance, people: Sequence[int], there: Floats, bands: Bands) -> list[Column]:
    """Each in turn has the row that is cheapest beside those before."""
    found, there = [], there.copy()
    for person in people:
        column = best_answer(instance, person, there, bands)
        there += instance.row_cover(person, column.row)
        found.append(column)
    return found
