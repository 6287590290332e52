"""How the roster is for those who work it, and who is called in when it is not enough."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from surgeline.folders.rules_passed import IN_MINUTES
from surgeline.folders.staffing_plan import (
    AnsweredWish,
    Broken,
    CalledIn,
    CallIn,
    CityStaffing,
    RosterFigures,
    Shortage,
    Spread,
    WayOut,
    WithoutLeader,
)
from surgeline.reports.page import rules
from surgeline.reports.page.blocks import Cell, Column, Section, Table, YesNo
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import lacking, pools, replays
from surgeline.reports.staffing_plan.view import PlanView

MOST_CALLS = 60
MOST_ROWS = 40
MOST_NAMES = 3
IN_DAYS = ("most_days_in_a_row", "least_days_in_a_row", "least_days_off_in_a_row", "weekly_rest_days")


def section(view: PlanView, w: Words) -> Section | None:
    rosters = {name: c.roster for name, c in view.cities.items() if c.roster}
    if not rosters:
        return None
    tables = tuple(table for name, roster in rosters.items()
                   for table in (*tables_of(w, view.place(w, name), roster, calls_of(view.cities[name])),
                                 *of_pools(view, w, name)))
    return Section(w("staff.roster_title"), w("staff.roster_lead"), tables)


def calls_of(c: CityStaffing) -> tuple[CalledIn, ...]:
    """All people who are called on top, for a surge and to lend."""
    return tuple(call for of in (c.call_in, c.lent) if of for call in of.calls)


def of_pools(view: PlanView, w: Words, name: str) -> Iterator[Table]:
    """Of those who answer some classes of callers only, with what they are planned for."""
    for place, plan in pools.plans(view, w, name):
        figures, *more = tables_of(w, place, plan.roster)
        when = w("staff.in_ordinary") if plan.of_ordinary else ""
        part = [w("staff.pool_part", part=w.percent(plan.part, 0), when=when)] if plan.part < 1 else []
        surge = for_surge(w, plan.roster, plan.of_ordinary)
        not_called = [w("staff.pool_not_called")] if surge else []
        yield replace(figures, note=("" if w.lang == "zh" else " ").join([figures.note, *part, *surge, *not_called]))
        yield from more


def for_surge(w: Words, roster: RosterFigures | None, of_ordinary: bool) -> list[str]:
    """From when on a roster is planned for the surge, and how much of what it wants is on duty; where the surge is
    elsewhere, that hours to spare are on duty too."""
    if roster is None or roster.for_surge is None:
        return []
    if not of_ordinary:
        return [w("staff.spare_hours")]
    of = roster.for_surge
    since = w.date(datetime.combine(of.since, datetime.min.time()))
    return [w(f"staff.for_surge_{'known' if of.was_known else 'since'}", since=since, wanted=w.exact(of.wanted),
              there=w.exact(of.there), people=of.people_changed, changes=of.changes)]


def tables_of(w: Words, place: str, roster: RosterFigures, calls: Sequence[CalledIn] = ()) -> tuple[Table, ...]:
    found = [figures_table(w, place, roster)]
    if roster.shortage is not None:
        found.append(shortage_table(w, place, roster.shortage))
    if roster.without_leader:
        found.append(leaders_table(w, roster.without_leader))
    if roster.wishes:
        found.append(wishes_table(w, roster.wishes))
    broken = broken_table(w, place, roster.broken, calls)
    return (*found, broken) if broken.rows else tuple(found)


def leaders_table(w: Words, times: tuple[WithoutLeader, ...]) -> Table:
    """When leaders are missing."""
    columns = (Column(w("staff.day"), "short"), Column(w("staff.time"), "short"),
               Column(w("staff.leaders_missing"), "number"))
    rows = tuple((w.day_short(one.start), f"{one.start:%H:%M}–{one.end:%H:%M}", w.exact(one.missing))
                 for one in times[:MOST_ROWS])
    more = w("staff.more_times", n=len(times) - len(rows)) if len(times) > len(rows) else ""
    note = w("staff.leaders_note", hours=w.few(sum(one.hours for one in times))) + more
    return Table(w("staff.leaders_table"), columns, rows, note)


def wishes_table(w: Words, wishes: tuple[AnsweredWish, ...]) -> Table:
    """Whose wishes are not granted; how many are."""
    columns = (Column(w("staff.name")), Column(w("staff.wishes"), "number"), Column(w("staff.granted"), "number"),
               Column(w("staff.refused")))
    refused = [one for one in wishes if not one.granted]
    rows = tuple(wishes_row(w, name, [one for one in wishes if one.name == name])
                 for name in list(dict.fromkeys(one.name for one in refused))[:MOST_ROWS])
    more = w("staff.more_wishes", n=cut) if (cut := len({one.name for one in refused}) - len(rows)) else ""
    note = more + w("staff.wishes_note", asked=w.exact(len(wishes)), granted=w.exact(len(wishes) - len(refused)))
    return Table(w("staff.wishes_table"), columns, rows, note)


def wishes_row(w: Words, name: str, own: list[AnsweredWish]) -> tuple[Cell, ...]:
    """One person's."""
    refused = [f"{one.day.month}/{one.day.day} {one.wish}" for one in own if not one.granted]
    return (name, w.exact(len(own)), w.exact(len(own) - len(refused)), w("number.listing").join(refused))


