"""What a plan changes of a roster that was published: for the manifest, and for the roster's workbook."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from optimizer.staffing.planning.city_roster.duties import shift_code
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.revising.changes import difference
from sim.scenario.people import OFF
from surgeline.folders.roster_rows import ChangeOfBook
from surgeline.folders.shift_words import clock

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.plan import CityPlan
    from optimizer.staffing.planning.plan import StaffingPlan as Found
    from optimizer.staffing.planning.rostered import Rostered
    from optimizer.staffing.planning.surge.roster import SurgeRoster
    from optimizer.staffing.revising.changes import Change, Difference
    from optimizer.staffing.rosters.problem import Problem


def changes_of(found: Found, city: str) -> dict[str, Any] | None:
    """What changed for whom in the city's table, and in all; None where nothing was published."""
    rosters = [(of, of.changed) for of in found.rosters(city) if of.changed is not None]
    if not rosters:
        return None
    people = [person for of, _ in rosters for person in of.problem.people]
    changed = [one for _, one in rosters]
    return {"told": found.told_at, "published": sum(len(one.published) for one in people),
            "people": sum(len(one.people) for one in changed), "yuan": sum(one.change_price for one in changed),
            "saves": sum(one.change_price - one.price for one in changed),
            "frozen": sum(len(one.pins) for one in people), "frozen_kept": all(one.frozen_kept for one in changed),
            "cells": [cell for of, one in rosters for cell in cells(found, city, of, one)]}


def cells(found: Found, city: str, of: Rostered, changed: Difference) -> Iterator[dict[str, Any]]:
    """Each day of a person that is not as it was published."""
    return told(found, of.problem, changed.changes, codes_of(found, city))


def told(found: Found, problem: Problem, changes: Iterable[Change],
         written: Mapping[tuple[str, date], str]) -> Iterator[dict[str, Any]]:
    """Changes as people read them.

    :param written: how a table calls what a person had on a day, where one does.
    """
    first = first_day(found.scenario)
    for one in changes:
        day = first + timedelta(days=one.day)
        before = written.get((one.person, day), one.before or OFF)
        yield {"name": one.person, "day": day, "before": before, "before_time": time_of(problem, one.before),
               "after": one.after or OFF, "after_time": time_of(problem, one.after), "hours": one.minutes / 60,
               "nights": one.nights, "notice_h": one.notice / 60}


def surge_cells(found: Found, told_at: int | None, of: SurgeRoster) -> Iterator[dict[str, Any]]:
    """Each day of a person that is otherwise than in ordinary time; nothing where no roster stood before. Another time
    of the same shift's meal is no other shift.

    :param told_at: minutes after the first midnight, when people hear of the surge.
    """
    if of.before is None or told_at is None:
        return iter(())
    changes = difference(of.problem, of.before, of.solved.roster, told_at).changes
    return told(found, of.problem, (one for one in changes if family(one.before) != family(one.after)), {})


def family(code: str | None) -> str:
    return shift_code(code) if code else OFF


def codes_of(found: Found, city: str) -> dict[tuple[str, date], str]:
    """What the published table says of a person and day."""
    roster = found.as_it_is.workforce(city).roster
    return {(row.name, day): code for row in (roster.rows if roster else ())
            for day, code in zip(roster.dates if roster else (), row.codes, strict=True)}


def time_of(problem: Problem, code: str | None) -> str:
    """From when to when a duty lasts; nothing for a day off."""
    if code is None:
        return ""
    duty = problem.duties[problem.index[code]]
    return f"{clock(duty.start)}–{clock(duty.end)}"


def for_surge(found: Found, plan: CityPlan, of: Rostered) -> tuple[ChangeOfBook, ...]:
    """What a surge changes of the roster of ordinary time, for the workbook."""
    return tuple(ChangeOfBook(**one) for one in (surge_cells(found, plan.needs.told, of.surge) if of.surge else ()))


def for_book(found: Found, city: str) -> tuple[ChangeOfBook, ...]:
    """The same for the workbook that hangs on the wall."""
    return tuple(ChangeOfBook(**one) for of in found.rosters(city) if of.changed
                 for one in cells(found, city, of, of.changed))
