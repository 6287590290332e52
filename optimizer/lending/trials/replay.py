"""Simulates what was promised: counts by city and block, on the same luck with and without a plan."""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from optimizer.lending.inputs.province import Province
from optimizer.lending.settings import ABSENCES, CALLERS_SENT, MOST_SENT
from sim.core import arrays
from sim.core.arrays import Ints, Setting
from sim.measures import counts
from sim.measures.counts import Counted
from sim.measures.facts import Period
from sim.scenario.lever import Guests
from sim.scenario.people_levers import CallIn
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.studies.checkpoint import Checkpoint
from sim.studies.executors import all_of
from sim.studies.replication import SETTINGS, Job, outcomes_in, setting_of
from sim.world.components import linked_to, part_of

COUNTS = ("dials", "answered", "within", "callers", "callers_answered")
DIALS, ANSWERED, WITHIN, CALLERS, CALLERS_ANSWERED = range(len(COUNTS))


@dataclass(frozen=True)
class Counts:
    """[replications, cities, blocks, COUNTS] of a scenario. Dials count in the block in which they were dialled."""

    cities: tuple[str, ...]
    values: Ints

    def of(self, city: str, what: int) -> Ints:
        """[replications, blocks]"""
        return self.values[:, self.cities.index(city), :, what]

    def and_more(self, more: Counts) -> Counts:
        """With further replications."""
        return Counts(self.cities, np.concatenate([self.values, more.values]))

    def first(self, replications: int) -> Counts:
        return Counts(self.cities, self.values[:replications])

    @property
    def people(self) -> Ints:
        """[replications] people answered, in all cities."""
        return np.asarray(self.values[..., CALLERS_ANSWERED].sum(axis=(1, 2)))

    @property
    def replications(self) -> int:
        return len(self.values)


def count(job: Job, replication: int, blocks: tuple[Period, ...], touched: frozenset[str]) -> Ints:
    """[cities, blocks, COUNTS] of one replication, in the cities that are touched and all that hang together with them;
    NOT_SEEN elsewhere."""
    cities, setting = part(job, touched)
    outcomes = outcomes_in(setting, job, replication)
    found = np.full((len(job.scenario.cities), len(blocks), len(COUNTS)), NOT_SEEN, np.int32)
    found[cities] = by_block(setting, counts.count(setting, outcomes, float(job.scenario.answered_within)), blocks)
    return found


@lru_cache(SETTINGS)
def part(job: Job, touched: frozenset[str]) -> tuple[Ints, Setting]:
    """Some cities of a job's world and all that hang together with them, and their world."""
    setting = setting_of(job)
    cities = linked_to(setting.world, [c for c, name in enumerate(setting.names.cities) if name in touched])
    return cities, setting if len(cities) == len(setting.names.cities) else part_of(setting, cities)


def by_block(setting: Setting, found: Counted, blocks: tuple[Period, ...]) -> Ints:
    """[cities, blocks, COUNTS]"""
    each = np.insert(found.outcomes.flows[..., FLOWS_COUNTED], WITHIN, found.answered[..., counts.WITHIN], axis=2)
    of_block = np.add.reduceat(each, [block.first for block in blocks], axis=0)  # [blocks, Q, COUNTS]
    cities = np.zeros((len(setting.names.cities), *of_block.shape[::2]), np.int64)
    np.add.at(cities, setting.world.queue_city, of_block.transpose(1, 0, 2))
    return cities


NOT_SEEN = -1  # a count of what was not simulated
FLOWS_COUNTED = [arrays.DIALS, arrays.DIALS_ANSWERED, arrays.CALLERS, arrays.CALLERS_ANSWERED]


@dataclass
class ReplicationCache:
    """What scenarios do on one luck. No replication of any is simulated twice, nor cities that do as without
    help."""

    seed: int
    province: Province
    executor: Executor | None = None
    kept: Checkpoint = field(default_factory=lambda: Checkpoint(None))  # on disk, for a command that goes on
    known: dict[Job, Counts] = field(default_factory=dict)

    def of(self, scenarios: Sequence[Scenario], replications: int) -> list[Counts]:
        """Counts of each of them, in so many replications."""
        alone, *jobs = [Job.of(one, "kernel", self.seed) for one in (self.province.scenario, *scenarios)]
        for have in sorted({self.have(job) for job in (alone, *jobs) if self.have(job) < replications}):
            new = [job for job in dict.fromkeys((alone, *jobs)) if self.have(job) == have]
            for job, more in self.further(new, range(have, replications), alone).items():
                self.known[job] = self.known[job].and_more(more) if have else more
        same = self.known[alone].first(replications).values
        return [Counts(self.known[job].cities, np.where(values == NOT_SEEN, same, values))
                for job in jobs for values in [self.known[job].first(replications).values]]

    def further(self, jobs: Sequence[Job], replications: range, alone: Job) -> dict[Job, Counts]:
        """Counts of further replications of some jobs: those that are on disk, and all others simulated."""
        found = {job: counts for job in jobs if (counts := self.on_disk(job, replications)) is not None}
        new = [job for job in jobs if job not in found]
        simulated = simulate(new, self.province.blocks, replications, self.executor, alone,
                             self.each) if new else []
        for job, counts in zip(new, simulated, strict=True):
            self.kept.write(file_of(job, replications), {"values": counts.values})
        return found | dict(zip(new, simulated, strict=True))

    def on_disk(self, job: Job, replications: range) -> Counts | None:
        """What was simulated before, where it is whole."""
        folder = self.kept.folder
        arrays = None if folder is None else self.kept.read(folder / file_of(job, replications))
        return None if arrays is None else Counts(tuple(job.scenario.cities), arrays["values"])

    @property
    def each(self) -> int:
        """Replications that a worker is sent at once."""
        callers = sum(float(city.callers.sum()) for city in self.province.cities.values())
        return max(1, min(int(CALLERS_SENT / max(callers, 1.0)), MOST_SENT))

    def have(self, job: Job) -> int:
        return self.known[job].replications if job in self.known else 0


