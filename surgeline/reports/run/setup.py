"""What the scenario sets: people of the cities that matter, what happens, the levers, and what variants change."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sim.scenario.demand import Surge
from sim.scenario.people import Group
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import ALL, City
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Block, Column, Section, Table
from surgeline.reports.page.words import Words
from surgeline.reports.run.assumed import lever_name, number
from surgeline.reports.run.view import RunView

ORIGINS = {"assumed": "assumed", "calibrated": "fitted"}
MUCH = ("seats", "people", "longer", "lines", "share")
"""What says how much a lever does, the first that it has."""
SHARED = {"both": "setup.serves_both", "home_first": "setup.serves_home_first"}
"""How lent seats serve that answer their own city too."""
MOST_LEVERS, MOST_ROSTERS = 30, 3
ALL_DAY = (0, 1440)
LONGEST_KEY = 24
OF_CITY = ("calls_a_day", "agents", "seats", "absence", "shrinkage")
SECOND = timedelta(seconds=1)


def section(view: RunView, w: Words) -> Section:
    blocks: list[Block] = [people(view, w)]
    blocks += [table for table in (events(view, w), levers(view, w), variants(view, w)) if table.rows]
    return Section(w("setup.title"), w("setup.lead"), tuple(blocks))


def told(w: Words, quantity: Quantity | float) -> str:
    """A value in its unit, and whether it is an assumption, fitted, or from where."""
    if not isinstance(quantity, Quantity):
        return number(quantity)
    x = float(quantity)
    text = w.percent(x) if quantity.unit == "share" else w.duration(x) if quantity.unit == "s" else number(x)
    origin = w(f"setup.{ORIGINS[quantity.kind]}") if quantity.kind in ORIGINS else key_of(w, quantity.note)
    return text + (w("number.bracket", x=origin) if origin else "")


def key_of(w: Words, note: str) -> str:
    """The short name of a source: what stands before its colon or its first mark."""
    return re.split(r"[：:，,“\"]", w.said(note))[0].strip()[:LONGEST_KEY]


def span(w: Words, start: datetime, end: datetime) -> str:
    """From a moment to a moment; whole days by their dates."""
    last = end - SECOND
    if start.time() == end.time() == datetime.min.time():
        return w.spread(w.day_short(start), w.day_short(last))
    return w.spread(f"{w.day_short(start)} {start:%H:%M}", f"{w.day_short(last)} {clock(end)}")


def clock(end: datetime) -> str:
    """The time of day at which something ends: midnight is the end of the day before."""
    return "24:00" if end.time() == datetime.min.time() else f"{end:%H:%M}"


# --- people ----------------------------------------------------------------------------------------------------------

def people(view: RunView, w: Words) -> Table:
    """The cities in focus, and those that lend."""
    shown = who_matters(view)
    columns = (Column(w("setup.city"), "short"), *(Column(w(f"setup.{name}"), "number") for name in OF_CITY))
    rows = tuple((places.city(view.scenario, w, key), *figures(view, w, key)) for key in shown)
    more = len(view.scenario.cities) - len(rows)
    by_shifts = [key for key in shown if key not in view.scenario.planned and not view.scenario.workforce(key).groups
                 and not view.scenario.counted(key)]
    rosters = dict.fromkeys(shifts(view, w, view.scenario.cities[key]) for key in by_shifts)
    notes = [w("setup.shifts", shifts=one) for one in rosters if one][:MOST_ROSTERS]
    notes += [counts(view, w, key) for key in shown if view.scenario.counted(key)][:MOST_ROSTERS]
    notes += [groups(view, w, key) for key in shown if view.scenario.workforce(key).groups][:MOST_ROSTERS]
    return Table(w("setup.people"), columns, rows, " ".join([*notes, *([w("setup.others", n=more)] if more else [])]),
                 small=True)


def counts(view: RunView, w: Words, key: str) -> str:
    """How many people of a city begin a shift on a day of the horizon, by the table."""
    table, horizon = view.scenario.shift_counts, view.scenario.horizon
    assert table is not None
    days = [sum(row.people[k] for row in table.of_city(key)) for k, day in enumerate(table.dates)
            if horizon.start.date() <= day <= horizon.last_day]
    return w("setup.by_counts", place=places.city(view.scenario, w, key), table=table.table,
             n=w.spread(w.exact(min(days)), w.exact(max(days))))


def groups(view: RunView, w: Words, key: str) -> str:
    """The groups of a city's people, how many they are, and what they answer if not everything."""
    named = [group(view, w, name, one) for name, one in view.scenario.workforce(key).groups.items()]
    return w("setup.groups", place=places.city(view.scenario, w, key), groups=w.list(named, 6))


def group(view: RunView, w: Words, key: str, one: Group) -> str:
    name, classes = key if one.name is None else w.name(one.name), view.scenario.answered_by(one)
    if not classes:
        return w("setup.group", name=name, n=told(w, one.people))
    only = w.list([places.klass(view.scenario, w, klass) for klass in classes])
    return w("setup.group_of_some", name=name, n=told(w, one.people), classes=only)


def who_matters(view: RunView) -> list[str]:
    focus = [city for one in view.subjects for city in one.cities]
    named = [key for lever in view.scenario.levers for _, key in lever.cities_named() if key in view.scenario.cities]
    return list(dict.fromkeys([*focus, *named]))


