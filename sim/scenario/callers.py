"""Callers: how long they talk and wait, and what they do whose dial failed or whose matter was not settled."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.scenario.messages import say
from sim.scenario.problems import RuleError
from sim.scenario.quantities import DAY_S, Distribution, Factor, Name, Part, Quantity, Share

POOL_KINDS = ("own", "lent", "province", "operators", "volunteers", "cloud")


def alone(law: Distribution) -> Distribution:
    """A law that is no part of a mixture."""
    if law.share is not None:
        raise RuleError(say("has no use outside of a mixture"), "share", of_name=True)
    return law


DistributionAlone = Annotated[Distribution, AfterValidator(alone)]


class Redial(Part):
    """What callers do whose dial failed: how many dial again, and when. ``by_try`` gives the share for the first,
    second, … failure of a matter; the last one holds on."""

    share: Share = Field(description="who dial again; where by_try is given, that holds instead")
    by_try: tuple[Share, ...] = Field((), max_length=100)
    delay: DistributionAlone

    def shares(self) -> Iterator[Quantity]:
        """Who dials again after the first failure, after the second, and so on without end."""
        yield from self.by_try
        yield from itertools.repeat(self.by_try[-1] if self.by_try else self.share)


class RepeatContact(Part):
    """Callers whose matter was not settled call again, at the same time of day, whole days later."""

    share: Share
    delay: DistributionAlone

    @model_validator(mode="after")
    def takes_a_day(self) -> RepeatContact:
        usual = self.delay.mean or self.delay.median
        if usual is not None and max(float(usual), usual.range[1] if usual.range else 0.0) < DAY_S:
            raise RuleError(say("must be 1 day or more: who calls again does so at the same time of a later day"),
                            "delay")
        return self


class CallerClass(Part):
    """People who call for one kind of reason."""

    name: Name
    urgency: int = Field(1, ge=0, le=9, description="0 is answered first")
    patience: DistributionAlone | Literal["for ever"]
    talk: DistributionAlone
    wrap_up: DistributionAlone | Literal["none"] = "none"
    after_busy: Redial
    after_hanging_up: Redial
    most_dials: int | None = Field(None, ge=1, le=1000, description="dials of one matter; no limit if absent, but "
                                                                    "nobody makes more than 32,767 dials in all")
    repeat_contact: RepeatContact | None = None
    handle_factor: dict[str, Factor] = Field({}, description="by kind of pool: own, lent, province, ...")


class HandleTimes(Part):
    """How long calls of a class take in one city, where it is not as everywhere."""

    talk: DistributionAlone | None = None
    wrap_up: DistributionAlone | Literal["none"] | None = None

    @model_validator(mode="after")
    def says_something(self) -> HandleTimes:
        if self.talk is None and self.wrap_up is None:
            raise RuleError(say("says nothing: give talk, wrap_up or both"))
        return self


NO_OWN = HandleTimes.model_construct()
