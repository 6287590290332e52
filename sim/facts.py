"""The door out: what an engine recorded becomes counts and times with names. Units change here and nowhere later."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sim import tables, waits
from sim.tables import Floats, Ints, Names, Outcomes, Setting
from sim.waits import Looking

OUTCOMES = ("waiting", "answered", "abandoned", "blocked", "bot")


class IdentityError(AssertionError):
    """Dials or people that were lost count of: a fault of the engine, never of the scenario."""


def check_identity(setting: Setting, outcomes: Outcomes) -> None:
    """Every dial and every person is somewhere.

    :raises IdentityError: where dialled differs from answered + hung up + busy + by the bot + still waiting.
    """
    flows = outcomes.flows
    ends = flows[..., [tables.DIALS_ANSWERED, tables.DIALS_ABANDONED, tables.DIALS_BLOCKED, tables.DIALS_BOT]]
    still = (flows[..., tables.DIALS] - ends.sum(axis=2)).sum(axis=0)
    wrong = [setting.names.queues[q] for q in np.flatnonzero(still != outcomes.waiting[-1])]
    if wrong:
        raise IdentityError(f"dials lost count of in {wrong}")
    ends = flows[..., [tables.CALLERS_ANSWERED, tables.CALLERS_BOT, tables.CALLERS_DIVERTED, tables.CALLERS_LOST]]
    if (flows[..., tables.CALLERS] < ends.sum(axis=2)).any():
        raise IdentityError("more people ended than began")
    if outcomes.pools[..., tables.STARTS].sum() != flows[..., tables.DIALS_ANSWERED].sum():
        raise IdentityError("answers of callers and of seats differ")


@dataclass(frozen=True)
class Scope:
    """Whom a figure is about: queues of callers, and pools of seats."""

    name: str
    queues: Ints
    pools: Ints
    helpers: Ints  # edges by which others than the city's own agents answer these queues


@dataclass(frozen=True)
class Period:
    """Intervals first .. last - 1, and their wall-clock time."""

    first: int
    last: int
    start: datetime
    end: datetime


def scopes(setting: Setting, with_pools: bool = True) -> list[Scope]:
    """The province, each city, each class, each pool."""
    names, none = setting.names, np.zeros(0, np.int64)
    everyone = np.arange(len(names.queues))
    pools = np.arange(len(names.pools))
    found = [Scope("province", everyone, pools, helping(setting, everyone))]
    for city in names.cities:
        queues = np.array([q for q, (c, _) in enumerate(names.queues) if c == city])
        own = np.array([p for p, pool in enumerate(names.pools) if pool.kind == "own" and pool.home == city])
        found.append(Scope(f"city:{city}", queues, own, helping(setting, queues)))
    for klass in names.classes:
        queues = np.array([q for q, (_, k) in enumerate(names.queues) if k == klass])
        found.append(Scope(f"class:{klass}", queues, none, helping(setting, queues)))
    if with_pools:
        found += [Scope(f"pool:{pool.name}", none, np.array([p]), none) for p, pool in enumerate(names.pools)]
    return found


def helping(setting: Setting, queues: Ints) -> Ints:
    """The edges by which these queues are answered by others than their city's own agents, in the hall or at home."""
    world, names = setting.world, setting.names
    own = [names.pools[p].kind in ("own", "cloud") and names.pools[p].home == names.queues[q][0]
           for p, q in zip(world.edge_pool, world.edge_queue, strict=True)]
    return np.flatnonzero(np.isin(world.edge_queue, queues) & ~np.array(own, bool))


def periods(names: Names, intervals: int) -> tuple[list[Period], list[Period], list[Period]]:
    """The whole horizon, its days, its intervals."""
    starts = [names.start + timedelta(seconds=i * names.interval_s) for i in range(intervals + 1)]
    each = [Period(i, i + 1, starts[i], starts[i + 1]) for i in range(intervals)]
    days: list[Period] = []
    for period in each:
        if days and days[-1].start.date() == period.start.date():
            days[-1] = Period(days[-1].first, period.last, days[-1].start, period.end)
        else:
            days.append(period)
    return [Period(0, intervals, starts[0], starts[-1])], days, each


