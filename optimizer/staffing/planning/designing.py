"""Which shifts a city runs, and how many people begin each on each day, to cover what it needs at least cost."""
from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.staffing.planning.city_roster.duties import is_night, times_between, with_handover, with_meals
from optimizer.staffing.planning.city_roster.published import Family, families
from optimizer.staffing.planning.horizon import STEP
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
MORE_STARTS = 120  # minutes between starts that a surge adds


@dataclass(frozen=True)
class Designed:
    """Shifts as scenarios have them, and the plan that they come from."""

    shifts: tuple[Shift, ...]
    plan: ShiftPlan

    @property
    def people(self) -> Ints:
        """[shifts, days] who begin each."""
        begun = [used.people for used in self.plan.shifts]
        return np.array(begun, np.int64).reshape(len(begun), len(self.plan.cover))

    @property
    def work_hours(self) -> float:
        """Hours of work, meals apart."""
        return float(sum(shift.work_hours * n.sum() for shift, n in zip(self.shifts, self.people, strict=True)))


def designed(types: Sequence[ShiftType], need: Ints, most: int | Ints, prices: Prices, seconds: float, seed: int,
             handover: int = 0, published: Sequence[Shift] = ()) -> Designed:
    """The cheapest shifts found. Those that people know already cost nothing as kinds, and keep their codes.

    :param need: [days, half-hours] people on duty, meals apart.
    :param most: people on duty at once, at most, [days, half-hours] or at any time: there are no more workplaces.
    :param handover: minutes for which each shift goes on after its end.
    :param published: shifts of the roster that is planned anew.
    """
    known = families(published, STEP, handover)
    several = {kind.code for kind in types if len(kind.hours) > 1}
    of_name = {name: kind for kind in types for name in names_of(kind)}
    offered = tuple(one for kind in types for one in as_types(kind, prices, len(need), handover, known))
    there = {family_of(one, start) for one in offered for start in one.starts.values()}
    each = (*offered, *(as_it_is(shift, family, types, prices) for family, shift in known.items()
                        if family not in there))
    problem = ShiftProblem(need.astype(np.float64), each, float(prices.missing) * STEP / 60,
                           limits=Limits(workplaces=np.asarray(most, np.float64)))
    try:
        plan = design_shifts(problem, seconds, seed, gap=GAP)
    except NoShiftsError:
        raise UserError(say("no shifts were found in {seconds:g} s: give more time by --seconds",
                            seconds=seconds)) from None
    shifts = tuple(made(used.kind, of_name.get(used.kind.type.name), several, known, handover)
                   for used in plan.shifts)
    return Designed(shifts, plan)


def made(used: Kind, kind: ShiftType | None, several: set[str], known: Mapping[Family, Shift], handover: int) -> Shift:
    """A kind of shift that is used, as scenarios have it and under the code that people know."""
    found = known.get(family_of(used.type, used.start_min))
    if kind is None:
        assert found is not None
        return found
    shift = with_handover(shift_of(kind, used.start_min, used.length_min / 60, several), handover)
    return shift.model_copy(update={"code": found.code}) if found else shift


def names_of(kind: ShiftType) -> list[str]:
    """What the optimizer calls it, for each of its lengths."""
    return [f"{kind.code}{float(hours):g}" for hours in kind.hours]


def as_types(kind: ShiftType, prices: Prices, days: int, handover: int = 0,
             known: Container[Family] = ()) -> Iterator[Type]:
    """A kind of shift, for each of its lengths and starts; its hours bear the price of handing over. The price of a
    kind of shift is that of a week, and nothing for one that people know."""
    meal = round(float(kind.meal) / 60)
    first, last = (round(float(hours) * 60) for hours in kind.meal_after)
    away = Away(meal, tuple(times_between(first, last, STEP))) if meal else None
    starts = Steps(*kind.start, round(float(kind.every) / 60))
    for name, hours in zip(names_of(kind), kind.hours, strict=True):
        length = round(float(hours) * 60)
        dearer = 1 + handover / max(length - meal, 1)
        for start in starts.values():
            price = 0.0 if Family(start, length, meal) in known else float(prices.kind) * days / 7
            yield Type(name, Steps(start, start, STEP), Steps(length, length, STEP), meal=away,
                       is_night=is_night(kind.start[0], length),
                       hour_price=float(prices.hour) * float(kind.extra) * dearer, kind_price=price)


def as_it_is(shift: Shift, family: Family, types: Sequence[ShiftType], prices: Prices) -> Type:
    """A shift that people know and that no kind of shift offers; its hours cost what those of its like do."""
    night = is_night(family.start, family.presence)
    extra = next((float(kind.extra) for kind in types if is_night(kind.start[0], family.presence) == night), 1.0)
    meals = tuple(one.breaks[0][0] for one in with_meals(shift, STEP)) if family.meal else ()
    return Type(shift.code, Steps(family.start, family.start, STEP), Steps(family.presence, family.presence, STEP),
                meal=Away(family.meal, meals) if meals else None, is_meal_paid=family.paid, is_night=night,
                hour_price=float(prices.hour) * extra)


def family_of(one: Type, start: int) -> Family:
    """The shifts of a type that begin at a time; each type has one length."""
    return Family(start, one.lengths.least, one.meal.length_min if one.meal else 0, one.is_meal_paid)


def shift_of(kind: ShiftType, start: int, hours: float, several: set[str]) -> Shift:
    """A kind of shift that begins at a minute and lasts some hours, as scenarios have it."""
    clock = start % DAY_MINUTES
    code = f"{kind.code}{clock // 60:02}{clock % 60:02}" + (f"x{hours:g}" if kind.code in several else "")
    first, last = kind.meal_after
    window = (first, plain(float(last) + float(kind.meal) / 3600, "h"))
    breaks = (Break(length=kind.meal, window=window, paid=False),) if float(kind.meal) else ()
    return Shift(start=clock, hours=plain(hours, "h"), code=code, breaks=breaks)


def with_more_starts(types: Sequence[ShiftType], shifts: Sequence[Shift], handover: int = 0) -> tuple[Shift, ...]:
    """Shifts, and others of their kinds that begin every two hours, where none begins within an hour: a surge comes at
    hours of its own.

    :param handover: minutes for which each shift goes on after its end.
    """
    several = {kind.code for kind in types if len(kind.hours) > 1}
    found = list(shifts)
    for kind in types:
        every = round(float(kind.every) / 60)
        for start in range(kind.start[0], kind.start[1] + 1, -(-MORE_STARTS // every) * every):
            more = [with_handover(shift_of(kind, start, float(hours), several), handover) for hours in kind.hours]
            found += [one for one in more if not any(near(one, other) for other in found)]
    return tuple(found)


def near(one: Shift, other: Shift) -> bool:
    """Whether two of the same length begin within an hour."""
    apart = abs(one.start - other.start)
    return float(one.hours) == float(other.hours) and min(apart, DAY_MINUTES - apart) <= MORE_STARTS // 2
