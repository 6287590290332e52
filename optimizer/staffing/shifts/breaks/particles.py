"""Many plans at once, interval by interval: a particle filter.

In each interval every plan lets as many breaks begin as there are people to spare, or nearly so, and draws whose. Plans
that had to do what was unlikely, or that cost, are given up for copies of others. The people who are on duty over the
end of the circle have their last breaks in the first intervals; those intervals take any cover that leaves room for
them, and the last of all fill that room.
All that is compiled is in this file: numba compiles again when the very file of a function has changed, no other.
Source of the method: sequential Monte Carlo with resampling (Gordon, Salmond, Smith 1993).
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.staffing.shifts.terms import Floats, Ints
from sim.core.compiled import compiled

STRICT = 7.0  # a plan with a cost of the lowest price is e^7 times less likely to be kept


class Graph(NamedTuple):
    """Ways of all crews, one crew behind the other. Slots are intervals of a circle; others are of the shift."""

    first_node: Ints  # [crews + 1]
    first_arc: Ints   # [nodes + 1]
    tail: Ints        # [arcs]
    head: Ints
    begins: Ints      # [nodes] when a break begins, END at the end of a shift
    back: Ints        # and when its person gives cover again
    start: Ints       # [crews] slot
    people: Ints      # [crews]


class Chances(NamedTuple):
    weight: Floats  # [nodes] of a break, with all that may follow
    begin: Floats   # [nodes, intervals of the shift] that the next break begins then, if it has not begun before


class Duties(NamedTuple):
    """Everyone's shift, by the slot of its start, which counts on from the first slot of the circle."""

    crew: Ints
    start: Ints
    end: Ints  # no absence after


class Slots(NamedTuple):
    """The circle, from the slot around which fewest may be away both before and after."""

    spare: Floats        # [slots]
    under_price: Floats  # [slots]
    over_price: Floats   # [slots]
    seam: int            # slots into which the last people's absences reach


class Plans(NamedTuple):
    node: npt.NDArray[np.int32]   # [plans, people] the last break
    taken: npt.NDArray[np.int32]  # [plans, people, breaks] nodes
    number: npt.NDArray[np.int8]  # [plans, people] breaks taken
    room: Floats                  # [plans, seam] people who may yet be away
    cost: Floats                  # [plans]
    weight: Floats                # [plans] its logarithm
    copies: Ints                  # [plans]


class Scratch(NamedTuple):
    alike: Ints                   # [1] people of whom all plans say the same
    luck: npt.NDArray[np.uint64]  # [1]
    free: Ints                    # [people] who may begin a break
    chance: Floats                # [people] that they do
    begin: Floats                 # [people + 1, people + 1] that so many, from one of them on, do
    factor: Floats                # [people + 1] of each number that may


def plans_of(graph: Graph, duties: Duties, count: int, breaks: int, seam: int) -> Plans:
    people = len(duties.crew)
    node = np.tile(graph.first_node[duties.crew].astype(np.int32), (count, 1))
    return Plans(node, np.zeros((count, people, breaks), np.int32), np.zeros((count, people), np.int8),
                 np.zeros((count, seam)), np.zeros(count), np.zeros(count), np.zeros(count, np.int64))


def scratch_of(duties: Duties, seed: int) -> Scratch:
    most = int(max(((duties.start <= t) & (duties.end > t)).sum() for t in np.unique(duties.start)))
    return Scratch(np.zeros(1, np.int64), np.array([seed * 2654435761 + 88172645463325252], np.uint64),
                   np.zeros(most, np.int64), np.zeros(most), np.zeros((most + 1, most + 1)), np.zeros(most + 1))


