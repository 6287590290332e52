"""Duties made on the day: the rest of one, one that lasts longer, and what they cover.

Times of a duty count from midnight of its day, spans from the first midnight of the horizon, both in minutes.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from optimizer.staffing.rosters.problem import DAY_MINUTES, Cover, Duty, Person, Problem, Wish

Span = tuple[int, int]          # from, to; minutes after the first midnight of the horizon
Spans = tuple[Span | None, ...]  # [rows of cover] when each is; None: a row of a whole shift


@dataclass(frozen=True)
class Added:
    """A duty that is done on one day only."""

    day: int
    duty: Duty
    made_from: frozenset[str]                # codes; who does it must be allowed all of them
    counts_as: tuple[tuple[int, str], ...]   # (day, code): in rows of whole shifts it counts where these do


def interval_spans(days: int, intervals: int) -> Spans:
    """When the rows of ``cover_by_interval`` are, for ``intervals`` a day."""
    length = DAY_MINUTES // intervals
    return tuple((k * length, (k + 1) * length) for k in range(days * intervals))


def part(duty: Duty, start: int, end: int) -> Duty:
    """What a duty is between two times; breaks that do not wholly fall inside are cut.

    Unpaid time is that of breaks, spread evenly over them.
    """
    breaks = tuple((max(a, start) - start, min(b, end) - max(a, start)) for a, b in break_spans(duty)
                   if max(a, start) < min(b, end))
    all_breaks, kept = sum(m for _, m in duty.breaks), sum(m for _, m in breaks)
    unpaid = duty.presence - duty.paid
    cut = unpaid * kept / all_breaks if all_breaks else unpaid * (end - start) / duty.presence
    return replace(duty, code=f"{duty.code} {start}-{end}", start=start, presence=end - start,
                   paid=round(end - start - cut), breaks=breaks)


def joined(first: Duty, second: Duty) -> Duty:
    """Two duties without a gap between them, done as one by one person."""
    breaks = tuple((a - first.start, b - a) for duty in (first, second) for a, b in break_spans(duty))
    return replace(first, code=f"{first.code} {first.start}-{second.end}", presence=second.end - first.start,
                   paid=first.paid + second.paid, breaks=breaks, night=first.night or second.night,
                   not_followed_by=first.not_followed_by | second.not_followed_by,
                   skills=first.skills | second.skills, leader=first.leader or second.leader)


def break_spans(duty: Duty) -> list[Span]:
    """From and to of each break, minutes after midnight of the duty's day."""
    return [(duty.start + at, duty.start + at + minutes) for at, minutes in duty.breaks]


def later(duty: Duty, minutes: int) -> Duty:
    """The same duty, its times counted from a midnight that is this much earlier."""
    return replace(duty, start=duty.start + minutes)


def at_work(day: int, duty: Duty, span: Span) -> bool:
    """Whether who does it is at work, breaks apart, for the whole of a span."""
    midnight = day * DAY_MINUTES
    return (midnight + duty.start <= span[0] and span[1] <= midnight + duty.end
            and not any(midnight + a < span[1] and span[0] < midnight + b for a, b in break_spans(duty)))


def uncovered(hole: Span, filled: Iterable[Span]) -> list[Span]:
    """What of a hole nobody of some fills."""
    left, at = [], hole[0]
    for start, end in sorted(filled):
        if start > at:
            left.append((at, min(start, hole[1])))
        at = max(at, end)
    return [*left, *([(at, hole[1])] if at < hole[1] else [])]


def with_added(problem: Problem, added: Iterable[Added], spans: Spans) -> Problem:
    """The problem with more duties; those of equal code must be equal. ValueError for spans of another length."""
    if len(spans) != len(problem.cover):
        raise ValueError("spans has one for each row of cover")
    new = {one.duty.code: one for one in added if one.duty.code not in problem.index}
    followers = tuple(replace(duty, not_followed_by=duty.not_followed_by | forbidden(duty, new.values()))
                      for duty in (*problem.duties, *(one.duty for one in new.values())))
    by_day: dict[int, list[Added]] = {}
    for one in new.values():
        by_day.setdefault(one.day, []).append(one)
    return replace(problem, duties=followers,
                   people=tuple(unwished_too(allowed_too(person, new.values()), by_day) for person in problem.people),
                   cover=tuple(counted_too(row, span, near(by_day, row, span))
                               for row, span in zip(problem.cover, spans, strict=True)))


def near(by_day: dict[int, list[Added]], row: Cover, span: Span | None) -> list[Added]:
    """Of the days whose duties can be at work in a span, or count in a row of a whole shift."""
    days = {day + k for day, _ in row.duties for k in (-1, 0, 1)} if span is None \
        else {span[0] // DAY_MINUTES - 1, span[0] // DAY_MINUTES}
    return [one for day in sorted(days) for one in by_day.get(day, ())]


def forbidden(duty: Duty, added: Iterable[Added]) -> frozenset[str]:
    """Those made from what may not follow a duty may not either."""
    return frozenset(one.duty.code for one in added if one.made_from & duty.not_followed_by)


def allowed_too(person: Person, added: Collection[Added]) -> Person:
    """Who is allowed all that a duty is made from is allowed it."""
    if person.allowed is None:
        return person
    return replace(person, allowed=person.allowed | {
        one.duty.code for one in added if one.made_from <= person.allowed})


def unwished_too(person: Person, by_day: Mapping[int, list[Added]]) -> Person:
    """Who wishes not to do a duty on a day does not wish for what is made from it either."""
    weights = {(wish.day, one.duty.code): wish.weight for wish in person.wishes
               if wish.duty is not None and not wish.wanted
               for one in by_day.get(wish.day, ()) if wish.duty in one.made_from}
    more = tuple(Wish(day, code, False, weight) for (day, code), weight in weights.items())
    return replace(person, wishes=person.wishes + more) if more else person


def counted_too(row: Cover, span: Span | None, added: Iterable[Added]) -> Cover:
    """The row, to which duties contribute that are at work in it or count as those of its shift. Whoever is on a break
    is still there to lead."""
    own = set(row.duties)
    more = tuple((one.day, one.duty.code) for one in added if (
        own & set(one.counts_as) if span is None else
        at_work(one.day, replace(one.duty, breaks=()) if row.leaders else one.duty, span)))
    return replace(row, duties=row.duties + more) if more else row
