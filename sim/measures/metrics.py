"""One function a metric: its docstring is the definition that is printed under the table.

A metric is a function of counts, [scopes, periods] in and out. Where it has no meaning it is nan. Dials belong to the
period in which they were dialled, whenever they were answered; people to the period of their first dial.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim.core.arrays import Floats

if TYPE_CHECKING:  # who asks for names and units needs no compiled loops
    from sim.measures.facts import Tally

Metric = Callable[["Tally"], Floats]
PEOPLE, RATE, RATIO, SECONDS, HOURS = "1", "share", "ratio", "s", "h"


def reach(unit: str, change: bool = False) -> tuple[float, float]:
    """The least and the most that a metric of a unit can be, or the difference of two: no interval goes further."""
    most = 1.0 if unit == RATE else math.inf
    return (-most if change else 0.0), most


def ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, nan where the whole is nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def of_callers(t: Tally, values: Floats) -> Floats:
    """nan for scopes that have seats but no queue of callers: pools."""
    return np.where(t.has_callers > 0, values, np.nan)


def dials(t: Tally) -> Floats:
    """Dials: every try of every caller. 拨打次数。"""
    return of_callers(t, t.dials)


def callers(t: Tally) -> Floats:
    """People who dialled for the first time. 来电人数(首次拨打)。"""
    return of_callers(t, t.callers)


def answered(t: Tally) -> Floats:
    """Dials that a person answered; for a pool, calls that it began. 接通次数。"""
    return np.where(t.has_callers > 0, t.answered, t.starts)


def callers_answered(t: Tally) -> Floats:
    """People whom a person answered at least once. 接通人数。"""
    return of_callers(t, t.callers_answered)


def abandoned(t: Tally) -> Floats:
    """Dials that hung up while waiting. 排队中放弃的拨打。"""
    return of_callers(t, t.abandoned)


def blocked(t: Tally) -> Floats:
    """Dials that met a busy signal: all lines were taken. 忙音。"""
    return of_callers(t, t.blocked)


def served_by_bot(t: Tally) -> Floats:
    """Dials that the bot settled. 机器人办结。"""
    return of_callers(t, t.by_bot)


def in_system(t: Tally) -> Floats:
    """Dials of the period that still wait when the horizon ends. 期末仍在排队的拨打。"""
    return of_callers(t, t.dials - t.answered - t.abandoned - t.blocked - t.by_bot)


def waiting(t: Tally) -> Floats:
    """Callers who wait at the end of the period. 期末排队人数。"""
    return of_callers(t, t.waiting)


def callers_diverted(t: Tally) -> Floats:
    """People who took another channel, before or after dialling. 转向其他渠道的人。"""
    return of_callers(t, t.callers_diverted + t.callers_away)


def callers_lost(t: Tally) -> Floats:
    """People who gave up for good without ever being answered. 最终放弃的人。"""
    return of_callers(t, t.callers_lost)


def answer_rate_dials(t: Tally) -> Floats:
    """Answered dials out of all dials that did not end with the bot. 接通率(按拨打)。"""
    return ratio(t.answered, t.dials - t.by_bot)


def answer_rate_callers(t: Tally) -> Floats:
    """People answered at least once out of all who dialled and were not settled by the bot. 接通率(按人)。"""
    return ratio(t.callers_answered, t.callers - t.callers_by_bot)


def answered_within(t: Tally) -> Floats:
    """Share of all dials (the bot's aside) that a person answered within the threshold; busy signals and hang-ups
    count against us. 15 秒接通率。"""
    return ratio(t.within, t.dials - t.by_bot)


def mean_wait_s(t: Tally) -> Floats:
    """Mean wait of the answered. 接通者平均等待。"""
    return ratio(t.wait_sum_s, t.answered)


def median_wait_s(t: Tally) -> Floats:
    """Median wait of the answered. 接通者等待中位数。"""
    return t.median_wait_s


def p95_wait_s(t: Tally) -> Floats:
    """The wait that 95 % of the answered did not exceed. 接通者等待 95 分位。"""
    return t.p95_wait_s


def blocked_share(t: Tally) -> Floats:
    """Busy signals out of all dials. 忙音占比。"""
    return ratio(t.blocked, t.dials)


def abandoned_share(t: Tally) -> Floats:
    """Hang-ups out of all dials. 放弃占比。"""
    return ratio(t.abandoned, t.dials)


def lost_share(t: Tally) -> Floats:
    """People lost for good out of all who dialled. 流失人数占比。"""
    return ratio(t.callers_lost, t.callers)


def dials_per_caller(t: Tally) -> Floats:
    """Dials for each person who dialled: a busy signal turns one person into many dials. 人均拨打次数。"""
    return ratio(t.dials, t.callers)


def load_ratio(t: Tally) -> Floats:
    """Dials for each caller of an ordinary day at that hour. 话务量相当于平时同时段的倍数。"""
    return ratio(t.dials, t.ordinary)


def occupancy(t: Tally) -> Floats:
    """Time that seats talked or wrote up out of the time that they were staffed. 座席占用率。"""
    return ratio(t.busy_s, t.staffed_s)


def recovery_h(t: Tally) -> Floats:
    """Hours from the first interval in which under half of the dials were answered to the end of the last one; 0 where
    there is none. 恢复时长:从首个接通不足一半的时段到最后一个。"""
    return of_callers(t, t.distress_s / 3600)


def seat_hours(t: Tally) -> Floats:
    """Hours that seats were staffed. 座席小时。"""
    return np.where(t.has_seats > 0, t.staffed_s / 3600, np.nan)


def helpers_answered(t: Tally) -> Floats:
    """Dials that others than the city's own agents answered. 支援座席接通次数。"""
    return of_callers(t, t.helped)


def helpers_share(t: Tally) -> Floats:
    """Of the answered dials, those that others than the city's own agents answered. 支援占接通的比例。"""
    return ratio(t.helped, t.answered)


METRICS: dict[Metric, str] = {
    dials: PEOPLE, callers: PEOPLE, answered: PEOPLE, callers_answered: PEOPLE, abandoned: PEOPLE, blocked: PEOPLE,
    served_by_bot: PEOPLE, in_system: PEOPLE, waiting: PEOPLE, callers_diverted: PEOPLE, callers_lost: PEOPLE,
    answer_rate_dials: RATE, answer_rate_callers: RATE, answered_within: RATE, mean_wait_s: SECONDS,
    median_wait_s: SECONDS, p95_wait_s: SECONDS, blocked_share: RATE, abandoned_share: RATE, lost_share: RATE,
    dials_per_caller: RATIO, load_ratio: RATIO, recovery_h: HOURS, occupancy: RATE, seat_hours: HOURS,
    helpers_answered: PEOPLE, helpers_share: RATE,
}
"""Every metric with its unit, in the order of the tables."""
METRIC_OF: dict[str, Metric] = {metric.__name__: metric for metric in METRICS}
QUANTILES = (median_wait_s, p95_wait_s)


def name_of(metric: Metric, within_s: float) -> str:
    """A metric's name in tables: the threshold is part of it, as in answered_within_15s."""
    name = metric.__name__
    return f"{name}_{within_s:g}s" if name == "answered_within" else name


def measure(t: Tally, own: Iterable[Metric] = ()) -> Floats:
    """All metrics, and an analyst's own after them: [metrics, scopes, periods]."""
    return np.array([metric(t) for metric in (*METRICS, *own)])
