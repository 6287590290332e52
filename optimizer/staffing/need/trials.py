"""Seats tried in simulation on common luck, the load that they face, and whether a target can be had at all."""
from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from optimizer.staffing.need.own_seats import Steps, count, fresh_calls, handle_s, part, queues_of
from optimizer.staffing.need.target import Target
from sim.core.arrays import Floats, Ints
from sim.scenario.messages import say
from sim.scenario.people import city_of_pool
from sim.scenario.problems import UserError
from sim.scenario.scenario import Scenario
from sim.studies.executors import all_of
from sim.studies.replication import Job, Tell, setting_of
from sim.world.components import parts

Columns = tuple[int, ...]
CONFIRMED, MOST_CONFIRMED = 4, 64  # times as many replications as of the search confirm, but no more than that
USUAL = 11    # times the replications that confirm, that are simulated in all, more or less
MARGIN = 1.0  # standard errors by which a target is to be kept on the luck of the search
PLENTY = 4.0  # times the load of a day as busy as this many standard deviations, at which nobody waits
FEWER, FEWEST = 4, 4  # times fewer replications, where a rough look is enough; but not fewer than that
AMPLE = 2.0   # standard deviations of the load beyond it with which the search begins


class TargetError(UserError):
    """A target that no number of seats meets: the message says where, and what could be had."""


