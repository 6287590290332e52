"""What a staffing plan is to reach, from which kinds of shift, and at what price."""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.dates import DAY_MINUTES, Clock, Day
from sim.scenario.messages import say
from sim.scenario.people import WORDS_OF_LEAVE, WORDS_OF_OFF, folded
from sim.scenario.people_levers import RESPONSE
from sim.scenario.problems import RuleError
from sim.scenario.quantities import Count, Duration, Factor, Hours, Part, Quantity, Share, Text, assumed, plain

CUSTOM = "默认：呼叫中心惯例 80 % | by default: call centres' custom of 80 %"
N2 = "N2：GB/T 33358-2016，任意 24 小时接通 95 % | N2: GB/T 33358-2016, 95 % of any 24 hours answered"
HAIKOU = ("海口三年 12,678 万元、约 300 人，每人每年 2,080 小时 | "
          "Haikou: 126.78 million yuan for three years and about 300 agents, 2,080 hours a year each")
TEN_HOURS = "默认：每小时用人成本的十倍 | by default: ten times an hour's cost"
FEW_KINDS = "默认：班次种类越少越好排 | by default: fewer kinds of shift are easier to run"
HALF_AN_HOUR = "默认：半小时用餐 | by default: half an hour's meal"
HALF_A_DAY = "默认：半天 | by default: half a day"
REACHABLE = "默认：没有公布；约为一小时用人成本的七分之一 | by default: none published; a seventh of an hour's cost"
MOST_TYPES = 40
HALF_HOUR = 30
HALF_HOURS = DAY_MINUTES // HALF_HOUR
MARKS = "①②③④⑤"
"""Behind the code of a planned shift: at which of so many times its meal is."""
MOST_LEADERS = 20
LONGEST_HANDOVER_S = 3600


class Target(Part):
    """How many calls are to be answered, and how soon: both shares must hold."""

    share: Share = Field(default=assumed(0.80, 0.5, 0.95, CUSTOM, "share"),
                         description="of calls answered within the time, at least")
    within: Duration | None = Field(default=None, description="how soon a call is answered in time; answered_within of "
                                                              "the scenario if left out")
    answered: Share = Field(default=Quantity(number=0.95, kind="sourced", note=N2, unit="share"),
                            description="of calls answered at all, at least")
    of: Literal["offered", "answered", "without_short"] = Field(
        default="offered", description="what shares are taken of: offered (all dials, busy ones too), answered, or "
                                       "without_short (offered less those who hang up at once)")
    short: Duration = Field(default=plain(5.0, "s"),
                            description="with of: without_short, who hangs up sooner does not count")
    each: Literal["interval", "day"] = Field(
        default="interval", description="whether each interval is to reach it, or a day as a whole")
    in_days: Share | None = Field(
        default=None, description="of the days that may come, busy and quiet ones, at least so many are to reach it; "
                                  "over all of them together if left out")

    @model_validator(mode="after")
    def asks_for_something(self) -> Target:
        if not float(self.share) and not float(self.answered):
            raise RuleError(say("asks for nothing: give share or answered above 0"), "share")
        for name in ("share", "answered", "in_days"):
            value = getattr(self, name)
            if value is not None and (float(value) >= 1 or (name == "in_days" and not float(value))):
                raise RuleError(say("must be below 100 %: no number of seats makes an answer certain"), name)
        return self


class ShiftType(Part):
    """A kind of shift that may be planned: when it may start, and how long it lasts."""

    code: Text = Field(min_length=1, max_length=4, description="as it stands in the cells of a roster")
    start: tuple[Clock, Clock] = Field(alias="from", description="its earliest and its latest start")
    every: Duration = Field(default=plain(3600.0, "s"), description="steps between possible starts")
    hours: tuple[Hours, ...] = Field(min_length=1, max_length=24, description="how long it may last, meal included")
    meal: Duration = Field(default=assumed(1800.0, 0.0, 3600.0, HALF_AN_HOUR, "s"),
                           description="length of the meal break, unpaid; 0 min for none")
    meal_after: tuple[Hours, Hours] = Field(default=(plain(3.0, "h"), plain(5.0, "h")),
                                            description="hours after the start within which the meal begins")
    extra: Factor = Field(default=plain(1.0, "1"), description="its hours' price, as a multiple of others', such as a "
                                                               "night allowance")

    @model_validator(mode="after")
    def has_a_code_of_its_own(self) -> ShiftType:
        """It stands in cells of a roster with the shift's start behind it, and the mark of its meal behind that."""
        if folded(self.code) in ("", *WORDS_OF_OFF, *WORDS_OF_LEAVE):
            raise RuleError(say("{got} stands for a day without a shift: take another code", got=self.code), "code")
        if self.code != self.code.strip().rstrip(MARKS):
            raise RuleError(say("ends with a blank or with a mark of meals ({marks}): leave it out", marks=MARKS),
                            "code")
        return self

    @model_validator(mode="after")
    def lasts_at_most_a_day(self) -> ShiftType:
        for i, hours in enumerate(self.hours):
            if not 0 < float(hours) <= 24:
                raise RuleError(say("must be above 0 and at most 24, got {got:g}", got=float(hours)), "hours", i)
            if float(hours) in map(float, self.hours[:i]):
                raise RuleError(say("{name} stands here twice", name=f"{float(hours):g}"), "hours", i)
        if float(self.every) < 60 or DAY_MINUTES * 60 % float(self.every):
            raise RuleError(say("must be whole minutes that divide a day, such as 30 min"), "every")
        return self

    @model_validator(mode="after")
    def eats_in_time(self) -> ShiftType:
        first, last = map(float, self.meal_after)
        if not 0 <= first <= last:
            raise RuleError(say("must begin before they end"), "meal_after")
        shortest = min(map(float, self.hours))
        if float(self.meal) and last + float(self.meal) / 3600 > shortest:
            raise RuleError(say("ends after a shift of {hours:g} h: let meals begin sooner, or write meal: 0 min",
                                hours=shortest), "meal_after")
        return self


