"""Whether a record is about something that the simulation tells."""
from __future__ import annotations

from collections.abc import Iterator

from sim.reading.conflicts import Conflict, conflict, moment, unknown
from sim.scenario.messages import say
from sim.scenario.observed import METRIC_NAMES, NOT_OF_CLASSES, OF_POOLS, Observed
from sim.scenario.problems import shortly
from sim.scenario.scenario import Scenario


def wrong_records(scenario: Scenario) -> Iterator[Conflict]:
    names = [f"{name}_{float(scenario.answered_within):g}s" if name == "answered_within" else name
             for name in METRIC_NAMES]
    pools: list[str] = []
    for i, observed in enumerate(scenario.observed):
        if observed.scope.startswith("pool:"):
            pools = pools or pool_names(scenario)
        yield from unknown(("observed", i, "metric"), say("metric"), observed.metric, names)
        if observed.against is not None:
            yield from unknown(("observed", i, "against"), say("variant"), observed.against, scenario.variants)
        yield from wrong_scope(scenario, i, observed, pools)
        yield from wrong_time(scenario, i, observed)


def pool_names(scenario: Scenario) -> list[str]:
    """Pools of the scenario under its own levers: a city's own has the city's name."""
    return list(dict.fromkeys((*scenario.own_pools, *(pool.name for pool in scenario.effects.pools))))


def wrong_scope(scenario: Scenario, i: int, observed: Observed, pools: list[str]) -> Iterator[Conflict]:
    """Whom a record is about: somebody of whom the metric can be told."""
    where, metric = ("observed", i, "scope"), observed.metric
    kind, _, name = observed.scope.partition(":")
    known = {"city": list(scenario.cities), "class": list(scenario.classes), "pool": pools}.get(kind)
    what = {"city": say("city"), "class": say("class")}.get(kind, say("pool"))
    if known is None and observed.scope != "province":
        yield conflict(where, say("must be province, city:NAME, class:NAME or pool:NAME"))
    parts = name.split("+") if kind in ("city", "class") else [name]
    for part in parts if known is not None else ():
        yield from unknown(where, what, part, known)
    if (kind == "pool" and metric not in OF_POOLS) or (kind == "class" and metric in NOT_OF_CLASSES):
        yield conflict(where, say("a {kind} has no {metric}: name a city, or province", kind=what,
                                  metric=shortly(metric)))


def wrong_time(scenario: Scenario, i: int, observed: Observed) -> Iterator[Conflict]:
    """A record is of whole intervals, all of them within the horizon."""
    start, end = observed.start or scenario.horizon.start, observed.end or scenario.horizon.end
    if end <= start:
        yield conflict(("observed", i, "from"), say("must come before its end ({end})", end=moment(end)))
        return
    for name, at in (("from", observed.start), ("to", observed.end)):
        if at is not None and not scenario.horizon.start <= at <= scenario.horizon.end:
            yield conflict(("observed", i, name), say("{at} lies outside the horizon ({start} to {end})", at=moment(at),
                                                      start=moment(scenario.horizon.start),
                                                      end=moment(scenario.horizon.end)))
            return
        if at is not None and (at - scenario.horizon.start).total_seconds() % scenario.horizon.interval_s:
            yield conflict(("observed", i, name), say("{at} is not where an interval of {minutes:g} min starts",
                                                      at=moment(at), minutes=scenario.horizon.interval_s / 60))
