"""Who is on duty in a hall by the half-hour, and what is left of them in a shift that nobody takes."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from optimizer.staffing.need.own_seats import fresh_calls
from optimizer.staffing.planning.by_skill.as_city import as_city
from optimizer.staffing.planning.city_roster.from_table import Codes
from optimizer.staffing.planning.city_roster.own_shifts import others_on_duty
from optimizer.staffing.planning.city_roster.rostering import problem_of
from optimizer.staffing.planning.city_roster.table_shifts import shifts_by_code
from optimizer.staffing.planning.horizon import SLOTS, STEP
from optimizer.staffing.planning.on_duty.presence import in_half_hours
from optimizer.staffing.revising.added_duties import Span
from optimizer.staffing.rosters.evaluate import people_there
from optimizer.staffing.rosters.problem import OFF, Ints, Problem, cover_by_interval
from sim.scenario.people import Roster
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job, setting_of

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class OnDuty:
    """[half-hours] people there for the whole of each, from the first midnight on."""

    at_work: Ints       # those at a meal too
    at_phones: Ints
    leaders: Ints       # of those at work

    def __add__(self, other: OnDuty) -> OnDuty:
        return OnDuty(self.at_work + other.at_work, self.at_phones + other.at_phones, self.leaders + other.leaders)

    def __sub__(self, other: OnDuty) -> OnDuty:
        return OnDuty(self.at_work - other.at_work, self.at_phones - other.at_phones, self.leaders - other.leaders)


@dataclass(frozen=True)
class Hall:
    """A hall as it was planned. Those at the telephone, and at work, answer some of what the one who is ill answers;
    who leads may answer anything."""

    planned: OnDuty
    others: OnDuty      # of them, beside those who may take the shift
    calls: Bools        # [half-hours] whether anybody is expected to call
    leaders: int        # that are wanted wherever anybody is at work

    @property
    def wanted(self) -> Ints:
        """[half-hours] leaders, no more than were planned."""
        return np.minimum(self.leaders, self.planned.leaders)


@dataclass(frozen=True)
class Left:
    """What is left in a shift; spans in minutes after the first midnight."""

    at_work: int                    # people, in the emptiest half-hours
    at_work_in: tuple[Span, ...]
    at_phones: int                  # likewise, without those at a meal
    at_phones_in: tuple[Span, ...]
    nobody: tuple[Span, ...]        # when people call, nobody is at the telephone and somebody was planned
    leaderless: tuple[Span, ...]    # when leaders are lacking who were planned


def hall_of(scenario: Scenario, city: str, classes: Collection[str], first: date, those: OnDuty) -> Hall:
    """The hall of people who answer any of some classes.

    :param classes: none stands for all.
    :param those: the people of the roster who may take the shift.
    """
    wanted, groups = set(classes or scenario.classes), scenario.groups(city)
    some = [key for key, group in groups.items() if wanted & set(scenario.answered_by(group) or scenario.classes)]
    here, everybody = (on_duty_of(scenario, city, keys, first) for keys in (some, list(groups)))
    planned = OnDuty(here.at_work, here.at_phones, everybody.leaders)
    return Hall(planned, planned - those, calls_of(scenario, city, wanted), int(scenario.staffing_terms.leaders))


def calls_of(scenario: Scenario, city: str, classes: Collection[str]) -> Bools:
    """[half-hours] whether anybody is expected to call, from the day before the horizon on."""
    setting = setting_of(Job.of(scenario, "kernel", 0))
    queues = [q for q, queue in enumerate(setting.names.queues) if queue[0] == city and queue[1] in classes]
    return np.concatenate((np.zeros(SLOTS, bool),
                           in_half_hours(scenario, fresh_calls(setting)[:, queues].sum(axis=1)).ravel() > 0))


def on_duty_of(scenario: Scenario, city: str, groups: Collection[str], first: date) -> OnDuty:
    """Of some groups, by the roster and by shifts of their own; who of the latter is at a meal is not at work."""
    some = as_city(scenario, city, groups)
    days, shifts = (scenario.horizon.end.date() - first).days, tuple(shifts_by_code(some, city).values())
    problem = problem_of(some, city, shifts, np.zeros((days, SLOTS), np.int64), first)
    roster = some.workforce(city).roster
    rostered = on_duty(problem, assigned(problem, roster, first) if roster else np.full((0, days), OFF))
    own = np.rint(in_half_hours(scenario, others_on_duty(some, city))).astype(np.int64).ravel()
    others = np.concatenate((np.zeros(SLOTS, np.int64), own))
    return rostered + OnDuty(others, others, np.zeros_like(others))


def on_duty(problem: Problem, roster: Ints) -> OnDuty:
    """Of a roster [people, days]."""
    nobody = np.zeros((problem.days, SLOTS), np.int64)
    used = [problem.duties[k] for k in np.unique(roster[roster != OFF])]
    at_work = cover_by_interval(nobody, [replace(duty, breaks=()) for duty in used], 0.0, 0.0)
    rows = (*at_work, *cover_by_interval(nobody, used, 0.0, 0.0),
            *(replace(row, leaders=True) for row in at_work))
    return OnDuty(*people_there(replace(problem, cover=rows), roster).reshape(3, -1))


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


def left_of(hall: Hall, problem: Problem, roster: Ints, shift: Span) -> Left:
    """What is left in the half-hours of a shift with a roster [people, days] of those who may take it."""
    there = hall.others + on_duty(problem, roster)
    inside = np.zeros(len(hall.calls), bool)
    inside[-(-shift[0] // STEP):max(shift[1] // STEP, shift[0] // STEP + 1)] = True
    nobody = inside & (there.at_phones <= 0) & hall.calls & (hall.planned.at_phones > 0)
    return Left(*fewest(there.at_work, inside), *fewest(there.at_phones, inside), spans(nobody),
                spans(inside & (there.leaders < hall.wanted)))


def fewest(people: Ints, inside: Bools) -> tuple[int, tuple[Span, ...]]:
    """In the emptiest half-hours, and when these are."""
    least = int(people[inside].min(initial=people.max()))
    return least, spans(inside & (people == least))


def spans(chosen: Bools) -> tuple[Span, ...]:
    """Half-hours as times, those that follow each other as one."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], chosen.astype(np.int8), [0]))))
    return tuple((int(start) * STEP, int(end) * STEP) for start, end in edges.reshape(-1, 2))
