"""Seats that a city lends, on top of its roster: who mans them, who is called in for it, and what callers notice.

Whoever sits at a lent seat is missed at home. People are called in, within notice, rest and overtime, for as much as
home then lacks of what it has or needs, whichever is less; and for as many lent seats as the lever says are manned off
duty. A lent seat has a place of its own: it takes no workplace from those at home.
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

import numpy as np

from optimizer.staffing.planning.calling.overtime import account_of
from optimizer.staffing.planning.calling.reach import minutes, reach_of
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.duties import is_night
from optimizer.staffing.planning.city_roster.rostering import in_words
from optimizer.staffing.planning.horizon import SLOTS, STEP
from optimizer.staffing.planning.lent.reserves import Reserves, reserves_for
from optimizer.staffing.planning.lent.seats import Block, Seating, Stay, Stretch, manned, stretches
from optimizer.staffing.planning.on_duty.needs import most_of
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.surge.called import of_surge
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.call_in import Plan, call_in
from optimizer.staffing.revising.call_model import Workplaces
from optimizer.staffing.revising.call_options import Asked
from optimizer.staffing.revising.marginal import cover_of as people_there
from optimizer.staffing.revising.overtime import Done
from optimizer.staffing.rosters.evaluate import broken_rules
from optimizer.staffing.rosters.problem import DAY_MINUTES, OFF, Duty, Ints, Problem
from sim.core.arrays import Floats
from sim.measures.statistics import Figure
from sim.scenario.intervals import Intervals
from sim.scenario.levers import Lend, in_force
from sim.scenario.people import CallInTerms, Roster, Shift
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.studies.study import study
from sim.world.people import called_in_for, half_up, manned_by

LENT = "援"                     # begins the codes of shifts at lent seats
ANSWERED = "callers_answered"


@dataclass(frozen=True)
class Standing:
    """The roster from which seats are lent, with whoever was called in before."""

    problem: Problem
    roster: Ints                    # [people, days]
    overtime: tuple[Done, ...]      # that they have had by then
    words: tuple[tuple[Shift, ...], Roster]     # the same as scenarios have it


@dataclass(frozen=True)
class Luck:
    """With which callers lending is held against not lending."""

    seed: int
    replications: int
    executor: Executor


@dataclass(frozen=True)
class Effects:
    """Callers answered more than if nothing were lent, negative for fewer; all against the same people."""

    home: Figure                    # in the lender's city, with the roster alone
    home_filled: Figure             # and with those who are called in
    borrowers: dict[str, Figure]    # with them


@dataclass(frozen=True)
class Lent:
    """Who mans the seats that a city lends. Slots of half an hour count from the first midnight of the roster."""

    first: date
    told: int                               # minutes: before it nobody can be called
    earliest: int                           # minutes: before it nobody is there who is called
    plan: Plan                              # who is called in or stays longer
    reserves: Reserves                      # who come for it besides, whom no roster has
    blocks: tuple[Block, ...]
    unmanned: dict[str, tuple[Stretch, ...]]    # by borrower: seats with nobody at them
    home: tuple[Stretch, ...]               # people missing at home because of what is lent, those called in there
    home_before: int                        # slots of people missing if nobody were called in
    short_rests: int                        # more than in the roster, at the price of the rule
    seats: dict[str, Ints]                  # by borrower: [slots] people wanted
    scenario: Scenario                      # with all of them, to be replayed
    effects: Effects

    def moment(self, minute: int) -> datetime:
        return datetime.combine(self.first, time.min) + timedelta(minutes=minute)


def lent_on(scenario: Scenario, city: str, standing: Standing, need: Ints, first: date, *, seed: int,
            replications: int, executor: Executor) -> Lent | None:
    """The seats that the scenario's levers lend of a city, manned by name; None where it lends none.

    :param need: [days, half-hours] people on duty whom the city itself needs.
    :param first: the first day of the roster.
    """
    calendar = Calendar(scenario, city, first, len(need))
    seats = calendar.seats()
    lent = sum(seats.values(), np.zeros(need.size, np.int64))
    if not lent.any():
        return None
    there = people_there(standing.problem, standing.roster)[:need.size]
    kept = np.minimum(there, need.ravel())
    reserves = reserves_of(calendar, standing)
    come = reserves.there(shifts_at_seats(calendar))
    plan = called_for(calendar, standing, np.maximum(kept + lent, there + calendar.off_duty()) - come, lent - come)
    manning = with_reserves(plan, reserves, shifts_at_seats(calendar))
    blocks = Seating(seats, [*stays_of(manning, frozenset(reserves.contracts))]).go_through()
    empty = empty_seats(seats, blocks, plan.after + come)
    at_home = plan.after + come - lent + sum(empty.values())
    filled = filled_by(calendar, manning, lent)
    return Lent(first, calendar.told, calendar.earliest, plan, reserves, tuple(blocks),
                {name: tuple(stretches(one)) for name, one in empty.items()},
                tuple(stretches(kept - at_home)), int(np.maximum(kept - np.maximum(there - lent, 0), 0).sum()),
                short_rests(plan) - short_rests(standing), seats, filled,
                effects_of(calendar, standing, filled, Luck(seed, replications, executor)))


def empty_seats(seats: dict[str, Ints], blocks: Sequence[Block], there: Ints) -> dict[str, Ints]:
    """By borrower: [slots] seats with nobody at them, those too whose people are at a meal and nobody is there to take
    the seat meanwhile."""
    sitting = {name: manned(blocks, name, len(there)) for name in seats}
    away = np.maximum(sum(sitting.values(), np.zeros_like(there)) - there, 0)
    found = {}
    for name, one in sitting.items():
        of_these = np.minimum(away, one)
        found[name], away = seats[name] - one + of_these, away - of_these
    return found


def short_rests(of: Plan | Standing) -> int:
    """How often somebody rests less between two shifts than the rule says that has a price."""
    return sum(one.rule.name == "least_rest" for person, row in zip(of.problem.people, of.roster, strict=True)
               for one in broken_rules(of.problem, person, row.tolist()))


# --- what is lent ----------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Calendar:
    """When a city lends what, by the slots of its roster."""

    scenario: Scenario
    city: str
    first: date
    days: int

    @cached_property
    def lends(self) -> list[Lend]:
        """The levers by which it lends, each as long as nobody calls it home."""
        return [one for one in in_force(self.scenario.levers) if isinstance(one, Lend) and one.lender == self.city]

    @cached_property
    def midnight(self) -> datetime:
        return datetime.combine(self.first, time.min)

    @cached_property
    def told(self) -> int:
        """Minutes after the first midnight: when help is agreed upon, else on the evening before that the plan begins
        with. Before it nobody can be called."""
        agreed = self.scenario.lending.agreed if self.scenario.lending else self.midnight
        return (min(agreed, *(one.start for one in self.lends)) - self.midnight) // timedelta(minutes=1)

    @cached_property
    def terms(self) -> list[CallInTerms]:
        """On what terms its people are called in."""
        force = self.scenario.workforce(self.city)
        return [force.terms_of(group) for group in self.scenario.groups(self.city).values()]

    @property
    def earliest(self) -> int:
        """Minutes after the first midnight: when the first can be there who is called."""
        return self.told + min(minutes(one.notice) for one in self.terms)

    @cached_property
    def at_the_phone(self) -> float:
        return Presence.of(self.scenario, self.city).at_the_phone

    def seats(self) -> dict[str, Ints]:
        """By borrower: [slots] people at lent seats. A seat that is there for a larger part of the hour than own seats
        are takes more than one, as in the world."""
        borrowers = dict.fromkeys(one.borrower for one in self.lends)
        return {name: half_up(self.total([(one, manned_by(one.seat_pool(), self.at_the_phone)) for one in self.lends
                                          if one.borrower == name])) for name in borrowers}

    def off_duty(self) -> Ints:
        """[slots] people who are to be called in for them, by the levers."""
        return half_up(self.total([(one, called_in_for(one.seat_pool(), self.at_the_phone)) for one in self.lends]))

    def total(self, parts: Sequence[tuple[Lend, float]]) -> Floats:
        """[slots] amounts of levers, the most in each slot, inside the horizon."""
        every = self.scenario.horizon.interval_s
        t = Intervals(self.midnight, every, self.days * DAY_MINUTES * 60 // every)
        found = t.total((one.span, amount) for one, amount in parts).reshape(-1, STEP * 60 // every).max(axis=1)
        found[:SLOTS] = 0.0
        return np.asarray(found)


# --- who comes for it ------------------------------------------------------------------------------------------------

def reserves_of(calendar: Calendar, standing: Standing) -> Reserves:
    """Reserves and volunteers at lent seats, as many as the levers man off duty."""
    scenario, taken = calendar.scenario, {one.name for one in standing.problem.people}
    return reserves_for(scenario, calendar.city, shifts_at_seats(calendar), calendar.off_duty(), calendar.told, taken)


def with_reserves(plan: Plan, reserves: Reserves, duties: Sequence[Duty]) -> Plan:
    """With the rows of reserves, in the duties of the plan."""
    places = np.array([*(plan.problem.index[one.code] for one in duties), OFF])
    return replace(plan, problem=replace(plan.problem, people=(*plan.problem.people, *reserves.people)),
                   roster=np.concatenate([plan.roster, places[reserves.roster]]))


def called_for(calendar: Calendar, standing: Standing, wanted: Ints, lent: Ints) -> Plan:
    """Calls so that as many are at work as wanted, [slots]: at home, and at seats that are lent."""
    scenario, city, prices = calendar.scenario, calendar.city, calendar.scenario.staffing_terms.prices
    most = most_of(Presence.of(scenario, city), calendar.days).ravel()
    blocks = shifts_at_seats(calendar)
    base = replace(standing.problem, duties=(*standing.problem.duties, *blocks))
    problem = of_surge(base, wanted.reshape(-1, SLOTS), prices)
    days = np.flatnonzero(lent.reshape(-1, SLOTS).any(axis=1)).tolist()
    asked = Asked(calendar.told, days=frozenset({*days, *(day - 1 for day in days)}),
                  duties=frozenset(one.code for one in blocks))
    places = [Workplaces(slot * STEP, (slot + 1) * STEP, int(most[slot] + lent[slot]))
              for slot in np.flatnonzero(lent).tolist()]
    account = account_of(scenario, city, problem, standing.overtime, calendar.first)
    return call_in(problem, standing.roster, account, interval_spans(problem.days, SLOTS), asked,
                   reach_of(scenario, city, problem.people), places)


def shifts_at_seats(calendar: Calendar) -> list[Duty]:
    """For whoever is called in for a seat that is lent: its hours of a day in equal parts, none longer than one stays.
    Breaks are in the seat's presence, and so are paid."""
    longest = min(minutes(one.longest) for one in calendar.terms)
    spans = {part for lend in calendar.lends for opening in openings(calendar, lend)
             for part in parts_of(opening, longest)}
    return [Duty(f"{LENT}{start // 60:02}{start % 60:02}-{length}", start, length, length, is_night(start, length))
            for start, length in sorted(spans)]


