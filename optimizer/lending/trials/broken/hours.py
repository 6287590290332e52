"""Terms about hours: from when to when, in whole blocks, for how long, how often they change, for which days."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise

from optimizer.lending.inputs.province import Province
from optimizer.lending.trials.broken.stays import Stay, by_source, of_stays
from optimizer.lending.trials.broken.term import NOTHING, BrokenTerm, Found
from sim.core.arrays import Floats
from sim.scenario.dates import Span

# --- from when to when -----------------------------------------------------------------------------------------------

def outside(province: Province, stays: Sequence[Stay]) -> Found:
    """Seats before they are ready, after the end, and outside the hours of a day."""
    terms = province.agreement
    for those in by_source(stays).values():
        begin, end = min(one.span.start for one in those), max(one.span.end for one in those)
        if begin < terms.ready and begins_before(those, terms.ready):
            yield those[0].breaks("agreed", begin)
        if end > terms.end:
            yield those[0].breaks("to", end)
        beyond = [at for one in those if (at := first_outside(one.span, terms.hours))]
        if beyond:
            yield those[0].breaks("hours", min(beyond))


def first_outside(span: Span, hours: tuple[int, int]) -> datetime | None:
    """When a stretch begins that is not within hours of the day."""
    first, last = (timedelta(minutes=minute) for minute in hours)
    days = ((datetime.combine(begin.date(), time.min), begin, end) for begin, end in span.stretches())
    return next((begin for day, begin, end in days if begin < day + first or end > day + last), None)


def begins_before(those: Iterable[Stay], ready: datetime) -> bool:
    """Whether any is there before a moment, by its hours of the day too."""
    return any(first < ready for one in those for first in [opening(one.span)])


def opening(span: Span) -> datetime:
    """When seats are first there."""
    midnight = datetime.combine(span.start.date(), time.min)
    opens = midnight + timedelta(minutes=span.hours[0])
    return max(span.start, opens) if span.covers(span.start) or opens > span.start else opens + timedelta(days=1)


# --- for how long ----------------------------------------------------------------------------------------------------

def no_whole_blocks(province: Province, stays: Sequence[Stay]) -> Found:
    """Seats that come or go within a block."""
    minutes = province.block_s // 60
    for those in by_source(stays).values():
        torn = [one for one in those if any(edge % minutes for edge in edges(one.span))]
        if torn:
            yield torn[0].breaks("block", torn[0].span.start, limit=minutes)


def edges(span: Span) -> tuple[int, ...]:
    """Minutes of the day at which seats come or go."""
    begin, end = (at.hour * 60 + at.minute for at in (span.start, span.end))
    first, last = span.hours
    return (first, last, *(minute for minute in (begin, end) if inside(minute, first, last)))


def inside(minute: int, first: int, last: int) -> bool:
    """Whether a minute lies within hours of a day, which may pass midnight."""
    return first < minute < last if first < last else minute > first or 0 < minute < last


def by_pair(province: Province, stays: Sequence[Stay]) -> Iterator[tuple[Stay, Floats]]:
    """One of a source's stays with a borrower, and [blocks] seats of all of them."""
    for pair in dict.fromkeys(one.pair for one in stays):
        those = [one for one in stays if one.pair == pair]
        yield those[0], of_stays(province, those)


def by_day(province: Province, stays: Sequence[Stay]) -> Iterator[tuple[Stay, datetime, list[float]]]:
    """One of a source's stays with a borrower, a day, and the seats in each of its open blocks."""
    days: dict[datetime, list[int]] = {}
    for block in province.open_blocks:
        days.setdefault(datetime.combine(province.blocks[block].start.date(), time.min), []).append(block)
    for one, seats in by_pair(province, stays):
        for day, blocks in days.items():
            yield one, day, seats[blocks].tolist()


def short_stints(province: Province, stays: Sequence[Stay]) -> Found:
    """Seats that stay for less long than is agreed."""
    least, told = float(province.agreement.stint) / 3600, set[tuple[str, str]]()
    for one, day, seats in by_day(province, stays):
        hours = [province.block_s / 3600 * n for n in blocks_away(seats)]
        if hours and min(hours) < least - NOTHING and one.pair not in told:
            told.add(one.pair)
            yield one.breaks("stint", day, min(hours), least, with_other=True)


def blocks_away(seats: Sequence[float]) -> list[int]:
    """For how many blocks in a row each seat is away, the longest below."""
    found = []
    for level in sorted({seat for seat in seats if seat > 0}):
        run = 0
        for seat in (*seats, 0.0):
            run, ended = (run + 1, 0) if seat >= level else (0, run)
            found += [ended] if ended else []
    return found


def many_changes(province: Province, stays: Sequence[Stay]) -> Found:
    """Seats that change more often within the hours of a day than is agreed."""
    most = province.agreement.changes_a_day
    worst: dict[tuple[str, str], BrokenTerm] = {}
    for one, day, seats in by_day(province, stays) if most is not None else ():
        changes = sum(a != b for a, b in pairwise(seats))
        before = worst.get(one.pair)
        if changes > ((before.found if before else most) or 0):
            worst[one.pair] = one.breaks("changes_a_day", day, changes, most, with_other=True)
    yield from worst.values()


def not_held(province: Province, stays: Sequence[Stay]) -> Found:
    """Hours that change within the days for which one plan of hours is to hold."""
    for one, seats in by_pair(province, stays):
        seen: dict[tuple[int, int], float] = {}
        changed = [block for block in province.open_blocks
                   if seen.setdefault(province.slot_of(block), seats[block]) != seats[block]]
        if changed:
            yield one.breaks("hold", province.blocks[changed[0]].start, limit=province.agreement.hold_days,
                             with_other=True)
