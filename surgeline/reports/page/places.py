"""What cities, classes, pools and spans are called."""
from __future__ import annotations

import re

from sim.scenario.levers import Desk
from sim.scenario.scenario import Scenario
from surgeline.reports.page.words import Words

NUMBERED = re.compile(r" \d+$")


def city(s: Scenario, w: Words, key: str) -> str:
    return w.name(s.cities[key].name) if key in s.cities else key


def klass(s: Scenario, w: Words, key: str) -> str:
    return w.name(s.classes[key].name) if key in s.classes else key


def scope(s: Scenario, w: Words, name: str) -> str:
    """A scope of the metrics in words."""
    kind, _, keys = name.partition(":")
    if kind == "province":
        return w("place.province")
    called = {"city": city, "class": klass, "pool": pool}[kind]
    names = w.list([called(s, w, key) for key in keys.split("+")])
    return names if kind == "city" else w(f"place.{kind}", name=names)


def pool(s: Scenario, w: Words, name: str) -> str:
    """A pool's name: of lent seats both cities, of a desk its own."""
    lender, arrow, borrower = name.partition("→")
    if arrow:
        key, _, number = borrower.partition(" ")
        return f"{city(s, w, lender)}→{city(s, w, key)} {number}".strip()
    home, dot, rest = name.partition("·")
    if dot and home in s.cities:
        return f"{city(s, w, home)} {w('kind.cloud') if rest == 'cloud' else rest}"
    return city(s, w, name) if name in s.cities else desk(s, w, NUMBERED.sub("", name))


def desk(s: Scenario, w: Words, name: str) -> str:
    """A desk's name in words; one that says nothing to a reader of this language goes by what kind of desk it is."""
    if w.knows(f"desk.{name}"):
        return w(f"desk.{name}")
    kind = kind_of_desk(s, name)
    if kind is None or not name.isascii():
        return name
    return w(f"kind.{kind}") + w("number.bracket", x=name)


def kind_of_desk(s: Scenario, name: str) -> str | None:
    """Who runs a desk of this name, in the scenario or in a variant."""
    levers = (*s.levers, *(lever for variant in s.variants.values() for lever in variant.levers))
    return next((lever.by for lever in levers if isinstance(lever, Desk) and lever.name == name), None)
