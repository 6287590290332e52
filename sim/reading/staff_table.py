"""Whether a table of planned seats covers the horizon: each row holds until the next."""
from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from sim.reading.conflicts import Conflict, conflict, moment
from sim.scenario.intervals import Intervals
from sim.scenario.messages import Message, say
from sim.scenario.scenario import Scenario

REGULAR = 0.9      # of the steps between rows are alike, where a table has a row for each
FEWEST_STEPS = 8


def wrong_staff_table(scenario: Scenario) -> Iterator[Conflict]:
    """A table plans the whole horizon: each row holds until the next, the last one to the end of its day at least."""
    starts = [at for at, _ in scenario.staff.rows] if scenario.staff else []
    if not starts:
        return
    t, table = scenario.horizon.times, ("staff", "table")
    for k, at in enumerate(starts):
        if t.start < at < t.end and (at - t.start).total_seconds() % t.every_s:
            yield conflict(("staff", "rows", k),
                           say("{at} is not where an interval of {minutes:g} min starts", at=moment(at),
                               minutes=t.every_s / 60))
    ordered = sorted(starts)
    last, step = ordered[-1], usual_step(ordered)
    until = max(midnight_after(last), last + step)
    if ordered[0] >= t.end or until <= t.start:
        yield conflict(table, say("plans {first} to {until}, and the horizon is {start} to {end}: give it rows for "
                                  "that time", first=moment(ordered[0]), until=moment(until), start=moment(t.start),
                                  end=moment(t.end)))
    elif ordered[0] > t.start:
        yield conflict(table, say("begins on {first}, and the horizon on {start}: add a row for what is open then",
                                  first=moment(ordered[0]), start=moment(t.start)))
    elif until < t.end:
        yield conflict(table, say("ends with a row of {last}, which holds until {until}, and the horizon ends on "
                                  "{end}: add rows up to there", last=moment(last), until=moment(until),
                                  end=moment(t.end)))
    else:
        yield from (conflict(table, why) for why in itertools.islice(holes(scenario, t, ordered, step), 1))


def usual_step(ordered: list[datetime]) -> timedelta:
    """The time between two rows that is neither long nor short among all of them."""
    steps = [(b - a).total_seconds() for a, b in itertools.pairwise(ordered)]
    return timedelta(seconds=median(steps) if steps else 0)


def midnight_after(at: datetime) -> datetime:
    return datetime.combine(at.date(), datetime.min.time()) + timedelta(days=1)


def lost_days(t: Intervals, ordered: list[datetime]) -> Iterator[Message]:
    """Days without a row between others of which some have several."""
    rows = Counter(at.date() for at in ordered)
    if max(rows.values()) == 1:
        return
    for a, b in itertools.pairwise(sorted(rows)):
        lost = a + timedelta(days=1)
        if lost < b and lost < t.end.date() and b > t.start.date():
            yield say("has rows for {before} and for {after} but none for {lost}: add one, also where seats stay as "
                      "they are", before=str(a), after=str(b), lost=str(lost))


def holes(scenario: Scenario, t: Intervals, ordered: list[datetime], step: timedelta) -> Iterator[Message]:
    """Where a table that has a row for each step lacks some, while seats are open; or one of changes lacks a day."""
    assert scenario.staff is not None
    yield from lost_days(t, ordered)
    steps = [b - a for a, b in itertools.pairwise(ordered)]
    if len(steps) < FEWEST_STEPS or sum(one == step for one in steps) < REGULAR * len(steps):
        return
    seats = {at: sum(number for _, number in row) for at, row in scenario.staff.rows}
    for a, b in itertools.pairwise(ordered):
        if b - a >= 2 * step and a < t.end and b > t.start and seats[a]:
            yield (say("has a row every {minutes:g} min but none between {last} and {next}: add what is open from "
                       "{first} on", minutes=step.total_seconds() / 60, last=moment(a), next=moment(b),
                       first=moment(a + step)))
