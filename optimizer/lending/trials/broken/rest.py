"""Rest of people who are called in, between two times that they come."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import NamedTuple

import numpy as np

from optimizer.lending.inputs.call_ins import OffDuty
from optimizer.lending.inputs.province import Province
from optimizer.lending.trials.broken.term import NOTHING, BrokenTerm, Found
from sim.scenario.lever import Lever
from sim.scenario.people_levers import CallIn


class Turn(NamedTuple):
    """People who are called in, from when to when they are at work."""

    begin: datetime
    end: datetime
    people: float


def unrested(province: Province, levers: Sequence[Lever]) -> Found:
    """More people called in until late, and early on the next day, than can come at the one time or at the other: some
    would do both without the rest between them, which only an emergency asks for."""
    for one in province.off_duty.values():
        turns = defaultdict[date, list[Turn]](list)
        for turn in turns_of(one, levers) if one.bound(province.emergency) else ():
            turns[turn.begin.date()].append(turn)
        found = [broken for on, today in turns.items()
                 for broken in too_near(province, one, today, turns.get(on + timedelta(days=1), []))]
        if found:
            yield max(found, key=lambda broken: (broken.found or 0.0) - (broken.limit or 0.0))


def turns_of(one: OffDuty, levers: Sequence[Lever]) -> Iterator[Turn]:
    """Everybody who is called in of a city; to their own hall they come as long after the call as their notice is."""
    for lever in levers:
        people = one.called_by(lever)
        wait = timedelta(seconds=one.notice_s if isinstance(lever, CallIn) else 0.0)
        at_work = lever.span.model_copy(update={"start": lever.start + wait})
        yield from (Turn(begin, end, people) for begin, end in at_work.stretches() if people > 0)


def too_near(province: Province, one: OffDuty, today: Sequence[Turn], tomorrow: Sequence[Turn]) -> Found:
    """Where people who go home at a time of a day, and those at work at a time of the next day before they are rested,
    are more than there are."""
    times = product(sorted({turn.end for turn in today}), sorted({turn.begin for turn in tomorrow}))
    for end, begin in times:
        if end < begin < end + timedelta(seconds=one.rest_s):
            people = (sum(turn.people for turn in today if turn.begin < end <= turn.end)
                      + sum(turn.people for turn in tomorrow if turn.begin <= begin < turn.end))
            most = max(who_come(province, one, end - timedelta(seconds=1)), who_come(province, one, begin))
            if people > most + NOTHING:
                yield BrokenTerm("rest_between_shifts", one.city, at=begin, found=people, limit=most)


def who_come(province: Province, one: OffDuty, at: datetime) -> float:
    """Whole people of a city who come at a moment; outside the horizon nobody knows a limit."""
    come = one.come(province.emergency, one.city)
    return next((float(np.floor(come[b] + NOTHING)) for b, block in enumerate(province.blocks)
                 if block.start <= at < block.end), np.inf)
