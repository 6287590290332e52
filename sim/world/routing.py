"""Routing policies: who may answer whom, whom first, and after how long. No engine knows what lending is.

A policy turns (pool, queue) pairs into edges ``(rank, after_ms)``; no edge means that the pool may not serve the queue.
A lower rank is preferred, by the seat that frees and by the call that arrives; urgent callers come first in every pool.
Seats that answer their own city first rank all its calls before those of any other, whatever the policy says.
A policy treats all cities alike that a pool has nothing to do with, and all classes alike that it does not name.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.core.arrays import HELP

URGENT_FIRST = 100  # ranks of one urgency lie within this distance


class Seats(NamedTuple):
    """A pool, as far as routing cares."""

    home: str | None
    serves: tuple[str, ...]
    classes: tuple[str, ...]
    own: bool
    both: bool
    first: bool
    keep_idle: int = 0
    home_first: bool = False
    resume_idle: int = 0


class Queue(NamedTuple):
    """A queue, as far as routing cares: ``urgency`` 0 is answered first."""

    city: str
    klass: str
    urgency: int


Edge = tuple[int, int]
Policy = Callable[[Seats, Queue, int], Edge | None]

GUEST_FIRST, OWN, GUEST, STRANGER = 0, 1, 2, 10
HELP_LAST = 10_000  # what is added to the rank of a call that a pool answers only while nobody of its home waits
ELSEWHERE = ""  # stands for a city that a pool has nothing to do with, and for a class that it does not name


def knows(seats: Seats, queue: Queue) -> bool:
    """Whether the pool answers this class of matters at all."""
    return not seats.classes or queue.klass in seats.classes


def helps(seats: Seats, city: str) -> bool:
    """Whether a pool answers a city's calls only while nobody of its home waits."""
    return seats.home_first and city != seats.home


def kept_idle(seats: Seats, city: str) -> int:
    """Idle seats that a pool keeps from a city's calls: for those of its home. HELP where it depends on whether the
    pool helps already."""
    if helps(seats, city):
        return HELP
    return 0 if city == seats.home else seats.keep_idle


def dedicated(seats: Seats, queue: Queue, after_ms: int) -> Edge | None:
    """Own seats serve their city, guests the city that they were lent to (or both, by need, where agreed). Guests know
    all the matters of their own city: who does not is lent to nobody."""
    rank = URGENT_FIRST * queue.urgency
    if seats.both and queue.city == seats.home:
        return rank + GUEST, 0
    if not knows(seats, queue):
        return None
    if seats.own and queue.city == seats.home:
        return rank + OWN, 0
    if not seats.own and queue.city in seats.serves:
        return rank + (GUEST_FIRST if seats.first else GUEST), 0
    return None


def overflow(seats: Seats, queue: Queue, after_ms: int) -> Edge | None:
    """As dedicated; and a call that has waited long enough, or finds no free line at home, may be answered by any
    city's own seats, local first."""
    edge = dedicated(seats, queue, after_ms)
    if edge is not None or not seats.own or not knows(seats, queue):
        return edge
    return URGENT_FIRST * queue.urgency + STRANGER, after_ms


def pooled(seats: Seats, queue: Queue, after_ms: int) -> Edge | None:
    """Every seat serves everybody, the longest wait first."""
    return (URGENT_FIRST * queue.urgency, 0) if knows(seats, queue) else None


POLICIES: dict[str, Policy] = {"dedicated": dedicated, "overflow": overflow, "pooled": pooled}


def near_to(seats: Seats) -> tuple[str, ...]:
    """The cities that a pool has to do with."""
    return tuple(city for city in dict.fromkeys((seats.home, *seats.serves)) if city is not None)


def ways(policy: Policy, seats: Seats, cities: int, classes: int) -> int:
    """How many queues a pool may serve, of so many cities and classes."""
    near, named = near_to(seats), len(set(seats.classes))
    places = dict.fromkeys(near, 1) | {ELSEWHERE: cities - len(near)}
    kinds = {ELSEWHERE: classes - named} | dict.fromkeys(seats.classes[:1], named)
    return sum(places[city] * kinds[klass] for city in places for klass in kinds
               if policy(seats, Queue(city, klass, 0), 0) is not None)
