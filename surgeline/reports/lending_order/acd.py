"""What an ACD is to be set to, from what the levers say of whom seats serve."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.scenario.levers import Desk, Lend
from surgeline.folders.order_hours import Ordered
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.lending_plan import offered
from surgeline.reports.page import places
from surgeline.reports.page.words import Words

MOST_NAMED = 4  # lenders by name where many are in one group


def settings(view: OrderView, w: Words, city: str) -> list[str]:
    """Each way in which seats are to be set, once."""
    lent = [said for those in set_together(view.lent_by(city)) for said in of_lender(view, w, those)]
    borrowed = [of_borrower(view, w, those) for those in alike(view.lent_to(city))]
    desks = [of_desk(view, w, one) for one in view.desks_for(city)]
    own = [of_own(view, w, one) for one in view.brought_by(city)]
    return list(dict.fromkeys((*lent, *borrowed, *desks, *own)))


def set_together(lends: Iterable[Lend]) -> list[list[Lend]]:
    """A lender's levers by what its ACD does for them, but for how many seats stay idle."""
    found: dict[tuple[object, ...], list[Lend]] = {}
    for one in lends:
        found.setdefault((one.pair, one.serves, one.first, one.classes), []).append(one)
    return list(found.values())


def of_lender(view: OrderView, w: Words, those: Sequence[Lend]) -> list[str]:
    """Whose calls lent seats answer first, and how many stay idle: in one where that hangs on who sits there."""
    ways = {(one.keep_idle, one.begins_again): one for one in those}
    by_whom = {(manned_by(one), one.keep_idle, one.begins_again): one for one in those}
    names = {whose for whose, *_ in by_whom}
    if len(ways) == len(by_whom) == len(names) == 2 and "" not in names:
        return [setting(view, w, those[0], "".join(idle(w, one, manned_by(one)) for one in by_whom.values()))]
    return [setting(view, w, one, idle(w, one, "")) for one in ways.values()]


def setting(view: OrderView, w: Words, one: Lend, idle: str) -> str:
    """All that is to be set for some seats, from whom they serve to whom calls go first."""
    borrower = places.city(view.s, w, one.borrower)
    others = {float(other.off_duty) for other in view.lent_by(one.lender)
              if other.pair == one.pair and other.serves != one.serves}
    manned = manned_by(one) if others and float(one.off_duty) not in others else ""
    said = w(f"order.acd_{one.serves}", city=places.city(view.s, w, one.lender), borrower=borrower,
             seats=w(f"order.acd_seats{manned}", borrower=borrower))
    after = w("order.acd_first" if one.first else "order.acd_after", borrower=borrower)
    return said + idle + after + classes(view, w, one.classes)


def idle(w: Words, one: Lend, whose: str) -> str:
    """When seats take the borrower's calls, all of a group or those of some people."""
    who, said = w(f"order.acd_group{whose}"), ""
    if one.keep_idle:
        said += w("order.acd_idle", who=who, k=one.keep_idle)
    elif one.serves == "home_first":
        said += w("order.acd_no_idle", who=who)
    if one.begins_again > one.keep_idle:
        said += w("order.acd_again", k=one.begins_again)
    return said


def manned_by(one: Lend) -> str:
    """Who sits there, as texts are called; nothing where both do."""
    return {0.0: "_on_duty", 1.0: "_called_in"}.get(float(one.off_duty), "")


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


def of_desk(view: OrderView, w: Words, one: Desk) -> str:
    """What the ACD sends to a desk's seats, and in what order."""
    key = "order.acd_desk_first" if one.first else "order.acd_desk"
    return w(key, desk=offered.desk(view.done, w, one.name)) + classes(view, w, one.classes)


def of_own(view: OrderView, w: Words, one: Ordered) -> str:
    return w("order.acd_own", who=w(f"order.who_{one.kind}")) + classes(view, w, getattr(one, "classes", ()))


def classes(view: OrderView, w: Words, names: Iterable[str]) -> str:
    """Only for some classes of callers; nothing where for all."""
    said = [places.klass(view.s, w, name) for name in names]
    return w("order.acd_classes", classes=w.list(said)) if said else ""
