"""Somebody who may lead on shift at any time at which people are needed."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.staffing.planning.horizon import SLOTS
from optimizer.staffing.rosters.problem import Cover, Duty, Ints, Problem, cover_by_interval


def leader_cover(need: Ints, duties: Sequence[Duty], leaders: int | Ints, price: float) -> tuple[Cover, ...]:
    """Rows for so many leaders wherever anybody is needed. Whoever is on a break is still there to lead.

    :param need: [days, half-hours of a day] people at work.
    :param leaders: everywhere, or [days, half-hours].
    :param price: of one who is missing for half an hour.
    """
    on_shift = [replace(duty, breaks=()) for duty in duties]
    rows = cover_by_interval(np.where(need > 0, leaders, 0), on_shift, price, 0.0)
    return tuple(replace(row, name=f"{row.name} leaders", leaders=True) for row in rows if row.need > 0)


def leader_rows(problem: Problem) -> tuple[Cover, ...]:
    """Of a problem's cover."""
    return tuple(row for row in problem.cover if row.leaders)


def without_leaders(problem: Problem) -> Problem:
    """The same people and the cover of each half-hour alone, whoever leads."""
    return replace(problem, cover=problem.cover[:problem.days * SLOTS])
