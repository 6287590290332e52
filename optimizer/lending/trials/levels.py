"""At which answer rates of a quarter-hour seats go home, are asked for or are let go: numbers that a duty manager reads
off an ACD, from simulation without help, with the plan, and without the surge."""
from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.lending.inputs.province import Province
from optimizer.lending.settings import (
    FALSE_ALARM,
    LEVEL_DAYS,
    LEVEL_MOST,
    LEVEL_SEED,
    MOST_LEVELS,
    QUARTER_S,
)
from optimizer.lending.trials.replay import ANSWERED, DIALS, Counts, simulate
from sim.core.arrays import Floats, Ints
from sim.measures.facts import Period
from sim.scenario.dates import DAY_MINUTES, Span
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job

TWICE, FOUR_TIMES = 2, 4
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Level:
    """Of a time of day, from minute to minute: shares of dials answered, and where something is to be done."""

    start: int
    end: int
    usual: float     # without the plan
    expected: float  # with it
    low: float       # with it; a quarter-hour in twenty is lower
    everyday: float  # without the surge
    recall: float    # what a lender owes its own callers; no more than low
    release: float   # everyday, less what a lender's callers may lose
    escalate: float  # low; and below what is expected by as large a part as a lender's callers may lose


@dataclass(frozen=True)
class CityLevels:
    """Of a city on the days of the plan; and on which part of them, as simulated, each rule would act though all goes
    as planned."""

    minutes: int     # of the intervals that are looked at
    times: tuple[Level, ...]
    recalls: float
    escalations: float
    releases: float


@dataclass(frozen=True)
class Rates:
    """[replications, quarter-hours] dials and answered ones of a city."""

    dials: Floats
    answered: Floats

    def mean(self, those: Bools) -> float:
        """Over some quarter-hours; where nobody dials nobody is failed."""
        dials = float(self.dials[:, those].sum())
        return float(self.answered[:, those].sum()) / dials if dials else 1.0

    def each(self) -> Floats:
        """The share of each quarter-hour, nan where nobody dials."""
        return np.where(self.dials > 0, self.answered / np.maximum(self.dials, 1), np.nan)


def levels_of(province: Province, levers: tuple[Any, ...], seed: int,
              executor: Executor | None = None) -> dict[str, CityLevels]:
    """Of every city that a plan is about, on luck of its own."""
    spans = spans_of(levers)
    if not spans:
        return {}
    quarters = quarters_of(province.scenario)
    days = {one.start.date() for one in quarters for own in spans.values() for span in own if span.covers(one.start)}
    replications = range(min(max(LEVEL_DAYS // max(len(days), 1), 2), LEVEL_MOST))
    alone = province.scenario
    calm = alone.model_copy(update={"surges": ()})
    planned = alone.model_copy(update={"levers": (*alone.levers, *levers)})
    jobs = [Job.of(one, "kernel", seed + LEVEL_SEED) for one in (alone, planned, calm)]
    found = simulate(jobs, quarters, replications, executor)
    return {city: of_city(province, city, own, quarters, [rates_of(one, city) for one in found])
            for city, own in spans.items()}


def spans_of(levers: Iterable[Any]) -> dict[str, list[Span]]:
    """By city: when it lends, borrows, or has people come."""
    found: dict[str, list[Span]] = {}
    for lever in levers:
        for _, city in lever.cities_named():
            found.setdefault(city, []).append(lever.span)
    return found


def quarters_of(scenario: Scenario) -> tuple[Period, ...]:
    """The horizon in quarter-hours, or in its intervals where these are longer."""
    t, every = scenario.horizon.times, max(QUARTER_S // scenario.horizon.interval_s, 1)
    return tuple(Period(i, min(i + every, t.number), t.begin(i), t.begin(min(i + every, t.number)))
                 for i in range(0, t.number, every))


def rates_of(counts: Counts, city: str) -> Rates:
    return Rates(counts.of(city, DIALS).astype(float), counts.of(city, ANSWERED).astype(float))


def of_city(province: Province, city: str, spans: list[Span], quarters: tuple[Period, ...],
            rates: list[Rates]) -> CityLevels:
    """Levels of each time of day at which a city lends, borrows or has people come.

    :param rates: without the plan, with it, and without the surge.
    """
    alone, planned, calm = rates
    there = np.array([any(span.covers(one.start) for span in spans) for one in quarters])
    minute = np.array([one.start.hour * 60 + one.start.minute for one in quarters])
    length = length_of(province, minute[there])
    slots = minute // length
    floor, found, each = province.agreement.floor_of(city), [], planned.each()
    levels = np.full((3, len(quarters)), np.nan)
    for slot in dict.fromkeys(sorted(slots[there].tolist())):
        those = there & (slots == slot)
        usual, low = alone.mean(those), lowest(each[:, those])
        expected, drop = planned.mean(those), float(floor.answered_drop)
        level = Level(slot * length, min((slot + 1) * length, DAY_MINUTES), usual, expected, low, calm.mean(those),
                      min(max(usual - drop, float(floor.answered)), low), max(calm.mean(those) - drop, 0.0),
                      min(expected * (1 - drop), low))
        levels[:, those] = np.array([[level.recall], [level.escalate], [level.release]])
        found.append(level)
    day = np.array([(one.start.date() - quarters[0].start.date()).days for one in quarters])
    below, above = each[None] < levels[:2, None], each >= levels[2]
    first = quarters[0]
    return CityLevels(round((first.end - first.start).total_seconds() / 60), tuple(found),
                      days_with_run(below[0], there, day, TWICE), days_with_run(below[1], there, day, TWICE),
                      days_with_run(above, there, day, FOUR_TIMES))


def length_of(province: Province, minutes: Ints) -> int:
    """Minutes of a time of day: a block's, an hour's at the least, or as many of them as a sheet has columns for."""
    least = max(province.block_s // 60, 60)
    fitting = (least * times for times in range(1, DAY_MINUTES // least + 1) if DAY_MINUTES % (least * times) == 0)
    return next((one for one in fitting if len(np.unique(minutes // one)) <= MOST_LEVELS), DAY_MINUTES)


def lowest(each: Floats) -> float:
    """The share that all but one quarter-hour in so many have at least; nought where nobody dials."""
    values = each[~np.isnan(each)]
    return float(np.quantile(values, FALSE_ALARM, method="lower")) if values.size else 0.0


def days_with_run(true: Bools, there: Bools, day: Any, length: int) -> float:
    """Share of all replications' days in which something is true of so many quarter-hours in a row."""
    days = np.unique(day[there])
    hits = [runs(true[:, there & (day == one)], length) for one in days]
    return float(np.mean(hits)) if len(days) else 0.0


def runs(true: Bools, length: int) -> Bools:
    """[replications] whether so many in a row are true; a day has fewer quarter-hours where it is short."""
    if true.shape[1] < length:
        return np.zeros(len(true), bool)
    windows = np.lib.stride_tricks.sliding_window_view(true, length, axis=1)
    return np.asarray(np.any(np.all(windows, axis=2), axis=1))
