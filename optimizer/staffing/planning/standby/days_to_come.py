"""The days that may come to a roster: busy and quiet ones, and who of those on duty is absent; each a replication.

On each of them the target is kept over the day as a whole, or it is missed. Seats are those at the telephone. Slots are
half-hours of the horizon. Absence is drawn by name and day, so that more people change nobody's luck.
"""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from optimizer.staffing.need.own_seats import Steps, count, own_seats, part
from optimizer.staffing.need.target import A_HAIR, COUNTS, OFFERED, Target, ratio
from optimizer.staffing.planning.horizon import SLOTS, STEP
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.rosters.problem import OFF, Ints, Problem, intervals_at_work
from sim.core import draws
from sim.core.arrays import Floats
from sim.scenario.scenario import Scenario
from sim.studies.executors import all_of
from sim.studies.replication import Job
from sim.world.build import name_key
from sim.world.callers import in_64_bits
from sim.world.people import Staffing, half_up

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DaysToCome:
    """What a roster meets. Days count from the first of the horizon, rosters from the day before."""

    scenario: Scenario      # with the roster in it
    city: str
    target: Target          # over a day
    problem: Problem
    roster: Ints            # [people, days of the problem]
    first: date             # of the problem
    seed: int
    executor: Executor

    @cached_property
    def presence(self) -> Presence:
        return Presence.of(self.scenario, self.city)

    @cached_property
    def job(self) -> Job:
        return Job.of(self.scenario, "kernel", self.seed)

    @cached_property
    def seats(self) -> Ints:
        """[slots] own seats to be expected."""
        steps = Steps.of(self.scenario, STEP * 60)
        return own_seats(part(self.job, (self.city,)), (self.city,), steps)[:, 0]

    @property
    def days(self) -> int:
        return len(self.seats) // SLOTS

    @cached_property
    def most(self) -> int:
        """Seats at the telephone for which there are workplaces."""
        return int(self.presence.workplaces * self.presence.at_the_phone + A_HAIR)

    # --- who is absent ------------------------------------------------------------------------------------------------

    @cached_property
    def chances(self) -> Floats:
        """[people, days of the problem] that somebody does not come."""
        t = self.scenario.horizon.times
        staffing, groups = Staffing(self.scenario, t, self.scenario.effects), self.scenario.groups(self.city)
        away = {name: staffing.absence(self.city, group.absence) for name, group in groups.items()}
        noons = [min(t.first_from(t.begin(0) + timedelta(days=day, hours=12)), t.number - 1)
                 for day in range(-1, self.problem.days - 1)]
        return np.array([away[person.group][noons] for person in self.problem.people])

    @cached_property
    def at_work(self) -> Floats:
        """[duties, slots of two days] 1 in those in which somebody who has the duty is at work."""
        found = np.zeros((len(self.problem.duties), 2 * SLOTS))
        for k, duty in enumerate(self.problem.duties):
            found[k, intervals_at_work(duty, STEP)] = 1.0
        return found

    def absent(self, replication: int) -> Bools:
        """[people, days of the problem]"""
        run = draws.run_key(np.uint64(in_64_bits(self.seed)), np.uint64(replication))
        people = np.array([name_key(self.city, person.name) for person in self.problem.people], np.uint64)
        days = np.array([(self.first + timedelta(days=day)).toordinal() for day in range(self.problem.days)], np.uint64)
        drawn = np.empty((len(days), len(people)))
        draws.uniforms(run, people, days, draws.AWAY, drawn)
        return np.asarray(self.chances > drawn.T)

    def seats_on(self, replication: int) -> Ints:
        """[slots] own seats, with those absent who are."""
        more: Floats = self.absent(replication) - self.chances      # than is to be expected
        away = np.zeros((self.problem.days + 1) * SLOTS)
        for day, row in enumerate(self.roster.T):
            there = row != OFF
            by_duty = np.bincount(row[there], more[there, day], len(self.problem.duties))
            away[day * SLOTS:(day + 2) * SLOTS] += by_duty @ self.at_work
        return half_up(self.seats - away[SLOTS:-SLOTS] * self.presence.at_the_phone)

    # --- what becomes of them -----------------------------------------------------------------------------------------

    def counts(self, seats: Sequence[Ints], replications: Sequence[int]) -> Ints:
        """[replications, days, slots of a day, COUNTS] with [slots] seats in each."""
        every = STEP * 60 // self.scenario.horizon.interval_s
        units = [(self.job, (self.city,), every, one[:, None], self.target, r)
                 for one, r in zip(seats, replications, strict=True)]
        return np.array(all_of(self.executor, count, units)).reshape(len(units), self.days, SLOTS, len(COUNTS))

    def keeps(self, counts: Ints) -> Bools:
        """[...] whether every promise is kept, from [..., COUNTS]."""
        held = [ratio(*self.target.parts(counts, promise)) >= goal - A_HAIR
                for promise, goal in self.target.promises.items()]
        return np.asarray(np.all(held, axis=0), np.bool_)

    def lost(self, counts: Ints) -> Floats:
        """[...] calls by which promises are missed: the most of them."""
        of_each = [goal * whole - good for promise, goal in self.target.promises.items()
                   for good, whole in [self.target.parts(counts, promise)]]
        return np.asarray(np.maximum(np.max(of_each, axis=0), 0.0)) * (counts[..., OFFERED] > 0)
