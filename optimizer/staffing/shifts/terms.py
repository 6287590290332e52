"""What is needed and when, which shifts there may be, what they cost and what limits them. Times are minutes."""
from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from sim.scenario.messages import say

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
WEEKDAYS = (0, 1, 2, 3, 4, 5, 6)  # from Monday


def refuse_negative(**prices: float | Floats) -> None:
    """:raises ValueError: where a price is below 0 or no number."""
    for name, price in prices.items():
        if not (np.asarray(price) >= 0).all():
            raise ValueError(say("{name} is negative; a price is 0 or more", name=name))


@dataclass(frozen=True)
class Steps:
    """Times from ``least`` to ``most``, ``step`` apart."""

    least: int
    most: int
    step: int

    def values(self) -> range:
        return range(self.least, self.most + 1, self.step)


@dataclass(frozen=True)
class Away:
    """A meal or the gap of a split shift: away for ``length_min``, from one of ``starts_min`` after the start."""

    length_min: int
    starts_min: tuple[int, ...]


@dataclass(frozen=True)
class ShiftType:
    """Shifts with a start and a length (presence, with meal and gap) out of two ranges, on some weekdays.

    People of one kind of shift, that is a start, a length and a gap, may take their meal at different times.
    ``hour_price`` is for a person-hour: a number or an array that broadcasts to [days, intervals of a day].
    ``duty_price`` is for one person's shift beside its hours, ``kind_price`` for each kind of shift used.
    """

    name: str
    starts: Steps
    lengths: Steps
    weekdays: tuple[int, ...] = WEEKDAYS
    meal: Away | None = None
    is_meal_paid: bool = False
    gap: Away | None = None  # a split shift
    is_night: bool = False
    is_part_time: bool = False
    hour_price: float | Floats = 0.0
    duty_price: float = 0.0
    kind_price: float = 0.0

    def __post_init__(self) -> None:
        refuse_negative(hour_price=self.hour_price, duty_price=self.duty_price, kind_price=self.kind_price)


@dataclass(frozen=True)
class Limits:
    """What may not be passed; infinity where there is no limit. Each of the first two broadcasts to [days, intervals of
    a day]. Home seats are taken by those for whom there is no workplace.

    ``weekly_hours`` and ``weekly_duties`` of one person limit nothing; they say how many people a plan needs at least.
    """

    workplaces: float | Floats = inf
    home_seats: float | Floats = 0.0
    most_people: float = inf  # who begin a shift on one day
    most_kinds: float = inf
    weekly_hours: float | None = None
    weekly_duties: float | None = None


@dataclass(frozen=True)
class ShiftProblem:
    """Need [days, intervals of a day] in people, and what may cover it.

    Prices are for one person in one interval; an infinite ``understaffed_price`` forbids to be understaffed.
    ``carried`` [days, intervals] people are on duty from shifts that began before. In a cyclic horizon the end is
    followed by the start; otherwise what shifts cover beyond the end does not count, but is paid.
    """

    need: Floats
    types: tuple[ShiftType, ...]
    understaffed_price: float
    overstaffed_price: float = 0.0
    limits: Limits = Limits()
    is_cyclic: bool = False
    first_weekday: int = 0
    carried: float | Floats = 0.0

    def __post_init__(self) -> None:
        refuse_negative(understaffed_price=self.understaffed_price, overstaffed_price=self.overstaffed_price)

    @property
    def interval_min(self) -> int:
        return 24 * 60 // int(self.need.shape[1])
