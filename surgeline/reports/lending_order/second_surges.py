"""What is done if a lender is struck while its seats are away: a sheet for the province, and lines for each city."""
from __future__ import annotations

from surgeline.folders.lending_plan import Contingency
from surgeline.reports.lending_order.heads import foot, head
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.lending_plan import second_surges
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Table
from surgeline.reports.page.forms import Lines, Part, Sheet
from surgeline.reports.page.words import Words


def sheets(view: OrderView, w: Words, k: int) -> list[Sheet]:
    """None where no second surge was thought of."""
    section = second_surges.section(view.done, w)
    if section is None:
        return []
    tables = tuple(block for block in section.blocks if isinstance(block, Table))
    to = w.cities([places.city(view.s, w, city) for city in view.cities], 16)
    return [Sheet(w("order.brand"), w("plan.strikes_title"), (w("order.sheet", k=k, n=view.sheets),), head(view, w, to),
                  (Part(w("order.strikes"), (Lines((section.lead,)), *tables)),), foot(w), "landscape")]


def lines(view: OrderView, w: Words, city: str) -> tuple[str, ...]:
    """What a city does in each of them, where that is worth it."""
    return tuple(line for one in view.m.strikes if one.worth_it for line in of_city(view, w, city, one))


def of_city(view: OrderView, w: Words, city: str, one: Contingency) -> list[str]:
    what = w("plan.strike", city=places.city(view.s, w, one.city), start=w.day_short(one.start), times=w.few(one.times),
             chance=w.percent(one.chance))
    found = [w("order.strike_recall", what=what, seats=second_surges.seats(view.done, w, one.recalled))] if (
        one.city == city and one.recalled) else []
    return found + ([w("order.strike_call", what=what, n=one.called[city])] if city in one.called else [])
