"""Whom and when figures are about: the whole horizon, its days, its intervals, and the spans of the record."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.core.arrays import Floats, Setting
from sim.measures import facts, metrics
from sim.measures.counts import Counted
from sim.measures.facts import IdentityError, Period, Scope
from sim.measures.metrics import Metric
from sim.measures.statistics import CONFIDENCE, RunningStats
from sim.scenario.observed import Observed
from sim.scenario.scenario import Scenario

COUNTS = np.flatnonzero([unit == metrics.PEOPLE for unit in metrics.METRICS.values()])
OwnMetrics = tuple[tuple[Metric, str], ...]
MOST_CLOSE = 30  # cities in focus: figures by interval of hundreds of cities would fill memory and nobody's eyes


@dataclass(frozen=True)
class Level:
    """Some scopes over some periods."""

    name: str
    scopes: list[Scope]
    periods: list[Period]
    whole: bool = True  # whether its scopes are the province, all its cities and all its classes
    own: OwnMetrics = ()  # an analyst's metrics with their units, which come after all others

    @property
    def metrics(self) -> dict[Metric, str]:
        """Every metric with its unit, in the order of the tables."""
        return metrics.METRICS | dict(self.own)

    @property
    def units(self) -> list[str]:
        return list(self.metrics.values())

    def names(self, within_s: float) -> list[str]:
        """The names of all metrics, in their order."""
        return [metrics.name_of(metric, within_s) for metric in self.metrics]

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.metrics), len(self.scopes), len(self.periods)

    def measure(self, setting: Setting, counted: Counted) -> Floats:
        """All metrics of one replication: [metrics, scopes, periods].

        :raises IdentityError: where cities or classes do not add up to the province, which is a fault of ours.
        """
        first, *others = [metrics.measure(facts.tally(setting, counted, self.scopes, one), dict(self.own))
                          for one in apart(self.periods)]
        values = np.concatenate([first, *others], axis=2) if others else first
        for kind in ("city", "class"):
            parts = [i for i, scope in enumerate(self.scopes) if scope.name.startswith(f"{kind}:")]
            if self.whole and (values[COUNTS][:, parts].sum(axis=1) != values[COUNTS, 0]).any():
                raise IdentityError(f"{kind} by {kind} the counts do not add up to the province's")
        return values

    def scope_index(self, scope: str) -> int:
        """:raises KeyError: for a scope that this level has not."""
        names = [s.name for s in self.scopes]
        if scope not in names:
            raise KeyError(scope)
        return names.index(scope)

    def table(self, moments: RunningStats, within_s: float, confidence: float = CONFIDENCE,
              change: bool = False) -> pd.DataFrame:
        """Tidy rows, without those that have no meaning.

        :param moments: of [metrics, scopes, periods].
        :param change: whether they are differences, which may be negative.
        :return: metric, scope, from, to, unit, mean, low, high, replications. Student's intervals, cut off where a
            metric can go no further: shares stay within 0 and 1, their differences within -1 and 1.
        """
        there = moments.count > 0
        metric, scope, period = np.nonzero(there)
        mean, low, high = (values[there] for values in moments.interval(confidence))
        least, most = np.array([metrics.reach(unit, change) for unit in self.units])[metric].T
        units = list(dict.fromkeys(self.units))
        return pd.DataFrame({
            "metric": facts.labels(metric, self.names(within_s)),
            "scope": facts.labels(scope, [one.name for one in self.scopes]),
            "from": np.array([p.start for p in self.periods], "M8[s]")[period],
            "to": np.array([p.end for p in self.periods], "M8[s]")[period],
            "unit": facts.labels(np.array([units.index(unit) for unit in self.units])[metric], units),
            "mean": mean, "low": np.maximum(low, least), "high": np.minimum(high, most),
            "replications": moments.count[there].astype(np.int32),
        })


def levels_of(scenario: Scenario, setting: Setting, own: OwnMetrics = ()) -> dict[str, Level]:
    """The whole, the days with those in the spotlight, the intervals, and the spans of the record.

    :param own: an analyst's metrics with their units, of all but the record.
    """
    whole, days, each = facts.periods(setting.names, len(setting.world.moment_key))
    everybody = facts.scopes(setting)
    close = [scope for scope in everybody if is_close(scope.name, scenario, setting)]
    record = (Level(f"observed:{i}", [facts.together([s for s in everybody if s.name in parts(observed.scope)])],
                    observed_periods(scenario, observed, each), whole=False)
              for i, observed in enumerate(scenario.observed))
    lit = [one for one in spotlight(scenario, each) if one not in (*whole, *days)]
    by_day = lit if lit and days == whole else [*days, *lit]
    found = [Level("whole", everybody, whole, own=own), Level("day", everybody, by_day, own=own),
             Level("interval", close, each, whole=len(close) == len(everybody), own=own), *record]
    return {level.name: level for level in found}


def is_close(scope: str, scenario: Scenario, setting: Setting) -> bool:
    """Whether a scope has figures by interval: the province, classes, and all of few cities in focus."""
    kind, _, name = scope.partition(":")
    if kind not in ("city", "pool"):
        return True
    focus = scenario.surged()
    if len(focus) > MOST_CLOSE:
        return False
    if kind == "city":
        return name in focus
    pool = next(pool for pool in setting.names.pools if pool.name == name)
    return pool.home in focus or not set(focus).isdisjoint(pool.serves)


def parts(scope: str) -> list[str]:
    """The scopes that a record adds up: ``class:a+b`` is class:a and class:b."""
    kind, colon, names = scope.partition(":")
    return [kind + colon + name for name in names.split("+")]


def apart(periods: Sequence[Period]) -> list[list[Period]]:
    """Periods in lists of those that follow one another: what is counted is counted once."""
    found: list[list[Period]] = [[]]
    for period in periods:
        if found[-1] and period.first < found[-1][-1].last:
            found.append([])
        found[-1].append(period)
    return found


def spotlight(scenario: Scenario, each: Sequence[Period]) -> list[Period]:
    """The days that the report's first screen is about, if a file says which."""
    lit = scenario.spotlight
    return [] if lit is None else [together([one for one in each if lit.start <= one.start < lit.end])]


def together(parts: Sequence[Period]) -> Period:
    return Period(parts[0].first, parts[-1].last, parts[0].start, parts[-1].end)


def observed_periods(scenario: Scenario, observed: Observed, each: Sequence[Period]) -> list[Period]:
    """The span of a record, or the intervals within it."""
    start, end = observed.start or scenario.horizon.start, observed.end or scenario.horizon.end
    inside = [period for period in each if start <= period.start < end]
    if observed.any_interval:
        return inside
    return [together(inside)]
