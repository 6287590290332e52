"""People on shifts: which shifts cover what is needed, and who works them."""
from __future__ import annotations

from dataclasses import replace

from optimizer.staffing.planning.asked import Asked
from optimizer.staffing.planning.city_roster.table_shifts import named_from, shifts_by_code, with_codes_apart
from optimizer.staffing.planning.designing import Designed, designed, with_more_starts
from optimizer.staffing.planning.horizon import STEP, first_day
from optimizer.staffing.planning.laps import lap
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.planning.rostered import Rostered, as_rostered, rostered_on
from optimizer.staffing.planning.surge.roster import known_from, surge_roster
from sim.scenario.people import Shift
from sim.scenario.scenario import Scenario
from sim.scenario.staffing_terms import StaffingTerms


def shifts_for(scenario: Scenario, city: str, needs: Needs, asked: Asked) -> Designed:
    """Shifts that cover the need of ordinary time."""
    terms = scenario.staffing_terms
    with lap(asked.laps, "shifts"):
        return designed(terms.shift_types, needs.usual, needs.most, terms.prices, asked.seconds, asked.seed,
                        handover_of(terms), named_from(scenario, city, first_day(scenario)))


def apart(shifts: Designed, whole: Scenario, city: str) -> Designed:
    """By codes that the city's table has for no other shifts."""
    return replace(shifts, shifts=with_codes_apart(shifts.shifts, shifts_by_code(whole, city), STEP))


def roster_for(scenario: Scenario, city: str, shifts: Designed, needs: Needs, asked: Asked,
               whole: Scenario | None = None) -> Rostered | None:
    """The roster of a city: of ordinary time, or where a surge is known, on shifts that may begin at other hours too.

    :param whole: with all people whose table it is, where the scenario has some of them only.
    """
    since, told = known_from(scenario, city, needs), asked.told_at(scenario)
    with lap(asked.laps, "roster"):
        if since is None:
            return rostered_on(scenario, city, shifts, needs.usual, asked.seconds, asked.seed, told, needs.most)
        every = with_codes_apart(more_starts(scenario, shifts), shifts_by_code(whole or scenario, city), STEP)
        found = surge_roster(scenario, city, every, needs, first_day(scenario), since, asked.seconds, asked.seed)
        return None if found is None else as_rostered(scenario, city, found.problem, found.solved, needs.first, told,
                                                      found, needs.most)


def more_starts(scenario: Scenario, shifts: Designed) -> tuple[Shift, ...]:
    """Those that a surge adds among them."""
    terms = scenario.staffing_terms
    return with_more_starts(terms.shift_types, shifts.shifts, handover_of(terms))


def handover_of(terms: StaffingTerms) -> int:
    """Minutes for which each shift goes on after its end."""
    return round(float(terms.handover) / 60)
