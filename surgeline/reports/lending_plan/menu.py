"""The plans to choose from: what each brings, whom it asks, what lenders' citizens bear, and which is recommended."""
from __future__ import annotations

import pandas as pd

from surgeline.folders.lending_plan import LendingPlan, Manifest, MenuEntry
from surgeline.reports.lending_plan import busiest
from surgeline.reports.lending_plan.answer import bare, beyond
from surgeline.reports.lending_plan.orders import clock
from surgeline.reports.page import charts, places
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table, YesNo
from surgeline.reports.page.floors import tally
from surgeline.reports.page.words import Words

A_THOUSAND = 1000.0


def section(done: LendingPlan, w: Words) -> Section | None:
    m = done.manifest
    if not m.menu:
        return None
    best = next(one for one in m.menu if one.name == m.recommended)
    lead = w("plan.menu_lead", name=w(f"stance.{m.recommended}"), enough=enough(m.enough, w)) + beyond(done, best, w)
    chart_note = w.joined([w("plan.menu_chart_note"), w("plan.menu_chart_called") if calls(m) else ""])
    return Section(w("plan.menu_title", n=len(m.menu)), lead,
                   (Charts((chart(done, w),), chart_note), table(done, w), busiest.table(done, w)))


def enough(share: float | None, w: Words) -> str:
    """What a plan has to bring to be recommended; folders of before do not say how much."""
    return w("plan.enough") if share is None else w("plan.enough_share", share=w.percent(share, 0))


def calls(m: Manifest) -> bool:
    """Whether any plan calls somebody in."""
    return any(one.people for one in m.menu)


def chart(done: LendingPlan, w: Words) -> Chart:
    """People answered more by each plan, with intervals, and who is called in for it."""
    rows = [{"row": w(f"stance.{one.name}"), "what": "", "mean": one.effect.people.mean, "low": one.effect.people.low,
             "high": one.effect.people.high, "text": beside(one, w)} for one in done.manifest.menu]
    best = max(done.manifest.menu, key=lambda one: one.effect.people.mean)
    title = w("plan.menu_chart", name=w(f"stance.{best.name}"), people=w.exact(best.effect.people.mean))
    drawing = charts.dots(pd.DataFrame(rows), {"": charts.BLUE}, w("plan.more"), w.lang, charts.FULL)
    return Chart(title, drawing, wide=True)


def beside(one: MenuEntry, w: Words) -> str:
    """What stands beside a plan's interval: people more, and how often somebody is called in."""
    people = w.exact(one.effect.people.mean)
    return w("plan.menu_calls", people=people, called=w.exact(one.people)) if one.people else people


def table(done: LendingPlan, w: Words) -> Table:
    columns = (Column(w("plan.menu_plan"), "short"), Column(w("plan.more"), "number"),
               Column(w("plan.interval"), "number"), Column(w("plan.worst_drop"), "short"),
               Column(w("plan.menu_seats"), "number"), Column(w("plan.menu_people"), "number"),
               Column(w("plan.menu_hours"), "number"), Column(w("plan.menu_yuan"), "number"), Column(w("plan.floors")))
    rows = tuple(row(done, w, one) for one in done.manifest.menu)
    return Table(w("plan.menu_table"), columns, rows, note(done, w), small=True)


def note(done: LendingPlan, w: Words) -> str:
    """What the columns mean, as far as anything stands in them."""
    menu = done.manifest.menu
    there = {"worst": any(one.effect.floors for one in menu), "seats": True, "hours": calls(done.manifest),
             "beyond": any(is_beyond(one) for one in menu)}
    said = [w(f"plan.menu_note_{name}") for name, is_there in there.items() if is_there]
    return w.joined([*said, w("plan.menu_note_choose", names=names(done, w))])


def row(done: LendingPlan, w: Words, one: MenuEntry) -> tuple[Cell, ...]:
    m = done.manifest
    marks = [w(f"plan.menu_{mark}") for mark, there in (("recommended", one.name == m.recommended),
                                                         ("chosen", one.name == m.stance),
                                                         ("approval", not one.ordinary)) if there]
    name = w(f"stance.{one.name}") + "".join(marks)
    return (name, w.exact(one.effect.people.mean), bare(w, one.effect.people), worst(done, w, one), str(one.seats),
            w.exact(one.people), hours(one, w), w.exact(one.yuan / A_THOUSAND), floors(done, one, w))


def worst(done: LendingPlan, w: Words, one: MenuEntry) -> str:
    """The lender and time of day whose service drops most, and by how many points."""
    drops = [floor for floor in one.effect.floors if floor.name == "answered_drop"]
    if not drops:
        return w("number.none")
    least = min(drops, key=lambda floor: floor.mean.mean)
    if least.mean.mean >= 0:
        return w("plan.nobody_drops")
    return w("plan.worst_of", place=places.city(done.manifest.scenario, w, least.lender), at=clock(
        60 * least.hour + least.minute), x=w.points(least.mean.mean))


def hours(one: MenuEntry, w: Words) -> str:
    """Hours of people called in, and how many of them are beyond the limits of overtime."""
    said = w.exact(one.hours)
    return said + w("plan.menu_beyond", hours=w.exact(one.beyond)) if is_beyond(one) else said


def is_beyond(one: MenuEntry) -> bool:
    """Whether any whole hour is beyond the limits of overtime."""
    return one.beyond >= 1


def points(done: LendingPlan, one: MenuEntry, w: Words) -> str:
    """How many points service may drop in a plan whose bounds are not those of the terms."""
    terms = done.manifest.scenario.lending
    return w.few(100 * float(terms.floor.answered_drop) * one.drops) if terms else ""


def floors(done: LendingPlan, one: MenuEntry, w: Words) -> Cell:
    """Whether all floors are proved, hold as far as seen, or some are broken; floors that are wider are said to be."""
    counts = tally(one.effect.floors)
    wider = "" if one.drops == 1 else w("plan.menu_drops", points=points(done, one, w))
    if counts["broken"]:
        return YesNo(w("plan.menu_broken", n=counts["broken"]) + wider, False)
    if counts["kept"]:
        return w("plan.menu_kept", n=counts["kept"], proved=counts["proved"]) + wider
    return YesNo((w("plan.all_held") if one.effect.floors else w("plan.menu_no_floors")) + wider, True)


def names(done: LendingPlan, w: Words) -> str:
    """How each is called on the command line."""
    return w.list([w("plan.menu_name", name=w(f"stance.{one.name}"), code=one.name) for one in done.manifest.menu])
