"""Who mans what an order asks for: of which shift, called from where, and on what legal ground people work longer."""
from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from sim.scenario.levers import CloudSeats, Lend
from sim.scenario.messages import Message
from sim.scenario.people_levers import CallIn, Standby, Volunteers
from sim.scenario.work_rules import WorkRules
from surgeline.folders.order_hours import (
    Ordered,
    Stint,
    adding_up,
    at_work,
    call_in_terms,
    called_at,
    called_for_seats,
    longest_of,
    number_of,
)
from surgeline.locale import in_lang
from surgeline.reports.lending_order.view import OrderView, Own
from surgeline.reports.lending_plan import answer
from surgeline.reports.page.words import Words

MOST_SHIFTS, NOTHING = 4, 1e-9
CALLED = (CallIn, Standby, CloudSeats)
"""Levers by which a city calls its own people on days off: to its hall, or to answer from home."""
BEYOND_ORDINARY = ("emergency", "everything")
"""Plans of the menu that ordinary overtime does not allow."""


def of_stint(view: OrderView, w: Words, city: str, one: Ordered, stint: Stint) -> str:
    """Where the people of a stint come from."""
    if isinstance(one, Lend):
        return of_seats(view, w, city, one, stint)
    if isinstance(one, Volunteers):
        return w("order.from_volunteers")
    rest = w.few(float(view.s.workforce(city).rules.rest_between_shifts))
    if isinstance(one, CloudSeats):
        return w("order.from_cloud_seats", rest=rest)
    key = "order.from_standby" if isinstance(one, Standby) else "order.from_off_duty"
    return w(key, rest=rest, group=getattr(one, "group", None) or w("order.all_groups"))


def of_seats(view: OrderView, w: Words, city: str, one: Lend, stint: Stint) -> str:
    """Lent seats: so many from each shift that is on duty, and so many called in for it."""
    off = called_for(view, one, stint.number)
    said = [w("order.of_called", n=off)] if off else []
    on_duty = math.ceil(stint.number - off - NOTHING)
    return w.list([*(by_shift(view, w, city, stint, on_duty) if on_duty > 0 else ()), *said])


def called_for(view: OrderView, one: Lend, seats: float) -> int:
    """Whole people who are called in for so many lent seats."""
    share = seats / float(one.seats) if float(one.seats) else 0.0
    return math.ceil(called_for_seats(view.s, one) * share - NOTHING)


def by_shift(view: OrderView, w: Words, city: str, stint: Stint, people: int) -> list[str]:
    """People by shift, in the parts in which shifts are on duty as the stint begins."""
    there = dict(on_duty(view, city, datetime.combine(stint.first, time.min) + timedelta(minutes=stint.start)))
    total = sum(there.values())
    if city in view.staffing.plan or total <= 0:
        return [w("order.of_duty", n=people)]
    parts = adding_up({name: people * part / total for name, part in there.items()}, people)
    told = [w("order.of_shift", shift=name, n=w.few(n)) for name, n in parts.items() if n]
    return told if len(told) <= MOST_SHIFTS else [w("order.of_duty", n=people)]


def on_duty(view: OrderView, city: str, at: datetime) -> Iterator[tuple[str, float]]:
    """Shifts with people on duty at a moment, and how many."""
    t, found = view.staffing.t, dict[str, float]()
    interval = min(t.first_from(at), t.number - 1)
    for group, duty in view.staffing.on_duty(city):
        for one in duty.shifts:
            there = float(np.asarray(duty.within(one, 0.0, float(one.shift.hours)))[interval]) * float(group.people)
            start = one.shift.start
            name = one.shift.code or f"{start // 60:02}:{start % 60:02}"
            found[name] = found.get(name, 0.0) + there
    yield from ((name, n) for name, n in found.items() if n > 1e-9)


# --- who is called ---------------------------------------------------------------------------------------------------

def to_call(view: OrderView, city: str) -> int:
    """How many names a list of calls needs: all who come on the busiest day, those who follow after the longest stint
    included; for lent seats those called in for them."""
    own = sum(number_of(one) * relays(view, one) for one in called_by(view, city))
    return math.ceil(own + max(lent_by_day(view, city).values(), default=0.0) - NOTHING)


