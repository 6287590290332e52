"""Somebody of a roster is ill: who can take the shift, and what it means for callers."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from optimizer.staffing.planning.by_skill.as_city import as_city, who_may_answer
from optimizer.staffing.planning.calling.overtime import account_of, in_roster
from optimizer.staffing.planning.calling.reach import reach_of
from optimizer.staffing.planning.calling.within_law import within_law
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.from_table import frozen_days, thawed
from optimizer.staffing.planning.city_roster.leaders import leader_cover, without_leaders
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.city_roster.rostering import in_words, price_of_missing, problem_of
from optimizer.staffing.planning.city_roster.table_shifts import shifts_by_code
from optimizer.staffing.planning.horizon import SLOTS, first_day
from optimizer.staffing.planning.left_on_duty import Hall, Left, assigned, hall_of, left_of, on_duty
from optimizer.staffing.planning.plannable import plannable
from optimizer.staffing.planning.worth_of_calls import Worth, worth_of_a_call
from optimizer.staffing.revising.added_duties import Span, Spans, interval_spans
from optimizer.staffing.revising.on_the_day import Answer, Offer, leads, pay_of, who_can_take
from optimizer.staffing.revising.take_over import NoDutyError
from optimizer.staffing.rosters.problem import Ints, Problem
from sim.measures.statistics import Figure
from sim.scenario.messages import printable, say
from sim.scenario.people import Roster
from sim.scenario.problems import UserError, nearest
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers
from sim.studies.replication import Tell
from sim.studies.study import study

MOST_PIECES = 3     # of a shift, of which it is simulated what they bring


@dataclass(frozen=True)
class Brought:
    """What somebody brings who takes it."""

    offer: Offer
    answered: Figure        # callers more than with the roster as it was
    left: Left


@dataclass(frozen=True)
class Illness:
    """Who can take it, and callers answered more than with the roster as it was: if nobody does, if some do."""

    first: datetime                     # minutes of the answer count from here
    answer: Answer
    undone: Figure
    left: Left                          # if nobody takes it
    leaders: int                        # that the scenario wants wherever anybody is at work
    brought: tuple[Brought, ...]        # by those of whom it is worth knowing, the best first
    worth: Worth
    phones: dict[str, str]              # by which people of the roster can be called, as far as it says

    @property
    def lost(self) -> float:
        """The most callers that the interval lets be lost if nobody takes it."""
        return -float(self.undone.mean if np.isnan(self.undone.low) else self.undone.low)

    def more(self, one: Brought) -> float:
        """The most callers that somebody who takes it may bring."""
        return max(0.0, self.lost + float(one.answered.mean))

    def pays(self, one: Brought) -> bool:
        """Whether what somebody brings is a caller at the least, and worth more than they are paid."""
        return self.more(one) >= 1 and self.more(one) * self.worth.yuan > pay_of(one.offer)

    @property
    def chosen(self) -> Brought | None:
        """Whom to ask: who leaves least of the time without anybody at the telephone; if anybody is there throughout,
        the best of those who are worth their pay."""
        if not self.left.nobody:
            return next((one for one in self.brought if self.pays(one)), None)
        return min(self.brought, key=lambda one: minutes(one.left.nobody), default=None)

    @property
    def taken(self) -> Brought | None:
        """Whom to ask, or else the best; None: nobody can."""
        return self.chosen or next(iter(self.brought), None)

    @property
    def needed(self) -> bool:
        """Whether somebody must take it: where people call and nobody is at the telephone, or it is worth what it costs
        with the cheapest who fill it or a part of it."""
        return bool(self.left.nobody) or self.chosen is not None or (not self.brought and self.lost >= 1)


def who_takes(scenario: Scenario, city: str, name: str, at: datetime, *, seed: int, replications: int,
              workers: Workers = None, tell: Tell | None = None) -> Illness:
    """Who can take the duty that somebody has at a moment, or next on that day.

    :raises UserError: where there is no roster, no such person, or no such duty.
    """
    scenario = plannable(scenario, [city])
    roster = roster_with(scenario, city, name)
    first = first_day(scenario)
    those = who_may_take(scenario, city, roster, name)
    problem, planned, spans, hall = as_planned(scenario, those, city, roster, name)
    midnight = datetime.combine(first, datetime.min.time())
    since = at - midnight
    overtime = in_roster(problem, planned, scenario.workforce(city).rules)
    account = account_of(scenario, city, problem, overtime, first)
    reach = reach_of(scenario, city, problem.people)
    try:
        answer = who_can_take(problem, planned, name, since.days, since.seconds // 60, account, spans, reach)
    except NoDutyError:
        raise UserError(say("{name} has no shift at {at:%Y-%m-%d %H:%M} nor later on that day", name=name,
                            at=at)) from None
    shift = answer.start, answer.end
    left = left_of(hall, answer.problem, answer.roster, shift)
    offers = [(offer, left_of(hall, answer.problem, answer.taken_by(*offer), shift))
              for offer in worth_knowing(answer, hall, left)]
    rosters = {"undone": answer.roster} | {f"taken {k}": answer.taken_by(*offer) for k, (offer, _) in
                                           enumerate(offers)}
    groups = rostered_groups(those, city)
    variants = {key: with_roster(scenario, city, *in_words(answer.problem, one, first, short=True), groups)
                for key, one in rosters.items()}
    base = with_roster(scenario, city, *in_words(problem, planned, first, short=True), groups)
    found = study(base, variants, replications=replications, seed=seed, workers=workers, tell=tell)
    scope = f"city:{city}"
    brought = tuple(Brought(offer, found.difference(f"taken {k}", "callers_answered", scope), one)
                    for k, (offer, one) in enumerate(offers))
    return Illness(midnight, answer, found.difference("undone", "callers_answered", scope), left, hall.leaders, brought,
                   worth_of_a_call(scenario, city), roster.phones)


def worth_knowing(answer: Answer, hall: Hall, left: Left) -> tuple[Offer, ...]:
    """The best, the cheapest who fill the whole of it, some who fill a part, who brings a leader where one is lacking
    and who leaves least of the time without anybody at the telephone."""
    cheap = sorted(answer.pieces, key=pay_of)[:MOST_PIECES]
    found = [*answer.best, *([answer.cheapest] if answer.cheapest else []), *cheap]
    if left.leaderless:
        found += [offer for offer in answer.offers if leads(offer)][:1]
    if left.nobody:
        found += sorted(answer.offers, key=lambda offer: minutes(left_of(
            hall, answer.problem, answer.taken_by(*offer), (answer.start, answer.end)).nobody))[:1]
    return answer.ranked([offer for k, offer in enumerate(found) if offer not in found[:k]])


def as_planned(scenario: Scenario, those: Scenario, city: str, roster: Roster,
               name: str) -> tuple[Problem, Ints, Spans, Hall]:
    """The roster of those who may take a shift as a problem that wants at every time as many as it has: whoever is
    missed is a gap, and so is a leader whom the scenario asks for; [people, days] its duties, when each row of cover
    is, and the hall in which they are on duty."""
    first = first_day(scenario)
    days = (scenario.horizon.end.date() - first).days
    nobody = np.zeros((days, SLOTS), np.int64)
    shifts = tuple(shifts_by_code(those, city).values())
    empty = problem_of(those, city, shifts, nobody, first)
    planned = assigned(empty, roster, first)
    there = on_duty(empty, planned)
    hall = hall_of(scenario, city, classes_of(scenario, city, roster, name), first, there)
    problem = problem_of(those, city, shifts, there.at_phones.reshape(nobody.shape), first)
    free = thawed(without_leaders(problem), frozen_days(scenario, first))
    prices = scenario.staffing_terms.prices
    leaders = np.clip(hall.wanted - hall.others.leaders, 0, there.leaders)
    rows = leader_cover(np.ones_like(nobody), problem.duties, leaders.reshape(nobody.shape), price_of_missing(prices))
    spans = interval_spans(days, SLOTS)
    led = replace(free, cover=(*free.cover, *rows))
    return (within_law(led, scenario.workforce(city).rules, float(prices.hour)), planned,
            (*spans, *(spans[k] for k in np.flatnonzero(leaders))), hall)


def minutes(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def roster_with(scenario: Scenario, city: str, name: str) -> Roster:
    """:raises UserError: where the city has no roster, or nobody of this name in it."""
    roster = scenario.workforce(city).roster
    if roster is None:
        raise UserError(say("{city} has no roster: name one under people.{city}.roster, as `surgeline staff` writes it",
                            city=city))
    names = [row.name for row in roster.rows]
    if name not in names:
        raise UserError(say("{name} is not in the roster of {city}{hint}", name=printable(name), city=city,
                            hint=nearest(name, names)))
    return roster


def who_may_take(scenario: Scenario, city: str, roster: Roster, name: str) -> Scenario:
    """The city with those alone who answer all that somebody of its roster answers.

    :raises UserError: where no shifts are planned for people of the same group.
    """
    group = group_of(roster, name)
    those = as_city(scenario, city, who_may_answer(scenario, city, classes_of(scenario, city, roster, name)))
    if group not in rostered_groups(those, city):
        raise UserError(say("{name} is of the group {group}, who keep their own shifts: who can take these is not told",
                            name=name, group=group))
    return those


def classes_of(scenario: Scenario, city: str, roster: Roster, name: str) -> tuple[str, ...]:
    """That somebody answers; none stands for all."""
    return scenario.answered_by(scenario.groups(city)[group_of(roster, name)])


def group_of(roster: Roster, name: str) -> str:
    return next(row.group for row in roster.rows if row.name == name)


def moment(illness: Illness, minute: int) -> datetime:
    """A minute of the answer as a moment."""
    return illness.first + timedelta(minutes=minute)
