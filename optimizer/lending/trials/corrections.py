"""What a plan that was simulated tells: what help really brings and costs, and where a floor leaves room for more seats
or needs fewer."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import at_once
from optimizer.lending.inputs.province import LENDER, Lent
from optimizer.lending.model.lending import Solution
from optimizer.lending.settings import AIM, LEARNT, LEAST_FACTOR, MOST_FACTOR, ROOM, WIDER
from optimizer.lending.trials.evaluation import Evaluation
from optimizer.lending.trials.floors import FloorResult
from optimizer.lending.trials.orders import Serves
from sim.measures.statistics import Figure
from sim.scenario.lever import Lever

Parts = dict[str, dict[int, float]]  # by lender and block of the day


@dataclass(frozen=True)
class Trial:
    """A plan that was tried."""

    solution: Solution
    levers: tuple[Lever, ...]
    serves: Serves
    verdict: Evaluation
    doubts: list[FloorResult]  # floors that no proof is to be hoped for of
    worth: float    # people answered more, less what hours are to be worth


def learn(estimates: Estimates, trial: Trial, times: float) -> bool:
    """Whether simulation told something new: what help brings and costs, and how many seats a lender can give.

    :param times: as many times as many replications will prove the plan.
    """
    before = {**estimates.delivers}, estimates.costs
    changed = retuned(estimates, trial.solution.lent, parts_of(estimates, trial.verdict.floors, times), WIDER)
    gains = {city: float(values.sum()) for city, values in trial.solution.gains.items()}
    losses = sum(float(values.sum()) for values in trial.solution.losses.values())
    lost = total([trial.verdict.lenders[name] for name in estimates.lenders if name in trial.verdict.lenders])
    estimates.delivers = {city: corrected(factor, gains[city], trial.verdict.gains[city])
                          for city, factor in estimates.delivers.items()}
    estimates.costs = corrected(estimates.costs, losses, lost)
    return changed or before != (estimates.delivers, estimates.costs)


def total(losses: list[Figure]) -> Figure:
    """What all lenders lose: no wider an interval than that of losses that go up and down together."""
    return Figure(-sum(one.mean for one in losses), -sum(one.high for one in losses), -sum(one.low for one in losses))


def corrected(factor: float, promised: float, delivered: Figure) -> float:
    """A factor moved to what was delivered, to a fifth or twice of it at the most; as it was where that is close, or
    chance may have made the difference."""
    part = delivered.mean / promised if promised >= 1 else 1.0
    if abs(part - 1) <= LEARNT or delivered.low <= promised <= delivered.high:
        return factor
    return bounded(factor * min(max(part, 0.2), 2.0))


def bounded(factor: float) -> float:
    """A factor within what the model may learn."""
    return min(max(factor, LEAST_FACTOR), MOST_FACTOR)


def parts_of(estimates: Estimates, floors: Sequence[FloorResult], times: float) -> Parts:
    """By lender and block of the day: the part of its seats with which all its floors would just be proved."""
    whole, found = dict[str, float](), defaultdict[str, dict[int, float]](dict)
    for floor in floors:
        part = floor.part(times)
        if floor.number is None:
            whole[floor.lender] = min(part, whole.get(floor.lender, part))
        else:
            found[floor.lender][floor.number] = min(part, found[floor.lender].get(floor.number, part))
    return {lender: {number: min(part, whole.get(lender, part)) for number, part in
                     {**dict.fromkeys(estimates.province.numbers, whole.get(lender, 1.0)), **found[lender]}.items()}
            for lender in {*whole, *found}}


def retuned(estimates: Estimates, lent: Lent, parts: Parts, wider: float = 1.0) -> bool:
    """Whether limits moved: to this part of what a lender did, fewer seats by one at least; or to more, where a plan
    lends all that its limits allow and its floors leave room.

    :param wider: how many times as many seats at the most.
    """
    province, changed = estimates.province, False
    for name in parts.keys() & estimates.most.keys():
        lends = at_once(province, lent, LENDER, name)
        for o, block in enumerate(province.open_blocks):
            part, now = parts[name].get(province.slot_of(block)[1], 1.0), int(lends[o])
            most = moved(now, part, int(estimates.most[name][o]), int(province.caps[name][o]), wider)
            changed |= most != int(estimates.most[name][o])
            estimates.most[name][o] = most
    return changed


def moved(now: int, part: float, most: int, cap: int, wider: float) -> int:
    """A limit after a plan that lent so many seats, of which this part just keeps all floors."""
    if part < 1 and now:
        return min(most, max(min(now - 1, int(now * part)), 0))
    if part > ROOM and now >= most and wider > 1:
        return min(cap, max(most, int(now * min(part, wider))))
    return most


def cut(estimates: Estimates, lent: Lent, floors: Sequence[FloorResult], times: float) -> None:
    """Where floors are unsure a lender may lend a smaller part of what it did, and a little less than would just do:
    other luck is to prove it."""
    parts = parts_of(estimates, floors, times)
    retuned(estimates, lent, {name: {number: part if part >= 1 else AIM * part for number, part in of.items()}
                              for name, of in parts.items()})
