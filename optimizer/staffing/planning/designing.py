"""Which shifts a city runs, and how many people begin each on each day, to cover what it needs at least cost."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.staffing.planning.duties import is_night, times_between, with_handover
from optimizer.staffing.planning.rostering import STEP
from optimizer.staffing.rosters.problem import DAY_MINUTES
from optimizer.staffing.shifts.design import NoShiftsError, design_shifts
from optimizer.staffing.shifts.kinds import Kind
from optimizer.staffing.shifts.plan import ShiftPlan
from optimizer.staffing.shifts.terms import Away, Ints, Limits, ShiftProblem, Steps
from optimizer.staffing.shifts.terms import ShiftType as Type
from sim.scenario.messages import say
from sim.scenario.people import Break, Shift
from sim.scenario.problems import UserError
from sim.scenario.quantities import plain
from sim.scenario.staffing_terms import Prices, ShiftType

GAP = 0.005  # of the cost: what is nearer to the best is not worth waiting for


@dataclass(frozen=True)
class Designed:
    """Shifts as scenarios have them, and the plan that they come from."""

    shifts: tuple[Shift, ...]
    plan: ShiftPlan

    @property
    def people(self) -> Ints:
        """[shifts, days] who begin each."""
        return np.array([used.people for used in self.plan.shifts])

    @property
    def work_hours(self) -> float:
        """Hours of work, meals apart."""
        return float(sum(shift.work_hours * n.sum() for shift, n in zip(self.shifts, self.people, strict=True)))


def designed(types: Sequence[ShiftType], need: Ints, most: int, prices: Prices, seconds: float, seed: int,
             handover: int = 0) -> Designed:
    """The cheapest shifts found.

    :param need: [days, half-hours] people on duty, meals apart.
    :param most: people on duty at once, at most: there are no more workplaces.
    :param handover: minutes for which each shift goes on after its end.
    """
    several = {kind.code for kind in types if len(kind.hours) > 1}
    of_name = {name: kind for kind in types for name in names_of(kind)}
    each = tuple(one for kind in types for one in as_types(kind, prices, len(need), handover))
    problem = ShiftProblem(need.astype(np.float64), each, float(prices.missing) * STEP / 60,
                           limits=Limits(workplaces=float(most)))
    try:
        plan = design_shifts(problem, seconds, seed, gap=GAP)
    except NoShiftsError:
        raise UserError(say("no shifts were found in {seconds:g} s: give more time by --seconds",
                            seconds=seconds)) from None
    shifts = tuple(with_handover(shift_of(of_name[used.kind.type.name], used.kind, several), handover)
                   for used in plan.shifts)
    return Designed(shifts, plan)


def names_of(kind: ShiftType) -> list[str]:
    """What the optimizer calls it, for each of its lengths."""
    return [f"{kind.code}{float(hours):g}" for hours in kind.hours]


def as_types(kind: ShiftType, prices: Prices, days: int, handover: int = 0) -> Iterator[Type]:
    """A kind of shift, for each of its lengths, whose hours bear the price of handing over. The price of a kind of
    shift is that of a week."""
    meal = round(float(kind.meal) / 60)
    first, last = (round(float(hours) * 60) for hours in kind.meal_after)
    away = Away(meal, tuple(times_between(first, last, STEP))) if meal else None
    starts = Steps(*kind.start, round(float(kind.every) / 60))
    for name, hours in zip(names_of(kind), kind.hours, strict=True):
        length = round(float(hours) * 60)
        dearer = 1 + handover / max(length - meal, 1)
        yield Type(name, starts, Steps(length, length, STEP), meal=away, is_night=is_night(kind.start[0], length),
                   hour_price=float(prices.hour) * float(kind.extra) * dearer, kind_price=float(prices.kind) * days / 7)


def shift_of(kind: ShiftType, used: Kind, several: set[str]) -> Shift:
    """A kind of shift that is used, as scenarios have it."""
    clock, hours = used.start_min % DAY_MINUTES, used.length_min / 60
    code = f"{kind.code}{clock // 60:02}{clock % 60:02}" + (f"x{hours:g}" if kind.code in several else "")
    first, last = kind.meal_after
    window = (first, plain(float(last) + float(kind.meal) / 3600, "h"))
    breaks = (Break(length=kind.meal, window=window, paid=False),) if float(kind.meal) else ()
    return Shift(start=clock, hours=plain(hours, "h"), code=code, breaks=breaks)
