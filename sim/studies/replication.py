"""One replication: the piece of work that any worker can do, and what it found."""
from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from sim.core.arrays import Floats, Outcomes, Setting
from sim.core.engines import EngineName, engine
from sim.measures import facts, metrics
from sim.measures.breakdowns import Level, levels_of
from sim.measures.counts import Counted, count
from sim.measures.facts import Sums
from sim.scenario.scenario import Scenario
from sim.studies.own import Own
from sim.world.build import build
from sim.world.callers import draw_callers

Tell = Callable[[float], None]
KEPT = ("whole", "day", "interval")
SETTINGS = 16  # scenarios that a worker keeps at hand


@dataclass(frozen=True)
class Job:
    """What to simulate. Two jobs of one name are the same: a worker that knows the name builds nothing again."""

    name: str
    scenario: Scenario = field(compare=False)
    engine: EngineName
    seed: int
    own: Own = field(default=Own(), compare=False)

    @classmethod
    def of(cls, scenario: Scenario, engine: EngineName, seed: int, own: Own | None = None) -> Job:
        own = own or Own()
        return cls(f"{digest(scenario)}-{engine}-{seed}{own.name}", scenario, engine, seed, own)


@dataclass(frozen=True)
class Finding:
    """What a replication found: all metrics by level, one value for each record, and counts to add up."""

    values: dict[str, Floats]  # [metrics, scopes, periods] of each level in KEPT
    record: Floats             # [observations]
    sums: Sums

    def arrays(self) -> dict[str, Floats]:
        """Everything, by name."""
        sums = {f"sums {i}": array for i, array in enumerate(self.sums.arrays())}
        return {"record": self.record, **self.values, **sums}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Floats]) -> Finding:
        sums = Sums(*(arrays[f"sums {i}"] for i in range(len(Sums.__dataclass_fields__))))
        return cls({name: arrays[name] for name in KEPT}, arrays["record"], sums)


def digest(scenario: Scenario) -> str:
    """Names a scenario by what it says."""
    text = json.dumps(scenario.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(SETTINGS)
def setting_of(job: Job) -> Setting:
    """The job's world."""
    return build(job.scenario, job.own.policy)


@lru_cache(SETTINGS)
def prepared(job: Job) -> tuple[Setting, dict[str, Level]]:
    """The job's world, and whom and when its figures are about."""
    return setting_of(job), levels_of(job.scenario, setting_of(job), job.own.metrics)


def replicate(job: Job, replication: int, tell: Tell | None = None) -> Finding:
    """Simulate a replication and measure it.

    :raises IdentityError: if a dial or a person was lost count of, which is a fault of ours.
    """
    setting, levels = prepared(job)
    counted = count(setting, outcomes_of(job, replication, tell=tell), float(job.scenario.answered_within))
    values = {name: levels[name].measure(setting, counted) for name in KEPT}
    record = [told(job.scenario, i, levels[f"observed:{i}"], setting, counted)
              for i in range(len(job.scenario.observed))]
    return Finding(values, np.array(record), Sums.of(counted))


@dataclass(frozen=True)
class Batch:
    """What some replications found, in few arrays that travel quickly, and the seconds that they took."""

    arrays: dict[str, Floats]  # each with one axis more: the replications
    seconds: float

    @classmethod
    def of(cls, findings: Sequence[Finding], seconds: float) -> Batch:
        arrays = [finding.arrays() for finding in findings]
        if len(arrays) == 1:  # a month's findings are not copied for nothing
            return cls({name: packed(array[None]) for name, array in arrays[0].items()}, seconds)
        return cls({name: packed(np.stack([one[name] for one in arrays])) for name in arrays[0]}, seconds)

    @property
    def findings(self) -> list[Finding]:
        number = len(self.arrays["record"])
        return [Finding.from_arrays({name: unpacked(array[i]) for name, array in self.arrays.items()})
                for i in range(number)]


def packed(array: Floats) -> Floats:
    """Counts of intervals are small numbers: a quarter of the bytes, on the way."""
    if array.dtype != np.int64 or not array.size:
        return array
    return array.astype(np.min_scalar_type(min(int(array.min()), -int(array.max()) - 1)))


def unpacked(array: Floats) -> Floats:
    return array.astype(np.int64) if array.dtype.kind == "i" else array


def replicate_each(job: Job, replications: Sequence[int], tell: Tell | None = None) -> Batch:
    """Simulate and measure several replications: work that is short is sent in pieces that are worth sending."""
    setting_of(job)  # building and compiling are done once, and say nothing of how long a replication takes
    began = time.perf_counter()
    findings = [replicate(job, replication, tell) for replication in replications]
    return Batch.of(findings, time.perf_counter() - began)


def outcomes_of(job: Job, replication: int, keep_calls: bool = False, tell: Tell | None = None) -> Outcomes:
    """What happens in a replication."""
    return outcomes_in(setting_of(job), job, replication, keep_calls, tell)


def outcomes_in(setting: Setting, job: Job, replication: int, keep_calls: bool = False,
                tell: Tell | None = None) -> Outcomes:
    """What happens in a replication of the job's world, or of a part of it."""
    intervals = len(setting.world.moment_key)
    callers = draw_callers(setting, job.seed, replication)
    progress = (lambda done: tell(done / intervals)) if tell else None
    outcomes = engine(job.engine)(setting.world, callers, keep_calls, progress)
    facts.check_identity(setting, outcomes)
    return outcomes


def calls_of(job: Job, replication: int = 0) -> pd.DataFrame:
    """One row a dial of a replication."""
    return facts.call_table(setting_of(job), outcomes_of(job, replication, keep_calls=True), replication)


def told(scenario: Scenario, i: int, level: Level, setting: Setting, counted: Counted) -> float:
    """The figure that an observation is held against; of several intervals the one that tells."""
    observed = scenario.observed[i]
    metric = metrics.METRIC_OF[observed.metric]
    tally = facts.tally(setting, counted, level.scopes, level.periods, metric in metrics.QUANTILES)
    values, telling = metric(tally)[0], np.nanmin if observed.below is not None else np.nanmax
    return float(telling(values)) if not np.isnan(values).all() else float("nan")
