"""Rules of work that are passed, in words: what the person then has, and what the rule asks for."""
from __future__ import annotations

from collections.abc import Sequence

from surgeline.folders.rules_passed import Passed
from surgeline.reports.page.words import Words

LIFTED = ("most_days_in_a_row", "overtime_a_day", "overtime_a_week", "overtime_a_month")
"""Laws that only an emergency lets pass."""
PAID_FOR = ("most_minutes", "least_minutes", "most_minutes_a_week")
"""Hours that are passed every day and paid for: where that stands is said apart from their number."""


def told(w: Words, one: Passed) -> str:
    """Of a rule that is passed at a price: only 6 h of rest (custom: 11 h)."""
    return of_several(w, [one]) if one.has_number else w(f"rule.{one.rule}")


def says_where(one: Passed) -> bool:
    """Whether its words say where it stands."""
    return one.kind == "law" and one.rule not in PAID_FOR


def of_several(w: Words, some: Sequence[Passed], lifted: bool = True) -> str:
    """One rule that several pass, each with a number of its own. Where a law stands is said beside it; ``lifted``:
    a law that is passed is so by that of emergencies."""
    one, numbers = some[0], [each.reached or 0.0 for each in some]
    source = ""
    if says_where(one):
        by_42 = w("passed.emergency") if lifted and one.rule in LIFTED else ""
        source = w("passed.source", source=w.said(one.source)) + by_42
    return w(f"passed.{one.rule}", now=w.spread(w.few(min(numbers)), w.few(max(numbers))), limit=w.few(one.limit),
             kind=w(f"passed.{one.kind}"), source=source)
