"""What groups get wrong that answer some classes of callers only: classes that are not there, or have nobody."""
from __future__ import annotations

from collections.abc import Iterator

from sim.reading.conflicts import Conflict, callers_there_may_be, conflict, lists_of_levers, may_be_more, unknown
from sim.scenario.messages import say
from sim.scenario.people import Group
from sim.scenario.problems import Where, shortly
from sim.scenario.scenario import ALL, Scenario


def wrong_classes(scenario: Scenario) -> Iterator[Conflict]:
    """Groups that answer some classes only: each by itself, and then whether each class has somebody."""
    found = [one for city, force in scenario.people.items() for key, group in force.groups.items() if group.answers
             for one in wrong_group(scenario, city, ("people", city, "groups", key), group)]
    yield from found
    if not found:
        yield from nobody_answers(scenario)


def wrong_group(scenario: Scenario, city: str, here: Where, group: Group) -> Iterator[Conflict]:
    """Unknown classes, people who are asked to sit where they can't, and tables that don't know who sits there."""
    for i, klass in enumerate(group.answers):
        yield from unknown((*here, "answers", i), say("class"), klass, scenario.classes)
        if klass in group.answers[:i]:
            yield conflict((*here, "answers", i), say("{name} stands here twice", name=shortly(klass)))
    if may_be_more(group.from_home):
        yield conflict((*here, "from_home"), say("does nothing: who answers some classes only sits in the city's own "
                                                 "hall; leave it out"))
    planned = scenario.planned if city == ALL else {city} & set(scenario.planned)
    for name in planned:
        yield conflict((*here, "answers"), say(
            "a table plans the seats of {city}, and does not say who sits there: leave it out, or take the city out of "
            "the table", city=name))


def nobody_answers(scenario: Scenario) -> Iterator[Conflict]:
    """A class of which people call a city whose groups all answer others only. Guests may, and by another routing other
    cities' people."""
    callers = callers_there_may_be(scenario)
    for name in scenario.cities:
        groups = scenario.groups(name)
        sets = [scenario.answered_by(group) for group in groups.values()]
        lonely = sorted(callers[name] - {klass for classes in sets for klass in classes}) if all(sets) else []
        lonely = [klass for klass in lonely if not guests_answer(scenario, name, klass)]
        if lonely:
            here = ("people", name if name in scenario.people and scenario.people[name].groups else ALL)
            yield conflict((*here, "groups", next(iter(groups)), "answers"), say(
                "nobody in {city} answers callers of {classes}: name these with a group, or bring guests who do",
                city=name, classes=lonely))


def guests_answer(scenario: Scenario, city: str, klass: str) -> bool:
    """Whether seats that are not the city's own may answer a class there, under any list of levers."""
    for _, levers in lists_of_levers(scenario):
        effects = scenario.model_copy(update={"levers": levers}).effects
        if effects.routing.policy != "dedicated":
            return True
        if any(city in pool.serves and (not pool.classes or klass in pool.classes) for pool in effects.pools):
            return True
    return False
