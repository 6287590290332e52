"""What is found: the need of all cities, and each city's plan."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from optimizer.staffing.need.price import ErlangC, Rung
from optimizer.staffing.need.simulated import Need
from optimizer.staffing.need.target import Target
from optimizer.staffing.planning.designing import Designed
from optimizer.staffing.planning.lent.manning import Lent
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.rostered import Rostered
from optimizer.staffing.planning.serving import Service
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


@dataclass
class StaffingPlan:
    """What was found: the need of all cities, and each city's plan."""

    scenario: Scenario
    terms: StaffingTerms
    target: Target
    need: Need
    by_formula: ErlangC
    cities: dict[str, CityPlan] = field(default_factory=dict)
    price: PriceOfService | None = None  # where one city is planned
    of_pools: Need | None = None    # by what people can answer, where some of a single city answer some classes only
    seconds: dict[str, float] = field(default_factory=dict)
    told: datetime | None = None    # when people hear of it; None: when the horizon begins

    @property
    def told_at(self) -> datetime:
        """When people hear of it."""
        return self.told or self.scenario.horizon.start
