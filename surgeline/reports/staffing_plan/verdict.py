"""The verdict of a staffing plan: whether its target is kept, what workplaces can give, what it is against today."""
from __future__ import annotations

from collections.abc import Iterator

from surgeline.folders.staffing_plan import CityStaffing, Service
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import lacking
from surgeline.reports.staffing_plan.view import PlanView

A_HAIR = 1e-9


def sentences(view: PlanView, w: Words, name: str) -> list[str]:
    """Of one city, for who reads nothing else: kept or not, people, when, help from outside, against today."""
    c = view.cities[name]
    said = [headline(view, w, name),
            w(f"verdict.{'none' if kept(view, c.in_the_end) else 'some'}_surely", way=way(w, c),
              promises=w("verdict.between").join(promises(view, w, c.in_the_end)),
              periods=w(f"verdict.{view.manifest.target.each}s"), reached=w.percent(c.in_the_end.reached),
              missed=w.percent(c.in_the_end.missed)),
            lacking.sentence(view, w, c),
            lacking.odd_ends(view, w, name) if all_well(view, c) else lacking.when(view, w, name)]
    return [*said, *lacking.all_day(view, w, name), *emergency(view, w, name), *from_outside(view, w, name),
            against(view, w, name)]


def headline(view: PlanView, w: Words, name: str) -> str:
    """Kept or not, people missing, the worst moment, and whether others must help."""
    c, worst = view.cities[name], lacking.worst(view, name)
    parts = [w(f"verdict.{'kept' if kept(view, c.in_the_end) else 'missed'}"), whom(view, w, c)]
    if more := lacking.in_surge(view, c):
        parts.append(w("verdict.lacks_in_surge", n=w.exact(more)))
    if worst is not None and not all_well(view, c):
        parts.append(w("verdict.worst", at=f"{w.day(worst.at)} {worst.at:%H:%M}", needed=w.exact(worst.needed),
                       there=w.exact(worst.there)))
    if not at_home(view, name):
        parts.append(w("verdict.outside"))
    return w("verdict.head", parts=w("verdict.between").join(parts))


def whom(view: PlanView, w: Words, c: CityStaffing) -> str:
    """How many people are missing; what binds, where no number of them would do."""
    n, of = lacking.people(view, c), "_usually" if c.of_ordinary else ""
    if c.roster and (found := lacking.beyond_people(c)):
        binds = w.list([w(f"verdict.binds_{one}", n=c.shifts.workplaces) for one in found.binds])
        return w(f"verdict.lacks_hours{of}", hours=w.exact(c.roster.missing_hours), binds=binds)
    overtime = c.roster.overtime.ordinary.hours if c.roster and c.roster.overtime else 0.0
    if n and overtime and kept(view, c.in_the_end):
        return w("verdict.by_overtime", hours=w.exact(overtime), n=n)
    return w(f"verdict.lacks{of}", n=n) if n else w(f"verdict.{'enough_usually' if of else 'lacks_none'}")


def all_well(view: PlanView, c: CityStaffing) -> bool:
    """Whether the target is kept and nobody is missing."""
    return kept(view, c.in_the_end) and not lacking.anybody(view, c)


def at_home(view: PlanView, name: str) -> bool:
    """Whether the city's own workplaces, manned at all times, would keep the target: over all, and where it is to hold
    in each half-hour, in that which needs the most seats."""
    c = view.cities[name]
    return holds_over_all(view, c) and (view.manifest.target.each == "day" or c.need.peak <= most_seats(view, name))


def holds_over_all(view: PlanView, c: CityStaffing) -> bool:
    return c.at_workplaces is None or c.at_workplaces >= goal(view) - A_HAIR


def most_seats(view: PlanView, name: str) -> int:
    """At the telephone at once, with somebody at every workplace, home ones too."""
    return int(view.cities[name].workplaces * (1 - float(view.scenario.cities[name].shrinkage)) + 0.5)


def goal(view: PlanView) -> float:
    """The share that is asked for in time, or answered at all where none is."""
    return float(view.manifest.target.share) or float(view.manifest.target.answered)


def kept(view: PlanView, of: Service) -> bool:
    """Whether every promise is kept over all, and nothing shows that it is missed in any period."""
    target = view.manifest.target
    return (of.missed <= A_HAIR and of.within.mean >= float(target.share) - A_HAIR
            and of.answered.mean >= float(target.answered) - A_HAIR)


