"""Whom lent seats serve, and how long those who are called in stay."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from sim.scenario.levers import Lend
from surgeline.folders.lending_plan import LendingPlan
from surgeline.folders.order_hours import Ordered, at_work, called_to_halls, city_of, longest_of
from surgeline.reports.page import places
from surgeline.reports.page.words import Words

NOBODY, SOME, ALL = 0.0, 0.5, 1.0
"""Which of the seats of a loan are manned by people who are called in."""


class Way(NamedTuple):
    """Whom seats serve, and how many of a group stay idle for their own city."""

    serves: str
    keep_idle: int


# --- whom seats serve ------------------------------------------------------------------------------------------------

def seats_serve(done: LendingPlan, w: Words) -> list[str]:
    """A sentence for each way in which seats are lent, the one of most seat-hours last: its seats are all others."""
    by_way: dict[Way, list[Lend]] = {}
    for one in sorted(done.manifest.lends, key=lambda one: (one.serves, one.keep_idle)):
        by_way.setdefault(Way(one.serves, one.keep_idle), []).append(one)
    ranked = sorted(by_way.values(), key=lambda those: sum(float(one.seats) * one.span.total_hours for one in those))
    return [sentence(w, those[0], who(done, w, those, ranked)) for those in ranked]


def sentence(w: Words, one: Lend, who: str) -> str:
    """Whose calls seats take first, and when those of the borrower."""
    if one.serves == "borrower" or (one.serves == "both" and not one.keep_idle):
        return w("plan.serves_both_alike" if one.serves == "both" else "plan.serves_borrower", who=who)
    idle = w("plan.idle_some", k=one.keep_idle) if one.keep_idle else w("plan.idle_none")
    return w(f"plan.serves_{one.serves}", who=who, idle=idle)


def who(done: LendingPlan, w: Words, those: Sequence[Lend], ways: Sequence[Sequence[Lend]]) -> str:
    """The seats of one of some ways: by who sits there where that tells them apart, by their cities else."""
    if len(ways) == 1:
        return w("plan.seats_all")
    manned = [{manned_by(one) for one in each} for each in ways]
    if len(manned) == 2 and sorted(map(sorted, manned)) == [[NOBODY], [ALL]]:
        return w("plan.seats_called_in" if manned_by(those[0]) == ALL else "plan.seats_on_duty")
    if those is ways[-1]:
        return w("plan.seats_others")
    elsewhere = {one.lender for each in ways if each is not those for one in each}
    by_word: dict[str, dict[str, None]] = {}
    for one in those:
        city = places.city(done.manifest.scenario, w, one.lender)
        by_word.setdefault(of_whom(one, one.lender in elsewhere), {})[city] = None
    names = [w(f"plan.{word}", city=w.list(list(cities))) for word, cities in by_word.items()]
    return w("plan.seats_of_cities", names=w.list(names))


def manned_by(one: Lend) -> float:
    share = float(one.off_duty)
    return share if share in (NOBODY, ALL) else SOME


def of_whom(one: Lend, has_others: bool) -> str:
    """The word for a city, or for which of its people, where it lends in other ways too."""
    if not has_others or manned_by(one) == SOME:
        return "city_itself"
    return "city_called_in" if manned_by(one) == ALL else "city_on_duty"


# --- how long they stay ----------------------------------------------------------------------------------------------

def lends_called(done: LendingPlan) -> bool:
    """Whether people who are called in sit at lent seats."""
    return any(manned_by(one) != NOBODY for one in done.manifest.lends)


def called_once(done: LendingPlan, w: Words) -> str:
    """Why help ends before the agreed hours do where none of those called in stays for longer; nothing where somebody
    does, where nobody is called, and of a plan that was edited: its hours have other reasons."""
    m, terms = done.manifest, done.manifest.scenario.lending
    called = [one for one in m.levers if called_to_halls(m.scenario, one)]
    last = max((latest(done, one) for one in called), default=timedelta())
    if m.edited or terms is None or not called or last >= timedelta(minutes=terms.hours[1]):
        return ""
    longest = sorted({longest_of(m.scenario, city_of(one)) for one in called})
    return w("plan.called_once", longest=w.spread(w.duration(longest[0]), w.duration(longest[-1])), last=clock(last),
             end=clock(timedelta(minutes=terms.hours[1])))


def latest(done: LendingPlan, one: Ordered) -> timedelta:
    """From midnight until the latest end of its days."""
    return max((end - datetime.combine(begin.date(), time.min)
                for begin, end in at_work(done.manifest.scenario, one).stretches()), default=timedelta())


def clock(at: timedelta) -> str:
    hours, minutes = divmod(at // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"
