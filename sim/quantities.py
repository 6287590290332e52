"""Values as planners write them: a number with its unit, and where it comes from.

``150 s``, ``8 %`` and ``0.08`` are plain values; ``{value: 150 s, source: N4}`` names its source,
``{assume: 240 s, range: [120 s, 450 s], why: ...}`` is an assumption, and ``{calibrated: 0.41, to: ...}`` was fitted.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

UNITS_S = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "day": 86400.0, "days": 86400.0}
NUMBER = re.compile(r"^([+-]?[\d_]*\.?\d+(?:[eE][+-]?\d+)?)\s*([^\d\s]*)$")
KINDS = {"value": "sourced", "assume": "assumed", "calibrated": "calibrated"}


class Part(BaseModel):
    """Part of a scenario: fixed once made, and without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Quantity(Part):
    """A number in its base unit (seconds, a share of 1, a count), and why it is that number."""

    number: float
    kind: Literal["given", "sourced", "assumed", "calibrated"] = "given"
    note: str = ""
    range: tuple[float, float] | None = None

    def __float__(self) -> float:
        return float(self.number)

    @model_validator(mode="after")
    def lies_in_its_range(self) -> Quantity:
        if self.range and not self.range[0] <= self.number <= self.range[1]:
            raise ValueError(f"{self.number:g} lies outside its own range {self.range[0]:g} to {self.range[1]:g}")
        return self


def split(text: object) -> tuple[float, str]:
    """A number and its unit, as written."""
    if isinstance(text, bool) or not isinstance(text, int | float | str):
        raise ValueError(f"must be a number, got {text!r}")
    match = NUMBER.match(str(text).strip())
    if not match:
        raise ValueError(f"must be a number with its unit, got {text!r}")
    return float(match[1].replace("_", "")), match[2]


def seconds(text: object) -> float:
    """A duration: a number with its unit."""
    number, unit = split(text)
    if unit not in UNITS_S:
        raise ValueError(f"must be a duration such as 150 s, 5 min, 4 h or 3 days, got {text!r}")
    return within(number * UNITS_S[unit], 0, 366 * 86400.0, "a duration", text)


def share(text: object) -> float:
    """A part of the whole: 0.08 or 8 %."""
    number, unit = split(text)
    if unit not in ("", "%"):
        raise ValueError(f"must be a share such as 0.08 or 8 %, got {text!r}")
    return within(number / 100 if unit else number, 0, 1, "a share", text)


def count(text: object) -> float:
    """How many: people, seats, calls. Whole where the thing is, but a mean may be broken."""
    number, unit = split(text)
    if unit:
        raise ValueError(f"must be a number without unit, got {text!r}")
    return within(number, 0, 1e9, "a count", text)


def factor(text: object) -> float:
    """A plain number: a ratio, a coefficient of variation, a shape."""
    number, unit = split(text)
    if unit:
        raise ValueError(f"must be a number without unit, got {text!r}")
    return within(number, 0, 1000, "a factor", text)


def within(number: float, low: float, high: float, what: str, text: object) -> float:
    if not low <= number <= high:
        raise ValueError(f"{what} must be >= {low:g} and <= {high:g}, got {text}")
    return number


def quantity(read: Callable[[object], float]) -> Callable[[object], object]:
    """A reader of quantities of one unit, from a plain value or from one with its origin."""
    def parse(raw: object) -> object:
        if isinstance(raw, Quantity):
            return raw
        if not isinstance(raw, dict):
            return Quantity(number=read(raw))
        if set(raw) == {"number", "kind", "note", "range"}:  # as a manifest writes it
            return Quantity.model_validate(raw)
        return with_origin(raw, read)
    return parse


def with_origin(raw: dict[str, Any], read: Callable[[object], float]) -> Quantity:
    named = [key for key in KINDS if key in raw]
    if len(named) != 1:
        raise ValueError("must have exactly one of value (with source), assume (with range) or calibrated (with to)")
    key = named[0]
    wants = {"value": "source", "assume": "range", "calibrated": "to"}[key]
    extra = sorted(set(raw) - {key, "source", "range", "to", "why"})
    if extra:
        raise ValueError(f"has a part {extra[0]!r} that nobody knows; known are {key}, {wants}, range, why")
    if wants not in raw:
        raise ValueError(f"{key} also needs {wants}")
    bounds = raw.get("range")
    if bounds is not None and (not isinstance(bounds, list) or len(bounds) != 2):
        raise ValueError("range must be [lowest, highest]")
    note = str(raw.get("why") or raw.get("source") or raw.get("to") or "")
    if key == "calibrated":
        note = str(raw["to"])
    return Quantity(number=read(raw[key]), kind=KINDS[key], note=note,  # type: ignore[arg-type]
                    range=None if bounds is None else (read(bounds[0]), read(bounds[1])))


def described(example: str) -> WithJsonSchema:
    """How an editor is told about a quantity."""
    plain = {"type": ["number", "string"], "examples": [example]}
    return WithJsonSchema({"anyOf": [plain, {
        "type": "object", "additionalProperties": False,
        "properties": {"value": plain, "assume": plain, "calibrated": plain, "source": {"type": "string"},
                       "to": {"type": "string"}, "why": {"type": "string"},
                       "range": {"type": "array", "items": plain, "minItems": 2, "maxItems": 2}},
    }]})


Duration = Annotated[Quantity, BeforeValidator(quantity(seconds)), described("150 s")]
Share = Annotated[Quantity, BeforeValidator(quantity(share)), described("8 %")]
Count = Annotated[Quantity, BeforeValidator(quantity(count)), described("121")]
Factor = Annotated[Quantity, BeforeValidator(quantity(factor)), described("1.15")]

LawName = Literal["exponential", "lognormal", "gamma", "weibull", "fixed", "mixture", "data"]


class Law(Part):
    """How long something takes. ``mixture`` has ``parts``, ``data`` a file of durations in seconds, one a line."""

    law: LawName = "exponential"
    mean: Duration | None = None
    median: Duration | None = None
    cv: Factor | None = Field(None, description="coefficient of variation: standard deviation over mean")
    sigma: Factor | None = Field(None, description="lognormal: standard deviation of the logarithm")
    shape: Factor | None = Field(None, description="weibull: below 1 the hazard falls")
    at_most: Duration | None = None
    share: Share | None = Field(None, description="weight, where this law is part of a mixture")
    parts: tuple[Law, ...] = ()
    data: str | None = None
    samples_s: tuple[float, ...] = Field((), description="filled in from data; not to be written")

    @model_validator(mode="after")
    def has_what_it_needs(self) -> Law:
        wanted = {
            "exponential": [("mean",)], "fixed": [("mean",)], "gamma": [("mean",), ("cv",)],
            "weibull": [("mean",), ("shape",)], "lognormal": [("mean", "median"), ("cv", "sigma")],
            "mixture": [("parts",)], "data": [("data", "samples_s")],
        }[self.law]
        for names in wanted:
            if not any(getattr(self, name) for name in names):
                raise ValueError(f"a {self.law} law needs {' or '.join(names)}")
        if self.parts and abs(sum(float(p.share or 0) for p in self.parts) - 1) > 1e-9:
            raise ValueError("the shares of the parts must add up to 1")
        return self


class Name(Part):
    """What something is called, in both languages."""

    zh: str
    en: str
