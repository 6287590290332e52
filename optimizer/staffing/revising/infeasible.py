"""Why there is no roster, or why one lacks people; and what would do, each family of rules alone, with its price.

A question of its own, asked only when a roster is not good enough. Findings are proved: by a bound (a linear program
that allows all that a roster could) or by a search that tried everything. Two levels are told apart: with every limit
held at its value, those that may be passed at a price too, and with only those held that must never be broken.
"""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from optimizer.staffing.revising.collisions import AnyRule, Collision, collision
from optimizer.staffing.revising.families import FAMILY_OF, UNITS, Family, Held, Limit, Treatment, limit
from optimizer.staffing.revising.relaxation import Newcomers, Relaxation
from optimizer.staffing.revising.search import Found, search
from optimizer.staffing.rosters.evaluate import broken_rules, evaluate
from optimizer.staffing.rosters.problem import Cell, Cover, OtherName, Person, Problem, Roster, Rule

A_HAIR = 1e-4    # people: HiGHS is exact to less
Scope = Literal["no_duty",      # rows of a day to which no duty contributes
                "rows",         # rows of a day for which there are not enough who could be there
                "day", "week", "horizon"]
Proof = Literal["bound", "search"]
Bound = Literal["workplaces",   # as many as can be are there already
                "fixed_days",   # whoever is new cannot be there on days that are laid down
                "shifts"]       # no shift, or no person by the rules, fills it alone


@dataclass(frozen=True)
class TooFew:
    """More people are wanted than there can be, whatever the roster."""

    scope: Scope
    held: Held                  # which limits hold
    first_day: int
    last_day: int
    rows: tuple[int, ...]       # of cover, in Problem.cover
    need: int                   # people, over these rows
    most: int                   # that there can be at most
    proof: Proof = "bound"

    @property
    def missing(self) -> int:
        """People at least, over these rows."""
        return self.need - self.most


@dataclass(frozen=True)
class NoRow:
    """One person's rules collide."""

    person: str
    rules: tuple[AnyRule, ...]
    proof: Proof = "search"


Finding = TooFew | NoRow


@dataclass(frozen=True)
class WayOut:
    """One thing that would do, or do so much, when all else holds."""

    what: Family | OtherName | Literal["people", "people_on_nights", "cover"]
    unit: str                               # of the amounts
    amounts: dict[Limit, float]             # by rule; of a roster that was found, or else of the bound
    amount: float                           # all of them; people for people and for cover
    price: float                            # of a roster that was found, or else at least
    least_price: float                      # no way of this kind costs less
    still_missing: float                    # people, over rows of cover that any duty contributes to; of a roster that
                                            # was found, or else at least
    proof: Proof                            # search: a roster was found, and none is better; bound: at least so much
    found: bool                             # there is a roster with this amount
    hard_too: bool = False                  # rules that must never be broken would be
    person: str | None = None               # of one person alone
    times: int | None = None                # how often a rule of the family is broken in the roster that was found
    worst: float | None = None              # the most by which one of them is, in the unit of the rule


@dataclass(frozen=True)
class Left:
    """What more people alone, however many, leave of a shortage."""

    missing: float                  # people, over rows of cover, at least
    binds: tuple[Bound, ...]        # what keeps more of them from being there


@dataclass(frozen=True)
class Prices:
    """Of what has none in the problem."""

    person: float                                                   # one more, for the horizon
    families: dict[Family, float] = field(default_factory=dict)     # per unit beyond a rule never to be broken
    others: dict[OtherName, float] = field(default_factory=dict)    # per pin, day of leave… given up


@dataclass(frozen=True)
class Diagnosis:
    """What stands in the way."""

    findings: tuple[Finding, ...]
    ways_out: tuple[WayOut, ...]    # the cheapest first, those after which people are still missing last
    left: Left = Left(0.0, ())      # by more people alone


def why(problem: Problem, prices: Prices, effort: float = 1.0, small: int = 500,
        roster: Roster | None = None, since: int = 0) -> Diagnosis:
    """Findings and ways out. Problems of at most ``small`` people times days times duties are searched too, with so
    much work for each way (CP-SAT's units of about a second).

    :param roster: one that was found: the rules of whoever has a row there that keeps them do not collide.
    :param since: the first day on which somebody new could be there; those before are laid down.
    """
    in_doubt = problem.people if roster is None else [
        person for person, row in zip(problem.people, roster.tolist(), strict=True) if breaks_law(problem, person, row)]
    collided = [found for person in in_doubt if (found := collision(problem, person))]
    ways = [way for one in collided for way in mends(one, prices)]
    findings: list[Finding] = [NoRow(one.person, one.rules) for one in collided]
    findings += too_few_of_rows(problem)
    findings += too_few(problem, "priced_too")
    if any(rule.price is not None for person in problem.people for rule in person.limits):
        findings += too_few(problem, "hard_only")
    left = Left(0.0, ())
    if any(isinstance(one, TooFew) and one.scope != "no_duty" for one in findings):
        searched = not collided and len(problem.people) * problem.days * len(problem.duties) <= small
        coverable = replace(problem, cover=tuple(row for row in problem.cover if row.duties))
        possible = Ways(coverable, prices, effort if searched else 0.0, since)
        ways += possible.every()
        left = possible.left()
    return Diagnosis(tuple(findings), tuple(sorted(ways, key=lambda one: (one.still_missing > 1e-6, one.price))), left)


