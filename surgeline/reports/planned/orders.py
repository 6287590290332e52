"""Who sends how many seats where, when: the order and its table."""
from __future__ import annotations

from datetime import timedelta

from sim.levers import Lend
from surgeline.plans import Planned
from surgeline.reports import places
from surgeline.reports.blocks import Cell, Column, Section, Table
from surgeline.reports.words import Words


def section(done: Planned, w: Words) -> Section:
    m = done.manifest
    lead = w("plan.orders_lead_both" if m.serves == "both" else "plan.orders_lead")
    return Section(w("plan.orders_title"), lead, (table(done, w),) if m.levers else ())


def table(done: Planned, w: Words) -> Table:
    """A row for each lender and borrower: seats by hours and days, what it costs the lender."""
    columns = (Column(w("plan.lender"), "short"), Column(w("plan.borrower"), "short"), Column(w("plan.when"), "long"),
               Column(w("plan.seat_hours"), "number"), Column(w("plan.cost"), "number"))
    pairs = dict.fromkeys((lever.lender, lever.borrower) for lever in done.manifest.levers)
    rows = [row(done, w, *pair) for pair in pairs]
    return Table(w("plan.orders_table"), columns, tuple(rows), w("plan.orders_note"), small=True)


def row(done: Planned, w: Words, lender: str, borrower: str) -> tuple[Cell, ...]:
    m = done.manifest
    levers = [lever for lever in m.levers if (lever.lender, lever.borrower) == (lender, borrower)]
    hours = sum(float(lever.seats) * hours_of(lever) for lever in levers)
    rate = m.effect.rates[lender]
    return (places.city(m.scenario, w, lender), places.city(m.scenario, w, borrower), when(w, levers),
            w.exact(hours), w("plan.points", x=w.points(rate.mean)))


def when(w: Words, levers: list[Lend]) -> str:
    """Days, then hours and seats: those of the same days together."""
    days: dict[tuple[object, object], list[Lend]] = {}
    for lever in levers:
        days.setdefault((lever.start.date(), (lever.end - timedelta(seconds=1)).date()), []).append(lever)
    parts = []
    for same in days.values():
        stints = [w("plan.stint", start=clock(one.hours[0]), end=clock(one.hours[1]), seats=w.exact(float(one.seats)))
                  for one in sorted(same, key=lambda one: one.hours)]
        parts.append(w("plan.days", days=span(w, same[0]), stints=w.list(stints)))
    return w("plan.then").join(parts)


def span(w: Words, lever: Lend) -> str:
    first, last = lever.start, lever.end - timedelta(seconds=1)
    return w.spread(w.day_short(first), w.day_short(last))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours_of(lever: Lend) -> float:
    """Hours of all days of a lever together."""
    days = (lever.end.date() - lever.start.date()).days + 1
    return days * (lever.hours[1] - lever.hours[0]) / 60
