"""The rules of work as data: each with its value, its unit, whether it is law, contract or custom, and where it stands.

What a file says of a city's rules stands instead of what holds by default. No legal advice: a rule is cited wherever
something breaks it, so that whoever reads the message can look it up.
"""
from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, model_validator

from sim.scenario.messages import Message, say
from sim.scenario.problems import RuleError, nearest, shortly
from sim.scenario.quantities import Part, Text, from_file

RuleKind = Literal["law", "contract", "custom"]
RuleUnit = Literal["h", "days", "times"]
KINDS: dict[RuleKind, Message] = {"law": say("law"), "contract": say("contract"), "custom": say("custom")}
SUCH_AS: dict[RuleUnit, Message] = {"h": say("hours such as 3"), "days": say("days such as 1"),
                                    "times": say("times the usual pay, such as 1.5")}
LIMITS: dict[str, tuple[float, float, Message]] = {
    "standard_day": (1, 12, say("a day of work has 8 h by law, and 12 h at the most where hours are reckoned over "
                                "longer")),
    "standard_week": (1, 72, say("six days of 12 h are 72 h")),
    "weekly_rest": (0, 6, say("with 7 days of rest a week nobody works at all")),
    "overtime_day": (0, 4, say("8 h and 4 h more leave half of a day for the way, meals and sleep")),
    "overtime_day_special": (0, 4, say("8 h and 4 h more leave half of a day for the way, meals and sleep")),
    "overtime_month": (0, 124, say("4 h on each day of a month are 124 h")),
    "part_time_day": (1, 8, say("8 h a day are full time")),
    "part_time_week": (1, 40, say("40 h a week are full time")),
    "rest_between_shifts": (0, 16, say("whoever works 8 h every day rests 16 h between two shifts")),
    "pay_weekday": (1, 10, say("overtime is not paid less than other hours")),
    "pay_rest_day": (1, 10, say("overtime is not paid less than other hours")),
    "pay_holiday": (1, 10, say("overtime is not paid less than other hours")),
}
"""How little and how much of each rule makes sense, and why: what lies beyond is a slip of the pen."""
SAID = ("value", "kind", "source")
"""What a file may say of a rule; the value alone keeps kind and source."""
CITED: dict[str, Message] = {
    "国务院令第 146 号第 3 条": say("State Council Order 146 art. 3"),
    "劳动法第 38 条": say("Labour Law art. 38"),
    "劳动法第 41 条": say("Labour Law art. 41"),
    "劳动法第 44 条": say("Labour Law art. 44"),
    "劳动合同法第 68 条": say("Labour Contract Law art. 68"),
    "班次间隔：欧洲的惯例，我国法律没有规定": say("rest between shifts: European custom, not Chinese law"),
}
"""What rules cite by default, in Chinese and in English."""
SEPARATOR = " | "


class Rule(Part):
    """A rule of work: how much, in hours, days or times the usual pay; and where it stands."""

    value: float
    unit: RuleUnit
    kind: RuleKind
    source: Text

    def __float__(self) -> float:
        return self.value

    @property
    def cited(self) -> Message:
        """Kind and source, as messages name them: "law: Labour Law art. 41"."""
        chinese = self.source.partition(SEPARATOR)[0]
        return say("{kind}: {source}", kind=KINDS[self.kind], source=CITED.get(chinese, self.source))


def rule(value: float, unit: RuleUnit, chinese: str, kind: RuleKind = "law") -> Rule:
    return Rule(value=value, unit=unit, kind=kind, source=f"{chinese}{SEPARATOR}{CITED[chinese]}")


BY_DEFAULT = {
    "standard_day": rule(8, "h", "国务院令第 146 号第 3 条"),
    "standard_week": rule(40, "h", "国务院令第 146 号第 3 条"),
    "weekly_rest": rule(1, "days", "劳动法第 38 条"),
    "overtime_day": rule(1, "h", "劳动法第 41 条"),
    "overtime_day_special": rule(3, "h", "劳动法第 41 条"),
    "overtime_month": rule(36, "h", "劳动法第 41 条"),
    "part_time_day": rule(4, "h", "劳动合同法第 68 条"),
    "part_time_week": rule(24, "h", "劳动合同法第 68 条"),
    "rest_between_shifts": rule(11, "h", "班次间隔：欧洲的惯例，我国法律没有规定", "custom"),
    "pay_weekday": rule(1.5, "times", "劳动法第 44 条"),
    "pay_rest_day": rule(2, "times", "劳动法第 44 条"),
    "pay_holiday": rule(3, "times", "劳动法第 44 条"),
}
EMERGENCY = say("Labour Law art. 42")
LEAST_REST_H = 4.0
"""With less between them two shifts are one day of work: nobody has gone home, slept and come again."""


