"""Policies that a plan has to beat: what one would do without an optimizer."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Province, Slot
from optimizer.lending.inputs.sources import is_on_duty
from optimizer.lending.model.lending import solve
from optimizer.lending.settings import OVERFLOW_AFTER_S
from optimizer.lending.trials.orders import Serves, levers_of, with_plan
from sim.core.arrays import Ints
from sim.scenario.levers import Lend, Route
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario


def policies(estimates: Estimates, scenario: Scenario, serves: Serves) -> dict[str, Scenario]:
    """The scenario under each policy that can be made of it; not lending at all is what everything is compared with."""
    province, then = estimates.province, tuple(lever for lever in scenario.levers if isinstance(lever, Lend))
    made = {"historical": scenario, "placed-anew": placed_anew(estimates, then, serves)} if then else {}
    simple = {"same-share": same_share_lent(province), "idle-seats": idle_seats_lent(province)}
    return made | {name: with_plan(province, levers_of(province, lent)) for name, lent in simple.items()} | {
                   "overflow": routed(province, "overflow"),
                   "pooled": routed(province, "pooled")}


ROUTED = ("overflow", "pooled")
"""Those that hold from the first moment on, because routing is one for the whole horizon."""


def placed_anew(estimates: Estimates, then: tuple[Lend, ...], serves: Serves) -> Scenario:
    """The seats that were lent as it was, and no more of any city at any time, in the hours that the model chooses."""
    province = only_on_duty(estimates.province)
    most = {name: np.minimum(limit, most_at_once(province, name, then)) for name, limit in estimates.most.items()}
    lent = solve(replace(estimates, province=province, most=most)).lent
    return with_plan(province, levers_of(province, lent, serves))


def only_on_duty(province: Province) -> Province:
    """The province in which nobody helps but people of other cities who are on duty: nobody else was offered then."""
    return replace(province, pairs=tuple(pair for pair in province.pairs if is_on_duty(pair[0])))


def most_at_once(province: Province, lender: str, levers: tuple[Lend, ...]) -> int:
    mine = [lever for lever in levers if lever.lender == lender]
    return int(max(sum(float(lever.seats) for lever in mine if lever.span.covers(block.start))
                   for block in province.blocks))


def same_share_lent(province: Province) -> dict[Slot, int]:
    """Every lender gives the same share of its seats on duty, all the time."""
    return in_proportion(province, province.caps)


def idle_seats_lent(province: Province) -> dict[Slot, int]:
    """Every lender gives the seats that its calls leave idle on an ordinary day, as far as its cap goes."""
    found = {}
    for name in province.lenders:
        city = province.cities[name]
        busy = city.callers[province.open_blocks] / province.block_s * city.handle_s
        idle = np.maximum(city.own[province.open_blocks] - busy, 0) / max(province.loss(name), 1e-9)
        found[name] = np.minimum(np.floor(idle), province.caps[name]).astype(np.int64)
    return in_proportion(province, found)


def routed(province: Province, policy: str) -> Scenario:
    """Nobody is lent. Overflow: a call that has waited long enough may be answered by any city, local calls first;
    pooled: all seats of the province answer all its calls."""
    after = plain(OVERFLOW_AFTER_S if policy == "overflow" else 0.0)
    route = Route.model_validate({"kind": "route", "policy": policy, "after": after})
    others = tuple(lever for lever in province.scenario.levers if not isinstance(lever, Route))
    changes = province.scenario.routing.terms != route.terms
    return province.scenario.model_copy(update={"levers": (*others, route) if changes else others})


def in_proportion(province: Province, seats: dict[str, Ints]) -> dict[Slot, int]:
    """Seats by lender and open block, to the borrowers in proportion to their callers, the least of days that share a
    plan of hours."""
    callers = {name: float(province.cities[name].callers[province.open_blocks].sum()) for name in province.borrowers}
    callers = callers if all(callers.values()) else dict.fromkeys(callers, 1.0)
    plan: dict[Slot, int] = {}
    for lender, borrower in (pair for pair in province.pairs if pair[0] in province.lenders):
        part = callers[borrower] / sum(callers[b] for giver, b in province.pairs if giver == lender)
        for slot, number in province.least_by_slot(seats[lender]).items():
            plan[lender, borrower, *slot] = int(number * part)
    return {slot: number for slot, number in plan.items() if number}
