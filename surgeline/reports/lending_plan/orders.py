"""Who sends how many seats where, when: the order and its table."""
from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import pairwise

from sim.scenario.levers import Lend
from surgeline.folders.lending_plan import LendingPlan
from surgeline.reports.lending_plan import whom
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import HARD_SPACE, Words


def section(done: LendingPlan, w: Words) -> Section:
    m = done.manifest
    if not m.lends:
        return Section(w("plan.orders_title"), w("plan.orders_none"))
    stays = whom.called_once(done, w) if whom.lends_called(done) else ""
    lead = w.joined([w("plan.orders_lead"), *whom.seats_serve(done, w), stays])
    return Section(w("plan.orders_title"), lead, (table(done, w),))


def table(done: LendingPlan, w: Words) -> Table:
    """A row for each lender and borrower: seats by hours and days; once a lender, what it brings, where that was asked,
    and what it costs."""
    columns = (Column(w("plan.lender"), "short"), Column(w("plan.borrower"), "short"), Column(w("plan.when"), "long"),
               Column(w("plan.seat_hours"), "number"),
               *((Column(w("plan.worth"), "number"),) if done.manifest.refusals else ()),
               Column(w("plan.cost"), "number"))
    borrowers: dict[str, dict[str, None]] = {}
    for lever in done.manifest.lends:
        borrowers.setdefault(lever.lender, {})[lever.borrower] = None
    rows = [row(done, w, lender, borrower, first=borrower == next(iter(those)))
            for lender, those in borrowers.items() for borrower in those]
    there = {"hours": True, "refusal": bool(done.manifest.refusals), "cost": True,
             "several": any(len(those) > 1 for those in borrowers.values())}
    note = w.joined(w(f"plan.orders_note_{name}") for name, is_there in there.items() if is_there)
    return Table(w("plan.orders_table"), columns, tuple(rows), note, small=True)


def row(done: LendingPlan, w: Words, lender: str, borrower: str, first: bool) -> tuple[Cell, ...]:
    m = done.manifest
    levers = [lever for lever in m.lends if (lever.lender, lever.borrower) == (lender, borrower)]
    hours = sum(float(lever.seats) * lever.span.total_hours for lever in levers)
    of_lender = (*((w.exact(m.refusals.get(lender, math.nan)),) if m.refusals else ()),
                 w("plan.points", x=w.points(m.effect.rates[lender].mean)))
    return (places.city(m.scenario, w, lender), places.city(m.scenario, w, borrower), when(w, levers),
            w.exact(hours), *(of_lender if first else ("",) * len(of_lender)))


def when(w: Words, levers: list[Lend]) -> str:
    """Days, and the seats at their hours; days that follow each other with the same hours are one."""
    parts = [w("plan.days", days=w.spread(w.day_short(first), w.day_short(last)),
               stints=w.list([stint(w, *one) for one in hours])) for first, last, hours in phases(levers)]
    return w("plan.then").join(parts)


def stint(w: Words, start: int, end: int, seats: float) -> str:
    said = w("plan.stint_one" if seats == 1 else "plan.stint", start=clock(start), end=clock(end), seats=w.exact(seats))
    return said.replace(" ", HARD_SPACE)


Hours = list[tuple[int, int, float]]  # from, to, seats


def phases(levers: list[Lend]) -> list[tuple[datetime, datetime, Hours]]:
    """(first day, last day, hours) of days that are alike and follow each other."""
    first = min(midnight(lever.start) for lever in levers)
    last = max(midnight(lever.end - timedelta(seconds=1)) for lever in levers)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found: list[tuple[datetime, datetime, Hours]] = []
    for day in days:
        hours = hours_of_day([lever for lever in levers if lever.start.date() <= day.date()
                              <= (lever.end - timedelta(seconds=1)).date()])
        if found and found[-1][2] == hours:
            found[-1] = (found[-1][0], day, hours)
        else:
            found.append((day, day, hours))
    return [phase for phase in found if phase[2]]


def midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), datetime.min.time())


def hours_of_day(levers: list[Lend]) -> Hours:
    """Times of a day in which the same seats are lent, one after another."""
    edges = sorted({edge for lever in levers for edge in lever.hours})
    found: Hours = []
    for start, end in pairwise(edges):
        seats = sum(float(lever.seats) for lever in levers if lever.hours[0] <= start < lever.hours[1])
        if found and found[-1][1:] == (start, seats):
            found[-1] = (found[-1][0], end, seats)
        else:
            found.append((start, end, seats))
    return [stint for stint in found if stint[2]]


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
