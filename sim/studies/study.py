"""Studies: many replications of a scenario and its variants, all on the same luck."""
from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd

from sim.core.arrays import Floats
from sim.core.engines import EngineName
from sim.core.sources import sources_hash
from sim.measures.metrics import reach
from sim.measures.statistics import CONFIDENCE, Figure, Precision, RunningStats, so_far
from sim.scenario.problems import nearest
from sim.scenario.scenario import BASE, Scenario
from sim.studies import executors
from sim.studies.checkpoint import Arrays, Checkpoint
from sim.studies.executors import Here, Processes, Workers
from sim.studies.own import Metrics, Own, own_of
from sim.studies.replication import KEPT, Batch, Finding, Job, Tell, calls_of, replicate_each, setting_of
from sim.studies.result import PARTS, Result
from sim.world.routing import Policy

FEWEST, MOST = 10, 1000
LOOK_FROM, GO_ON = 32, 1.25  # replications from which an interval may be narrow enough, and how far to go on then
PIECE_S, PIECES = 0.5, 4  # a piece of work for another process, and how many each has at least
POOL_FROM_S = 3.0  # less work than this is done here, before a pool has begun
CALLER_S = 0.25e-6  # what simulating and counting one caller takes at least, on the machines that we know


@dataclass
class Study:
    """Results by variant, the first being that which others are compared with."""

    results: dict[str, Result]
    differences: dict[str, dict[str, RunningStats]] = field(default_factory=dict)
    """By variant and level: it minus the first."""
    capped: bool = False  # what the study went on for was not reached within the most replications
    checkpoint: Checkpoint = field(default_factory=lambda: Checkpoint(None))  # keeps what is finished

    @classmethod
    def of(cls, jobs: dict[str, Job]) -> Study:
        alike = {job: Result(job) for job in dict.fromkeys(jobs.values())}
        results = {name: alike[job] for name, job in jobs.items()}
        levels = next(iter(results.values())).levels
        return cls(results, {name: {level: RunningStats.like(levels[level].shape) for level in KEPT}
                             for name in list(jobs)[1:]})

    @property
    def simulated(self) -> list[str]:
        """The variants that differ in what they do: those of the same levers share a result."""
        return [name for name, result in self.results.items() if self.same_as(name) == name]

    def same_as(self, name: str) -> str:
        """The first variant that does the same."""
        return next(other for other, result in self.results.items() if result is self.results[name])

    @property
    def first(self) -> Result:
        return next(iter(self.results.values()))

    @property
    def replications(self) -> int:
        return self.first.replications

    def add(self, findings: dict[str, Finding]) -> None:
        """One replication of every variant that is simulated."""
        first = next(iter(findings.values()))
        for name, finding in findings.items():
            self.results[name].add(finding)
        for name, levels in self.differences.items():
            for level, moments in levels.items():
                moments.add(minus(self, name, level, findings[self.same_as(name)], first))

    def difference(self, variant: str, metric: str, scope: str = "province", level: str = "whole", period: int = 0,
                   confidence: float = CONFIDENCE) -> Figure:
        """A variant minus the first, paired: both met the same people. Student's interval, in the metric's unit.

        :raises KeyError: for an unknown variant, metric or scope.
        """
        first = self.first
        place = (first.metric_index(metric), first.levels[level].scope_index(scope), period)
        change = Figure.of(self.differences[variant][level], place, confidence)
        return change.within(*reach(first.unit_of(metric), change=True))

    def table(self, variant: str, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """A variant minus the first, paired, as the tables of results are: the whole, each day, each interval."""
        first = self.first
        scopes = pd.CategoricalDtype([scope.name for scope in first.levels["whole"].scopes])
        parts = [first.levels[name].table(self.differences[variant][name], first.within_s, confidence,
                                          change=True)
                 for name in KEPT if not (first.is_one_day and name == "day")]
        return pd.concat([part.astype({"scope": scopes}) for part in parts], ignore_index=True)

    def _repr_html_(self) -> str:
        from sim.studies import notebook
        values = {name: result.value for name, result in self.results.items()}
        changes = {name: partial(self.difference, name) for name in self.differences}
        return notebook.of_study(self.first.scenario, values, changes, self.replications)

    def add_calls(self) -> None:
        """Give each result its dials, one row each, of all replications: they are simulated once more."""
        for name in self.simulated:
            result = self.results[name]
            result.calls = pd.concat([calls_of(result.job, r) for r in range(result.replications)], ignore_index=True)

    def keep(self) -> None:
        """Keep what is finished on disk, where a folder was given for it."""
        self.checkpoint.keep(self.replications, self.arrays(), {})

    def forget(self) -> None:
        """Remove what was kept on disk: whoever wanted the study has it."""
        self.checkpoint.clear()

    def arrays(self) -> Arrays:
        """Everything that replications have left here, by name."""
        found = {f"{name}/{key}": array for name in self.simulated
                 for key, array in self.results[name].arrays().items()}
        return found | {f"{name} - first/{level} {part}": getattr(moments, part)
                        for name, levels in self.differences.items() for level, moments in levels.items()
                        for part in PARTS}

    def restore(self, arrays: Arrays) -> None:
        """As it was when ``arrays`` was called."""
        for name in self.simulated:
            self.results[name].restore({key.removeprefix(f"{name}/"): array for key, array in arrays.items()
                                        if key.startswith(f"{name}/")})
        for name, levels in self.differences.items():
            for level in levels:
                levels[level] = RunningStats(*(arrays[f"{name} - first/{level} {part}"] for part in PARTS))


Rule = Callable[[Study], bool]
Unit = tuple[tuple[int, ...], str]  # replications of a variant


def minus(study: Study, name: str, level: str, finding: Finding, first: Finding) -> Floats:
    """What a variant found minus what the first one did, for scopes that both have; nan for others."""
    mine, its = study.results[name].levels[level], study.first.levels[level]
    if [s.name for s in mine.scopes] == [s.name for s in its.scopes]:
        return finding.values[level] - first.values[level]
    found = np.full(its.shape, np.nan)
    known = {scope.name: i for i, scope in enumerate(mine.scopes)}
    for i, scope in enumerate(its.scopes):
        if scope.name in known:
            found[:, i] = finding.values[level][:, known[scope.name]] - first.values[level][:, i]
    return found


# --- running one -----------------------------------------------------------------------------------------------------

def simulate(scenario: Scenario, *, engine: EngineName = "kernel", replications: int = 10, seed: int = 1,
             keep_calls: bool = False, metrics: Metrics = (), policy: Policy | None = None,
             tell: Tell | None = None) -> Result:
    """Run a scenario, here.

    :param scenario: with its levers, which are applied in their order.
    :param replications: how often, each on other luck; the same seed meets the same people whatever the levers.
    :param keep_calls: keep one row a dial, of all replications, as ``calls``; they are simulated once more for it.
    :param metrics: functions of your own, as in ``study``.
    :param policy: a routing policy of your own, as in ``study``.
    :param tell: is told the share that is done.
    :return: figures by ``value``, samples by ``sample``, tidy tables by ``metrics``, ``intervals``, ``pools`` and
        ``helped``.
    :raises IdentityError: if a dial or a person was lost count of, which is a fault of ours.

    >>> from sim import load, simulate
    >>> result = simulate(load("two-cities"), replications=3)
    >>> rate = result.value("answer_rate_callers", "city:east")
    >>> print(f"{rate.mean:.3f}, 95 % interval {rate.low:.3f} to {rate.high:.3f}")
    0.782, 95 % interval 0.702 to 0.863
    """
    return study(scenario, [], replications=replications, engine=engine, seed=seed, workers=1, keep_calls=keep_calls,
                 metrics=metrics, policies={BASE: policy} if policy else {}, tell=tell).first


def study(scenario: Scenario, variants: Mapping[str, Scenario] | Sequence[str] | None = None, *,
          replications: int = FEWEST, precision: Precision | str | None = None, enough: Rule | None = None,
          most: int = MOST, seed: int = 1, engine: EngineName = "kernel", workers: Workers = None,
          folder: Path | None = None, keep_calls: bool = False, metrics: Metrics = (),
          policies: Mapping[str, Policy] | None = None, tell: Tell | None = None) -> Study:
    """Run a scenario and its variants, all on the same luck.

    The numbers are the same to the last digit whatever computes them, in however many parts, in whatever order.

    :param variants: what to compare the scenario with: names of its variants, or other scenarios by name that differ in
        nothing but levers; all variants that it has, if None.
    :param replications: how many; with a precision or a rule, how many at least.
    :param precision: such as "0.5pp" or "1%": go on until the answer rate of each city in focus, or with variants its
        difference from the scenario as it is, is known as exactly; ``most`` replications at the most.
    :param enough: go on until this says so of the replications added up so far, of which it must be a pure function.
    :param workers: processes, all cores, if None, once the work is worth it; 1: here. Or the address of a Dask cluster,
        or an executor.
    :param folder: keeps finished replications: an interrupted study goes on from there. ``forget`` empties it.
    :param keep_calls: keep one row a dial, of all replications, as ``calls`` of each result; they are simulated once
        more for it, here.
    :param metrics: functions of your own, with their units if you name them by a mapping ("1" for counts, "share", "s",
        "h"): from a ``Tally``, whose arrays are [scopes, periods], to such an array, nan where it has no meaning.
    :param policies: by variant ("base" is the scenario itself) a routing policy of your own instead of the one it
        names: from ``Seats``, ``Queue`` and the milliseconds that a call has to wait to an edge ``(rank, after_ms)``,
        or None where these seats may not serve this queue (``sim.world.routing`` has ours, and the rules).
    :param tell: is told the share that is done.
    :raises KeyError: for a variant that the scenario has not.
    :raises ValueError: for a number, a seed or an engine that makes no sense; for other scenarios of other days, cities
        or classes; for functions of your own that have no
        name, that other processes could not find, or with a folder, which would not know them again.
    :raises ClusterError: if a cluster can't be used, or is lost.

    >>> from sim import load, study
    >>> found = study(load("two-cities"), ["none"], replications=3, workers=1)
    >>> change = found.difference("none", "answer_rate_callers", "city:east")
    >>> print(f"{100 * change.mean:.1f} points, {100 * change.low:.1f} to {100 * change.high:.1f}")
    -2.3 points, -3.8 to -0.9
    """
    refuse_what_makes_no_study(replications, most, seed, engine, workers)
    seed, replications, most = int(seed), int(replications), int(most)
    if isinstance(precision, str):
        precision = Precision.read(precision)
    began = time.perf_counter()
    others = variants_of(scenario, variants)
    refuse_other_days_and_cities(scenario, others)
    own = own_of([BASE, *others], metrics, policies or {})
    workers = where_functions_are(own, workers, folder)
    jobs = {name: Job.of(s, engine, seed, own[name]) for name, s in ({BASE: scenario} | others).items()}
    going = Going(Study.of(jobs), replications, rules(precision, enough), max(most, replications), tell)
    going.study.checkpoint = Checkpoint(folder, key_of(scenario, others, seed, engine, replications, precision, most))
    going.resume()
    with ExitStack() as stack:
        going.work(going.worth_of_processes(workers, stack))
    if going.study.checkpoint.is_behind:
        going.store()
    for result in going.study.results.values():
        result.seconds = time.perf_counter() - began
    if keep_calls:
        going.study.add_calls()
    return going.study


def refuse_other_days_and_cities(scenario: Scenario, others: Mapping[str, Scenario]) -> None:
    """:raises ValueError: for scenarios that can't be compared."""
    for name, other in others.items():
        for part in ("horizon", "cities", "classes", "spotlight"):
            mine, its = (one.keys() if isinstance(one, dict) else one for one in
                         (getattr(scenario, part), getattr(other, part)))
            if mine != its:
                raise ValueError(f"{name} has other {part} than {scenario.name or 'the scenario'}: scenarios are "
                                 "compared on the same days and in the same cities")


def where_functions_are(own: Mapping[str, Own], workers: Workers, folder: Path | None) -> Workers:
    """Where to compute, if functions of an analyst are only in this process.

    :raises ValueError: if that is not where somebody wants it, or finished work is to be kept.
    """
    if not any(one.functions for one in own.values()):
        return workers
    if folder is not None:
        raise ValueError("a folder does not know functions of your own again: leave it out")
    if all(one.travels for one in own.values()) or isinstance(workers, Here):
        return workers
    if workers not in (None, 1):
        raise ValueError("other processes don't find functions of a script, a notebook or another function: write them "
                         "in a module, or leave workers out")
    return 1


def refuse_what_makes_no_study(replications: int, most: int, seed: int, engine: str, workers: Workers) -> None:
    """:raises ValueError: saying what is wrong. A study of 2.5 replications would be one of another number."""
    processes = 1 if workers is None or isinstance(workers, str | Executor) else workers
    for name, value, least in (("replications", replications, 1), ("most", most, 1), ("seed", seed, 0),
                               ("workers", processes, 1)):
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name} must be a whole number >= {least}, got {value!r}")
    if engine not in get_args(EngineName):
        raise ValueError(f"engine must be one of {', '.join(get_args(EngineName))}, got {engine!r}")


