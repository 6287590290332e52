"""A problem in arrays: who covers what, what each day costs each person, and the rows that each may have."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from optimizer.staffing.rosters.paths import Paths
from optimizer.staffing.rosters.problem import (
    OFF,
    CarriedIn,
    Cover,
    Floats,
    Ints,
    Person,
    Problem,
    ProblemError,
    Roster,
    TooLargeError,
)
from optimizer.staffing.rosters.same_people import together

Bands = Sequence[int]  # for each Fairness of the problem: the least count that is fair
TRIES = 3
MOST_ARCS = 100_000_000   # of all graphs: 2.4 GB


class Instance:
    """Built once, read by every search."""

    def __init__(self, problem: Problem) -> None:
        if not problem.people:
            raise ProblemError("there is nobody to plan for")
        self.problem = problem
        self.people, self.days, self.duties = len(problem.people), problem.days, len(problem.duties)
        rows = with_ceilings(problem)
        self.need = np.array([row.need for row in rows], float)
        self.missing = np.array([row.missing_price for row in rows])
        self.surplus = np.array([row.surplus_price for row in rows])
        self.at = contributions(problem, rows)
        self.columns = sp.csr_array(self.at.T)
        counted = np.array([[problem.counts(person, row) for row in rows] for person in problem.people], bool)
        self.counted, self.signature = distinct_rows(counted.reshape(self.people, len(rows)))
        self.together = together(self.at, self.counted, self.need, self.missing, self.surplus)
        self.own = np.stack([own_prices(problem, person) for person in problem.people])
        self.pasts = [past(person.before) for person in problem.people]
        self.groups = alike(problem, self.pasts)
        self.paths: list[Paths] = []
        for group in self.groups:
            self.paths.append(shared_paths(problem, self.pasts, group))
            if sum(len(paths.graph.head) for paths in self.paths) > MOST_ARCS:
                raise TooLargeError("the rows of so many different people over so many days do not fit in memory: plan "
                                    "fewer weeks at a time, or give more people the same limits")
        self.group_of = np.empty(self.people, np.int64)
        for k, group in enumerate(self.groups):
            self.group_of[group] = k
        self.measures = measures(problem)
        self.fairness = [[(k, one, getattr(person.before or CarriedIn(), one.measure))
                          for k, one in enumerate(problem.fairness) if one.group == person.group]
                         for person in problem.people]

    def paths_of(self, person: int) -> Paths:
        """Of the person's group."""
        return self.paths[int(self.group_of[person])]

    def cheapest(self, person: int, shared: Floats) -> tuple[float, Ints]:
        """Cost, fairness apart, and row [days] of the cheapest at prices of duties [days, duties]."""
        return self.paths_of(person).cheapest(self.pasts[person], self.own[person], shared)

    def cheapest_fair(self, person: int, shared: Floats, bands: Bands | None) -> tuple[float, float, Ints]:
        """A bound for the cost of any row with fairness, the cost with it of the row that is found, and the row;
        without bands, fairness counts as nothing.

        Counts outside their bands are drawn inside by a price on each night or weekend, as fairness adds up over the
        horizon and the paths know days alone.
        """
        cost, row = self.cheapest(person, shared)
        if bands is None:
            return cost, cost, row
        best, least = (cost + self.unfair(person, row, bands), row), cost
        prices = np.zeros(len(self.problem.fairness))
        for _ in range(TRIES if cost < np.inf and best[0] > cost else 0):
            if not self.tilt(person, row, bands, prices):
                break
            tilted = shared + sum((prices[k] * self.measures[one.measure] for k, one, _ in self.fairness[person]),
                                  np.zeros_like(shared))
            _, row = self.cheapest(person, tilted)
            at = np.flatnonzero(row != OFF)
            cost = self.cost(person, row) + float(shared[at, row[at]].sum())
            best = min(best, (cost + self.unfair(person, row, bands), row), key=lambda pair: pair[0])
        return least, *best

    def tilt(self, person: int, row: Ints, bands: Bands, prices: Floats) -> bool:
        """Raise or lower the prices of what is outside its band; whether anything is."""
        moved = False
        for k, one, carried in self.fairness[person]:
            count = carried + self.count(one.measure, row)
            side = int(count > bands[k] + one.width) - int(count < bands[k])
            prices[k] += side * one.price
            moved |= side != 0
        return moved

    def count(self, measure: str, row: Ints) -> int:
        """Nights or weekends of a row."""
        if measure == "nights":
            return int(self.measures["nights"][0, row[row != OFF]].sum())
        return sum(bool((row[list(days)] != OFF).any()) for days in self.problem.rest_days)

    def unfair(self, person: int, row: Ints, bands: Bands) -> float:
        """Price of what a row has outside the bands."""
        found = 0.0
        for k, one, carried in self.fairness[person]:
            count = carried + self.count(one.measure, row)
            found += one.price * max(0, bands[k] - count, count - bands[k] - one.width)
        return found

    def in_range(self, row_prices: Floats) -> Floats:
        """Worth of one person more in each row of cover, inside the prices of one too many and one missing: else it
        bounds nothing."""
        return np.clip(row_prices, -self.surplus, self.missing)

    def cell_prices(self, row_prices: Floats) -> Floats:
        """[signatures, days, duties] what a duty costs for its rows of cover, from a price per row."""
        return (self.columns @ (self.counted * row_prices).T).T.reshape(len(self.counted), self.days, self.duties)

    def shared_prices(self, person: int, row_prices: Floats) -> Floats:
        """[days, duties] likewise, for one person."""
        counted = self.counted[self.signature[person]] * row_prices
        prices: Floats = (self.columns @ counted).reshape(self.days, self.duties)
        return prices

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

    def cost(self, person: int, row: Ints) -> float:
        """Of a row for the person alone, cover and fairness apart; infinite where it breaks a hard rule."""
        return self.paths_of(person).cost(self.pasts[person], self.own[person], row)

    def cover_cost(self, there: Floats) -> float:
        """Of people missing and too many."""
        return float(self.missing @ np.maximum(self.need - there, 0) + self.surplus @ np.maximum(there - self.need, 0))


