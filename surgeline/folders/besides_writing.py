"""What people have beside a planned roster, by day: calls, standby and lent seats, for the roster's workbook."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from optimizer.staffing.planning.horizon import first_day
from sim.scenario.scenario import Scenario
from surgeline.folders import lent_writing, standby_writing
from surgeline.folders.roster_rows import Beside, Listed
from surgeline.folders.roster_wall import MARKS
from surgeline.folders.shift_words import clock

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.lent.manning import Lent
    from optimizer.staffing.planning.plan import CityPlan
    from optimizer.staffing.planning.standby.plan import Standby
    from optimizer.staffing.revising.call_in import Call

CALLS = "增援名单 calls"
HEADS = ("日期 date", "从 from", "至 to", "姓名 name", "方式 how", "加班（小时）hours more", "最迟通知 told by",
         "原因 why")
FOR_SURGE, FOR_LENDING = "激增 surge", "支援外市 lending"
ORDER = "第 {n} 个召集，{minutes} 分钟内到岗 call no. {n}, there within {minutes} min"


def besides(scenario: Scenario, plan: CityPlan) -> Iterator[Beside]:
    """Everybody's, of whatever the plan has."""
    yield from calls(scenario, plan)
    if plan.lent:
        yield from at_seats(scenario, plan.lent.lent)
    if plan.standby:
        yield from on_standby(scenario, plan.standby)


def calls(scenario: Scenario, plan: CityPlan) -> Iterator[Beside]:
    """Calls for a surge, and for what is lent."""
    if plan.surge:
        yield from of_calls(scenario, plan.surge.called.plan.calls, FOR_SURGE)
    if plan.lent:
        yield from of_calls(scenario, plan.lent.lent.plan.calls, FOR_LENDING)


def of_calls(scenario: Scenario, found: Sequence[Call], why: str) -> Iterator[Beside]:
    begin = datetime.combine(first_day(scenario), time.min)
    for one in found:
        start, tell_by = (begin + timedelta(minutes=minute) for minute in (one.start, one.call_by))
        yield Beside(one.person, start.date(), one.kind, clock(one.start), clock(one.end), one.extra / 60,
                     tell_by=tell_by, note=why)


def at_seats(scenario: Scenario, found: Lent) -> Iterator[Beside]:
    for one in found.blocks:
        start, end = lent_writing.moments(found, one)
        yield Beside(one.stay.person, start.date(), "lent", f"{start:%H:%M}", f"{end:%H:%M}",
                     place=f"{scenario.cities[one.borrower].name.zh} 第 {one.seat} 席 seat {one.seat}",
                     note=lent_writing.how(found, one))


def on_standby(scenario: Scenario, found: Standby) -> Iterator[Beside]:
    first = scenario.horizon.start.date()
    for one in found.names:
        window = found.sized.windows[one.day]
        assert window is not None
        yield Beside(one.person, first + timedelta(days=one.day), "standby", standby_writing.clock(window.start),
                     standby_writing.clock(window.end),
                     note=ORDER.format(n=one.order, minutes=round(float(found.terms.response) / 60)))


def for_the_wall(scenario: Scenario, plan: CityPlan) -> Listed | None:
    """A line a call, by day and time; None where nobody is called."""
    found = sorted(calls(scenario, plan), key=lambda one: (one.day, one.start, one.name))
    rows = tuple((one.day, one.start, one.end, one.name, MARKS[one.kind][1], one.hours,
                  f"{one.tell_by:%Y-%m-%d %H:%M}" if one.tell_by else "", one.note) for one in found)
    return Listed(CALLS, HEADS, rows) if rows else None