@dataclass(frozen=True)
class Tally:
    """Counts of each scope over each period: arrays [scopes, periods]. Waits are of the answered, in seconds."""

    dials: Floats
    answered: Floats
    abandoned: Floats
    blocked: Floats
    by_bot: Floats
    callers: Floats
    callers_answered: Floats
    callers_by_bot: Floats
    callers_diverted: Floats
    callers_lost: Floats
    callers_away: Floats
    waiting: Floats
    within: Floats
    wait_sum_s: Floats
    median_wait_s: Floats
    p95_wait_s: Floats
    helped: Floats
    starts: Floats
    busy_s: Floats
    staffed_s: Floats
    has_seats: Floats
    ordinary: Floats
    distress_s: Floats


FLOW_FIELDS = ("dials", "answered", "abandoned", "blocked", "by_bot", "callers", "callers_answered", "callers_by_bot",
               "callers_diverted", "callers_lost", "callers_away")


def tally(setting: Setting, outcomes: Outcomes, scopes: Sequence[Scope], periods: Sequence[Period],
          within_s: float) -> Tally:
    """Add up what happened, by scope and period. All periods are equally fine or one after another."""
    queues = len(setting.names.queues)
    of_queue = membership([scope.queues for scope in scopes], queues)
    of_pool = membership([scope.pools for scope in scopes], len(setting.names.pools))
    flows = over_periods(outcomes.flows, periods)
    pools = over_periods(outcomes.pools, periods)
    fields = {name: of_queue @ flows[..., column].T for column, name in enumerate(FLOW_FIELDS)}
    waits = waits_of(setting, outcomes, scopes, periods, within_s)
    seats = {"starts": of_pool @ pools[..., tables.STARTS].T,
             "busy_s": of_pool @ pools[..., tables.BUSY_MS].T / 1000,
             "staffed_s": of_pool @ pools[..., tables.STAFFED_MS].T / 1000,
             "has_seats": np.repeat(of_pool.sum(axis=1, keepdims=True) > 0, len(periods), axis=1).astype(float)}
    ends = [period.last - 1 for period in periods]
    waiting = of_queue @ outcomes.waiting[ends].T
    ordinary = of_queue @ over_periods(setting.demand.ordinary, periods).T
    return Tally(**fields, **waits, **seats, waiting=waiting, ordinary=ordinary,
                 distress_s=distress(setting, outcomes, of_queue, periods))


def distress(setting: Setting, outcomes: Outcomes, of_queue: Floats, periods: Sequence[Period]) -> Floats:
    """Seconds from the first interval in which under half of the dials were answered to the end of the last one."""
    dials, answered = (of_queue @ outcomes.flows[..., column].T for column in (tables.DIALS, tables.DIALS_ANSWERED))
    bad = 2 * answered < dials
    found = np.full((len(of_queue), len(periods)), np.nan)
    for k, period in enumerate(periods):
        if period.last - period.first > 1:
            here = bad[:, period.first:period.last]
            first, last = here.argmax(axis=1), here.shape[1] - here[:, ::-1].argmax(axis=1)
            found[:, k] = np.where(here.any(axis=1), last - first, 0) * setting.names.interval_s
    return found


def membership(groups: Sequence[Ints], length: int) -> Floats:
    """[groups, length]: 1 where an index belongs to a group."""
    matrix = np.zeros((len(groups), length))
    for g, members in enumerate(groups):
        matrix[g, members] = 1
    return matrix


def over_periods(values: Ints | Floats, periods: Sequence[Period]) -> Floats:
    """Sums over periods along the first axis."""
    total = np.concatenate([np.zeros((1, *values.shape[1:]), np.int64), np.cumsum(values, axis=0)])
    return np.asarray((total[[p.last for p in periods]] - total[[p.first for p in periods]]).astype(float))


