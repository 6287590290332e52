"""From seats by block to levers: the plan as a list that a planner could have typed."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from optimizer.lending.inputs.province import Province, Slot
from sim.scenario.levers import Lend
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario

Stint = tuple[int, int, int]  # first block of the day, the one after the last, seats


def levers_of(province: Province, lent: Mapping[Slot, int], serves: str = "borrower") -> tuple[Lend, ...]:
    """A lever for each stint: so many seats, at these hours of the day, from the first day of it to the last."""
    days: dict[tuple[str, str], dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for (lender, borrower, held, number), seats in lent.items():
        days[lender, borrower][held][number] = seats
    return tuple(lever(province, pair, stint, first, last, serves)
                 for pair, by_day in days.items() for stint, first, last in runs(by_day))


def runs(by_day: Mapping[int, Mapping[int, int]]) -> list[tuple[Stint, int, int]]:
    """(stint, first, last): stints that are the same on days that follow each other, taken together."""
    found: list[tuple[Stint, int, int]] = []
    going: dict[Stint, int] = {}
    for held in range(min(by_day), max(by_day) + 2):
        today = set(stints(by_day.get(held, {})))
        for stint in [stint for stint in going if stint not in today]:
            found.append((stint, going.pop(stint), held - 1))
        for stint in today:
            going.setdefault(stint, held)
    return sorted(found, key=lambda one: (one[1], one[0]))


def stints(seats: Mapping[int, int]) -> list[Stint]:
    """A day's seats by block as stints that add up to them, the longest ones below."""
    found: list[Stint] = []
    going: list[tuple[int, int]] = []  # (first block, seats): the level that they reach rises
    for block in range(min(seats, default=0), max(seats, default=-1) + 2):
        level, now = seats.get(block, 0), sum(n for _, n in going)
        while now > level:
            first, n = going.pop()
            back = min(n, now - level)
            found.append((first, block, back))
            if n > back:
                going.append((first, n - back))
            now -= back
        if level > now:
            going.append((block, level - now))
    return found


def lever(province: Province, pair: tuple[str, str], stint: Stint, first: int, last: int, serves: str) -> Lend:
    terms, (start, end, seats) = province.agreement, stint
    begin = province.blocks[province.open_blocks[0]].start.date()
    minutes = terms.block_s // 60
    from_day, to_day = (begin + timedelta(days=held * terms.hold_days) for held in (first, last + 1))
    last_day = min(to_day - timedelta(days=1), (terms.end - timedelta(seconds=1)).date())
    opens = datetime.combine(from_day, time()) + timedelta(minutes=start * minutes)
    closes = datetime.combine(last_day, time()) + timedelta(minutes=end * minutes)
    return Lend.model_validate({
        "kind": "lend", "lender": pair[0], "borrower": pair[1], "seats": plain(float(seats)),
        "from": max(opens, province.blocks[province.open_blocks[0]].start),
        "to": min(closes, province.blocks[province.open_blocks[-1]].end),
        "hours": (start * minutes, end * minutes), "serves": serves,
        "classes": terms.classes, "first": terms.first,
        "presence": terms.presence, "off_duty": terms.off_duty, "speed": terms.speed,
    })


def with_plan(province: Province, levers: tuple[Lend, ...]) -> Scenario:
    """The scenario without other lending, and with these levers."""
    return province.scenario.model_copy(update={"levers": (*province.scenario.levers, *levers)})
