"""What is planned, put into the scenario again: the roster is what the simulation replays."""
from __future__ import annotations

from collections.abc import Sequence

from optimizer.staffing.planning.rostering import ROSTERED
from sim.scenario.people import Roster, Shift, StaffTable
from sim.scenario.scenario import Scenario


def plan_of(city: str) -> str:
    """What the plan of shifts of a city is called that its planned roster names."""
    return f"{city}-planned"


def with_roster(scenario: Scenario, city: str, shifts: Sequence[Shift], roster: Roster) -> Scenario:
    """The scenario with the people of a city on these shifts, by this roster, instead of what it says of them."""
    name = plan_of(city)
    groups = {key: group.model_copy(update={"shifts": name, "rota": None}) if group.contract in ROSTERED else group
              for key, group in scenario.groups(city).items()}
    force = scenario.workforce(city).model_copy(update={"groups": groups, "roster": roster})
    return scenario.model_copy(update={
        "shifts": {**scenario.shifts, name: tuple(shifts)}, "people": {**scenario.people, city: force},
        "staff": without(scenario.staff, city)})


def without(staff: StaffTable | None, city: str) -> StaffTable | None:
    """A table of planned seats without those of a city; none where it has no other."""
    rows = tuple((at, tuple(one for one in row if one[0] != city)) for at, row in staff.rows) if staff else ()
    return staff.model_copy(update={"rows": rows}) if staff and rows and rows[0][1] else None
