"""Replications: the same scenario on other luck, or other levers on the same luck. Means with their intervals."""
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from scipy import special

from sim import facts, metrics, waits, world
from sim.facts import Period, Scope, Sums
from sim.scenario import Observed, Scenario
from sim.tables import CALL, Callers, Floats, Outcomes, Setting, World

EngineName = Literal["kernel", "simpy"]
CONFIDENCE = 0.95


class Engine(Protocol):
    """What both engines can do."""

    def __call__(self, world: World, callers: Callers, keep_calls: bool = ...,
                 progress: Callable[[int], None] | None = ...) -> Outcomes: ...


def engine(name: EngineName) -> Engine:
    """An engine by name; imported only now, because numba takes its time."""
    if name == "simpy":
        from sim.engines import reference
        return reference.run
    from sim.engines import kernel
    return kernel.run


@dataclass
class Moments:
    """Mean and spread of arrays that come one by one (Welford 1962); nan entries are left out."""

    count: Floats
    mean: Floats
    squares: Floats

    @classmethod
    def like(cls, shape: tuple[int, ...]) -> Moments:
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape))

    def add(self, values: Floats) -> None:
        there = ~np.isnan(values)
        self.count += there
        step = np.where(there, values - self.mean, 0.0)
        self.mean += step / np.maximum(self.count, 1)
        self.squares += step * np.where(there, values - self.mean, 0.0)

    def interval(self) -> tuple[Floats, Floats, Floats]:
        """Mean, low and high of Student's interval; low and high are nan where there is but one value."""
        n = self.count
        with np.errstate(invalid="ignore", divide="ignore"):
            error = np.sqrt(self.squares / (n - 1) / n)
            half = special.stdtrit(np.maximum(n - 1, 1), 0.5 + CONFIDENCE / 2) * error
        half = np.where(n > 1, half, np.nan)
        mean = np.where(n > 0, self.mean, np.nan)
        return mean, mean - half, mean + half


@dataclass
class Level:
    """Figures of some scopes over some periods: their moments, and each replication's values where they are few."""

    name: str
    scopes: list[Scope]
    periods: list[Period]
    keep: bool
    moments: Moments = field(init=False)
    samples: list[Floats] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.moments = Moments.like((len(metrics.METRICS), len(self.scopes), len(self.periods)))

    def add(self, setting: Setting, outcomes: Outcomes, within_s: float) -> None:
        values = metrics.measure(facts.tally(setting, outcomes, self.scopes, self.periods, within_s))
        self.moments.add(values)
        if self.keep:
            self.samples.append(values)

    def table(self, within_s: float) -> pd.DataFrame:
        """Tidy rows, without those that have no meaning."""
        names = [metrics.name_of(metric, within_s) for metric in metrics.METRICS]
        shape = self.moments.mean.shape
        mean, low, high = (values.reshape(-1) for values in self.moments.interval())
        index = np.indices(shape).reshape(3, -1)
        table = pd.DataFrame({
            "metric": facts.labels(index[0], names),
            "scope": facts.labels(index[1], [scope.name for scope in self.scopes]),
            "from": np.array([p.start for p in self.periods], "M8[s]")[index[2]],
            "to": np.array([p.end for p in self.periods], "M8[s]")[index[2]],
            "mean": mean, "low": low, "high": high, "replications": self.moments.count.reshape(-1).astype(np.int32),
        })
        table.insert(4, "unit", np.array(list(metrics.METRICS.values()))[index[0]])
        return table[table["replications"] > 0].reset_index(drop=True)


