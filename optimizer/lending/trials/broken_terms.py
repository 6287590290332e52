"""Which terms of help a plan breaks that somebody has edited: each once, where it is broken most."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.call_ins import OffDuty
from optimizer.lending.inputs.province import Province
from sim.core.arrays import Floats
from sim.scenario.lending_terms import OFFERS, Offer
from sim.scenario.lever import Lever
from sim.scenario.levers import Desk, Lend
from sim.scenario.people_levers import CallIn
from sim.scenario.quantities import plain

OF_LEVERS = ("classes", "first", "presence", "speed")
"""What the terms say of every seat that is lent."""
NOTHING = 1e-9


@dataclass(frozen=True)
class BrokenTerm:
    """A term, whom it is about, when it is first broken so far, what the plan has and what the term allows."""

    term: str
    city: str = ""
    other: str = ""
    at: datetime | None = None
    found: float | None = None
    limit: float | None = None


Found = Iterator[BrokenTerm]


def broken_terms(province: Province, levers: Sequence[Lever]) -> list[BrokenTerm]:
    """Every term that a plan breaks: of help by its seats, of rest by people who are called in, and of what is
    offered of others.

    :param province: as it stands under the terms.
    """
    lends = [one for one in levers if isinstance(one, Lend)]
    mine = on_duty(lends)
    checks: tuple[tuple[Callable[[Province, Sequence[Lend]], Found], Sequence[Lend]], ...] = (
        (not_allowed, lends), (outside, lends), (beyond_caps, mine), (no_whole_blocks, lends),
        (short_stints, mine), (many_changes, mine), (not_held, lends), (unfair, mine), (other_seats, lends))
    return [*(one for check, those in checks for one in check(province, those)), *beyond_numbers(province, levers),
            *unrested(province, levers), *beyond_offers(province, levers)]


def on_duty(lends: Sequence[Lend]) -> list[Lend]:
    """Their seats that people on duty man: what lenders may give of these is in the terms, who is called in is not."""
    return [one.model_copy(update={"seats": plain(float(one.seats) * (1 - float(one.off_duty)))}) for one in lends
            if float(one.off_duty) < 1]


# --- who, and when ---------------------------------------------------------------------------------------------------

def not_allowed(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats between cities that are not to help each other."""
    for lender, borrower in dict.fromkeys(one.pair for one in lends):
        if borrower not in province.borrowers:
            yield BrokenTerm("borrowers", borrower)
        elif (lender, borrower) not in province.pairs:
            yield BrokenTerm("lenders", lender)


