"""A city's sheet: what it is to do and when, with whom, how its ACD is set, when that ends, and what it reports."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sim.scenario.levers import Lend
from sim.scenario.people_levers import Standby
from surgeline.folders.order_hours import (
    Ordered,
    Row,
    Stint,
    at_work,
    number_of,
    row_of,
    stints,
    wait_of,
)
from surgeline.reports.lending_order import acd, levels, people, second_surges
from surgeline.reports.lending_order.heads import foot, head
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.lending_plan import answer, offered
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Table
from surgeline.reports.page.forms import BLANK, Fields, Lines, Part, Sheet, Signed, rows_of
from surgeline.reports.page.words import Words

NAMES_ACROSS, MOST_STINTS, MOST_LINES = 4, 24, 68
"""Boxes for names side by side, rows of what is to be done, and lines that one page of paper has room for."""
TOLD_AFTER_START, TOLD_AFTER_END = timedelta(minutes=15), timedelta(minutes=30)
REPORTED = ("present", "answered_for", "own_rate", "longest_wait", "came", "overtime_hours", "recalled", "incidents")


def sheet(view: OrderView, w: Words, city: str, k: int) -> Sheet:
    name = places.city(view.s, w, city)
    before = (tasks(view, w, city), duty(view, w, city))
    after = (Part(w("order.acd_title"), (Lines(tuple(acd.settings(view, w, city))),)), change(view, w, city),
             *overtime(view, w, city), expected(view, w, city), report(view, w, city), reply(view, w, city))
    parts = (*before, *call_list(view, w, city, MOST_LINES - sum(part.rows for part in (*before, *after))), *after)
    return Sheet(w("order.brand"), w("order.city_title", city=name, roles=roles(view, w, city)),
                 (w.name(view.s.title),
                 w("order.sheet", k=k, n=view.sheets)), head(view, w, w("order.hotline", city=name)), parts, foot(w))


def roles(view: OrderView, w: Words, city: str) -> str:
    borrowers = [places.city(view.s, w, one) for one in dict.fromkeys(lever.borrower for lever in view.lent_by(city))]
    return w.list([*([w("order.role_lends", borrowers=w.list(borrowers))] if borrowers else []),
                   *([w("order.role_borrows")] if view.guests_of(city) else []),
                   *([w("order.role_brings")] if view.brought_by(city) else [])])


# --- what is done, and when ------------------------------------------------------------------------------------------

def tasks(view: OrderView, w: Words, city: str) -> Part:
    columns = (Column(w("order.date"), "short"), Column(w("order.time"), "short"), Column(w("order.what")),
               Column(w("order.many"), "number"), Column(w("order.who"), "long"))
    rows = list(task_rows(view, w, city))
    more = [w("order.more_stints", n=len(rows) - MOST_STINTS)] if len(rows) > MOST_STINTS else []
    note = people.joined(w, [w("order.tasks_note"), *more])
    return Part(w("order.tasks"), (Table("", columns, tuple(rows[:MOST_STINTS]), note, small=True),))


def task_rows(view: OrderView, w: Words, city: str) -> Iterator[tuple[Cell, ...]]:
    """What the city gives, then what comes to it."""
    own = [*view.lent_by(city), *view.brought_by(city)]
    for key, share in dict.fromkeys(map(manned, own)):
        those = [one for one in own if manned(one) == (key, share)]
        what = (w("order.lends_seats", borrower=places.city(view.s, w, key.borrower)) if key.borrower
                else w(f"order.brings_{key.kind}"))
        for one in stints(view.s, those):
            yield (*when(w, one), what, w.few(one.number), people.of_stint(view, w, city, those[0], one))
    for at, seats in incoming(view, city):
        lenders = [f"{places.city(view.s, w, lender)}\u00a0{w.few(n)}" for lender, n in seats.items()]
        yield (*when(w, at), w("order.gets_seats"), w.few(at.number), w("order.of_lenders", lenders=w.list(lenders)))
    yield from desk_rows(view, w, city)


def desk_rows(view: OrderView, w: Words, city: str) -> Iterator[tuple[Cell, ...]]:
    """Seats of desks that come to a city, desk by desk."""
    for name, by in dict.fromkeys((one.name, one.by) for one in view.desks_for(city)):
        what = w("order.gets_desk", desk=offered.desk(view.done, w, name))
        for one in stints(view.s, [lever for lever in view.desks_for(city) if (lever.name, lever.by) == (name, by)]):
            yield (*when(w, one), what, w.few(one.number), w(f"order.from_desk_{by}"))


def manned(one: Ordered) -> tuple[Row, float]:
    """What belongs together: of lent seats, those that are manned alike."""
    return row_of(one), float(one.off_duty) if isinstance(one, Lend) else 0.0


def incoming(view: OrderView, city: str) -> list[tuple[Stint, dict[str, float]]]:
    """Seats that come to a city: those that come and go together in a row, by lender."""
    found: dict[tuple[date, date, int, int], dict[str, float]] = {}
    for lender in dict.fromkeys(one.lender for one in view.lent_to(city)):
        for one in stints(view.s, [lever for lever in view.lent_to(city) if lever.lender == lender]):
            found.setdefault((one.first, one.last, one.start, one.end), {})[lender] = one.number
    return [(Stint(*at, sum(seats.values())), seats) for at, seats in sorted(found.items())]


def when(w: Words, one: Stint) -> tuple[str, str]:
    first, last = (datetime.combine(day, time.min) for day in (one.first, one.last))
    return w.spread(w.day_short(first), w.day_short(last)), w.times_of_day(one.start, one.end)


# --- who is responsible, and until when ------------------------------------------------------------------------------

def duty(view: OrderView, w: Words, city: str) -> Part:
    """Blanks to fill in, and what is known of connection, accounts, beginning and end."""
    moments = [edge for one in levers_of(view, city) for window in at_work(view.s, one).stretches() for edge in window]
    items = [(w("order.leader"), BLANK), (w("order.phone"), BLANK), (w("order.deputy"), BLANK),
             (w("order.province_phone"), BLANK),
             (w("order.ready_by"), people.moment(w, min(moments))), (w("order.start"), people.moment(w, min(moments))),
             (w("order.stop"), people.moment(w, max(moments)))]
    if view.lent_by(city) or view.guests_of(city):
        items += [(w("order.connected_by"), connected(view, w)), (w("order.test_result"), BLANK),
                  (w("order.accounts"), w("order.accounts_of", n=w.few(accounts(view, city)))),
                  (w("order.script"), BLANK)]
    items += standby(view, w, city)
    return Part(w("order.duty"), (Fields(tuple(items), 2),))


def connected(view: OrderView, w: Words) -> str:
    return people.moment(w, view.s.lending.ready) if view.s.lending else BLANK


def accounts(view: OrderView, city: str) -> float:
    """As many as seats are lent at once, at the most, by the city or to it."""
    those = view.lent_by(city) or view.guests_of(city)
    return max((one.number for one in stints(view.s, those)), default=0.0)


def standby(view: OrderView, w: Words, city: str) -> list[tuple[str, str]]:
    """Who is to stand by, and how soon they must be there; nothing where nobody is."""
    levers = [one for one in view.brought_by(city) if isinstance(one, Standby)]
    if levers:
        said = w.list([w("order.standby_people", n=w.few(number_of(one)), start=people.moment(w, one.start),
                         end=people.moment(w, one.end)) for one in levers])
        wait = max(wait_of(view.s, one).total_seconds() for one in levers)
        return [(w("order.standby"), said), (w("order.deadline"), w("order.within", time=w.duration(wait)))]
    seats, terms = view.m.standby.get(city, 0), view.s.lending
    if seats and terms:
        return [(w("order.standby"), w("order.standby_seats", n=seats)),
                (w("order.deadline"), w("order.within", time=w.duration(float(terms.recall))))]
    return []


def call_list(view: OrderView, w: Words, city: str, room: int) -> tuple[Part, ...]:
    """Who is called: how many, when, and a box a person for name and number; of volunteers, who are no own people, only
    when they are trained. Nothing where nobody comes.

    :param room: lines that the page has left.
    """
    number = people.to_call(view, city)
    lines = people.calls(view, w, city)
    if not number and not lines:
        return ()
    if not number:
        return (Part(w("order.train_title"), (Lines(tuple(lines)),)),)
    said = Lines((*lines, w("order.call_note", n=number)))
    most = max(room - rows_of(said) - 1, 1) * NAMES_ACROSS
    boxes = tuple((str(k), BLANK) for k in range(1, min(number, most) + 1))
    answers = Fields(((w("order.answer_by"), BLANK), (w("order.told_by"), BLANK)), 2)
    return (Part(w("order.call_title", n=number), (said, answers, Fields(boxes, NAMES_ACROSS))),)


# --- how it is changed, what it brings, what is told ------------------------------------------------------------------

def change(view: OrderView, w: Words, city: str) -> Part:
    found, if_struck = levels.table(view, w, city), second_surges.lines(view, w, city)
    said = (*levels.rules(view, w, city), *if_struck)
    return Part(w("order.change_title"), (*((found,) if found else ()), Lines(said)))


def overtime(view: OrderView, w: Words, city: str) -> tuple[Part, ...]:
    """On what legal ground its people work; nothing of a city that lends nobody and calls nobody."""
    if not view.lent_by(city) and not view.lent_to(city) and not people.hours_called(view, city):
        return ()
    return (Part(w("order.overtime_title"), (Lines(tuple(people.ground(view, w, city))),)),)


def expected(view: OrderView, w: Words, city: str) -> Part:
    effect, rate = view.effects.get(city), view.m.effect.rates.get(city)
    lines = [w("order.expected_here", people=w.change(view.people[city]), range=answer.interval(w, effect),
               points=w.points(rate.mean) if rate else w("number.none"))] if effect and city in view.people else []
    lines.append(w("order.expected_all", people=w.change(sum(view.people.values())),
                   range=answer.interval(w, view.m.effect.people)))
    presence = sorted({float(one.presence) for one in (*view.lent_by(city), *view.guests_of(city))})
    if presence:
        lines.append(w("order.presence", share=w.spread(*(w.percent(one, 0) for one in (presence[0], presence[-1])))))
    refusal = view.m.refusals.get(city)
    lines += [w("order.expected_refusal", people=w.exact(refusal))] if refusal is not None else []
    return Part(w("order.expected"), (Lines(tuple(lines)),))


def report(view: OrderView, w: Words, city: str) -> Part:
    """What is told, as the order begins, at noon, after it has ended, and in the evening where it lasts till then."""
    items = tuple((w(f"order.report_{name}"), BLANK) for name in REPORTED)
    days = {begin.date() for one in levers_of(view, city) for begin, _ in at_work(view.s, one).stretches()}
    key = "order.report_title_days" if len(days) > 1 else "order.report_title"
    return Part(w(key, times=w.list(told_at(view, city))), (Fields(items, 4),))


def told_at(view: OrderView, city: str) -> list[str]:
    """Times of day: a quarter of an hour after the first beginning, noon and the evening while it lasts, and half an
    hour after the last end."""
    spans = [(begin, end) for one in levers_of(view, city) for begin, end in at_work(view.s, one).stretches()]
    day = datetime.combine(spans[0][0].date(), time.min)
    begin = min(day + (one - datetime.combine(one.date(), time.min)) for one, _ in spans)
    end = max(day + (end - datetime.combine(one.date(), time.min)) for one, end in spans)
    fixed = [day + timedelta(hours=hour) for hour in (12, 22)]
    times = {begin + TOLD_AFTER_START, *(at for at in fixed if begin + TOLD_AFTER_START < at <= end),
             end + TOLD_AFTER_END}
    return [f"{at:%H:%M}" for at in sorted(times)]


def levers_of(view: OrderView, city: str) -> list[Ordered]:
    """All that a city has to do with."""
    return [*view.lent_by(city), *view.brought_by(city), *view.guests_of(city)]


def reply(view: OrderView, w: Words, city: str) -> Part:
    """Offer and acceptance of a lender; of others that they have it."""
    if view.lent_by(city):
        asked = w("order.offer", city=places.city(view.s, w, city), seats=w.few(accounts(view, city)),
                  hours=w.few(view.seat_hours(city)))
        says = (asked, w("order.accepts"))
        return Part(w("order.reply_title"), (Signed(says, (w("order.by_lender"), w("order.by_province"),
                                                            w("order.by_borrower"))),))
    signed = Signed((w("order.receipt"),), (w("order.by_city"), w("order.by_province")))
    return Part(w("order.receipt_title"), (signed,))


