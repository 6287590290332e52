"""The small form as files and callers write it: every field checked, all that is wrong said at once."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from optimizer.exact.instance import Case, Goal, Instance, InstanceError
from sim.queueing.erlang import Floats

NEEDED = ("cities", "lam", "N", "aht", "pat", "arcs", "cap")
CHANCES_BESIDE = ("p", "probabilities", "probability", "prob", "probs")
MAX_MIN = ("max_min", "maxmin", "maximin")  # as a field, or as what the field objective says
USUAL = ("answered", "sum", "total", "default")
TOLD = ("id", "title", "name", "note", "notes", "description", "comment")  # words beside the numbers
KNOWN = {*NEEDED, *CHANCES_BESIDE, *TOLD, "blocks", "T", "K", "e", "floor", "quantum", "licence", "w", "cost", "link",
         "redial", "scenarios", "chance", "cvar", "recourse", "standby_cost", "objective", *MAX_MIN}
ONE = 1e-6  # how far probabilities may be from 1 together
CHANCES = ("p", "prob", "probs", "probability", "probabilities", "weight")
ABOVE_0 = float(np.finfo(np.float64).tiny)


def instance_of(data: Mapping[str, Any]) -> Instance:
    """An instance from the fields of a file of instances.

    :raises InstanceError: with all that is wrong.
    """
    said = {name: value for name, value in data.items() if value is not None}
    names(said)
    problems: list[str] = []

    def field(name: str, read: Callable[[Any], Any], otherwise: Any) -> Any:
        """A field as ``read`` reads it, or what holds where it is not there."""
        if name not in said:
            return otherwise
        try:
            return read(said[name])
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            problems.append(f"{name} {error}")
            return otherwise

    cities = tuple(map(str, said["cities"]))
    n, blocks = len(cities), number_of_blocks(said)
    if n == 0 or len(set(cities)) < n:
        raise InstanceError("cities must have names, each its own")
    own = field("N", lambda x: array(x, (n, blocks), whole=True), np.zeros((n, blocks)))
    lengths = field("T", lambda x: array(x, (blocks,), ABOVE_0), np.full(blocks, 3600.0))
    switches, alike = field("link", link, (None, False))
    redial = field("redial", dials, (0.0, 0.0))
    goals, weights = goals_of(said, field, n)
    if len(goals) > 1:
        problems.append(f"{' and '.join(goals)} are {len(goals)} goals: name one")
    problems += [f"{name} needs scenarios" for name in ("recourse", "cvar", "chance")
                 if name in said and "scenarios" not in said]
    standby = field("standby_cost", lambda x: number(x), 0.0)
    read = {
        "cities": cities, "handle_s": field("aht", lambda x: array(x, (n,), ABOVE_0), np.ones(n)),
        "patience_s": field("pat", lambda x: array(x, (n,), ABOVE_0), np.ones(n)),
        "lines": field("K", lambda x: limits(x, n), [None] * n),
        "efficiency": field("e", lambda x: array(x, (n, n), exactly=True), np.ones((n, n))),
        "arcs": field("arcs", lambda x: arcs(x, cities), []),
        "most_lent": field("cap", lambda x: array(x, (n,), whole=True).astype(int).tolist(), [0] * n),
        "most_borrowed": field("licence", lambda x: limits(x, n), [None] * n),
        "floor": field("floor", lambda x: array(x, (n,), 0, 1), np.zeros(n)),
        "quantum": int(field("quantum", lambda x: number(x, 1, whole=True), 1)),
        "weight": weights, "seat_hour": field("cost", number, 0.0),
        "same_in_all_blocks": alike, "most_switches": switches, "after_busy": redial[0], "after_abandon": redial[1],
        "holds_with": field("chance", lambda x: number(one_of(x, ("chance", *CHANCES, "level")), 0, 1), None),
        "goal": goals[0] if goals else "answered",
        "tail": field("cvar", lambda x: number(one_of(x, ("alpha", "cvar", "level")), 0, 1 - 1e-9), 0.0),
        "standby_hour": field("recourse", lambda x: cost_of_standby(x, standby), standby),
    }
    if "scenarios" in said:
        beside = next((said[name] for name in CHANCES_BESIDE if name in said), None)
        cases = field("scenarios", lambda x: days(x, beside, own, lengths, "recourse" in said), ())
    else:
        rates = field("lam", lambda x: array(x, (n, blocks)), np.zeros((n, blocks)))
        cases = tuple(Case(b, 1.0, float(lengths[b]), rates[:, b], own[:, b].astype(int).tolist())
                      for b in range(blocks))
    if problems:
        raise InstanceError("; ".join(problems))
    return Instance(cases=cases, plans=1 + max(case.plan for case in cases), **read)


def names(said: Mapping[str, Any]) -> None:
    """:raises InstanceError: for fields that are not known, or not there."""
    unknown = sorted(set(said) - KNOWN)
    missing = [name for name in NEEDED if name not in said and not (name == "lam" and "scenarios" in said)]
    if unknown or missing:
        raise InstanceError("; ".join(f"{what} fields: {', '.join(which)}"
                                      for what, which in (("unknown", unknown), ("missing", missing)) if which))


def goals_of(said: Mapping[str, Any], field: Callable[..., Any], n: int) -> tuple[list[Goal], Floats]:
    """The goals that are named, other than the usual one, and the weights of cities."""
    weights, fair = field("w", lambda x: array(x, (n,)), np.ones(n)), field("objective", is_fair, False)
    for name in MAX_MIN:
        weights = field(name, lambda x, usual=weights: weights_beside(x, n, usual), weights)
        fair = fair or said.get(name, False) is not False
    there: dict[Goal, bool] = {"recourse": "recourse" in said, "cvar": "cvar" in said, "max_min": fair}
    return [goal for goal, named in there.items() if named], weights


def is_fair(value: Any) -> bool:
    """Whether an objective is that of the worst city, and not the usual one."""
    said = "".join(letter for letter in str(value).lower() if letter.isalpha())
    if said.startswith(("maxmin", "maximin")):
        return True
    if said in USUAL:
        return False
    raise ValueError(f"must be {USUAL[0]} or {MAX_MIN[0]}, got {value}; recourse and cvar are fields of their own")


def weights_beside(value: Any, n: int, usual: Floats) -> Floats:
    """The weights of cities that stand beside the goal of the worst city, which else is only named."""
    if isinstance(value, bool) or value == {}:
        return usual
    return array(value["weights"] if isinstance(value, Mapping) else value, (n,))


def number_of_blocks(said: Mapping[str, Any]) -> int:
    """As many as are said, or as there are columns of N."""
    try:
        own = np.asarray(said["N"], float)
        columns = 1 if own.ndim < 2 else own.shape[1]
        blocks = int(number(said.get("blocks", columns), 1, whole=True))
    except (TypeError, ValueError) as error:
        raise InstanceError(f"N or blocks {error}") from None
    if blocks != columns:
        raise InstanceError(f"blocks is {blocks}, and N is of {columns}")
    return blocks


def array(value: Any, shape: tuple[int, ...], low: float = 0.0, high: float = np.inf, *, whole: bool = False,
          exactly: bool = False) -> Floats:
    """Numbers of a shape; one stands for all of a row, a row for a column of one block."""
    try:
        numbers = np.asarray(value, float)
    except (TypeError, ValueError):
        raise ValueError(f"must be numbers, {times(shape)}") from None
    if not exactly and numbers.ndim == 0 and len(shape) == 1:
        numbers = np.full(shape, numbers)
    if not exactly and shape[1:] == (1,) and numbers.shape == shape[:1]:
        numbers = numbers[:, None]
    if numbers.shape != shape:
        raise ValueError(f"must be {times(shape)} numbers, got {times(numbers.shape)}")
    fine = np.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    if whole:
        fine &= numbers == np.floor(np.nan_to_num(numbers))
    if not fine.all():
        kind = "whole numbers" if whole else "numbers"
        least = "above 0" if low == ABOVE_0 else f"at least {low:g}"
        raise ValueError(f"must be {kind}, {least}{'' if high == np.inf else f' and at most {high:g}'}, "
                         f"got {numbers[~fine].flat[0]:g}")
    return numbers


def times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "one"


def number(value: Any, low: float = 0.0, high: float = np.inf, whole: bool = False) -> float:
    return float(array([value], (1,), low, high, whole=whole)[0])


def one_of(value: Any, names: tuple[str, ...]) -> Any:
    """What stands alone, or under one of some names."""
    if not isinstance(value, Mapping):
        return value
    for name in names:
        if name in value:
            return value[name]
    raise ValueError(f"must be a number, or have {names[0]}")


def limits(value: Any, n: int) -> list[int | None]:
    """A whole number or none for each city."""
    if np.ndim(value) != 1 or len(value) != n:
        raise ValueError(f"must have an entry for each of {n} cities, a whole number or null")
    return [None if one is None else int(number(one, whole=True)) for one in value]


def arcs(value: Any, cities: tuple[str, ...]) -> list[tuple[int, int]]:
    """Pairs of lender and borrower, by name or by number."""
    found = []
    for pair in value:
        if len(pair) != 2:
            raise ValueError(f"must be pairs of lender and borrower, got {pair}")
        numbers = [place(one, cities) for one in pair]
        if numbers[0] == numbers[1]:
            raise ValueError(f"must lead from one city to another, got {pair}")
        found.append((numbers[0], numbers[1]))
    if len(set(found)) < len(found):
        raise ValueError("must name each pair once")
    return found


def place(city: Any, cities: tuple[str, ...]) -> int:
    if isinstance(city, int) and 0 <= city < len(cities):
        return city
    if str(city) not in cities or isinstance(city, int):
        raise ValueError(f"names no city: {city}")
    return cities.index(str(city))


def link(value: Any) -> tuple[int | None, bool]:
    """The most seats that change from block to block, and whether one plan holds in all."""
    if isinstance(value, str) and value == "same_all_blocks":
        return None, True
    if isinstance(value, Mapping) and set(value) == {"switch_budget"}:
        return int(number(value["switch_budget"], whole=True)), False
    raise ValueError("must be same_all_blocks or a switch_budget")


def dials(value: Any) -> tuple[float, float]:
    """Chances of another dial after a busy signal and after hanging up."""
    if not isinstance(value, Mapping) or set(value) - {"after_busy", "after_abandon"}:
        raise ValueError("must have after_busy and after_abandon")
    busy, abandon = (number(value.get(name, 0.0), 0, 1 - 1e-9) for name in ("after_busy", "after_abandon"))
    return busy, abandon


def cost_of_standby(value: Any, otherwise: float) -> float:
    """What an hour of a seat on standby costs; it may stand beside the goal."""
    if isinstance(value, bool):
        return otherwise
    try:
        return number(one_of(value, ("standby_cost", "cost")))
    except ValueError as error:
        if isinstance(value, Mapping) and not value:
            return otherwise
        raise ValueError(f"(standby_cost) {error}") from None


def days(value: Any, beside: Any, own: Floats, lengths: Floats, each_its_plan: bool) -> tuple[Case, ...]:
    """What one block may turn out to be: probabilities (equal if none are given) and fresh calls a second."""
    if own.shape[1] != 1:
        raise ValueError("are of one block")
    chances, rates = listed(value)
    chances = beside if chances is None else chances
    if not len(rates):
        raise ValueError("must be at least one, each with lam")
    try:
        calls = by_day(np.asarray(rates, float), len(own), isinstance(value, Mapping))
    except ValueError as error:
        raise ValueError(f"have lam that {error}") from None
    number_of_days = len(calls)
    likely = np.full(number_of_days, 1 / number_of_days) if chances is None else probabilities(chances, number_of_days)
    return tuple(Case(s if each_its_plan else 0, float(likely[s]), float(lengths[0]), calls[s],
                      own[:, 0].astype(int).tolist()) for s in range(number_of_days))


def by_day(rates: Floats, cities: int, columns: bool) -> Floats:
    """[days, cities]: a list is of days, a mapping of lists has rows of cities; where only one fits, that is meant."""
    table = rates.reshape(len(rates), -1)
    if len(table) == cities and (columns or table.shape[1] != cities):
        table = table.T
    return array(table, (len(table), cities))


def listed(value: Any) -> tuple[Any, Any]:
    """Probabilities or None, and rates, of a list of scenarios or of a mapping of lists."""
    if isinstance(value, Mapping):
        if "lam" not in value:
            raise ValueError("must have lam")
        return next((value[name] for name in CHANCES if name in value), None), value["lam"]
    if len(value) and isinstance(value[0], Mapping):
        if any("lam" not in one for one in value):
            raise ValueError("must each have lam")
        chances = [next((one[name] for name in CHANCES if name in one), None) for one in value]
        return None if all(chance is None for chance in chances) else chances, [one["lam"] for one in value]
    return None, value


def probabilities(chances: Any, number_of_days: int) -> Floats:
    try:
        likely = array(chances, (number_of_days,), 0, 1)
    except ValueError as error:
        raise ValueError(f"have probabilities that {error}") from None
    if abs(likely.sum() - 1) > ONE:
        raise ValueError(f"have probabilities that must sum to 1, got {likely.sum():g}")
    return likely
