"""Which shifts cover the need, how many people begin each on which day, and what they cost."""
from __future__ import annotations

from datetime import datetime

from surgeline.folders.staffing_plan import ShiftLine, Shifts
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import counted, pools
from surgeline.reports.staffing_plan.view import PlanView

MOST_DAYS = 16  # the day before, two weeks, and the day after


def section(view: PlanView, w: Words) -> Section:
    tables = tuple(table for name, c in view.cities.items() for table in (
        table_of(w, view.place(w, name), c.shifts),
        *(table_of(w, place, plan.shifts) for place, plan in pools.plans(view, w, name))))
    return Section(w("staff.shifts_title"), w("staff.shifts_lead") + counted.lead(view, w), (*tables, costs(view, w)))


def table_of(w: Words, place: str, found: Shifts) -> Table:
    """A line a shift, a column a day."""
    days = [w.day_short(datetime.combine(day, datetime.min.time())) for day in found.dates[:MOST_DAYS]]
    columns = (Column(w("staff.code"), "short"), Column(w("staff.time"), "short"), Column(w("staff.meal"), "short"),
               *(Column(day, "number") for day in days))
    rows = tuple(row_of(w, line) for line in found.lines)
    more = w("staff.more_days", n=len(found.dates) - MOST_DAYS) if len(found.dates) > MOST_DAYS else ""
    absent = "" if found.absent_then is None else w("staff.absent_then", absent=w.percent(found.absent_then, 0))
    note = w("staff.shifts_note", most=found.at_most, workplaces=found.workplaces, absent=absent) + more
    return Table(w("staff.shifts_table", place=place), columns, rows, note, small=True)


def row_of(w: Words, line: ShiftLine) -> tuple[Cell, ...]:
    return (line.code, f"{line.start}–{line.end}", line.meal or w("number.none"),
            *(w.exact(n) for n in line.people[:MOST_DAYS]))


def costs(view: PlanView, w: Words) -> Table:
    """What the shifts of each city cost, against the bound below which nothing is possible."""
    heads = ("work", "missing", "kinds", "total", "bound", "gap")
    columns = (Column(w("staff.city")), *(Column(w(f"staff.cost_{name}"), "number") for name in heads),
               Column(w("staff.missing_hours"), "number"), Column(w("staff.surplus_hours"), "number"))
    rows = tuple(row for name, c in view.cities.items() for row in (
        cost_row(w, view.place(w, name), c.shifts),
        *(cost_row(w, place, plan.shifts) for place, plan in pools.plans(view, w, name))))
    known = any(c.roster and c.roster.changes for c in view.cities.values())
    ordinary = any(c.of_ordinary for c in view.cities.values())
    return Table(w(f"staff.cost_table{'_ordinary' if ordinary else ''}"), columns, rows,
                 w("staff.cost_note") + (w("staff.known_kinds") if known else ""))


def cost_row(w: Words, place: str, of: Shifts) -> tuple[Cell, ...]:
    cost = of.cost
    return (place, *(w.exact(cost.parts[part]) for part in ("work", "missing", "kinds")), w.exact(cost.total),
            w.exact(cost.bound), w.percent(cost.gap), w.exact(of.missing_hours), w.exact(of.surplus_hours))