def waits_of(setting: Setting, outcomes: Outcomes, scopes: Sequence[Scope], periods: Sequence[Period],
             within_s: float) -> dict[str, Floats]:
    """Sums, shares and quantiles of the waits of the answered. Dials count in the period in which they were dialled."""
    answers, look = waits.by_wait(outcomes).answers, looking(setting, scopes, periods)
    sums = waits.sums(answers, look, round(within_s * 1000), (len(scopes), len(periods)))
    median, p95 = np.moveaxis(waits.quantiles_ms(answers, look, sums[..., waits.COUNT]), -1, 0) / 1000
    return {"within": sums[..., waits.WITHIN].astype(float), "wait_sum_s": sums[..., waits.WAIT_MS] / 1000,
            "helped": sums[..., waits.HELPED].astype(float), "median_wait_s": median, "p95_wait_s": p95}


def looking(setting: Setting, scopes: Sequence[Scope], periods: Sequence[Period]) -> Looking:
    """The scope and the period of each answer, as tables."""
    edges, groups = setting.world.edge_queue, partitions(scopes)
    helps = np.isin(np.arange(len(edges)), np.concatenate([scope.helpers for scope in scopes]))
    row = np.full((len(groups), len(setting.names.queues)), len(scopes))
    for g, group in enumerate(groups):
        for scope in group:
            row[g, scopes[scope].queues] = scope
    return Looking(edges, helps.astype(np.int64), row, period_of(periods, len(setting.world.moment_key)))


def partitions(scopes: Sequence[Scope]) -> list[list[int]]:
    """Scopes in groups that share no queue: one pass over the answers does for a whole group."""
    groups: dict[str, list[int]] = {}
    for g, scope in enumerate(scopes):
        if len(scope.queues):
            groups.setdefault(scope.name.partition(":")[0], []).append(g)
    return list(groups.values())


def period_of(periods: Sequence[Period], intervals: int) -> Ints:
    """The period in which each interval lies, -1 if none."""
    index = np.full(intervals, -1)
    for k, period in enumerate(periods):
        index[period.first:period.last] = k
    return index


# --- tidy tables -----------------------------------------------------------------------------------------------------

def labels(codes: Any, names: Sequence[str]) -> pd.Categorical[Any]:
    """Names by their numbers, -1 for none."""
    return pd.Categorical.from_codes(np.asarray(codes, np.int64), pd.Index(list(names)))


def starts_of(names: Names, intervals: int) -> pd.DatetimeIndex:
    return pd.date_range(names.start, periods=intervals, freq=pd.Timedelta(seconds=names.interval_s))


@dataclass
class Sums:
    """What the replications of one setting add up to, for tables of means: memory does not grow with their number."""

    flows: Floats       # [I, Q, FLOWS]
    pools: Floats       # [I, P, POOL_FACTS]
    waiting: Floats     # [I, Q]
    wait_sum_s: Floats  # [I, Q]
    helped: Floats      # [days, E]
    replications: Floats

    @classmethod
    def of(cls, setting: Setting, outcomes: Outcomes) -> Sums:
        """Of one replication."""
        wait_ms = np.zeros(outcomes.flows.shape[:2], np.int64)
        helped = np.zeros((len(setting.demand.day_key), len(setting.world.edge_pool)), np.int64)
        waits.add_places(outcomes.answers, setting.world.edge_queue, setting.demand.day, wait_ms, helped)
        return cls(outcomes.flows, outcomes.pools, outcomes.waiting, wait_ms / 1000, helped, np.ones(()))

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(mine + theirs for mine, theirs in zip(self.arrays(), other.arrays(), strict=True)))

    def arrays(self) -> tuple[Floats, ...]:
        return self.flows, self.pools, self.waiting, self.wait_sum_s, self.helped, self.replications


