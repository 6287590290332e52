"""What each city answers, for every number of seats that may leave it or come to it."""
from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from optimizer.exact.instance import Case, Instance, InstanceError
from sim.queueing.erlang import Floats
from sim.queueing.shared_line import Hotline, answered

MOST_ENTRIES = 300_000  # of one table


@dataclass(frozen=True)
class Guests:
    """The lenders of one efficiency to one borrower."""

    speed: float
    lenders: tuple[int, ...]
    most: int  # quanta that all of them together can lend


@dataclass(frozen=True)
class Table:
    """Share of a city's callers who are answered in a case."""

    lent: Floats      # by quanta lent to others
    borrowed: Floats  # [quanta of the first speed, of the second, ...]


def guests_of(i: Instance, city: int) -> list[Guests]:
    """Who may lend to a city, those of one efficiency together, the fastest first."""
    lenders = [lender for lender, borrower in i.arcs if borrower == city and quanta(i, lender) > 0]
    by_speed: dict[float, list[int]] = {}
    for lender in lenders:
        by_speed.setdefault(float(i.efficiency[lender, city]), []).append(lender)
    licence = i.most_borrowed[city]
    most = {speed: sum(quanta(i, lender) for lender in them) for speed, them in by_speed.items()}
    return [Guests(speed, tuple(them), most[speed] if licence is None else min(most[speed], licence // i.quantum))
            for speed, them in sorted(by_speed.items(), reverse=True)]


def quanta(i: Instance, city: int) -> int:
    """The most that a city can lend, in quanta: its cap, and never more than it has."""
    return min(i.most_lent[city], max(case.own[city] for case in i.cases)) // i.quantum


def tables(i: Instance) -> list[list[Table]]:
    """[cases][cities]."""
    return [[table(i, case, city) for city in range(len(i.cities))] for case in i.cases]


def table(i: Instance, case: Case, city: int) -> Table:
    hotline = Hotline(float(case.calls_per_s[city]), float(i.handle_s[city]), float(i.patience_s[city]), i.lines[city],
                      i.after_busy, i.after_abandon)
    own = case.own[city]
    lent = np.arange(min(quanta(i, city), own // i.quantum) + 1 if lends(i, city) else 1)
    guests = guests_of(i, city)
    shape = [one.most + 1 for one in guests]
    if prod(shape) > MOST_ENTRIES:
        raise InstanceError(f"{i.cities[city]} may borrow seats of {len(shape)} efficiencies in more than "
                            f"{MOST_ENTRIES:,} ways: make them alike, or lower the caps")
    counts = np.moveaxis(np.indices(shape), 0, -1) if shape else np.zeros((0,))
    borrowed = answered(hotline, own, counts * i.quantum, [one.speed for one in guests])
    return Table(answered(hotline, own - lent * i.quantum), np.asarray(borrowed))


def lends(i: Instance, city: int) -> bool:
    return any(lender == city for lender, _ in i.arcs)
