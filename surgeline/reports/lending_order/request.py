"""A borrower's request for help, as mutual aid forms have it: what for, how much, what it provides, and who signs."""
from __future__ import annotations

from surgeline.folders.order_hours import stints
from surgeline.reports.lending_order import people
from surgeline.reports.lending_order.city import accounts, when
from surgeline.reports.lending_order.heads import foot
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Column, Table
from surgeline.reports.page.forms import BLANK, Fields, Part, Sheet, Signed
from surgeline.reports.page.words import Words

MOST_ROWS = 30


def sheet(view: OrderView, w: Words, city: str, k: int) -> Sheet:
    name = places.city(view.s, w, city)
    head = Fields(((w("order.request_number"), BLANK), (w("order.of_order"), view.number),
                   (w("order.applicant"), w("order.hotline", city=name)), (w("order.to_province"), BLANK)), 2)
    parts = (reasons(w), needs(view, w, city), provides(view, w, city), approval(w))
    return Sheet(w("order.request_brand"), w("order.request_title", city=name),
                 (w.name(view.s.title), w("order.sheet", k=k, n=view.sheets)), head, parts, foot(w))


def reasons(w: Words) -> Part:
    items = tuple((w(f"order.{name}"), BLANK) for name in (
        "event", "began", "dials_an_hour", "answered_now", "done_so_far", "contact"))
    return Part(w("order.reasons"), (Fields(items, 2),))


def needs(view: OrderView, w: Words, city: str) -> Part:
    """Seats of all lenders and desks together, by time."""
    those = stints(view.s, view.guests_of(city))
    columns = (Column(w("order.date"), "short"), Column(w("order.time"), "short"), Column(w("order.asked"), "number"),
               Column(w("order.granted"), "long"))
    rows = tuple((*when(w, one), w.few(one.number), "\u00a0") for one in those[:MOST_ROWS])
    more = [w("order.more_stints", n=len(those) - MOST_ROWS)] if len(those) > MOST_ROWS else []
    note = people.joined(w, [w("order.needs_note_desks" if view.desks_for(city) else "order.needs_note"), *more])
    return Part(w("order.needs"), (Table("", columns, rows, note, small=True),))


def provides(view: OrderView, w: Words, city: str) -> Part:
    first = min(one.start for one in view.guests_of(city))
    items = ((w("order.accounts"), w("order.accounts_of", n=w.few(accounts(view, city)))), (w("order.script"), BLANK),
             (w("order.trainer"), BLANK), (w("order.support_phone"), BLANK),
             (w("order.connected_by"), people.moment(w, view.s.lending.ready if view.s.lending else first)),
             (w("order.costs"), BLANK))
    return Part(w("order.provides"), (Fields(items, 2),))


def approval(w: Words) -> Part:
    return Part(w("order.approval"), (
        Signed((w("order.requests"),), (w("order.by_borrower"), w("order.date_signed"))),
        Signed((w("order.approves"),), (w("order.by_province"), w("order.date_signed")))))