def way(w: Words, c: CityStaffing) -> str:
    """What is replayed: shifts, a roster, or one with people who are called in."""
    plan = w(f"verdict.{'roster' if c.roster else 'shifts'}")
    called = c.call_in is not None or (c.lent is not None and bool(c.lent.calls))
    return w("verdict.and_called", plan=plan) if called else plan


def promises(view: PlanView, w: Words, of: Service) -> Iterator[str]:
    """What is reached of each, and what is asked for; a share of 0 asks for nothing."""
    target = view.manifest.target
    if float(target.share):
        yield w("verdict.within", share=w.percent(of.within.mean),
                range=w.range_of(of.within, w.percent, "verdict.range"),
                within=w.duration(view.manifest.within_s), goal=w.target(float(target.share)))
    if float(target.answered):
        yield w("verdict.answered", share=w.percent(of.answered.mean),
                range=w.range_of(of.answered, w.percent, "verdict.range"), goal=w.target(float(target.answered)))


def emergency(view: PlanView, w: Words, name: str) -> list[str]:
    """What the limits of overtime keep from a surge that lacks people, where no emergency lifts them."""
    c, rules = view.cities[name], view.scenario.workforce(name).rules
    if rules.emergency or not c.of_ordinary or kept(view, c.in_the_end):
        return []
    return [w("verdict.no_emergency", day=w.few(rules.overtime_day_special.value),
              month=w.few(rules.overtime_month.value))]


def from_outside(view: PlanView, w: Words, name: str) -> Iterator[str]:
    """Where all workplaces, manned at all times, would not keep the target."""
    c = view.cities[name]
    if c.at_workplaces is not None and not holds_over_all(view, c):
        promise = "within" if float(view.manifest.target.share) else "answered"
        yield w(f"verdict.outside_{promise}", workplaces=c.workplaces, best=w.percent(c.at_workplaces),
                within=w.duration(view.manifest.within_s),
                goal=w.target(goal(view)))
    elif not at_home(view, name):
        yield w("verdict.outside_peak", at=f"{w.day(c.need.peak_at)} {c.need.peak_at:%H:%M}", peak=w.exact(c.need.peak),
                workplaces=c.workplaces, seats=w.exact(most_seats(view, name)))
    if c.surge_people is not None and view.in_weeks:
        yield w("verdict.with_surge", needs=w.few(c.surge_people), has=w.few(c.people))


def against(view: PlanView, w: Words, name: str) -> str:
    """Seat-hours and service against the shifts of today, or the roster that is published."""
    c = view.cities[name]
    if not view.known_today(c):
        return w(f"verdict.{'little' if today(c) == 'published' else 'nothing'}_published")
    planned = float(view.of_city(name)["on_duty"].sum()) * view.hours
    return w("verdict.against", today=w(f"verdict.{today(c)}"), needed=w.exact(c.need.seat_hours),
             open=w.exact(c.need.open_hours), planned=w.exact(planned), change=w.change(planned - c.need.open_hours),
             before=w.percent(c.today.within.mean), after=w.percent(c.in_the_end.within.mean))


def today(c: CityStaffing) -> str:
    """Whether shifts of today are those of a published roster."""
    return "published" if c.roster and c.roster.changes and c.roster.changes.published else "today"


# --- of several cities -----------------------------------------------------------------------------------------------

def of_cities(view: PlanView, w: Words) -> list[str]:
    """Which of them keep the target, and which lack how many people."""
    missed = [name for name, c in view.cities.items() if not kept(view, c.in_the_end)]
    lack = {name: lacking.people(view, c) for name, c in view.cities.items()}
    short = {name: n for name, n in sorted(lack.items(), key=lambda one: -one[1]) if n}
    some = w.list([w("verdict.city_lacks", city=view.place(w, name), n=w.exact(n)) for name, n in short.items()])
    said = [w("verdict.cities_missed", n=len(view.cities), missed=len(missed), kept=len(view.cities) - len(missed),
              names=w.list([view.place(w, name) for name in missed])) if missed
            else w("verdict.cities_kept", n=len(view.cities))]
    return [*said, w("verdict.cities_short", n=len(short), total=w.exact(sum(short.values())), names=some)
            if short else w("staff.answer_none_short")]
