"""How many seats of people on duty each lender can give at each time of day with every floor held, and in which way
they bring most: simulation says, for all lenders at once, at some levels from a few seats to all that terms allow.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import gains, losses
from optimizer.lending.inputs.province import Lent, Province
from optimizer.lending.settings import A_PERSON, LEVELS, LEVELS_KEPT_IDLE, MOST_DROPS, SEARCH_DAYS, SEARCH_LEAST
from optimizer.lending.trials import orders
from optimizer.lending.trials.corrections import bounded
from optimizer.lending.trials.evaluation import seen
from optimizer.lending.trials.floors import FloorResult
from optimizer.lending.trials.orders import Serves, Way
from optimizer.lending.trials.replay import ReplicationCache
from sim.core.arrays import Floats, Ints

Place = tuple[str, int | None]  # lender, block of the day or the whole day


@dataclass(frozen=True)
class Level:
    """All lend this part of what terms allow: by place, how far its floors are kept, each with its bound."""

    part: float
    room: dict[Place, dict[str, tuple[float, float]]]
    brings: float = 1.0  # people, as a part of what as many seats are promised to bring that answer for nobody else,
    costs: float = 1.0   # and that lenders lose, likewise

    @classmethod
    def of(cls, part: float, floors: list[FloorResult], times: float, brings: float = 1.0, costs: float = 1.0) -> Level:
        room = defaultdict[Place, dict[str, tuple[float, float]]](dict)
        for floor in floors:
            room[floor.lender, floor.number][floor.name] = floor.at_least(times), floor.bound
        return cls(part, dict(room), brings, costs)


@dataclass(frozen=True)
class Harm:
    """What happens to the floors as all lenders lend more and more in one way, from nothing on."""

    way: Way
    levels: list[Level]

    def floors_bind(self, drops: float = 1.0) -> bool:
        """Whether a floor gives way at any of these levels, where service may drop so many times as far."""
        return any(least < bound_of(bound, drops) for one in self.levels for kept in one.room.values()
                   for least, bound in kept.values())


def measured(estimates: Estimates, ways: Sequence[Way], luck: ReplicationCache, replications: int,
             times: float, drops: float = 1.0) -> list[Harm]:
    """The harm of lending in each of these ways, the one that brings most first; no others where floors do not bind.

    :param times: as many times as many replications will prove a plan.
    :param drops: times as far as floors say, as service may drop in the plan that lets it drop least.
    """
    found = list[Harm]()
    for way in ways:
        found.append(Harm(way, levels_of(estimates, way, luck, replications, times)))
        if not found[-1].floors_bind(drops):
            break
    return found


def levels_of(estimates: Estimates, way: Way, luck: ReplicationCache, replications: int, times: float) -> list[Level]:
    """All lend more and more in one way, until no floor holds."""
    province, found = estimates.province, [Level(0.0, {})]
    for part in (LEVELS if way.keep_idle == 0 else LEVELS_KEPT_IDLE) if province.lenders else ():
        lent = lent_by_all(province, part)
        verdict = seen(province, orders.levers_of(province, lent, Serves(way)), luck, replications)
        found.append(Level.of(part, verdict.floors, times,
                              of_promised(gains(estimates, lent), [one.mean for one in verdict.gains.values()]),
                              of_promised(losses(estimates, lent), [-one.mean for one in verdict.lenders.values()])))
        if all(broken(found[-1], place) for place in found[-1].room):
            break
    return found


def broken(level: Level, place: Place) -> bool:
    """Whether a floor gives way there even where it may drop as far as the most generous plan lets it."""
    return any(least < bound_of(bound, MOST_DROPS) for least, bound in level.room[place].values())


def bound_of(bound: float, drops: float) -> float:
    """A floor's bound where service may drop so many times as far; what is owed at the least is no drop, and stays."""
    return bound * drops if bound < 0 else bound


def of_promised(promised: Mapping[str, Floats], people: Iterable[float]) -> float:
    """How many people these are, as a part of what was promised, and within what the model may learn: the few that a
    low level brings can be luck alone."""
    return bounded(sum(people) / max(sum(float(values.sum()) for values in promised.values()), A_PERSON))


