"""The same figures as sheets: need and cover by interval, shifts by day."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from surgeline.reports.page.words import Words
from surgeline.reports.page.workbook import Head, Sheet
from surgeline.reports.staffing_plan.view import PlanView

ZH, EN = Words("zh"), Words("en")
BY_INTERVAL = (("needed", "count"), ("open", "few"), ("on_duty", "few"), ("erlang_callers", "count"),
               ("erlang_dials", "count"), ("offered", "few"), ("within", "share"), ("low", "share"), ("high", "share"))
SHIFTS = (("city", "text"), ("code", "text"), ("from", "text"), ("until", "text"), ("meal", "text"), ("hours", "few"))


def sheets(view: PlanView) -> Iterable[Sheet]:
    yield by_interval(view)
    yield shift_sheet(view)
    if any(c.call_in for c in view.cities.values()):
        yield call_sheet(view)


def head(key: str, how: str = "text") -> Head:
    return Head(ZH(f"staff.{key}"), EN(f"staff.{key}"), how)


def by_interval(view: PlanView) -> Sheet:
    heads = (head("city"), head("start", "moment"), *(head(f"sheet_{name}", how) for name, how in BY_INTERVAL))
    rows = [(view.place(ZH, one["city"]), one["start"].to_pydatetime(), *(one[name] for name, _ in BY_INTERVAL))
            for one in view.done.intervals.to_dict("records")]
    return Sheet("需求与在岗 need", heads, rows)


def shift_sheet(view: PlanView) -> Sheet:
    heads = (*(head(name, how) for name, how in SHIFTS),
             *(Head(f"{day.month}/{day.day}", f"{day:%a}", "count") for day in view.cities[view.first].shifts.dates))
    rows = [(view.place(ZH, name), line.code, line.start, line.end, line.meal, line.hours, *line.people)
            for name, c in view.cities.items() for line in c.shifts.lines]
    return Sheet("班次 shifts", heads, rows)


def call_sheet(view: PlanView) -> Sheet:
    """Everybody who is asked for more, by day and time."""
    heads = (head("city"), head("day", "day"), head("time"), head("name"), head("call_kind"), head("hours", "few"),
             head("rate", "few"), head("left_month", "few"), head("call_by", "moment"))
    rows = [(view.place(ZH, name), datetime.combine(one.day, time.min), f"{one.start}–{one.end}", one.name,
             f"{ZH(f'staff.{one.kind}')} {EN(f'staff.{one.kind}')}", one.hours, one.rate, one.left_month, one.call_by)
            for name, c in view.cities.items() if c.call_in for one in c.call_in.calls]
    return Sheet("增援名单 calls", heads, rows)
