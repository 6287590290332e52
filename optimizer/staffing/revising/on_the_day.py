"""Somebody cannot do a duty, or the rest of one: who can take it, alone or two together, what that costs and opens
elsewhere."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from optimizer.staffing.revising.added_duties import Span, Spans, uncovered, with_added
from optimizer.staffing.revising.checks import (
    Check,
    Figures,
    OtherCheck,
    denied,
    figures,
    overlap_check,
    overtime_checks,
    rule_checks,
)
from optimizer.staffing.revising.marginal import Gap, Marginal, changed, marginal
from optimizer.staffing.revising.overtime import Account, Done, LimitOf
from optimizer.staffing.revising.pairs import pairs
from optimizer.staffing.revising.take_over import (
    Hole,
    Kind,
    Reach,
    TakeOver,
    hole_of,
    left_by,
    there_anyway,
    too_late,
    ways,
)
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Ints, OtherName, Person, Problem, Wish


@dataclass(frozen=True)
class Candidate:
    """One way in which one person takes the duty. Times are minutes after the first midnight of the horizon."""

    person: str
    kind: Kind
    day: int                            # on which the person's cell changes
    code: str                           # of the duty that the person then has, in Answer.problem
    start: int                          # of what is taken
    end: int
    earliest: int                       # that the person can be there
    call_by: int                        # the last minute in which they can still be asked
    duty: Span                          # from and to of what the person then has on that day
    extra: int                          # paid minutes more than in the roster
    rate: float                         # times the wage that they are paid
    price: float                        # all that it costs more than leaving the duty undone, pay too; cover that it
                                        # gives makes it less
    pay: float                          # of it, extra minutes at their rate
    opens: tuple[Gap, ...]              # rows of cover that lack people elsewhere, or more than they would
    still_missing: tuple[Gap, ...]      # rows that lack people because of the illness, and still do
    checks: tuple[Check, ...]
    wishes: tuple[Wish, ...]            # that it denies
    beyond_law: dict[LimitOf, float]    # minutes beyond the limits of overtime, for the ledger of an emergency
    figures: Figures
    extra_so_far: int                   # minutes of overtime in the month before this
    leads: bool                         # whether they may lead a shift

    @property
    def possible(self) -> bool:
        """Whether no rule forbids it."""
        return not self.forbidden_by

    @property
    def forbidden_by(self) -> tuple[Check, ...]:
        """Rules that may not be broken and would be."""
        return tuple(check for check in self.checks if check.forbids)

    @property
    def priced(self) -> tuple[Check, ...]:
        """Rules that are broken at a price."""
        return tuple(check for check in self.checks if check.passed)

    @property
    def order(self) -> tuple[int, int, int, int, float, int]:
        """By which candidates are ranked: limits of the law that only an emergency lets pass, people missing elsewhere,
        customs and contracts passed, whether a wish is denied, then the price, which has in it the hours that are paid
        for and the cover that is given, then overtime so far."""
        rest = [check.kind for check in self.priced if check.passes_rest]
        return (rest.count("law"), sum(gap.missing for gap in self.opens), len(rest) - rest.count("law"),
                int(bool(self.wishes)), round(self.price, 6), self.extra_so_far)


Offer = tuple[Candidate, ...]   # one who fills the hole, or two; the second is judged with the first there


def order_of(offer: Offer) -> tuple[float, ...]:
    """As of one candidate, added up."""
    return tuple(map(sum, zip(*(one.order for one in offer), strict=True)))


def pay_of(offer: Offer) -> float:
    """Yuan for the hours of all."""
    return sum(one.pay for one in offer)


def leads(offer: Offer) -> bool:
    """Whether anybody of them may lead a shift."""
    return any(one.leads for one in offer)


def opens(offer: Offer) -> bool:
    """Whether it takes somebody from where they are needed."""
    return any(one.opens for one in offer)


@dataclass(frozen=True)
class Tried:
    """A way that may not be."""

    kind: Kind | None             # None: there is none to check
    reasons: tuple[Check, ...]


@dataclass(frozen=True)
class Refused:
    """Somebody who cannot take the duty in any way."""

    person: str
    tried: tuple[Tried, ...]      # what comes nearest first


@dataclass(frozen=True)
class Undone:
    """The duty is left to nobody."""

    price: float                  # more than with the roster as it was
    lacking: tuple[Gap, ...]      # rows that lack people, or more than they did


@dataclass(frozen=True)
class Answer:
    """Who can take the duty."""

    duty: str                            # its code
    day: int                             # that it belongs to
    start: int                           # of what is left of it, minutes after the first midnight
    end: int
    candidates: tuple[Candidate, ...]    # the best first, see Candidate.order
    pairs: tuple[Offer, ...]             # where nobody alone is as good: the best two together, and those who leave
                                         # least of it open
    refused: tuple[Refused, ...]
    undone: Undone
    problem: Problem                     # with the duties that were made for this, without the pins of these days
    roster: Ints                         # [people, days] with the duty undone, in duties of this problem

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All, the best first."""
        return self.ranked([*((one,) for one in self.candidates), *self.pairs])

    @property
    def best(self) -> tuple[Offer, ...]:
        """The best who is alone and the pairs, the best first."""
        return self.ranked([*((one,) for one in self.candidates[:1]), *self.pairs])

    @property
    def cheapest(self) -> Offer | None:
        """The least paid of those who fill the whole of it and leave nothing open elsewhere."""
        return min((offer for offer in self.offers if not self.left_open(offer) and not opens(offer)),
                   key=lambda offer: (pay_of(offer), order_of(offer)), default=None)

    @property
    def pieces(self) -> tuple[Offer, ...]:
        """The least paid for each part of it that one fills alone, leaving nothing open elsewhere; the best first."""
        least: dict[Span, Offer] = {}
        for offer in sorted(((one,) for one in self.candidates), key=lambda offer: (pay_of(offer), order_of(offer))):
            if self.left_open(offer) and not opens(offer):
                least.setdefault((offer[0].start, offer[0].end), offer)
        return self.ranked(least.values())

    @staticmethod
    def ranked(offers: Iterable[Offer]) -> tuple[Offer, ...]:
        """The best first."""
        return tuple(sorted(offers, key=order_of))

    def taken_by(self, *people: Candidate) -> Ints:
        """The roster [people, days] when some take the duty."""
        roster, names = self.roster.copy(), [person.name for person in self.problem.people]
        for one in people:
            roster[names.index(one.person), one.day] = self.problem.index[one.code]
        return roster

    def left_open(self, offer: Offer) -> list[Span]:
        """What of the hole is nobody's."""
        return uncovered((self.start, self.end), [(one.start, one.end) for one in offer])


