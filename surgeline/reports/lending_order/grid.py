"""The province's sheets: what everybody does in every hour, with totals, and what it brings, which adds up."""
from __future__ import annotations

from datetime import datetime, time

from sim.scenario.levers import Desk, Lend
from surgeline.folders.order_hours import Phase, Row, adding_up, hours_shown, row_of, stints
from surgeline.reports.lending_order import people
from surgeline.reports.lending_order.city import when
from surgeline.reports.lending_order.heads import foot, head
from surgeline.reports.lending_order.view import OTHERS, OrderView
from surgeline.reports.lending_plan import answer, offered
from surgeline.reports.lending_plan.report import opening
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Table
from surgeline.reports.page.forms import Lines, Part, Sheet
from surgeline.reports.page.words import Words

MOST_NAMED, MOST_STINTS = 16, 6
"""Cities by name above a sheet, and stints of a desk."""


def sheets(view: OrderView, w: Words) -> list[Sheet]:
    """One for all days that are alike; the first says what the whole plan brings."""
    title = w("order.province_title", name=w.name(view.s.title))
    if not view.phases:
        said = Part(w("order.nothing"), (Lines(tuple(opening(view.done, w).sentences)),))
        return [Sheet(w("order.brand"), title, (), head(view, w, w("order.nobody")), (said,), foot(w), "landscape")]
    return [Sheet(w("order.brand"), title, (w("order.sheet", k=k, n=view.sheets),),
                  head(view, w, addressees(view, w)),
                  (*summary(view, w, k), Part(w("order.grid", days=days(w, phase)), (table(view, w, phase, k == 1),))),
                  foot(w), "landscape") for k, phase in enumerate(view.phases, 1)]


def addressees(view: OrderView, w: Words) -> str:
    """Cities, and desks: who runs them has no sheet of its own."""
    cities = w.cities([places.city(view.s, w, city) for city in view.cities], MOST_NAMED)
    return w.list([cities, *(offered.desk(view.done, w, name) for name in view.desks)])


def summary(view: OrderView, w: Words, k: int) -> tuple[Part, ...]:
    """The headline, on the first of them."""
    if k > 1:
        return ()
    said = Lines((*opening(view.done, w).sentences[:1], *everybody(view, w)))
    return (Part(w("order.in_short"), (said,)), *desks(view, w))


def everybody(view: OrderView, w: Words) -> list[str]:
    """How many are called in from days off: to lent seats and to their own halls, which add up."""
    (lent, own), home = people.times_called(view), people.times_at_home(view)
    at_home = [w("order.at_home_all", n=w.few(home))] if home else []
    if not lent + own:
        return at_home
    parts = adding_up({"lent": lent, "own": own}, lent + own)
    return [w("order.called_in_all", lent=w.few(parts["lent"]), own=w.few(parts["own"]),
              total=w.few(sum(parts.values()))), *at_home]


def desks(view: OrderView, w: Words) -> tuple[Part, ...]:
    """What each desk is to do: it has no sheet of its own. Nothing where none is asked."""
    lines = tuple(desk(view, w, name) for name in view.desks)
    return (Part(w("order.desks_title"), (Lines(lines),)),) if lines else ()


def desk(view: OrderView, w: Words, name: str) -> str:
    """Whose calls a desk answers, when and with how many seats; of many stints the first ones."""
    those = [one for one in view.levers if isinstance(one, Desk) and one.name == name]
    cities = [places.city(view.s, w, city) for city in dict.fromkeys(city for one in those for city in one.cities)]
    parts = [w("order.desk_stint", day=day, time=at, n=w.few(one.number))
             for one in stints(view.s, those) for day, at in [when(w, one)]]
    return w("order.desk_line", desk=offered.desk(view.done, w, name), cities=w.list(cities),
             stints=w.list(parts, MOST_STINTS, "order.more_stints_of_desk"))


def days(w: Words, phase: Phase) -> str:
    first, last = (datetime.combine(day, time.min) for day in (phase.first, phase.last))
    return w.spread(w.day(first), w.day(last))


def table(view: OrderView, w: Words, phase: Phase, with_effect: bool) -> Table:
    """A row a city and what it does, then totals; once a city, what it brings and what its refusal would cost."""
    hours = hours_shown(view.phases)
    columns = (Column(w("order.city"), "short"), Column(w("order.what"), "short"),
               *(Column(f"{h}", "number", w("order.hours")) for h in hours), Column(w("order.sum"), "number"),
               *(effect_columns(view, w) if with_effect else ()))
    ordered = sorted(phase.rows.items(), key=lambda one: view.cities.index(one[0].city))
    bodies = [body(view, w, row, values, hours) for row, values in ordered]
    seen: set[str] = set()
    rows = [one + (effect(view, w, row.city, seen) if with_effect else ())
            for (row, _), one in zip(ordered, bodies, strict=True)]
    silent = [city for city in view.cities if city not in seen] if with_effect else []
    rows += [(places.city(view.s, w, city), role(view, w, city), *[""] * (len(hours) + 1),
              *effect(view, w, city, seen)) for city in silent]
    rows += [others(view, w, len(hours))] if with_effect and abs(view.people[OTHERS]) > 0 else []
    kept = len(rows)
    rows += [total(view, w, name, values, hours, with_effect) for name, values in totals(phase) if any(values)]
    if with_effect:
        rows.append(headline(view, w, len(hours)))
    return Table("", columns, tuple(rows), note(view, w, with_effect), frozenset(range(kept, len(rows))), small=True)