def breaks_law(problem: Problem, person: Person, row: list[int]) -> bool:
    """Whether a row breaks a rule that must never be broken."""
    return any(one.rule.price is None for one in broken_rules(problem, person, row))


def mends(one: Collision, prices: Prices) -> Iterator[WayOut]:
    """For one person."""
    for rule, amount in one.mends:
        if isinstance(rule, Rule):
            family = FAMILY_OF[rule.name]  # type: ignore[index]  # a limit of a person
            unit = "minutes" if rule.name == "least_rest" else UNITS[family]
            price = prices.families.get(family, 1.0) * amount
            yield WayOut(family, unit, {limit(rule): float(amount)}, amount, price, price, 0.0, "search", True, True,
                         one.person)
        else:
            price = prices.others.get(rule, 1.0) * amount
            yield WayOut(rule, "days", {}, amount, price, price, 0.0, "search", True, True, one.person)


def too_few_of_rows(problem: Problem) -> Iterator[TooFew]:
    """Rows of cover for which there are not even enough who could be there, by day."""
    found: dict[tuple[Scope, int], list[tuple[int, int]]] = {}
    for k, row in enumerate(problem.cover):
        most = people_for(problem, k)
        if most < row.need:
            scope: Scope = "rows" if row.duties else "no_duty"
            found.setdefault((scope, day_of(row)), []).append((k, most))
    for (scope, day), rows in found.items():
        need, most = sum(problem.cover[k].need for k, _ in rows), sum(most for _, most in rows)
        yield TooFew(scope, "hard_only", day, day, tuple(k for k, _ in rows), need, most)


def day_of(row: Cover) -> int:
    """A row of cover belongs to the last of the days whose duties contribute; 0 where none do."""
    return max((day for day, _ in row.duties), default=0)


def too_few(problem: Problem, held: Held) -> Iterator[TooFew]:
    """Days, weeks and the horizon, where they lack more people than their parts do."""
    relaxation = Relaxation(problem, Treatment(held))
    scopes = [(scope, days) for scope, parts in (("day", [[day] for day in range(problem.days)]),
                                                 ("week", weeks(problem)), ("horizon", [list(range(problem.days))]))
              for days in parts]
    known: dict[int, int] = {}      # by day: missing at least, as told so far
    for scope, days in scopes:
        rows = rows_of(problem, days)
        need = sum(problem.cover[k].need for k in rows)
        missing = math.ceil(relaxation.least_missing(rows) - 1e-6) if rows else 0
        if missing > sum(known.get(day, 0) for day in days):
            known |= dict.fromkeys(days, 0) | {days[0]: missing}
            yield TooFew(scope, held, days[0], days[-1], tuple(rows), need, need - missing)  # type: ignore[arg-type]


def weeks(problem: Problem) -> list[list[int]]:
    """Days of each calendar week."""
    return [[day for day in range(problem.days) if problem.week(day) == week]
            for week in range(problem.week(problem.days - 1) + 1)]


def rows_of(problem: Problem, days: Sequence[int]) -> list[int]:
    """Rows of cover that belong to these days, and in which people are wanted."""
    return [k for k, row in enumerate(problem.cover) if row.need > 0 and row.duties and day_of(row) in days]


def people_for(problem: Problem, k: int) -> int:
    """Who could be in a row of cover at all: counted, not on leave, not pinned elsewhere, and able."""
    row = problem.cover[k]
    return sum(problem.counts(person, row) and any(
        day not in person.leave and problem.may_do(person, problem.duties[problem.index[code]])
        and all(pin.duty == code for pin in person.pins if pin.day == day) for day, code in row.duties)
        for person in problem.people)


