"""The rules of work as limits of people: what must never be broken, and what is broken at a price."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import floor

from optimizer.staffing.rosters.problem import LimitName, Rule
from sim.scenario.work_rules import LEAST_REST_H, WorkRules
from sim.scenario.work_rules import Rule as WorkRule

WEEK_DAYS = 7
EVEN_PART = 0.1    # hours may differ by so much from the mean before it costs
EVEN_PRICE = 0.2   # of an hour's price
REST_PRICE = 3.0   # of an hour's price, for each hour of rest that is missing
ONE_DAY = "间隔不足 4 小时的两班算一天：劳动法第 41 条 | shifts less than 4 h apart are one day: Labour Law art. 41"
EVEN = "均衡工时 | hours as even as can be"


@dataclass(frozen=True)
class Period:
    """From when on and for how long people are planned, and what an hour of their work costs in yuan."""

    first: date
    days: int
    hour: float

    @property
    def weeks(self) -> float:
        return self.days / 7

    @property
    def months(self) -> float:
        """Not less than one: whoever plans a week may spend its month's overtime in it."""
        return max(1.0, self.days / 30)


def full_time(rules: WorkRules, period: Period, even_minutes: float) -> tuple[Rule, ...]:
    """Limits of somebody who works full time.

    :param even_minutes: what each would work if all worked alike.
    """
    return (*ordinary(rules, period), *rest(rules, period), *overtime(rules, period), *even(period, even_minutes))


def part_time(rules: WorkRules, period: Period, even_minutes: float) -> tuple[Rule, ...]:
    """Limits of somebody who works part time. What is allowed a day on average nobody works more of on any day."""
    return (limit("most_minutes_a_week", rules.part_time_week, 60),
            limit("most_minutes_a_day", rules.part_time_day, 60),
            *rest(rules, period), *even(period, even_minutes))


def ordinary(rules: WorkRules, period: Period) -> tuple[Rule, ...]:
    """The standard week; more costs what overtime pays beyond ordinary hours. Reckoned over longer times where that is
    approved."""
    price = (rules.pay_weekday.value - 1) * period.hour / 60
    if rules.comprehensive == "none":
        return (limit("most_minutes_a_week", rules.standard_week, 60, price),)
    return (limit("most_minutes", rules.standard_week, 60 * period.weeks, price),)


def rest(rules: WorkRules, period: Period) -> tuple[Rule, ...]:
    """Days of rest are the law's, in every calendar week and between any two of them; hours between shifts are a health
    rule with a price."""
    return (limit("weekly_rest_days", rules.weekly_rest, 1),
            *(Rule("most_days_in_a_row", most, rules.weekly_rest.kind, rules.weekly_rest.source)
              for most in days_in_a_row(rules)),
            limit("least_rest", rules.rest_between_shifts, 60, REST_PRICE * period.hour / 60),
            Rule("least_rest", LEAST_REST_H * 60, "law", ONE_DAY))


def days_in_a_row(rules: WorkRules) -> tuple[int, ...]:
    """The most days worked between two of rest; none where a file asks for no rest."""
    return (floor(WEEK_DAYS - rules.weekly_rest.value),) if rules.weekly_rest.value else ()


def overtime(rules: WorkRules, period: Period) -> tuple[Rule, ...]:
    """How far overtime may go; not at all limited in an emergency."""
    if rules.emergency:
        return ()
    day, month = rules.overtime_day_special, rules.overtime_month
    most = rules.standard_week.value * period.weeks + month.value * period.months
    over = Rule("most_minutes", most * 60, month.kind, month.source)
    if rules.comprehensive != "none":
        return (over,)
    return (Rule("most_minutes_a_day", (rules.standard_day.value + day.value) * 60, day.kind, day.source), over)


def even(period: Period, minutes: float) -> tuple[Rule, ...]:
    """Nobody works much more or much less than others, where it costs little."""
    price = EVEN_PRICE * period.hour / 60
    return (Rule("most_minutes", minutes * (1 + EVEN_PART), "custom", EVEN, price),
            Rule("least_minutes", minutes * (1 - EVEN_PART), "custom", EVEN, price))


def limit(name: LimitName, rule: WorkRule, times: float, price: float | None = None) -> Rule:
    """A rule of work as a limit, its value so many times."""
    return Rule(name, rule.value * times, rule.kind, rule.source, price)
