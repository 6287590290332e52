"""What a plan changes of a roster that was published: for the manifest, and for the roster's workbook."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from optimizer.staffing.planning.horizon import first_day
from sim.scenario.people import OFF
from surgeline.folders.roster_book import ChangeOfBook
from surgeline.folders.shift_words import clock

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.plan import StaffingPlan as Found
    from optimizer.staffing.planning.rostered import Rostered
    from optimizer.staffing.revising.changes import Difference
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
    first, written = first_day(found.scenario), codes_of(found, city)
    for one in changed.changes:
        day = first + timedelta(days=one.day)
        before = written.get((one.person, day), one.before or OFF)
        yield {"name": one.person, "day": day, "before": before, "before_time": time_of(of.problem, one.before),
               "after": one.after or OFF, "after_time": time_of(of.problem, one.after), "hours": one.minutes / 60,
               "nights": one.nights, "notice_h": one.notice / 60}


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


def for_book(found: Found, city: str) -> tuple[ChangeOfBook, ...]:
    """The same for the workbook that hangs on the wall."""
    return tuple(ChangeOfBook(**one) for of in found.rosters(city) if of.changed
                 for one in cells(found, city, of, of.changed))
