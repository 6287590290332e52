"""One replication: the piece of work that any worker can do, and what it found."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from sim import facts, metrics, waits, world
from sim.engines import EngineName, engine
from sim.facts import Sums
from sim.levels import Level, levels_of
from sim.scenario import Scenario
from sim.tables import Floats, Outcomes, Setting

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

    @classmethod
    def of(cls, scenario: Scenario, engine: EngineName, seed: int) -> Job:
        return cls(f"{digest(scenario)}-{engine}-{seed}", scenario, engine, seed)


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
    return world.build(job.scenario)


@lru_cache(SETTINGS)
def prepared(job: Job) -> tuple[Setting, dict[str, Level]]:
    """The job's world, and whom and when its figures are about."""
    return setting_of(job), levels_of(job.scenario, setting_of(job))


def replicate(job: Job, replication: int, tell: Tell | None = None) -> Finding:
    """Simulate a replication and measure it.

    :raises IdentityError: if a dial or a person was lost count of, which is a fault of ours.
    """
    setting, levels = prepared(job)
    outcomes = waits.by_wait(outcomes_of(job, replication, tell=tell))
    within_s = float(job.scenario.answered_within)
    values = {name: levels[name].measure(setting, outcomes, within_s) for name in KEPT}
    record = [told(job.scenario, i, levels[f"observed:{i}"], setting, outcomes)
              for i in range(len(job.scenario.observed))]
    return Finding(values, np.array(record), Sums.of(setting, outcomes))


def outcomes_of(job: Job, replication: int, keep_calls: bool = False, tell: Tell | None = None) -> Outcomes:
    """What happens in a replication."""
    return outcomes_in(setting_of(job), job, replication, keep_calls, tell)


def outcomes_in(setting: Setting, job: Job, replication: int, keep_calls: bool = False,
                tell: Tell | None = None) -> Outcomes:
    """What happens in a replication of the job's world, or of a part of it."""
    intervals = len(setting.world.moment_key)
    callers = world.draw_callers(setting, job.seed, replication)
    progress = (lambda done: tell(done / intervals)) if tell else None
    outcomes = engine(job.engine)(setting.world, callers, keep_calls, progress)
    facts.check_identity(setting, outcomes)
    return outcomes


def calls_of(job: Job, replication: int = 0) -> pd.DataFrame:
    """One row a dial of a replication."""
    return facts.call_table(setting_of(job), outcomes_of(job, replication, keep_calls=True), replication)


def told(scenario: Scenario, i: int, level: Level, setting: Setting, outcomes: Outcomes) -> float:
    """The figure that an observation is held against; of several intervals the one that tells."""
    observed, within_s = scenario.observed[i], float(scenario.answered_within)
    metric = metrics.names(within_s).index(observed.metric)
    values = level.measure(setting, outcomes, within_s)[metric].sum(axis=0)
    telling = np.nanmin if observed.below is not None else np.nanmax
    return float(telling(values)) if not np.isnan(values).all() else float("nan")
