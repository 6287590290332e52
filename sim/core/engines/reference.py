"""The simulator as a story: one SimPy process per caller. Slow, plain, and the one we trust.

It can also be advanced to a moment, looked at, and have its future changed: a live rehearsal stands on that.
"""
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import simpy

from sim.core import arrays, draws, rules
from sim.core.arrays import ANSWER, BUSY_SIGNAL, CALL, HUNG_UP, LONGEST_MS, NEVER, ON_BUSY, Callers, Outcomes, World

Story = Generator[simpy.Event, Any, None]

# What a change of the future leaves as it is.
SAME = ("interval_ms", "queue_city", "queue_key", "moment_key")

# SimPy keeps the priorities 0 and 1 for itself. Dials of one millisecond come in the order of the callers.
BEGIN = -1  # an interval begins before anything else
PHASE = {kind: (10 + kind) << 64 for kind in range(BEGIN, rules.HANG_UP + 1)}


class At(simpy.Event):
    """An event at a given millisecond, in its place within that millisecond."""

    def __init__(self, env: simpy.Environment, ms: int, kind: int, caller: int = 0):
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, priority=PHASE[kind] + caller, delay=ms - env.now)  # type: ignore[arg-type]


@dataclass(slots=True)
class Person:
    """A caller: who it is, and how the present dial goes."""

    key: int
    caller: int
    queue: int
    first_ms: int
    attempt: int = 0
    tries: int = 0
    was_answered: bool = False
    dialled_ms: int = -1
    outcome: simpy.Event = field(default=None)  # type: ignore[assignment]


@dataclass(slots=True)
class Pool:
    """Seats of one kind: how many are busy, until when their time is counted, and whether they help others now."""

    busy: int = 0
    counted_ms: int = 0
    helping: bool = False


def pairs(world: World) -> set[tuple[int, int]]:
    """(pool, queue) of every edge."""
    return set(zip(world.edge_pool.tolist(), world.edge_queue.tolist(), strict=True))


class Edges:
    """Who may serve whom: (pool, queue, rank, after_ms, speed_pm, reserve), and the edges of each pool and queue."""

    def __init__(self, world: World):
        pools, queues = world.seats.shape[1], len(world.queue_city)
        columns = (world.edge_pool, world.edge_queue, world.edge_rank, world.edge_after_ms, world.edge_speed_pm,
                   world.edge_reserve)
        self.all = list(zip(*(column.tolist() for column in columns), strict=True))
        self.of_pool: list[list[int]] = [[] for _ in range(pools)]
        self.of_queue: list[list[int]] = [[] for _ in range(queues)]
        for e, (pool, queue, *_) in enumerate(self.all):
            self.of_pool[pool].append(e)
            self.of_queue[queue].append(e)
        self.on_busy = [[e for e in sorted(edges, key=self.by_preference) if rules.on_busy(self.all[e][3])]
                        for edges in self.of_queue]
        self.delays = [sorted({self.all[e][3] for e in edges} - {0, ON_BUSY}) for edges in self.of_queue]


    def by_preference(self, edge: int) -> tuple[int, int]:
        """In what order a call goes through the edges of its queue."""
        pool, _, rank, *_ = self.all[edge]
        return rank, pool


class Look(NamedTuple):
    """What can be seen at a moment."""

    ms: int
    waiting: list[int]     # callers who wait, by queue
    busy: list[int]        # seats that talk or write up, by pool
    lines_used: list[int]  # calls that wait or talk, by city


