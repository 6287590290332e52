"""Whom a plan may ask, and what lenders' citizens may bear: the plans of a menu differ in these.

``within`` is the one that the terms of the scenario and ordinary overtime allow; the others ask for less, or for more.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Province
from optimizer.lending.inputs.sources import is_on_duty
from optimizer.lending.settings import MOST_DROPS
from sim.scenario.lending_terms import Agreement, Floor
from sim.scenario.quantities import Quantity

Calls = Literal["nobody", "ordinary", "emergency"]
CALLS: tuple[Calls, ...] = ("nobody", "ordinary", "emergency")
DROPS = ("answered_drop", "within_drop", "day_drop")


@dataclass(frozen=True)
class Stance:
    """Whom a plan asks, and how far lenders' service may drop, against what the terms allow."""

    name: str
    calls: Calls
    on_duty: bool = True   # whether people on duty answer for others
    drops: float = 1.0     # times the drops of the floors

    @property
    def ordinary(self) -> bool:
        """Whether terms and ordinary overtime allow all of it."""
        return self.drops <= 1 and self.calls != "emergency"

    def within(self, province: Province) -> Province:
        """The province in which only these are asked."""
        pairs = tuple(pair for pair in province.pairs
                      if self.asks(province, pair[0]))
        return replace(province, pairs=pairs, agreement=self.terms(province.agreement),
                       emergency=self.calls == "emergency")

    def asks(self, province: Province, source: str) -> bool:
        """Whether it asks these; a desk and volunteers, whatever else it does: they leave no lender."""
        return self.calls != "nobody" if province.come(source) else self.on_duty or not is_on_duty(source)

    def terms(self, agreement: Agreement) -> Agreement:
        return agreement if self.drops == 1 else agreement.model_copy(update={
            "floor": scaled(agreement.floor, self.drops),
            "floors": {name: scaled(one, self.drops) for name, one in agreement.floors.items()}})

    def asks_no_more_than(self, other: Stance) -> bool:
        """Whether whatever this one allows, another one allows."""
        return (CALLS.index(self.calls) <= CALLS.index(other.calls) and self.on_duty <= other.on_duty
                and self.drops <= other.drops)

    def known(self, estimates: Estimates) -> Estimates:
        """What is known of the province, of these only."""
        province = self.within(estimates.province)
        return replace(estimates, province=province, delivers={**estimates.delivers},
                       lenders={name: one for name, one in estimates.lenders.items() if name in province.lenders},
                       most={name: most.copy() for name, most in estimates.most.items() if name in province.lenders},
                       strikes=estimates.strikes if self.on_duty else [], brings={**estimates.brings})


def scaled(floor: Floor, times: float) -> Floor:
    """A floor whose service may drop so many times as far."""
    drops = {name: getattr(floor, name) for name in DROPS}
    return floor.model_copy(update={name: times_of(drop, times) for name, drop in drops.items()})


def times_of(drop: Quantity, times: float) -> Quantity:
    return drop.model_copy(update={"number": min(float(drop) * times, 1.0), "range": None})


ON_DUTY, WITHIN = Stance("on_duty", "nobody"), Stance("within", "ordinary")
STANCES = (Stance("unnoticed", "nobody", drops=0.5), ON_DUTY, Stance("called_in", "ordinary", on_duty=False), WITHIN,
           Stance("emergency", "emergency"), Stance("everything", "emergency", drops=MOST_DROPS))
"""From the one that asks least to the one that asks for everything."""
