"""Some of a city's people as if it had nobody else and they answered every class: whatever plans a city plans them."""
from __future__ import annotations

from collections.abc import Collection

from sim.scenario.people import OFF, Roster, RosterRow
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario


def as_city(scenario: Scenario, city: str, groups: Collection[str], workplaces: float | None = None) -> Scenario:
    """A city of these groups alone. Its levers are others' matter, and leaders are wanted once in the whole hall.

    :param workplaces: that are left for them; as many as the city has if None.
    """
    force = scenario.workforce(city)
    own = {key: group.model_copy(update={"answers": ()}) for key, group in scenario.groups(city).items()
           if key in groups}
    places = force.workplaces if workplaces is None else plain(workplaces)
    roster = force.roster and with_names_only(force.roster, own)
    force = force.model_copy(update={"groups": own, "roster": roster, "workplaces": places})
    return scenario.model_copy(update={
        "people": {**scenario.people, city: force}, "levers": (),
        "staffing": scenario.staffing_terms.model_copy(update={"leaders": 0})})


def with_names_only(roster: Roster, groups: Collection[str]) -> Roster:
    """The rows of some groups; of others nothing but that their names are taken."""
    return roster.model_copy(update={"rows": tuple(row if row.group in groups else with_name_only(row)
                                                   for row in roster.rows)})


def with_name_only(row: RosterRow) -> RosterRow:
    return RosterRow(name=row.name, group=row.group, codes=(OFF,) * len(row.codes), free=tuple(range(len(row.codes))))


def groups_of(scenario: Scenario, city: str, classes: tuple[str, ...]) -> tuple[str, ...]:
    """The groups that answer these classes and no other."""
    return tuple(key for key, group in scenario.groups(city).items() if scenario.answered_by(group) == classes)


def who_may_answer(scenario: Scenario, city: str, classes: tuple[str, ...]) -> tuple[str, ...]:
    """The groups that answer these classes, and perhaps others; none stands for all."""
    wanted = set(classes or scenario.classes)
    return tuple(key for key, group in scenario.groups(city).items()
                 if wanted <= set(scenario.answered_by(group) or scenario.classes))