def shortage_table(w: Words, place: str, short: Shortage) -> Table:
    """What would fill it."""
    columns = (Column(w("staff.way_out")), Column(w("staff.takes"), "number"), Column(w("staff.yuan"), "number"),
               Column(w("staff.still_missing"), "number"))
    rows = tuple(way_out(w, one) for one in short.ways_out)
    note = w("staff.shortage_note", need=w.exact(short.need / 2), most=w.exact(short.most / 2))
    return Table(w("staff.shortage_table", place=place), columns, rows, note)


def way_out(w: Words, one: WayOut) -> tuple[Cell, ...]:
    amount = one.amount / 60 if one.unit == "minutes" else one.amount / 2 if one.what == "cover" else one.amount
    takes = w(f"staff.unit_{'hours' if one.unit == 'minutes' or one.what == 'cover' else 'other'}", n=w.few(amount),
              unit=w(f"unit.{one.unit}"))
    return (w(f"way.{one.what}"), takes if one.found else w("staff.at_least", n=takes), w.exact(one.yuan),
            w.exact(one.still_missing / 2))


def figures_table(w: Words, place: str, roster: RosterFigures) -> Table:
    """Least, mean and most of hours, nights and weekends."""
    columns = (Column(w("staff.figure")), *(Column(w(f"staff.{name}"), "number") for name in ("least", "mean", "most")))
    figures = {"hours_each": roster.hours, "nights": roster.nights,
               **({"rest_days": roster.rest_days} if roster.rest_days else {"weekends": roster.weekends})}
    rows = tuple((w(f"staff.{what}"), *spread(w, of)) for what, of in figures.items())
    gap = w("staff.roster_gap", gap=w.percent(roster.gap, 2))
    note = w("staff.roster_note", people=roster.people, missing=w.exact(roster.missing_hours),
             surplus=w.exact(roster.surplus_hours)) + gap
    return Table(w("staff.roster_table", place=place), columns, rows, note)


def spread(w: Words, of: Spread) -> tuple[Cell, ...]:
    return tuple(w.few(value) for value in (of.least, of.mean, of.most))


def broken_table(w: Words, place: str, broken: tuple[Broken, ...], calls: Sequence[CalledIn] = ()) -> Table:
    """Rules that are broken at a price, by the roster and by calls, each with its source, and by whom."""
    columns = (Column(w("staff.rule")), Column(w("staff.source")), Column(w("staff.people_there"), "number"),
               Column(w("staff.amount"), "short"), Column(w("staff.who")))
    rows = (*(broken_row(w, one) for one in broken), *broken_by_calls(w, calls))
    return Table(w("staff.broken_table", place=place), columns, rows, w("staff.broken_note"))


def broken_row(w: Words, one: Broken) -> tuple[Cell, ...]:
    return (rule_name(w, one.rule), w.said(one.source), w.exact(one.people), amount(w, one),
            w.list(one.names, MOST_NAMES, "staff.more_people"))