@dataclass
class Trials:
    """Seats tried on common luck, and how often."""

    job: Job
    cities: tuple[str, ...]
    target: Target
    steps: Steps
    replications: int
    executor: Executor
    tell: Tell
    margin: float = MARGIN
    rounds: int = 0
    simulated_so_far: int = 0  # replications
    last: dict[Columns, tuple[Any, Ints]] = field(default_factory=dict)  # by part: what was tried last, and its counts

    @classmethod
    def of(cls, scenario: Scenario, cities: str | Sequence[str] | None, target: Target, step_s: int | None, seed: int,
           replications: int, executor: Executor, tell: Tell | None) -> Trials:
        names = tuple(scenario.cities) if cities is None else (cities,) if isinstance(cities, str) else tuple(cities)
        known = scenario.own_pools
        for name in names:
            if name not in known:
                raise KeyError(name)
        if replications < 1:
            raise ValueError(f"replications must be at least 1, got {replications}")
        job = Job.of(scenario, "kernel", seed)
        part(job, names)  # built once, before other processes begin
        return cls(job, names, target, Steps.of(scenario, step_s), replications, executor, tell or (lambda done: None))

    @property
    def few(self) -> range:
        """Replications of a rough look."""
        return range(min(max(self.replications // FEWER, FEWEST), self.replications))

    @property
    def searching(self) -> range:
        """Those of the search."""
        return range(self.replications)

    @property
    def confirming(self) -> range:
        """Those of the search and others, on which it ends."""
        return range(max(self.replications, min(CONFIRMED * self.replications, MOST_CONFIRMED)))

    @property
    def unseen(self) -> range:
        """As many that prove what was found."""
        return range(len(self.confirming), 2 * len(self.confirming))

    def margin_on(self, which: range) -> float:
        """Standard errors on so many replications that are as much as the margin on those that confirm."""
        return self.margin * math.sqrt(len(which) / len(self.confirming))

    def counts(self, seats: Ints, replications: range | None = None) -> Ints:
        """[replications, K, C, COUNTS] with these seats, [K, C]. Cities whose seats are as they were last are not
        simulated again."""
        which = self.searching if replications is None else replications
        keys = {columns: (which, seats[:, columns].tobytes()) for columns in self.parts}
        changed = [columns for columns, key in keys.items() if key != self.last.get(columns, (None,))[0]]
        for columns, found in zip(changed, self.simulated(seats, changed, which), strict=True):
            self.last[columns] = keys[columns], found
        self.rounds += 1
        self.simulated_so_far += len(which)
        self.tell(min(self.simulated_so_far / (USUAL * len(self.confirming)), 1.0))
        order = np.argsort(np.concatenate([np.array(columns) for columns in self.parts]))
        return np.asarray(np.concatenate([self.last[columns][1] for columns in self.parts], axis=2)[:, :, order])

    def simulated(self, seats: Ints, parts: Sequence[Columns], which: range) -> list[Ints]:
        """[replications, K, columns, COUNTS] of each of some parts."""
        columns = [column for one in parts for column in one]
        names = tuple(self.cities[column] for column in columns)
        units = [(self.job, names, self.steps.every, seats[:, columns], self.target, r) for r in which]
        found = np.array(all_of(self.executor, count, units)) if units and columns else np.zeros(0)
        return np.split(found, np.cumsum([len(one) for one in parts])[:-1], axis=2) if columns else []

    @cached_property
    def parts(self) -> list[Columns]:
        """Columns of cities that hang together: no seat serves callers of two of these."""
        names, world = setting_of(self.job).names.cities, setting_of(self.job).world
        together = [{names[city] for city in one} for one in parts(world)]
        columns = [tuple(c for c, name in enumerate(self.cities) if city_of_pool(name) in one) for one in together]
        return [one for one in columns if one]

    def by_period(self, counts: Ints) -> Ints:
        """[replications, periods, C, COUNTS]: as the target has it."""
        if self.target.each == "interval":
            return counts
        first = [self.steps.day.index(day) for day in range(self.steps.day[-1] + 1)]
        return np.asarray(np.add.reduceat(counts, first, axis=1))

    @cached_property
    def load_of_queues(self) -> Floats:
        """[K, Q] calls that would be talked about at once if seats had no end, from all who call once: those of the
        interval and the rest of those before it; the highest of a staffing interval."""
        setting = part(self.job, self.cities)
        every, handle = setting.world.interval_ms / 1000, handle_s(setting)
        rates = fresh_calls(setting) * handle / every
        load, now = np.empty_like(rates), rates[0]
        for i, rate in enumerate(rates):
            now = rate + (now - rate) * np.exp(-every / handle)
            load[i] = now
        return np.asarray(load.reshape(self.steps.number, self.steps.every, -1).max(axis=1))

    def of_cities(self, values: Floats) -> Floats:
        """[K, C] values of queues, [K, Q], added up by city."""
        setting = part(self.job, self.cities)
        return np.stack([values[:, queues].sum(axis=1) for queues in queues_of(setting, self.cities)], axis=1)

    @cached_property
    def load(self) -> Floats:
        """[K, C] of all classes of a city."""
        return self.of_cities(self.load_of_queues)

    @cached_property
    def spread(self) -> Floats:
        """[K, C] how far the load strays, by chance and as days differ."""
        cv = part(self.job, self.cities).demand.busyness_cv
        return np.asarray(np.maximum(np.sqrt(self.load + self.of_cities((cv * self.load_of_queues)**2)), 0.7))

    @cached_property
    def ample(self) -> Ints:
        """[K, C] seats to begin with."""
        return np.asarray(np.ceil(self.load + AMPLE * self.spread + 1), np.int64)

    @cached_property
    def plenty(self) -> Ints:
        """[K, C] seats with which nobody waits for one."""
        highest = PLENTY * (self.load.max(axis=0) + PLENTY * self.spread.max(axis=0) + 10)
        return np.asarray(np.ceil(np.broadcast_to(highest, self.load.shape)), np.int64)


def refuse_what_cannot_be_had(trials: Trials) -> None:
    """:raises TargetError: where seats without end do not keep the target."""
    counts = trials.by_period(trials.counts(trials.plenty, range(max(trials.replications // FEWER, 1))))
    target = trials.target
    for promise, goal in target.promises.items():
        best = target.level(counts, promise)
        k, c = np.unravel_index(np.argmin(best), best.shape)
        if best[k, c] < goal:
            first = int(k) if target.each == "interval" else trials.steps.day.index(int(k))
            raise TargetError(say(
                "no number of seats keeps this target: in {city} at {when:%Y-%m-%d %H:%M} at most {best:.1%} can be "
                "had, and {goal:.1%} is asked for", city=trials.cities[int(c)], when=trials.steps.starts[first],
                best=float(best[k, c]), goal=goal))