def limited(estimates: Estimates, harms: Sequence[Harm], drops: float) -> dict[str, Way]:
    """Put what simulation says in the place of what formulas say, for each lender in the way in which it can bring
    most. Lenders that borrow too are left as they are: help would hide what lending does to them.

    :param drops: how many times as far service may drop as the floors say that were measured.
    :returns: by lender: its way.
    """
    names = [name for name in estimates.province.lenders if name not in estimates.surfaces and any(
        lender == name for harm in harms for one in harm.levels for lender, _ in one.room)]
    most = [{name: most_of(estimates.province, harm.levels, name, drops) for name in names} for harm in harms]
    there = [at_level(estimates.province, harm.levels, of) for harm, of in zip(harms, most, strict=True)]
    ways = {name: max(range(len(harms)), key=lambda k: worth_of(most[k][name], harms[k].way, there[k].brings))
            for name in names}
    for name, k in ways.items():
        estimates.most[name], estimates.brings[name] = most[k][name], there[k].brings
    estimates.costs = float(np.mean([there[k].costs for k in ways.values()])) if ways else estimates.costs
    return {name: harms[k].way for name, k in ways.items()}


def most_of(province: Province, levels: list[Level], name: str, drops: float) -> Ints:
    """[open blocks] seats that a lender can give with every floor held."""
    whole = part_of(levels, (name, None), drops)
    parts = {number: min(whole, part_of(levels, (name, number), drops)) for number in province.numbers}
    return np.array([seats_of(int(most), parts[province.slot_of(block)[1]])
                     for block, most in zip(province.open_blocks, province.caps[name], strict=True)])


def at_level(province: Province, levels: list[Level], most: dict[str, Ints]) -> Level:
    """The level at which all give as many: between those that were measured by straight lines."""
    given, caps = (sum(int(seats.sum()) for name, seats in of.items() if name in most) for of in (most, province.caps))
    part, seen_at = given / max(caps, 1), levels[1:] or levels
    brings, costs = (float(np.interp(part, [one.part for one in seen_at], [getattr(one, what) for one in seen_at]))
                     for what in ("brings", "costs"))
    return Level(part, {}, brings, costs)


def worth_of(seats: Ints, way: Way, brings: float) -> float:
    """What a lender's seats bring in a way; as many as stay idle bring nothing."""
    return brings * float(seats[seats > way.keep_idle].sum())


def part_of(levels: list[Level], place: Place, drops: float) -> float:
    """The largest part of what terms allow with which every floor of a place is kept: between levels by straight
    lines."""
    floors = {name for level in levels for name in level.room.get(place, {})}
    return min((crossing(levels, place, name, drops) for name in floors), default=1.0)


def crossing(levels: list[Level], place: Place, name: str, drops: float) -> float:
    """Where a floor begins to give way."""
    before, room = 0.0, np.inf
    for level in levels:
        if name not in level.room.get(place, {}):
            continue
        least, bound = level.room[place][name]
        bound = bound_of(bound, drops)
        if least < bound:
            above = min(room, -bound) if bound < 0 else 0.0
            return before + (level.part - before) * above / max(above + bound - least, 1e-12) if above > 0 else before
        before, room = level.part, least - bound
    return 1.0


def seats_of(most: int, part: float) -> int:
    return int(np.floor(part * most + 1e-6))


def lent_by_all(province: Province, part: float) -> Lent:
    """Every lender lends this part of what terms allow, to whoever has the most callers of those whom it may help."""
    lent: dict[tuple[str, str, int, int], int] = {}
    for name in province.lenders:
        borrower = max((to for giver, to in province.pairs if giver == name),
                       key=lambda to: province.cities[to].callers.sum())
        for slot, seats in province.least_by_slot(np.rint(part * province.caps[name])).items():
            lent[name, borrower, *slot] = int(seats)
    return {slot: seats for slot, seats in lent.items() if seats}


def replications(province: Province, days: int = SEARCH_DAYS, least: int = SEARCH_LEAST) -> int:
    """How many it takes to look at each floor on so many days."""
    return max(-(-days // days_of(province)), least)


def days_of(province: Province) -> int:
    """Days with an open block."""
    return len({province.day(block) for block in province.open_blocks})
