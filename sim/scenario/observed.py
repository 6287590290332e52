"""What was recorded, and within what the simulation must come to agree with it."""
from __future__ import annotations

import unicodedata
from math import inf
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema, model_validator

from sim.scenario.dates import End, Start
from sim.scenario.messages import Message, say
from sim.scenario.problems import RuleError, shortly
from sim.scenario.quantities import NUMBER, WITH_COMMA, Part, Text, instead, without_commas

COUNT, SHARE, RATIO, SECONDS, HOURS = "1", "share", "ratio", "s", "h"
UNITS = {
    "dials": COUNT, "callers": COUNT, "answered": COUNT, "callers_answered": COUNT, "abandoned": COUNT,
    "blocked": COUNT, "served_by_bot": COUNT, "in_system": COUNT, "waiting": COUNT, "callers_diverted": COUNT,
    "callers_lost": COUNT, "answer_rate_dials": SHARE, "answer_rate_callers": SHARE, "answered_within": SHARE,
    "mean_wait_s": SECONDS, "median_wait_s": SECONDS, "p95_wait_s": SECONDS, "blocked_share": SHARE,
    "abandoned_share": SHARE, "lost_share": SHARE, "dials_per_caller": RATIO, "load_ratio": RATIO,
    "recovery_h": HOURS, "occupancy": SHARE, "seat_hours": HOURS, "helpers_answered": COUNT, "helpers_share": SHARE,
}
"""What a record can be about: the metrics of metrics.py, which stands above this file. A test holds them together."""
METRIC_NAMES = tuple(UNITS)
OF_POOLS = ("answered", "occupancy", "seat_hours")
NOT_OF_CLASSES = ("occupancy", "seat_hours")
LEAST = {"dials_per_caller": 1.0}
MOST = 1e12
POINTS = ("pp", "个百分点")
A_NUMBER = say("a number")
SUCH_AS = say("a number or a percentage such as 3 %")
SUCH_AS_OF_SHARES = say("a number, a percentage of the value such as 3 %, or points such as 3 pp")
Recorded = Annotated[float | None, WithJsonSchema({"anyOf": [
    {"type": ["number", "string"], "examples": [85, "85 %"]}, {"type": "null"}]})]


