"""The same figures as sheets: need and cover by interval, shifts by day."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time

from sim.scenario.people import pool_of_some
from surgeline.folders import lent_writing
from surgeline.folders.roster_book import CHANGES, SURGE_CHANGES
from surgeline.folders.staffing_plan import CalledIn, ChangedCell, Lent, PoolNeed, RosterFigures, Standby
from surgeline.reports.page import rules
from surgeline.reports.page.words import Words
from surgeline.reports.page.workbook import Head, Sheet
from surgeline.reports.staffing_plan import ledger, pools
from surgeline.reports.staffing_plan.roster import have_phones
from surgeline.reports.staffing_plan.view import PlanView

ZH, EN = Words("zh"), Words("en")
BY_INTERVAL = (("needed", "count"), ("open", "few"), ("on_duty", "few"), ("erlang_callers", "count"),
               ("erlang_dials", "count"), ("offered", "few"), ("within", "share"), ("low", "share"), ("high", "share"))
SHIFTS = (("city", "text"), ("code", "text"), ("from", "text"), ("until", "text"), ("meal", "text"), ("hours", "few"))


def sheets(view: PlanView) -> Iterable[Sheet]:
    yield by_interval(view)
    for name, c in view.cities.items():
        if c.pools:
            yield pool_sheet(view, c.pools)
            yield pools_by_interval(view, name, c.pools)
    yield shift_sheet(view)
    for name, before, of in ((CHANGES, "before", published), (SURGE_CHANGES, "ordinary", in_surge)):
        if rows := list(change_rows(view, of)):
            yield Sheet(name, change_heads(before), rows)
    if any(c.call_in for c in view.cities.values()):
        yield call_sheet(view)
    if lent := view.cities[view.first].lent:
        yield lent_sheet(view, lent)
        yield for_lent_sheet(lent)
        yield lacking_sheet(view, lent)
    if any(c.ledger for c in view.cities.values()):
        yield ledger_sheet(view)
    if standby := view.cities[view.first].standby:
        yield standby_sheet(standby)


def head(key: str, how: str = "text", where: str = "staff") -> Head:
    return Head(ZH(f"{where}.{key}"), EN(f"{where}.{key}"), how)


def call_heads(phones: bool) -> tuple[Head, ...]:
    """Of ``call_row``."""
    return (head("day", "day"), head("time"), head("name"), *((head("phone"),) if phones else ()), head("call_kind"),
            head("hours", "few"), head("rate", "few"), head("left_month", "few"), head("call_by", "moment"),
            head("rest", "few"), head("breaks"))


def by_interval(view: PlanView) -> Sheet:
    heads = (head("city"), head("start", "moment"), *(head(f"sheet_{name}", how) for name, how in BY_INTERVAL))
    rows = [(view.place(ZH, one["city"]), one["start"].to_pydatetime(), *(one[name] for name, _ in BY_INTERVAL))
            for one in view.done.intervals.to_dict("records")]
    return Sheet("需求与在岗 need", heads, rows)


def pool_sheet(view: PlanView, found: Sequence[PoolNeed]) -> Sheet:
    """Seats by what people can answer."""
    heads = (head("can_answer"), head("peak", "count"), head("at", "moment"), *(head(name, "few") for name in (
        "seat_hours", "open_hours", "short_hours")), head("short_most", "count"), head("short_at", "moment"),
             *((head("open_planned", "few"), head("short_planned", "few"), head("within_today", "share"),
                head("within_planned", "share")) if is_planned(found) else ()))
    rows = [(pools.can_answer(view, ZH, one), one.peak, pools.peak_at(one), one.seat_hours, one.open_hours,
             one.short_hours, one.short_most, one.short_at, *covered(one)) for one in found]
    return Sheet("各类人员需求 by answers", heads, rows)


def is_planned(found: Sequence[PoolNeed]) -> bool:
    """Whether some who answer some classes only are."""
    return any(one.cover for one in found)


def covered(pool: PoolNeed) -> tuple[float, ...]:
    """With the rosters of all, where there are such."""
    cover = pool.cover
    return () if cover is None else (cover.open_hours, cover.short_hours, cover.today.within.mean,
                                     cover.planned.within.mean)


def pools_by_interval(view: PlanView, name: str, found: Sequence[PoolNeed]) -> Sheet:
    """The same by half-hour."""
    called = {pool_of_some(name, one.classes): pools.can_answer(view, ZH, one) for one in found}
    names = ("needed", "open", *(("planned",) if is_planned(found) else ()))
    heads = (head("can_answer"), head("start", "moment"), *(
        head(f"sheet_{name}", "count" if name == "needed" else "few") for name in names))
    rows = [(called[one["pool"]], one["start"].to_pydatetime(), *(one[name] for name in names))
            for one in view.done.pools_needed.to_dict("records")]
    return Sheet("各类人员分时 by time", heads, rows)


def shift_sheet(view: PlanView) -> Sheet:
    """How many begin which shift on which day. The day before the horizon stands there for its nights only."""
    lines = [(place, line) for name, c in view.cities.items() for place, shifts in (
        (view.place(ZH, name), c.shifts), *((place, plan.shifts) for place, plan in pools.plans(view, ZH, name)))
        for line in shifts.lines]
    since = 0 if any(line.people[0] for _, line in lines) else 1
    over = any(line.handover for _, line in lines)
    heads = (*(head(name, how) for name, how in SHIFTS), *((head("handover", "count"),) if over else ()),
             *(Head(f"{day.month}/{day.day}", f"{day:%a}", "count")
               for day in view.cities[view.first].shifts.dates[since:]))
    rows = [(place, line.code, line.start, line.end, line.meal, line.hours, *((line.handover,) if over else ()),
             *line.people[since:]) for place, line in lines]
    return Sheet("班次 shifts", heads, rows)


def change_heads(before: str) -> tuple[Head, ...]:
    """:param before: what a cell was."""
    return (head("city"), head("name"), head("day", "day"),
            *(head(name) for name in (before, f"{before}_time", "after", "after_time")), head("hours_more", "few"),
            head("nights_more", "count"), head("notice_h", "few"))


def published(roster: RosterFigures) -> Sequence[ChangedCell]:
    """What is not as it was published."""
    return roster.changes.cells if roster.changes else ()


def in_surge(roster: RosterFigures) -> Sequence[ChangedCell]:
    """What is otherwise than in ordinary time."""
    return roster.for_surge.cells if roster.for_surge else ()


def change_rows(view: PlanView, of: Callable[[RosterFigures], Sequence[ChangedCell]]) -> Iterator[tuple[object, ...]]:
    """A line a person and day."""
    yield from ((view.place(ZH, name), one.name, datetime.combine(one.day, time.min), one.before, one.before_time,
                 one.after, one.after_time, one.hours, one.nights, one.notice_h)
                for name, c in view.cities.items() if c.roster for one in of(c.roster))


def call_sheet(view: PlanView) -> Sheet:
    """Everybody who is asked for more, by day and time."""
    phones = any(have_phones(c.call_in.calls) for c in view.cities.values() if c.call_in)
    rows = [(view.place(ZH, name), *call_row(one, phones)) for name, c in view.cities.items() if c.call_in
            for one in c.call_in.calls]
    return Sheet("增援名单 calls", (head("city"), *call_heads(phones)), rows)


def call_row(one: CalledIn, phones: bool = False) -> tuple[object, ...]:
    """Who, when, pay, overtime left, when the call is made, rest, and rules that it breaks."""
    return (datetime.combine(one.day, time.min), f"{one.start}–{one.end}", one.name,
            *((one.phone or "",) if phones else ()), both(f"staff.{one.kind}"),
            one.hours, one.rate, one.left_month, one.call_by, one.rest,
            " ".join(rules.told(w, rule) for rule in one.breaks for w in (ZH, EN)))


def lent_sheet(view: PlanView, lent: Lent) -> Sheet:
    """Everybody at a seat that is lent."""
    heads = (head("borrower_head", where="lent"), head("seat", "count", "lent"), head("name"), head("from", "moment"),
             head("until", "moment"), head("call_kind"), head("call_by", "moment"))
    rows = [(view.place(ZH, one.borrower), one.seat, one.name, one.start, one.end,
             lent_writing.CONTRACTS[one.contract] if one.contract else
             both("staff.call_in" if one.called else "lent.on_duty"), one.call_by) for one in lent.at_seats]
    return Sheet("支援座席 lent", heads, rows)


def for_lent_sheet(lent: Lent) -> Sheet:
    """Everybody who is asked for more because of it."""
    phones = have_phones(lent.calls)
    return Sheet("支援加人 calls to lend", call_heads(phones), [call_row(one, phones) for one in lent.calls])


def both(key: str) -> str:
    """In both languages."""
    return f"{ZH(key)} {EN(key)}"


def lacking_sheet(view: PlanView, lent: Lent) -> Sheet:
    """When people are missing all the same."""
    heads = (head("where", where="lent"), head("from", "moment"), head("until", "moment"),
             head("most", "count", "lent"), head("hours", "few"))
    times = {ZH("lent.at_seats_of", place=view.place(ZH, name)): many for name, many in lent.unmanned.items()}
    times[ZH("lent.at_home", place=view.place(ZH, view.first))] = lent.at_home
    return Sheet("仍然缺人 missing", heads, [(where, one.start, one.end, one.most, one.hours)
                                        for where, many in times.items() for one in many])


def ledger_sheet(view: PlanView) -> Sheet:
    """All hours beyond the limits of overtime, by day and person."""
    heads = (head("city"), head("day", "day"), head("name"),
             *(head(name, "few", "ledger") for name in ledger.HOURS), head("ground", where="ledger"))
    rows = [(view.place(ZH, name), datetime.combine(one.day, time.min), one.name,
             *(getattr(one, field) for field in ledger.HOURS),
             both(f"ledger.{'emergency' if c.ledger.emergency else 'none'}"))
            for name, c in view.cities.items() if c.ledger for one in c.ledger.rows]
    return Sheet("加班台账 ledger", heads, rows)


def standby_sheet(standby: Standby) -> Sheet:
    """Everybody on standby, by day and in the order of call."""
    heads = (head("day", "day"), head("from", "moment"), head("until", "moment"), head("order", "count", "standby"),
             head("name"))
    hours = {one.start.date(): one for one in standby.days}
    rows = [(datetime.combine(one.day, time.min), hours[one.day].start, hours[one.day].end, one.order, one.name)
            for one in standby.names]
    return Sheet("备勤 standby", heads, rows)
