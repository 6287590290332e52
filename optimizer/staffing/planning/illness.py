"""Somebody of a roster is ill: who can take the shift, and what it means for callers."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from optimizer.staffing.planning.by_skill.as_city import as_city, who_may_answer
from optimizer.staffing.planning.calling.overtime import account_of, in_roster
from optimizer.staffing.planning.calling.reach import reach_of
from optimizer.staffing.planning.calling.within_law import within_law
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.from_table import Codes, frozen_days, thawed
from optimizer.staffing.planning.city_roster.leaders import without_leaders
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.city_roster.rostering import in_words, problem_of
from optimizer.staffing.planning.city_roster.table_shifts import shifts_by_code
from optimizer.staffing.planning.horizon import SLOTS, first_day
from optimizer.staffing.planning.plannable import plannable
from optimizer.staffing.planning.worth_of_calls import yuan_a_call
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.on_the_day import Answer, Offer, who_can_take
from optimizer.staffing.revising.take_over import NoDutyError
from optimizer.staffing.rosters.evaluate import people_there
from optimizer.staffing.rosters.problem import OFF, Ints, Problem
from sim.measures.statistics import Figure
from sim.scenario.messages import printable, say
from sim.scenario.people import Roster
from sim.scenario.problems import UserError, nearest
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers
from sim.studies.replication import Tell
from sim.studies.study import study


@dataclass(frozen=True)
class Illness:
    """Who can take it, and callers answered more than with the roster as it was: if nobody does, if the best do."""

    first: datetime                     # minutes of the answer count from here
    answer: Answer
    undone: Figure
    brought: tuple[tuple[Offer, Figure], ...]   # by each of ``Answer.best``
    yuan_a_call: float                  # that an answered call is worth
    phones: dict[str, str]              # by which people of the roster can be called, as far as it says

    @property
    def taken(self) -> Figure | None:
        """By the first; None: nobody can."""
        return next((figure for _, figure in self.brought), None)

    @property
    def needed(self) -> bool:
        """Whether somebody must take it: where the most callers that the interval lets be lost are one at the
        least, and worth more than the first costs."""
        lost = -(self.undone.mean if np.isnan(self.undone.low) else self.undone.low)
        pay = sum(one.pay for offer in self.answer.best[:1] for one in offer)
        return bool(lost >= 1 and lost * self.yuan_a_call > pay)


def who_takes(scenario: Scenario, city: str, name: str, at: datetime, *, seed: int, replications: int,
              workers: Workers = None, tell: Tell | None = None) -> Illness:
    """Who can take the duty that somebody has at a moment, or next on that day.

    :raises UserError: where there is no roster, no such person, or no such duty.
    """
    scenario = plannable(scenario, [city])
    roster = roster_with(scenario, city, name)
    first = first_day(scenario)
    those = who_may_take(scenario, city, roster, name)
    problem, planned = as_planned(those, city, roster, first)
    midnight = datetime.combine(first, datetime.min.time())
    since = at - midnight
    overtime = in_roster(problem, planned, scenario.workforce(city).rules)
    account = account_of(scenario, city, problem, overtime, first)
    spans, reach = interval_spans(problem.days, SLOTS), reach_of(scenario, city, problem.people)
    try:
        answer = who_can_take(problem, planned, name, since.days, since.seconds // 60, account,
                              spans, reach)
    except NoDutyError:
        raise UserError(say("{name} has no shift at {at:%Y-%m-%d %H:%M} nor later on that day", name=name,
                            at=at)) from None
    rosters = {"undone": answer.roster} | {f"taken {k}": answer.taken_by(*offer) for k, offer in
                                           enumerate(answer.best)}
    groups = rostered_groups(those, city)
    variants = {key: with_roster(scenario, city, *in_words(answer.problem, one, first, short=True), groups)
                for key, one in rosters.items()}
    base = with_roster(scenario, city, *in_words(problem, planned, first, short=True), groups)
    found = study(base, variants, replications=replications, seed=seed, workers=workers, tell=tell)
    scope = f"city:{city}"
    return Illness(midnight, answer, found.difference("undone", "callers_answered", scope),
                   tuple((offer, found.difference(f"taken {k}", "callers_answered", scope))
                         for k, offer in enumerate(answer.best)), yuan_a_call(scenario, city),
                   {row.name: row.phone for row in roster.rows if row.phone})


def as_planned(scenario: Scenario, city: str, roster: Roster, first: date) -> tuple[Problem, Ints]:
    """The roster as a problem that wants at every time as many as it has, and [people, days] its duties: whoever is
    missed is a gap."""
    days = (scenario.horizon.end.date() - first).days
    nobody = np.zeros((days, SLOTS), np.int64)
    shifts = tuple(shifts_by_code(scenario, city).values())
    empty = problem_of(scenario, city, shifts, nobody, first)
    planned = assigned(empty, roster, first)
    there = people_there(empty, planned)[:nobody.size].reshape(nobody.shape)
    problem = problem_of(scenario, city, shifts, there, first)
    free = thawed(without_leaders(problem), frozen_days(scenario, first))
    return within_law(free, scenario.workforce(city).rules, float(scenario.staffing_terms.prices.hour)), planned


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
    group = next(row.group for row in roster.rows if row.name == name)
    classes = scenario.answered_by(scenario.groups(city)[group])
    those = as_city(scenario, city, who_may_answer(scenario, city, classes))
    if group not in rostered_groups(those, city):
        raise UserError(say("{name} is of the group {group}, who keep their own shifts: who can take these is not told",
                            name=name, group=group))
    return those


def assigned(problem: Problem, roster: Roster, first: date) -> Ints:
    """[people, days] duties of a roster; who has the same shift on a day goes to meals in turn."""
    codes, rows = Codes(problem.duties), {row.name: row.codes for row in roster.rows}
    found = np.full((len(problem.people), problem.days), OFF)
    for i, person in enumerate(problem.people):
        for date_of, code in zip(roster.dates, rows.get(person.name, ()), strict=False):
            day = (date_of - first).days
            if 0 <= day < problem.days and (duty := codes.duty(day, code)) is not None:
                found[i, day] = problem.index[duty]
    return found


def moment(illness: Illness, minute: int) -> datetime:
    """A minute of the answer as a moment."""
    return illness.first + timedelta(minutes=minute)