class Network:
    """All hotlines of a world, while their calls come and go."""

    def __init__(self, world: World, callers: Callers, keep_calls: bool = False):
        self.env: Any = simpy.Environment()
        intervals, queues, pools = len(world.moment_key), len(world.queue_city), world.seats.shape[1]
        self.intervals = intervals
        self.keep_calls = keep_calls
        self.lines: list[OrderedDict[int, Person]] = [OrderedDict() for _ in range(queues)]
        self.lines_used = [0] * world.lines.shape[1]
        self.pools = [Pool() for _ in range(pools)]
        self.interval = -1
        self.touched_pools: set[int] = set()
        self.touched_queues: set[int] = set()
        self.matching_ms = -1
        self.flows = np.zeros((intervals, queues, arrays.FLOWS), np.int64).tolist()
        self.pool_facts = np.zeros((intervals, pools, arrays.POOL_FACTS), np.int64).tolist()
        self.waiting = np.zeros((intervals, queues), np.int64).tolist()
        self.answers: list[tuple[int, ...]] = []
        self.calls: list[tuple[int, ...]] = []
        self.read(world, callers)
        self.end_ms = intervals * world.interval_ms
        self.begin_at(0)

    def read(self, world: World, callers: Callers) -> None:
        """Take the tables of a world to heart: as lists, because that is what Python reads fast."""
        self.world, self.callers = world, callers
        self.edges = Edges(world)
        self.seats, self.speed_pm, self.room = world.seats.tolist(), world.speed_pm.tolist(), world.lines.tolist()
        self.bot, self.away, self.divert = world.bot.tolist(), world.away.tolist(), world.divert.tolist()
        self.redial, self.redial_delay = world.redial.tolist(), world.redial_delay.tolist()
        self.most_tries = world.redial.shape[2]
        self.release, self.resume = world.pool_release.tolist(), world.pool_resume.tolist()
        self.helpers = [p for p, resume in enumerate(self.resume) if rules.has_help(resume)]
        self.city, self.home, self.laws = world.queue_city.tolist(), world.pool_home.tolist(), world.law_ms.tolist()
        self.patience, self.talk, self.wrap_up = world.patience.tolist(), world.talk.tolist(), world.wrap_up.tolist()
        self.unsettled, self.return_delay = world.unsettled.tolist(), world.return_delay.tolist()

    # --- time ---------------------------------------------------------------------------------------------------------

    def begin_at(self, interval: int) -> None:
        """Have an interval begin at its time, before anything else in that millisecond."""
        begin = At(self.env, interval * self.world.interval_ms, BEGIN)
        begin.callbacks.append(lambda _: self.begin(interval))

    def begin(self, interval: int) -> None:
        """Seats change; fresh callers will dial."""
        self.end_interval()
        before = self.seats[interval - 1] if interval else [0] * len(self.pools)
        self.interval = interval
        for p, seats in enumerate(self.seats[interval]):
            if seats != before[p] or interval == 0:
                self.touch(pool=p)
        self.expected = self.callers.fresh[interval].tolist()
        self.made = [0] * len(self.expected)
        self.make_callers()
        self.begin_at(interval + 1)

    def make_callers(self) -> None:
        """Bring the fresh callers of this interval into the world, as far as their moment is still to come."""
        for queue, expected in enumerate(self.expected):
            for k in range(self.made[queue], expected):
                person = self.fresh_caller(self.interval, queue, k)
                if person.first_ms >= self.env.now:
                    self.env.process(self.life(person))
            self.made[queue] = max(self.made[queue], expected)

    def end_interval(self) -> None:
        """Count seat time up to now, and who waits now."""
        if self.interval >= 0:
            for p in range(len(self.pools)):
                self.count_busy(p)
            self.waiting[self.interval] = [len(line) for line in self.lines]

    def fresh_caller(self, interval: int, queue: int, k: int) -> Person:
        world = self.world
        key = draws.caller_key(self.callers.key, int(world.queue_key[queue]), int(world.moment_key[interval]), k)
        offset = rules.share_of(draws.draw(key, 0, draws.ARRIVAL), world.interval_ms)
        return Person(key, rules.caller_number(interval, queue, k), queue, interval * world.interval_ms + offset)

    def advance(self, until_ms: int) -> None:
        """Let everything happen that comes before a moment."""
        if until_ms > self.env.now:
            self.env.run(until=until_ms)

    def look(self) -> Look:
        """What can be seen now."""
        return Look(int(self.env.now), [len(line) for line in self.lines], [pool.busy for pool in self.pools],
                    list(self.lines_used))

    def change(self, world: World, callers: Callers) -> None:
        """Give the future other tables: they hold from now on, and nothing before is altered.

        Pools may be added behind the old ones; a pool that goes keeps its column, without seats.

        :raises ValueError: if the world is not one of the same cities, classes and intervals, or if a pool may no
            longer serve whom it served.
        """
        more = world.seats.shape[1] - len(self.pools)
        same = all(np.array_equal(getattr(self.world, name), getattr(world, name)) for name in SAME)
        same &= self.most_tries == world.redial.shape[2]
        if not same or more < 0 or not pairs(self.world) <= pairs(world):
            raise ValueError("a change keeps cities, classes, intervals, limits of dials, and the order of the pools "
                             "and whom they serve")
        for p in range(len(self.pools)):
            self.count_busy(p)
        self.pools += [Pool(0, int(self.env.now)) for _ in range(more)]
        for facts in self.pool_facts:
            facts += [[0] * arrays.POOL_FACTS for _ in range(more)]
        self.read(world, callers)
        for pool, resume in zip(self.pools, self.resume, strict=True):
            pool.helping &= rules.has_help(resume)
        if self.interval >= 0:
            self.expected = callers.fresh[self.interval].tolist()
            self.make_callers()
        self.touch_everything()

    def touch_everything(self) -> None:
        """Look at every pool and queue now, and again when a call has waited long enough under the new rules."""
        for pool in range(len(self.pools)):
            self.touch(pool=pool)
        for queue, line in enumerate(self.lines):
            self.touch(queue=queue)
            for person in line.values():
                for delay in self.edges.delays[queue]:
                    if person.dialled_ms + delay > self.env.now:
                        self.touch_later(queue, person.dialled_ms + delay)

    # --- a caller's life ----------------------------------------------------------------------------------------------

    def life(self, person: Person) -> Story:
        """Dial, and dial again, until answered for good, served by the bot, turned elsewhere or lost."""
        moment: int | None = person.first_ms
        while moment is not None:
            yield At(self.env, moment, rules.DIAL, person.caller)
            if not self.exists(person):
                return
            moment = yield from self.dial(person)

    def exists(self, person: Person) -> bool:
        """Whether a change has not wished this caller away before the first dial."""
        return person.attempt > 0 or rules.number_in_queue(person.caller) < self.expected[person.queue]

    def dial(self, person: Person) -> Generator[simpy.Event, Any, int | None]:
        """One try. Returns the moment of the next one, None if there is none."""
        queue = person.queue
        if person.attempt == 0 and self.chance(person, draws.AWAY, self.away):
            return self.end(person, arrays.CALLERS_AWAY)
        self.flows[self.interval][queue][arrays.DIALS] += 1
        if person.attempt == 0:
            self.count_person(person, arrays.CALLERS)
        person.attempt += 1
        person.tries = rules.one_more(person.tries, self.most_tries)
        person.dialled_ms = self.env.now
        if self.chance(person, draws.BOT, self.bot):
            self.record(person, arrays.BY_BOT, arrays.DIALS_BOT)
            return self.end(person, arrays.CALLERS_BOT)
        city, edge = self.city[queue], None
        if not self.has_line(city):
            if (edge := self.helper(queue)) is None:
                self.record(person, arrays.BLOCKED, arrays.DIALS_BLOCKED)
                return self.after_failure(person, BUSY_SIGNAL)
            city = self.home[self.edges.all[edge][0]]
            self.take_seat(edge)
            self.touch(pool=self.edges.all[edge][0])

        self.lines_used[city] += 1
        if edge is None:
            edge = yield self.wait(person)
        if edge is None:
            self.lines_used[city] -= 1
            self.record(person, arrays.ABANDONED, arrays.DIALS_ABANDONED, self.env.now - person.dialled_ms)
            return self.after_failure(person, HUNG_UP)

        yield self.talk_with(person, edge)
        self.lines_used[city] -= 1
        return self.after_answer(person)

    def has_line(self, city: int) -> bool:
        return bool(self.lines_used[city] < self.room[self.interval][city])

    def helper(self, queue: int) -> int | None:
        """The edge by which a call is answered at once that finds no free line at home: of another city, that has a
        free line too. A seat that freed in this millisecond belongs to those who wait."""
        for edge in self.edges.on_busy[queue]:
            pool = self.edges.all[edge][0]
            awaited = any(self.may_serve(other) for other in self.edges.of_pool[pool])
            if self.has_spare(edge) and not awaited and self.has_line(self.home[pool]):
                return edge
        return None

    def wait(self, person: Person) -> simpy.Event:
        """Take the last place in the queue. The event comes with the edge of the answer, or with None."""
        line = self.lines[person.queue]
        line[person.caller] = person
        if len(line) == 1:
            self.touch(queue=person.queue)
        for delay in self.edges.delays[person.queue]:
            self.touch_later(person.queue, self.env.now + delay)
        person.outcome = self.env.event()
        law = self.patience[person.queue]
        if law >= 0:
            patience = rules.duration_ms(self.laws, law, draws.draw(person.key, person.attempt, draws.PATIENCE))
            outcome = person.outcome
            end = At(self.env, self.env.now + patience, rules.HANG_UP)
            end.callbacks.append(lambda _: self.hang_up(person, outcome))
        return person.outcome

    def hang_up(self, person: Person, outcome: simpy.Event) -> None:
        """Patience ends: nothing happens if somebody answered."""
        if not outcome.triggered:
            del self.lines[person.queue][person.caller]
            self.touch(queue=person.queue)
            outcome.succeed(None)

    def talk_with(self, person: Person, edge: int) -> simpy.Event:
        """The seat talks and then writes the request up. The event is the end of the talk."""
        now, queue, pool = self.env.now, person.queue, self.edges.all[edge][0]
        talk = self.work(person, edge, self.talk[queue], draws.TALK)
        wrap_up = 0 if self.wrap_up[queue] < 0 else self.work(person, edge, self.wrap_up[queue], draws.WRAP_UP)
        self.record(person, arrays.ANSWERED, arrays.DIALS_ANSWERED, now - person.dialled_ms, talk, wrap_up, pool)
        self.count_person(person, arrays.CALLERS_ANSWERED)
        person.was_answered = True
        self.pool_facts[self.interval][pool][arrays.STARTS] += 1
        self.answers.append((min(LONGEST_MS, now - person.dialled_ms), self.dialled_in(person), pool, queue))
        freed = At(self.env, now + talk + wrap_up, rules.SEAT_FREE)
        freed.callbacks.append(lambda _: self.free_seat(pool))
        return At(self.env, now + talk, rules.TALK_END)

    def work(self, person: Person, edge: int, law: int, purpose: int) -> int:
        """How long the pool of this edge takes over a part of the call."""
        pool, _, _, _, edge_pm, reserve = self.edges.all[edge]
        work = rules.duration_ms(self.laws, law, draws.draw(person.key, person.attempt, purpose))
        pace = rules.pace_pm(self.speed_pm[self.interval][pool], reserve, self.resume[pool])
        return int(rules.at_speed_ms(work, pace, edge_pm))

    def after_failure(self, person: Person, cause: int) -> int | None:
        """After a busy signal or a hang-up: another channel, another dial, or lost."""
        if self.chance(person, draws.CHANNEL, self.divert, person.attempt):
            return self.end(person, arrays.CALLERS_DIVERTED)
        draw = draws.draw(person.key, person.attempt, draws.REDIAL)
        if not rules.dials_again(draw, self.redial[person.queue][cause][person.tries - 1], person.attempt):
            return self.end(person, arrays.CALLERS_LOST)
        draw = draws.draw(person.key, person.attempt, draws.REDIAL_DELAY)
        return self.come_back(rules.duration_ms(self.laws, self.redial_delay[person.queue][cause], draw))

    def after_answer(self, person: Person) -> int | None:
        """A caller whose matter is not settled will be back on a later day."""
        chance = self.unsettled[person.queue]
        if not chance or not rules.happens(draws.draw(person.key, person.attempt, draws.SETTLED), chance):
            return None
        person.tries = 0
        draw = draws.draw(person.key, person.attempt, draws.RETURN_DELAY)
        return self.come_back(rules.days_later_ms(rules.duration_ms(self.laws, self.return_delay[person.queue], draw)))

    def come_back(self, delay_ms: int) -> int | None:
        """The moment of the next dial, if the horizon sees it."""
        moment = int(self.env.now) + delay_ms
        return moment if moment < self.end_ms else None

    def chance(self, person: Person, purpose: int, chances: list[list[int]], attempt: int = 0) -> bool:
        """Whether something with a chance that changes by interval happens to this person."""
        chance = chances[self.interval][person.queue]
        return chance > 0 and rules.happens(draws.draw(person.key, attempt, purpose), chance)

    # --- seats --------------------------------------------------------------------------------------------------------

    def free_seat(self, pool: int) -> None:
        self.count_busy(pool)
        self.pools[pool].busy -= 1
        self.touch(pool=pool)

    def count_busy(self, p: int) -> None:
        """Add up seat time until now, before the number of busy seats changes."""
        pool, facts = self.pools[p], self.pool_facts[self.interval][p]
        passed = int(self.env.now) - pool.counted_ms
        pool.counted_ms += passed
        facts[arrays.BUSY_MS] += passed * pool.busy
        facts[arrays.STAFFED_MS] += passed * max(pool.busy, self.seats[self.interval][p])

    def touch(self, pool: int | None = None, queue: int | None = None) -> None:
        """Look at this pool or queue when everything else has happened in this millisecond."""
        if pool is not None:
            self.touched_pools.add(pool)
        if queue is not None:
            self.touched_queues.add(queue)
        if self.matching_ms != self.env.now:
            self.matching_ms = self.env.now
            At(self.env, int(self.env.now), rules.MATCH).callbacks.append(lambda _: self.match())

    def touch_later(self, queue: int, moment: int) -> None:
        """Look at a queue again when its call has waited long enough for one more pool."""
        At(self.env, moment, rules.RECHECK).callbacks.append(lambda _: self.touch(queue=queue))

    def match(self) -> None:
        """Join callers and seats until no idle seat may serve anybody who waits."""
        self.matching_ms = -1
        while (edge := self.best_pair()) >= 0:
            _, person = self.lines[self.edges.all[edge][1]].popitem(last=False)
            self.take_seat(edge)
            person.outcome.succeed(edge)
        for pool in self.helpers:
            self.pools[pool].helping = bool(rules.may_spare(self.idle(pool), self.kept_from_help(pool)))
        self.touched_pools.clear()
        self.touched_queues.clear()

    def take_seat(self, edge: int) -> None:
        """A seat of the pool of this edge is busy from now on."""
        pool, _, _, _, _, reserve = self.edges.all[edge]
        self.count_busy(pool)
        self.pools[pool].busy += 1
        self.pools[pool].helping |= rules.is_help(reserve)

    def idle(self, pool: int) -> int:
        """Idle seats; below 0 where seats closed while their calls go on."""
        return int(self.seats[self.interval][pool] - self.pools[pool].busy)

    def kept_from_help(self, pool: int) -> int:
        """Idle seats that a pool keeps now free of the calls of those whom it helps."""
        return int(rules.kept_from_help(self.pools[pool].helping, self.release[pool], self.resume[pool]))

    def has_spare(self, edge: int) -> bool:
        """Whether the pool of this edge has an idle seat that it does not keep for others."""
        pool, _, _, _, _, reserve = self.edges.all[edge]
        kept = self.kept_from_help(pool) if rules.is_help(reserve) else reserve
        return bool(rules.may_spare(self.idle(pool), kept))

    def may_serve(self, edge: int) -> bool:
        """Whether the pool of this edge has an idle seat that may take the head of its queue."""
        _, queue, _, after, _, _ = self.edges.all[edge]
        return (bool(self.lines[queue]) and self.has_spare(edge)
                and bool(rules.may_take(self.env.now, self.since(queue), after)))

    def since(self, queue: int) -> int:
        """When the head of a queue dialled."""
        return next(iter(self.lines[queue].values())).dialled_ms

    def best_pair(self) -> int:
        """The edge by which the next call is to be answered, -1 if no idle seat may take anybody."""
        best, best_edge = (NEVER, 0, 0, 0), -1
        for edge in filter(self.may_serve, self.edges_in_question()):
            pool, queue, rank = self.edges.all[edge][:3]
            since = self.since(queue)
            if rules.prefer(rank, since, pool, queue, best):
                best, best_edge = (rank, since, pool, queue), edge
        return best_edge

    def edges_in_question(self) -> list[int]:
        """Edges of which one end is new: before this millisecond no idle seat stood beside a caller it might serve."""
        of_queues = [e for q in self.touched_queues for e in self.edges.of_queue[q]]
        return of_queues + [e for p in self.touched_pools for e in self.edges.of_pool[p]]

    # --- what is recorded ---------------------------------------------------------------------------------------------

    def dialled_in(self, person: Person) -> int:
        return person.dialled_ms // self.world.interval_ms

    def count_person(self, person: Person, what: int) -> None:
        """A person's end is counted at their birth, and once: who was answered before is not lost later."""
        if not person.was_answered:
            self.flows[rules.born_in(person.caller)][person.queue][what] += 1

    def end(self, person: Person, what: int) -> int | None:
        """A caller leaves the story: there is no next dial."""
        self.count_person(person, what)
        return None

    def record(self, person: Person, outcome: int, flow: int, waited: int = 0, talk: int = 0, wrap_up: int = 0,
               pool: int = -1) -> None:
        self.flows[self.dialled_in(person)][person.queue][flow] += 1
        if self.keep_calls:
            self.calls.append((person.caller, person.dialled_ms, min(LONGEST_MS, waited), talk, wrap_up,
                               person.queue, pool, person.attempt, outcome))

    def outcomes(self) -> Outcomes:
        """What has happened so far."""
        waiting = [(p.caller, p.dialled_ms, -1, 0, 0, p.queue, -1, p.attempt, arrays.WAITING)
                   for line in self.lines for p in line.values()] if self.keep_calls else []
        edge = {(pool, queue): e for e, (pool, queue, *_) in enumerate(self.edges.all)}
        answers = [rules.answer_number(wait, interval, edge[pool, queue], len(edge))
                   for wait, interval, pool, queue in self.answers]
        return Outcomes(np.array(self.flows), np.array(self.pool_facts), np.array(self.waiting),
                        np.array(answers, ANSWER), np.array(self.calls + waiting, CALL))


def run(world: World, callers: Callers, keep_calls: bool = False,
        progress: Callable[[int], None] | None = None) -> Outcomes:
    """Simulate the whole horizon. ``progress`` is told now and then how many intervals are done."""
    network = Network(world, callers, keep_calls)
    stride = max(1, network.intervals // 50) if progress else network.intervals
    for until in [*range(stride, network.intervals, stride), network.intervals]:
        network.advance(until * world.interval_ms)
        if progress:
            progress(until)
    network.end_interval()
    return network.outcomes()
