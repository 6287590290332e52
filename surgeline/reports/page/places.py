"""What cities, classes, pools and spans are called."""
from __future__ import annotations

import re

from sim.scenario.levers import Desk
from sim.scenario.scenario import Scenario
from surgeline.reports.page.words import Words

NUMBERED = re.compile(r" \d+$")


def city(scenario: Scenario, w: Words, key: str) -> str:
    return w.name(scenario.cities[key].name) if key in scenario.cities else key


def klass(scenario: Scenario, w: Words, key: str) -> str:
    return w.name(scenario.classes[key].name) if key in scenario.classes else key


def scope(scenario: Scenario, w: Words, name: str) -> str:
    """A scope of the metrics in words."""
    kind, _, keys = name.partition(":")
    if kind == "province":
        return w("place.province")
    called = {"city": city, "class": klass, "pool": pool}[kind]
    names = w.list([called(scenario, w, key) for key in keys.split("+")])
    return names if kind == "city" else w(f"place.{kind}", name=names)


def pool(scenario: Scenario, w: Words, name: str) -> str:
    """A pool's name: of lent seats both cities, of a desk its own, of seats for some classes only these."""
    lender, arrow, borrower = name.partition("→")
    if arrow:
        key, _, number = borrower.partition(" ")
        return f"{city(scenario, w, lender)}→{city(scenario, w, key)} {number}".strip()
    home, dot, rest = name.partition("·")
    if dot and home in scenario.cities:
        kind, _, number = rest.partition(" ")
        return f"{city(scenario, w, home)} {kind_of_seats(scenario, w, kind)} {number}".strip()
    return city(scenario, w, name) if name in scenario.cities else desk(scenario, w, NUMBERED.sub("", name))


def kind_of_seats(scenario: Scenario, w: Words, kind: str) -> str:
    """What a city's seats are that are not for all callers in its hall: a kind of pool, or classes of callers."""
    return w(f"kind.{kind}") if w.knows(f"kind.{kind}") else w.list([klass(scenario, w, k) for k in kind.split("·")])


def desk(scenario: Scenario, w: Words, name: str, by: str | None = None) -> str:
    """A desk's name in words; one that says nothing to a reader of this language goes by what kind of desk it is.

    :param by: who runs it; what the scenario says of it if None.
    """
    if w.knows(f"desk.{name}"):
        return w(f"desk.{name}")
    kind = by or kind_of_desk(scenario, name)
    if kind is None or not name.isascii():
        return name
    return w(f"kind.{kind}") + w("number.bracket", x=name)


def kind_of_desk(scenario: Scenario, name: str) -> str | None:
    """Who runs a desk of this name, in the scenario, in a variant or as the terms offer it."""
    offers = scenario.lending.offers if scenario.lending else ()
    levers = (*scenario.levers, *(lever for variant in scenario.variants.values() for lever in variant.levers), *offers)
    return next((lever.by for lever in levers if isinstance(lever, Desk) and lever.name == name), None)
