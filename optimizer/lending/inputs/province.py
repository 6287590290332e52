"""The door into the optimizer: a scenario becomes rates and seats by city and block.

A block is as long as the agreement says, counted from midnight; blocks of the night are there too, because callers who
failed carry over. All rates are per second, all times in seconds.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from scipy import special

from optimizer.lending.inputs import offers
from optimizer.lending.inputs.call_ins import OffDuty, off_duty
from optimizer.lending.inputs.sources import called_in_of, city_of, is_called_in, is_on_duty, offer_of
from optimizer.lending.settings import DIALS_AVERAGED, MOST_AGAIN, MOST_PERSISTENT
from sim.core.arrays import BUSY_SIGNAL, HUNG_UP, LAW, NO_LIMIT, ONE, PER_MILLE, Floats, Ints, Setting
from sim.fitting.expected import queues_of
from sim.measures.facts import Period
from sim.scenario.dates import Span
from sim.scenario.effects import SeatPool
from sim.scenario.lending_terms import Agreement, Offer, is_planned
from sim.scenario.levers import CloudSeats
from sim.scenario.quantities import plain
from sim.scenario.scenario import Scenario
from sim.world.build import build
from sim.world.distributions import mean_s
from sim.world.people import Staffing, half_up, taken_by

Pair = tuple[str, str]            # source, borrower
Slot = tuple[str, str, int, int]  # source, borrower, days for which the hours' plan holds, block of the day
Lent = Mapping[Slot, int]         # seats
LENDER, BORROWER = 0, 1           # places in a slot
A_DAY = plain(86400.0, "s")            # of terms under which every day has hours of its own


@dataclass(frozen=True)
class City:
    """One hotline, by block where an array."""

    name: str
    callers: Floats     # [B] fresh, expected
    seats: Floats       # [B] that answer its calls, in seats that take the mean time over a call; outsiders included
    own: Floats         # [B] of its own
    duty: Floats        # [B] agents' seats that it may lend from, before breaks
    people: Floats      # [B] seats that it can lend in every interval: it has people on duty for them
    lines: float        # calls in the hall, those in wrap-up included; infinite without a limit
    handle_s: float
    guest_handle_s: Mapping[tuple[str, ...], float]  # of the calls of the classes for which guests come
    patience_s: float
    after_busy: float   # chance of another dial
    after_hang_up: float
    busy_delay_s: float
    hang_up_delay_s: float
    busyness_cv: float
    at_the_phone: float  # share of a seat's hour


@dataclass(frozen=True)
class Province:
    """Everything that a plan is made from."""

    scenario: Scenario
    agreement: Agreement
    blocks: list[Period]
    cities: dict[str, City]
    borrowers: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]  # source, borrower
    open_blocks: list[int]  # in which seats may be lent
    off_duty: dict[str, OffDuty]        # by city that may call people in
    emergency: bool = False             # whether people are called in beyond the limits of overtime

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(source for source, _ in self.pairs))

    @property
    def lenders(self) -> tuple[str, ...]:
        """Cities whose people on duty may help others."""
        return tuple(source for source in self.sources if is_on_duty(source))

    @property
    def called_in(self) -> tuple[str, ...]:
        """Sources of people who are called in."""
        return tuple(source for source in self.sources if is_called_in(source))

    def come(self, source: str) -> bool:
        """Whether a source's people are off duty, in days off of their city: called in, or answering from home."""
        return is_called_in(source) or (offer_of(source) is not None and offers.people_off_duty(self.offer(source)))

    def people_of(self, source: str, borrower: str) -> float:
        """How many people a seat takes."""
        if offer_of(source) is None:
            return self.off_duty[city_of(source)].people_of(borrower)
        one = self.offer(source)
        return offers.people_of(one, self.off_duty[city_of(source)]) if isinstance(one, CloudSeats) else 1.0

    @property
    def offered(self) -> tuple[str, ...]:
        """Sources of others whom the terms offer."""
        return tuple(source for source in self.sources if offer_of(source) is not None)

    @property
    def block_s(self) -> int:
        return self.agreement.block_s

    @cached_property
    def caps(self) -> dict[str, Ints]:
        """By source: [open blocks] seats that it may give at the most, its floors aside."""
        called = {source: self.cap_called(source, to) for source, to in self.pairs if is_called_in(source)}
        return {name: self.cap(name) for name in self.lenders} | called | {
            source: self.cap_offered(source) for source in self.offered}

    def cap_offered(self, source: str) -> Ints:
        most = offers.most(self.offer(source), self.blocks, self.off_duty.get(city_of(source)))[self.open_blocks]
        return np.asarray(np.floor(most + 1e-9).astype(np.int64))

    def offer(self, source: str) -> Offer:
        """What the terms say of a source that is an offer."""
        number = offer_of(source)
        assert number is not None, source
        return self.agreement.offers[number]

    def cap_called(self, source: str, borrower: str) -> Ints:
        one = self.off_duty[city_of(source)]
        seats = np.minimum(one.come(self.emergency, borrower) / one.people_of(borrower), one.places)
        allowed = (seats if borrower == one.city else np.minimum(seats, one.remote))[self.open_blocks]
        return np.asarray(np.floor(allowed + 1e-9).astype(np.int64))

    def cap(self, name: str) -> Ints:
        city, terms = self.cities[name], self.agreement
        allowed = np.minimum(float(terms.share) * city.duty, city.duty - float(terms.keep))
        allowed = np.minimum(allowed, city.people)[self.open_blocks]
        return np.asarray(np.maximum(np.floor(allowed + 1e-9), 0).astype(np.int64))

    @cached_property
    def most_borrowed(self) -> dict[str, float]:
        """By borrower: guests that can be with it at once, all that others can give, within its licences."""
        found = {}
        for name in dict.fromkeys(borrower for _, borrower in self.pairs):
            given = sum(int(self.caps[giver].max(initial=0)) for giver, borrower in self.pairs
                        if borrower == name != city_of(giver))
            limits = (self.agreement.licences.get(name), self.agreement.seats)
            found[name] = min([float(given), *(float(limit) for limit in limits if limit is not None)])
        return found

    def most_help(self, borrower: str, block: int) -> float:
        """What all help at once is worth to a borrower, in seats of its own."""
        helping = [source for source, to in self.pairs if to == borrower]
        mine = sum(float(self.caps[own].max(initial=0)) * self.worth(own, borrower, block) for own in helping
                   if city_of(own) == borrower)
        guests = [self.worth(guest, borrower, block) for guest in helping if city_of(guest) != borrower]
        return max(guests, default=0.0) * self.most_borrowed.get(borrower, 0.0) + mine

    def under(self, **terms: Any) -> Province:
        """The same province under other terms."""
        return replace(self, agreement=self.agreement.model_copy(update=terms))

    def day(self, block: int) -> int:
        """Days from the first one of the horizon."""
        return (self.blocks[block].start.date() - self.blocks[0].start.date()).days

    def slot_of(self, block: int) -> tuple[int, int]:
        """The days for which the same hours' plan holds, counted from the first, and the block of the day."""
        return self.slots[block]

    @cached_property
    def slots(self) -> list[tuple[int, int]]:
        """Of every block."""
        first, held, block_s = self.blocks[self.open_blocks[0]].start.date(), self.agreement.hold_days, self.block_s
        return [((start.date() - first).days // held, (start.hour * 3600 + start.minute * 60) // block_s)
                for start in (block.start for block in self.blocks)]

    @cached_property
    def block_at(self) -> dict[tuple[date, int], int]:
        """By day and block of the day: which block it is. The first one of the horizon may begin late."""
        return {(block.start.date(), number): b
                for b, (block, (_, number)) in enumerate(zip(self.blocks, self.slots, strict=True))}

    @cached_property
    def places(self) -> dict[tuple[int, int], list[int]]:
        """By slot: which of the open blocks it is."""
        found: dict[tuple[int, int], list[int]] = {}
        for place, block in enumerate(self.open_blocks):
            found.setdefault(self.slots[block], []).append(place)
        return found

    @property
    def numbers(self) -> list[int]:
        """Blocks of the day that are open."""
        return sorted({number for _, number in self.places})

    def least_by_slot(self, values: Floats | Ints) -> dict[tuple[int, int], Any]:
        """By slot: the least of [open blocks] on the days that share their hours."""
        return {slot: values[places].min() for slot, places in self.places.items()}

    def worth(self, source: str, borrower: str, block: int) -> float:
        """Own seats that a seat of a source is worth to a borrower: less for guests than for its own people."""
        return self.worths[source, borrower][block]

    @cached_property
    def worths(self) -> dict[tuple[str, str], list[float]]:
        """By source and borrower: of every block."""
        return {pair: [self.worth_in(*pair, block) for block in range(len(self.blocks))] for pair in self.pairs}

    def worth_in(self, source: str, borrower: str, block: int) -> float:
        if offer_of(source) is not None:
            one = self.offer(source)
            mine = offers.worth(one, self.agreement, self.blocks[block].start)
            return mine * self.of_guests(borrower, offers.classes_of(one))
        if city_of(source) == borrower:
            return self.off_duty[borrower].worth_at_home
        return self.guest_worth(borrower, block)

    def guest_worth(self, borrower: str, block: int) -> float:
        """Own seats that a lent seat is worth to its borrower: it is not always there, learns, and takes some calls."""
        terms = self.agreement
        days = (self.blocks[block].start.date() - terms.ready.date()).days
        return float(terms.presence) * float(terms.speed.after(days)) * self.of_guests(borrower, terms.classes)

    def of_guests(self, borrower: str, classes: tuple[str, ...]) -> float:
        """How many calls a seat ends for which guests come, as a part of those that it would end of all calls."""
        city = self.cities[borrower]
        return city.handle_s / city.guest_handle_s[classes]

    def price(self, source: str) -> float:
        """People that an hour of a seat of a source has to be worth."""
        if not city_of(source) or is_on_duty(source):
            return float(self.agreement.seat_hour_cost)
        borrower = next(to for giver, to in self.pairs if giver == source)
        return float(self.agreement.call_in_cost) * self.people_of(source, borrower)

    def loss(self, city: str) -> float:
        """Own seats that a lender misses for a lent one."""
        return taken_by(a_seat(self.agreement), self.cities[city].at_the_phone)


def province(scenario: Scenario) -> Province:
    """A scenario as it is without the help that is to be planned: lend levers of its own are left out.

    :raises ValueError: for a scenario without an agreement.
    """
    agreement = scenario.lending
    if agreement is None:
        raise ValueError(f"{scenario.name} says nothing about lending")
    agreement = agreement.model_copy(update={"offers": tuple(map(agreement.since_agreed, agreement.offers))})
    alone = without_lending(scenario)
    setting = build(alone)
    blocks = blocks_of(scenario, agreement)
    who = pairs(scenario, agreement, agreement.borrowers or scenario.surged())
    borrowers = tuple(dict.fromkeys(borrower for _, borrower in who))
    return Province(alone, agreement, blocks, {name: city(alone, setting, blocks, name) for name in scenario.cities},
                    borrowers, who, open_blocks(agreement, blocks),
                    {name: off_duty(alone, blocks, name, agreement)
                     for name in dict.fromkeys(city_of(name) for pair in who for name in pair) if name})


def without_lending(scenario: Scenario) -> Scenario:
    """The scenario with all its levers but those that lend seats between cities, or take up what its terms offer: a
    plan decides of both."""
    kept = tuple(lever for lever in scenario.levers
                 if lever.kind != "recall" and not is_planned(lever, scenario.lending))
    return scenario.model_copy(update={"levers": kept})


def pairs(scenario: Scenario, agreement: Agreement, borrowers: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Sources and borrowers: people on duty and people called in of every lender, and a borrower's own called in."""
    lenders = agreement.lenders_among(scenario.cities, borrowers)
    lent = [(lender, borrower) for lender in lenders for borrower in borrowers if lender != borrower]
    return (*lent, *((called_in_of(lender), borrower) for lender, borrower in lent if lender not in borrowers),
            *((called_in_of(borrower), borrower) for borrower in borrowers if lent),
            *offers.pairs_of(agreement, borrowers))


def blocks_of(scenario: Scenario, agreement: Agreement) -> list[Period]:
    """Blocks of the horizon, from midnight on; the first and the last may be shorter."""
    every, start = scenario.horizon.interval_s, scenario.horizon.start
    moments = [start + timedelta(seconds=i * every) for i in range(scenario.horizon.intervals + 1)]
    midnight = datetime.combine(start.date(), datetime.min.time())
    number = [int((at - midnight).total_seconds()) // agreement.block_s for at in moments[:-1]]
    first = [i for i in range(len(number)) if i == 0 or number[i] != number[i - 1]]
    return [Period(a, b, moments[a], moments[b]) for a, b in zip(first, [*first[1:], len(number)], strict=True)]


def open_blocks(agreement: Agreement, blocks: list[Period]) -> list[int]:
    """Blocks that lie wholly in the hours of duty, from the moment in which seats are ready to the end."""
    first, last = agreement.hours
    return [b for b, block in enumerate(blocks)
            if agreement.ready <= block.start and block.end <= agreement.end
            and first <= block.start.hour * 60 + block.start.minute < last]


def city(scenario: Scenario, setting: Setting, blocks: list[Period], name: str) -> City:
    """One city's hotline in numbers."""
    w, names, spec = setting.world, setting.names, scenario.cities[name]
    queues = queues_of(setting, name)
    own = np.array([p for p, pool in enumerate(names.pools) if pool.kind == "own" and pool.home == name])
    callers = np.array([dialling(setting, queues)[b.first:b.last].sum(axis=0) for b in blocks])
    weights = callers.sum(axis=0) / callers.sum() if callers.sum() > 0 else np.full(len(queues), 1 / len(queues))
    handle = handle_s(setting, own, queues)
    slow = (callers @ handle) / np.maximum(callers.sum(axis=1), 1e-12) / float(weights @ handle)
    open_seats = mean_by(w.seats[:, own].sum(axis=1), blocks)
    chances = np.minimum(weights @ w.redial[queues, :, :DIALS_AVERAGED].mean(axis=2) / ONE, MOST_PERSISTENT)
    delays = weights @ np.array([[law_mean_s(w.law_ms, law) for law in w.redial_delay[q]] for q in queues])
    wrap_up = float(weights @ np.array([law_mean_s(w.law_ms, law) for law in w.wrap_up[queues]]))
    lines = float(np.median(w.lines[:, names.cities.index(name)]))
    return City(
        name=name, callers=callers.sum(axis=1), own=open_seats,
        seats=(open_seats + guests(setting, blocks, name, own)) / np.where(slow > 0, slow, 1.0),
        duty=open_seats / max(1 - float(spec.shrinkage), 1e-9), people=people(scenario, blocks, name),
        lines=lines + float(open_seats.mean()) * wrap_up / float(weights @ handle) if lines < NO_LIMIT else np.inf,
        handle_s=float(weights @ handle), guest_handle_s=for_guests(scenario, setting, queues, weights, handle),
        patience_s=float(weights @ np.array([patience_s(w.law_ms, law) for law in w.patience[queues]])),
        after_busy=float(chances[BUSY_SIGNAL]), after_hang_up=float(chances[HUNG_UP]),
        busy_delay_s=float(delays[BUSY_SIGNAL]), hang_up_delay_s=float(delays[HUNG_UP]),
        busyness_cv=busyness(setting, queues, weights), at_the_phone=1 - float(spec.shrinkage))


def people(scenario: Scenario, blocks: list[Period], name: str) -> Floats:
    """[B] seats that a city has people on duty for in every interval of a block, and that can answer for another
    city."""
    who = Staffing(scenario, scenario.horizon.times, scenario.effects).people(name)
    seats = np.full(scenario.horizon.intervals, np.inf if who.remote is None else who.remote)
    if scenario.lending is not None:
        one = a_seat(scenario.lending)
        at_the_phone = 1 - float(scenario.cities[name].shrinkage)
        part = taken_by(one, at_the_phone)
        seats = np.minimum(seats, half_up(who.seats) / part) if part > 0 else seats
    return np.array([seats[block.first:block.last].min() for block in blocks])


def a_seat(terms: Agreement) -> SeatPool:
    """A seat that is lent within these terms."""
    return SeatPool(name="", kind="lent", home=None, serves=(), seats=plain(1.0), presence=terms.presence,
                    span=Span(start=terms.ready, end=terms.end), speed=terms.speed)


def dialling(setting: Setting, queues: Ints) -> Floats:
    """[I, queues] callers to expect: without those whom another channel or the bot takes, and with those who call again
    because their matter was not settled, as if everybody had been answered."""
    w = setting.world
    reach = (1 - w.away[:, queues] / ONE) * (1 - w.bot[:, queues] / ONE)
    return np.asarray(setting.demand.mean[:, queues] * reach / (1 - np.minimum(w.unsettled[queues] / ONE, MOST_AGAIN)))


def handle_s(setting: Setting, pools: Ints, queues: Ints) -> Floats:
    """[queues] how long a seat of these pools is busy with a call: a millisecond at the least."""
    w = setting.world
    speed = {int(q): float(pm) / PER_MILLE for p, q, pm in zip(w.edge_pool, w.edge_queue, w.edge_speed_pm, strict=True)
             if p in pools}
    own_s = [law_mean_s(w.law_ms, w.talk[q]) + law_mean_s(w.law_ms, w.wrap_up[q]) for q in queues]
    return np.array([max(s * speed.get(int(q), 1.0), 0.001) for s, q in zip(own_s, queues, strict=True)])


def for_guests(scenario: Scenario, setting: Setting, queues: Ints, weights: Floats,
               handle: Floats) -> dict[tuple[str, ...], float]:
    """How long a call lasts of those for which guests come, by the classes that these answer."""
    terms, found = scenario.lending, dict[tuple[str, ...], float]()
    for wanted in ((), *((terms.classes, *map(offers.classes_of, terms.offers)) if terms else ())):
        part = weights * [not wanted or setting.names.queues[q][1] in wanted for q in queues]
        found[wanted] = float(part @ handle / part.sum()) if part.sum() > 0 else float(weights @ handle)
    return found


def mean_by(values: Floats, blocks: list[Period]) -> Floats:
    return np.array([values[b.first:b.last].mean() for b in blocks])


def law_mean_s(law_ms: Ints, law: int) -> float:
    """The mean of a law among those that are tabled one after another, 0 for none."""
    return mean_s(law_ms[law * LAW:(law + 1) * LAW]) if law >= 0 else 0.0


def patience_s(law_ms: Ints, law: int) -> float:
    return 86400.0 if law < 0 else max(law_mean_s(law_ms, law), 0.001)


def guests(setting: Setting, blocks: list[Period], name: str, own: Ints) -> Floats:
    """Seats of others that answer the city's calls, each worth as many own seats as it is fast."""
    w, names = setting.world, setting.names
    total = np.zeros(len(blocks))
    for p, pool in enumerate(names.pools):
        if p not in own and name in pool.serves:
            total += mean_by(w.seats[:, p] * PER_MILLE / w.speed_pm[:, p], blocks) / len(pool.serves)
    return total


def busyness(setting: Setting, queues: Ints, weights: Floats) -> float:
    """How much the city's days differ: classes are busy independently of each other."""
    return float(np.sqrt(np.sum((weights * setting.demand.busyness_cv[queues])**2)))


def days_that_may_come(cv: float, number: int) -> Floats:
    """[number] how busy a day is, from quiet to busy, all equally likely."""
    if cv <= 0:
        return np.ones(1)
    middle = (np.arange(number) + 0.5) / number
    return np.asarray(special.gammaincinv(cv**-2, middle) * cv**2)