def called_by(view: OrderView, city: str) -> list[CallIn | Standby | CloudSeats]:
    """Levers by which a city calls its own people for its own callers."""
    return [one for one in view.brought_by(city) if isinstance(one, CALLED)]


def lent_by_day(view: OrderView, city: str) -> dict[date, float]:
    """By day: people called in for lent seats."""
    found: dict[date, float] = defaultdict(float)
    most = longest_of(view.s, city)
    for loan in loans(view, city):
        for begin, end in loan.times:
            found[begin.date()] += loan.people * math.ceil((end - begin).total_seconds() / most - NOTHING)
    return found


@dataclass(frozen=True)
class Loan:
    """Whole people who are called in for lent seats that begin and end together, and when they are at work."""

    people: int
    times: tuple[tuple[datetime, datetime], ...]

    @property
    def hours(self) -> float:
        return self.people * sum((end - begin) / timedelta(hours=1) for begin, end in self.times)


def loans(view: OrderView, city: str) -> list[Loan]:
    """Those whom a lender calls in for its loans, by when they are there."""
    found: dict[tuple[tuple[datetime, datetime], ...], float] = defaultdict(float)
    for one in view.lent_by(city):
        if float(one.off_duty):
            found[tuple(at_work(view.s, one).stretches())] += called_for_seats(view.s, one)
    return [Loan(math.ceil(n - NOTHING), times) for times, n in sorted(found.items()) if times]


def times_called(view: OrderView) -> tuple[float, float]:
    """How many times somebody comes who is called in from a day off: for lent seats, and to an own hall."""
    lent = sum(called_for_seats(view.s, one) * days_at_work(view, one) for one in view.levers if isinstance(one, Lend))
    own = sum(number_of(one) * days_at_work(view, one) for one in view.levers if isinstance(one, CallIn))
    return lent, own


def times_at_home(view: OrderView) -> float:
    """How many times somebody answers from home."""
    return sum(number_of(one) * days_at_work(view, one) for one in view.levers if isinstance(one, CloudSeats))


def days_at_work(view: OrderView, one: Ordered) -> int:
    return sum(1 for _ in at_work(view.s, one).stretches())


def notice(view: OrderView, city: str) -> timedelta:
    """From a call until all who may be called are at work."""
    return timedelta(seconds=max((float(one.notice) for one in call_in_terms(view.s, city)), default=0.0))


def relays(view: OrderView, one: CallIn | Standby | CloudSeats) -> int:
    """How many people a place takes in a day: nobody stays longer than the longest stint."""
    first, last = one.hours
    span = at_work(view.s, one)
    of_day = min(((last - first) % 1440 or 1440) / 60, (span.end - span.start) / timedelta(hours=1))
    return max(math.ceil(of_day * 3600 / longest_of(view.s, one.city, getattr(one, "group", None)) - NOTHING), 1)


def calls(view: OrderView, w: Words, city: str) -> list[str]:
    """When who is called, until when they are to be there, and who may not be called."""
    own = [w(f"order.call_{one.kind}", n=w.few(number_of(one)), call=moment(w, told_at(view, one)),
             there=moment(w, span.start), hours=w.exact(number_of(one) * span.total_hours))
           for one in view.brought_by(city) for span in [at_work(view.s, one)]]
    lent = [call_for_loan(view, w, city, one) for one in loans(view, city)]
    return [*lent, *own, *who_may_come(view, w, city)]


def told_at(view: OrderView, one: Own) -> datetime:
    """When people are told: those at home as long before they answer as others before they come."""
    return called_at(one) - notice(view, one.city) if isinstance(one, CloudSeats) else called_at(one)


def call_for_loan(view: OrderView, w: Words, city: str, one: Loan) -> str:
    """A call for seats that are lent; on each of its days where there are several."""
    begin = one.times[0][0]
    said = w("order.call_lend", n=one.people, call=moment(w, begin - notice(view, city)), there=moment(w, begin),
             hours=w.exact(one.hours))
    return said + (w("order.call_days", n=len(one.times)) if len(one.times) > 1 else "")


