"""Which shifts a city runs, and how many people begin each on each day, to cover what it needs at least cost."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, hstack, identity

from optimizer.staffing.planning.rostering import STEP
from optimizer.staffing.rosters.problem import Floats, Ints
from sim.scenario.people import Break, Shift
from sim.scenario.quantities import plain
from sim.scenario.staffing_terms import Prices, ShiftType

HALVES = 1440 // STEP


@dataclass(frozen=True)
class Designed:
    """Shifts and how many people begin them."""

    shifts: tuple[Shift, ...]
    people: Ints                # [shifts, days]
    on_duty: Floats             # [days, half-hours] people there, meals taken off evenly over their windows
    parts: dict[str, float]     # yuan: work, missing, kinds
    bound: float
    missing_hours: float
    surplus_hours: float

    @property
    def total(self) -> float:
        return sum(self.parts.values())

    @property
    def hours(self) -> float:
        """Of work, meals apart."""
        return float(sum(shift.work_hours * n.sum() for shift, n in zip(self.shifts, self.people, strict=True)))


def kinds_of(types: Sequence[ShiftType]) -> tuple[Shift, ...]:
    """Every shift that the types allow."""
    return tuple(shift_of(kind, start, float(hours)) for kind in types for hours in kind.hours
                 for start in range(kind.start[0], kind.start[1] + 1, round(float(kind.every) / 60)))


def shift_of(kind: ShiftType, start: int, hours: float) -> Shift:
    """A shift that begins so many minutes after midnight."""
    clock = start % 1440
    code = f"{kind.code}{clock // 60:02}{clock % 60:02}" + (f"x{hours:g}" if len(kind.hours) > 1 else "")
    meal = float(kind.meal)
    breaks = (Break(length=kind.meal, window=(kind.meal_after[0], plain(float(kind.meal_after[1]) + meal / 3600, "h")),
                    paid=False),) if meal else ()
    return Shift(start=clock, hours=plain(hours, "h"), code=code, breaks=breaks)


def at_work(shift: Shift, days: int) -> Floats:
    """[days, half-hours of the horizon] the part of somebody on a shift of each day who is at work."""
    found = np.zeros((days, days * HALVES + 2 * HALVES))
    first, last = shift.start // STEP, -(-(shift.start + round(float(shift.hours) * 60)) // STEP)
    part = np.zeros(last)
    for k in range(first, last):
        begin, end = max(k * STEP, shift.start), min((k + 1) * STEP, shift.start + float(shift.hours) * 60)
        part[k] = (end - begin) / STEP - sum(overlap(one, shift, begin, end) * one.part for one in shift.breaks) / STEP
    for day in range(days):
        found[day, day * HALVES:day * HALVES + last] = part
    return found[:, :days * HALVES]


def overlap(one: Break, shift: Shift, begin: float, end: float) -> float:
    """Minutes of an interval within the window of a break."""
    opens, closes = (shift.start + float(hours) * 60 for hours in one.window)
    return max(0.0, min(end, closes) - max(begin, opens))


def designed(types: Sequence[ShiftType], need: Ints, most: int, prices: Prices, seconds: float) -> Designed:
    """The cheapest shifts.

    :param need: [days, half-hours] people on duty, meals apart.
    :param most: people on duty at once, at most: there are no more workplaces.
    """
    days, kinds = len(need), kinds_of(types)
    cover = [at_work(kind, days) for kind in kinds]
    rows = np.concatenate(cover).T                                 # [half-hours, kinds * days]
    n, t = rows.shape[1], rows.shape[0]
    hour = np.array([kind.work_hours for kind in kinds for _ in range(days)]) * float(prices.hour)
    weeks = days / 7
    short, fix = float(prices.missing) * STEP / 60, float(prices.kind) * weeks
    cost = np.concatenate([hour, np.full(t, short), np.full(len(kinds), fix)])
    a = coo_array(rows)
    cap = int(need.max()) + 1
    uses = coo_array(np.kron(np.eye(len(kinds)), np.ones((1, days))))
    result = milp(cost, integrality=np.concatenate([np.ones(n), np.zeros(t), np.ones(len(kinds))]),
                  bounds=Bounds(0, np.concatenate([np.full(n, cap), np.full(t, np.inf), np.ones(len(kinds))])),
                  constraints=[LinearConstraint(hstack([a, identity(t), coo_array((t, len(kinds)))]).tocsr(),
                                                need.ravel(), np.inf),
                               LinearConstraint(hstack([a, coo_array((t, t + len(kinds)))]).tocsr(), 0, most),
                               LinearConstraint(hstack([uses, coo_array((len(kinds), t)),
                                                        -cap * days * identity(len(kinds))]).tocsr(), -np.inf, 0)],
                  options={"time_limit": seconds, "mip_rel_gap": 0.005})
    x = np.rint(result.x[:n]).astype(np.int64).reshape(len(kinds), days)
    used = [k for k in range(len(kinds)) if x[k].any()]
    there = (rows @ x.ravel()).reshape(days, HALVES)
    missing, surplus = (np.maximum(side, 0).sum() * STEP / 60 for side in (need - there, there - need))
    parts = {"work": float(hour @ x.ravel()), "missing": float(missing * float(prices.missing)),
             "kinds": fix * len(used)}
    return Designed(tuple(kinds[k] for k in used), x[used], there, parts, float(result.mip_dual_bound), float(missing),
                    float(surplus))
