"""A problem in arrays: who covers what, what each day costs each person, and the rows that each may have."""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from optimizer.staffing.rosters.paths import Paths
from optimizer.staffing.rosters.problem import OFF, CarriedIn, Floats, Ints, Person, Problem, Roster

Bands = Mapping[tuple[str, str], int]  # by measure and group: the least count that is fair


class Instance:
    """Built once, read by every search."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people, self.days, self.duties = len(problem.people), problem.days, len(problem.duties)
        self.need = np.array([row.need for row in problem.cover], float)
        self.missing = np.array([row.missing_price for row in problem.cover])
        self.surplus = np.array([row.surplus_price for row in problem.cover])
        self.at = contributions(problem)
        counted = np.array([[problem.counts(person, row) for row in problem.cover] for person in problem.people])
        self.counted, self.signature = distinct_rows(counted.reshape(self.people, len(problem.cover)))
        self.own = np.stack([own_prices(problem, person) for person in problem.people])
        self.fair = {one.group: frozenset(other.measure for other in problem.fairness if other.group == one.group)
                     for one in problem.fairness}
        shared: dict[object, Paths] = {}
        self.paths = [self.shared_paths(person, shared) for person in problem.people]

    def shared_paths(self, person: Person, shared: dict[object, Paths]) -> Paths:
        """The same for people with the same rules and the same past."""
        fair = self.fair.get(person.group, frozenset())
        before = person.before
        past = before and CarriedIn(before.days_in_a_row, before.days_off_in_a_row, before.nights_in_a_row,
                                    before.last_duty, before.last_end, before.minutes, before.minutes_this_week,
                                    before.days_this_week)
        able = tuple(self.problem.may_do(person, duty) for duty in self.problem.duties)
        key = (person.limits, past, able, fair)
        if key not in shared:
            shared[key] = Paths(self.problem, person, fair)
        return shared[key]

    def cell_prices(self, row_prices: Floats) -> Floats:
        """[signatures, days, duties] what a duty costs for its rows of cover, from a price per row."""
        return (self.at.T @ (self.counted * row_prices).T).T.reshape(len(self.counted), self.days, self.duties)

    def there(self, roster: Roster) -> Floats:
        """[rows of cover] people there."""
        total = np.zeros(len(self.need))
        for k, counted in enumerate(self.counted):
            total += counted * (self.at @ self.worked(roster[self.signature == k]))
        return total

    def worked(self, rows: Roster) -> Floats:
        """[days x duties] people on each duty of each day."""
        at = np.arange(self.days) * self.duties + rows
        return np.bincount(at[rows != OFF], minlength=self.days * self.duties).astype(float)

    def row_cover(self, person: int, row: Ints) -> Floats:
        """[rows of cover] what one person's row adds."""
        found: Floats = self.counted[self.signature[person]] * (self.at @ self.worked(row[None]))
        return found

    def own_cost(self, person: int, row: Ints) -> float:
        """Wishes, changes and premium of a row."""
        return float(self.own[person][np.arange(self.days), row].sum())

    def cover_cost(self, there: Floats) -> float:
        """Of people missing and too many."""
        return float(self.missing @ np.maximum(self.need - there, 0) + self.surplus @ np.maximum(there - self.need, 0))

    def end_prices(self, person: int, bands: Bands) -> Floats:
        """[nodes of the end of the person's paths] with fairness, for these bands; without, for none."""
        p, g = self.problem.people[person], self.paths[person].graph
        price = g.end_price
        for one in self.problem.fairness:
            if one.group == p.group and (one.measure, one.group) in bands:
                counts = (g.nights if one.measure == "nights" else g.weekends) + getattr(p.before or CarriedIn(),
                                                                                         one.measure)
                low = bands[one.measure, one.group]
                price = price + one.price * np.maximum(0, np.maximum(low - counts, counts - low - one.width))
        return price


def contributions(problem: Problem) -> sp.csr_array:
    """[rows of cover, days x duties] 1 where a duty of a day counts."""
    rows = [k for k, row in enumerate(problem.cover) for _ in row.duties]
    cells = [day * len(problem.duties) + problem.index[code] for row in problem.cover for day, code in row.duties]
    shape = len(problem.cover), problem.days * len(problem.duties)
    return sp.csr_array((np.ones(len(rows)), (rows, cells)), shape=shape)


def distinct_rows(table: npt.NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """The different rows as 0 and 1, and which of them each row is."""
    found, which = np.unique(table, axis=0, return_inverse=True)
    return found.astype(float), which.reshape(-1)


def own_prices(problem: Problem, person: Person) -> Floats:
    """[days, duties + 1] what each choice of a day costs for this person alone, the last a day off; infinite where it
    may not be."""
    prices = np.zeros((problem.days, len(problem.duties) + 1))
    if problem.premium is not None:
        prices[:, :-1] += np.outer(problem.premium, [duty.paid for duty in problem.duties])
    for wish in person.wishes:
        chosen = np.zeros(len(problem.duties) + 1, bool)
        chosen[slice(0, -1) if wish.duty is None else problem.index[wish.duty]] = True
        prices[wish.day, chosen != wish.wanted] += wish.weight
    for cell in person.published:
        prices[cell.day] += problem.change_price
        prices[cell.day, place(problem, cell.duty)] -= problem.change_price
    prices[sorted(person.leave), :-1] = np.inf
    for cell in person.pins:
        kept = prices[cell.day, place(problem, cell.duty)]
        prices[cell.day] = np.inf
        prices[cell.day, place(problem, cell.duty)] = kept
    return prices


def place(problem: Problem, duty: str | None) -> int:
    """Column of a duty or of a day off."""
    return len(problem.duties) if duty is None else problem.index[duty]
