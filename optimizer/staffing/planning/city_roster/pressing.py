"""What a roster is asked for beside the people of each half-hour: no empty hall, and a night after the last evening."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.rosters.problem import Cover, Duty, Ints, cover_by_interval

WEEK = 7
LARGE = 6   # people wanted at a time, from which half of them is what a hall is held to


def pressing_rows(need: Ints, duties: Sequence[Duty], missing: float) -> tuple[Cover, ...]:
    """Both.

    :param need: [1 + days, half-hours of a day] people at work; the first day is the one before the horizon.
    :param missing: yuan for one who is missing for half an hour.
    """
    after = night_after(need, duties)
    rows = cover_by_interval(np.vstack([need, after]), duties, missing, 0.0, days=len(need))
    return (*(thin for row in rows[:need.size] for thin in thinner(row)),
            *(row for row in rows[need.size:] if row.need and row.duties))


def thinner(row: Cover) -> Iterator[Cover]:
    """The last one who is missing costs as much again, and in larger halls everybody below half of the need: at the
    price of one alone, three people on shift might as well have their meal together as in turn."""
    if row.need > 0:
        least = -(-row.need // 2) if row.need >= LARGE else 1
        yield replace(row, name=f"{row.name} at least {least}", need=least)


def night_after(need: Ints, duties: Sequence[Duty]) -> Ints:
    """[half-hours of a day] people wanted on the day after the last one, until the first shift of that day begins: as
    on the same weekday before, or on the last day where the horizon has none."""
    like = need[-WEEK] if len(need) > WEEK else need[-1]
    first = min((duty.start for duty in duties), default=0) // STEP
    return np.where(np.arange(len(like)) < first, like, 0)