def figures(view: RunView, w: Words, key: str) -> Iterator[str]:
    city = view.scenario.cities[key]
    for name in OF_CITY:
        yield w("setup.by_table") if key in view.scenario.planned and name == "agents" else told(w, getattr(city, name))


def shifts(view: RunView, w: Words, city: City) -> str:
    """When the roster's people are at work, and which part of them."""
    parts = view.scenario.shifts.get(city.shifts, ())
    return w.list([w("setup.shift", start=of_day(one.start), hours=number(float(one.hours)),
                     share=w.percent(float(one.share or 0))) for one in parts], 6)


# --- what happens ----------------------------------------------------------------------------------------------------

def events(view: RunView, w: Words) -> Table:
    """Surges and absences, in the order of the file."""
    columns = (Column(w("setup.what")), Column(w("setup.where")), Column(w("setup.when")),
               Column(w("setup.much"), "long"))
    rows = [(w("setup.surge", name=places.klass(view.scenario, w, one.klass)), city_of(view, w, one.city),
             when(view, w, one),
             callers(w, one)) for one in view.scenario.surges]
    rows += [(w("setup.absence_event"), city_of(view, w, one.city), span(w, one.start, one.end), told(w, one.share))
             for one in view.scenario.absences]
    return Table(w("setup.events"), columns, tuple(rows), small=True)


def city_of(view: RunView, w: Words, key: str) -> str:
    return w("setup.every_city") if key == ALL else places.city(view.scenario, w, key)


def when(view: RunView, w: Words, surge: Surge) -> str:
    """From the first moment of a surge that the file names to the last."""
    moments = [shock.at for shock in surge.shocks] + [at for at, _ in surge.rows]
    moments += [datetime.combine(day, datetime.min.time()) for day in surge.by_day]
    if surge.life_cycle is not None:
        moments += [surge.life_cycle.outbreak, surge.life_cycle.end - SECOND]
    if not moments:
        return w("number.none")
    return w.spread(w.day_short(min(moments)), w.day_short(max(moments)))


def callers(w: Words, surge: Surge) -> str:
    """How many more people a surge brings, by each of its parts."""
    parts = [w("setup.plateau", n=told(w, surge.life_cycle.callers_a_day))] if surge.life_cycle else []
    parts += [w("setup.shock", n=told(w, one.callers), day=w.day_short(one.at), half=w.duration(float(one.half_life)))
              for one in surge.shocks]
    if surge.by_day:
        parts.append(w("setup.by_day", n=w.exact(sum(map(float, surge.by_day.values()))), days=len(surge.by_day)))
    if surge.rows:
        parts.append(w("setup.by_rows", n=w.exact(sum(number for _, number in surge.rows))))
    return w.list(parts, 4)


# --- levers ----------------------------------------------------------------------------------------------------------

def levers(view: RunView, w: Words) -> Table:
    columns = (Column(w("setup.lever")), Column(w("setup.who"), "long"), Column(w("setup.amount"), "number"),
               Column(w("setup.when"), "long"))
    found = view.scenario.levers
    rows = tuple((kind(w, one), whose(view, w, one), much(w, one), lasting(w, one)) for one in found[:MOST_LEVERS])
    more = w("setup.more_levers", n=len(found) - MOST_LEVERS) if len(found) > MOST_LEVERS else ""
    return Table(w("setup.levers"), columns, rows, more, small=True)


def kind(w: Words, lever: Any) -> str:
    return w(f"field.{lever.kind}") if w.knows(f"field.{lever.kind}") else str(lever.kind)


def whose(view: RunView, w: Words, lever: Any) -> str:
    """Whose a lever is and whom it is for; of seats that serve their own city too, on which terms."""
    who = lever_name(view, w, lever)
    shared = SHARED.get(getattr(lever, "serves", ""))
    return w(shared, who=who) if shared else who


def much(w: Words, lever: Any) -> str:
    """How much a lever does: its seats, people, lines or share."""
    found = next((getattr(lever, name) for name in MUCH if hasattr(lever, name)), None)
    return w("number.none") if found is None else told(w, found)


def lasting(w: Words, lever: Any) -> str:
    if hasattr(lever, "at"):
        return f"{w.day_short(lever.at)} {lever.at:%H:%M}"
    if not hasattr(lever, "start"):
        return w("setup.whole_time")
    hours = "" if lever.hours == ALL_DAY else w("setup.hours", start=of_day(lever.hours[0]), end=of_day(lever.hours[1]))
    return span(w, lever.start, lever.end) + hours


def of_day(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def variants(view: RunView, w: Words) -> Table:
    """What each variant would pull besides, and what it would leave out."""
    columns = (Column(w("setup.variant"), "long"), Column(w("setup.adds"), "long"), Column(w("setup.leaves"), "long"))
    mine = view.scenario.levers
    rows = tuple((w.name(one.name), counted(w, without(one.levers, mine)), counted(w, without(mine, one.levers)))
                 for one in view.scenario.variants.values() if one.levers != mine)
    return Table(w("setup.variants"), columns, rows, small=True)


def without(some: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    known = list(others)
    return [one for one in some if one not in known]


def counted(w: Words, found: list[Any]) -> str:
    """How many levers of each kind."""
    kinds = Counter(kind(w, one) for one in found)
    return w.list([w("setup.times", name=name, n=n) for name, n in kinds.items()], 6) if kinds else w("number.none")
