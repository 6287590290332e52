"""Floors of lenders in words: one of three is true of each, and each is of a time of day or of the whole day."""
from __future__ import annotations

from sim.scenario.scenario import Scenario
from surgeline.folders.lending_plan import Floor
from surgeline.reports.page.blocks import Cell, YesNo
from surgeline.reports.page.words import Words


def tally(floors: tuple[Floor, ...]) -> dict[str, int]:
    """How many floors are proved, hold as far as seen, and are broken."""
    broken = sum(floor.broken for floor in floors)
    proved = sum(floor.proved for floor in floors if not floor.broken)
    return {"proved": proved, "kept": len(floors) - proved - broken, "broken": broken}


def verdict(w: Words, floor: Floor) -> Cell:
    """Proved, holding as far as seen, or broken."""
    if floor.broken:
        return YesNo(w("plan.not_kept"), False)
    return YesNo(w("plan.proved"), True) if floor.proved else w("plan.kept")


def meanings(w: Words, floors: tuple[Floor, ...]) -> list[str]:
    """What those of the three words mean that are said of floors."""
    counts = tally(floors)
    there = {"proved": counts["proved"] > 0, "all_proved": counts["proved"] == len(floors), "kept": counts["kept"] > 0,
             "broken": counts["broken"] > 0}
    return [w(f"plan.floors_note_{name}") for name, is_there in there.items() if is_there]


def span(scenario: Scenario, w: Words, floor: Floor) -> str:
    """The block of the day that a floor is about, or the whole day."""
    if floor.name == "day_drop":
        return w("plan.whole_day")
    return block_at(scenario, 60 * floor.hour + floor.minute)


def block_at(scenario: Scenario, start: int) -> str:
    """From when to when the block of the day lasts that begins at a minute."""
    return f"{clock(start)}–{clock(start + (scenario.lending.block_s // 60 if scenario.lending else 0))}"


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
