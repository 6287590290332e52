"""Seats that a city lends: who mans them by name, who is called in for it, and what callers notice."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from surgeline.folders.staffing_plan import AtSeat, CalledIn, Lacking, Lent
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import replays
from surgeline.reports.staffing_plan.roster import call_columns, call_row, have_phones
from surgeline.reports.staffing_plan.view import PlanView

MOST_ROWS = 40


def section(view: PlanView, w: Words) -> Section | None:
    lent = view.cities[view.first].lent
    if lent is None:
        return None
    tables = [effects(view, w, lent), seats(view, w, lent)]
    if lent.calls:
        tables.append(calls(w, lent, view.scenario.workforce(view.first).rules.emergency))
    if lent.at_home or lent.unmanned:
        tables.append(lacking(view, w, lent))
    return Section(w("lent.title"), lead(view, w, lent), tuple(tables))


def lead(view: PlanView, w: Words, lent: Lent) -> str:
    """How many seats for whom, and how many people man them."""
    called = len({one.name for one in lent.at_seats if one.called and one.contract is None})
    return w("lent.lead", place=view.place(w, view.first), seats=of_each(view, w, lent),
             people=lent.people, called=called, hours=w.exact(lent.seat_hours)) + by_reserves(w, lent)


def of_each(view: PlanView, w: Words, lent: Lent) -> str:
    """Seats for each borrower."""
    return w.list([w("lent.seats_for", place=view.place(w, name), n=n) for name, n in lent.seats.items()])


def sentence(view: PlanView, w: Words, lent: Lent) -> str:
    """For the answer: what lending takes from home, with those who are called in and without."""
    said = {"place": view.place(w, view.first), "seats": of_each(view, w, lent), "people": lent.people,
            "alone": w.change(lent.home.mean)}
    if not lent.calls and not by_reserves(w, lent):
        whole = w("lent.sentence_by_roster", **said, range=w.range_of(lent.home, w.change))
    elif not lent.calls:
        whole = w("lent.sentence_by_reserves", **said, filled=w.change(lent.home_filled.mean),
                  range=w.range_of(lent.home_filled, w.change))
    else:
        whole = w("lent.sentence", **said, hours=w.exact(lent.hours), yuan=w.count(lent.yuan),
                  filled=w.change(lent.home_filled.mean), range=w.range_of(lent.home_filled, w.change))
    return whole + by_reserves(w, lent) + not_manned(w, lent)


def by_reserves(w: Words, lent: Lent) -> str:
    """How many of them are reserves and volunteers, and for how long they sit there."""
    theirs = [one for one in lent.at_seats if one.contract is not None]
    hours = sum((one.end - one.start).total_seconds() for one in theirs) / 3600
    return w("lent.by_reserves", people=len({one.name for one in theirs}), hours=w.exact(hours)) if theirs else ""


def not_manned(w: Words, lent: Lent) -> str:
    hours = sum(one.hours for many in lent.unmanned.values() for one in many)
    return w("lent.not_manned", hours=w.few(hours)) if hours else ""


def effects(view: PlanView, w: Words, lent: Lent) -> Table:
    """Callers answered more than without lending."""
    home = view.place(w, view.first)
    found = [(w("lent.home", place=home), lent.home), (w("lent.home_filled", place=home), lent.home_filled)]
    found += [(w("lent.borrower", place=view.place(w, name)), figure) for name, figure in lent.borrowers.items()]
    columns = (Column(w("lent.whose")), Column(w("lent.more"), "number"), Column(w("staff.interval")))
    rows = tuple((whose, w.change(figure.mean), w.range_of(figure, w.change, "lent.bare")) for whose, figure in found)
    note = w("lent.effects_note", before=w.exact(lent.missing_before),
             after=w.exact(sum(one.hours for one in lent.at_home)))
    note += replays.note(w, view.cities[view.first], replays.LENT)
    return Table(w("lent.effects_table"), columns, rows, note)


def busiest(days: list[date]) -> date:
    return Counter(days).most_common(1)[0][0]


def seats(view: PlanView, w: Words, lent: Lent) -> Table:
    """Who sits where, on the day with the most of them."""
    day = busiest([one.start.date() for one in lent.at_seats]) if lent.at_seats else lent.told.date()
    shown = sorted((one for one in lent.at_seats if one.start.date() == day),
                   key=lambda one: (one.borrower, one.seat, one.start))[:MOST_ROWS]
    columns = (Column(w("lent.borrower_head"), "short"), Column(w("lent.seat"), "number"),
               Column(w("staff.name"), "short"), Column(w("staff.time"), "short"), Column(w("staff.call_kind")))
    rows = tuple(seat_row(view, w, one) for one in shown)
    more = w("lent.more_rows", n=len(lent.at_seats) - len(shown)) if len(lent.at_seats) > len(shown) else ""
    title = w("lent.seats_table", day=w.day(datetime.combine(day, datetime.min.time())))
    return Table(title, columns, rows, w("lent.seats_note") + more, small=True)


def seat_row(view: PlanView, w: Words, one: AtSeat) -> tuple[Cell, ...]:
    return (view.place(w, one.borrower), w.exact(one.seat), one.name, f"{one.start:%H:%M}–{one.end:%H:%M}",
            how(w, one))


def how(w: Words, one: AtSeat) -> str:
    """Why somebody is there; of reserves and volunteers, when they are called at the latest."""
    if one.contract is None or one.call_by is None:
        return w("staff.call_in" if one.called else "lent.on_duty")
    return w(f"lent.{one.contract}", at=f"{w.day_short(one.call_by)} {one.call_by:%H:%M}")


def calls(w: Words, lent: Lent, emergency: bool) -> Table:
    """Who comes for it, on the day with the most calls."""
    day, phones = busiest([one.day for one in lent.calls]), have_phones(lent.calls)
    shown: list[CalledIn] = [one for one in lent.calls if one.day == day][:MOST_ROWS]
    columns = (*call_columns(w, phones), Column(w("staff.call_by"), "short"))
    rows = tuple((*call_row(w, one, emergency, phones), f"{w.day_short(one.call_by)} {one.call_by:%H:%M}")
                 for one in shown)
    more = w("lent.more_rows", n=len(lent.calls) - len(shown)) if len(lent.calls) > len(shown) else ""
    note = w("staff.call_in_note", hours=w.exact(lent.hours), yuan=w.count(lent.yuan)) \
        + w(f"lent.rest_{'short' if lent.short_rests else 'kept'}", n=lent.short_rests) + more
    return Table(w("lent.calls_table"), columns, rows, note, small=True)


def lacking(view: PlanView, w: Words, lent: Lent) -> Table:
    """When people are missing after all, and what would do."""
    columns = (Column(w("lent.where")), Column(w("lent.when"), "short"), Column(w("lent.most"), "number"),
               Column(w("staff.hours"), "number"), Column(w("lent.remedy"), "long"))
    every = list(lacking_rows(view, w, lent))
    more = w("lent.more_rows", n=len(every) - MOST_ROWS) if len(every) > MOST_ROWS else ""
    return Table(w("lent.lacking_table"), columns, tuple(every[:MOST_ROWS]), w("lent.lacking_note") + more, small=True)


def lacking_rows(view: PlanView, w: Words, lent: Lent) -> Iterator[tuple[Cell, ...]]:
    """A line a day and place."""
    for name, many in lent.unmanned.items():
        yield from (lacking_row(w, w("lent.at_seats_of", place=view.place(w, name)), day, lent) for day in by_day(many))
    home = w("lent.at_home", place=view.place(w, view.first))
    yield from (lacking_row(w, home, day, lent) for day in by_day(lent.at_home))


def by_day(many: tuple[Lacking, ...]) -> Iterator[list[Lacking]]:
    """Those of a day with the same remedy together."""
    for _, day in groupby(many, lambda one: (one.start.date(), one.too_late)):
        yield list(day)


def lacking_row(w: Words, where: str, day: list[Lacking], lent: Lent) -> tuple[Cell, ...]:
    most = max(one.most for one in day)
    remedy = w("lent.earlier", told=f"{w.day_short(lent.told)} {lent.told:%H:%M}") if day[0].too_late \
        else w("lent.fewer", n=most)
    return (where, w.moments(day[0].start, day[-1].end), w.exact(most), w.few(sum(one.hours for one in day)), remedy)
