"""What the plan brings where an assumption that it rests on is at an end of its range."""
from __future__ import annotations

import pandas as pd

from surgeline.folders.lending_plan import AtAnEnd, LendingPlan
from surgeline.reports.lending_plan.answer import bare, interval
from surgeline.reports.page import charts
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table, YesNo
from surgeline.reports.page.words import Words


def section(done: LendingPlan, w: Words) -> Section | None:
    if not done.manifest.premises:
        return None
    return Section(w("premises.title"), w("premises.lead"), (Charts((chart(done, w),)), table(done, w)))


def sentences(done: LendingPlan, w: Words) -> list[str]:
    """What it brings at the ends, for the first screen."""
    ends = {what: [one for one in done.manifest.premises if one.what == what] for what in ("callers", "presence")}
    found = []
    if len(ends["callers"]) == 2:
        few, many = ends["callers"]
        found.append(w("premises.callers_said", few=w.count(called(few)), many=w.count(called(many)),
                       people_few=w.exact(few.people.mean), range_few=interval(w, few.people),
                       people_many=w.exact(many.people.mean), range_many=interval(w, many.people)))
    if ends["presence"]:
        least = ends["presence"][0]
        found.append(w("premises.presence_said" if least.value is not None else "premises.presences_said",
                       share=share(least, w), people=w.exact(least.people.mean), range=interval(w, least.people)))
    return found


def called(one: AtAnEnd) -> float:
    """People who call in the cities that are helped."""
    return sum(figure.mean for figure in one.callers.values())


def share(one: AtAnEnd, w: Words) -> str:
    return w.percent(one.value or 0.0, 0)


def chart(done: LendingPlan, w: Words) -> Chart:
    """People answered more, as assumed and at each end."""
    effect = done.manifest.effect
    rows = [(w("premises.as_assumed"), effect.people), *((name(one, k, w), one.people) for k, one in numbered(done))]
    table = pd.DataFrame([{"row": row, "what": "", "mean": people.mean, "low": people.low, "high": people.high,
                           "text": w.exact(people.mean)} for row, people in rows])
    means = [people.mean for _, people in rows]
    title = w("premises.chart", least=w.exact(min(means)), most=w.exact(max(means)))
    return Chart(title, charts.dots(table, {"": charts.BLUE}, w("plan.more"), w.lang, charts.FULL), wide=True)


def numbered(done: LendingPlan) -> list[tuple[int, AtAnEnd]]:
    """Each with whether it is the low end or the high one of what it is about."""
    seen: dict[str, int] = {}
    found = []
    for one in done.manifest.premises:
        found.append((seen.get(one.what, 0), one))
        seen[one.what] = seen.get(one.what, 0) + 1
    return found


def name(one: AtAnEnd, k: int, w: Words) -> str:
    if one.what == "callers":
        return w(f"premises.callers_{'few' if k == 0 else 'many'}", n=w.count(called(one)))
    if one.value is None:
        return w(f"premises.presences_{'least' if k == 0 else 'most'}")
    return w("premises.presence", share=share(one, w))


def table(done: LendingPlan, w: Words) -> Table:
    columns = (Column(w("premises.premise")), Column(w("premises.callers"), "number"),
               Column(w("premises.after"), "number"), Column(w("plan.more"), "number"),
               Column(w("plan.interval"), "number"), Column(w("plan.floors")))
    return Table(w("premises.table"), columns, tuple(row(one, k, w) for k, one in numbered(done)), w("premises.note"))


def row(one: AtAnEnd, k: int, w: Words) -> tuple[Cell, ...]:
    callers = called(one)
    through = sum(figure.mean * one.after[city].mean for city, figure in one.callers.items()) / max(callers, 1.0)
    return (name(one, k, w), w.count(callers), w.percent(through), w.exact(one.people.mean), bare(w, one.people),
            kept(one, w))


def kept(one: AtAnEnd, w: Words) -> Cell:
    """How many floors surely give way; of a plan that touches none, that."""
    if not one.floors:
        return w("plan.menu_no_floors")
    return (YesNo(w("premises.given_way", n=one.given_way, of=one.floors), False) if one.given_way
            else YesNo(w("premises.none_gives_way", of=one.floors), True))