def who_can_take(problem: Problem, roster: Ints, person: str, day: int, minute: int, account: Account, spans: Spans,
                 reach: Reach | None = None) -> Answer:
    """The duty that a person has at a moment of a day, or next on that day.

    ``roster`` [people, days] the roster as it was; ``spans`` when each row of cover is. Pins hold: who is pinned to a
    day off is not called in. A duty made longer keeps the pin of its day. ValueError where there is no such duty.
    """
    reach = reach or Reach()
    hole = hole_of(problem, roster, person, day, minute)
    every_way = list(ways(problem, roster, hole, account, reach))
    worked = left_by(problem, hole)
    base = with_added(unpinned(problem, hole), [way.added for way in every_way] + ([worked] if worked else []), spans)
    ill = changed(roster[hole.person], {hole.day: base.index[worked.duty.code] if worked else OFF})
    healthy = marginal(base, roster)
    undone = healthy.effect({hole.person: ill})
    judge = Judge(healthy.moved({hole.person: ill}), problem, account, undone.opened)
    judged = [judge.candidate(way) for way in every_way]
    possible = sorted((one for one in judged if one.possible), key=lambda one: (one.order, one.person))
    best_first = [way for _, way in sorted(zip(judged, every_way, strict=True), key=lambda one: (
        len(one[0].forbidden_by), one[0].order, one[0].person))]
    answer = Answer(hole.duty.code, hole.day, hole.start, hole.end, tuple(possible), (),
                    tuple(refusals(problem, judged, hole, roster, account, reach)), Undone(undone.cost, undone.opened),
                    base, judge.marginal.roster)
    return with_pairs(answer, judge, list(pairs(problem, roster, hole, reach, best_first)), spans)


def with_pairs(answer: Answer, judge: Judge, found: list[tuple[TakeOver, TakeOver]], spans: Spans) -> Answer:
    """The best two together, and those who leave least open, where each leaves less open than the best who is alone."""
    open_alone = minutes(answer.left_open(answer.candidates[:1]))
    if not open_alone or not found:
        return answer
    base = with_added(answer.problem, [way.added for two in found for way in two], spans)
    judge = replace(judge, marginal=marginal(base, answer.roster))
    better = sorted((offer for offer in judge.possible(found) if minutes(answer.left_open(offer)) < open_alone),
                    key=lambda offer: (order_of(offer), [one.person for one in offer]))
    if not better:
        return answer
    fullest = min(better, key=lambda offer: minutes(answer.left_open(offer)))
    return replace(answer, problem=base, pairs=(better[0], fullest)[:1 + (fullest is not better[0])])


