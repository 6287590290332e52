"""What a staffing plan says in a few sentences, and its key figures."""
from __future__ import annotations

from datetime import timedelta

from surgeline.folders.staffing_plan import CityStaffing, Shifts
from surgeline.reports.page.blocks import KeyFigure
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import changes, lent, pools, roster, standby
from surgeline.reports.staffing_plan.view import PlanView

MOST_SHORT = 4


def opening(view: PlanView, w: Words) -> Opening:
    m = view.manifest
    horizon = m.scenario.horizon
    facts = [w.spread(w.date(horizon.start), w.date(horizon.end - timedelta(seconds=1))),
             w("page.replications", n=m.replications), w("plan.seed", seed=m.seed)]
    return Opening(w("staff.brand"), w.name(m.scenario.title), "", facts, sentences(view, w), w("staff.of"),
                   key_figures(view, w), w(f"staff.note{view.in_days}"), w("staff.foot"))


def target(view: PlanView, w: Words) -> str:
    """The target in words."""
    t = view.manifest.target
    days = w("staff.all_days") if t.in_days is None else w("staff.in_days", days=w.percent(float(t.in_days), 0))
    of, each = w(f"staff.of_{t.of}", short=w.duration(float(t.short))), w(f"staff.each_{t.each}")
    return w("staff.target", share=w.percent(float(t.share), 0), within=w.duration(view.manifest.within_s),
             answered=w.percent(float(t.answered), 0), of=of, each=each, days=days)


def sentences(view: PlanView, w: Words) -> list[str]:
    one = len(view.cities) == 1
    said = [w("staff.answer_target", target=target(view, w))]
    said += of_city(view, w, view.first) if one else of_cities(view, w)
    return said


def of_city(view: PlanView, w: Words, name: str) -> list[str]:
    """Need, shifts, people and what is reached, in one city."""
    c = view.cities[name]
    said = [w("staff.answer_need", place=view.place(w, name), at=moment(view, w, name), peak=c.need.peak,
              open=w.few(open_then(view, name)), hours=w.exact(c.need.seat_hours), today=w.exact(c.need.open_hours)),
            w(f"staff.answer_{'ordinary' if c.of_ordinary else 'people'}{view.in_days}",
              needs=w.few(view.people_for(c)), hours=w.exact(c.shifts.hours), has=w.few(c.people),
              verdict=verdict(view, w, c))]
    said += [*pools.above(w, c), *pools.sentences(view, w, name), *roster.for_surge(w, c.roster, c.of_ordinary),
             *changes.sentences(w, c.roster), reached(w, c)]
    if c.of_ordinary and c.in_the_end.answered.high < c.today.answered.low:
        said.append(w("staff.worse"))
    said += [*of_people(w, c), *called_in(w, c)]
    said += [lent.sentence(view, w, c.lent)] if c.lent is not None else []
    return said + ([standby.sentence(view, w, c.standby)] if c.standby is not None else [])


def of_people(w: Words, c: CityStaffing) -> list[str]:
    """Wishes that are granted, and times without a leader, where there are any."""
    if c.roster is None:
        return []
    wishes, times = c.roster.wishes, c.roster.without_leader
    granted = sum(one.granted for one in wishes)
    said = [w("staff.answer_wishes", asked=w.exact(len(wishes)), granted=w.exact(granted))] if wishes else []
    return said + ([w("staff.answer_leaders", hours=w.few(sum(one.hours for one in times)))] if times else [])


def of_cities(view: PlanView, w: Words) -> list[str]:
    """The same of several cities together, and which of them lack people."""
    cities = view.cities.values()
    short = [name for name, c in view.cities.items() if view.people_for(c) > c.people]
    names = w.cities([view.place(w, name) for name in short], MOST_SHORT)
    whole = w(f"staff.answer_cities{view.in_days}", n=len(view.cities),
              hours=w.exact(sum(c.need.seat_hours for c in cities)),
              today=w.exact(sum(c.need.open_hours for c in cities)),
              needs=w.few(sum(view.people_for(c) for c in cities)), has=w.few(sum(c.people for c in cities)))
    return [whole, w("staff.answer_short", n=len(short), names=names) if short else w("staff.answer_none_short")]


def moment(view: PlanView, w: Words, name: str) -> str:
    at = view.cities[name].need.peak_at
    return f"{w.day(at)} {at:%H:%M}"


def open_then(view: PlanView, name: str) -> float:
    """Seats that the scenario has open when most are needed."""
    table = view.of_city(name)
    return float(table.loc[table["start"] == view.cities[name].need.peak_at, "open"].iloc[0])


def verdict(view: PlanView, w: Words, c: CityStaffing) -> str:
    """Whether there are people enough."""
    lacking = view.people_for(c) - c.people
    if lacking > 0:
        return w("staff.lacks", n=w.few(lacking))
    return w("staff.enough", n=w.few(-lacking))


def reached(w: Words, c: CityStaffing) -> str:
    """What simulation shows of it, and of the scenario as it is."""
    within, answered = c.service.within, c.service.answered
    return w(f"staff.reached_{'roster' if c.roster else 'shifts'}", within=w.percent(within.mean),
             answered=w.percent(answered.mean), range_within=w.range_of(within, w.percent),
             range_answered=w.range_of(answered, w.percent), missed=w.percent(c.service.missed),
             today_within=w.percent(c.today.within.mean), today_answered=w.percent(c.today.answered.mean))


def called_in(w: Words, c: CityStaffing) -> list[str]:
    """What people who are called in bring in a surge, or that nobody is."""
    if c.call_in is None:
        return [w("staff.nobody_called")] if c.of_ordinary and c.roster else []
    people = len({call.name for call in c.call_in.calls})
    return [w("staff.answer_call_in", people=people, hours=w.exact(c.call_in.hours),
              brings=w.exact(c.call_in.brings.mean), range=w.range_of(c.call_in.brings, w.exact))]


def all_shifts(view: PlanView) -> list[Shifts]:
    """Of all cities and all kinds of people."""
    return [one for c in view.cities.values()
            for one in (c.shifts, *(pool.plan.shifts for pool in c.pools or () if pool.plan))]


def key_figures(view: PlanView, w: Words) -> list[KeyFigure]:
    cities = view.cities.values()
    c = view.cities[view.first]
    people, has = sum(view.people_for(one) for one in cities), sum(one.people for one in cities)
    found = [KeyFigure(w("staff.figure_peak", place=view.place(w, view.first)), w.exact(c.need.peak), ""),
             KeyFigure(w(f"staff.figure_people{view.in_days}"), w.few(people), w("staff.figure_has", n=w.few(has))),
             KeyFigure(w("staff.figure_yuan"), w.count(sum(one.cost.parts["work"] for one in all_shifts(view))),
                       w("staff.figure_hours", n=w.exact(sum(one.need.seat_hours for one in cities))))]
    if len(view.cities) == 1:
        found.append(KeyFigure(w("staff.figure_within", within=w.duration(view.manifest.within_s)),
                               w.percent(c.service.within.mean), w.range_of(c.service.within, w.percent)))
    return found