def who_may_come(view: OrderView, w: Words, city: str) -> list[str]:
    """Whom the rest between shifts lets come, by when the first are to be there; and what is done if fewer do."""
    starts = [one.times[0][0] for one in loans(view, city)]
    starts += [at_work(view.s, one).start for one in called_by(view, city)]
    if not starts:
        return []
    rest = float(view.s.workforce(city).rules.rest_between_shifts)
    who = w("order.call_rest", rest=w.few(rest), before=moment(w, min(starts) - timedelta(hours=rest)))
    return [who, *([w("order.call_fewer")] if loans(view, city) else [])]


def moment(w: Words, at: datetime) -> str:
    """Midnight is the end of a day, as duty rosters have it."""
    if at.time() == time.min:
        return f"{w.day_short(at - timedelta(days=1))} 24:00"
    return f"{w.day_short(at)} {at:%H:%M}"


# --- on what legal ground --------------------------------------------------------------------------------------------

def ground(view: OrderView, w: Words, city: str) -> list[str]:
    """The rules that bind those who are called in on days off, and what it costs; nothing more where nobody is."""
    hours = hours_called(view, city)
    if not hours:
        return [w("order.no_overtime")]
    rules = view.s.workforce(city).rules
    return [w("order.overtime", hours=w.exact(hours)) + cost(view, w, hours), pay(view, w, city, rules),
            *limits(view, w, rules)]


def hours_called(view: OrderView, city: str) -> float:
    """Hours of all in a city who are called."""
    return sum(number_of(one) * at_work(view.s, one).total_hours for one in called_by(view, city)) + sum(
        one.hours for one in loans(view, city))


def cost(view: OrderView, w: Words, hours: float) -> str:
    """What hours cost, at what the plan pays for one; nothing where the menu does not say it."""
    chosen = answer.chosen(view.done)
    if chosen is None or not chosen.hours:
        return ""
    return w("order.cost", yuan=w.exact(hours * chosen.yuan / chosen.hours))


def pay(view: OrderView, w: Words, city: str, rules: WorkRules) -> str:
    """A day off that is worked is given back or paid; a holiday is paid."""
    if holidays(view, city):
        return w("order.pay_holiday", times=w.percent(rules.pay_holiday.value, 0), source=cited(w, [
            rules.pay_holiday.cited]), days=w.list([w.day_short(datetime.combine(day, time.min))
                                                    for day in holidays(view, city)], 4))
    return w("order.pay_rest", times=w.percent(rules.pay_rest_day.value, 0), source=cited(w, [
        rules.pay_rest_day.cited]))


def holidays(view: OrderView, city: str) -> list[date]:
    """Public holidays on which somebody is called."""
    days = {begin.date() for one in called_by(view, city) for begin, _ in at_work(view.s, one).stretches()}
    days |= {begin.date() for one in loans(view, city) for begin, _ in one.times}
    return sorted(days & set(view.s.workforce(city).holidays))


def limits(view: OrderView, w: Words, rules: WorkRules) -> list[str]:
    """How long one may work and rests, each with where it stands; in an emergency, who says that it is one."""
    rest = w("order.rest", hours=w.few(float(rules.rest_between_shifts)),
             source=cited(w, [rules.rest_between_shifts.cited]))
    week = w("order.rest_week", days=w.few(float(rules.weekly_rest)), source=cited(w, [rules.weekly_rest.cited]))
    if rules.emergency or view.m.stance in BEYOND_ORDINARY:
        return [w("order.emergency"), joined(w, [week, rest])]
    most = w("order.most", month=w.few(float(rules.overtime_month)), source=cited(w, [rules.overtime_month.cited]))
    if rules.comprehensive != "none":
        most += w("order.comprehensive", over=w(f"order.over_{rules.comprehensive}"))
    return [joined(w, [most, week, rest])]


def cited(w: Words, sources: Iterable[Message]) -> str:
    return w.list([in_lang(one, w.lang) for one in sources])


def joined(w: Words, sentences: Iterable[str]) -> str:
    return ("" if w.lang == "zh" else " ").join(sentences)
