"""What a plan that was simulated tells: what help really brings and costs, and where a floor needs fewer seats."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import at_once
from optimizer.lending.inputs.province import LENDER, Lent
from optimizer.lending.model.lending import Solution
from optimizer.lending.settings import AIM, LEARNT, LEAST_FACTOR, MOST_FACTOR
from optimizer.lending.trials.evaluation import Evaluation
from optimizer.lending.trials.floors import FloorResult
from sim.scenario.levers import Lend

Doubts = list[tuple[Collection[int], list[FloorResult]]]  # open blocks, and floors that give way in them


@dataclass(frozen=True)
class Trial:
    """A plan that was tried."""

    solution: Solution
    levers: tuple[Lend, ...]
    serves: str
    verdict: Evaluation
    doubts: Doubts  # floors that give way
    worth: float    # people answered more, less what seat-hours cost


def learn(estimates: Estimates, trial: Trial) -> bool:
    """Whether simulation told something new: what help brings and costs, and where a lender can give fewer seats."""
    before = {**estimates.delivers}, estimates.costs
    cut(estimates, trial.solution.lent, trial.doubts)
    gains = {city: float(values.sum()) for city, values in trial.solution.gains.items()}
    losses = sum(float(values.sum()) for values in trial.solution.losses.values())
    lost = -sum(figure.mean for figure in trial.verdict.lenders.values())
    estimates.delivers = {city: corrected(factor, gains[city], trial.verdict.gains[city].mean)
                          for city, factor in estimates.delivers.items()}
    estimates.costs = corrected(estimates.costs, losses, lost)
    return bool(trial.doubts) or before != (estimates.delivers, estimates.costs)


def corrected(factor: float, promised: float, delivered: float) -> float:
    """A factor moved to what was delivered, to a fifth or twice of it at the most; as it was where that is close."""
    if promised < 1 or abs(delivered / promised - 1) <= LEARNT:
        return factor
    return min(max(factor * min(max(delivered / promised, 0.2), 2.0), LEAST_FACTOR), MOST_FACTOR)


def cut(estimates: Estimates, lent: Lent, doubts: Doubts) -> None:
    """Cuts from simulated differences: where floors are unsure a lender may lend a smaller part of what it did."""
    province = estimates.province
    for blocks, floors in doubts:
        for name, parts in to_cut(floors).items():
            lends = at_once(province, lent, LENDER, name)
            for o, block in enumerate(province.open_blocks):
                those = [parts[at] for at in (province.slot_of(block)[1], None) if at in parts]
                if block in blocks and those and lends[o]:
                    estimates.most[name][o] = min(estimates.most[name][o], fewer(int(lends[o]), min(those)))


def to_cut(floors: Sequence[FloorResult]) -> dict[str, dict[int | None, float]]:
    """By lender and time of day, or all of it: the part of its seats with which its drop would keep the bound, if drops
    are in proportion to seats."""
    found: dict[str, dict[int | None, float]] = {}
    for floor in floors:
        part = min(AIM * floor.bound / floor.worst, 1.0) if floor.bound < 0 and floor.worst < 0 else AIM
        parts = found.setdefault(floor.lender, {})
        parts[floor.number] = min(part, parts.get(floor.number, 1.0))
    return found


def fewer(seats: int, part: float) -> int:
    """This part of some seats, one less at the least."""
    return max(min(seats - 1, int(seats * part)), 0)