@compiled
def expect(graph, favour, weight, value, flow, expected, spread):
    """People expected to be away and the variance [slots]; the weight of each break and of what follows [nodes]."""
    slots = len(favour)
    for crew in range(len(graph.start)):
        first, last = graph.first_node[crew], graph.first_node[crew + 1] - 1
        for node in range(first, last + 1):
            total = 0.0
            for t in range(graph.begins[node], graph.back[node]):
                total += favour[(graph.start[crew] + t) % slots]
            weight[node], value[node], flow[node] = np.exp(total), 0.0, 0.0
        value[last] = 1.0
        for arc in range(graph.first_arc[last] - 1, graph.first_arc[first] - 1, -1):
            value[graph.tail[arc]] += value[graph.head[arc]] * weight[graph.head[arc]]
        flow[first] = graph.people[crew] / value[first]
        for arc in range(graph.first_arc[first], graph.first_arc[last]):
            flow[graph.head[arc]] += flow[graph.tail[arc]] * weight[graph.head[arc]]
        for node in range(first + 1, last):
            people = flow[node] * value[node]
            for t in range(graph.begins[node], graph.back[node]):
                slot = (graph.start[crew] + t) % slots
                expected[slot] += people
                spread[slot] += people * (1 - people / graph.people[crew])


@compiled
def chance(luck):
    """A number from 0 to 1 (xorshift, Marsaglia 2003)."""
    x = luck[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    luck[0] = x
    return (x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def advance(graph, chances, duties, slots, plans, scratch, since, until, scale):
    """All plans from one slot to another."""
    first = later = 0
    for t in range(since, until):
        while later < len(duties.start) and duties.start[later] <= t:
            later += 1
        while first < later and duties.end[first] <= t:
            first += 1
        for plan in range(len(plans.cost)):
            away, free = presence(graph, chances, duties, plans, scratch, plan, first, later, t)
            spare = plans.room[plan, t - len(slots.spare)] if t >= len(slots.spare) else slots.spare[t]
            begin = how_many(slots, plans, scratch, plan, free, spare - away, t, scale)
            draw_who(graph, chances, duties, plans, scratch, plan, free, begin, t)
        resample(plans, scratch, later)
    all_alike(plans, scratch, first)


@compiled
def presence(graph, chances, duties, plans, scratch, plan, first, later, t):
    """People who are away, and how many may go: who, and with what chance, is in ``scratch``."""
    away = free = 0
    for person in range(first, later):
        node, own = plans.node[plan, person], t - duties.start[person]
        if t >= duties.end[person]:
            continue
        if own < graph.back[node]:
            away += 1
        elif chances.begin[node, own] > 0:
            scratch.free[free], scratch.chance[free] = person, chances.begin[node, own]
            free += 1
    return away, free


@compiled
def how_many(slots, plans, scratch, plan, free, spare, t, scale):
    """Breaks that begin now, drawn by chance and price; counts what they cost and how unlikely that was."""
    certain, slot, least, total = 0, t % len(slots.spare), np.inf, 0.0
    for k in range(free):
        certain += scratch.chance[k] >= 1.0
    most = min(free, certain + max(int(np.ceil(spare)), 0) + 2)
    chances_of_numbers(scratch, free, most)
    for j in range(most + 1):
        if scratch.begin[0, j] > 0:
            least = min(least, price(slots, slot, spare - j, t))
    for j in range(most + 1):
        scratch.factor[j] = scratch.begin[0, j] * np.exp(scale * (least - price(slots, slot, spare - j, t)))
        total += scratch.factor[j]
    left, begin = chance(scratch.luck) * total, 0
    while begin < most and left >= scratch.factor[begin]:
        left -= scratch.factor[begin]
        begin += 1
    if t < slots.seam:
        plans.room[plan, t] = max(spare - begin, 0.0)
    plans.cost[plan] += price(slots, slot, spare - begin, t)
    plans.weight[plan] = np.log(total) - scale * least
    return begin


@compiled
def chances_of_numbers(scratch, free, most):
    """In ``scratch.begin[k, j]``: that of those who may, from the k-th on, j begin a break now; up to so many."""
    table = scratch.begin
    for j in range(most + 1):
        table[free, j] = j == 0
    for k in range(free - 1, -1, -1):
        p = scratch.chance[k]
        table[k, 0] = table[k + 1, 0] * (1 - p)
        for j in range(1, most + 1):
            table[k, j] = table[k + 1, j] * (1 - p) + table[k + 1, j - 1] * p


@compiled
def price(slots, slot, over, t):
    """Of cover above the need; in the seam's first pass there may yet be absences."""
    if over < 0:
        return -over * slots.under_price[slot]
    return 0.0 if t < slots.seam else over * slots.over_price[slot]


@compiled
def draw_who(graph, chances, duties, plans, scratch, plan, free, begin, t):
    """Let so many of those who may begin a break, and draw which."""
    for k in range(free):
        if begin == 0:
            return
        p = scratch.chance[k] * scratch.begin[k + 1, begin - 1]
        if chance(scratch.luck) * scratch.begin[k, begin] >= p:
            continue
        begin -= 1
        person = scratch.free[k]
        node = draw_break(graph, chances, scratch, plans.node[plan, person], t - duties.start[person])
        plans.node[plan, person] = node
        plans.taken[plan, person, plans.number[plan, person]] = node
        plans.number[plan, person] += 1


@compiled
def draw_break(graph, chances, scratch, node, own):
    """Which of the breaks that may follow here."""
    total = 0.0
    for arc in range(graph.first_arc[node], graph.first_arc[node + 1]):
        if graph.begins[graph.head[arc]] == own:
            total += chances.weight[graph.head[arc]]
    left, found = chance(scratch.luck) * total, -1
    for arc in range(graph.first_arc[node], graph.first_arc[node + 1]):
        if graph.begins[graph.head[arc]] == own and left >= 0:
            found = graph.head[arc]
            left -= chances.weight[found]
    return found


@compiled
def resample(plans, scratch, later):
    """Give up unlikely plans for copies of others; those kept stay where they are."""
    count_copies(plans, chance(scratch.luck))
    empty = 0
    for plan in range(len(plans.cost)):
        while plans.copies[plan] > 1:
            while empty < len(plans.cost) and plans.copies[empty] > 0:
                empty += 1
            if empty == len(plans.cost):
                return
            copy(plans, plan, empty, scratch.alike[0], later)
            plans.copies[plan] -= 1
            plans.copies[empty] = 1


@compiled
def count_copies(plans, mark):
    """How often each plan goes on, in proportion to its weight and otherwise evenly."""
    most, total, passed = -np.inf, 0.0, 0.0
    for plan in range(len(plans.cost)):
        most = max(most, plans.weight[plan])
    for plan in range(len(plans.cost)):
        total += np.exp(plans.weight[plan] - most)
    for plan in range(len(plans.cost)):
        passed += np.exp(plans.weight[plan] - most) / total * len(plans.cost)
        plans.copies[plan] = 0
        while mark < passed:
            plans.copies[plan] += 1
            mark += 1


@compiled
def copy(plans, source, target, first, later):
    for person in range(first, later):
        plans.node[target, person] = plans.node[source, person]
        plans.number[target, person] = plans.number[source, person]
        for k in range(plans.number[source, person]):
            plans.taken[target, person, k] = plans.taken[source, person, k]
    for slot in range(plans.room.shape[1]):
        plans.room[target, slot] = plans.room[source, slot]
    plans.cost[target] = plans.cost[source]


@compiled
def all_alike(plans, scratch, first):
    """Count on the first people of whom all plans say the same, so that they need not be copied."""
    while scratch.alike[0] < first:
        person = scratch.alike[0]
        for plan in range(1, len(plans.cost)):
            for k in range(plans.number[0, person]):
                if plans.taken[plan, person, k] != plans.taken[0, person, k]:
                    return
        scratch.alike[0] += 1
