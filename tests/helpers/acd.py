"""What an ACD would have counted of a simulated day, and who really called."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from sim.core import arrays
from sim.core.arrays import Floats
from sim.fitting.counts import Counts
from sim.fitting.expected import queues_of
from sim.scenario.scenario import Horizon, Scenario
from sim.studies.replication import Job, outcomes_of, setting_of


@dataclass(frozen=True)
class Truth:
    """[intervals] of one city: what is counted, and fresh callers who dial."""

    counts: Counts
    fresh: Floats


def on_days(scenario: Scenario, first: datetime, end: datetime) -> Scenario:
    return scenario.model_copy(update={"horizon": Horizon(start=first, end=end), "observed": ()})


def with_redials(scenario: Scenario, busy: float | None = None, hung_up: float | None = None) -> Scenario:
    """With other chances of another dial; whoever estimates does not know."""
    def changed(redial, share):
        return redial if share is None else redial.model_copy(update={
            "share": redial.share.model_copy(update={"number": share})})
    return scenario.model_copy(update={"classes": {name: c.model_copy(update={
        "after_busy": changed(c.after_busy, busy), "after_hanging_up": changed(c.after_hanging_up, hung_up)})
        for name, c in scenario.classes.items()}})


def counted(scenario: Scenario, city: str, seed: int, numbers: bool = False) -> Truth:
    """One replication's counts of a city, by the interval of the dial."""
    job = Job.of(scenario, "kernel", seed)
    setting, outcomes = setting_of(job), outcomes_of(job, 0, keep_calls=numbers)
    queues = queues_of(setting, city)
    flows = outcomes.flows[:, queues].sum(axis=1).astype(float)
    counts = Counts(*(flows[:, column] for column in (arrays.DIALS, arrays.DIALS_ANSWERED, arrays.DIALS_ABANDONED,
                                                      arrays.DIALS_BLOCKED)))
    if numbers:
        calls = outcomes.calls[np.isin(outcomes.calls["queue"], queues)]
        pairs = np.unique(np.stack([calls["dialled_ms"] // setting.world.interval_ms, calls["caller"]]), axis=1)
        counts = replace(counts, numbers=np.bincount(pairs[0], minlength=len(flows)).astype(float))
    return Truth(counts, flows[:, arrays.CALLERS] - flows[:, arrays.CALLERS_AWAY])


def without(counts: Counts, *names: str) -> Counts:
    """As an ACD has it that does not count these: without busy signals, dials are those that found a line."""
    if "busy" in names and counts.busy is not None:
        counts = replace(counts, dials=counts.dials - counts.busy)
    return replace(counts, **dict.fromkeys(names))