@dataclass
class Result:
    """What a run of one scenario found: tables of means, and each replication's values by day and for the whole."""

    scenario: Scenario
    setting: Setting
    engine: EngineName
    seed: int
    replications: int
    seconds: float
    levels: dict[str, Level]
    sums: Sums
    calls: pd.DataFrame | None

    @property
    def within_s(self) -> float:
        return float(self.scenario.answered_within)

    def metrics(self) -> pd.DataFrame:
        """metric, scope, from, to, unit, mean, low, high, replications: the whole, each day, each interval."""
        one_day = len(self.levels["day"].periods) == 1  # the day is the whole then, and would stand there twice
        parts = [self.levels[name].table(self.within_s) for name in ("whole", "day", "interval")
                 if not (one_day and name == "day")]
        return pd.concat([part.astype({"metric": str, "scope": str}) for part in parts], ignore_index=True)

    def value(self, metric: str, scope: str = "province", level: str = "whole", period: int = 0) -> Figure:
        """One figure with its interval. KeyError for an unknown metric or scope."""
        here = self.levels[level]
        place = (self.metric_index(metric), self.scope_index(scope, level), period)
        mean, low, high = (values[place] for values in here.moments.interval())
        return Figure(float(mean), float(low), float(high))

    def metric_index(self, metric: str) -> int:
        names = [metrics.name_of(m, self.within_s) for m in metrics.METRICS]
        if metric not in names:
            raise KeyError(metric)
        return names.index(metric)

    def scope_index(self, scope: str, level: str = "whole") -> int:
        names = [s.name for s in self.levels[level].scopes]
        if scope not in names:
            raise KeyError(scope)
        return names.index(scope)

    def sample(self, metric: str, scope: str, level: str = "whole") -> Floats:
        """[replications, periods] values of a level that keeps them."""
        m, s = self.metric_index(metric), self.scope_index(scope, level)
        return np.array([values[m, s] for values in self.levels[level].samples])

    def intervals(self) -> pd.DataFrame:
        return facts.interval_table(self.setting, self.sums)

    def pools(self) -> pd.DataFrame:
        return facts.pool_table(self.setting, self.sums)

    def helped(self) -> pd.DataFrame:
        return facts.help_table(self.setting, self.sums)


@dataclass(frozen=True)
class Figure:
    """A mean with its 95 % interval; the interval is nan where there was but one replication."""

    mean: float
    low: float
    high: float


def figure(values: Floats) -> Figure:
    """The mean of one value a replication."""
    moments = Moments.like(())
    for value in values:
        moments.add(np.asarray(value, float))
    mean, low, high = moments.interval()
    return Figure(float(mean), float(low), float(high))


def difference(one: Result, other: Result, metric: str, scope: str = "province") -> Figure:
    """one - other over the whole horizon, paired: both met the same people."""
    return figure(one.sample(metric, scope)[:, 0] - other.sample(metric, scope)[:, 0])


def simulate(scenario: Scenario, *, engine: EngineName = "kernel", replications: int = 10, seed: int = 1,
             keep_calls: bool = False, progress: Callable[[float], None] | None = None) -> Result:
    """Run a scenario.

    :param scenario: with its levers, which are applied in their order.
    :param replications: how often, each on other luck; the same seed meets the same people whatever the levers.
    :param keep_calls: keep one row a dial of the first replication.
    :param progress: is told the share that is done.
    :raises IdentityError: if a dial or a person was lost count of, which is a fault of ours.
    """
    began = time.perf_counter()
    setting = world.build(scenario)
    levels = levels_of(scenario, setting)
    sums, calls = Sums.of(setting), None
    intervals = len(setting.world.moment_key)
    run = _engine(engine)
    for replication in range(replications):
        callers = world.draw_callers(setting, seed, replication)
        tell = part_of(progress, replication, replications, intervals)
        outcomes = run(setting.world, callers, keep_calls and replication == 0, tell)
        facts.check_identity(setting, outcomes)
        outcomes = waits.by_wait(outcomes)
        for level in levels.values():
            level.add(setting, outcomes, float(scenario.answered_within))
        sums.add(setting, outcomes)
        if keep_calls and replication == 0:
            calls = facts.call_table(setting, outcomes)
    return Result(scenario, setting, engine, seed, replications, time.perf_counter() - began, levels, sums, calls)


_engine = engine


def part_of(progress: Callable[[float], None] | None, replication: int, replications: int,
            intervals: int) -> Callable[[int], None] | None:
    """The progress of one replication as a share of all."""
    if progress is None:
        return None
    return lambda done: progress((replication + done / intervals) / replications)


