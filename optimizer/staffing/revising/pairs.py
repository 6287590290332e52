"""Two people who together fill a hole: one stays and another comes earlier, or two come one after the other."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from optimizer.staffing.revising.added_duties import Span
from optimizer.staffing.revising.take_over import Hole, Reach, TakeOver, cut
from optimizer.staffing.rosters.problem import Ints, Problem

STEP = 30       # minutes: two who could both come for all of it change over at a multiple
OF_A_KIND = 8   # ways to fill it alone, of those who stay, who come earlier and who are called: the best of each
KINDS = (("stays",), ("comes_earlier",), ("call_in", "standby"))

Two = tuple[TakeOver, TakeOver]


def pairs(problem: Problem, roster: Ints, hole: Hole, reach: Reach, best_first: Sequence[TakeOver]) -> Iterator[Two]:
    """Of the best ways to fill it alone, each of two that follow each other; nobody is asked whether it may be."""
    pool = [way for kinds in KINDS for way in [one for one in best_first if one.kind in kinds][:OF_A_KIND]]
    for one, other in combinations(sorted(pool, key=lambda way: (way.start, way.end)), 2):
        if one.person == other.person:
            continue
        for spans in handovers(one, other):
            first, second = (cut(problem, roster, hole, reach, way, span)
                             for way, span in zip((one, other), spans, strict=True))
            if first and second:
                yield first, second


def handovers(first: TakeOver, second: TakeOver) -> Iterable[tuple[Span, Span]]:
    """When either is there, so that they are never there together: where both could be, either of them goes or comes
    at the other's time, or half-way between."""
    begin, end = second.start, min(first.end, second.end)
    half = (begin + end) // 2 // STEP * STEP
    times = {begin, half, end} if begin < end else {first.end}
    return [((first.start, at), (max(at, second.start), second.end)) for at in sorted(times)
            if first.start < at and max(at, second.start) < second.end]
