"""A scenario with other numbers at some places, and everything else as it is."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.problems import Where
from sim.scenario.quantities import Part, Quantity


def with_numbers(part: Any, numbers: Mapping[Where, float], path: Where = ()) -> Any:
    """The same scenario with other numbers at some places."""
    if isinstance(part, Quantity):
        return part.model_copy(update={"number": numbers[path]}) if path in numbers else part
    if isinstance(part, Part):
        fields = {name: field.alias or name for name, field in type(part).model_fields.items()}
        new = {name: with_numbers(getattr(part, name), numbers, (*path, alias)) for name, alias in fields.items()
               if leads_to(numbers, (*path, alias))}
        return part.model_copy(update=new) if new else part
    if isinstance(part, dict):
        return {key: with_numbers(value, numbers, (*path, str(key))) for key, value in part.items()}
    if isinstance(part, tuple):
        return tuple(with_numbers(value, numbers, (*path, i)) for i, value in enumerate(part))
    return part


def leads_to(numbers: Mapping[Where, float], path: Where) -> bool:
    return any(where[:len(path)] == path for where in numbers)
