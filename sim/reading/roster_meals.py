"""Codes of shifts without the mark of their meal's time: who has the same shift on a day goes to meals in turn."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sim.scenario.staffing_terms import MARKS

Raw = dict[str, Any]


def with_meals(shifts: Iterable[Raw]) -> dict[str, list[str]]:
    """By a code without its mark: the codes of shifts that are the same but for the time of their meal."""
    codes, kinds = defaultdict[str, list[str]](list), defaultdict[str, list[object]](list)
    for shift in shifts:
        code = str(shift.get("code", ""))
        codes[code.rstrip(MARKS)].append(code)
        kinds[code.rstrip(MARKS)].append(but_for_meals(shift))
    return {base: marked for base, marked in codes.items()
            if base not in marked and all(kind == kinds[base][0] for kind in kinds[base])}


def but_for_meals(shift: Raw) -> object:
    """A shift as its file has it, without its code and the times of its breaks."""
    breaks = shift.get("breaks")
    lengths = [{key: value for key, value in one.items() if key != "window"} if isinstance(one, dict) else one
               for one in breaks] if isinstance(breaks, list) else breaks
    return {key: value for key, value in shift.items() if key not in ("code", "breaks")}, lengths


class Turns:
    """Whose turn it is, by day and code."""

    def __init__(self) -> None:
        self.had = Counter[tuple[int, str]]()

    def meal_of(self, day: int, code: str, meals: Mapping[str, list[str]]) -> str:
        """The code with the mark of the next meal, as it stands if it needs none."""
        if code not in meals:
            return code
        self.had[day, code] += 1
        return meals[code][(self.had[day, code] - 1) % len(meals[code])]
