"""Seats of a plan, whole, by source, borrower, days and block of the day: how they become levers, which terms they
break, and how they may be changed by a step, knowing nothing of any model."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from random import Random

import numpy as np

from optimizer.lending.inputs.call_ins import WEEK_DAYS
from optimizer.lending.inputs.province import Province, Slot
from optimizer.lending.inputs.sources import called_in_of, city_of, is_called_in
from optimizer.lending.menu.hours import lent_by
from optimizer.lending.trials.broken.every import broken_terms
from optimizer.lending.trials.floors import FloorResult
from optimizer.lending.trials.orders import FOR_BORROWER, Serves, Way, levers_of
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn

Pair = tuple[str, str]  # source, borrower
WAYS = (FOR_BORROWER, *(Way("home_first", idle) for idle in (0, 1, 2, 4)))
A_HAIR = 1e-6
CUT = 0.15              # of the seats of a lender whose floor gives way, at the least one


@dataclass(frozen=True)
class Seats:
    """A plan: seats by slot, and whom those of each pair serve. One that came as levers is these until it changes."""

    lent: Mapping[Slot, int]
    serves: Mapping[Pair, Way] = field(default_factory=dict)  # the borrower where nothing is said
    given: tuple[Lever, ...] | None = None

    def levers(self, province: Province) -> tuple[Lever, ...]:
        if self.given is not None:
            return self.given
        ways = dict.fromkeys(self.of(slot[:2]) for slot in self.lent)
        return tuple(lever for way in ways for lever in levers_of(
            province, {slot: seats for slot, seats in self.lent.items() if self.of(slot[:2]) == way}, Serves(way, way)))

    def of(self, pair: Pair) -> Way:
        return self.serves.get(pair, FOR_BORROWER)

    def with_seats(self, province: Province, lent: Mapping[Slot, int]) -> Seats:
        """The same with other seats, as far as caps go."""
        most = caps(province)
        found = {slot: min(seats, most.get(slot, 0)) for slot, seats in lent.items()}
        return Seats({slot: seats for slot, seats in found.items() if seats > 0}, self.serves)

    @property
    def key(self) -> frozenset[tuple[Slot, int, Way]]:
        """What it does, whatever it is called."""
        return frozenset((slot, seats, self.of(slot[:2])) for slot, seats in self.lent.items())


def seats_of(province: Province, levers: Iterable[Lever], as_given: bool = False) -> Seats:
    """The seats of levers, on the day of each slot on which they are most, as far as pairs and caps go."""
    levers = tuple(levers)
    lent = dict(lent_by(province, levers))
    for lever in levers:
        if isinstance(lever, CallIn):
            for slot in slots_of(province, lever):
                lent[slot] = lent.get(slot, 0) + ceil(float(lever.people) - A_HAIR)
    serves = {(source, lever.borrower): way_of(lever) for lever in levers if isinstance(lever, Lend)
              for source in (lever.lender, called_in_of(lever.lender))}
    found = Seats({}, serves).with_seats(province, lent)
    return Seats(found.lent, serves, levers) if as_given else found


def way_of(lever: Lend) -> Way:
    """Whom a lever's seats serve; those that serve both by need are home first."""
    return FOR_BORROWER if lever.serves == "borrower" else Way("home_first", lever.keep_idle)


def slots_of(province: Province, lever: CallIn) -> set[Slot]:
    """Slots in which people who are called in are at work."""
    return {(called_in_of(lever.city), lever.city, *province.slot_of(block)) for block in province.open_blocks
            if any(begin < province.blocks[block].end and province.blocks[block].start < end
                   for begin, end in lever.span.stretches())}


def caps(province: Province) -> dict[Slot, int]:
    """Seats that each pair may have in each slot at the most, on any of its days."""
    found: dict[Slot, int] = {}
    for source, borrower in province.pairs:
        for o, block in enumerate(province.open_blocks):
            slot, most = (source, borrower, *province.slot_of(block)), int(province.caps[source][o])
            found[slot] = min(found.get(slot, most), most)
    return found


# --- terms -----------------------------------------------------------------------------------------------------------

def keeps_terms(province: Province, seats: Seats) -> bool:
    """Whether a plan breaks no term of lending and asks nobody who can't be called in."""
    levers = seats.levers(province)
    return (not broken_terms(between_cities(province), levers)
            and all(enough_come(province, levers, city) for city in province.off_duty))


