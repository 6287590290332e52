"""What a plan that somebody has edited comes to: what it brings, which floors break where, and which terms."""
from __future__ import annotations

from datetime import datetime, time

from sim.scenario.levers import Lend
from sim.scenario.work_rules import WorkRules
from surgeline.folders.lending_plan import Floor, LendingPlan
from surgeline.folders.order_entries import BrokenTerm
from surgeline.folders.order_hours import Ordered, Row, Stint, city_of, phases, row_of, stints
from surgeline.reports.lending_plan import answer, offered, whom
from surgeline.reports.page import floors, places
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import Words

MOST_TOLD = 6


def sentences(done: LendingPlan, w: Words) -> list[str]:
    """What it brings, whether floors hold, and by city and time of day those that do not; then the terms."""
    m = done.manifest
    people = w("edited.people", people=w.exact(m.effect.people.mean), range=answer.interval(w, m.effect.people),
               gains=w.exact(sum(one.mean for one in m.effect.gains.values())))
    return [f"{what(done, w)}{people}", *answer.owed(done, w), answer.floors_sentence(done, w), *broken(done, w),
            terms(done, w)]


def what(done: LendingPlan, w: Words) -> str:
    """Who lends, and who brings people, at the most at once."""
    m = done.manifest
    if not m.levers:
        return w("edited.nothing", file=m.edited)
    those = phases(m.scenario, m.levers)
    seats, people = (max((max(one.total(of)) for one in those), default=0.0) for of in ("lent", "own"))
    bring = {city_of(one) for one in m.levers if row_of(one).adds_to == "own"}
    desks = offered.named(done, w, [one for one in m.levers if row_of(one).adds_to == "desks"])
    said = [w("edited.lend", n=len(answer.lenders(done)), place=answer.borrowers(done, w), most=w.few(seats))
            ] if m.lends else []
    said += [w("edited.bring", n=len(bring), most=w.few(people))] if bring else []
    said += [w("edited.desks", names=w.list(desks))] if desks else []
    return w("edited.what", file=m.edited, what=w("edited.and").join(said))


# --- floors ----------------------------------------------------------------------------------------------------------

def broken(done: LendingPlan, w: Words) -> list[str]:
    """The floors that are broken, by city and time of day; nothing where none is."""
    found = [floor for floor in done.manifest.effect.floors if floor.broken]
    if not found:
        return []
    worst = sorted(found, key=lambda floor: floor.slack)
    named = [one_floor(done, w, floor) for floor in worst[:MOST_TOLD]]
    more = w("edited.more", n=len(found) - MOST_TOLD) if len(found) > MOST_TOLD else ""
    return [w("edited.broken", floors=w("edited.between").join(named), more=more)]


def one_floor(done: LendingPlan, w: Words, floor: Floor) -> str:
    """A city, a time of day, what is found and what is owed."""
    write = w.points if floor.name.endswith("_drop") else w.percent
    return w("edited.floor", city=places.city(done.manifest.scenario, w, floor.lender),
             at=floors.span(done.manifest.scenario, w, floor), what=w(f"edited.{floor.name}"),
             found=write(floor.mean.mean), bound=write(floor.bound))


# --- terms -----------------------------------------------------------------------------------------------------------

def terms(done: LendingPlan, w: Words) -> str:
    found = done.manifest.broken_terms
    if not found:
        return w("edited.within_terms")
    named = [term(done, w, one) for one in found[:MOST_TOLD]]
    more = w("edited.more", n=len(found) - MOST_TOLD) if len(found) > MOST_TOLD else ""
    return w("edited.terms", terms=w("edited.between").join(named), more=more)


def term(done: LendingPlan, w: Words, one: BrokenTerm) -> str:
    """What is beyond a term, by how much, where and when."""
    s = done.manifest.scenario
    at = w("edited.at", day=w.day_short(one.at), time=f"{one.at:%H:%M}") if one.at else ""
    nothing = one.term == "offers" and one.found is None
    key = "offers_none" if nothing else f"offered_{one.term}" if one.offered else one.term
    return w(f"edited.term_{key}", city=places.city(s, w, one.city) if one.city else "", at=at,
             other=places.city(s, w, one.other) if one.other else "", found=number(w, one.found),
             limit=number(w, one.limit))


def field(one: BrokenTerm) -> str:
    """Where a scenario says it: terms of help for all, rules of work for each city."""
    return f"people.{one.city}.rules.{one.term}" if one.term in WorkRules.model_fields else f"lending.{one.term}"


def number(w: Words, x: float | None) -> str:
    return "" if x is None else w.few(x)


def section(done: LendingPlan, w: Words) -> Section | None:
    """All terms that are broken; nothing where none is, or where the plan was searched for within them."""
    found = done.manifest.broken_terms
    if not found:
        return None
    rows: tuple[tuple[Cell, ...], ...] = tuple((field(one), term(done, w, one)) for one in found)
    columns = (Column(w("edited.field"), "short"), Column(w("edited.how")))
    return Section(w("edited.terms_title"), w("edited.terms_lead"), (Table(w("edited.terms_table"), columns, rows),))


# --- who brings people -----------------------------------------------------------------------------------------------

def people_section(done: LendingPlan, w: Words) -> Section | None:
    """Who brings how many people when; nothing where a plan only lends."""
    m = done.manifest
    those = [one for one in m.levers if not isinstance(one, Lend)]
    if not those:
        return None
    columns = (Column(w("order.city"), "short"), Column(w("order.what"), "short"), Column(w("plan.when"), "long"),
               Column(w("edited.people_hours"), "number"))
    rows = tuple(people_row(done, w, key, [one for one in those if row_of(one) == key])
                 for key in dict.fromkeys(map(row_of, those)))
    kinds = dict.fromkeys(one.kind for one in those)
    note = w.joined(w(f"edited.people_note_{kind}") for kind in kinds)
    return Section(w("edited.people_title"), "" if whom.lends_called(done) else whom.called_once(done, w),
                   (Table(w("edited.people_table"), columns, rows, note, small=True),))


def people_row(done: LendingPlan, w: Words, key: Row, those: list[Ordered]) -> tuple[Cell, ...]:
    """Who comes to a city, when, and for how many hours."""
    s, parts = done.manifest.scenario, stints(done.manifest.scenario, those)
    what = w(f"order.brings_{key.kind}", desk=offered.desk(done, w, key.name))
    unit = "edited.stint_seats" if key.adds_to == "desks" else "edited.stint"
    return (places.city(s, w, key.city), what, w("plan.then").join(stint(w, unit, one) for one in parts),
            w.exact(sum(map(hours_of_stint, parts))))


def stint(w: Words, unit: str, one: Stint) -> str:
    first, last = (datetime.combine(day, time.min) for day in (one.first, one.last))
    return w(unit, days=w.spread(w.day_short(first), w.day_short(last)),
             hours=w.times_of_day(one.start, one.end), n=w.few(one.number))


def hours_of_stint(one: Stint) -> float:
    return one.number * (one.end - one.start) / 60 * ((one.last - one.first).days + 1)
