"""What is asked of a plan, on which luck it is sought, and for how long."""
from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime

from optimizer.staffing.need.target import Target
from optimizer.staffing.need.trials import Trials
from optimizer.staffing.planning.horizon import STEP
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Asked:
    """Of all cities that are planned together."""

    target: Target
    seed: int
    replications: int           # of each round of a search
    seconds: float              # for all shifts together, for a roster, and for calls on top of it
    told: datetime | None       # when people hear of it; None: when the horizon begins
    laps: dict[str, float] = field(default_factory=dict)   # seconds that each part took, as they are told

    def trials(self, scenario: Scenario, names: tuple[str, ...], executor: Executor) -> Trials:
        """Of seats, on the luck on which needs are found."""
        return Trials.of(scenario, names, self.target, STEP * 60, self.seed, self.replications, executor, None)

    def for_part(self, part: float) -> Asked:
        """With a part of the time, for one of several kinds of people."""
        return replace(self, seconds=self.seconds * part)

    def told_at(self, scenario: Scenario) -> datetime:
        """When people hear of it."""
        return self.told or scenario.horizon.start
