"""What cities, classes, pools and spans are called."""
from __future__ import annotations

import re

from sim.scenario import Scenario
from surgeline.reports.briefing import Briefing, Subject
from surgeline.reports.words import Words

NUMBERED = re.compile(r" \d+$")


def city(s: Scenario, w: Words, key: str) -> str:
    return w.name(s.cities[key].name) if key in s.cities else key


def klass(s: Scenario, w: Words, key: str) -> str:
    return w.name(s.classes[key].name) if key in s.classes else key


def subject(b: Briefing, w: Words, one: Subject) -> str:
    return scope(b.scenario, w, one.scope)




def scope(s: Scenario, w: Words, name: str) -> str:
    """A scope of the metrics in words."""
    kind, _, key = name.partition(":")
    if kind == "city":
        return city(s, w, key)
    if kind == "class":
        return w("place.class", name=klass(s, w, key))
    return w("place.pool", name=pool(s, w, key)) if kind == "pool" else w("place.province")


def pool(s: Scenario, w: Words, name: str) -> str:
    """A pool's name: of lent seats both cities, of a desk its own."""
    lender, arrow, borrower = name.partition("→")
    if arrow:
        key, _, number = borrower.partition(" ")
        return f"{city(s, w, lender)}→{city(s, w, key)} {number}".strip()
    home, dot, rest = name.partition("·")
    if dot and home in s.cities:
        return f"{city(s, w, home)} {w('kind.cloud') if rest == 'cloud' else rest}"
    desk = NUMBERED.sub("", name)
    return w(f"kind.{desk}") if w.knows(f"kind.{desk}") else city(s, w, name)