@dataclass(frozen=True)
class Ways:
    """Ways out of lacking people."""

    problem: Problem
    prices: Prices
    effort: float       # 0: no search
    since: int = 0      # the first day on which somebody new could be there

    def every(self) -> Iterator[WayOut]:
        """Families that some limit belongs to, more people, and rows left short."""
        limits = {rule for person in self.problem.people for rule in person.limits}
        for family in UNITS:
            best: WayOut | None = None
            for hard_too in (False, True):
                own = [rule for rule in limits if FAMILY_OF[rule.name] == family  # type: ignore[index]
                       and (rule.price is None) == hard_too]
                way = self.relaxing(family, hard_too) if own else None
                if way and self.helps(way) and (best is None or way.still_missing < best.still_missing - 1e-6):
                    best = way
                    yield way
        yield from (way for way in (self.people(None), self.people(self.nights())) if self.helps(way))
        yield self.short()

    @cached_property
    def fewest(self) -> float:
        """People missing at least as things are."""
        return Relaxation(self.problem, Treatment()).least().lacking

    @cached_property
    def as_it_is(self) -> Found | None:
        """The roster with fewest people missing as things are; None: not searched, or not found."""
        at_least = math.ceil(self.fewest - 1e-6)
        return search(self.problem, Treatment(), self.effort, at_least) if self.effort else None

    def helps(self, way: WayOut) -> bool:
        """Whether fewer are missing: in the roster found than in the best one as things are, or else by the bounds."""
        known = self.as_it_is
        return way.still_missing < (known.missing if way.found and known and known.best else self.fewest) - 1e-6

    def relaxing(self, family: Family, hard_too: bool) -> WayOut:
        """One family of rules, with all others held."""
        treatment = Treatment("priced_too", family, hard_too, self.prices.families)
        least = Relaxation(self.problem, treatment).least()
        at_least = math.ceil(least.lacking - 1e-6)
        found = search(self.problem, treatment, self.effort, at_least) if self.effort else None
        if found and not found.best and found.missing > at_least:
            found = None    # it may be the search that lacks, not the people
        amounts = {rule: amount for rule, amount in (found or least).amounts.items() if amount > 1e-6}
        unit = "minutes" if family == "rest" and found else UNITS[family]
        amount = sum(amounts.values())
        if unit != "minutes":
            amount = math.ceil(amount - 1e-4)   # whole days, nights…; HiGHS is exact to less
        way = WayOut(family, unit, amounts, amount, (found or least).price, least.price,
                     found.missing if found else least.lacking, "search" if found and found.best else "bound",
                     found is not None, hard_too)
        if found is None:
            return way
        broken = [one.amount for one in evaluate(self.problem, found.roster).broken
                  if FAMILY_OF[one.rule.name] == family]  # type: ignore[index]  # only limits are ever passed
        return replace(way, times=len(broken), worst=max(broken, default=0.0))

    def nights(self) -> frozenset[str]:
        """Codes of duties that are nights."""
        return frozenset(duty.code for duty in self.problem.duties if duty.night)

    def people(self, duties: frozenset[str] | None) -> WayOut:
        """More of them, for any duty or some; the fewest are searched for from the bound upwards."""
        what: Literal["people", "people_on_nights"] = "people" if duties is None else "people_on_nights"
        relaxation = Relaxation(self.problem, Treatment(), Newcomers(self.prices.person, duties, self.since))
        least = relaxation.least()
        fewest = math.ceil(least.newcomers - 1e-6)
        found = self.more_people(relaxation, duties, fewest, least.lacking) if self.effort else None
        people = fewest if found is None else found
        return WayOut(what, "people", {}, people, people * self.prices.person, fewest * self.prices.person,
                      least.lacking, "search" if found == fewest else "bound", found is not None)

    def more_people(self, relaxation: Relaxation, duties: frozenset[str] | None, fewest: int,
                    lacking: float) -> int | None:
        """So many that a roster was found with as few missing as there must be; None: not with a few more either."""
        likes = [one.like for one in relaxation.classes if one.new]
        before = tuple(Cell(day, None) for day in range(self.since))
        for people in range(fewest, fewest + 3):
            for like in likes:
                new = tuple(replace(like, name=f"{like.name} +{k}", leave=frozenset(), pins=before, published=(),
                                    wishes=(), before=None, allowed=duties if duties is not None else like.allowed)
                            for k in range(people))
                more = replace(self.problem, people=(*self.problem.people, *new))
                found = search(more, Treatment(), self.effort)
                if found and found.missing <= lacking + 1e-6:
                    return people
        return None

    def left(self) -> Left:
        """What people alone leave, and what of it goes when one more thing gives way."""
        missing = self.with_people(True, self.since)
        if missing <= A_HAIR:
            return Left(0.0, ())
        gives = {"workplaces": self.with_people(False, self.since), "fixed_days": self.with_people(True, 0)}
        binds: list[Bound] = [what for what, less in gives.items() if less < missing - A_HAIR]  # type: ignore[misc]
        return Left(missing, (*binds, "shifts") if self.with_people(False, 0) > A_HAIR or not binds else tuple(binds))

    def with_people(self, ceilings: bool, since: int) -> float:
        """People missing at least, however many more there are from a day on."""
        relaxation = Relaxation(self.problem, Treatment(), Newcomers(self.prices.person, None, since), ceilings)
        return relaxation.least_missing(range(len(self.problem.cover)))

    def short(self) -> WayOut:
        """Rows of cover left short, at the price of people missing."""
        relaxation = Relaxation(self.problem, Treatment())
        everywhere = range(len(self.problem.cover))
        least_price = relaxation.least_missing(everywhere, priced=True)
        found = self.as_it_is
        if found:
            price = evaluate(self.problem, found.roster).parts["missing"]
            return WayOut("cover", "people", {}, found.missing, price, least_price, 0.0,
                          "search" if found.best else "bound", True)
        fewest = math.ceil(relaxation.least_missing(everywhere) - 1e-6)
        return WayOut("cover", "people", {}, fewest, least_price, least_price, 0.0, "bound", False)
