"""Values as planners write them: a number with its unit, and where it comes from.

``150 s``, ``8 %`` and ``0.08`` are plain values; ``{value: 150 s, source: N4}`` names its source,
``{assume: 900 s, range: [120 s, 2500 s], why: ...}`` is an assumption, and ``{calibrated: 0.41, to: ...}`` was fitted.
"""
from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from sim.scenario.messages import Message, either, printable, say
from sim.scenario.problems import RuleError, nearest, shortly

T = TypeVar("T")
Origin = Literal["given", "sourced", "assumed", "calibrated"]
UnitName = Literal["", "s", "h", "share", "1"]  # of the base unit; nothing where no reader has given one
KINDS: dict[str, Origin] = {"value": "sourced", "assume": "assumed", "calibrated": "calibrated"}
NEEDS = {"value": ("source", say("what is known names its source")),
         "assume": ("range", say("what is assumed has a range, such as range: [lowest, highest]")),
         "calibrated": ("to", say("what is calibrated says to which record"))}
NUMBER = re.compile(r"([+-]?[\d_]*\.?\d+(?:[eE][+-]?\d+)?)\s*([^\d\s]*)")
WITH_COMMA = re.compile(r"([+-]?[\d.]*,[\d.,]*\d)\s*([^\d\s]*)")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?(?:\d*|[1-9]\d{0,2}(?:\.\d{3})+),\d+")
DAY_S = 86400.0
LONGEST_NUMBER = 400
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
MOST_PARTS = 20
FROM_FILE = {"file": True}


# --- numbers with units ----------------------------------------------------------------------------------------------

def from_file(info: ValidationInfo) -> bool:
    """Whether a planner wrote it: a manifest may say things in ways that a scenario file may not."""
    return bool(info.context and info.context.get("file"))


class Part(BaseModel):
    """Part of a scenario: fixed once made, and without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


def visible(text: str) -> str:
    """Text that pages, drawings and sheets can hold: no control characters, nothing that can't be seen."""
    for letter in text:
        if unicodedata.category(letter) in UNSEEN and letter not in "\n\t":
            raise RuleError(say("has a character that can't be seen: U+{code:04X}", code=ord(letter)))
    return text


Text = Annotated[str, AfterValidator(visible)]


class Quantity(Part):
    """A number in its base unit (seconds, a share of 1, a count), and why it is that number.

    The unit is that of the reader, which a manifest need not repeat: whoever reads the field again gives it again.
    """

    number: float
    kind: Origin = "given"
    note: Text = ""
    range: tuple[float, float] | None = None
    unit: UnitName = Field("", exclude=True)

    def __float__(self) -> float:
        return float(self.number)

    @model_validator(mode="after")
    def lies_in_its_range(self) -> Quantity:
        if self.range and not self.range[0] <= self.number <= self.range[1]:
            raise RuleError(say("{number:g} lies outside its own range {low:g} to {high:g}", number=self.number,
                                low=self.range[0], high=self.range[1]))
        return self


def plain(number: float, unit: UnitName = "") -> Quantity:
    return Quantity(number=number, unit=unit)


def assumed(number: float, low: float, high: float, why: str, unit: UnitName) -> Quantity:
    """What holds where a file says nothing else: an assumption like those of files, and listed as one."""
    return Quantity(number=number, kind="assumed", note=why, range=(low, high), unit=unit)


@dataclass(frozen=True)
class Unit:
    """What a number may stand for: how it is written, what its units are worth, how much there may be, and in what it
    is kept."""

    such_as: Message
    worth: dict[str, float]
    most: float
    most_shown: str
    name: UnitName

    def __call__(self, raw: object) -> float:
        """The number of base units that a planner wrote."""
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            raise RuleError(say("must be {such_as}, got {got}", such_as=self.such_as, got=shortly(raw)))
        text = unicodedata.normalize("NFKC", str(raw)).strip()
        match = NUMBER.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
        if match is None or match[2] not in self.worth:
            raise RuleError(say("must be {such_as}, got {got}", such_as=self.such_as, got=shortly(raw))
                            + self.remedy(text))
        return self.within(in_base(float(match[1].replace("_", "")), match[2], self.worth), raw)

    def remedy(self, text: str) -> Message:
        """How to write a number with commas."""
        match = WITH_COMMA.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
        if match is None or "," in match[2]:
            return say("")
        ends = [match[2], "%"] if "%" in self.worth else [match[2]]
        return instead([fit[0] for number in without_commas(match[1])
                        if (fit := [one for end in ends if self.reads(one := f"{number} {end}".rstrip())])])

    def reads(self, raw: object) -> bool:
        """Whether it would be taken as it stands."""
        try:
            self(raw)
        except RuleError:
            return False
        return True

    def within(self, number: float, raw: object) -> float:
        shown = "" if 0 <= number <= self.most else printable(str(raw))
        if number < 0:
            raise RuleError(say("must be >= {least}, got {got}", least=0, got=shown))
        if not number <= self.most:
            meant = shown == f"{number:g}" and number * self.worth.get("%", self.most) <= self.most
            per_cent = say("; write {number} % if that is meant", number=shown) if meant else say("")
            raise RuleError(say("must be <= {most}, got {got}", most=self.most_shown, got=shown) + per_cent)
        return number


