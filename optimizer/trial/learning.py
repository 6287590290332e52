"""What a plan that was simulated tells: what help really brings and costs, and where a floor needs fewer seats."""
from __future__ import annotations

from dataclasses import dataclass

from optimizer.given.knowledge import Knowledge
from optimizer.model.lending import Solution
from optimizer.trial.verdict import Held, Verdict
from sim.levers import Lend

SHY = 0.95          # of a bound: where the next plan aims
CLOSE = 0.1         # promised and delivered, relatively: the model has learnt enough
LEAST, MOST = 0.1, 3.0  # of what the model may learn to multiply by
ROOMY = 0.6         # of a drop that is allowed: below it another seat is tried
WIDER = 1.5         # times as many seats, at the most
MANY = 1 << 30


@dataclass(frozen=True)
class Trial:
    """A plan that was tried."""

    solution: Solution
    levers: tuple[Lend, ...]
    serves: str
    verdict: Verdict
    worth: float  # people answered more, less what seat-hours cost


def learn(k: Knowledge, trial: Trial) -> bool:
    """Whether simulation told something new: what help brings and costs, and where a lender can give fewer seats than
    its formulas say, or more."""
    before = {**k.delivers}, k.costs, {name: most.copy() for name, most in k.most.items()}
    cuts = to_cut([floor for floor in trial.verdict.floors if not floor.near])
    for lender in k.most:
        if lender in cuts:
            fewer_seats(k, lender, cuts[lender], trial.solution)
        more_seats(k, lender, room(lender, trial.verdict.floors), trial.solution)
    gains = {city: float(values.sum()) for city, values in trial.solution.gains.items()}
    losses = sum(float(values.sum()) for values in trial.solution.losses.values())
    lost = -sum(figure.mean for figure in trial.verdict.lenders.values())
    k.delivers = {city: corrected(factor, gains[city], trial.verdict.gains[city].mean)
                  for city, factor in k.delivers.items()}
    k.costs = corrected(k.costs, losses, lost)
    limits = any((k.most[name] != most).any() for name, most in before[2].items())
    return limits or before[:2] != (k.delivers, k.costs)


def corrected(factor: float, promised: float, delivered: float) -> float:
    """A factor moved to what was delivered, to a fifth or twice of it at the most; as it was where that is close."""
    if promised < 1 or abs(delivered / promised - 1) <= CLOSE:
        return factor
    return min(max(factor * min(max(delivered / promised, 0.2), 2.0), LEAST), MOST)


def to_cut(floors: list[Held]) -> dict[str, dict[int, float]]:
    """By lender and time of day: the part of its seats with which its drop would keep the bound, if drops are in
    proportion to seats."""
    found: dict[str, dict[int, float]] = {}
    for floor in floors:
        part = min(SHY * floor.bound / floor.worst, 1.0) if floor.bound < 0 and floor.worst < 0 else SHY
        parts = found.setdefault(floor.lender, {})
        parts[floor.number] = min(part, parts.get(floor.number, 1.0))
    return found


def room(lender: str, floors: list[Held]) -> dict[int, float]:
    """By time of day at which a lender lends: the part of the drop it may suffer that it does suffer, where largest."""
    found: dict[int, float] = {}
    for floor in floors:
        if floor.lender == lender:
            used = floor.worst / floor.bound if floor.bound < 0 else (0.0 if floor.near else 1.0)
            found[floor.number] = max(used, found.get(floor.number, 0.0))
    return found


def fewer(seats: int, part: float) -> int:
    """This part of some seats, one less at the least."""
    return max(min(seats - 1, int(seats * part)), 0)


def fewer_seats(k: Knowledge, lender: str, parts: dict[int, float], solution: Solution) -> None:
    """Cuts from simulated differences: at these times of day the lender may lend this part of what it did; at others,
    where it did not lend, its limit is as wrong by half. As many seats are not tried again."""
    p, most, lent = k.province, k.most[lender], solution.by_slot(lender)
    elsewhere = (1 + min(parts.values())) / 2
    for o, block in enumerate(p.open_blocks):
        days, number = p.slot_of(block)
        now = lent[days, number]
        if number in parts:
            most[o] = min(most[o], fewer(now, parts[number]) if now else int(most[o] * parts[number]))
            k.too_many[lender, number] = min(k.too_many.get((lender, number), MANY), now or MANY)
        elif not now:
            most[o] = int(most[o] * elsewhere)


def more_seats(k: Knowledge, lender: str, used: dict[int, float], solution: Solution) -> None:
    """Where a floor leaves room, or was never tried, the lender may lend more, in proportion to the room and a seat (or
    quantum) at the least, but not as many as were too many before."""
    p, most, lent = k.province, k.most[lender], solution.by_slot(lender)
    step = p.agreement.quantum
    for o, (block, cap) in enumerate(zip(p.open_blocks, p.caps[lender], strict=True)):
        days, number = p.slot_of(block)
        part, now = used.get(number, 0.0), lent[days, number]
        if part <= ROOMY:
            limit = min(int(cap), k.too_many.get((lender, number), MANY) - 1)
            wider = int(now * SHY / max(part, SHY / WIDER))
            most[o] = max(most[o], min(max(now + step, wider), limit))
