"""How a hole in a roster could be filled by one person: stay longer, come earlier, be moved, be called in."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from optimizer.staffing.revising.added_duties import Added, Span, joined, later, part, uncovered
from optimizer.staffing.revising.asking import BEFORE_GOING, first_call, last_call
from optimizer.staffing.revising.overtime import Account
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Duty, Ints, Problem

Kind = Literal["stays", "comes_earlier", "moves", "call_in", "standby"]


class NoDutyError(ValueError):
    """Somebody has no duty that could be taken over."""


@dataclass(frozen=True)
class Standby:
    """Paid to be reachable; times in minutes after the first midnight of the horizon."""

    person: str
    start: int
    end: int
    response: int   # minutes from the call to being at work


@dataclass(frozen=True)
class Reach:
    """How people are reached, in minutes."""

    call_in: int = 120                          # from the call to being at work, on a day off
    change: int = 120                           # likewise, of whoever works later today
    shortest_call: int = 120                    # nobody is called in for less
    shortest_longer: int = 60                   # no duty is made longer by less
    longest_presence: int = 720                 # of a duty made longer
    people: dict[str, int] = field(default_factory=dict)   # from the call to being at work, of some people
    standby: tuple[Standby, ...] = ()
    unwilling: frozenset[str] = frozenset()     # not to be called in on a day off

    def notice(self, person: str, off: bool) -> int:
        """Minutes from the call to being at work."""
        return self.people.get(person, self.call_in if off else self.change)


@dataclass(frozen=True)
class Hole:
    """What is left of a duty that somebody cannot do; times in minutes after the first midnight."""

    person: int     # place in Problem.people
    day: int        # that the duty belongs to
    duty: Duty
    start: int
    end: int
    now: int

    @property
    def work_day(self) -> int:
        """The day on which what is left begins; another than that of the duty after midnight."""
        return self.start // DAY_MINUTES

    def part(self, day: int, start: int, end: int) -> Added:
        """Some of it, as a duty of a day; all of it is the duty itself."""
        shifted = later(self.duty, (self.day - day) * DAY_MINUTES)
        whole = (start, end) == (day * DAY_MINUTES + shifted.start, day * DAY_MINUTES + shifted.end)
        piece = self.duty if whole else part(shifted, start - day * DAY_MINUTES, end - day * DAY_MINUTES)
        return Added(day, piece, frozenset([self.duty.code]), ((self.day, self.duty.code),))


@dataclass(frozen=True)
class Asked:
    """Who is asked for what, on which day."""

    person: int
    kind: Kind
    day: int


@dataclass(frozen=True)
class TakeOver:
    """One way in which one person fills some of a hole."""

    person: int
    kind: Kind
    added: Added        # the duty that the person then has, on its day
    start: int          # of what is filled, minutes after the first midnight
    end: int
    earliest: int       # that the person can be there
    call_by: int        # the last minute in which they can still be asked
    extra: int          # paid minutes more than in the roster

    @property
    def on_call(self) -> bool:
        """Whether they come from a day off."""
        return self.kind in ("call_in", "standby")


def hole_of(problem: Problem, roster: Ints, person: str, day: int, minute: int) -> Hole:
    """The duty that a person is on at a moment, or has next on that day. NoDutyError where there is none."""
    place = [one.name for one in problem.people].index(person)
    now = day * DAY_MINUTES + minute
    for own_day in (day - 1, day):
        if own_day < 0 or roster[place, own_day] == OFF:
            continue
        duty = problem.duties[int(roster[place, own_day])]
        midnight = own_day * DAY_MINUTES
        if midnight + duty.end > now:
            return Hole(place, own_day, duty, max(now, midnight + duty.start), midnight + duty.end, now)
    raise NoDutyError(f"{person} has no duty left on day {day}")


def left_by(problem: Problem, hole: Hole) -> Added | None:
    """What the one who falls ill has worked of the duty; None for nothing."""
    midnight = hole.day * DAY_MINUTES
    if hole.start == midnight + hole.duty.start:
        return None
    return Added(hole.day, part(hole.duty, hole.duty.start, hole.start - midnight),
                 frozenset([hole.duty.code]), ())


def ways(problem: Problem, roster: Ints, hole: Hole, account: Account, reach: Reach) -> Iterator[TakeOver]:
    """All of everybody else; nobody is asked here whether it may be."""
    for i in range(len(problem.people)):
        if i == hole.person:
            continue
        yield from longer_duties(problem, roster, hole, account, reach, i)
        own, since = int(roster[i, hole.work_day]), hole.start
        if own != OFF:
            yield from moved(problem, roster, hole, reach, i)
            since = (hole.work_day + 1) * DAY_MINUTES
        if problem.people[i].name not in reach.unwilling and (
                own == OFF or span_of(hole.work_day, problem.duties[own])[1] <= since):
            yield from called_in(problem, roster, hole, reach, i, since)


def longer_duties(problem: Problem, roster: Ints, hole: Hole, account: Account, reach: Reach,
                  i: int) -> Iterator[TakeOver]:
    """Staying after a duty that ends within the hole, coming before one that begins in it, as long as overtime is
    left on the day."""
    person = problem.people[i].name
    for day in days_near(problem, hole):
        if roster[i, day] == OFF:
            continue
        own, midnight = problem.duties[int(roster[i, day])], day * DAY_MINUTES
        start, end = midnight + own.start, midnight + own.end
        most = longest(account, reach, person, day, own)
        if hole.start <= end < hole.end and hole.now <= end - BEFORE_GOING:
            until = min(hole.end, end + most)
            if until - end >= min(reach.shortest_longer, hole.end - end):
                yield longer(problem, roster, hole, reach, Asked(i, "stays", day), (end, until))
        if hole.start < start <= hole.end:
            since = max(hole.start, there_at(hole, reach, person, False), start - most, midnight)
            if start - since >= min(reach.shortest_longer, start - hole.start):
                yield longer(problem, roster, hole, reach, Asked(i, "comes_earlier", day), (since, start))


def there_at(hole: Hole, reach: Reach, person: str, off: bool) -> int:
    """The earliest that somebody at home can be there."""
    return first_call(hole.now) + reach.notice(person, off)


def longest(account: Account, reach: Reach, person: str, day: int, own: Duty) -> int:
    """Minutes by which a duty may be made longer; where overtime is used up, the least that anybody is asked for, so
    that the limit is what refuses."""
    room = min(reach.longest_presence, DAY_MINUTES) - own.presence
    left = room if account.terms.emergency else int(min(room, account.left(person, day).least))
    return max(0, min(room, max(left, reach.shortest_longer)))


def longer(problem: Problem, roster: Ints, hole: Hole, reach: Reach, asked: Asked, span: Span) -> TakeOver:
    """A duty with some of the hole joined to it."""
    own, person = problem.duties[int(roster[asked.person, asked.day])], problem.people[asked.person].name
    piece, stays = hole.part(asked.day, *span), asked.kind == "stays"
    duty = joined(own, piece.duty) if stays else joined(piece.duty, own)
    added = Added(asked.day, replace(duty, code=f"{own.code}+{duty.code}"), piece.made_from | {own.code},
                  ((asked.day, own.code),))
    earliest = hole.now if stays else there_at(hole, reach, person, False)
    call_by = span[0] - BEFORE_GOING if stays else last_call(span[0] - reach.notice(person, False))
    return TakeOver(asked.person, asked.kind, added, *span, earliest, call_by, duty.paid - own.paid)


def called_in(problem: Problem, roster: Ints, hole: Hole, reach: Reach, i: int, since: int) -> Iterator[TakeOver]:
    """From a day off, or from standby. Who works on the day on which the hole begins may be off on the next: they are
    called for what is left after midnight."""
    response, person = response_of(hole, reach, problem.people[i].name), problem.people[i].name
    earliest = there_at(hole, reach, person, True) if response is None else hole.now + response
    start = max(since, earliest)
    if hole.end - start >= enough(hole, reach):
        kind: Kind = "call_in" if response is None else "standby"
        way = called(problem, roster, hole, reach, Asked(i, kind, start // DAY_MINUTES), (start, hole.end))
        yield from [way] if way else []


def response_of(hole: Hole, reach: Reach, person: str) -> int | None:
    """Minutes until somebody is at work who stands by at the moment; None for who does not."""
    return min((one.response for one in reach.standby if one.person == person and one.start <= hole.now < one.end),
               default=None)


def called(problem: Problem, roster: Ints, hole: Hole, reach: Reach, asked: Asked, span: Span) -> TakeOver | None:
    """Some of the hole on a day off, that on which it begins; None where that is none. Who stands by may be phoned at
    night: that is what standby is paid for."""
    if asked.day >= problem.days or roster[asked.person, asked.day] != OFF:
        return None
    piece, person = hole.part(asked.day, *span), problem.people[asked.person].name
    response = response_of(hole, reach, person)
    if response is None:
        earliest, call_by = there_at(hole, reach, person, True), last_call(span[0] - reach.notice(person, True))
    else:
        earliest, call_by = hole.now + response, span[0] - response
    return TakeOver(asked.person, asked.kind, piece, *span, earliest, call_by, piece.duty.paid)


def moved(problem: Problem, roster: Ints, hole: Hole, reach: Reach, i: int) -> Iterator[TakeOver]:
    """From another duty of the same day that has not begun. What it has in common with the hole is filled without."""
    day, person = hole.work_day, problem.people[i].name
    own, earliest = problem.duties[int(roster[i, day])], there_at(hole, reach, person, False)
    start, at = max(hole.start, earliest), span_of(day, own)
    filled = max(uncovered((start, hole.end), [at]), key=length, default=(start, start))
    if at[0] > hole.now and start // DAY_MINUTES == day and length(filled) >= enough(hole, reach):
        piece = hole.part(day, start, hole.end)
        yield TakeOver(i, "moves", piece, *filled, earliest, last_call(start - reach.notice(person, False)),
                       max(0, piece.duty.paid - own.paid))


def enough(hole: Hole, reach: Reach) -> int:
    """Minutes of a hole, at the least, for which somebody is called in or moved."""
    return min(reach.shortest_call, hole.end - hole.start)


def span_of(day: int, duty: Duty) -> Span:
    """When a duty of a day is, minutes after the first midnight."""
    return day * DAY_MINUTES + duty.start, day * DAY_MINUTES + duty.end


def length(span: Span) -> int:
    return span[1] - span[0]


def cut(problem: Problem, roster: Ints, hole: Hole, reach: Reach, way: TakeOver, span: Span) -> TakeOver | None:
    """A way that fills less; None where that is too little to ask anybody for, or cannot be done in this way."""
    start, end = span
    if span == (way.start, way.end):
        return way
    if way.on_call:
        asked = Asked(way.person, way.kind, start // DAY_MINUTES)
        return called(problem, roster, hole, reach, asked, span) if end - start >= reach.shortest_call else None
    kept = start == way.start if way.kind == "stays" else end == way.end
    if way.kind == "moves" or not kept or end - start < reach.shortest_longer:
        return None
    return longer(problem, roster, hole, reach, Asked(way.person, way.kind, way.added.day), span)


def days_near(problem: Problem, hole: Hole) -> range:
    """On which a duty can touch the hole."""
    return range(max(0, hole.work_day - 1), min(problem.days, hole.work_day + 2))


def there_anyway(problem: Problem, roster: Ints, hole: Hole, reach: Reach, i: int) -> bool:
    """Whether somebody is at work all through the hole, or for so much of it that the rest is not worth a move."""
    own = [span_of(day, problem.duties[int(roster[i, day])]) for day in days_near(problem, hole)
           if roster[i, day] != OFF]
    left = uncovered((hole.start, hole.end), own)
    return all(length(span) < enough(hole, reach) for span in left)


def too_late(problem: Problem, roster: Ints, hole: Hole, reach: Reach, i: int) -> bool:
    """Whether somebody who works could have been asked, had there been more time."""
    there = there_at(hole, reach, problem.people[i].name, False)
    for day in days_near(problem, hole):
        if roster[i, day] != OFF:
            start, end = span_of(day, problem.duties[int(roster[i, day])])
            if (hole.start <= end < hole.end and end - BEFORE_GOING < hole.now) or (
                    hole.start < start <= hole.end and start - there < reach.shortest_longer):
                return True
    return False
