"""What the replications of one scenario found together: tables of means with their intervals."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.core.arrays import Floats, Setting
from sim.measures import facts, metrics
from sim.measures.breakdowns import Level
from sim.measures.facts import Sums
from sim.measures.statistics import Figure, RunningStats, figure
from sim.scenario.scenario import Scenario
from sim.studies.replication import KEPT, Finding, Job, prepared, setting_of


@dataclass
class Result:
    """Means and spreads of every metric, and each replication's values for the whole horizon."""

    job: Job
    moments: dict[str, RunningStats] = field(default_factory=dict)  # by level
    whole: list[Floats] = field(default_factory=list)          # [metrics, scopes], one a replication
    record: list[Floats] = field(default_factory=list)         # [observations], one a replication
    sums: Sums | None = None
    seconds: float = 0.0
    calls: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        self.moments = self.moments or {name: RunningStats.like(self.levels[name].shape) for name in KEPT}

    def add(self, finding: Finding) -> None:
        """One replication more."""
        for name, values in finding.values.items():
            self.moments[name].add(values)
        self.whole.append(finding.values["whole"][..., 0])
        self.record.append(finding.record)
        self.sums = finding.sums if self.sums is None else self.sums + finding.sums

    @property
    def scenario(self) -> Scenario:
        return self.job.scenario

    @property
    def setting(self) -> Setting:
        return setting_of(self.job)

    @property
    def levels(self) -> dict[str, Level]:
        return prepared(self.job)[1]

    @property
    def replications(self) -> int:
        return len(self.whole)

    @property
    def within_s(self) -> float:
        return float(self.scenario.answered_within)

    @property
    def is_one_day(self) -> bool:
        """Whether the only day is the whole: tables say it once."""
        return self.levels["day"].periods == self.levels["whole"].periods

    # --- figures -----------------------------------------------------------------------------------------------------

    def metrics(self, levels: Sequence[str] = KEPT) -> pd.DataFrame:
        """metric, scope, from, to, unit, mean, low, high, replications: the whole, each day, each interval; or
        some of these levels."""
        parts = [self.levels[name].table(self.moments[name], self.within_s) for name in levels
                 if not (self.is_one_day and name == "day" and "whole" in levels)]
        return pd.concat([part.astype({"metric": str, "scope": str, "unit": str}) for part in parts],
                         ignore_index=True)

    def metrics_of_record(self) -> pd.DataFrame:
        """The same of each span of the record that is no day and not the whole, and of no single interval in it."""
        table = pd.DataFrame([self.record_row(i) for i, observed in enumerate(self.scenario.observed)
                              if not observed.any_interval], columns=list(self.metrics(("whole",))))
        return table[table["replications"] > 0].drop_duplicates(["metric", "scope", "from", "to"])

    def record_row(self, i: int) -> tuple[Any, ...]:
        """A row of the metrics: what a record is held against."""
        values, observed = np.array([record[i] for record in self.record]), self.scenario.observed[i]
        period, metric = self.levels[f"observed:{i}"].periods[0], metrics.METRIC_OF[observed.metric]
        told, number = figure(values).within(*metrics.reach(metrics.METRICS[metric])), int(np.isfinite(values).sum())
        return (metrics.name_of(metric, self.within_s), observed.scope, period.start, period.end,
                metrics.METRICS[metric], told.mean, told.low, told.high, number)

    def metrics_by_interval(self) -> pd.DataFrame:
        """The same of each interval: the province, its classes, and what has to do with the cities in focus."""
        return self.levels["interval"].table(self.moments["interval"], self.within_s)

    def value(self, metric: str, scope: str = "province", level: str = "whole", period: int = 0) -> Figure:
        """One figure with Student's 95 % interval over the replications, cut off where the metric can go no further.

        :param metric: such as answer_rate_callers (a share of 1), p95_wait_s (seconds), answered_within_15s.
        :param scope: province, city:KEY, class:KEY or pool:NAME.
        :param level: whole, day or interval, of which ``period`` is the number, from 0.
        :raises KeyError: for an unknown metric or scope.
        """
        place = (self.metric_index(metric), self.levels[level].scope_index(scope), period)
        return Figure.of(self.moments[level], place).within(*metrics.reach(self.unit_of(metric)))

    def unit_of(self, metric: str) -> str:
        """:raises KeyError: for a name that no metric has."""
        return self.levels["whole"].units[self.metric_index(metric)]

    def metric_index(self, metric: str) -> int:
        """:raises KeyError: for a name that no metric has."""
        names = self.levels["whole"].names(self.within_s)
        if metric not in names:
            raise KeyError(metric)
        return names.index(metric)

    def sample(self, metric: str, scope: str = "province") -> Floats:
        """[replications] values over the whole horizon, nan where a replication has none.

        :raises KeyError: for an unknown metric or scope.
        """
        m, s = self.metric_index(metric), self.levels["whole"].scope_index(scope)
        return np.array([values[m, s] for values in self.whole])

    def _repr_html_(self) -> str:
        from sim.studies import notebook
        days = len({period.start.date() for period in self.levels["day"].periods})
        return notebook.of_result(self.scenario, self.value, self.intervals(), days)

    # --- tables of means ---------------------------------------------------------------------------------------------

    def intervals(self) -> pd.DataFrame:
        """One row an interval, city and class: start, city, class, and counts of dials and people, means over the
        replications. Dials belong to the interval in which they were dialled."""
        return facts.interval_table(self.setting, self.added_up())

    def pools(self) -> pd.DataFrame:
        """One row an interval and pool: start, pool, kind, home, seats, answered, busy_s, staffed_s (seconds)."""
        return facts.pool_table(self.setting, self.added_up())

    def helped(self) -> pd.DataFrame:
        """One row a day, pool and city: day, pool, kind, home, city, and the dials answered."""
        return facts.help_table(self.setting, self.added_up())

    def added_up(self) -> Sums:
        if self.sums is None:
            raise ValueError("no replication has been added")
        return self.sums

    # --- kept on disk while a study goes on --------------------------------------------------------------------------

    def arrays(self) -> dict[str, Floats]:
        """Everything that replications have left here, by name."""
        found = {f"{name} {part}": getattr(self.moments[name], part) for name in KEPT for part in PARTS}
        sums = {f"sums {i}": array for i, array in enumerate(self.added_up().arrays())}
        return found | sums | {"whole": np.array(self.whole), "record": np.array(self.record)}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """As it was when ``arrays`` was called."""
        self.moments = {name: RunningStats(*(arrays[f"{name} {part}"] for part in PARTS)) for name in KEPT}
        self.whole, self.record = list(arrays["whole"]), list(arrays["record"])
        self.sums = Sums(*(arrays[f"sums {i}"] for i in range(len(Sums.__dataclass_fields__))))


PARTS = ("count", "mean", "squares")


def difference(one: Result, other: Result, metric: str, scope: str = "province") -> Floats:
    """[replications] one - other over the whole horizon: both met the same people."""
    return one.sample(metric, scope) - other.sample(metric, scope)