def broken_by_calls(w: Words, calls: Sequence[CalledIn]) -> Iterator[tuple[Cell, ...]]:
    """A line a rule that calls break: by how many people, and how often. Who does most comes first."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for call in calls:
        for one in call.breaks:
            found.setdefault((one.rule, one.source), Counter())[call.name] += 1
    for (rule, source), times in found.items():
        yield (w("staff.by_calls", rule=rule_name(w, rule)), w.said(source), w.exact(len(times)),
               w("staff.times", n=w.exact(times.total())),
               w.list([name for name, _ in times.most_common()], MOST_NAMES, "staff.more_people"))


def rule_name(w: Words, rule: str) -> str:
    return w(f"broken.{rule}") if w.knows(f"broken.{rule}") else w(f"rule.{rule}")


def amount(w: Words, one: Broken) -> str:
    """In hours where the rule is of time, in days where it is of days."""
    if one.rule in IN_MINUTES:
        return w("staff.unit_hours", n=w.few(one.amount / 60))
    n = w.few(one.amount)
    return w("staff.unit_other", n=n, unit=w("unit.days")) if one.rule in IN_DAYS else n


def call_in(view: PlanView, w: Words) -> Section | None:
    """Who is called in on which day, in the order of call."""
    found = {name: c.call_in for name, c in view.cities.items() if c.call_in}
    if not found:
        return None
    return Section(w("staff.call_in_title"), w("staff.call_in_lead"),
                   tuple(calls_table(view, w, name, one) for name, one in found.items()))


def calls_table(view: PlanView, w: Words, name: str, one: CallIn) -> Table:
    worst = worst_day(view, name, one)
    shown = [call for call in one.calls if call.day == (worst or fullest_day(one))][:MOST_CALLS]
    phones = have_phones(one.calls)
    rows = tuple(call_row(w, call, one.emergency, phones) for call in shown)
    more = w("staff.more_calls", n=len(one.calls) - len(shown)) if len(one.calls) > len(shown) else ""
    ledger = w("staff.emergency_note", month=w.exact(one.beyond_month),
               day=w.exact(one.beyond_day)) if one.emergency else ""
    note = w("staff.call_in_note", hours=w.exact(one.hours), yuan=w.count(one.yuan)) + ledger + more \
        + replays.note(w, view.cities[name], replays.CALLED)
    day = w.day(datetime.combine(worst or fullest_day(one), datetime.min.time()))
    title = w("staff.call_in_table", place=view.place(w, name), day=day,
              which=w(f"staff.call_in_{'worst' if worst else 'fullest'}"))
    return Table(title, call_columns(w, phones), rows, note, small=True)


def worst_day(view: PlanView, name: str, one: CallIn) -> date | None:
    """The day of the moment at which most calls are not answered in time; None where nobody is called for it."""
    worst = lacking.worst(view, name)
    return worst.at.date() if worst and any(call.day == worst.at.date() for call in one.calls) else None


def have_phones(calls: Sequence[CalledIn]) -> bool:
    """Whether the telephone of any of them is known."""
    return any(call.phone for call in calls)


def fullest_day(one: CallIn) -> date:
    """The day for which most hours are called in."""
    return max(sorted({call.day for call in one.calls}),
               key=lambda day: sum(call.hours for call in one.calls if call.day == day))


def call_columns(w: Words, phones: bool) -> tuple[Column, ...]:
    """Of ``call_row``."""
    heads = ("day", "name", *(("phone",) if phones else ()), "time", "call_kind")
    return (*(Column(w(f"staff.{head}"), "short") for head in heads),
            *(Column(w(f"staff.{head}"), "number") for head in ("hours", "rate", "left_month")),
            Column(w("staff.breaks")))


def call_row(w: Words, call: CalledIn, emergency: bool, phones: bool = False) -> tuple[Cell, ...]:
    return (w.day_short(datetime.combine(call.day, datetime.min.time())), call.name,
            *((call.phone or "",) if phones else ()), f"{call.start}–{call.end}", w(f"staff.{call.kind}"),
            w.few(call.hours), f"{call.rate:g}", left_in_month(w, call.left_month, emergency),
            broken_by(w, call))


def left_in_month(w: Words, hours: float, emergency: bool) -> Cell:
    """Below 0 it is beyond the law's limit, which only an emergency lifts."""
    ground = "emergency" if emergency else "unlawful"
    return w.few(hours) if hours >= 0 else YesNo(w(f"staff.beyond_month_{ground}", hours=w.few(-hours)), False)


def broken_by(w: Words, call: CalledIn) -> str:
    """The rules that a call breaks at a price, each with its number."""
    return w.list([rules.told(w, one) for one in call.breaks])