def half_hours_without(types: Iterable[ShiftType]) -> tuple[int, ...]:
    """The half-hours of a day, from midnight on, in which no type of shift can be at work."""
    there = {half % HALF_HOURS for kind in types for half in half_hours_of(kind)}
    return tuple(half for half in range(HALF_HOURS) if half not in there)


def half_hours_of(kind: ShiftType) -> Iterator[int]:
    """The half-hours in which a type of shift may be at work, beyond the day's end too."""
    (first, last), every = kind.start, round(float(kind.every) / 60)
    for start in range(first, (last if first <= last else last + DAY_MINUTES) + 1, every):
        for hours in kind.hours:
            yield from range(start // HALF_HOUR, math.ceil((start + float(hours) * 60) / HALF_HOUR))


def spans_of(halves: Sequence[int]) -> list[str]:
    """Half-hours of a day as times of day, such as 16:00-08:00."""
    chosen = set(halves)
    if len(chosen) == HALF_HOURS:
        return ["00:00-24:00"]
    ends = [half for half in sorted(chosen) if (half + 1) % HALF_HOURS not in chosen]
    starts = [half for half in sorted(chosen) if (half - 1) % HALF_HOURS not in chosen]
    if starts and ends[0] < starts[0]:  # one of them passes midnight
        ends = [*ends[1:], ends[0]]
    return [f"{clock(start)}-{clock(end + 1)}" for start, end in zip(starts, ends, strict=True)]


def clock(half: int) -> str:
    hour, rest = divmod(half * HALF_HOUR, 60)
    return f"{hour:02}:{rest:02}"


DAY = ShiftType.model_validate({"code": "白", "from": (6 * 60, 16 * 60), "hours": (plain(8.5, "h"),)})
NIGHT = ShiftType.model_validate({"code": "夜", "from": (22 * 60, 23 * 60 + 30), "hours": (plain(8.5, "h"),)})


class Prices(Part):
    """What things cost, in yuan: they decide between more people and fewer calls answered."""

    hour: Count = Field(default=assumed(68.0, 25.0, 100.0, HAIKOU, "1"),
                        description="yuan for an hour of one agent's work")
    missing: Count = Field(default=assumed(680.0, 100.0, 7000.0, TEN_HOURS, "1"),
                           description="yuan that an hour of a seat needed but not open is worth")
    kind: Count = Field(default=assumed(1000.0, 0.0, 5000.0, FEW_KINDS, "1"),
                        description="yuan a week for each different shift, so that there are few of them")

    @model_validator(mode="after")
    def miss_somebody(self) -> Prices:
        if not float(self.missing):
            raise RuleError(say("must be above 0: where nobody is missed, nobody is planned"), "missing")
        return self


class StandbyTerms(Part):
    """People who are paid to be reachable, so that the target holds on most days, busy ones too."""

    in_days: Share = Field(description="of the days that may come, at least so many are to reach the target over the "
                                       "day as a whole, those on standby called once the day so far misses it")
    response: Duration = Field(default=RESPONSE, description="from the call until they are at work")
    hours: Hours = Field(default=assumed(12.0, 4.0, 24.0, HALF_A_DAY, "h"),
                         description="hours of standby a day, at most: those in which most is lost")
    pay: Count = Field(default=assumed(10.0, 0.0, 34.0, REACHABLE, "1"),
                       description="yuan for an hour of being reachable")

    @model_validator(mode="after")
    def leaves_days_to_chance(self) -> StandbyTerms:
        if not 0 < float(self.in_days) < 1:
            raise RuleError(say("must be above 0 and below 100 %: no number of people makes every day certain"),
                            "in_days")
        if not 0.5 <= float(self.hours) <= 24:
            raise RuleError(say("must be at least 0.5 and at most 24, got {got:g}", got=float(self.hours)), "hours")
        return self


class StaffingTerms(Part):
    """What people are planned for, from which shifts, and at what price."""

    cities: tuple[str, ...] = Field(default=(), description="the cities in focus if empty")
    target: Target = Target()
    shift_types: Annotated[tuple[ShiftType, ...], Field(min_length=1, max_length=MOST_TYPES)] = (DAY, NIGHT)
    prices: Prices = Prices()
    frozen_until: Day | None = Field(default=None, description="days of a roster before this one stay as its table "
                                                               "has them; only those before the horizon if left out")
    handover: Duration = Field(default=plain(0.0, "s"), description="how long each planned shift goes on after its end "
                                                                    "to hand over: paid, and not at the telephone")
    leaders: Annotated[int, Field(ge=0, le=MOST_LEADERS)] = Field(
        default=0, description="people on shift who may lead, at any time at which anybody is needed")
    standby: StandbyTerms | None = Field(default=None, description="people on standby on top of the roster; none if "
                                                                   "left out")

    @model_validator(mode="after")
    def hands_over_in_whole_minutes(self) -> StaffingTerms:
        seconds = float(self.handover)
        if seconds % 60 or seconds > LONGEST_HANDOVER_S:
            raise RuleError(say("must be whole minutes up to {most} min, such as 15 min",
                                most=LONGEST_HANDOVER_S // 60), "handover")
        return self
