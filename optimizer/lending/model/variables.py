"""The lending model: its variables, and the courses of events in which a plan is to do well."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from ortools.math_opt.python import mathopt

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.flow import Draw
from optimizer.lending.inputs.province import BORROWER, LENDER, Pair, Province, Slot
from optimizer.lending.inputs.second_surges import SecondSurge
from optimizer.lending.inputs.sources import city_of
from optimizer.lending.inputs.surfaces import Lender

Term = tuple[Any, float]  # variable and coefficient


@dataclass
class Course:
    """What may happen to a plan: all as foreseen, or a second surge, and what is done about it."""

    weight: float
    lenders: dict[str, Lender]
    struck: SecondSurge | None = None
    back: dict[tuple[Pair, int], Any] = field(default_factory=dict)    # seats recalled, by open block
    called: dict[tuple[Pair, int], Any] = field(default_factory=dict)  # seats lent from standby
    answered: dict[tuple[str, int, int], Any] = field(default_factory=dict)  # by borrower, block and draw
    callers: dict[tuple[str, int, int], Any] = field(default_factory=dict)
    seats: dict[tuple[str, int], Any] = field(default_factory=dict)    # of a borrower, help included, by open block
    kept: dict[tuple[str, int], Any] = field(default_factory=dict)     # answered by a lender in open blocks like this


@dataclass
class Model:
    """Variables, and what they are about."""

    knowledge: Estimates
    draws: list[Draw]
    solver: mathopt.Model
    courses: list[Course]
    lent: dict[Slot, Any] = field(default_factory=dict)     # seats
    standby: dict[Slot, Any] = field(default_factory=dict)  # seats that can be called in
    called: dict[Pair, list[Any]] = field(default_factory=dict)  # days of people who are called in, by pair
    alone: float = 0.0  # what the goal is worth where nobody lends
    by_lender: dict[tuple[str, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    by_borrower: dict[tuple[str, int], list[tuple[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def province(self) -> Province:
        return self.knowledge.province

    def sent(self, city: str, block: int, course: Course | None = None) -> Any:
        """Seats that a source gives in a block, as foreseen or in a course of events."""
        return mathopt.fast_sum(self.by_lender[city, block]) + changed(course, LENDER, city, block)

    def sent_terms(self, city: str, block: int, course: Course) -> list[Term]:
        """What ``sent`` adds up, variable by variable."""
        return [*((x, 1.0) for x in self.by_lender[city, block]),
                *((x, sign) for _, x, sign in changes(course, LENDER, city, block))]

    def received(self, city: str, block: int, course: Course | None = None) -> Any:
        """Guests that a city has in a block."""
        guests = [x for source, x in self.by_borrower[city, block] if city_of(source) != city]
        return mathopt.fast_sum(guests) + changed(course, BORROWER, city, block)

    def helped(self, city: str, block: int, course: Course | None = None) -> Any:
        """What all help is worth to a city in a block, in seats of its own."""
        worth = {source: self.knowledge.worth(source, city, block) for source, to in self.province.pairs if to == city}
        foreseen = [worth[source] * x for source, x in self.by_borrower[city, block]]
        return mathopt.fast_sum(foreseen) + changed(course, BORROWER, city, block, worth)

    def ready(self, city: str, block: int) -> Any:
        """Seats of a city that can be called in."""
        slot = self.province.slot_of(block)
        return mathopt.fast_sum(x for (lender, _, *at), x in self.standby.items()
                                if lender == city and tuple(at) == slot)

    def slot(self, pair: Pair, block: int) -> Slot:
        return *pair, *self.province.slot_of(block)


def row(model: Model, terms: Iterable[Term], most: float, least: float = -inf) -> mathopt.LinearConstraint:
    """What is written so thousands of times: to take sums apart again would last longer than to solve the model."""
    found, sums = model.solver.add_linear_constraint(lb=least, ub=most), dict[Any, float]()
    for x, coefficient in terms:
        sums[x] = sums.get(x, 0.0) + coefficient
    for x, coefficient in sums.items():
        found.set_coefficient(x, coefficient)
    return found


def changed(course: Course | None, side: int, city: str, block: int, worth: Mapping[str, float] | None = None) -> Any:
    """Seats more of a lender or borrower than foreseen.

    :param worth: by source: what each of its seats counts; 1 if left out.
    """
    if course is None:
        return 0.0
    return mathopt.fast_sum((sign if worth is None else sign * worth[source]) * x
                            for source, x, sign in changes(course, side, city, block))


def changes(course: Course, side: int, city: str, block: int) -> Iterator[tuple[str, Any, float]]:
    """Source, seats, and whether they are more or fewer, of a lender or borrower in a course of events."""
    yield from ((pair[LENDER], x, sign) for part, sign in ((course.called, 1.0), (course.back, -1.0))
                for (pair, at), x in part.items() if at == block and pair[side] == city)
