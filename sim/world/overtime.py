"""Hours of overtime by month: of people who stay on or are called in, and how many the rules of work allow."""
from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.world.people import Staffing

EMPLOYED = ("full_time", "part_time")


class OvertimeMonth(NamedTuple):
    """Hours of overtime of a city's people in a month, and how many its rules allow all of them together."""

    city: str
    month: date
    hours: float
    allowed: float

    @property
    def beyond(self) -> float:
        """Hours beyond what is allowed: the ledger of an emergency."""
        return max(self.hours - self.allowed, 0.0)


def overtime_by_month(staffing: Staffing, city: str, with_events: bool = True) -> list[OvertimeMonth]:
    """The months of the horizon in which a city's employed people work overtime, as if none was worked in them before.

    :param with_events: whether absences of the file count, or only the usual one.
    """
    t, groups = staffing.t, staffing.s.groups(city)
    employed = [key for key, group in groups.items() if group.contract in EMPLOYED]
    came, staying = staffing.called(city, with_events).by_group, staffing.staying(city, with_events)
    at_work = sum((came.get(key, 0.0) + staying[key] for key in employed), np.zeros(t.number))
    people = sum(float(groups[key].people) for key in employed)
    allowed = people * float(staffing.s.workforce(city).rules.overtime_month)
    months = np.array([t.begin(i).date().replace(day=1) for i in range(t.number)]) if at_work.any() else np.zeros(0)
    return [OvertimeMonth(city, month, float(at_work[months == month].sum()) * t.every_s / 3600, allowed)
            for month in sorted(set(months.tolist())) if at_work[months == month].any()]
