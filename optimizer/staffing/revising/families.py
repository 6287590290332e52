"""Families of rules, relaxed one at a time when people are missing or a person's row cannot be."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from optimizer.staffing.rosters.problem import DAY_MINUTES, Duty, LimitName, OtherName, Rule

Family = Literal["overtime", "rest", "days_in_a_row", "weekly_rest", "short_runs", "nights", "weekends", "of_duty",
                 "least_minutes"]
Held = Literal["priced_too", "hard_only"]   # which rules hold: all at their value, or only those never to be broken

Limit = tuple[LimitName | OtherName, float, str | None]     # name and value of a rule, and its duty

FAMILY_OF: dict[LimitName, Family] = {
    "most_minutes": "overtime", "most_minutes_a_week": "overtime", "most_minutes_a_day": "overtime",
    "least_rest": "rest", "most_days_in_a_row": "days_in_a_row", "weekly_rest_days": "weekly_rest",
    "least_days_in_a_row": "short_runs", "least_days_off_in_a_row": "short_runs", "most_nights": "nights",
    "most_nights_in_a_row": "nights", "most_weekends": "weekends", "most_of_duty": "of_duty",
    "least_minutes": "least_minutes"}

UNITS: dict[Family, str] = {
    "overtime": "minutes", "rest": "rests", "days_in_a_row": "days", "weekly_rest": "days", "short_runs": "days",
    "nights": "nights", "weekends": "weekends", "of_duty": "duties", "least_minutes": "minutes"}


@dataclass(frozen=True)
class Treatment:
    """What becomes of each rule: it holds, may be passed at a price, or is left out."""

    held: Held = "priced_too"
    relaxed: Family | None = None
    hard_too: bool = False                                          # relax those of the family never to be broken too
    prices: dict[Family, float] = field(default_factory=dict)       # per unit, of rules that have none; 1 if not told

    def price(self, rule: Rule) -> float | None:
        """Per unit beyond the rule's value; None: it holds; 0: it is left out."""
        family = FAMILY_OF[rule.name]  # type: ignore[index]  # limits of people are no rules of the problem itself
        if family == self.relaxed and (rule.price is not None or self.hard_too):
            return rule.price if rule.price is not None else self.prices.get(family, 1.0)
        return 0.0 if rule.price is not None and self.held == "hard_only" else None


def rest_between(first: Duty, second: Duty) -> int:
    """Minutes from the end of a duty to the start of the next day's."""
    return second.start + DAY_MINUTES - first.end


def limit(rule: Rule) -> Limit:
    """What tells a person's limits of one name apart."""
    return rule.name, rule.value, rule.duty