class Observed(Part):
    """A recorded total. ``value`` with ``within`` (an absolute or relative tolerance), or bounds above and below."""

    metric: str
    scope: str = "province"
    start: Start | None = Field(None, alias="from")
    end: End | None = Field(None, alias="to")
    any_interval: bool = Field(False, description="holds in some interval of the span, not over the whole of it; a "
                                                  "value is that of its highest interval")
    value: Recorded = Field(None, description="a share as 0.85 or 85 %")
    within: float | str | None = Field(None, description="either way: a number such as 0.03; 3 % of the value, also "
                                                         "where that is a share; or 3 pp, points of a share")
    above: Recorded = None
    below: Recorded = None
    against: str | None = Field(None, description="a variant: the difference to it, on the same luck, is meant")
    source: Text

    @model_validator(mode="before")
    @classmethod
    def without_per_cent(cls, raw: Any) -> Any:
        """A share may be written in per cent, and a difference of shares in points."""
        if not isinstance(raw, dict):
            return raw
        found = dict(raw)
        for name in ("value", "above", "below"):
            if isinstance(raw.get(name), bool):
                raise RuleError(say("must be {such_as}, got {got}", such_as=A_NUMBER, got=shortly(raw[name])), name)
            read = with_sign(raw[name]) if isinstance(raw.get(name), str) else None
            may_be_share = unit_of(raw.get("metric")) in (SHARE, None)
            if read is None and (meant := without_comma(raw.get(name), ("%", *POINTS) if may_be_share else ())):
                raise RuleError(say("must be {such_as}, got {got}", such_as=A_NUMBER, got=shortly(raw[name])) + meant,
                                name)
            if read and read[1]:
                if not may_be_share:
                    raise RuleError(say("must be a number, got {got}: {metric} is no share",
                                        got=shortly(raw[name]), metric=shortly(raw["metric"])), name)
                if abs(read[0]) > 100:
                    raise RuleError(say("must be <= {most}, got {got}", most="100 %", got=shortly(raw[name])), name)
                found[name] = read[0] / 100
        return found

    @model_validator(mode="after")
    def can_be_judged(self) -> Observed:
        if (self.value is None) == (self.above is None and self.below is None):
            raise RuleError(say("needs a value with within, or else above or below"))
        if self.value is not None and self.within is None:
            raise RuleError(say("is missing: a value has a tolerance, such as within: 3 %"), "within")
        if self.value is None and self.within is not None:
            raise RuleError(say("has no use without a value"), "within", of_name=True)
        return self

    @model_validator(mode="after")
    def may_hold_or_not(self) -> Observed:
        """A record that can never hold, or that always does, says nothing."""
        lowest, highest = self.possible()
        for name in ("value", "above", "below"):
            number = getattr(self, name)
            if number is not None and not lowest <= number <= highest:
                raise RuleError(self.impossible(number, lowest, highest), name)
        low, high = self.bounds()
        if low > high:
            raise RuleError(say("must not lie above {high:g}, below which the record is", high=high), "above")
        if low <= lowest and highest <= high:
            name = next(name for name in ("within", "above", "below") if getattr(self, name) is not None)
            points = (say("; for points write {number:g} pp", number=self.within)
                      if isinstance(self.within, float) else say(""))
            raise RuleError(say("lets everything pass: {metric} is {range} anyway{hint}", metric=self.metric,
                                range=self.range_in_words(), hint=points), name)
        return self

    @property
    def is_share(self) -> bool:
        return unit_of(self.metric) == SHARE

    def possible(self) -> tuple[float, float]:
        """The least and the most that the metric can be, or its difference to a variant."""
        most = 1.0 if self.is_share else MOST
        return (-most if self.against else LEAST.get(self.metric, 0.0)), most

    def range_in_words(self) -> Message:
        lowest, highest = self.possible()
        if self.is_share:
            return say("from {lowest:g} to {highest:g}", lowest=lowest, highest=highest)
        return say("at least {lowest:g}", lowest=lowest)

    def impossible(self, number: float, lowest: float, highest: float) -> Message:
        """Why there is no such figure, and what was meant perhaps."""
        is_per_cent = self.is_share and 1 < abs(number) <= 100
        meant = say("; write {number} % if that is meant", number=f"{number:g}") if is_per_cent else say("")
        if number < lowest:
            return say("must be >= {least}, got {got}", least=f"{lowest:,g}", got=f"{number:g}") + meant
        most = f"{highest:g} (100 %)" if self.is_share else f"{highest:,.0f}"
        return say("must be <= {most}, got {got}", most=most, got=f"{number:g}") + meant

    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest figure that agrees with the record."""
        if self.value is None:
            return -inf if self.above is None else self.above, inf if self.below is None else self.below
        width = self.width(self.value)
        return self.value - width, self.value + width

    def width(self, value: float) -> float:
        """How far from the value a figure may lie that agrees with it."""
        number, sign = with_sign(self.within) or (None, "")
        got = shortly(self.within)
        if number is None:
            such_as, signs = (SUCH_AS_OF_SHARES, ("%", *POINTS)) if self.is_share else (SUCH_AS, ("%",))
            raise RuleError(say("must be {such_as}, got {got}", such_as=such_as, got=got)
                            + without_comma(self.within, signs), "within")
        if sign in POINTS and not self.is_share:
            raise RuleError(say("must be {such_as}, got {got}: only shares have points", such_as=SUCH_AS, got=got),
                            "within")
        if number < 0:
            raise RuleError(say("must be above 0, got {got}", got=got), "within")
        if number > MOST:
            raise RuleError(say("must be <= {most}, got {got}", most=f"{MOST:,.0f}", got=got), "within")
        if sign == "%" and value == 0:
            raise RuleError(say("is nothing of a value of 0: write a number"), "within")
        if number == 0 and value != 0:
            raise RuleError(say("must be above 0, got {got}: hardly a mean is exactly what was recorded", got=got),
                            "within")
        return number * {"": 1.0, "%": abs(value) / 100}.get(sign, 0.01)


def unit_of(metric: object) -> str | None:
    """The unit of a metric; the threshold of answered_within is part of its name."""
    name = str(metric)
    return UNITS.get("answered_within" if name.startswith("answered_within_") else name)


def without_comma(raw: object, signs: tuple[str, ...]) -> Message:
    """How to write a number with commas that may have one of some signs; nothing if it is none."""
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    match = WITH_COMMA.fullmatch(text) if len(text) <= 40 else None
    if match is None or match[2] not in ("", *signs):
        return say("")
    return instead([f"{number} {match[2]}".rstrip() for number in without_commas(match[1])])


def with_sign(raw: object) -> tuple[float, str] | None:
    """A number, and the sign of per cent or of points behind it; None if it is neither."""
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    match = NUMBER.fullmatch(text) if len(text) <= 40 else None
    if match is None or match[2] not in ("", "%", *POINTS):
        return None
    return float(match[1].replace("_", "")), match[2]
