"""Who sits at seats that help: people of a city who are on duty, or people of it who are called in.

A source is a name: the city's own for its people on duty, and one made of it for those who are called in.
"""
from __future__ import annotations

CALLED_IN = "+"
"""Behind a city's name: no key of a scenario file has it."""


def called_in_of(city: str) -> str:
    """The source of a city's people who are called in."""
    return city + CALLED_IN


def is_called_in(source: str) -> bool:
    return source.endswith(CALLED_IN)


def city_of(source: str) -> str:
    """Whose people a source is."""
    return source.removesuffix(CALLED_IN)
