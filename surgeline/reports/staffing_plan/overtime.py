"""Overtime in a sentence: in the roster, on holidays and by being called, and who works beyond the law's limits."""
from __future__ import annotations

from collections.abc import Iterator

from surgeline.folders.staffing_plan import CityStaffing, Ledger, Paid
from surgeline.reports.page.words import Words


def sentences(w: Words, c: CityStaffing) -> list[str]:
    """Nothing where nobody works more than usual."""
    parts = list(kinds(w, c))
    said = [w("overtime.sentence", parts=w("overtime.between").join(parts))] if parts else []
    return said + ([beyond(w, c.ledger)] if c.ledger else [])


def kinds(w: Words, c: CityStaffing) -> Iterator[str]:
    """Who works how many hours for how many yuan."""
    own = c.roster.overtime if c.roster else None
    for key, of in (("in_roster", own and own.ordinary), ("holidays", own and own.holidays)):
        if of and of.hours:
            yield part(w, key, of)
    for key, calls in (("called", c.call_in), ("for_lent", c.lent)):
        if calls and calls.hours:
            people = len({call.name for call in calls.calls})
            yield part(w, key, Paid(people=people, hours=calls.hours, yuan=calls.yuan))


def part(w: Words, key: str, of: Paid) -> str:
    return w(f"overtime.{key}", people=of.people, hours=w.exact(of.hours), yuan=w.exact(of.yuan))


def beyond(w: Words, of: Ledger) -> str:
    """How many pass the limits of the law, and on what ground."""
    return w(f"overtime.beyond_{'emergency' if of.emergency else 'unlawful'}",
             people=len({one.name for one in of.rows}), hours=w.few(sum(one.hours for one in of.rows)),
             day=w.few(of.most_a_day), month=w.few(of.most_a_month))