def between_cities(province: Province) -> Province:
    """The province with its pairs of cities, whoever sits at their seats."""
    cities = dict.fromkeys((city_of(source), borrower) for source, borrower in province.pairs)
    return replace(province, pairs=tuple(pair for pair in cities if pair[0] not in ("", pair[1])))


def enough_come(province: Province, levers: Iterable[Lever], city: str) -> bool:
    """Whether as many people of a city can be called in: each once a day, for long enough, and within what overtime
    and rest leave."""
    one = province.off_duty[city]
    called = [(lever, one.called_by(lever)) for lever in levers]
    turns = [(begin, end, people) for lever, people in called if people for begin, end in lever.span.stretches()]
    if any(not least_of(province, called_in_of(city)) <= (end - begin).total_seconds() / province.block_s
           <= max(one.longest, one.shortest) for begin, end, _ in turns):
        return False
    months, weeks = defaultdict(float), defaultdict(float)
    for begin, end, people in turns:
        months[begin.date().replace(day=1)] += people * (end - begin).total_seconds() / 3600
        weeks[(begin.date() - province.blocks[0].start.date()).days // WEEK_DAYS] += people
    if one.bound(province.emergency) and (any(hours > one.hours.get(month, 0.0) + A_HAIR
                                              for month, hours in months.items())
                                          or any(people > one.days + A_HAIR for people in weeks.values())):
        return False
    come = np.min([one.come(province.emergency, borrower) for source, borrower in province.pairs
                   if source == called_in_of(city)] or [one.rested], axis=0)
    return all(sum(people for begin, _, people in turns if begin.date() == at.date() and begin < province.blocks[b].end)
               <= come[b] + A_HAIR for b in province.open_blocks for at in [province.blocks[b].start])


# --- steps -----------------------------------------------------------------------------------------------------------

Step = Callable[[Province, Seats, Random], Seats]


def days_and_blocks(province: Province) -> dict[int, list[int]]:
    """By days for which the hours hold: the open blocks of the day."""
    found = defaultdict[int, set[int]](set)
    for block in province.open_blocks:
        held, number = province.slot_of(block)
        found[held].add(number)
    return {held: sorted(numbers) for held, numbers in found.items()}


def least_of(province: Province, source: str) -> int:
    """Blocks for which seats of a source are there at the least; all of a day that is open for fewer."""
    blocks = (province.off_duty[city_of(source)].shortest if is_called_in(source)
              else max(ceil(float(province.agreement.stint) / province.block_s), 1))
    return min(blocks, *map(len, days_and_blocks(province).values()))


def stretch(province: Province, luck: Random, source: str) -> Iterator[tuple[int, int]]:
    """(days, block) of a time of day, on all days or on those of one plan of hours, long enough for a source."""
    by_days = days_and_blocks(province)
    days = list(by_days) if luck.random() < 0.6 else [luck.choice(list(by_days))]
    numbers = sorted({number for those in by_days.values() for number in those})
    least = least_of(province, source)
    first = luck.randrange(len(numbers) - least + 1)
    these = set(numbers[first:luck.randint(first + least, len(numbers))])
    yield from ((held, number) for held in days for number in by_days[held] if number in these)


def add(province: Province, seats: Seats, luck: Random, pairs: Sequence[Pair] = ()) -> Seats:
    """Some seats more of a pair, or fewer, for a stretch of the day."""
    pair, more, lent = luck.choice(pairs or province.pairs), luck.choice((-3, -1, -1, 1, 1, 2, 4)), dict(seats.lent)
    for held, number in stretch(province, luck, pair[0]):
        slot = (*pair, held, number)
        lent[slot] = max(lent.get(slot, 0) + more, 0)
    return seats.with_seats(province, lent)


def call(province: Province, seats: Seats, luck: Random) -> Seats:
    """The same of people who are called in; nothing where nobody may be."""
    called = [pair for pair in province.pairs if is_called_in(pair[0])]
    return add(province, seats, luck, called) if called else seats


def move(province: Province, seats: Seats, luck: Random) -> Seats:
    """A seat of one source that another one lends instead: whenever it is there on a day, or for a stretch of the
    day."""
    if not seats.lent:
        return seats
    source, borrower, day, _ = luck.choice(sorted(seats.lent))
    others = [giver for giver, to in province.pairs if to == borrower and giver != source]
    if not others:
        return seats
    other, lent = luck.choice(others), dict(seats.lent)
    whole = [slot[2:] for slot in seats.lent if slot[:3] == (source, borrower, day)]
    for held, number in whole if luck.random() < 0.5 else list(stretch(province, luck, other)):
        if lent.get((source, borrower, held, number), 0):
            lent[source, borrower, held, number] -= 1
            lent[other, borrower, held, number] = lent.get((other, borrower, held, number), 0) + 1
    return seats.with_seats(province, lent)


def shift(province: Province, seats: Seats, luck: Random) -> Seats:
    """A stint begins or ends a block earlier or later."""
    if not seats.lent:
        return seats
    source, borrower, held, _ = luck.choice(sorted(seats.lent))
    there = sorted(number for giver, to, days, number in seats.lent if (giver, to, days) == (source, borrower, held))
    edge, outwards = luck.choice((there[0], there[-1])), luck.random() < 0.5
    beyond = edge + (1 if edge == there[-1] else -1)
    days = days_and_blocks(province) if luck.random() < 0.6 else [held]
    lent = dict(seats.lent)
    for day in days:
        edge_slot = (source, borrower, day, edge)
        if outwards and beyond in days_and_blocks(province)[day] and lent.get(edge_slot):
            lent[source, borrower, day, beyond] = lent[edge_slot]
        elif not outwards:
            lent.pop(edge_slot, None)
    return seats.with_seats(province, lent)


def switch(province: Province, seats: Seats, luck: Random) -> Seats:
    """A pair's seats serve in another way: their own city first, some of them idle for it, or the borrower alone."""
    pairs = sorted({(source, borrower) for source, borrower, *_ in seats.lent if city_of(source) != borrower})
    if not pairs:
        return seats
    pair = luck.choice(pairs)
    return Seats(seats.lent, {**seats.serves, pair: luck.choice([way for way in WAYS if way != seats.of(pair)])})


def scale(province: Province, seats: Seats, luck: Random) -> Seats:
    """All that a source gives, times so much."""
    if not seats.lent:
        return seats
    source, times = luck.choice(sorted({slot[0] for slot in seats.lent})), luck.choice((0.0, 0.5, 0.8, 1.25, 1.5, 2.0))
    return seats.with_seats(province, {slot: round(times * n) if slot[0] == source else n
                                       for slot, n in seats.lent.items()})


STEPS: tuple[Step, ...] = (add, add, add, move, move, shift, shift, switch, scale, call)


def stepped(province: Province, seats: Seats, luck: Random) -> Seats:
    """Changed by a step or two."""
    for _ in range(luck.choice((1, 1, 1, 2))):
        seats = luck.choice(STEPS)(province, seats, luck)
    return seats


def shaken(province: Province, seats: Seats, luck: Random) -> Seats:
    """Changed by many steps that each keep the terms: somewhere else to begin from."""
    for _ in range(12):
        other = stepped(province, seats, luck)
        seats = other if keeps_terms(province, other) else seats
    return seats


def any_part(province: Province, luck: Random) -> Seats:
    """A part of all that caps allow, at some times of some pairs."""
    part = luck.choice((0.1, 0.2, 0.4, 0.7))
    some = [pair for pair in province.pairs if luck.random() < 0.7]
    return Seats({slot: round(part * most) for slot, most in caps(province).items()
                  if slot[:2] in some and round(part * most)}, {pair: luck.choice(WAYS) for pair in some})


def cut(province: Province, seats: Seats, floors: Iterable[FloorResult]) -> Seats:
    """Fewer seats of those whose floors give way, then; for the whole day where terms allow no shorter cut."""
    broken = {(floor.lender, floor.number) for floor in floors if floor.broken}
    then = fewer(seats, lambda slot: (city_of(slot[0]), slot[3]) in broken or (city_of(slot[0]), None) in broken)
    cities = {city for city, _ in broken}
    found = seats.with_seats(province, then)
    return found if keeps_terms(province, found) else seats.with_seats(
        province, fewer(seats, lambda slot: city_of(slot[0]) in cities))


def fewer(seats: Seats, where: Callable[[Slot], bool]) -> dict[Slot, int]:
    return {slot: n - max(1, round(CUT * n)) if where(slot) else n for slot, n in seats.lent.items()}
