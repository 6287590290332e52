"""What parts of a scenario get wrong about each other: how it is told, and the lists of levers in which it happens."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sim.scenario.messages import Message, say
from sim.scenario.people import Roster
from sim.scenario.problems import Where, shortly
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import ALL, Scenario

Conflict = tuple[Where, Message, str | None, list[str]]
"""Where in the file, what is wrong, and for an unknown name: the name, and the names that exist."""
Levers = tuple[Any, ...]


def unknown(where: Where, what: Message, name: str, known: Any) -> Iterator[Conflict]:
    if name not in known:
        yield where, say("{name} is no {what}", name=shortly(name), what=what), name, list(known)


def conflict(where: Where, message: Message) -> Conflict:
    return where, message, None, []


def of_a_day(city: str, row: int, day: int) -> Where:
    """A cell of a city's roster: the row of a person and a day by its number."""
    return "people", city, "roster", "rows", row, "codes", day


def lists_of_levers(scenario: Scenario) -> Iterator[tuple[Where, Levers]]:
    """The scenario's own levers, those that a plan may order, and those of each variant; with its changes a variant is
    looked at by itself."""
    yield ("levers",), scenario.levers
    if scenario.lending is not None:
        yield ("lending", "offers"), scenario.lending.offers
    for name, variant in scenario.variants.items():
        if not variant.change:
            yield ("variants", name, "levers"), variant.levers


def all_levers(scenario: Scenario) -> Iterator[tuple[Where, Any]]:
    for where, levers in lists_of_levers(scenario):
        for i, lever in enumerate(levers):
            yield (*where, i), lever


def names_exist(scenario: Scenario, lever: Any) -> bool:
    """Whether a lever names cities and classes that there are."""
    return (all(city in scenario.cities for _, city in lever.cities_named())
            and all(klass in scenario.classes for _, klass in lever.classes_named()))


def has_roster(scenario: Scenario, name: str) -> bool:
    """Whether a table says who of a city works when, or how many. It is edited after levers were written, day by day:
    what it leaves of them is said, and not refused."""
    return scenario.workforce(name).roster is not None or bool(scenario.counted(name))


def days_simulated(scenario: Scenario, roster: Roster) -> list[int]:
    """The columns of a roster that are days of the horizon."""
    horizon = scenario.horizon
    return [k for k, day in enumerate(roster.dates) if horizon.start.date() <= day <= horizon.last_day]


def plans_exist(scenario: Scenario, city: str) -> bool:
    """Whether there is a plan of shifts for each group of a city, or a table of its seats."""
    groups = scenario.groups(city).values()
    known = [scenario.rotas[group.rota].shifts if group.rota in scenario.rotas else group.shifts
             for group in groups if group.rota is None or group.rota in scenario.rotas]
    return ((len(known) == len(groups) and all(name is None or name in scenario.shifts for name in known))
            or (city in scenario.planned and not scenario.workforce(city).groups))


def at_most(quantity: Quantity) -> float:
    """How much it may be: studies and calibrations move it within its range."""
    return max(float(quantity), quantity.range[1] if quantity.range else 0.0)


def may_be_more(quantity: Quantity) -> bool:
    """Whether a quantity is above 0, or may be."""
    return at_most(quantity) > 0


def callers_there_may_be(scenario: Scenario) -> dict[str, set[str]]:
    """By city: the classes of which anybody may call."""
    found: dict[str, set[str]] = {name: set() for name in scenario.cities}
    everyday = {klass for klass, part in scenario.everyday.items() if may_be_more(part.share)}
    for name, city in scenario.cities.items():
        if may_be_more(scenario.everyday_level) and may_be_more(city.calls_a_day):
            found[name] |= everyday
    for surge in scenario.surges:
        for name in scenario.cities if surge.city == ALL else {surge.city} & scenario.cities.keys():
            found[name].add(surge.klass)
    return found


def moment(at: datetime) -> str:
    """A moment as files write it."""
    return f"{at:%Y-%m-%d %H:%M}" + (f":{at:%S}" if at.second else "")


def clock(minute: int) -> str:
    """A time of day as files write it."""
    return f"{minute // 60:02}:{minute % 60:02}"