def past(before: CarriedIn | None) -> CarriedIn | None:
    """What rules see of it, balances of fairness apart."""
    return before and replace(before, nights=0, weekends=0)


def alike(problem: Problem, pasts: Sequence[CarriedIn | None]) -> list[list[int]]:
    """People whose rules and carried amounts are the same."""
    found: dict[object, list[int]] = {}
    for k, (person, before) in enumerate(zip(problem.people, pasts, strict=True)):
        able = tuple(problem.may_do(person, duty) for duty in problem.duties)
        amounts = before and (before.minutes, before.minutes_this_week, before.days_this_week)
        found.setdefault((person.limits, able, amounts or (0, 0, 0)), []).append(k)
    return list(found.values())


def shared_paths(problem: Problem, pasts: Sequence[CarriedIn | None], group: Sequence[int],
                 weekly_only: bool = False) -> Paths:
    """Of people who are alike."""
    return Paths(problem, problem.people[group[0]], list(dict.fromkeys(pasts[k] for k in group)), weekly_only)


def measures(problem: Problem) -> dict[str, Floats]:
    """[days, duties] what a duty adds to a balance; a day of a weekend its part."""
    nights = np.tile(np.array([float(duty.night) for duty in problem.duties]), (problem.days, 1))
    weekends = np.zeros_like(nights)
    for days in problem.rest_days:
        weekends[list(days)] = 1 / len(days)
    return {"nights": nights, "weekends": weekends}


def with_ceilings(problem: Problem) -> tuple[Cover, ...]:
    """Rows of cover, and each ceiling that can be reached as a row more, of which nobody is missing."""
    return (*problem.cover, *(
        replace(row, need=row.ceiling.most, missing_price=0.0, surplus_price=row.ceiling.price)
        for row in problem.cover if row.ceiling and row.ceiling.most < len(problem.people)))


def contributions(problem: Problem, cover: Sequence[Cover]) -> sp.csr_array:
    """[rows of cover, days x duties] 1 where a duty of a day counts."""
    rows = [k for k, row in enumerate(cover) for _ in row.duties]
    cells = [day * len(problem.duties) + problem.index[code] for row in cover for day, code in row.duties]
    return sp.csr_array((np.ones(len(rows)), (rows, cells)), shape=(len(cover), problem.days * len(problem.duties)))


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
        prices[cell.day, [place(problem, duty) for duty in (cell.duty, *cell.also)]] -= problem.change_price
    prices[sorted(person.leave), :-1] = np.inf
    for cell in person.pins:
        kept = prices[cell.day, place(problem, cell.duty)]
        prices[cell.day] = np.inf
        prices[cell.day, place(problem, cell.duty)] = kept
    return prices


def place(problem: Problem, duty: str | None) -> int:
    """Column of a duty or of a day off."""
    return len(problem.duties) if duty is None else problem.index[duty]
