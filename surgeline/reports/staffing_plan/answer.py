"""What a staffing plan says in a few sentences, and its key figures."""
from __future__ import annotations

from datetime import datetime, timedelta

from surgeline.folders.staffing_plan import CityStaffing, Shifts
from surgeline.reports.page.blocks import KeyFigure
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import changes, counted, lacking, lent, overtime, pools, roster, standby, verdict
from surgeline.reports.staffing_plan.view import PlanView


def opening(view: PlanView, w: Words) -> Opening:
    m = view.manifest
    horizon = m.scenario.horizon
    facts = [w.spread(w.date(horizon.start), w.date(horizon.end - timedelta(seconds=1))),
             w("page.replications", n=m.replications), w("plan.seed", seed=m.seed),
             w("staff.made", at=f"{datetime.fromisoformat(m.created):%Y-%m-%d %H:%M}")]
    return Opening(w("staff.brand"), w.name(m.scenario.title), "", facts, sentences(view, w), w("staff.of"),
                   key_figures(view, w), w(f"staff.note{view.in_days}"), w("staff.foot"),
                   signed=tuple(w(f"staff.{who}") for who in ("drawn_up", "checked", "approved", "signed_on")))


def target(view: PlanView, w: Words) -> str:
    """The target in words."""
    t = view.manifest.target
    days = w("staff.all_days") if t.in_days is None else w("staff.in_days", days=w.target(float(t.in_days)))
    of, each = w(f"staff.of_{t.of}", short=w.duration(float(t.short))), w(f"staff.each_{t.each}")
    return w("staff.target", share=w.target(float(t.share)), within=w.duration(view.manifest.within_s),
             answered=w.target(float(t.answered)), of=of, each=each, days=days)


def sentences(view: PlanView, w: Words) -> list[str]:
    asked = w("staff.answer_target", target=target(view, w))
    if len(view.cities) == 1:
        return [*verdict.sentences(view, w, view.first), *overtime.sentences(w, view.cities[view.first]), asked,
                *of_city(view, w, view.first)]
    return [*verdict.of_cities(view, w), asked, of_cities(view, w), *counted.sentences(view, w)]


def of_city(view: PlanView, w: Words, name: str) -> list[str]:
    """Need, who is planned otherwise than before, and who comes on top, in one city."""
    c = view.cities[name]
    said = [w("staff.answer_need", place=view.place(w, name), at=moment(view, w, name), peak=w.exact(c.need.peak),
              hours=w.exact(c.need.seat_hours))]
    said += [*pools.above(w, c), *pools.sentences(view, w, name), *roster.for_surge(w, c.roster, c.of_ordinary),
             *changes.sentences(w, c.roster, view.known_today(c))]
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


def of_cities(view: PlanView, w: Words) -> str:
    """The need of several cities together."""
    cities = view.cities.values()
    return w(f"staff.answer_cities{view.in_days}", n=len(view.cities),
             hours=w.exact(sum(c.need.seat_hours for c in cities)),
             today=w.exact(sum(c.need.open_hours for c in cities)),
             needs=w.few(sum(view.people_for(c) for c in cities)), has=w.few(sum(c.people for c in cities)))


def moment(view: PlanView, w: Words, name: str) -> str:
    at = view.cities[name].need.peak_at
    return f"{w.day(at)} {at:%H:%M}"


def called_in(w: Words, c: CityStaffing) -> list[str]:
    """What people who are called in bring in a surge, or that nobody is."""
    if c.call_in is None:
        return [w("staff.nobody_called")] if c.of_ordinary and c.roster else []
    people = len({call.name for call in c.call_in.calls})
    if c.call_in.brings.low <= 0:
        return [w("staff.not_worth", people=people, hours=w.exact(c.call_in.hours))]
    return [w("staff.answer_call_in", people=people, hours=w.exact(c.call_in.hours),
              brings=w.exact(c.call_in.brings.mean), range=w.range_of(c.call_in.brings, w.exact))]


def all_shifts(view: PlanView) -> list[Shifts]:
    """Of all cities and all kinds of people."""
    return [one for c in view.cities.values()
            for one in (c.shifts, *(pool.plan.shifts for pool in c.pools or () if pool.plan))]


def key_figures(view: PlanView, w: Words) -> list[KeyFigure]:
    """Money and people of ordinary time say so, and stand beside no hours of a surge."""
    cities = view.cities.values()
    c = view.cities[view.first]
    of = "ordinary" if any(one.of_ordinary for one in cities) else "people"
    people, has = sum(view.people_for(one) for one in cities), sum(one.people for one in cities)
    lack = sum(lacking.people(view, one) for one in cities)
    short = "lack" if lack else "not_by_people" if any(lacking.beyond_people(one) for one in cities) else "has"
    found = [KeyFigure(w("staff.figure_peak", place=view.place(w, view.first)), w.exact(c.need.peak),
                       w("staff.figure_hours", n=w.exact(sum(one.need.seat_hours for one in cities)))),
             KeyFigure(w(f"staff.figure_{of}{view.in_days}"), w.few(people),
                       w(f"staff.figure_{short}", n=w.few(has), lack=w.exact(lack))),
             KeyFigure(w(f"staff.figure_yuan_{of}"), w.exact(sum(one.yuan for one in all_shifts(view))),
                       w("staff.figure_work", n=w.exact(sum(one.wanted_hours for one in all_shifts(view)))))]
    if len(view.cities) == 1:
        found.append(KeyFigure(w("staff.figure_within", within=w.duration(view.manifest.within_s)),
                               w.percent(c.in_the_end.within.mean), w.range_of(c.in_the_end.within, w.percent)))
    return found
