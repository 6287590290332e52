"""A scenario's cities with other seats of their own, and what happens then: the door into the simulation.

Seats here are those at the telephone, breaks taken off. Cities that cannot touch those asked for are left out. A city's
name stands for its seats for all callers; seats for some classes have names of their own, as pools have them.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from optimizer.staffing.need.target import COUNTS, Target
from sim.core import arrays
from sim.core.arrays import ABANDONED, NO_LIMIT, Floats, Ints, Setting
from sim.measures import counts
from sim.scenario.intervals import DAY_S
from sim.scenario.people import city_of_pool
from sim.scenario.scenario import Scenario
from sim.studies.replication import SETTINGS, Job, outcomes_in, setting_of
from sim.world.components import linked_to, part_of
from sim.world.distributions import mean_s
from sim.world.people import half_up

MOST_AGAIN = 0.9  # of the answered who call again: with more the callers of a day would have no end


@dataclass(frozen=True)
class Steps:
    """The staffing intervals of a horizon: equal, each of some intervals of the simulation."""

    start: datetime
    step_s: int
    number: int
    every: int      # intervals of the simulation in one
    day: tuple[int, ...]  # of each step: the day on which it begins, from 0

    @classmethod
    def of(cls, scenario: Scenario, step_s: int | None) -> Steps:
        """:raises ValueError: for steps that are no multiple of the scenario's interval, or that do not fit."""
        horizon = scenario.horizon
        step = horizon.interval_s if step_s is None else step_s
        length = horizon.intervals * horizon.interval_s
        if step <= 0 or step % horizon.interval_s or length % step or DAY_S % step:
            raise ValueError(f"step_s must be a multiple of the scenario's interval of {horizon.interval_s} s that "
                             f"divides a day and the horizon, got {step}")
        begin = [horizon.start + timedelta(seconds=k * step) for k in range(length // step)]
        return cls(horizon.start, step, len(begin), step // horizon.interval_s,
                   tuple((at.date() - horizon.start.date()).days for at in begin))

    @property
    def starts(self) -> list[datetime]:
        """[K] when each begins."""
        return [self.start + timedelta(seconds=k * self.step_s) for k in range(self.number)]





@lru_cache(SETTINGS)
def part(job: Job, cities: tuple[str, ...]) -> Setting:
    """The world of these cities and all that hang together with them."""
    setting = setting_of(job)
    linked = linked_to(setting.world, [setting.names.cities.index(city_of_pool(name)) for name in cities])
    return setting if len(linked) == len(setting.names.cities) else part_of(setting, linked)


def own_pools(setting: Setting, cities: tuple[str, ...]) -> list[int]:
    """The pool of each city's own seats."""
    place = {pool.name: p for p, pool in enumerate(setting.names.pools) if pool.kind == "own"}
    return [place[name] for name in cities]


def queues_of(setting: Setting, cities: tuple[str, ...]) -> list[Ints]:
    """Of each of these seats the queues by which they are judged: those of their city that they answer, but for those
    that others of these seats answer who answer fewer."""
    answered = [queues_of_home(setting, pool) for pool in own_pools(setting, cities)]
    is_taken = np.zeros(len(setting.world.queue_city), bool)
    found: list[Ints] = [queues[:0] for queues in answered]
    for c in sorted(range(len(cities)), key=lambda c: len(answered[c])):
        found[c] = answered[c][~is_taken[answered[c]]]
        is_taken[found[c]] = True
    return found


def queues_of_home(setting: Setting, pool: int) -> Ints:
    """The queues of its own city that a pool answers."""
    world, home = setting.world, setting.world.pool_home[pool]
    queues = np.sort(world.edge_queue[world.pool_first[pool]:world.pool_first[pool + 1]])
    return np.asarray(queues[world.queue_city[queues] == home])


def own_seats(setting: Setting, cities: tuple[str, ...], steps: Steps) -> Ints:
    """[K, C] the most seats that each city itself has open in each step, as the scenario says."""
    seats = setting.world.seats[:, own_pools(setting, cities)]
    return np.asarray(seats.reshape(steps.number, steps.every, -1).max(axis=1))


def workplaces(scenario: Scenario, cities: tuple[str, ...], seats: Ints) -> Ints:
    """[K, C] workplaces for so many seats: who is on a break keeps the own."""
    at_the_phone = np.array([max(1 - float(scenario.cities[city_of_pool(name)].shrinkage), 1e-9) for name in cities])
    return np.asarray(np.ceil(seats / at_the_phone - 1e-9).astype(np.int64))


def lines_brought(scenario: Scenario, cities: tuple[str, ...], seats: Ints) -> Ints:
    """[K, C] lines that workplaces beyond a city's own bring, where lines go by workplaces. Of several seats of a city
    the last ones are beyond."""
    homes = [scenario.cities[city_of_pool(name)] for name in cities]
    per_seat = [float(city.lines_per_seat or 0) if city.lines is None else 0.0 for city in homes]
    needed, own = workplaces(scenario, cities, seats), np.array([float(city.seats) for city in homes])
    before, so_far = np.zeros(needed.shape), dict[str, Floats]()
    for c, name in enumerate(map(city_of_pool, cities)):
        before[:, c] = so_far.get(name, 0)
        so_far[name] = before[:, c] + needed[:, c]
    return half_up((np.maximum(before + needed - own, 0) - np.maximum(before - own, 0)) * per_seat)


def with_own_seats(setting: Setting, scenario: Scenario, cities: tuple[str, ...], seats: Ints, every: int) -> Setting:
    """A world whose cities have these seats of their own, [K, C], and the lines that these bring along."""
    world = setting.world
    table, lines = world.seats.copy(), world.lines.copy()
    table[:, own_pools(setting, cities)] = np.repeat(seats, every, axis=0)
    more = np.repeat(lines_brought(scenario, cities, seats), every, axis=0)
    for c, name in enumerate(cities):
        mine = lines[:, setting.names.cities.index(city_of_pool(name))]
        mine[:] = np.where(mine < NO_LIMIT, mine + more[:, c], NO_LIMIT)
    return setting._replace(world=world._replace(seats=table, lines=lines))


def count(job: Job, cities: tuple[str, ...], every: int, seats: Ints, target: Target, replication: int) -> Ints:
    """[K, C, COUNTS] of one replication with these own seats, [K, C]."""
    setting = with_own_seats(part(job, cities), job.scenario, cities, seats, every)
    short_counts = target.of == "short hang-ups left out"
    outcomes = outcomes_in(setting, job, replication, keep_calls=short_counts)
    counted = counts.count(setting, outcomes, target.within_s)
    each = np.zeros((*outcomes.waiting.shape, len(COUNTS)), np.int64)
    dials, flows = outcomes.flows[..., arrays.DIALS], outcomes.flows
    columns = (dials - flows[..., arrays.DIALS_BOT], flows[..., arrays.DIALS_ANSWERED],
               counted.answered[..., counts.WITHIN], short_hang_ups(setting, outcomes.calls, target.short_s), dials,
               flows[..., arrays.CALLERS], flows[..., arrays.CALLERS_ANSWERED])
    for c, column in enumerate(columns):
        each[..., c] = column
    mine = np.stack([each[:, queues].sum(axis=1) for queues in queues_of(setting, cities)], axis=1)
    return np.asarray(mine.reshape(len(seats), every, len(cities), len(COUNTS)).sum(axis=1))


def short_hang_ups(setting: Setting, calls: arrays.Records, short_s: float) -> Ints:
    """[I, Q] hang-ups after less than so long, by the interval of the dial; 0 where calls were not kept."""
    found = np.zeros((len(setting.world.moment_key), len(setting.names.queues)), np.int64)
    short = calls[(calls["outcome"] == ABANDONED) & (calls["waited_ms"] < short_s * 1000)]
    np.add.at(found, (short["dialled_ms"] // setting.world.interval_ms, short["queue"]), 1)
    return found


def fresh_calls(setting: Setting) -> Floats:
    """[I, Q] people to expect who dial for the first time: without those whom another channel or the bot takes, and
    with those who call again on a later day, as if everybody had been answered."""
    w = setting.world
    reach = (1 - w.away / arrays.ONE) * (1 - w.bot / arrays.ONE)
    return np.asarray(setting.demand.mean * reach / (1 - np.minimum(w.unsettled / arrays.ONE, MOST_AGAIN)))


def handle_s(setting: Setting) -> Floats:
    """[Q] how long a seat of the city's own is busy with a call: a millisecond at the least."""

    w = setting.world

    def mean(law: int) -> float:
        return mean_s(w.law_ms[law * arrays.LAW:(law + 1) * arrays.LAW]) if law >= 0 else 0.0

    own = set(own_pools(setting, setting.names.cities))
    speed = {int(q): pm / arrays.PER_MILLE for p, q, pm in zip(w.edge_pool, w.edge_queue, w.edge_speed_pm, strict=True)
             if int(p) in own and setting.names.pools[p].home == setting.names.queues[q][0]}
    return np.array([max((mean(talk) + mean(wrap_up)) * speed.get(q, 1.0), 0.001)
                     for q, (talk, wrap_up) in enumerate(zip(w.talk, w.wrap_up, strict=True))])
