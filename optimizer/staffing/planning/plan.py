"""What is found: the need of all cities, and each city's plan."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from optimizer.staffing.need.price import ErlangC, Rung
from optimizer.staffing.need.simulated import Need
from optimizer.staffing.need.target import Target
from optimizer.staffing.planning.by_skill.specialists import BySkill, Specialists
from optimizer.staffing.planning.designing import Designed
from optimizer.staffing.planning.lent.manning import Lent
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.rostered import Rostered
from optimizer.staffing.planning.serving import Service, ServiceOfPools
from optimizer.staffing.planning.standby.plan import Standby
from optimizer.staffing.planning.surge.called import Called
from sim.measures.statistics import Figure
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import StaffingTerms


@dataclass(frozen=True)
class CityPlan:
    """What is planned for one city."""

    presence: Presence
    needs: Needs
    designed: Designed
    rostered: Rostered | None
    scenario: Scenario          # with the roster in it, where there is one
    service: Service
    today: Service              # of the scenario as it is
    surge: Surge | None         # who is called in on top of the roster
    lent: Lending | None        # who mans the seats that the city lends, where it has a roster
    standby: Standby | None     # where it is asked for and there is a roster


@dataclass(frozen=True)
class Surge:
    """Who is called in on top of the roster, the service with them, and how many callers more are answered."""

    called: Called
    service: Service
    brings: Figure


@dataclass(frozen=True)
class Lending:
    """Who mans the seats that are lent, and the service at home when those have come who are called in for it."""

    lent: Lent
    service: Service


@dataclass(frozen=True)
class PriceOfService:
    """What levels of service take in one city, and the share in time that its workplaces can give at the most."""

    rungs: tuple[Rung, ...]
    at_workplaces: float


@dataclass(frozen=True)
class ServedBySkill:
    """What becomes of the callers of each kind of people, if each class is left to those who answer the fewest others:
    as the scenario is, and with all rosters."""

    today: ServiceOfPools
    planned: ServiceOfPools


@dataclass
class StaffingPlan:
    """What was found: the need of all cities, and each city's plan."""

    as_it_is: Scenario
    scenario: Scenario      # with a roster of those who answer some classes of callers only, where one is planned
    terms: StaffingTerms
    target: Target
    need: Need
    by_formula: ErlangC
    cities: dict[str, CityPlan] = field(default_factory=dict)
    price: PriceOfService | None = None  # where one city is planned
    by_skill: BySkill | None = None     # where some people of a single city answer some classes of callers only
    served_by_skill: ServedBySkill | None = None    # where shifts of some of these are planned
    seconds: dict[str, float] = field(default_factory=dict)
    told: datetime | None = None    # when people hear of it; None: when the horizon begins

    @property
    def specialists(self) -> tuple[Specialists, ...]:
        """Those who answer some classes of callers only, whose shifts are planned."""
        return self.by_skill.planned if self.by_skill else ()

    def rosters(self, city: str) -> list[Rostered]:
        """Of all kinds of people of a city, those who answer everything first."""
        own = self.cities[city].rostered
        return [own, *(one.rostered for one in self.specialists)] if own else []

    @property
    def told_at(self) -> datetime:
        """When people hear of it."""
        return self.told or self.scenario.horizon.start
