"""The ledger of hours beyond the limits of overtime: who, when, by the roster or by being called, on what ground."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from surgeline.folders.staffing_plan import BeyondLaw, Ledger
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView

MOST_ROWS = 40
HOURS = ("hours", "in_roster", "called", "of_day", "of_month")


def section(view: PlanView, w: Words) -> Section | None:
    """Nothing where nobody works beyond them."""
    found = {name: c.ledger for name, c in view.cities.items() if c.ledger}
    if not found:
        return None
    return Section(w("ledger.title"), w("ledger.lead"),
                   tuple(table(view, w, name, one) for name, one in found.items()))


def table(view: PlanView, w: Words, name: str, of: Ledger) -> Table:
    """The days with the most hours first."""
    shown = sorted(of.rows, key=lambda one: -one.hours)[:MOST_ROWS]
    columns = (Column(w("staff.day"), "short"), Column(w("staff.name"), "short"),
               *(Column(w(f"ledger.{head}"), "number") for head in HOURS), Column(w("ledger.ground")))
    rows = tuple(row(w, of, one) for one in sorted(shown, key=lambda one: (one.day, one.name)))
    more = w("ledger.more", n=len(of.rows) - len(shown)) if len(of.rows) > len(shown) else ""
    return Table(w("ledger.table", place=view.place(w, name)), columns, rows, sums(w, of) + ground_note(w, of) + more,
                 small=True)


def row(w: Words, of: Ledger, one: BeyondLaw) -> tuple[Cell, ...]:
    return (w.day_short(datetime.combine(one.day, time.min)), one.name,
            *(w.few(getattr(one, head)) for head in HOURS), ground(w, of))


def ground(w: Words, of: Ledger) -> str:
    """By what they are allowed."""
    return w("ledger.emergency" if of.emergency else "ledger.none")


def sums(w: Words, of: Ledger) -> str:
    people = len({one.name for one in of.rows})
    return w("ledger.sums", people=people, **{head: w.few(total(of.rows, head)) for head in HOURS},
             day_limit=w.few(of.most_a_day), month_limit=w.few(of.most_a_month), source=w.said(of.source))


def total(rows: Sequence[BeyondLaw], head: str) -> float:
    return float(sum(getattr(one, head) for one in rows))


def ground_note(w: Words, of: Ledger) -> str:
    return "" if of.emergency else w("ledger.not_allowed")
