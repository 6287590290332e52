"""A plan of shifts: how many people on each, what they cover and what it costs."""
from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from optimizer.staffing.shifts.kinds import Duties, Kind
from optimizer.staffing.shifts.terms import Floats, Ints, Limits, ShiftProblem
from sim.scenario.messages import Message, say


@dataclass(frozen=True)
class Cost:
    """What a plan costs, by part."""

    hours: float
    duties: float
    kinds: float
    understaffed: float
    overstaffed: float

    @property
    def total(self) -> float:
        return self.hours + self.duties + self.kinds + self.understaffed + self.overstaffed


@dataclass(frozen=True)
class UsedShift:
    """A kind of shift and its people: [days], and by the start of the meal after the start of the shift."""

    kind: Kind
    people: Ints
    by_meal: dict[int | None, Ints]


@dataclass(frozen=True)
class ShiftPlan:
    """The best shifts found. Arrays are [days, intervals of a day] in people; ``at_home`` have no workplace.

    ``bound``: no plan costs less. ``people_at_least``: who are needed for these shifts at the weekly hours and duties
    of one person, where those are known; never fewer than begin a shift on one day.
    """

    shifts: tuple[UsedShift, ...]
    cover: Floats
    understaffed: Floats
    overstaffed: Floats
    at_home: Floats
    cost: Cost
    bound: float
    hours: float
    duties: int
    night_duties: int
    part_time_duties: int
    people_at_least: int
    seconds: float

    @property
    def gap(self) -> float:
        """Share of the cost that a better plan could save at most."""
        return (self.cost.total - self.bound) / self.cost.total if self.cost.total > 0 else 0.0

    @property
    def is_proved(self) -> bool:
        return self.cost.total - self.bound <= 1e-6 * max(1.0, abs(self.cost.total))

    @property
    def status(self) -> Message:
        if self.is_proved:
            return say("proved: no plan costs less")
        return say("the best plan found in the time given; no plan costs less than {bound:,.2f}, which is {gap:.1%} "
                   "less", bound=self.bound, gap=self.gap)


def plan_of(problem: ShiftProblem, duties: Duties, people: Ints, bound: float, seconds: float) -> ShiftPlan:
    """The plan with so many people on each way to work [ways]."""
    shape, cover = problem.need.shape, cover_of(problem, duties, people)
    workplaces = np.broadcast_to(np.asarray(problem.limits.workplaces, np.float64), shape)
    is_night, is_part_time = (np.array([getattr(kind.type, name) for kind in duties.kinds])[duties.kind]
                              for name in ("is_night", "is_part_time"))
    return ShiftPlan(
        used_shifts(duties, people, shape[0]), cover.reshape(shape), understaffed(problem, cover).reshape(shape),
        overstaffed(problem, cover).reshape(shape), np.maximum(cover.reshape(shape) - workplaces, 0),
        cost_of(problem, duties, people), bound, float(duties.hours @ people), int(people.sum()),
        int(people[is_night].sum()), int(people[is_part_time].sum()),
        people_at_least(problem.limits, duties, people, shape[0]), seconds)


def cover_of(problem: ShiftProblem, duties: Duties, people: Ints) -> Floats:
    """[intervals of the horizon] people on duty."""
    return np.asarray(duties.cover @ people + np.broadcast_to(problem.carried, problem.need.shape).ravel(), np.float64)


def understaffed(problem: ShiftProblem, cover: Floats) -> Floats:
    return np.maximum(problem.need.ravel() - cover, 0)


def overstaffed(problem: ShiftProblem, cover: Floats) -> Floats:
    return np.maximum(cover - problem.need.ravel(), 0)


def cost_of(problem: ShiftProblem, duties: Duties, people: Ints) -> Cost:
    cover = cover_of(problem, duties, people)
    short = float(understaffed(problem, cover).sum())
    used = np.unique(duties.kind[people > 0])
    return Cost(float(duties.hours_price @ people), float(duties.duty_price @ people),
                float(sum(duties.kinds[k].type.kind_price for k in used)),
                problem.understaffed_price * short if short else 0.0,
                problem.overstaffed_price * float(overstaffed(problem, cover).sum()))


def used_shifts(duties: Duties, people: Ints, days: int) -> tuple[UsedShift, ...]:
    return tuple(used_shift(duties, people, int(k), days) for k in np.unique(duties.kind[people > 0]))


def used_shift(duties: Duties, people: Ints, k: int, days: int) -> UsedShift:
    by_meal: dict[int | None, Ints] = {}
    for way in np.flatnonzero((duties.kind == k) & (people > 0)):
        its = by_meal.setdefault(duties.meal_start_min[way], np.zeros(days, np.int64))
        its[duties.day[way]] += people[way]
    return UsedShift(duties.kinds[k], np.sum([*by_meal.values()], axis=0), by_meal)


def people_at_least(limits: Limits, duties: Duties, people: Ints, days: int) -> int:
    weeks, needed = days / 7, [float(np.bincount(duties.day, people, minlength=days).max())]
    if limits.weekly_hours:
        needed.append(float(duties.hours @ people) / weeks / limits.weekly_hours)
    if limits.weekly_duties:
        needed.append(float(people.sum()) / weeks / limits.weekly_duties)
    return ceil(max(needed) - 1e-9)