def minutes(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def unpinned(problem: Problem, hole: Hole) -> Problem:
    """Without the pins of the days in question: they are checked apart, as a duty made longer keeps its own."""
    days = {hole.day, hole.work_day - 1, hole.work_day, hole.work_day + 1}
    return replace(problem, people=tuple(
        replace(person, pins=tuple(pin for pin in person.pins if pin.day not in days)) if person.pins else person
        for person in problem.people))


@dataclass(frozen=True)
class Judge:
    """Judges ways to fill one hole."""

    marginal: Marginal           # with the duty left undone
    problem: Problem             # as it was, with its pins
    account: Account
    lacking: tuple[Gap, ...]     # because of the illness

    def possible(self, found: Iterable[tuple[TakeOver, TakeOver]]) -> Iterator[Offer]:
        """Of two together those whom no rule forbids, the second with the first there."""
        for first, second in found:
            one = self.candidate(first)
            if one.possible:
                row = changed(self.marginal.roster[first.person], {
                    first.added.day: self.marginal.problem.index[first.added.duty.code]})
                other = replace(self, marginal=self.marginal.moved({first.person: row})).candidate(second)
                if other.possible:
                    yield one, other

    def candidate(self, way: TakeOver) -> Candidate:
        """A way with its checks and its price."""
        day, before = way.added.day, self.marginal.roster[way.person]
        person = self.marginal.problem.people[way.person]
        after = changed(before, {day: self.marginal.problem.index[way.added.duty.code]})
        effect = self.marginal.effect({way.person: after})
        midnight, rate = day * DAY_MINUTES, self.rate(way)
        pay = way.extra * rate * self.account.terms.wage
        overtime = self.account.with_more([Done(person.name, day, way.extra, not is_longer(way))])
        return Candidate(
            person.name, way.kind, day, way.added.duty.code, way.start, way.end, way.earliest, way.call_by,
            (midnight + way.added.duty.start, midnight + way.added.duty.end), way.extra, rate, effect.cost + pay, pay,
            effect.opened, self.still_missing(effect.there), tuple(self.checks(way, person, before, after)),
            denied(self.marginal.problem, person, before, after),
            self.account.beyond(person.name, day, way.extra, is_longer(way)),
            figures(self.marginal.problem, person, after, day, overtime.left(person.name, day)),
            self.account.used(person.name, day)[2], person.leads)

    def rate(self, way: TakeOver) -> float:
        """Called in on a day off, or longer on a day of work."""
        return self.account.rate(way.added.day, day_off=way.on_call)

    def checks(self, way: TakeOver, person: Person, before: Ints, after: Ints) -> Iterator[Check]:
        """All that are held against a way. Whoever is at work anyway is told so, not that they rest too little."""
        yield overlap_check(self.marginal.problem, person, before, after)
        yield from (check for check in rule_checks(self.marginal.problem, person, before, after) if check.name != "pin")
        yield from overtime_checks(self.account, person.name, way.added.day, way.extra, is_longer(way))
        pinned = any(pin.day == way.added.day for pin in self.problem.people[way.person].pins)
        broken = float(pinned and way.kind not in ("stays", "comes_earlier"))
        yield Check("pin", 0.0, "contract", "laid down beforehand", None, broken, broken)

    def still_missing(self, there: dict[int, int]) -> tuple[Gap, ...]:
        """Rows that lack people because of the illness and do so with these people there."""
        return tuple(replace(gap, there=there.get(gap.row, gap.there)) for gap in self.lacking
                     if there.get(gap.row, gap.there) <= gap.there)


def is_longer(way: TakeOver) -> bool:
    """Whether it is a day of work anyway."""
    return not way.on_call


def refusals(problem: Problem, judged: Iterable[Candidate], hole: Hole, roster: Ints, account: Account,
             reach: Reach) -> Iterator[Refused]:
    """Everybody who can in no way."""
    ways_of: dict[str, list[Candidate]] = {}
    for one in judged:
        ways_of.setdefault(one.person, []).append(one)
    for i, person in enumerate(problem.people):
        found = ways_of.get(person.name, [])
        if i != hole.person and not any(one.possible for one in found):
            tried = sorted((Tried(one.kind, one.forbidden_by) for one in found), key=lambda one: len(one.reasons))
            yield Refused(person.name, tuple(tried) or (
                Tried(None, (no_way(problem, roster, hole, account, reach, i),)),))


def no_way(problem: Problem, roster: Ints, hole: Hole, account: Account, reach: Reach, i: int) -> Check:
    """Why there is not even a way to check."""
    person, off = problem.people[i], bool(roster[i, hole.work_day] == OFF)
    name: OtherCheck | OtherName = "notice"
    if there_anyway(problem, roster, hole, reach, i):
        name = "at_work"
    elif off and hole.work_day in person.leave:
        name = "leave"
    elif off and person.name in reach.unwilling:
        name = "unwilling"
    elif not off and not too_late(problem, roster, hole, reach, i):
        return second_duty(account, hole, person.name)
    return Check(name, float(reach.notice(person.name, off)), "custom", "", None, 1.0, 1.0)


def second_duty(account: Account, hole: Hole, person: str) -> Check:
    """Of somebody whose own duty of the day leaves them free: what is open would be overtime of the same day, and
    nobody comes twice a day for a piece of it."""
    paid = hole.part(hole.work_day, hole.start, hole.end).duty.paid
    checks = overtime_checks(account, person, hole.work_day, paid, True)
    return next((check for check in checks if check.forbids and check.name == "overtime_a_day"),
                Check("twice_a_day", 0.0, "custom", "", None, 1.0, 1.0))