def interval_table(setting: Setting, sums: Sums) -> pd.DataFrame:
    """One row an interval, city and class: dials and people and what became of them, means over the replications."""
    names, n = setting.names, sums.replications
    intervals, queues = sums.waiting.shape
    table = pd.DataFrame({
        "start": np.repeat(starts_of(names, intervals), queues),
        "city": labels(np.tile(setting.world.queue_city, intervals), list(names.cities)),
        "class": labels(
            np.tile([names.classes.index(k) for _, k in names.queues], intervals), list(names.classes)),
    })
    for column, name in enumerate(FLOW_FIELDS):
        table[name] = sums.flows[..., column].reshape(-1) / n
    table["waiting"] = sums.waiting.reshape(-1) / n
    table["wait_sum_s"] = sums.wait_sum_s.reshape(-1) / n
    table["ordinary"] = setting.demand.ordinary.reshape(-1)
    return table


def pool_table(setting: Setting, sums: Sums) -> pd.DataFrame:
    """One row an interval and pool: seats open, calls begun, seconds busy and staffed, means over the replications."""
    names, n = setting.names, sums.replications
    intervals, number = sums.pools.shape[:2]
    return pd.DataFrame({
        "start": np.repeat(starts_of(names, intervals), number),
        "pool": labels(np.tile(np.arange(number), intervals), [p.name for p in names.pools]),
        "kind": np.tile([p.kind for p in names.pools], intervals),
        "home": np.tile([p.home or "" for p in names.pools], intervals),
        "seats": setting.world.seats.reshape(-1).astype(np.int32),
        "answered": sums.pools[..., tables.STARTS].reshape(-1) / n,
        "busy_s": sums.pools[..., tables.BUSY_MS].reshape(-1) / 1000 / n,
        "staffed_s": sums.pools[..., tables.STAFFED_MS].reshape(-1) / 1000 / n,
    })


def help_table(setting: Setting, sums: Sums) -> pd.DataFrame:
    """One row a day, pool and city: how many of the city's dials of that day the pool answered, the mean."""
    names, world = setting.names, setting.world
    days = pd.to_datetime(setting.demand.day_key.astype(np.int64), unit="D")
    parts = [names.pools[p] for p in world.edge_pool]
    table = pd.DataFrame({
        "day": np.repeat(days, len(parts)),
        "pool": [p.name for p in parts] * len(days),
        "kind": [p.kind for p in parts] * len(days),
        "home": [p.home or "" for p in parts] * len(days),
        "city": [names.queues[q][0] for q in world.edge_queue] * len(days),
        "answered": sums.helped.reshape(-1) / sums.replications,
    })
    return table.groupby(["day", "pool", "kind", "home", "city"], sort=False, as_index=False)[["answered"]].sum()


def call_table(setting: Setting, outcomes: Outcomes, replication: int = 0) -> pd.DataFrame:
    """One row a dial, in the order of dialling: who, when, how long, and what became of it."""
    names = setting.names
    calls = outcomes.calls[np.lexsort((outcomes.calls["caller"], outcomes.calls["dialled_ms"]))]
    codes = {field: calls[field] for field in ("queue", "pool", "outcome")}
    _, first, person = np.unique(calls["caller"], return_index=True, return_inverse=True)
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return pd.DataFrame({
        "replication": np.int32(replication),
        "caller": order[person].astype(np.int32),
        "attempt": calls["attempt"].astype(np.int16),
        "city": labels(setting.world.queue_city[codes["queue"]], list(names.cities)),
        "class": labels(
            np.array([names.classes.index(k) for _, k in names.queues])[codes["queue"]], list(names.classes)),
        "dialled": np.datetime64(names.start, "ms") + calls["dialled_ms"].astype("m8[ms]"),
        "outcome": labels(codes["outcome"], list(OUTCOMES)),
        "pool": labels(codes["pool"], [p.name for p in names.pools]),
        "waited_ms": calls["waited_ms"], "talk_ms": calls["talk_ms"], "wrap_up_ms": calls["wrap_up_ms"],
    })