def outside(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats before they are ready, after the end, and outside the hours of a day."""
    terms = province.agreement
    for lender, those in by_lender(lends).items():
        if (begin := min(one.start for one in those)) < terms.ready and begins_before(those, terms.ready):
            yield BrokenTerm("agreed", lender, at=begin)
        if (end := max(one.end for one in those)) > terms.end:
            yield BrokenTerm("to", lender, at=end)
        first, last = terms.hours
        beyond = [one for one in those if one.hours[0] < first or not one.hours[0] < one.hours[1] <= last]
        if beyond:
            yield BrokenTerm("hours", lender, at=beyond[0].start)


def begins_before(those: Iterable[Lend], ready: datetime) -> bool:
    """Whether any is there before a moment, by its hours of the day too."""
    return any(first < ready for one in those for first in [opening(one)])


def opening(one: Lend) -> datetime:
    """When the seats of a lever are first there."""
    midnight = datetime.combine(one.start.date(), time.min)
    opens = midnight + timedelta(minutes=one.hours[0])
    return max(one.start, opens) if one.span.covers(one.start) or opens > one.start else opens + timedelta(days=1)


def by_lender(lends: Iterable[Lend]) -> dict[str, list[Lend]]:
    found = defaultdict[str, list[Lend]](list)
    for one in lends:
        found[one.lender].append(one)
    return found


# --- how many --------------------------------------------------------------------------------------------------------

def at_once(province: Province, lends: Iterable[Lend | Desk]) -> Floats:
    """[blocks] seats lent, or of desks, at any time of each block of the horizon, at the most."""
    t = province.scenario.horizon.times
    each = np.asarray(t.total((one.span, float(one.seats)) for one in lends))
    return np.array([each[block.first:block.last].max() for block in province.blocks])


def most_beyond(province: Province, term: str, city: str, lent: Floats, limit: Floats) -> Found:
    """The block in which seats are most beyond a limit."""
    block = int(np.argmax(lent - limit))
    if lent[block] > limit[block] + NOTHING:
        yield BrokenTerm(term, city, at=province.blocks[block].start, found=float(lent[block]),
                         limit=float(limit[block]))


def beyond_caps(province: Province, lends: Sequence[Lend]) -> Found:
    """More seats than a lender may give of those that it has on duty, or than it has people for."""
    terms = province.agreement
    for lender, those in by_lender(lends).items():
        city, lent = province.cities[lender], at_once(province, those)
        limits = {"share": float(terms.share) * city.duty, "keep": city.duty - float(terms.keep), "people": city.people}
        for term, limit in limits.items():
            whole = np.maximum(np.floor(limit + NOTHING), 0)
            yield from most_beyond(province, term, lender, lent, np.where(lent > 0, whole, np.inf))


def beyond_numbers(province: Province, levers: Iterable[Lever]) -> Found:
    """More guests than a borrower has places for, and more seats than all may lend, desks' among them."""
    terms, every = province.agreement, np.ones(len(province.blocks))
    guests = [one for one in levers if isinstance(one, Lend | Desk)]
    for borrower, licence in terms.licences.items():
        mine = at_once(province, [one for one in guests if borrower in helped_by(one)])
        yield from most_beyond(province, "licences", borrower, mine, float(licence) * every)
    if terms.seats is not None:
        yield from most_beyond(province, "seats", "", at_once(province, guests), float(terms.seats) * every)


def helped_by(one: Lend | Desk) -> tuple[str, ...]:
    """Cities whose callers these seats answer for others."""
    return (one.borrower,) if isinstance(one, Lend) else one.cities


def beyond_offers(province: Province, levers: Iterable[Lever]) -> Found:
    """More of a desk, of volunteers or of people at home than is offered, or at times at which it is not."""
    terms, left = province.agreement, [one for one in levers if isinstance(one, OFFERS)]
    while left:
        there = offers.of_the_same_seats(terms, left[0])
        those = [one for one in left if offers.of_the_same_seats(terms, one) == there]
        left = [one for one in left if one not in those]
        if there:
            yield from beyond_offer(province, there, those)
        else:
            yield from (BrokenTerm("offers", offers.cities_of(one)[0], at=one.start) for one in those)


def beyond_offer(province: Province, there: Iterable[Offer], those: Sequence[Offer]) -> Found:
    """The interval in which offers of the same seats are most exceeded."""
    t = province.scenario.horizon.times
    taken, there = (np.asarray(t.total((offers.answering(one), offers.number_of(one)) for one in some))
                    for some in (those, there))
    worst = int(np.argmax(taken - there))
    if taken[worst] > there[worst] + NOTHING:
        yield BrokenTerm("offers", offers.cities_of(those[0])[0], at=t.begin(worst), found=float(taken[worst]),
                         limit=float(there[worst]))


def unfair(province: Province, lends: Sequence[Lend]) -> Found:
    """A lender that gives a much larger part of its seats' hours than all give together."""
    fairness, blocks = province.agreement.fairness, province.open_blocks
    if fairness is None or not blocks:
        return
    given = {lender: float(at_once(province, those)[blocks].sum()) for lender, those in by_lender(lends).items()}
    has = {lender: float(province.cities[lender].duty[blocks].sum()) for lender in {*province.lenders, *given}}
    for lender, hours in given.items():
        part = hours / max(has[lender], NOTHING)
        all_give = sum(given.values()) / max(sum(has.values()), NOTHING)
        if part > float(fairness) * all_give + NOTHING:
            yield BrokenTerm("fairness", lender, found=part / max(all_give, NOTHING), limit=float(fairness))


# --- for how long ----------------------------------------------------------------------------------------------------

def no_whole_blocks(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats that come or go within a block."""
    minutes = province.block_s // 60
    for lender, those in by_lender(lends).items():
        torn = [one for one in those if any(edge % minutes for edge in edges(one))]
        if torn:
            yield BrokenTerm("block", lender, at=torn[0].start, limit=minutes)


def edges(one: Lend) -> tuple[int, ...]:
    """Minutes of the day at which seats come or go."""
    begin, end = (at.hour * 60 + at.minute for at in (one.start, one.end))
    first, last = one.hours
    return (first, last, *(minute for minute in (begin, end) if inside(minute, first, last)))


def inside(minute: int, first: int, last: int) -> bool:
    """Whether a minute lies within hours of a day, which may pass midnight."""
    return first < minute < last if first < last else minute > first or 0 < minute < last


def by_day(province: Province, lends: Sequence[Lend]) -> Iterator[tuple[str, str, datetime, list[float]]]:
    """Lender, borrower, day, and the seats in each of its open blocks."""
    days: dict[datetime, list[int]] = {}
    for block in province.open_blocks:
        days.setdefault(datetime.combine(province.blocks[block].start.date(), time.min), []).append(block)
    for (lender, borrower), seats in by_pair(province, lends):
        for day, blocks in days.items():
            yield lender, borrower, day, seats[blocks].tolist()


def by_pair(province: Province, lends: Sequence[Lend]) -> Iterator[tuple[tuple[str, str], Floats]]:
    """[blocks] seats between each lender and borrower."""
    for pair in dict.fromkeys(one.pair for one in lends):
        yield pair, at_once(province, [one for one in lends if one.pair == pair])


def short_stints(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats that stay for less long than is agreed."""
    least, told = float(province.agreement.stint) / 3600, set[tuple[str, str]]()
    for lender, borrower, day, seats in by_day(province, lends):
        hours = [province.block_s / 3600 * n for n in stays(seats)]
        if hours and min(hours) < least - NOTHING and (lender, borrower) not in told:
            told.add((lender, borrower))
            yield BrokenTerm("stint", lender, borrower, day, min(hours), least)


def stays(seats: Sequence[float]) -> list[int]:
    """For how many blocks in a row each seat is away, the longest below."""
    found = []
    for level in sorted({seat for seat in seats if seat > 0}):
        run = 0
        for seat in (*seats, 0.0):
            run, ended = (run + 1, 0) if seat >= level else (0, run)
            found += [ended] if ended else []
    return found


def many_changes(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats that change more often within the hours of a day than is agreed."""
    most = province.agreement.changes_a_day
    worst: dict[tuple[str, str], BrokenTerm] = {}
    for lender, borrower, day, seats in by_day(province, lends) if most is not None else ():
        changes = sum(a != b for a, b in pairwise(seats))
        before = worst.get((lender, borrower))
        if changes > ((before.found if before else most) or 0):
            worst[lender, borrower] = BrokenTerm("changes_a_day", lender, borrower, day, changes, most)
    yield from worst.values()


def not_held(province: Province, lends: Sequence[Lend]) -> Found:
    """Hours that change within the days for which one plan of hours is to hold."""
    for pair, seats in by_pair(province, lends):
        seen: dict[tuple[int, int], float] = {}
        changed = [block for block in province.open_blocks
                   if seen.setdefault(province.slot_of(block), seats[block]) != seats[block]]
        if changed:
            yield BrokenTerm("hold", *pair, province.blocks[changed[0]].start, limit=province.agreement.hold_days)


def other_seats(province: Province, lends: Sequence[Lend]) -> Found:
    """Seats that are not as the terms say of all."""
    for term in OF_LEVERS:
        agreed = getattr(province.agreement, term)
        others = [one for one in lends if not alike(getattr(one, term), agreed)]
        if others:
            yield BrokenTerm(term, others[0].lender, at=others[0].start)


def alike(one: object, other: object) -> bool:
    """Whether two values say the same, whatever stands beside them as their source."""
    if hasattr(one, "__float__") and hasattr(other, "__float__"):
        return abs(float(one) - float(other)) <= NOTHING
    fields = getattr(type(one), "model_fields", None)
    if fields and type(one) is type(other):
        return all(alike(getattr(one, name), getattr(other, name)) for name in fields)
    return one == other


# --- who is called in ------------------------------------------------------------------------------------------------

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