def levels_of(scenario: Scenario, setting: Setting) -> dict[str, Level]:
    """The whole, the days, the intervals, and the spans of the record."""
    whole, days, each = facts.periods(setting.names, len(setting.world.moment_key))
    everybody = facts.scopes(setting)
    close = [scope for scope in everybody if not scope.name.startswith("city:")
             or scope.name.removeprefix("city:") in scenario.surged()]
    return {
        "whole": Level("whole", everybody, whole, keep=True),
        "day": Level("day", everybody, days, keep=True),
        "interval": Level("interval", close, each, keep=False),
        **{f"observed:{i}": Level(f"observed:{i}", [s for s in everybody if s.name in parts(observed.scope)],
                                  observed_periods(scenario, observed, each), keep=True)
           for i, observed in enumerate(scenario.observed)},
    }


def parts(scope: str) -> list[str]:
    """The scopes that a record adds up: ``class:a+b`` is class:a and class:b."""
    kind, colon, names = scope.partition(":")
    return [kind + colon + name for name in names.split("+")]


def observed_periods(scenario: Scenario, observed: Observed, each: Sequence[Period]) -> list[Period]:
    """The span of a record, or the intervals within it."""
    start, end = observed.start or scenario.horizon.start, observed.end or scenario.horizon.end
    inside = [period for period in each if start <= period.start < end]
    if observed.any_interval:
        return inside
    return [Period(inside[0].first, inside[-1].last, inside[0].start, inside[-1].end)]


# --- replay against record -------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Comparison:
    """A recorded figure, the simulated one, and whether they agree."""

    observed: Observed
    figure: Figure
    low: float
    high: float

    @property
    def agrees(self) -> bool:
        return self.low <= self.figure.mean <= self.high


def against_record(result: Result, others: dict[str, Result]) -> list[Comparison]:
    """Replay against record. ``others`` are the variants that records refer to, on the same luck.

    :raises KeyError: for a metric or a scope that does not exist.
    """
    found = []
    for i, observed in enumerate(result.scenario.observed):
        values = observed_values(result, observed, i)
        if observed.against is not None:
            values = values - observed_values(others[observed.against], observed, i)
        low, high = observed.bounds()
        found.append(Comparison(observed, figure(values), low, high))
    return found


def observed_values(result: Result, observed: Observed, i: int) -> Floats:
    """One value a replication; of several intervals the one that tells."""
    values = sum((result.sample(observed.metric, scope, f"observed:{i}") for scope in parts(observed.scope)),
                 start=np.zeros(()))
    telling = np.nanmin if observed.below is not None else np.nanmax
    return np.asarray(telling(values, axis=1), float)


def variants_of_record(scenario: Scenario) -> list[str]:
    """The variants that the record refers to."""
    return list(dict.fromkeys(o.against for o in scenario.observed if o.against is not None))


# --- the twins -------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Verdict:
    """How many calls the twins told alike, and where they first differ."""

    calls: int
    differences: list[str]


def verify(scenario: Scenario, seed: int = 1, replication: int = 0,
           progress: Callable[[float], None] | None = None) -> Verdict:
    """Run both engines on the same luck and compare every call and every count."""
    setting = world.build(scenario)
    callers = world.draw_callers(setting, seed, replication)
    intervals = len(setting.world.moment_key)
    names: tuple[EngineName, EngineName] = ("simpy", "kernel")
    one, other = (engine(name)(setting.world, callers, True, part_of(progress, i, 2, intervals))
                  for i, name in enumerate(names))
    facts.check_identity(setting, one)
    facts.check_identity(setting, other)
    return Verdict(len(one.calls), compare(one, other))


def compare(one: Outcomes, other: Outcomes) -> list[str]:
    """Where two tellings of the same world differ; empty if nowhere."""
    differences = [f"{name} differ" for name in ("flows", "pools", "waiting")
                   if not np.array_equal(getattr(one, name), getattr(other, name))]
    rows = [calls[np.lexsort((calls["caller"], calls["dialled_ms"]))] for calls in (one.calls, other.calls)]
    if len(rows[0]) != len(rows[1]):
        return [*differences, f"{len(rows[0])} calls against {len(rows[1])}"]
    unequal = np.flatnonzero(rows[0] != rows[1])
    return differences + [first_difference(rows[0][i], rows[1][i]) for i in unequal[:5]]


def first_difference(one: Any, other: Any) -> str:
    wrong = [f"{name} {one[name]} against {other[name]}" for name in CALL.names or () if one[name] != other[name]]
    return f"call of caller {one['caller']} at {one['dialled_ms']} ms: {', '.join(wrong)}"
