"""On top of a roster: who is called in a surge, who mans seats that are lent, and who stands by."""
from __future__ import annotations

from concurrent.futures import Executor

from optimizer.staffing.planning.calling.overtime import in_roster, of_calls
from optimizer.staffing.planning.calling.within_law import within_law
from optimizer.staffing.planning.city_roster.delivering import with_roster
from optimizer.staffing.planning.city_roster.from_table import frozen_days, thawed
from optimizer.staffing.planning.city_roster.leaders import without_leaders
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.laps import lap
from optimizer.staffing.planning.lent.manning import Standing, lent_on
from optimizer.staffing.planning.luck import served
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.planning.plan import Lending, StaffingPlan, Surge
from optimizer.staffing.planning.rostered import Rostered
from optimizer.staffing.planning.serving import Service
from optimizer.staffing.planning.standby.plan import Standby, standby_of
from optimizer.staffing.planning.surge.called import called
from optimizer.staffing.rosters.problem import Ints
from sim.measures.statistics import figure
from sim.scenario.scenario import Scenario

DAYS_TO_COME = 4    # times as many replications for standby, and again to replay it


def surge_of(plan: StaffingPlan, city: str, rostered: Rostered, needs: Needs, service: Service,
             seconds: float, executor: Executor) -> Surge | None:
    """Who is called in where a surge needs more than the roster has; None where nobody is.

    :param service: that of the roster, on the same luck.
    """
    scenario = plan.scenario
    with lap(plan.seconds, "call-in"):
        found = called(scenario, city, rostered.problem, rostered.solved.roster, needs, plan.terms.prices,
                       first_day(scenario), seconds)
        if found is None or not found.plan.calls:
            return None
        helped = with_roster(scenario, city, found.shifts, found.roster)
        with_them = served(plan, helped, city, executor)
        return Surge(found, with_them, figure(with_them.callers_answered - service.callers_answered))


def standing_of(scenario: Scenario, city: str, rostered: Rostered, surge: Surge | None) -> Standing:
    """The roster with those called in a surge, as one on top of which people may be called, on frozen days too."""
    rules = scenario.workforce(city).rules
    own = in_roster(rostered.problem, rostered.solved.roster, rules)
    if surge is None:
        problem = thawed(without_leaders(rostered.problem), frozen_days(scenario, first_day(scenario)))
        lawful = within_law(problem, rules, float(scenario.staffing_terms.prices.hour))
        return Standing(lawful, rostered.solved.roster, own, (rostered.shifts, rostered.table))
    called_in = surge.called
    return Standing(called_in.plan.problem, called_in.plan.roster, (*own, *of_calls(called_in.plan.calls)),
                    (called_in.shifts, called_in.roster))


def lent_of(plan: StaffingPlan, city: str, standing: Standing, needed: Ints, executor: Executor) -> Lending | None:
    """Who mans the seats that the city lends, on top of its roster and of those called in a surge."""
    with lap(plan.seconds, "lent"):
        found = lent_on(plan.scenario, city, standing, needed, first_day(plan.scenario), seed=plan.need.seed,
                        replications=plan.need.replications, executor=executor)
        return Lending(found, served(plan, found.scenario, city, executor)) if found else None


def standby_on(plan: StaffingPlan, city: str, standing: Standing, lending: Lending | None,
               executor: Executor) -> Standby | None:
    """Who stands by, on top of everybody who is called in a surge and for what is lent; None where it is not asked
    for."""
    if plan.terms.standby is None:
        return None
    scenario, problem, roster = with_roster(plan.scenario, city, *standing.words), standing.problem, standing.roster
    overtime = standing.overtime
    if lending is not None:
        lent = lending.lent
        scenario, problem, roster = lent.scenario, lent.plan.problem, lent.plan.roster
        overtime = (*overtime, *of_calls(lent.plan.calls))
    number = plan.need.replications
    with lap(plan.seconds, "standby"):
        return standby_of(scenario, city, plan.target, problem, roster, overtime, first_day(plan.scenario),
                          seed=plan.need.seed, first_replication=plan.need.unseen + number,
                          replications=DAYS_TO_COME * number, executor=executor)
