"""What an evening of a simulated course of events has: counts as an ACD has them, and people estimated from them."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from optimizer.lending.inputs.province import Province
from sim.core import arrays
from sim.core.arrays import Floats
from sim.fitting.counts import Counts
from sim.fitting.expected import course, habits, queues_of
from sim.fitting.fresh_callers import fresh_callers
from sim.fitting.redials import LAGS_S
from sim.scenario.intervals import DAY_S
from sim.studies.replication import Job, outcomes_in, setting_of

COUNTED = (arrays.DIALS, arrays.DIALS_ANSWERED, arrays.DIALS_ABANDONED, arrays.DIALS_BLOCKED)
Seen = dict[str, Floats]  # by borrower: [blocks] callers who dial for the first time


@dataclass(frozen=True)
class CourseOfEvents:
    """By borrower, interval by interval: what is counted, and who dialled for the first time."""

    counts: dict[str, Counts]
    fresh: dict[str, Floats]


def course_of_events(job: Job, path: int, borrowers: tuple[str, ...]) -> CourseOfEvents:
    """One replication of a job."""
    setting = setting_of(job)
    flows = outcomes_in(setting, job, path).flows
    of = {name: flows[:, queues_of(setting, name)].sum(axis=1).astype(float) for name in borrowers}
    return CourseOfEvents({name: Counts(*found[:, COUNTED].T) for name, found in of.items()},
                          {name: found[:, arrays.CALLERS] - found[:, arrays.CALLERS_AWAY]
                           for name, found in of.items()})


def by_block(province: Province, values: Floats) -> Floats:
    """[blocks] sums of intervals."""
    return np.asarray(np.add.reduceat(values, [block.first for block in province.blocks]))


def seen_in(province: Province, events: CourseOfEvents) -> Seen:
    """Who really called."""
    return {name: by_block(province, values) for name, values in events.fresh.items()}


def estimated(province: Province, job: Job, events: CourseOfEvents, evenings: Iterable[datetime]) -> list[Seen]:
    """By evening: callers of the blocks of the last twenty-four hours, estimated from what was counted by then."""
    return [{name: by_block(province, of_last_day(province, job, name, counts, evening))
             for name, counts in events.counts.items()} for evening in evenings]


def of_last_day(province: Province, job: Job, name: str, counts: Counts, evening: datetime) -> Floats:
    """[intervals] fresh callers estimated of the last whole blocks before an evening; 0 elsewhere."""
    every = province.scenario.horizon.interval_s
    end = max((block.last for block in province.blocks if block.end <= evening), default=0)
    day = max(end - DAY_S // every, 0)
    begin, found = max(day - LAGS_S // every, 0), np.zeros(len(counts.dials))
    if end == 0:
        return found
    setting, window, known = setting_of(job), slice(begin, end), counts.between(begin, end)
    who = habits(province.scenario, setting, name, slice(day, end))
    expected = course(province.scenario, setting, name, known, window, who)
    found[day:end] = fresh_callers(known, who, expected, every, day - begin).mean
    return found
