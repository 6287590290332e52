"""What an ACD is to be set to, from what the levers say of whom seats serve."""
from __future__ import annotations

from collections.abc import Iterable

from sim.scenario.levers import Lend
from surgeline.folders.order_hours import Ordered
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.page import places
from surgeline.reports.page.words import Words

MOST_NAMED = 4  # lenders by name where many are in one group


def settings(view: OrderView, w: Words, city: str) -> list[str]:
    """Each way in which seats are to be set, once."""
    lent = [of_lender(view, w, one) for one in view.lent_by(city)]
    borrowed = [of_borrower(view, w, those) for those in alike(view.lent_to(city))]
    own = [of_own(view, w, one) for one in view.brought_by(city)]
    return list(dict.fromkeys((*lent, *borrowed, *own)))


def of_lender(view: OrderView, w: Words, one: Lend) -> str:
    """Whose calls lent seats answer first, and how many stay idle."""
    borrower = places.city(view.s, w, one.borrower)
    said = w(f"order.acd_{one.serves}", city=places.city(view.s, w, one.lender), borrower=borrower,
             seats=w(f"order.acd_seats{manned_by(view, one)}", borrower=borrower))
    if one.keep_idle:
        said += w("order.acd_idle", k=one.keep_idle)
    elif one.serves == "home_first":
        said += w("order.acd_no_idle")
    if one.begins_again > one.keep_idle:
        said += w("order.acd_again", k=one.begins_again)
    after = w("order.acd_first" if one.first else "order.acd_after", borrower=borrower)
    return said + after + classes(view, w, one.classes)


def manned_by(view: OrderView, one: Lend) -> str:
    """Who sits there, where a lender's seats for the same borrower are set in two ways by who does; else nothing."""
    others = [other for other in view.lent_by(one.lender) if other.pair == one.pair and ways(other) != ways(one)]
    if not others or any(other.off_duty == one.off_duty for other in others):
        return ""
    return {0.0: "_on_duty", 1.0: "_called_in"}.get(float(one.off_duty), "")


def ways(one: Lend) -> tuple[object, ...]:
    """How an ACD is set for a loan."""
    return one.serves, one.keep_idle, one.begins_again, one.first, one.classes


def alike(lends: Iterable[Lend]) -> list[list[Lend]]:
    """Levers by what the borrower's ACD does for them."""
    found: dict[tuple[object, ...], list[Lend]] = {}
    for one in lends:
        found.setdefault((one.first, one.classes), []).append(one)
    return list(found.values())


def of_borrower(view: OrderView, w: Words, those: list[Lend]) -> str:
    """What the borrower's ACD sends to the others' seats, and in what order."""
    key = "order.acd_sends_first" if those[0].first else "order.acd_sends"
    names = [places.city(view.s, w, city) for city in dict.fromkeys(one.lender for one in those)]
    lenders = w.cities(names, MOST_NAMED)
    return w(key, lender=lenders) + classes(view, w, those[0].classes)


def of_own(view: OrderView, w: Words, one: Ordered) -> str:
    return w("order.acd_own", who=w(f"order.who_{one.kind}")) + classes(view, w, getattr(one, "classes", ()))


def classes(view: OrderView, w: Words, names: Iterable[str]) -> str:
    """Only for some classes of callers; nothing where for all."""
    said = [places.klass(view.s, w, name) for name in names]
    return w("order.acd_classes", classes=w.list(said)) if said else ""
