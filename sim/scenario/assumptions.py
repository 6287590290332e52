"""Values that no source gives: which there are, those that are alike together, and a scenario with other numbers."""
from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from sim.scenario.problems import Where
from sim.scenario.quantities import Origin, Part, Quantity
from sim.scenario.scenario import Scenario, quantities

F = TypeVar("F", bound=Hashable)


def of_kind(scenario: Scenario, kind: Origin) -> Iterator[tuple[Where, Quantity]]:
    """The places and values that are assumed, or calibrated, or given."""
    return ((where, quantity) for where, quantity in quantities(scenario) if quantity.kind == kind)


def grouped(found: Iterable[tuple[Where, Quantity]],
            family: Callable[[Where], F]) -> dict[tuple[F, str], list[tuple[Where, Quantity]]]:
    """Those of one family with one note together, in the order of the first of each."""
    groups: dict[tuple[F, str], list[tuple[Where, Quantity]]] = {}
    for where, quantity in found:
        groups.setdefault((family(where), quantity.note), []).append((where, quantity))
    return groups


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
