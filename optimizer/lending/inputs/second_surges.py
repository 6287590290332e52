"""Second surges that may strike a lender while its seats are away, and the province in them."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from optimizer.lending.inputs.province import Province, city
from optimizer.lending.inputs.surfaces import Lender, lender
from sim.fitting.expected import queues_of
from sim.scenario.demand import Surge
from sim.scenario.lending_terms import Floor, LenderSurge
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.world.build import build


@dataclass(frozen=True)
class SecondSurge:
    """The province in a second surge."""

    strike: LenderSurge
    province: Province       # its callers and scenario are those of the second surge
    lender: Lender           # what lending does to the city then; it owes drops only
    surge: frozenset[int]    # open blocks of the surge
    answer: frozenset[int]   # those in which seats can be home again, or called in


def struck(province: Province) -> list[SecondSurge]:
    """Every second surge of the agreement that strikes a lender."""
    return [struck_by(province, strike) for strike in province.agreement.second_surges
            if strike.city in province.lenders]


def struck_by(province: Province, strike: LenderSurge) -> SecondSurge:
    scenario = with_surge(province, strike)
    cities = province.cities | {strike.city: city(scenario, build(scenario), province.blocks, strike.city)}
    there = replace(province, scenario=scenario, cities=cities)
    home = strike.start + timedelta(seconds=float(province.agreement.recall))
    surge = frozenset(b for b in province.open_blocks if strike.span.covers(province.blocks[b].start))
    floor = drops_only(province.agreement.floor_of(strike.city))
    return SecondSurge(strike, there, lender(there, strike.city, floor), surge,
                  frozenset(b for b in surge if province.blocks[b].start >= home))


def drops_only(floor: Floor) -> Floor:
    """A city in a surge misses any absolute floor: lending must not make it worse."""
    return floor.model_copy(update={"answered": plain(0.0, "share"), "within": plain(0.0, "share")})


def with_surge(province: Province, strike: LenderSurge) -> Scenario:
    """The scenario with so many times a city's usual callers, of the class of which it has most."""
    s, setting = province.scenario, build(province.scenario)
    queues = queues_of(setting, strike.city)
    usual = setting.demand.mean[:, queues]
    klass = setting.names.queues[queues[int(np.argmax(usual.sum(axis=0)))]][1]
    moments = [s.horizon.start + timedelta(seconds=i * s.horizon.interval_s) for i in range(s.horizon.intervals)]
    more = usual.sum(axis=1) * (float(strike.times) - 1)
    rows = tuple((at, float(callers)) for at, callers in zip(moments, more, strict=True) if strike.span.covers(at))
    surge = Surge.model_validate({"city": strike.city, "class": klass, "profile": next(iter(s.profiles)), "rows": rows})
    return s.model_copy(update={"surges": (*s.surges, surge), "focus": s.surged()})
