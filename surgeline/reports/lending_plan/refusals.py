"""What each city's refusal costs, and what a seat more or less of it is worth, as the model has it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from optimizer.lending.inputs.sources import called_in_of, is_called_in, offer_of
from optimizer.lending.inputs.sources import city_of as home_of
from surgeline.folders.lending_plan import LendingPlan, Manifest
from surgeline.folders.order_hours import called_to_halls, city_of
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Bar, Cell, Column, Table
from surgeline.reports.page.words import Words

Kind = Literal["more", "less"]
KINDS: tuple[Kind, ...] = ("more", "less")


def table(done: LendingPlan, w: Words) -> Table:
    """The dearest refusal first. What all rows would say alike stands below instead."""
    m = done.manifest
    ranked = sorted(m.refusals.items(), key=lambda one: -one[1])
    seats = {kind: [seat(m, w, city, kind) for city, _ in ranked] for kind in KINDS}
    shown = [kind for kind in KINDS if not alike(w, seats[kind])]
    largest = max(m.refusals.values()) or 1.0
    rows = list[tuple[Cell, ...]]((places.city(m.scenario, w, city), Bar(w.exact(people), people / largest),
                                   *(seats[kind][n] for kind in shown)) for n, (city, people) in enumerate(ranked))
    columns = (Column(w("order.city")), Column(w("plan.refusal"), "number"),
               *(Column(w(f"plan.seat_{kind}"), "number") for kind in shown))
    return Table(w("plan.refusals_table"), columns, tuple(rows), note(w, seats, shown))


def note(w: Words, seats: Mapping[Kind, Sequence[str]], shown: Sequence[Kind]) -> str:
    """What stands in the columns, and what the others would say in each row."""
    said = [in_one(w, kind, cells[0]) for kind, cells in seats.items() if kind not in shown]
    worth = any(not says_nothing(w, cell) for cells in seats.values() for cell in cells)
    return w.joined([w("plan.refusals_note"), w("plan.seats_note") if worth else "", *said])


def alike(w: Words, cells: Sequence[str]) -> bool:
    """Whether a sentence says as much as a column would."""
    return len(set(cells)) == 1 and (len(cells) > 1 or says_nothing(w, cells[0]))


def says_nothing(w: Words, cell: str) -> bool:
    return cell in (w("number.none"), w("plan.at_limit"))


def in_one(w: Words, kind: Kind, cell: str) -> str:
    """What every city's cell says; nothing where nothing is known."""
    if cell == w("number.none"):
        return ""
    return w("plan.all_at_limit") if cell == w("plan.at_limit") else w(f"plan.all_{kind}", x=cell)


def seat(m: Manifest, w: Words, city: str, kind: Kind) -> str:
    """People that a seat of a city makes, one more or one less: of those whom the plan has at its seats, and where it
    has people on duty at some and others at others, of each."""
    used = sources_used(m)
    mine = {source: change(m, w, source, kind) for source in used if home_of(source) == city}
    if len({who(m, source) for source in used}) == 1 or all(one == w("plan.at_limit") for one in mine.values()):
        return next(iter(mine.values()), w("number.none"))
    return w.list([w(f"plan.seat_{who(m, source)}", x=x) for source, x in mine.items()])


def who(m: Manifest, source: str) -> str:
    """Who sits there, as texts are called."""
    number, terms = offer_of(source), m.scenario.lending
    if number is not None and terms is not None:
        return str(terms.offers[number].kind)
    return "called_in" if is_called_in(source) else "on_duty"


def sources_used(m: Manifest) -> list[str]:
    """Who sits at the seats of a plan: a city's people on duty, those whom it calls in, and whom the terms offer of
    it."""
    duty = [one.lender for one in m.lends if float(one.off_duty) < 1]
    called = [called_in_of(city_of(one)) for one in m.levers if called_to_halls(m.scenario, one)]
    offered = [source for source, of in m.marginal.items() if offer_of(source) is not None and "less" in of]
    return list(dict.fromkeys((*duty, *called, *offered)))


def change(m: Manifest, w: Words, source: str, kind: Kind) -> str:
    """People that a seat more or less makes, or that limits leave no seat more; nothing where that was not asked."""
    people = m.marginal.get(source, {}).get(kind)
    if people is not None:
        return w.change(people)
    return w("plan.at_limit" if kind == "more" and source in m.marginal else "number.none")
