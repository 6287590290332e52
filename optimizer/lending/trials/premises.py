"""What a plan brings where an assumption that it rests on is at an end of its range: how many call because of the
surges, and for how much of an hour a lent seat is there."""
from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal

from optimizer.lending.inputs.province import Province
from optimizer.lending.settings import PREMISE_DAYS, PREMISE_LEAST
from optimizer.lending.trials import limits, orders
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.assumptions import with_numbers
from sim.scenario.lending_terms import OFFERS
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.problems import Where
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario, quantities

What = Literal["callers", "presence"]
Range = tuple[float, float]
ENDS = (min, max)
HELPING = (Lend, *OFFERS)


@dataclass(frozen=True)
class Premise:
    """A plan where one assumption is at an end of its range, all else as it is assumed."""

    what: What
    value: float | None   # of presence where it is one for all; of callers the verdict tells how many there are
    verdict: Evaluation


def premises(province: Province, levers: tuple[Lever, ...], luck: ReplicationCache) -> list[Premise]:
    """What the plan brings at both ends of each range, against not lending there; of one that does nothing, nothing."""
    if not levers:
        return []
    number = limits.replications(province, PREMISE_DAYS, PREMISE_LEAST)
    cases = [(what, value, replace(province, scenario=scenario), of)
             for what, value, scenario, of in (*with_callers(province.scenario, levers),
                                               *with_presence(province.scenario, levers))]
    counts = luck.of([one for _, _, there, of in cases for one in (there.scenario, orders.with_plan(there, of))],
                     number)
    return [Premise(what, value, judge(there, [of], alone, helped)) for (what, value, there, of), alone, helped
            in zip(cases, counts[::2], counts[1::2], strict=True)]


Case = tuple[What, float | None, Scenario, tuple[Lever, ...]]


def with_callers(scenario: Scenario, levers: tuple[Lever, ...]) -> list[Case]:
    """As few, and as many, as the ranges of all surges allow."""
    found = {where: one.range for where, one in quantities(scenario) if is_of_surge(where, one) and one.range}
    return [("callers", None, with_numbers(scenario, {where: end(of) for where, of in found.items()}), levers)
            for end in ENDS if found]


def is_of_surge(where: Where, one: Quantity) -> bool:
    """Whether it says how many call because of a surge."""
    return where[0] == "surges" and ("by_day" in where or str(where[-1]).startswith("callers"))


def with_presence(scenario: Scenario, levers: tuple[Lever, ...]) -> list[Case]:
    """Seats that help that are there for as little of the hour, and for as much, as is thought possible."""
    ranges = {one.presence.range for one in levers if isinstance(one, HELPING)}
    return [("presence", of_all(ranges, end), scenario, tuple(present(one, end) for one in levers))
            for end in ENDS if any(ranges)]


def of_all(ranges: Collection[Range | None], end: Callable[[Range], float]) -> float | None:
    """An end of the one range that all seats have; none where they differ, as in a plan that is from a file."""
    one, *others = ranges
    return None if one is None or others else end(one)


def present(lever: Lever, end: Callable[[Range], float]) -> Lever:
    if not isinstance(lever, HELPING) or lever.presence.range is None:
        return lever
    share = lever.presence.model_copy(update={"number": end(lever.presence.range)})
    return lever.model_copy(update={"presence": share})
