"""The price of service: people and yuan for each level of it, and what the workplaces can give at most."""
from __future__ import annotations

from datetime import timedelta

import pandas as pd

from surgeline.folders.staffing_plan import CityStaffing, Rung
from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table
from surgeline.reports.page.charts import BLUE
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan.verdict import goal
from surgeline.reports.staffing_plan.view import PlanView

A_HAIR = 1e-9


def section(view: PlanView, w: Words) -> Section | None:
    c = view.cities[view.first]
    if not c.ladder or c.at_workplaces is None:
        return None
    lead = w("staff.price_lead", place=view.place(w, view.first), workplaces=c.workplaces,
             best=w.percent(c.at_workplaces), within=w.duration(view.manifest.within_s))
    return Section(w("staff.price_title"), lead, (Charts((chart(view, w, c),), ""), table(view, w, c)))


def rungs(view: PlanView, c: CityStaffing) -> list[Rung]:
    """Levels of service in people and yuan as the plan reckons them, which is one of them itself: whole shifts, meals
    and handovers take more than the hours of seats alone. In a surge the plan is of ordinary time, and they stay as
    they are, but that the level which is asked for takes the seats that are needed."""
    if c.of_ordinary:
        return [as_needed(c, one) if abs(one.share - goal(view)) <= A_HAIR else one for one in c.ladder]
    own = of_plan(view, c)
    of_seats = c.ladder[0].people / c.ladder[0].seat_hours, c.ladder[0].yuan_a_week / c.ladder[0].seat_hours
    people, yuan = (more / (each * own.seat_hours) for more, each in
                    zip((own.people, own.yuan_a_week), of_seats, strict=True))
    others = [one.model_copy(update={"people": one.people * people, "yuan_a_week": one.yuan_a_week * yuan})
              for one in c.ladder if abs(one.share - own.share) > A_HAIR]
    return sorted([*others, own], key=lambda one: one.share)


def as_needed(c: CityStaffing, one: Rung) -> Rung:
    """A level with the seats of the need, found on more luck than levels are, and people and yuan by their hours."""
    more = c.need.seat_hours / one.seat_hours
    return one.model_copy(update={"peak": c.need.peak, "seat_hours": c.need.seat_hours, "people": more * one.people,
                                  "yuan_a_week": more * one.yuan_a_week})


def of_plan(view: PlanView, c: CityStaffing) -> Rung:
    """What is planned, as one of the levels."""
    weeks = (view.scenario.horizon.end - view.scenario.horizon.start) / timedelta(weeks=1)
    return Rung(share=goal(view), peak=c.need.peak, seat_hours=c.need.seat_hours, people=c.shifts.full_time,
                yuan_a_week=c.shifts.yuan / weeks)


def chart(view: PlanView, w: Words, c: CityStaffing) -> Chart:
    """People against the share answered in time."""
    of = rungs(view, c)
    rows = pd.DataFrame({"x": [100 * rung.share for rung in of], "what": w("staff.people_axis"),
                         "mean": [rung.people for rung in of]}).assign(low=float("nan"), high=float("nan"))
    shares = [rung.share for rung in of]
    scale = charts.Scale(100 * min(shares) - 1, 100 * max(shares) + 1,
                         {100 * share: f"{100 * share:g} %" for share in shares})
    drawn = charts.lines(rows, {w("staff.people_axis"): BLUE}, scale, w("staff.people_axis"), w.lang,
                         width=charts.FULL)
    return Chart(w("staff.price_chart", place=view.place(w, view.first)), drawn, wide=True)


def table(view: PlanView, w: Words, c: CityStaffing) -> Table:
    names = ("peak", "seat_hours", "people_needed", "yuan_a_week", "people_a_point", "yuan_a_point")
    columns = (Column(w("staff.level"), "short"), *(Column(w(f"staff.{name}"), "number") for name in names))
    of = rungs(view, c)
    own = None if c.of_ordinary else goal(view)
    rows = tuple(row_of(w, rung, last, own) for rung, last in zip(of, [None, *of[:-1]], strict=True))
    note = w("staff.price_note") + w(f"staff.price_{'surge' if c.of_ordinary else 'own'}")
    return Table(w(f"staff.price_table{'_surge' if c.of_ordinary else ''}"), columns, rows,
                 note + ("" if view.in_weeks else w("staff.price_note_days")))


def row_of(w: Words, rung: Rung, last: Rung | None, own: float | None = None) -> tuple[Cell, ...]:
    """:param own: the share of the row that is the plan itself."""
    points = 100 * (rung.share - last.share) if last else 0.0
    each = ([w.few((rung.people - last.people) / points), w.exact((rung.yuan_a_week - last.yuan_a_week) / points)]
            if last and points and rung.people >= last.people else [w("number.none")] * 2)
    level = w.target(rung.share)
    return (w("staff.own_level", level=level) if rung.share == own else level, w.exact(rung.peak),
            w.exact(rung.seat_hours), w.few(rung.people), w.exact(rung.yuan_a_week), *each)
