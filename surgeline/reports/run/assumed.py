"""The values that no source gives, and those that were fitted; equal ones together."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sim.scenario.assumptions import grouped, of_kind
from sim.scenario.problems import Where
from sim.scenario.quantities import Origin, Quantity, UnitName
from sim.scenario.scenario import ALL, Scenario
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Block, Column, Section, Table
from surgeline.reports.page.words import Words, time_unit
from surgeline.reports.run.view import RunView

ORDER = ("absences", "surges", "levers", "focus", "classes", "everyday", "people", "shifts", "cities", "routing")
MOST_MEMBERS = 4
WRITTEN: dict[UnitName, tuple[str, float]] = {"share": ("percent", 0.01), "h": ("hours", 1.0)}
"""In what quantities are written that are no times of any length, and what one of it is worth."""
PART_NUMBER = re.compile(r" · (\d+)(?= · |$)")


@dataclass(frozen=True)
class Place:
    """Where a quantity stands: what it is, which of several it belongs to, and how much it matters."""

    family: tuple[str, ...]
    member: str
    rank: int


@dataclass(frozen=True)
class Group:
    """Quantities of one kind with one reason, in one unit."""

    family: tuple[str, ...]
    unit: UnitName
    members: tuple[str, ...]
    values: tuple[float, ...]
    range: tuple[float, float] | None
    note: str
    rank: int


def section(view: RunView, w: Words) -> Section:
    assumed, fitted = groups(view, w, "assumed"), groups(view, w, "calibrated")
    blocks: list[Block] = []
    if assumed:
        blocks.append(table(view, w, assumed, "table", "why"))
    if fitted:
        blocks.append(table(view, w, fitted, "calibrated", "to"))
    if view.scenario.sources and blocks:
        blocks.append(sources(view, w))
    lead = w("assumptions.lead", n=len(assumed)) if assumed else w("assumptions.none")
    return Section(w("assumptions.title"), lead, tuple(blocks))


def groups(view: RunView, w: Words, kind: Origin) -> list[Group]:
    """Quantities of a kind, those that are alike together, the weightiest first."""
    told = ((where, quantity) for where, quantity in of_kind(view.scenario, kind)
            if (where[0] != "variants" or view.gains) and not is_of_nobody(view, where)
            and not is_planned(view, where))
    made = [group(family, note, [(place_of(view, w, where), quantity) for where, quantity in members])
            for (family, note), members in grouped(told, lambda where: place_of(view, w, where).family).items()]
    return sorted(made, key=lambda one: one.rank)


def is_of_nobody(view: RunView, where: Where) -> bool:
    """Whether it is about callers of a class as which nobody called."""
    named = where[1:2] if where[0] == "classes" else where[3:4] if where[2:3] == ("handle_times",) else ()
    return bool(named) and named[0] not in view.classes_called


def is_planned(view: RunView, where: Where) -> bool:
    """Whether it says how many seats people open where a table says it: of them it makes a difference only who is lent
    or absent."""
    cities, by_table = view.scenario.cities, view.scenario.planned
    if where[0] == "shifts":
        return all(name in by_table for name, city in cities.items() if city.shifts == where[1])
    if where[0] != "cities" or where[1] not in by_table or where[2] not in ("agents", "absence", "shrinkage"):
        return False
    at_work = any(name == where[1] for lever in view.scenario.levers for _, name in lever.cities_named())
    return not at_work and not (where[2] == "absence" and view.scenario.absences)


def group(family: tuple[str, ...], note: str, members: list[tuple[Place, Quantity]]) -> Group:
    ranges = [quantity.range for _, quantity in members if quantity.range]
    span = (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else None
    names = tuple(dict.fromkeys(place.member for place, _ in members if place.member))
    return Group(family, members[0][1].unit, names, tuple(float(quantity) for _, quantity in members), span, note,
                 min(place.rank for place, _ in members))


# --- names -----------------------------------------------------------------------------------------------------------

def place_of(view: RunView, w: Words, where: Where) -> Place:
    """The path to a quantity in words: without what only tells members apart."""
    root = str(where[0])
    if root == "variants":
        return of_lever(view, w, view.scenario.variants[str(where[1])].levers[int(where[3])], where[4:])
    if root == "levers":
        return of_lever(view, w, view.scenario.levers[int(where[1])], where[2:])
    if root in ("cities", "classes", "everyday", "people"):
        return of_named(view, w, root, where)
    if root in ("surges", "absences", "shifts"):
        return of_listed(view, w, root, where)
    return Place(fields(where), "", rank(root))


def rank(what: str) -> int:
    return ORDER.index(what) if what in ORDER else len(ORDER)


def fields(rest: Where) -> tuple[str, ...]:
    """The named steps of a path; parts of a mixture keep their number, dates and other places go."""
    found: list[str] = []
    for before, step in zip(("", *rest), rest, strict=False):
        if isinstance(step, str) and not is_day(step):
            found.append(step)
        elif before in ("parts", "by_try"):
            found.append(f"{int(step) + 1}")
    return tuple(found)


def of_named(view: RunView, w: Words, root: str, where: Where) -> Place:
    key = str(where[1])
    name = (w("setup.every_city") if key == ALL else places.city(view.scenario, w, key) if root in ("cities", "people")
            else places.klass(view.scenario, w, key))
    head = () if root in ("cities", "classes") else (root,)
    in_focus = root == "cities" and any(key in subject.cities for subject in view.subjects)
    return Place((*head, *fields(where[2:])), name, rank("focus" if in_focus else root))


def of_listed(view: RunView, w: Words, root: str, where: Where) -> Place:
    name = shift_name(view.scenario, where) if root == "shifts" else city_and_day(view, w, root, where)
    rest = where[3:] if root == "shifts" else where[2:]
    return Place((root, *fields(rest)), name, rank(root))


def shift_name(scenario: Scenario, where: Where) -> str:
    """A shift goes by the time at which it begins."""
    start = scenario.shifts[str(where[1])][int(where[2])].start
    return f"{start // 60:02d}:{start % 60:02d}"


def city_and_day(view: RunView, w: Words, root: str, where: Where) -> str:
    item = getattr(view.scenario, root)[int(where[1])]
    days = [w.day_short(datetime.fromisoformat(step)) for step in where if isinstance(step, str) and is_day(step)]
    return " ".join([places.city(view.scenario, w, item.city), *days])


def is_day(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()


def of_lever(view: RunView, w: Words, lever: Any, rest: Where) -> Place:
    return Place((lever.kind, *fields(rest)), lever_name(view, w, lever), rank("levers"))


def lever_name(view: RunView, w: Words, lever: Any) -> str:
    """Lender and borrower, the desk, or the cities."""
    if hasattr(lever, "lender"):
        return places.pool(view.scenario, w, f"{lever.lender}→{lever.borrower}")
    if hasattr(lever, "name"):
        return places.pool(view.scenario, w, lever.name)
    return w.list([places.city(view.scenario, w, key) for _, key in lever.cities_named()], MOST_MEMBERS)


# --- tables ----------------------------------------------------------------------------------------------------------

def table(view: RunView, w: Words, found: list[Group], title: str, why: str) -> Table:
    columns = (Column(w("assumptions.what"), "long"), Column(w("assumptions.value"), "number"),
               Column(w("assumptions.range"), "number"), Column(w(f"assumptions.{why}"), "long"))
    rows = tuple((label(view, w, one), value(w, one), span(w, one), w.said(one.note)) for one in found)
    return Table(w(f"assumptions.{title}"), columns, rows, small=True)


def label(view: RunView, w: Words, one: Group) -> str:
    words = " · ".join(w(f"field.{step}") if w.knows(f"field.{step}") else step for step in one.family)
    words = PART_NUMBER.sub(r" \1", words)
    cities = {places.city(view.scenario, w, key) for key in view.scenario.cities}
    everywhere = len(cities) > 1 and set(one.members) == cities
    members = w("assumptions.all_cities", n=len(cities)) if everywhere else w.list(one.members, MOST_MEMBERS)
    return words + (w("number.bracket", x=members) if members else "")


def value(w: Words, one: Group) -> str:
    return written(w, one, min(one.values), max(one.values))


def span(w: Words, one: Group) -> str:
    return written(w, one, *one.range) if one.range else w("number.none")


def written(w: Words, one: Group, low: float, high: float) -> str:
    """From low to high, in the unit that suits the value; one number if they are equal."""
    unit, size = time_unit(min(one.values)) if one.unit == "s" else WRITTEN.get(one.unit, ("", 1.0))
    texts = list(dict.fromkeys(number(x / size) for x in (low, high)))
    text = w("number.span", start=texts[0], end=texts[1]) if len(texts) > 1 else texts[0]
    return w(f"number.{unit}", x=text) if unit else text


def number(x: float) -> str:
    return f"{x:,.0f}" if abs(x) >= 1000 else f"{float(f'{x:.4g}'):g}"


def sources(view: RunView, w: Words) -> Table:
    columns = (Column(w("assumptions.key")), Column(w("assumptions.source"), "long"))
    rows = tuple((key, w.said(text)) for key, text in view.scenario.sources.items())
    return Table(w("assumptions.sources"), columns, rows, small=True)
