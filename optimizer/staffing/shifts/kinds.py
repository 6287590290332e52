"""Kinds of shift, and the ways to work them: which intervals they cover on each day, and what they cost."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from optimizer.staffing.shifts.terms import Away, Floats, Ints, ShiftProblem, ShiftType
from sim.scenario.messages import say


@dataclass(frozen=True)
class Kind:
    """What people of a kind of shift have in common. Minutes; ``gap_start_min`` counts from the start of the shift."""

    type: ShiftType
    start_min: int
    length_min: int
    gap_start_min: int | None = None


@dataclass(frozen=True)
class Duties:
    """Ways to work: a kind of shift, a meal and a day each. All arrays are by way, in the order of kinds."""

    kinds: tuple[Kind, ...]
    kind: Ints
    meal_start_min: tuple[int | None, ...]
    day: Ints
    cover: sp.csc_matrix  # [intervals, ways] 1 where a person is on duty
    hours: Floats         # paid
    hours_price: Floats
    duty_price: Floats

    def price(self) -> Floats:
        return self.hours_price + self.duty_price


def kinds_of(problem: ShiftProblem) -> list[Kind]:
    return [Kind(its, start, length, gap) for its in problem.types
            for start in its.starts.values() for length in its.lengths.values()
            for gap in (its.gap.starts_min if its.gap else (None,)) if fits(its.gap, gap, length)]


def fits(away: Away | None, start: int | None, length: int) -> bool:
    """Whether an absence ends before the shift does."""
    return away is None or start is None or (start > 0 and start + away.length_min < length)


def duties_of(problem: ShiftProblem) -> Duties:
    """:raises ValueError: for times that are no whole intervals, shifts longer than a cycle, and no shifts at all."""
    kinds, days = kinds_of(problem), problem.need.shape[0]
    ways = [(k, meal, day) for k, kind in enumerate(kinds)
            for meal in (kind.type.meal.starts_min if kind.type.meal else (None,))
            if fits(kind.type.meal, meal, kind.length_min)
            for day in range(days) if (problem.first_weekday + day) % 7 in kind.type.weekdays]
    if not ways:
        raise ValueError(say("no type of shift has a shift on any of these days"))
    shifts = [shift_of(problem, kinds[k], meal, day) for k, meal, day in ways]
    slots = [slots for slots, _, _ in shifts]
    way = np.repeat(np.arange(len(ways)), [len(its) for its in slots])
    cover = sp.csc_matrix((np.ones(len(way)), (np.concatenate(slots), way)), shape=(problem.need.size, len(ways)))
    return Duties(tuple(kinds), np.array([k for k, _, _ in ways]), tuple(meal for _, meal, _ in ways),
                  np.array([day for _, _, day in ways]), cover, np.array([hours for _, hours, _ in shifts]),
                  np.array([price for _, _, price in shifts]), np.array([kinds[k].type.duty_price for k, _, _ in ways]))


def shift_of(problem: ShiftProblem, kind: Kind, meal: int | None, day: int) -> tuple[Ints, float, float]:
    """Slots of the horizon in which a person is on duty, paid hours and their price."""
    interval, per_day, total = problem.interval_min, problem.need.shape[1], problem.need.size
    worked = np.ones(whole(kind.length_min, interval), np.bool_)
    if kind.type.gap and kind.gap_start_min is not None:
        take_out(worked, kind.gap_start_min, kind.type.gap.length_min, interval)
    paid = worked.copy()
    if kind.type.meal and meal is not None:
        take_out(worked, meal, kind.type.meal.length_min, interval)
    paid = paid if kind.type.is_meal_paid else worked
    if problem.is_cyclic and len(worked) > total:
        raise ValueError(say("a shift of {minutes} min is longer than the cycle", minutes=kind.length_min))
    at = day * per_day + whole(kind.start_min, interval) + np.arange(len(worked))
    price = np.broadcast_to(np.asarray(kind.type.hour_price, np.float64), problem.need.shape).ravel()
    beyond = at % total if problem.is_cyclic else np.where(at < total, at, total - per_day + at % per_day)
    hours, slots = interval / 60, at[worked] % total if problem.is_cyclic else at[worked & (at < total)]
    return slots, float(paid.sum() * hours), float(price[beyond[paid]].sum() * hours)


def take_out(worked: np.ndarray[tuple[int], np.dtype[np.bool_]], start: int, length: int, interval: int) -> None:
    worked[whole(start, interval):whole(start + length, interval)] = False


def whole(minutes: int, interval: int) -> int:
    if minutes % interval:
        raise ValueError(say("{minutes} min is no whole number of intervals of {interval} min", minutes=minutes,
                             interval=interval))
    return minutes // interval
