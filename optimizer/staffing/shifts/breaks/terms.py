"""What breaks people have, on which shifts, and what a missing person costs. All times are minutes."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimizer.staffing.shifts.terms import Floats, refuse_negative


@dataclass(frozen=True)
class Break:
    """A meal or a rest, taken ``times`` times within a window that counts from the start of the shift."""

    name: str
    length_min: int
    times: int = 1
    earliest_start_min: int = 0
    latest_end_min: int | None = None  # None: the end of the shift


@dataclass(frozen=True)
class BreakRules:
    """The breaks of a shift, in any order that their windows allow, and how work and breaks may alternate.

    ``settling_min`` after each break a person works already, but is not counted as cover.
    A stretch of work above ``long_stretch_min`` must be followed by a break of at least ``long_break_min``, unless the
    shift ends with it.
    """

    breaks: tuple[Break, ...]
    edge_min: int = 0                 # without a break after the start and before the end of the shift
    least_stretch_min: int = 0
    most_stretch_min: int | None = None
    long_stretch_min: int | None = None
    long_break_min: int = 0
    settling_min: int = 0


@dataclass(frozen=True)
class DutyGroup:
    """People whose shift begins at the same time (minutes from the start of the horizon), under the same rules."""

    start_min: int
    length_min: int
    people: int
    rules: BreakRules


@dataclass(frozen=True)
class BreakProblem:
    """People on shifts, of whom ``need`` [intervals] should be working in each interval.

    ``carried`` [intervals] work besides them. In a cyclic horizon the end is followed by the start; otherwise what lies
    beyond the end does not count. Prices are for one person in one interval.
    """

    need: Floats
    interval_min: int
    groups: tuple[DutyGroup, ...]
    is_cyclic: bool = False
    understaffed_price: float = 10.0
    overstaffed_price: float = 2.0
    carried: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        refuse_negative(understaffed_price=self.understaffed_price, overstaffed_price=self.overstaffed_price)


@dataclass(frozen=True)
class BreakTime:
    """One break of one person; ``start_min`` counts from the start of the horizon (of the cycle)."""

    name: str
    start_min: int
    length_min: int


@dataclass(frozen=True)
class BreakPlan:
    """Break times ``[group][person][break]``, and what is left of the people: cover, understaffed and overstaffed
    [intervals], in people. ``cost`` is the price of the last two; ``proved`` says that no other times cost less."""

    breaks: tuple[tuple[tuple[BreakTime, ...], ...], ...]
    cover: Floats
    understaffed: Floats
    overstaffed: Floats
    cost: float
    proved: bool
    seconds: float