def without_commas(number: str) -> list[str]:
    """The numbers that one with commas may be: they part thousands, or the only one stands for a decimal point."""
    parted = [number.replace(",", "")] if THOUSANDS.fullmatch(number) else []
    return parted + ([number.replace(".", "").replace(",", ".")] if DECIMAL_COMMA.fullmatch(number) else [])


def instead(meant: list[str]) -> Message:
    """A hint at what to write instead of a number with commas; who wrote 1,234 knows which is meant."""
    if meant[1:]:
        return say("; write {first}, or {other} if the comma is a decimal point", first=printable(meant[0]),
                   other=printable(meant[1]))
    return say("; write {meant}", meant=printable(meant[0])) if meant else say("")


def in_base(number: float, unit: str, worth: dict[str, float]) -> float:
    return number / 100 if unit == "%" else number * worth[unit]


seconds = Unit(say("a duration such as 150 s, 5 min, 4 h or 3 days"),
               {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": DAY_S, "day": DAY_S, "days": DAY_S},
               366 * DAY_S, "366 days", "s")
share = Unit(say("a share such as 0.08 or 8 %"), {"": 1.0, "%": 0.01}, 1, "1 (100 %)", "share")
count = Unit(say("a number without a unit"), {"": 1.0}, 1e9, "1,000,000,000", "1")
factor = Unit(say("a number without a unit"), {"": 1.0}, 1000, "1,000", "1")
hours = replace(factor, name="h")  # written without a unit, as the name of their field says them


# --- where they come from --------------------------------------------------------------------------------------------

def quantity(unit: Unit) -> Callable[[object, ValidationInfo], object]:
    """A reader of quantities of one unit, from a plain value or from one with its origin."""
    def parse(raw: object, info: ValidationInfo) -> object:
        if isinstance(raw, Quantity):
            return raw.model_copy(update={"unit": unit.name})
        if not isinstance(raw, dict):
            return plain(unit(raw), unit.name)
        if isinstance(raw.get("number"), int | float) and not from_file(info):  # as a manifest writes it
            unit.within(raw["number"], raw["number"])
            return raw | {"unit": unit.name}
        return with_origin(raw, unit)
    return parse


def with_origin(raw: dict[str, Any], unit: Unit) -> Quantity:
    """A quantity from what a planner wrote about it."""
    key = origin(raw)
    number = at(unit, raw, key)
    needed, because = NEEDS[key]
    if raw.get(needed) is None:
        raise RuleError(say("is missing: {because}", because=because), needed)
    notes = {name: at(remark, raw, name) for name in ("source", "to", "why") if name in raw}
    note = notes["to"] if key == "calibrated" else notes.get("why") or notes.get("source") or notes.get("to") or ""
    return Quantity(number=number, kind=KINDS[key], note=note, range=bounds(raw, key, number, unit), unit=unit.name)


def origin(raw: dict[str, Any]) -> str:
    """Which of value, assume and calibrated a quantity is."""
    allowed = (*KINDS, "source", "range", "to", "why")
    for name in raw:
        if name not in allowed:
            raise RuleError(say("is no known name{hint}", hint=nearest(name, allowed)), name, of_name=True)
    named = [key for key in raw if key in KINDS]
    if not named:
        raise RuleError(say("must be a number, or have one of {kinds}", kinds=list(KINDS)))
    if len(named) > 1:
        raise RuleError(say("stands beside {other}: a quantity has one of {kinds}", other=named[0], kinds=list(KINDS)),
                        named[1], of_name=True)
    return named[0]


def bounds(raw: dict[str, Any], key: str, number: float, unit: Unit) -> tuple[float, float] | None:
    """The range of a quantity, which must hold it."""
    ends = raw.get("range")
    if ends is None:
        return None
    if not isinstance(ends, list) or len(ends) != 2:
        raise RuleError(say("must be [lowest, highest]"), "range")
    low, high = (at(unit, ends, i, "range") for i in range(2))
    if low > high:
        raise RuleError(say("must begin with the lowest"), "range")
    if not low <= number <= high:
        raise RuleError(say("{number} lies outside its own range {low} to {high}", number=raw[key], low=ends[0],
                            high=ends[1]), key)
    return low, high


def remark(raw: object) -> str:
    """What stands in words beside a value."""
    if isinstance(raw, dict | list):
        raise RuleError(say("must be {such_as}, got {got}", such_as=say("text"), got=shortly(raw)))
    return visible("" if raw is None else str(raw))


def at(read: Callable[[object], T], parent: Any, key: str | int, *above: str) -> T:
    """Something within something else; its fault says where."""
    try:
        return read(parent[key])
    except RuleError as error:
        raise RuleError(error.message, *above, key) from None


def described(*examples: str) -> WithJsonSchema:
    """How an editor is told about a quantity."""
    plain = {"type": ["number", "string"], "examples": list(examples)}
    return WithJsonSchema({"anyOf": [plain, {
        "type": "object", "additionalProperties": False,
        "properties": {"value": plain, "assume": plain, "calibrated": plain, "source": {"type": "string"},
                       "to": {"type": "string"}, "why": {"type": "string"},
                       "range": {"type": "array", "items": plain, "minItems": 2, "maxItems": 2}},
        "dependentRequired": {key: [needed] for key, (needed, _) in NEEDS.items()},
    }]})


Duration = Annotated[Quantity, BeforeValidator(quantity(seconds)), described("150 s")]
Share = Annotated[Quantity, BeforeValidator(quantity(share)), described("8 %")]
Count = Annotated[Quantity, BeforeValidator(quantity(count)), described("121")]
Factor = Annotated[Quantity, BeforeValidator(quantity(factor)), described("1.15")]
Hours = Annotated[Quantity, BeforeValidator(quantity(hours)), described("8")]


# --- laws ------------------------------------------------------------------------------------------------------------

LawName = Literal["exponential", "lognormal", "gamma", "weibull", "fixed", "mixture", "data"]
SHAPED_BY: dict[str, tuple[tuple[str, ...], ...]] = {
    "exponential": (("mean",),), "fixed": (("mean",),), "gamma": (("mean",), ("cv",)),
    "weibull": (("mean",), ("shape",)), "lognormal": (("mean", "median"), ("cv", "sigma")),
    "mixture": (("parts",),), "data": (("data", "samples_s"),),
}
"""What each law needs: one of each group."""
SHAPES = {"cv": (0.0, 10.0), "sigma": (0.0, 5.0), "shape": (0.1, 20.0)}


class Distribution(Part):
    """How long something takes. ``mixture`` has ``parts``, ``data`` a file with a column of durations."""

    law: LawName = "exponential"
    mean: Duration | None = None
    median: Duration | None = None
    cv: Factor | None = Field(None, description="coefficient of variation: standard deviation over mean")
    sigma: Factor | None = Field(None, description="lognormal: standard deviation of the logarithm")
    shape: Factor | None = Field(None, description="weibull: below 1 the hazard falls")
    at_most: Duration | None = None
    share: Share | None = Field(None, description="weight, where this law is part of a mixture")
    parts: tuple[Distribution, ...] = Field((), max_length=MOST_PARTS)
    data: str | None = Field(None, description="CSV or XLSX beside the file: a column of seconds, or of h:mm:ss")
    samples_s: tuple[float, ...] = Field((), description="filled in from data; not to be written")

    @model_validator(mode="after")
    def has_what_it_needs(self) -> Distribution:
        said = [name for name in type(self).model_fields if getattr(self, name) not in (None, ())]
        groups = SHAPED_BY[self.law]
        for names in groups:
            given = [name for name in names if name in said]
            if not given:
                raise RuleError(say("needs {names}, as its law is {law}",
                                    names=either(n for n in names if n != "samples_s"), law=self.law))
            if len(given) > 1 and self.law != "data":
                raise RuleError(say("stands beside {other}: one of them is enough", other=given[0]), given[1],
                                of_name=True)
        useful = {"law", "share", *itertools.chain(*groups)} | ({"at_most"} if self.law != "fixed" else set())
        for name in said:
            if name not in useful:
                raise RuleError(say("has no use where the law is {law}", law=self.law), name, of_name=True)
        return self

    @model_validator(mode="after")
    def has_a_sound_shape(self) -> Distribution:
        for name, (low, high) in SHAPES.items():
            shape = getattr(self, name)
            if shape is not None and not low <= float(shape) <= high:
                raise RuleError(say("must be >= {low:g} and <= {high:g}, got {shape:g}", low=low, high=high,
                                    shape=float(shape)), name)
        return self

    @model_validator(mode="after")
    def has_parts_that_add_up(self) -> Distribution:
        for i, part in enumerate(self.parts):
            if part.share is None:
                raise RuleError(say("is missing: each part of a mixture has a share"), "parts", i, "share")
            if part.parts:
                raise RuleError(say("a mixture can't be part of a mixture"), "parts", i)
        total = sum(float(part.share or 0) for part in self.parts)
        if self.parts and abs(total - 1) > 1e-9:
            raise RuleError(say("the shares of the parts must add up to 1, got {total:g}", total=total), "parts")
        return self


class Name(Part):
    """What something is called, in both languages."""

    zh: Text
    en: Text