def read_rule(raw: object, info: ValidationInfo) -> object:
    """A rule as files write it: its value alone, or with kind and source. What is left out stays as by default."""
    usual = BY_DEFAULT[str(info.field_name)]
    if isinstance(raw, Rule) or (isinstance(raw, dict) and "unit" in raw and not from_file(info)):
        return raw
    said: dict[str, Any] = raw if isinstance(raw, dict) else {"value": raw}
    for name in said:
        if name not in SAID:
            raise RuleError(say("is no known name{hint}", hint=nearest(str(name), SAID)), name, of_name=True)
    value, kind, source = (said.get(name, getattr(usual, name)) for name in SAID)
    at = ("value",) if isinstance(raw, dict) else ()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError(say("must be {such_as}, got {got}", such_as=SUCH_AS[usual.unit], got=shortly(value)), *at)
    low, high, why = LIMITS[str(info.field_name)]
    if not low <= value <= high:
        raise RuleError(say("must be >= {low:g} and <= {high:g}, got {got:g}: {why}", low=low, high=high, got=value,
                            why=why), *at)
    if not isinstance(kind, str) or kind not in KINDS:
        raise RuleError(say("must be {such_as}, got {got}", such_as=say("one of {names}", names=list(KINDS)),
                            got=shortly(kind)), "kind")
    if not isinstance(source, str):
        raise RuleError(say("must be {such_as}, got {got}", such_as=say("text"), got=shortly(source)), "source")
    return Rule(value=value, unit=usual.unit, kind=kind, source=source)


NUMBER = {"type": "number", "examples": [3]}
WRITTEN = WithJsonSchema({"anyOf": [NUMBER, {
    "type": "object", "additionalProperties": False,
    "properties": {"value": NUMBER, "kind": {"enum": list(KINDS)}, "source": {"type": "string"}}}]})
AnyRule = Annotated[Rule, BeforeValidator(read_rule), WRITTEN]


def default(name: str, description: str) -> Any:
    """A field of WorkRules: what holds by default, and what it is."""
    return Field(default=BY_DEFAULT[name], description=description)


class WorkRules(Part):
    """Within which rules people work. A rule is its value, or {value, kind, source}: law, contract or custom."""

    standard_day: AnyRule = default("standard_day", "hours of work a day")
    standard_week: AnyRule = default("standard_week", "hours of work a week")
    weekly_rest: AnyRule = default("weekly_rest", "days of rest in every seven")
    overtime_day: AnyRule = default("overtime_day", "hours of overtime a day, after consultation")
    overtime_day_special: AnyRule = default("overtime_day_special", "hours of overtime a day, for special reasons")
    overtime_month: AnyRule = default("overtime_month", "hours of overtime a month")
    part_time_day: AnyRule = default("part_time_day", "hours a day on average, part time")
    part_time_week: AnyRule = default("part_time_week", "hours a week, part time")
    rest_between_shifts: AnyRule = default("rest_between_shifts", "hours from the end of a shift to the next")
    pay_weekday: AnyRule = default("pay_weekday", "pay of overtime on a working day, times the usual")
    pay_rest_day: AnyRule = default("pay_rest_day", "pay of work on a day of rest, times the usual")
    pay_holiday: AnyRule = default("pay_holiday", "pay of work on a holiday, times the usual")
    emergency: bool = Field(default=False, description="a disaster or accident that threatens life, health or "
                                                       "property: the limits of overtime do not bind (Labour Law art. "
                                                       "42); the hours beyond them are counted and told")
    comprehensive: Literal["none", "week", "month", "quarter", "year"] = Field(
        default="none", description="hours are reckoned over so long by approval (Ministry of Labour 1994 no. 503): a "
                                    "single day may be longer, overtime averages no more than that of a month")

    @model_validator(mode="after")
    def has_weeks_of_a_day_at_least(self) -> WorkRules:
        if self.standard_week.value < self.standard_day.value:
            raise RuleError(say("must be >= {least:g}, the hours of a single day (standard_day), got {got:g}",
                                least=self.standard_day.value, got=self.standard_week.value), "standard_week")
        return self

    @property
    def longest_day(self) -> float:
        """Hours that one may work on a day, overtime included; no limit where hours are reckoned over longer."""
        if self.emergency or self.comprehensive != "none":
            return 24.0
        return self.standard_day.value + self.overtime_day_special.value

    @property
    def longest_week(self) -> float:
        """Hours that one may work a week on average, overtime included."""
        return self.standard_week.value + self.overtime_month.value * 12 * 7 / 365
