"""What an order is written from: levers, what they were found to do, and the scenario."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sim.measures.statistics import Figure
from sim.scenario.levers import CloudSeats, Desk, Lend
from sim.scenario.people_levers import CallIn, Standby, Volunteers
from sim.scenario.scenario import Scenario
from sim.world.people import Staffing
from surgeline.folders.lending_plan import LendingPlan, Manifest
from surgeline.folders.order_hours import Ordered, Phase, adding_up, city_of, number_of, order_number, phases

Own = CallIn | Standby | Volunteers | CloudSeats
OTHERS = ""  # the cities that do nothing, in figures by city


@dataclass(frozen=True)
class OrderView:
    """A plan as those see it who carry it out."""

    done: LendingPlan

    @property
    def m(self) -> Manifest:
        return self.done.manifest

    @property
    def s(self) -> Scenario:
        return self.m.scenario

    @property
    def levers(self) -> tuple[Ordered, ...]:
        return self.m.levers

    @cached_property
    def phases(self) -> list[Phase]:
        return phases(self.s, self.levers)

    @cached_property
    def staffing(self) -> Staffing:
        """The people of all cities, nobody called yet."""
        return Staffing(self.s, self.s.horizon.times, self.s.effects)

    # --- who -------------------------------------------------------------------------------------------------------

    @cached_property
    def borrowers(self) -> list[str]:
        """Who gets seats of others: of other cities, or of a desk."""
        helped = [city for lever in self.levers if isinstance(lever, Desk) for city in lever.cities]
        return list(dict.fromkeys((*(lever.borrower for lever in self.m.lends), *helped)))

    @cached_property
    def desks(self) -> list[str]:
        """The desks that add seats, by name."""
        return list(dict.fromkeys(lever.name for lever in self.levers if isinstance(lever, Desk)))

    @cached_property
    def cities(self) -> list[str]:
        """Who does something, lenders first, borrowers last."""
        lenders = [lever.lender for lever in self.m.lends]
        others = [city_of(lever) for lever in self.levers if city_of(lever) not in self.borrowers]
        return list(dict.fromkeys((*[one for one in lenders if one not in self.borrowers], *others, *self.borrowers)))

    def lent_by(self, city: str) -> list[Lend]:
        return [lever for lever in self.m.lends if lever.lender == city]

    def lent_to(self, city: str) -> list[Lend]:
        return [lever for lever in self.m.lends if lever.borrower == city]

    def desks_for(self, city: str) -> list[Desk]:
        return [lever for lever in self.levers if isinstance(lever, Desk) and city in lever.cities]

    def guests_of(self, city: str) -> list[Lend | Desk]:
        """Levers whose seats come to a city: of other cities, and of desks."""
        return [*self.lent_to(city), *self.desks_for(city)]

    def brought_by(self, city: str) -> list[Own]:
        """Levers by which a city brings people itself: to its own hall, or to its queue from home."""
        return [lever for lever in self.levers if not isinstance(lever, Lend | Desk) and lever.city == city]

    # --- the paper ---------------------------------------------------------------------------------------------------

    @property
    def first_day(self) -> date:
        return self.phases[0].first if self.phases else self.s.horizon.start.date()

    @property
    def number(self) -> str:
        return order_number(self.s.name, self.first_day, self.m.edition)

    @cached_property
    def sheets(self) -> int:
        """How many there are: grids, second surges, cities, requests."""
        return max(len(self.phases), 1) + bool(self.m.strikes) + len(self.cities) + len(self.borrowers)

    # --- what it brings ----------------------------------------------------------------------------------------------

    @cached_property
    def effects(self) -> dict[str, Figure]:
        """People answered more, by city that gains or pays."""
        return {**self.m.effect.lenders, **self.m.effect.gains}

    @cached_property
    def people(self) -> dict[str, float]:
        """People answered more, by city that does something and of all others together, rounded so that they add up to
        the headline."""
        total = self.m.effect.people.mean
        means = {city: self.effects[city].mean for city in self.cities if city in self.effects}
        return adding_up(means | {OTHERS: total - sum(means.values())}, total)

    def seat_hours(self, city: str) -> float:
        return sum(number_of(one) * one.span.total_hours for one in self.lent_by(city))
