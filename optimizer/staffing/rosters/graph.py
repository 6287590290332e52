"""All rows that a person's rules allow, as paths through a layered graph.

A node is a state and a key of counts at the beginning of a day; an arc is a day off or a duty of a kind. Whatever can
be priced day by day (cover, wishes, changes) can be added to the arcs.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.rosters.counts import Counts
from optimizer.staffing.rosters.problem import Floats, Ints, Problem, TooLargeError
from optimizer.staffing.rosters.states import States

MOST_ARCS = 60_000_000   # 2 GB while a graph is made


@dataclass(frozen=True)
class Graph:
    """Nodes are numbered day by day, arcs by the node that they leave."""

    starts: Ints      # [pasts] node before the first day, -1 where nothing leads on
    layers: Ints      # [days + 2] first node of each day; the last layer is the end
    first: Ints       # [nodes + 1] first arc of each node
    head: Ints        # [arcs]
    choice: Ints      # [arcs] 0 off, 1 + k a duty of kind k
    price: Floats     # [arcs] of rules that may be broken at a price
    end_price: Floats  # [nodes of the end]


def graph(problem: Problem, states: States, counts: Counts) -> Graph:
    """Forward from what was carried in, then without the nodes that lead nowhere. TooLargeError for too many arcs."""
    keys, kinds = len(counts.new_week), states.then.shape[1] - 1
    opens = weekend_openings(problem)
    codes, arcs = [np.unique(states.start * keys + counts.start)], []
    for day in range(problem.days):
        tails, choices, found, prices = [], [], [], []
        state, key = codes[day] // keys, codes[day] % keys
        for choice in range(1 + kinds):
            opening = (opens[day] == 1) | ((opens[day] == 2) & (states.worked[state] == 0))
            following = np.where(opening, counts.then[choice + (kinds if choice else 0), key], counts.then[choice, key])
            to = states.then[state, choice]
            good = np.flatnonzero((to >= 0) & (following >= 0))
            price = states.price[state[good], choice]
            after = following[good]
            if day == problem.days - 1 or problem.week(day + 1) != problem.week(day):
                price, after = price + counts.week_price[after], counts.new_week[after]
            tails.append(good)
            choices.append(np.full(len(good), choice))
            found.append(to[good] * keys + after)
            prices.append(price)
        nodes, heads = np.unique(np.concatenate(found), return_inverse=True)
        codes.append(nodes)
        arcs.append((np.concatenate(tails), heads, np.concatenate(choices), np.concatenate(prices)))
        if sum(len(heads) for _, heads, _, _ in arcs) > MOST_ARCS:
            raise TooLargeError("the rows of so many days do not fit in memory: plan fewer weeks")
    return pruned(codes, arcs, counts.end_price[codes[-1] % keys], states.start * keys + counts.start)


def pruned(codes: list[Ints], arcs: list[tuple[Ints, Ints, Ints, Floats]], end_price: Floats, starts: Ints) -> Graph:
    """Only nodes from which the end can be reached."""
    alive = [np.isfinite(end_price)]
    kept = []
    for (tails, heads, choices, prices), nodes in zip(reversed(arcs), reversed(codes[:-1]), strict=True):
        good = np.flatnonzero(alive[-1][heads] & np.isfinite(prices))
        kept.append((tails[good], heads[good], choices[good], prices[good]))
        leads = np.zeros(len(nodes), bool)
        leads[tails[good]] = True
        alive.append(leads)
    alive.reverse()
    kept.reverse()
    layers = np.concatenate([[0], np.cumsum([int(a.sum()) for a in alive])])
    numbers = [np.cumsum(a) - 1 + layers[k] for k, a in enumerate(alive)]
    tail = np.concatenate([numbers[k][t] for k, (t, _, _, _) in enumerate(kept)])
    head = np.concatenate([numbers[k + 1][h] for k, (_, h, _, _) in enumerate(kept)])
    order = np.lexsort((np.concatenate([c for _, _, c, _ in kept]), tail))
    first = np.searchsorted(tail[order], np.arange(layers[-1] + 1))
    at = np.searchsorted(codes[0], starts)
    return Graph(np.where(alive[0][at], numbers[0][at], -1), layers.astype(np.int64), first.astype(np.int64),
                 head[order].astype(np.int64),
                 np.concatenate([c for _, _, c, _ in kept])[order].astype(np.int64),
                 np.concatenate([p for _, _, _, p in kept])[order], end_price[alive[-1]])


def weekend_openings(problem: Problem) -> Ints:
    """[days] 1: a duty opens the weekend; 2: only if the day before was off; 0: no weekend."""
    opens = np.zeros(problem.days, np.int64)
    for weekend in problem.rest_days:
        for k, day in enumerate(weekend):
            opens[day] = 1 + k
    return opens
