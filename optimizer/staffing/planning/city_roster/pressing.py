"""What a roster is asked for beside the people of each half-hour: no empty hall, and a night after the last evening."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

import numpy as np

from optimizer.staffing.planning.horizon import STEP
from optimizer.staffing.rosters.problem import Cover, Duty, Ints, cover_by_interval

WEEK = 7
THINNER = (0.75, 0.25), (0.5, 0.25)     # below which share of the need somebody missing costs how much more, in parts


def pressing_rows(need: Ints, duties: Sequence[Duty], missing: float) -> tuple[Cover, ...]:
    """Both.

    :param need: [1 + days, half-hours of a day] people at work; the first day is the one before the horizon.
    :param missing: yuan for one who is missing for half an hour.
    """
    rows = cover_by_interval(np.vstack([need, night_after(need, duties)]), duties, missing, 0.0, days=len(need))
    after = [row for row in rows[need.size:] if row.need and row.duties]
    return (*after, *(thin for row in (*rows[:need.size], *after) for thin in thinner(row)))


def thinner(row: Cover) -> Iterator[Cover]:
    """The more of the need are missing, the more one of them costs, and the last one as much again: at the price of one
    alone, three people on shift might as well have their meal together as in turn."""
    for least, part in ((ceil(share * row.need), part) for share, part in THINNER):
        if 1 < least < row.need:
            yield replace(row, name=f"{row.name} at least {least}", need=least, missing_price=part * row.missing_price)
    if row.need:
        yield replace(row, name=f"{row.name} at least 1", need=1)


def night_after(need: Ints, duties: Sequence[Duty]) -> Ints:
    """[half-hours of a day] people wanted on the day after the last one, until the first shift of that day begins: as
    on the same weekday before, or on the last day where the horizon has none."""
    like = need[-WEEK] if len(need) > WEEK else need[-1]
    first = min((duty.start for duty in duties), default=0) // STEP
    return np.where(np.arange(len(like)) < first, like, 0)
