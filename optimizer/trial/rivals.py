"""Policies that a plan has to beat: what one would do without an optimizer, and what no lending can pass."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimizer.given.province import Province, Slot
from optimizer.trial.orders import levers_of, with_plan
from sim.levers import Route, plain
from sim.scenario import Scenario
from sim.tables import Ints

AFTER_S = 60.0  # a call overflows once it has waited as long


def as_it_was(p: Province, scenario: Scenario) -> Scenario | None:
    """The scenario's own lending, if there is any."""
    return scenario if any(lever.kind == "lend" for lever in scenario.levers) else None


def same_share(p: Province, scenario: Scenario) -> Scenario:
    """Every lender gives the same share of its seats on duty, all the time."""
    return lent(p, p.caps)


def idle_seats(p: Province, scenario: Scenario) -> Scenario:
    """Every lender gives the seats that its calls leave idle on an ordinary day, as far as its cap goes."""
    found = {}
    for name in p.lenders:
        city = p.cities[name]
        busy = city.callers[p.open_blocks] / p.block_s * city.handle_s
        idle = np.maximum(city.own[p.open_blocks] - busy, 0) / max(p.loss(name), 1e-9)
        found[name] = np.minimum(np.floor(idle), p.caps[name]).astype(np.int64)
    return lent(p, found)


def overflow(p: Province, scenario: Scenario) -> Scenario:
    """Nobody is lent: a call that has waited long enough may be answered by any city, local calls first."""
    return routed(p, "overflow")


def pooled(p: Province, scenario: Scenario) -> Scenario:
    """All seats of the province answer all its calls."""
    return routed(p, "pooled")


def routed(p: Province, policy: str) -> Scenario:
    route = Route.model_validate({"kind": "route", "policy": policy, "after": plain(AFTER_S)})
    return p.scenario.model_copy(update={"levers": (*p.scenario.levers, route)})


def lent(p: Province, seats: dict[str, Ints]) -> Scenario:
    """Seats by lender and open block, to the borrowers in proportion to their callers, the least of days that share a
    plan of hours."""
    callers = {name: float(p.cities[name].callers[p.open_blocks].sum()) for name in p.borrowers}
    plan: dict[Slot, int] = {}
    for lender, borrower in p.pairs:
        part = callers[borrower] / sum(callers[b] for giver, b in p.pairs if giver == lender)
        for block, number in zip(p.open_blocks, seats[lender], strict=True):
            slot = (lender, borrower, *p.slot_of(block))
            plan[slot] = min(plan.get(slot, 1 << 30), int(number * part) // p.agreement.quantum * p.agreement.quantum)
    return with_plan(p, levers_of(p, {slot: number for slot, number in plan.items() if number}))


RIVALS: dict[str, Callable[[Province, Scenario], Scenario | None]] = {
    "as-it-was": as_it_was, "same-share": same_share, "idle-seats": idle_seats, "overflow": overflow, "pooled": pooled,
}
"""By name; not lending at all is what everything is compared with."""
ROUTED = ("overflow", "pooled")
"""Those that hold from the first moment on, because routing is one for the whole horizon."""


def policies(p: Province, scenario: Scenario) -> dict[str, Scenario]:
    """The scenario under each policy that can be made of it."""
    made = {name: policy(p, scenario) for name, policy in RIVALS.items()}
    return {name: one for name, one in made.items() if one is not None}
