"""What people wish, as prices of a roster, and which wishes it grants."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from optimizer.staffing.planning.city_roster.duties import shift_code
from optimizer.staffing.rosters.problem import OFF, Duty, Ints, Problem, Wish
from sim.scenario.people import NIGHTS, Roster, RosterWish
from sim.scenario.people import OFF as DAY_OFF

WISH_PRICE = 4.0  # hours' price of a wish that is not granted: less than half an hour without somebody who is needed


@dataclass(frozen=True)
class Answered:
    """A wish and what became of it."""

    name: str
    day: date
    wish: RosterWish
    granted: bool


def fits(what: str, duty: Duty) -> bool:
    """Whether a duty is meant: by its code, by its kind of shift, or as a night."""
    kind = re.fullmatch(re.escape(what) + r"\d{4}(x[\d.]+)?[a-z]?", shift_code(duty.code))
    return what in (duty.code, shift_code(duty.code)) or kind is not None or (what == NIGHTS and duty.night)


def as_wishes(day: int, wish: RosterWish, duties: Sequence[Duty], weight: float) -> tuple[Wish, ...]:
    """A wish in the roster's terms: whoever wishes one of several shifts wishes to work, and none of the others."""
    if wish.what == DAY_OFF:
        return (Wish(day, None, not wish.wanted, weight),)
    meant = [duty for duty in duties if fits(wish.what, duty)]
    unwanted = [duty for duty in duties if (duty in meant) != wish.wanted]
    works = (Wish(day, None, True, weight),) if wish.wanted and meant else ()
    return (*works, *(Wish(day, duty.code, False, weight) for duty in (unwanted if meant else ())))


def answered(problem: Problem, planned: Ints, roster: Roster | None, first: date) -> tuple[Answered, ...]:
    """Every wish of the people of a roster, and whether what is planned grants it."""
    if roster is None:
        return ()
    places = {person.name: i for i, person in enumerate(problem.people)}
    wishes = [(row.name, roster.dates[wish.day], wish) for row in roster.rows if row.name in places
              for wish in row.wishes]
    return tuple(Answered(name, day, wish, granted(wish, problem, int(planned[places[name], (day - first).days])))
                 for name, day, wish in wishes if 0 <= (day - first).days < problem.days)


def granted(wish: RosterWish, problem: Problem, k: int) -> bool:
    """Whether a day's duty, or a day off, is as wished."""
    has = k == OFF if wish.what == DAY_OFF else k != OFF and fits(wish.what, problem.duties[k])
    return has == wish.wanted
