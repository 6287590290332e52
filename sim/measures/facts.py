"""The door out: what an engine recorded becomes counts and times with names. Units change here and nowhere later."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sim.core import arrays
from sim.core.arrays import Floats, Ints, Names, Outcomes, Setting
from sim.measures import waits
from sim.measures.counts import HELPED, WAIT_MS, WITHIN, Counted, Grouping, added_up

OUTCOMES = ("waiting", "answered", "abandoned", "blocked", "bot")


class IdentityError(AssertionError):
    """Dials or people that were lost count of: a fault of the engine, never of the scenario."""


def check_identity(setting: Setting, outcomes: Outcomes) -> None:
    """Every dial and every person is somewhere.

    :raises IdentityError: where dialled differs from answered + hung up + busy + by the bot + still waiting.
    """
    flows = outcomes.flows
    ends = flows[..., [arrays.DIALS_ANSWERED, arrays.DIALS_ABANDONED, arrays.DIALS_BLOCKED, arrays.DIALS_BOT]]
    still = (flows[..., arrays.DIALS] - ends.sum(axis=2)).sum(axis=0)
    wrong = [setting.names.queues[q] for q in np.flatnonzero(still != outcomes.waiting[-1])]
    if wrong:
        raise IdentityError(f"dials lost count of in {wrong}")
    ends = flows[..., [arrays.CALLERS_ANSWERED, arrays.CALLERS_BOT, arrays.CALLERS_DIVERTED, arrays.CALLERS_LOST]]
    if (flows[..., arrays.CALLERS] < ends.sum(axis=2)).any():
        raise IdentityError("more people ended than began")
    if outcomes.pools[..., arrays.STARTS].sum() != flows[..., arrays.DIALS_ANSWERED].sum():
        raise IdentityError("answers of callers and of seats differ")


@dataclass(frozen=True)
class Scope:
    """Whom a figure is about: queues of callers, and pools of seats."""

    name: str
    queues: Ints
    pools: Ints


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
    found = [Scope("province", np.arange(len(names.queues)), np.arange(len(names.pools)))]
    for city in names.cities:
        queues = np.array([q for q, (c, _) in enumerate(names.queues) if c == city])
        own = np.array([p for p, pool in enumerate(names.pools) if pool.kind == "own" and pool.home == city])
        found.append(Scope(f"city:{city}", queues, own))
    for klass in names.classes:
        queues = np.array([q for q, (_, k) in enumerate(names.queues) if k == klass])
        found.append(Scope(f"class:{klass}", queues, none))
    if with_pools:
        found += [Scope(f"pool:{pool.name}", none, np.array([p])) for p, pool in enumerate(names.pools)]
    return found


def together(scopes: Sequence[Scope]) -> Scope:
    """Several scopes as one."""
    return Scope("+".join(scope.name for scope in scopes), np.unique(np.concatenate([s.queues for s in scopes])),
                 np.unique(np.concatenate([s.pools for s in scopes])))


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
    has_callers: Floats  # 1 where the scope has queues of callers, whether anybody calls or not
    has_seats: Floats    # 1 where it has pools of seats
    ordinary: Floats
    distress_s: Floats


FLOW_FIELDS = ("dials", "answered", "abandoned", "blocked", "by_bot", "callers", "callers_answered", "callers_by_bot",
               "callers_diverted", "callers_lost", "callers_away")


def tally(setting: Setting, counted: Counted, scopes: Sequence[Scope], periods: Sequence[Period],
          quantiles: bool = True) -> Tally:
    """Add up what happened, by scope and period. The periods come one after another.

    :param quantiles: whether those of the waits are asked for; nan otherwise.
    """
    by_queue, by_pool = grouping(setting, scopes, periods, "queues"), grouping(setting, scopes, periods, "pools")
    outcomes, shape = counted.outcomes, (len(scopes), len(periods))
    flows, answers = added_up(outcomes.flows, by_queue), added_up(counted.answered, by_queue)
    pools = added_up(outcomes.pools, by_pool)
    at_end = by_queue._replace(period=ends_of(periods, len(by_queue.period)))
    median, p95 = np.moveaxis(waits.quantiles_ms(counted, setting.world.edge_queue, by_queue), -1, 0) / 1000 \
        if quantiles else np.full((2, *shape), np.nan)
    return Tally(
        **{name: flows[..., column] for column, name in enumerate(FLOW_FIELDS)},
        waiting=added_up(outcomes.waiting[..., None], at_end)[..., 0],
        within=answers[..., WITHIN], wait_sum_s=answers[..., WAIT_MS] / 1000, helped=answers[..., HELPED],
        median_wait_s=median, p95_wait_s=p95, starts=pools[..., arrays.STARTS],
        busy_s=pools[..., arrays.BUSY_MS] / 1000, staffed_s=pools[..., arrays.STAFFED_MS] / 1000,
        has_callers=has(scopes, "queues", shape), has_seats=has(scopes, "pools", shape),
        ordinary=added_up(setting.demand.ordinary[..., None], by_queue)[..., 0],
        distress_s=distress(setting, outcomes, by_queue, periods))


def has(scopes: Sequence[Scope], what: str, shape: tuple[int, int]) -> Floats:
    """[scopes, periods]: 1 where a scope has queues, or pools."""
    return np.broadcast_to(np.array([[float(len(getattr(scope, what)) > 0)] for scope in scopes]), shape)


def distress(setting: Setting, outcomes: Outcomes, by_queue: Grouping, periods: Sequence[Period]) -> Floats:
    """Seconds from the first interval in which under half of the dials were answered to the end of the last one; nan
    for single intervals."""
    found = np.full((by_queue.scopes, by_queue.periods), np.nan)
    if all(period.last - period.first == 1 for period in periods):
        return found
    first, last = periods[0].first, periods[-1].last
    each = by_queue._replace(period=np.arange(last - first), periods=last - first)
    flows = outcomes.flows[first:last][..., [arrays.DIALS, arrays.DIALS_ANSWERED]]
    dials, answered = np.moveaxis(added_up(flows, each), 2, 0)
    bad = 2 * answered < dials
    for k, period in enumerate(periods):
        here = bad[:, period.first - first:period.last - first]
        begin, end = here.argmax(axis=1), here.shape[1] - here[:, ::-1].argmax(axis=1)
        found[:, k] = np.where(here.any(axis=1), end - begin, 0) * setting.names.interval_s
    return found


def grouping(setting: Setting, scopes: Sequence[Scope], periods: Sequence[Period], what: str) -> Grouping:
    """The scopes by their queues or by their pools, and the periods, as tables that compiled loops read."""
    members = len(setting.names.queues if what == "queues" else setting.names.pools)
    groups = partitions(scopes, what)
    row = np.full((len(groups), members), len(scopes))
    for g, group in enumerate(groups):
        for scope in group:
            row[g, getattr(scopes[scope], what)] = scope
    return Grouping(row, period_of(periods, len(setting.world.moment_key)), len(scopes), len(periods))


def partitions(scopes: Sequence[Scope], what: str) -> list[list[int]]:
    """Scopes in groups that share no queue, or no pool: one pass does for a whole group."""
    groups: dict[str, list[int]] = {}
    for g, scope in enumerate(scopes):
        if len(getattr(scope, what)):
            groups.setdefault(scope.name.partition(":")[0], []).append(g)
    return list(groups.values())


def period_of(periods: Sequence[Period], intervals: int) -> Ints:
    """The period in which each interval lies, -1 if none."""
    index = np.full(intervals, -1)
    for k, period in enumerate(periods):
        index[period.first:period.last] = k
    return index


def ends_of(periods: Sequence[Period], intervals: int) -> Ints:
    """The period that each interval ends, -1 if none."""
    index = np.full(intervals, -1)
    index[[period.last - 1 for period in periods]] = np.arange(len(periods))
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
    def of(cls, counted: Counted) -> Sums:
        """Of one replication."""
        outcomes = counted.outcomes
        return cls(outcomes.flows, outcomes.pools, outcomes.waiting, counted.answered[..., WAIT_MS] / 1000,
                   counted.served, np.ones(()))

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
        "answered": sums.pools[..., arrays.STARTS].reshape(-1) / n,
        "busy_s": sums.pools[..., arrays.BUSY_MS].reshape(-1) / 1000 / n,
        "staffed_s": sums.pools[..., arrays.STAFFED_MS].reshape(-1) / 1000 / n,
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
        "attempt": calls["attempt"],
        "city": labels(setting.world.queue_city[codes["queue"]], list(names.cities)),
        "class": labels(
            np.array([names.classes.index(k) for _, k in names.queues])[codes["queue"]], list(names.classes)),
        "dialled": np.datetime64(names.start, "ms") + calls["dialled_ms"].astype("m8[ms]"),
        "outcome": labels(codes["outcome"], list(OUTCOMES)),
        "pool": labels(codes["pool"], [p.name for p in names.pools]),
        "waited_ms": calls["waited_ms"], "talk_ms": calls["talk_ms"], "wrap_up_ms": calls["wrap_up_ms"],
    })