def openings(calendar: Calendar, lend: Lend) -> Iterator[tuple[int, int]]:
    """From and to of a lever's hours on each day, in minutes after that day's midnight."""
    opens, closes = lend.hours
    length = (closes - opens) % DAY_MINUTES or DAY_MINUTES
    begin, end = ((at - calendar.midnight) // timedelta(minutes=1) for at in (lend.start, lend.end))
    for midnight in range(0, calendar.days * DAY_MINUTES, DAY_MINUTES):
        first, last = max(midnight + opens, begin), min(midnight + opens + length, end)
        if first < last:
            yield first - midnight, last - midnight


def parts_of(opening: tuple[int, int], longest: int) -> Iterator[tuple[int, int]]:
    """Start, after midnight, and minutes of equal parts of whole slots."""
    first, last = opening[0] // STEP, -(-opening[1] // STEP)
    number = -(-(last - first) * STEP // max(longest, STEP))
    edges = [first + (last - first) * k // number for k in range(number + 1)]
    yield from ((a * STEP % DAY_MINUTES, (b - a) * STEP) for a, b in itertools.pairwise(edges))


def stays_of(plan: Plan, reserves: frozenset[str]) -> Iterator[Stay]:
    """Everybody at work, as the plan has them; reserves are there because they are called."""
    called = {(one.person, one.day) for one in plan.calls if one.kind == "call_in"}
    for person, row in zip(plan.problem.people, plan.roster, strict=True):
        for day, k in enumerate(row.tolist()):
            if k != OFF:
                duty, midnight = plan.problem.duties[k], day * DAY_MINUTES
                yield Stay(person.name, -(-(midnight + duty.start) // STEP), (midnight + duty.end) // STEP,
                           (person.name, day) in called or person.name in reserves)


# --- what it means for callers ---------------------------------------------------------------------------------------

def filled_by(calendar: Calendar, plan: Plan, lent: Ints) -> Scenario:
    """The scenario with everybody who is called in."""
    gone = with_lends(calendar.scenario, calendar.city, True)
    words = in_words(plan.problem, plan.roster, calendar.first, short=True)
    return with_places(with_roster(gone, calendar.city, *words), calendar.city, int(lent.max()))


def effects_of(calendar: Calendar, standing: Standing, filled: Scenario, luck: Luck) -> Effects:
    """Lending against not lending, with those called in and without."""
    scenario, city = calendar.scenario, calendar.city
    kept, gone = (with_lends(scenario, city, lends) for lends in (False, True))
    base, unfilled = (with_roster(one, city, *standing.words) for one in (kept, gone))
    found = study(base, {"unfilled": unfilled, "filled": filled}, replications=luck.replications, seed=luck.seed,
                  workers=luck.executor)
    home, borrowers = f"city:{city}", dict.fromkeys(one.borrower for one in calendar.lends)
    return Effects(found.difference("unfilled", ANSWERED, home), found.difference("filled", ANSWERED, home),
                   {name: found.difference("filled", ANSWERED, f"city:{name}") for name in borrowers})


def with_lends(scenario: Scenario, city: str, lends: bool) -> Scenario:
    """Without what a city lends; or with it, and all who man it in the city's roster."""
    levers = [one.model_copy(update={"off_duty": plain(0.0, "share")}) if isinstance(one, Lend) and one.lender == city
              else one for one in scenario.levers if lends or not (isinstance(one, Lend) and one.lender == city)]
    return scenario.model_copy(update={"levers": tuple(levers)})


def with_places(scenario: Scenario, city: str, more: int) -> Scenario:
    """With places for those at lent seats: whoever is called is at home only as far as there are workplaces."""
    force = scenario.workforce(city)
    places = scenario.workplaces(city)
    return scenario.model_copy(update={"people": {**scenario.people, city: force.model_copy(
        update={"workplaces": plain(places + more)})}})
