"""Rules of work that somebody passes, with what the person then has, in hours and days."""
from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from surgeline.folders.manifests import Entry

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.revising.checks import Check

IN_MINUTES = ("most_minutes", "least_minutes", "most_minutes_a_week", "most_minutes_a_day", "least_rest",
              "overtime_a_day", "overtime_a_week", "overtime_a_month")


class Passed(Entry):
    """One rule; hours where the solver has minutes."""

    rule: str
    reached: float | None       # none: a rule without a number
    limit: float
    kind: Literal["law", "contract", "custom"]
    source: str

    @property
    def has_number(self) -> bool:
        return self.reached is not None

    @property
    def in_hours(self) -> bool:
        return self.rule in IN_MINUTES


def passed_of(check: Check) -> Passed:
    """As it is written and told."""
    size = 60 if check.name in IN_MINUTES else 1
    reached = None if check.reached is None else check.reached / size
    return Passed(rule=check.name, reached=reached, limit=check.value / size, kind=check.kind, source=check.source)
