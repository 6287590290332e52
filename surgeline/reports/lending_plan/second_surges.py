"""Second surges: which seats go home, who is called in, and what that is worth."""
from __future__ import annotations

from surgeline.folders.lending_plan import Contingency, LendingPlan
from surgeline.reports.lending_plan.answer import interval
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Column, Section, Table
from surgeline.reports.page.words import HARD_SPACE, Words


def section(done: LendingPlan, w: Words) -> Section | None:
    """What to do if a lender is struck; nothing where no second surge was thought of."""
    if not done.manifest.strikes:
        return None
    columns = (Column(w("plan.struck"), "long"), Column(w("plan.recall")), Column(w("plan.call_in")),
               Column(w("plan.more_than_held"), "number"), Column(w("plan.dropped"), "number"), Column(w("plan.do")))
    rows = tuple(row(done, w, one) for one in done.manifest.strikes)
    return Section(w("plan.strikes_title"), standing_by(done, w),
                   (Table(w("plan.strikes_table"), columns, rows, w("plan.strikes_note"), small=True),))


def standing_by(done: LendingPlan, w: Words) -> str:
    if not done.manifest.standby:
        return w("plan.nobody_stands_by")
    return w("plan.stand_by", seats=seats(done, w, done.manifest.standby))


def row(done: LendingPlan, w: Words, one: Contingency) -> tuple[Cell, ...]:
    (held, answered), city = one.dropped, places.city(done.manifest.scenario, w, one.city)
    what = w("plan.strike", city=city, start=w.day_short(one.start), times=w.few(one.times),
             chance=w.percent(one.chance))
    return (what, seats(done, w, one.recalled) or w("plan.none"), seats(done, w, one.called) or w("plan.none"),
            f"{w.change(one.people.mean)}{interval(w, one.people)}",
            w("plan.dropped_of", answered=answered, held=held, n=one.floors),
            w("plan.do_it" if one.worth_it else "plan.hold_on"))


def seats(done: LendingPlan, w: Words, by_city: dict[str, int]) -> str:
    found = [w("plan.seats_of", city=places.city(done.manifest.scenario, w, city), seats=number)
             for city, number in by_city.items()]
    return w.list([one.replace(" ", HARD_SPACE) for one in found])