def effect_names(view: OrderView) -> tuple[str, ...]:
    """What it brings; and where that was asked, what a refusal would cost."""
    return ("people", "rate", "refusal") if view.m.refusals else ("people", "rate")


def effect_columns(view: OrderView, w: Words) -> tuple[Column, ...]:
    return tuple(Column(w(f"order.{name}"), "number") for name in effect_names(view))


def body(view: OrderView, w: Words, row: Row, values: tuple[float, ...], hours: range) -> tuple[Cell, ...]:
    return (places.city(view.s, w, row.city), what(view, w, row),
            *(w.few(values[h]) if values[h] else "" for h in hours), w.few(sum(values)))


def what(view: OrderView, w: Words, row: Row) -> str:
    if row.borrower:
        return w(f"order.lends_{manned(view, row)}", borrower=places.city(view.s, w, row.borrower))
    if row.name:
        return w("order.brings_desk", desk=offered.desk(view.done, w, row.name))
    return w(f"order.brings_{row.kind}")


def manned(view: OrderView, row: Row) -> str:
    """Who sits on the seats of a row."""
    shares = {float(one.off_duty) for one in view.levers if isinstance(one, Lend) and row_of(one) == row}
    return "called" if shares == {1.0} else "duty" if shares == {0.0} else "mixed"


def role(view: OrderView, w: Words, city: str) -> str:
    """What a city does that is in no row of these days."""
    return w("order.borrows" if city in view.borrowers else "order.later")


def effect(view: OrderView, w: Words, city: str, seen: set[str]) -> tuple[Cell, ...]:
    """Once a city: people answered more, its own answer rate, and people fewer if it refuses."""
    names = effect_names(view)
    if city in seen:
        return ("",) * len(names)
    seen.add(city)
    rate, refusal, none = view.m.effect.rates.get(city), view.m.refusals.get(city), w("number.none")
    said = {"people": w.change(view.people[city]) if city in view.people else none,
            "rate": w.points(rate.mean) if rate else none, "refusal": none if refusal is None else w.exact(refusal)}
    return tuple(said[name] for name in names)


def blank(view: OrderView) -> tuple[str, ...]:
    """Nothing in the columns behind people."""
    return ("",) * (len(effect_names(view)) - 1)


def others(view: OrderView, w: Words, hours: int) -> tuple[Cell, ...]:
    return (w("order.other_cities"), "", *[""] * (hours + 1), w.change(view.people[OTHERS]),
            *blank(view))


def totals(phase: Phase) -> list[tuple[str, tuple[float, ...]]]:
    """Lent seats, and of whom those are who are called in for them; seats of desks; people whom cities bring
    themselves; and where both are called in, all of them."""
    both = any(phase.called) and phase.called_in != phase.called
    return [("seats_lent", phase.total("lent")), ("people_called", phase.called),
            ("seats_of_desks", phase.total("desks")), ("people_more", phase.total("own")),
            *([("all_called", phase.called_in)] if both else [])]


def total(view: OrderView, w: Words, name: str, values: tuple[float, ...], hours: range,
          with_effect: bool) -> tuple[Cell, ...]:
    return (w("order.total"), w(f"order.{name}"),
            *(w.few(values[h]) if values[h] else "" for h in hours), w.few(sum(values)),
            *(("", *blank(view)) if with_effect else ()))


def headline(view: OrderView, w: Words, hours: int) -> tuple[Cell, ...]:
    people = w.change(sum(view.people.values()))
    return (w("order.total"), w("order.whole_province"), *[""] * (hours + 1), people, *blank(view))


def note(view: OrderView, w: Words, with_effect: bool) -> str:
    presence = sorted({float(one.presence) for one in view.levers if isinstance(one, Lend | Desk)})
    parts = [w("order.grid_note")]
    if presence:
        parts.append(w("order.presence", share=w.spread(*(w.percent(one, 0) for one in (presence[0], presence[-1])))))
    parts += [w("order.effect_note", range=answer.interval(w, view.m.effect.people))] if with_effect else []
    parts += [w("order.refusal_note")] if with_effect and view.m.refusals else []
    return ("" if w.lang == "zh" else " ").join(parts)