def file_of(job: Job, replications: range) -> str:
    return f"{job.name}-{replications.start}-{replications.stop}.npz"


def simulate(jobs: Sequence[Job], blocks: Sequence[Period], replications: range,
             executor: Executor | None = None, beside: Job | None = None, each: int = 1) -> list[Counts]:
    """Counts of several scenarios, each in the same replications. Those as many are absent in go one after another, so
    that a worker has their worlds at hand.

    :param beside: what would be simulated of each of them as it is in this one is NOT_SEEN.
    :param each: replications that a worker is sent at once.
    """
    steps = [[r for r in replications if r % ABSENCES == step] for step in range(ABSENCES)]
    pieces = [piece for alike in steps for piece in cut(alike, each)]
    seen = [touched(job, beside) for job in jobs]
    kinds = [[(staffed(job, step), cities) for job, cities in zip(jobs, seen, strict=True)] for step in range(ABSENCES)]
    units = [(job, piece, tuple(blocks), cities) for piece in pieces for job, cities in kinds[piece[0] % ABSENCES]]
    found, place = all_of(executor, count_some, units), np.argsort([r for piece in pieces for r in piece])
    return [Counts(tuple(job.scenario.cities), np.concatenate(found[j::len(jobs)])[place])
            for j, job in enumerate(jobs)]


def cut(replications: Sequence[int], each: int) -> list[tuple[int, ...]]:
    """Pieces of so many at the most."""
    return [tuple(replications[k:k + each]) for k in range(0, len(replications), each)]


def count_some(job: Job, replications: Sequence[int], blocks: tuple[Period, ...], touched: frozenset[str]) -> Ints:
    """[replications, cities, blocks, COUNTS] of some replications, at once: of small worlds sending takes longer than
    simulating."""
    return np.stack([count(job, r, blocks, touched) for r in replications])


def touched(job: Job, beside: Job | None) -> frozenset[str]:
    """Cities that lend, borrow or call people in, if that is all that a job's scenario adds to another one; otherwise
    all."""
    if beside is None or job == beside:
        return frozenset(job.scenario.cities)
    one, other = job.scenario, beside.scenario
    more = one.levers[len(other.levers):]
    known = [lever for lever in more if isinstance(lever, Guests | CallIn)]
    if len(known) < len(more) or one != other.model_copy(update={"levers": (*other.levers, *more)}):
        return frozenset(one.cities)
    return frozenset(city for lever in known for _, city in lever.cities_named())


def staffed(job: Job, replication: int) -> Job:
    """The job on a day on which as many agents are absent as in this replication: absence goes through its range."""
    step = replication % ABSENCES
    share = (step + 0.5) / ABSENCES
    cities = {name: city.model_copy(update={"absence": plain(low + (high - low) * share)})
              for name, city in job.scenario.cities.items() for low, high in [city.absence.range or (0.0, 0.0)] if high}
    if not cities:
        return job
    scenario = job.scenario.model_copy(update={"cities": job.scenario.cities | cities})
    return replace(job, name=f"{job.name}-absence-{step}", scenario=scenario)


def simulate_each(units: Sequence[tuple[Job, int]], blocks: Sequence[Period], executor: Executor | None = None) -> Ints:
    """[units, cities, blocks, COUNTS] of replications, each of a scenario of its own."""
    return counts_of([(job, r, tuple(blocks), frozenset(job.scenario.cities)) for job, r in units], executor)


def counts_of(units: Sequence[tuple[Job, int, tuple[Period, ...], frozenset[str]]], executor: Executor | None) -> Ints:
    """[units, cities, blocks, COUNTS]"""
    return np.stack(all_of(executor, count, units))
