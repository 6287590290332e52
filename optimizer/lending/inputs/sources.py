"""Who sits at seats that help: people of a city who are on duty, people of it who are called in, or others whom the
terms offer: a desk, volunteers, people at home.

A source is a name: the city's own for its people on duty, and one made of it for others.
"""
from __future__ import annotations

CALLED_IN, OFFERED = "+", "*"
"""Behind a city's name: no key of a scenario file has them."""


def called_in_of(city: str) -> str:
    """The source of a city's people who are called in."""
    return city + CALLED_IN


def is_called_in(source: str) -> bool:
    return source.endswith(CALLED_IN)


def offered_of(city: str, number: int) -> str:
    """The source of an offer, by its place among the terms; of no city where a desk is offered."""
    return f"{city}{OFFERED}{number}"


def offer_of(source: str) -> int | None:
    """Which offer a source is, if it is one."""
    return int(source.split(OFFERED)[1]) if OFFERED in source else None


def is_on_duty(source: str) -> bool:
    return not is_called_in(source) and offer_of(source) is None


def city_of(source: str) -> str:
    """Whose people a source is; nobody's where it is a desk."""
    return source.split(OFFERED)[0].removesuffix(CALLED_IN)