def variants_of(scenario: Scenario, variants: Mapping[str, Scenario] | Sequence[str] | None) -> dict[str, Scenario]:
    if isinstance(variants, Mapping):
        return dict(variants)
    for name in variants or ():
        if name not in scenario.variants:
            known = nearest(name, scenario.variants)
            raise KeyError(f"{name} is no variant of {scenario.name or 'the scenario'}{known}")
    return {name: scenario.variant(name) for name in (scenario.variants if variants is None else variants)}


@dataclass
class Going:
    """A study that goes on."""

    study: Study
    fewest: int
    rules: tuple[Rule, ...]
    most: int
    tell: Tell | None
    waiting: dict[int, dict[str, Finding]] = field(default_factory=dict)  # replications that come before their turn
    told: dict[int, bool] = field(default_factory=dict)  # what the rules said, by the number of replications
    piece: int = 1  # replications that are sent as one piece of work

    @property
    def names(self) -> list[str]:
        return self.study.simulated

    @property
    def enough(self) -> bool:
        """Whether the study is whole. Says so after the fewest replications that are, whoever computed more."""
        n = self.study.replications
        if n < self.fewest:
            return False
        if n not in self.told:
            self.told[n] = all(rule(self.study) for rule in self.rules)
        self.study.capped = not self.told[n] and n >= self.most
        return self.told[n] or self.study.capped

    def resume(self) -> None:
        """Take up what an interrupted study has left."""
        state = self.study.checkpoint.state()
        if state is not None:
            self.study.restore(state)
        for replication, variant, arrays in self.study.checkpoint.findings():
            self.keep(replication, self.names[variant], Finding.from_arrays(arrays))
        self.merge()

    def units(self) -> Iterator[Unit]:
        """What is left to do, in its order."""
        replication = self.study.replications
        while not self.enough and replication < self.last:
            several = range(replication, min(replication + self.piece, self.last))
            for name in self.names:
                left = [r for r in several if r >= self.study.replications and name not in self.waiting.get(r, {})]
                if left:
                    yield tuple(left), name
            replication = max(several[-1] + 1, self.study.replications)

    @property
    def last(self) -> int:
        """No replication from this one on is computed."""
        return self.most if self.rules else self.fewest

    def worth_of_processes(self, workers: Workers, stack: ExitStack) -> Executor:
        """Where to compute: this process for a single replication and for little work, where nobody else is named."""
        if isinstance(workers, str | Executor):
            return stack.enter_context(executors.at_work(workers))
        workers = executors.cores() if workers is None else workers
        if workers == 1 or self.enough or not (self.is_long_for_sure() or self.proves_long()):
            return Here(self.part)
        return stack.enter_context(Processes(workers))

    def is_long_for_sure(self) -> bool:
        """Whether those who will call are so many: what waits for the first replication loses half of it."""
        callers = sum(setting_of(self.study.results[name].job).demand.mean.sum() for name in self.names)
        left = self.fewest - self.study.replications
        return left > 1 and callers * left * CALLER_S >= POOL_FROM_S

    def proves_long(self) -> bool:
        """Whether the first replication, done here, took so long: few callers may dial often, in a slow engine."""
        began = time.perf_counter()
        self.work(Here(self.part), 1)
        left = self.fewest * len(self.names) - 1
        return (time.perf_counter() - began) * left >= POOL_FROM_S

    def part(self, share: float) -> None:
        """The share of a replication in hand, as a share of all."""
        self.say((self.done() + share) / self.all())

    def say(self, share: float) -> None:
        if self.tell:
            self.tell(min(share, 1.0))

    def done(self) -> int:
        return self.study.replications * len(self.names) + sum(map(len, self.waiting.values()))

    def all(self) -> int:
        return max(self.fewest, self.study.replications) * len(self.names)

    def work(self, executor: Executor, units: int | None = None) -> None:
        """Compute what is left, or some of it, and keep what is finished, whatever ends it."""
        left = self.units()
        some = left if units is None else (unit for unit, _ in zip(left, range(units), strict=False))

        def send(unit: Unit):  # type: ignore[no-untyped-def]
            return executor.submit(replicate_each, self.study.results[unit[1]].job, unit[0])

        try:
            for unit, batch in executors.in_turn(executor, send, some):
                if self.enough:
                    break
                self.take(unit, batch)
                if not isinstance(executor, Here):
                    self.piece = self.worth_sending(batch, executors.workers_of(executor))
        except BaseException:
            self.store()
            raise

    def take(self, unit: Unit, batch: Batch) -> None:
        """Add what came, say so, and keep it on disk now and then."""
        replications, name = unit
        for replication, finding in zip(replications, batch.findings, strict=True):
            self.keep(replication, name, finding)
        self.merge()
        self.say(self.done() / self.all())
        if self.study.checkpoint.is_due:
            self.store()

    def worth_sending(self, batch: Batch, workers: int) -> int:
        """How many replications make a piece of work that is worth sending, as long as all have a few pieces to do and,
        where nobody knows how many are needed, not many more are sent than were needed so far."""
        each = max(batch.seconds / len(batch.arrays["record"]), 1e-6)
        done = self.study.replications
        foreseen = max(done, self.fewest) if self.rules else self.last - done
        return max(1, min(int(PIECE_S / each), foreseen * len(self.names) // (PIECES * workers)))

    def keep(self, replication: int, name: str, finding: Finding) -> None:
        if replication >= self.study.replications:
            self.waiting.setdefault(replication, {})[name] = finding

    def merge(self) -> None:
        """Add up the replications whose turn has come."""
        while not self.enough and len(self.waiting.get(self.study.replications, {})) == len(self.names):
            findings = self.waiting.pop(self.study.replications)
            self.study.add({name: findings[name] for name in self.names})

    def store(self) -> None:
        """Keep what is finished on disk."""
        checkpoint, replications = self.study.checkpoint, self.study.replications
        if checkpoint.folder is not None:
            waiting = {(replication, self.names.index(name)): finding.arrays()
                       for replication, findings in self.waiting.items() for name, finding in findings.items()}
            checkpoint.keep(replications, self.study.arrays() if replications else {}, waiting)


def rules(precision: Precision | None, enough: Rule | None) -> tuple[Rule, ...]:
    """What has to hold before a study is whole."""
    precise = [partial(is_precise, precision)] if precision else []
    return (*precise, enough) if enough else tuple(precise)


def is_precise(precision: Precision, study: Study) -> bool:
    """Whether every figure that the precision is about is known as exactly, and was after a fifth fewer replications.

    Who stops as soon as an interval looks narrow enough stops where the spread happens to look small: such intervals
    cover too little. So the study goes on for a quarter more.
    """
    earlier = int(study.replications / GO_ON)
    if earlier < LOOK_FROM:
        return False
    narrow = precision.reached(*so_far(figures_of_headline(study)))
    return bool(narrow[-1] and narrow[LOOK_FROM - 1:earlier].any())


def figures_of_headline(study: Study) -> Floats:
    """[replications, figures] that a precision is about: of the scenario, or of each difference from it."""
    m, scopes = headline(study.first)
    first, *others = ([values[m, scopes] for values in result.whole] for result in study.results.values())
    return np.concatenate([np.array(one) - np.array(first) for one in others] or [np.array(first)], axis=1)


def headline(result: Result) -> tuple[int, list[int]]:
    """The metric and the scopes that the answer is about: the cities in focus, or the province."""
    scopes = [f"city:{city}" for city in result.scenario.surged()] or ["province"]
    metric = f"answer_rate_{result.scenario.headline}"
    return result.metric_index(metric), [result.levels["whole"].scope_index(scope) for scope in scopes]


def key_of(scenario: Scenario, variants: Mapping[str, Scenario], seed: int, engine: EngineName, *more: object) -> str:
    """Names a study by all that its numbers depend on, this program included."""
    jobs = [name + Job.of(one, engine, seed).name for name, one in {BASE: scenario, **variants}.items()]
    return hashlib.sha256("\n".join([sources_hash(), *jobs, *map(str, more)]).encode()).hexdigest()[:16]
