"""The price of service: people and yuan for each level of it, and what the workplaces can give at most."""
from __future__ import annotations

import pandas as pd

from surgeline.folders.staffing_plan import CityStaffing, Rung
from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.charts import BLUE
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.view import PlanView


def section(view: PlanView, w: Words) -> Section | None:
    c = view.cities[view.first]
    if not c.ladder or c.at_workplaces is None:
        return None
    lead = w("staff.price_lead", place=view.place(w, view.first), workplaces=c.workplaces,
             best=w.percent(c.at_workplaces), within=w.duration(view.manifest.within_s))
    return Section(w("staff.price_title"), lead, (Charts((chart(view, w, c),), ""), table(view, w, c)))


def chart(view: PlanView, w: Words, c: CityStaffing) -> Chart:
    """People against the share answered in time."""
    rows = pd.DataFrame({"x": [100 * rung.share for rung in c.ladder], "what": w("staff.people_axis"),
                         "mean": [rung.people for rung in c.ladder]}).assign(low=float("nan"), high=float("nan"))
    shares = [rung.share for rung in c.ladder]
    scale = charts.Scale(100 * min(shares) - 1, 100 * max(shares) + 1,
                         {100 * share: f"{100 * share:g} %" for share in shares})
    drawn = charts.lines(rows, {w("staff.people_axis"): BLUE}, scale, w("staff.people_axis"), w.lang,
                         width=charts.FULL)
    return Chart(w("staff.price_chart", place=view.place(w, view.first)), drawn, wide=True)


def table(view: PlanView, w: Words, c: CityStaffing) -> Table:
    names = ("peak", "seat_hours", "people_needed", "yuan_a_week", "people_a_point", "yuan_a_point")
    columns = (Column(w("staff.level"), "short"), *(Column(w(f"staff.{name}"), "number") for name in names))
    before = [None, *c.ladder[:-1]]
    rows = tuple(row_of(w, rung, last) for rung, last in zip(c.ladder, before, strict=True))
    return Table(w("staff.price_table"), columns, rows, w("staff.price_note") + (
        "" if view.in_weeks else w("staff.price_note_days")))


def row_of(w: Words, rung: Rung, last: Rung | None) -> tuple[Cell, ...]:
    points = 100 * (rung.share - last.share) if last else 0.0
    each = ([w.few((rung.people - last.people) / points), w.exact((rung.yuan_a_week - last.yuan_a_week) / points)]
            if last and points else [w("number.none")] * 2)
    return (w.percent(rung.share, 0), w.exact(rung.peak), w.exact(rung.seat_hours), w.few(rung.people),
            w.exact(rung.yuan_a_week), *each)
