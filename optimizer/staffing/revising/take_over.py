"""How a hole in a roster could be filled by one person: stay longer, come earlier, be moved, be called in."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from optimizer.staffing.revising.added_duties import Added, joined, later, part
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
class TakeOver:
    """One way in which one person fills some of a hole."""

    person: int
    kind: Kind
    added: Added        # the duty that the person then has, on its day
    start: int          # of what is filled, minutes after the first midnight
    end: int
    earliest: int       # that the person can be there
    extra: int          # paid minutes more than in the roster


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
        if roster[i, hole.work_day] == OFF:
            if problem.people[i].name not in reach.unwilling:
                yield from called_in(problem, hole, reach, i)
        else:
            yield from moved(problem, roster, hole, reach, i)


def longer_duties(problem: Problem, roster: Ints, hole: Hole, account: Account, reach: Reach,
                  i: int) -> Iterator[TakeOver]:
    """Staying after a duty that ends within the hole, coming before one that begins in it, as long as overtime is
    left on the day."""
    person = problem.people[i].name
    for day in range(max(0, hole.work_day - 1), min(problem.days, hole.work_day + 2)):
        if roster[i, day] == OFF:
            continue
        own, midnight = problem.duties[int(roster[i, day])], day * DAY_MINUTES
        start, end = midnight + own.start, midnight + own.end
        most = longest(account, reach, person, day, own)
        if max(hole.start, hole.now) <= end < hole.end:
            until = min(hole.end, end + most)
            if until - end >= min(reach.shortest_longer, hole.end - end):
                yield longer(problem, hole, i, "stays", day, own, (end, until), hole.now)
        if hole.start < start <= hole.end:
            earliest = hole.now + reach.notice(person, False)
            since = max(hole.start, earliest, start - most, midnight)
            if start - since >= min(reach.shortest_longer, start - hole.start):
                yield longer(problem, hole, i, "comes_earlier", day, own, (since, start), earliest)


def longest(account: Account, reach: Reach, person: str, day: int, own: Duty) -> int:
    """Minutes by which a duty may be made longer; where overtime is used up, the least that anybody is asked for, so
    that the limit is what refuses."""
    room = min(reach.longest_presence, DAY_MINUTES) - own.presence
    left = room if account.terms.emergency else int(min(room, account.left(person, day).least))
    return max(0, min(room, max(left, reach.shortest_longer)))


def longer(problem: Problem, hole: Hole, i: int, kind: Kind, day: int, own: Duty, span: tuple[int, int],
           earliest: int) -> TakeOver:
    """A duty with some of the hole joined to it."""
    piece = hole.part(day, *span)
    duty = joined(own, piece.duty) if kind == "stays" else joined(piece.duty, own)
    added = Added(day, replace(duty, code=f"{own.code}+{duty.code}"), piece.made_from | {own.code}, ((day, own.code),))
    return TakeOver(i, kind, added, *span, earliest, duty.paid - own.paid)


def called_in(problem: Problem, hole: Hole, reach: Reach, i: int) -> Iterator[TakeOver]:
    """From a day off, or from standby."""
    person = problem.people[i].name
    response = [one.response for one in reach.standby if one.person == person and one.start <= hole.now < one.end]
    earliest = hole.now + (min(response) if response else reach.notice(person, True))
    start = max(hole.start, earliest)
    if hole.end - start >= min(reach.shortest_call, hole.end - hole.start):
        piece = hole.part(hole.work_day, start, hole.end)
        yield TakeOver(i, "standby" if response else "call_in", piece, start, hole.end, earliest, piece.duty.paid)


def moved(problem: Problem, roster: Ints, hole: Hole, reach: Reach, i: int) -> Iterator[TakeOver]:
    """From another duty of the same day that has not begun."""
    day = hole.work_day
    own = problem.duties[int(roster[i, day])]
    earliest = hole.now + reach.notice(problem.people[i].name, False)
    start = max(hole.start, earliest)
    begun = day * DAY_MINUTES + own.start <= hole.now
    if not begun and own.code != hole.duty.code and hole.end - start >= min(reach.shortest_call,
                                                                           hole.end - hole.start):
        piece = hole.part(day, start, hole.end)
        yield TakeOver(i, "moves", piece, start, hole.end, earliest, max(0, piece.duty.paid - own.paid))
